package dev.scientist;

import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One run, as its caller goes through it: candidates whose turn comes before, the served behavior exactly once, the
 * rest, and back with what the served behavior did. What before and after are is up to the subclasses; whatever they
 * throw, the caller does not see it.
 *
 * <p>Confined to the caller's thread, but for what subclasses say.
 *
 * @param <T> the type of the value
 */
abstract class Run<T extends @Nullable Object> {

    /** A behavior with its name and, for one of another type, its adapter. */
    record Named(
            String name,
            InputBehavior<?, ?, ?> behavior,
            @Nullable Function<@Nullable Object, ?> adapter) {

        /** A plain call. */
        @SuppressWarnings("unchecked") // only behaviors of T and X are called alone
        <T extends @Nullable Object, X extends Throwable> T alone() throws X {
            Object value = ((InputBehavior<@Nullable Object, ?, X>) behavior).call(null);
            return (T) (adapter == null ? value : adapter.apply(value));
        }
    }

    final Experiment<T> experiment;
    private final @Nullable Function<@Nullable Object, ?> servedAdapter;
    final Observation<T> served;
    private final @Nullable Object servedInput;

    /** What candidates and the result see: the input or its snapshot. */
    @Nullable
    Object input;
    /** At first that of the trial, null if it has none; then that of the run. */
    private @Nullable Map<String, @Nullable Object> context;

    /** Whether an interrupt is pending that is the caller's, whatever user-supplied parts do to the flag. */
    private boolean interrupted;
    /** Whether the run is counted as published or dropped; means nothing where there is an ending, which knows. */
    private boolean counted;
    /** Of a run that outlives its call, null for others. */
    private @Nullable Ending<T> ending;

    /**
     * Makes the run, without starting anything.
     *
     * @param served the behavior whose outcome the caller gets
     * @param input what behaviors of an input are handed
     * @param context what the trial adds to the context
     */
    Run(
            Experiment<T> experiment,
            Observation<T> served,
            @Nullable Function<@Nullable Object, ?> servedAdapter,
            @Nullable Object input,
            @Nullable Map<String, @Nullable Object> context) {
        this.experiment = experiment;
        this.served = served;
        this.servedAdapter = servedAdapter;
        this.servedInput = input;
        this.input = input;
        this.context = context;
    }

    Run(
            Experiment<T> experiment,
            Named served,
            @Nullable Object input,
            @Nullable Map<String, @Nullable Object> context) {
        this(experiment, experiment.observation(served), served.adapter(), input, context);
    }

    /**
     * The way of every run. To be called only where {@link Nesting#bars} said no.
     *
     * @return what the served behavior returned
     * @throws X what it threw
     */
    @SuppressWarnings("unchecked") // what is raised goes to the caller as it is, checked or not
    final <R extends @Nullable Object, X extends Throwable> R call() throws X {
        long[] here = Nesting.here();
        long depth = here[Nesting.DEPTH];
        Throwable raised = null;
        Throwable broken = null; // what our own code met: the stack or the memory is used up
        try {
            try {
                Nesting.enter(here, experiment.id);
                begin();
            } catch (Throwable failure) {
                broken = failure;
            }
            try {
                Observation<T> called = served();
                called.call(servedInput);
                called.adapt(servedAdapter);
            } catch (Throwable noRoom) { // of our own code: what the behavior throws is kept by Observation.call
                broken = noRoom;
            }
            try {
                interrupted = Thread.currentThread().isInterrupted(); // as the served behavior left it
                raised = broken == null && !isCounted() ? after() : null;
            } catch (Throwable failure) {
                broken = failure;
            }
            settle(broken);
        } catch (Throwable noRoom) {
            // this run's count may be missing; what was served is handed back all the same
        } finally {
            here[Nesting.DEPTH] = depth;
        }
        if (ending != null) {
            ending.callerLeaves();
        }
        if (raised != null) {
            throw (X) raised;
        }
        return handedBack().<R, X>handBack(broken);
    }

    private void begin() {
        interrupted = Thread.currentThread().isInterrupted();
        try {
            experiment.tally.started();
            experiment.parts.beforeRun();
            context = experiment.parts.contextOf(context);
            if (takeSnapshotOfInput()) {
                before();
            }
        } finally {
            Parts.restoreInterrupt(interrupted);
        }
    }

    /** Sees to it that the run is counted, its values are disposed of, and the caller's interrupt is pending. */
    private void settle(@Nullable Throwable broken) {
        if (broken != null && !isCounted()) {
            drop(Drop.BROKEN);
            experiment.parts.failed(Operation.RUN, broken);
        }
        dispose();
        Parts.restoreInterrupt(interrupted);
    }

    /** Runs the candidates whose turn comes before the served behavior. */
    abstract void before();

    /**
     * Runs the other candidates and has the run compared and published.
     *
     * @return what is to be thrown at the caller in place of the served outcome, null in general
     */
    abstract @Nullable Throwable after();

    /** Disposes of the values that the caller does not get; what comes later is disposed of when it comes. */
    abstract void dispose();

    /** What is called for the caller, once {@link #before} is done. */
    Observation<T> served() {
        return served;
    }

    /** Whose outcome the caller gets, once the run is over. */
    Observation<T> handedBack() {
        return served;
    }

    /** Counts the run as dropped, unless it is counted, and tells the publishers. */
    final void drop(Drop reason) {
        if (ending != null) {
            ending.drop(reason);
        } else if (!counted) {
            counted = true;
            experiment.dropped(reason);
        }
    }

    /** Whether the run is counted as published or dropped. */
    final boolean isCounted() {
        return ending == null ? counted : ending.isOver();
    }

    final void endsBy(Ending<T> ending) {
        this.ending = ending;
    }

    private boolean takeSnapshotOfInput() {
        UnaryOperator<@Nullable Object> snapshot = experiment.settings.inputSnapshot;
        if (snapshot != null && input != null) {
            try {
                input = snapshot.apply(input);
            } catch (Throwable failure) {
                snapshotFailed(failure);
                return false;
            }
        }
        return true;
    }

    final void snapshotFailed(Throwable failure) {
        experiment.parts.failed(Operation.SNAPSHOT, failure);
        drop(Drop.SNAPSHOT_FAILED);
    }

    /** What the result shows of a behavior whose value the caller gets; null where that needs a snapshot which failed. */
    final @Nullable Observation<T> shown(Observation<T> observation) {
        try {
            return observation.snapshot(experiment.settings.valueSnapshot);
        } catch (Throwable failure) {
            snapshotFailed(failure);
            return null;
        }
    }

    /** Runs a behavior that is not served on the caller's thread. */
    final void observe(Observation<T> observation) {
        noteInterrupt();
        callUnserved(observation, input);
    }

    /** Runs a behavior that is not served on this thread: experiments inside of it run only what they serve. */
    static void callUnserved(Observation<?> observation, @Nullable Object input) {
        long[] here = Nesting.here();
        long unserved = here[Nesting.UNSERVED];
        here[Nesting.UNSERVED] = 1;
        try {
            observation.call(input);
        } finally {
            here[Nesting.UNSERVED] = unserved;
        }
        Parts.restoreInterruptOf(observation.throwable());
    }

    /** Compares on the caller's thread. */
    final Comparison<T> compare(
            Observation<T> control, Observation<T> candidate, @Nullable Function<@Nullable Object, ?> adapter) {
        noteInterrupt();
        candidate.adapt(adapter);
        if (candidate.adapterFailed()) {
            Parts.restoreInterruptOf(candidate.throwable());
        }
        return experiment.parts.compare(this, control, candidate, null);
    }

    /** Counts and publishes on the caller's thread. Returns what is to be thrown at the caller. */
    final @Nullable Throwable publish(Result<T> result) {
        counted = true;
        experiment.tally.published();
        return announce(result);
    }

    /** Publishes on the caller's thread. Returns what is to be thrown at the caller. */
    final @Nullable Throwable announce(Result<T> result) {
        noteInterrupt();
        experiment.parts.announce(result);
        return experiment.parts.toRaise(result);
    }

    /** Whether a value is the caller's: nobody else may close it. */
    boolean isCallers(Object value) {
        return value == served.value() || value == servedInput || value == input;
    }

    /** The context of the run, once it has begun. */
    final Map<String, @Nullable Object> context() {
        return context == null ? Map.of() : context;
    }

    /** Called before each user-supplied part: an interrupt that is pending then is the caller's. */
    final void noteInterrupt() {
        interrupted |= Thread.currentThread().isInterrupted();
    }
}
