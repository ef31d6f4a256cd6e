package dev.scientist;

import static dev.scientist.Observation.NO_INPUT;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Old code and new code that should do the same: runs both, compares, publishes, and hands back what the old code did.
 *
 * <p>Defined once by {@link Scientist#experiment}, kept in a field, run from any thread. Immutable (but for its on/off
 * switch) and thread-safe.
 *
 * <p>The caller cannot tell that there is an experiment: the control runs exactly once, on the caller's thread; its
 * very value is returned or its very throwable thrown, whatever candidates, comparators, publishers and the other
 * user-supplied parts do. The exception that the user may ask for is raising on mismatch.
 *
 * @param <T> the type of the value
 */
public final class Experiment<T extends @Nullable Object> {

    /** The name of a control that was given none. */
    public static final String CONTROL = "control";
    /** The name of a candidate that was given none. */
    public static final String CANDIDATE = "candidate";

    private static final Gate OPEN = (request, input) -> true;
    private static final Gate CLOSED = (request, input) -> false;

    private record IgnoreRule<T extends @Nullable Object>(
            String reason, BiPredicate<? super Observation<T>, ? super Observation<T>> holds) {}

    private final String name;
    private final Scientist scientist;
    private final Gate configuredGate;
    private final ResultComparator<? super T> comparator;
    private final ResultComparator<? super Throwable> errorComparator;
    // arrays, as below: an iterator for each loop of each run would be one object more
    private final IgnoreRule<T>[] ignoreRules;
    private final @Nullable Function<? super T, ?> cleaner;
    private final List<Supplier<? extends Map<String, ?>>> ownContext;
    private final Runnable[] beforeRun;
    private final Consumer<? super Result<T>>[] afterRun;
    private final @Nullable Function<? super Result<T>, ? extends Throwable> mismatchError;
    private final @Nullable Function<? super Result<T>, String> cohort;
    private final Execution execution;
    private final boolean measuresResources;
    private final @Nullable Gate baseline;
    private final @Nullable UnaryOperator<T> valueSnapshot;
    private final @Nullable UnaryOperator<@Nullable Object> inputSnapshot;
    private final List<Publisher> ownPublishers;

    // what the way of a run needs, made once
    private final Publisher[] publishers;
    private final List<Supplier<? extends Map<String, ?>>> contextSuppliers;
    private final @Nullable LongSupplier clock;
    private final @Nullable RandomGenerator random;
    private final Gate.Request request = new Request(null);
    /** See {@link Reentry}. */
    final long id = Reentry.newId();

    final Tally tally = new Tally();
    private final Noise noise = new Noise();
    /** Whether the short way will do. */
    private final boolean isPlain;
    /** Whether candidates run elsewhere than on the caller's thread, and then where. */
    private final boolean isElsewhere;

    private final Offload offload;
    /** How long a candidate may take that is elsewhere, or whose stage is to complete. */
    final long timeLimitNanos;

    private final Carried usuallyCarried;

    /** The configured gate, or {@link #CLOSED} while switched off: the off path tests one field. */
    private volatile Gate gate;

    /**
     * How many runs in a row had a short candidate, up to {@link #CALM_ENOUGH}. From there on it is read only, so that
     * threads do not fight for its cache line. A lost update is harmless.
     */
    private int calmRuns;

    /**
     * Runs that could not be ended for want of stack: a later one does, on a worker, or closing. Guarded by the tally, and
     * added to by hand: entering a monitor is no call.
     */
    @Nullable
    PendingRun<?> leftBehind;

    private static final int CALM_ENOUGH = 1_000;
    private static final long SHORT_NANOS = 10_000;

    @SuppressWarnings({"unchecked", "rawtypes"}) // arrays of generic types
    private Experiment(Builder<T> builder) {
        name = builder.name;
        scientist = builder.scientist;
        configuredGate = Objects.requireNonNull(
                builder.gate.forExperiment(name), "experiment '" + name + "': the gate's forExperiment returned null");
        comparator = ofThisExperiment(builder.comparator);
        errorComparator = ofThisExperiment(builder.errorComparator);
        ignoreRules = builder.ignoreRules.toArray(IgnoreRule[]::new);
        cleaner = builder.cleaner;
        ownContext = List.copyOf(builder.context);
        beforeRun = builder.beforeRun.toArray(Runnable[]::new);
        afterRun = builder.afterRun.toArray(Consumer[]::new);
        mismatchError = builder.mismatchError;
        cohort = builder.cohort;
        execution = builder.execution;
        measuresResources = builder.measuresResources;
        baseline = builder.baseline == null ? null : builder.baseline.forExperiment(name);
        valueSnapshot = builder.valueSnapshot;
        inputSnapshot = builder.inputSnapshot;
        ownPublishers = List.copyOf(builder.publishers);

        List<Publisher> allPublishers = new ArrayList<>(scientist.publishers());
        allPublishers.addAll(ownPublishers);
        publishers = allPublishers.toArray(Publisher[]::new);
        List<Supplier<? extends Map<String, ?>>> allContext = new ArrayList<>(scientist.context());
        allContext.addAll(ownContext);
        contextSuppliers = List.copyOf(allContext);
        clock = scientist.clock();
        random = scientist.random();
        isElsewhere = execution instanceof Execution.Elsewhere;
        offload = scientist.offload(execution instanceof Execution.Elsewhere elsewhere ? elsewhere.executor() : null);
        timeLimitNanos = (execution instanceof Execution.Elsewhere elsewhere
                        ? elsewhere.timeLimit()
                        : Execution.Background.DEFAULT_TIME_LIMIT)
                .toNanos();
        scientist.timeLimits().expect(timeLimitNanos);
        isPlain = !isElsewhere && !measuresResources && valueSnapshot == null && inputSnapshot == null;
        usuallyCarried = Carried.usual(this);
        gate = configuredGate;
    }

    /**
     * Runs the control and, if the gate is open, the candidate, in the order that the {@link Execution} says.
     *
     * @param control the old code; its outcome is the caller's
     * @param candidate the new code; whatever it does, the caller does not see it
     * @param <X> what the control may throw
     * @return what the control returned
     * @throws X what the control threw, the very same
     * @throws NullPointerException if a behavior is missing
     */
    public <X extends Throwable> T run(Behavior<? extends T, X> control, Behavior<? extends T, ?> candidate) throws X {
        requireBehavior(control, CONTROL);
        requireBehavior(candidate, CANDIDATE);
        return admits(null) ? sampled(NO_INPUT, control, candidate) : control.call();
    }

    /**
     * Runs the control and, if the gate is open, the candidate, both handed the same input. With behaviors that capture
     * nothing, such as method references to static methods, a run with a closed gate allocates nothing.
     *
     * @param input handed to gate, control and candidate and kept by the result; may be null
     * @param control the old code; its outcome is the caller's
     * @param candidate the new code; whatever it does, the caller does not see it
     * @param <I> the input
     * @param <X> what the control may throw
     * @return what the control returned
     * @throws X what the control threw, the very same
     * @throws NullPointerException if a behavior is missing
     */
    public <I extends @Nullable Object, X extends Throwable> T run(
            I input,
            InputBehavior<? super I, ? extends T, X> control,
            InputBehavior<? super I, ? extends T, ?> candidate)
            throws X {
        requireBehavior(control, CONTROL);
        requireBehavior(candidate, CANDIDATE);
        return admits(input) ? sampled(input, control, candidate) : control.call(input);
    }

    /**
     * Starts two behaviors that return stages, in random order, on the caller's thread, and returns the control's own
     * stage: cancelling it cancels the control, as it would without an experiment. Nothing blocks. When both stages are
     * complete, comparison and publishing happen on the executor of the experiment's {@link Execution}, else on the
     * scientist's.
     *
     * <p>A behavior that throws before it returns a stage is taken as one whose stage failed with that throwable. Past
     * the time limit (that of the execution if it has one, else {@link Execution.Background#DEFAULT_TIME_LIMIT}) a
     * candidate's stage is cancelled and its comparison is {@link Outcome#ABANDONED}; a run whose control is not
     * complete by then, or was cancelled, is dropped as {@link Drop#UNFINISHED}. Mismatches are not thrown at the
     * caller, and resources are not measured.
     *
     * @param control the old code
     * @param candidate the new code
     * @param <S> the control's type of stage
     * @param <X> what the control may throw before it returns a stage
     * @return what the control returned, the very same stage
     * @throws X what the control threw, the very same
     */
    public <S extends CompletionStage<? extends T>, X extends Throwable> S runAsync(
            Behavior<S, X> control, Behavior<? extends CompletionStage<? extends T>, ?> candidate) throws X {
        requireBehavior(control, CONTROL);
        requireBehavior(candidate, CANDIDATE);
        return admits(null) && hasRoom(1) ? AsyncRun.run(this, offload, NO_INPUT, control, candidate) : control.call();
    }

    /**
     * The same for behaviors that are handed the input.
     *
     * @param input handed to gate, control and candidate and kept by the result; may be null
     * @param control the old code
     * @param candidate the new code
     * @param <I> the input
     * @param <S> the control's type of stage
     * @param <X> what the control may throw before it returns a stage
     * @return what the control returned, the very same stage
     * @throws X what the control threw, the very same
     */
    public <I extends @Nullable Object, S extends CompletionStage<? extends T>, X extends Throwable> S runAsync(
            I input,
            InputBehavior<? super I, S, X> control,
            InputBehavior<? super I, ? extends CompletionStage<? extends T>, ?> candidate)
            throws X {
        requireBehavior(control, CONTROL);
        requireBehavior(candidate, CANDIDATE);
        return admits(input) && hasRoom(1)
                ? AsyncRun.run(this, offload, input, control, candidate)
                : control.call(input);
    }

    /**
     * Starts a run with more to say: other names, several candidates, context, a condition.
     *
     * @param control the old code
     * @param <X> what it may throw
     * @return a trial whose control is named {@code "control"}
     */
    public <X extends Throwable> Trial<T, X> control(Behavior<? extends T, X> control) {
        return control(CONTROL, control);
    }

    /**
     * Starts a run whose control has a name of its own.
     *
     * @param name the control's name
     * @param control the old code
     * @param <X> what it may throw
     * @return the trial
     */
    public <X extends Throwable> Trial<T, X> control(String name, Behavior<? extends T, X> control) {
        return new Trial<T, X>(this).control(name, control);
    }

    /**
     * Starts a run that has candidates only: {@link Trial#run(String)} then names the one whose outcome the caller gets.
     *
     * @param name the candidate's name
     * @param candidate the first of several
     * @param <X> what the caller is ready to see thrown
     * @return the trial
     */
    public <X extends Throwable> Trial<T, X> candidate(String name, Behavior<? extends T, X> candidate) {
        return new Trial<T, X>(this).candidate(name, candidate);
    }

    // ---- the way of one run ----

    private boolean admits(@Nullable Object input) {
        Gate gate = this.gate;
        return gate == OPEN || admits(gate, request, input);
    }

    /** The run of a {@link Trial}; a condition is asked once the gate is open. */
    <X extends Throwable> T run(
            List<Run.Named> behaviors,
            @Nullable Object shownInput,
            @Nullable Map<String, @Nullable Object> trialContext,
            @Nullable BooleanSupplier condition)
            throws X {
        Gate.Request request = trialContext == null ? this.request : new Request(trialContext);
        boolean sampled = behaviors.size() > 1
                && (gate == OPEN || admits(gate, request, shownInput))
                && (condition == null || holds(condition));
        if (!sampled) {
            return Run.alone(behaviors.get(0));
        }
        List<Run.Named> all = admitsBaseline(request, shownInput) ? Run.Named.withBaseline(behaviors) : behaviors;
        return isElsewhere && !hasRoom(all.size() - 1)
                ? Run.alone(behaviors.get(0))
                : general(all, NO_INPUT, shownInput, trialContext);
    }

    private boolean admitsBaseline(Gate.Request request, @Nullable Object input) {
        return baseline != null && admits(baseline, request, input);
    }

    private boolean holds(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (Throwable failure) {
            failed(Operation.RUN_IF, failure);
            return false;
        }
    }

    private boolean admits(Gate gate, Gate.Request request, @Nullable Object input) {
        try {
            return gate.admits(request, input);
        } catch (Throwable failure) {
            failed(Operation.GATE, failure);
            return false;
        }
    }

    private <X extends Throwable> T sampled(@Nullable Object input, Object control, Object candidate) throws X {
        boolean withBaseline = admitsBaseline(request, visible(input));
        if (isPlain && !withBaseline) {
            return pair(input, control, candidate);
        }
        int candidates = withBaseline ? 2 : 1;
        // a run that is shed ends here, before anything was made for it
        if (isElsewhere && !hasRoom(candidates)) {
            return alone(control, input);
        }
        List<Run.Named> behaviors;
        try {
            behaviors = List.of(new Run.Named(CONTROL, control, null), new Run.Named(CANDIDATE, candidate, null));
            if (withBaseline) {
                behaviors = Run.Named.withBaseline(behaviors);
            }
        } catch (Throwable noRoom) {
            if (isElsewhere) {
                offload.release(candidates);
            }
            return alone(control, input);
        }
        return general(behaviors, input, visible(input), null);
    }

    private <X extends Throwable> T general(
            List<Run.Named> behaviors,
            @Nullable Object input,
            @Nullable Object shownInput,
            @Nullable Map<String, @Nullable Object> trialContext)
            throws X {
        return isElsewhere
                ? OffloadedRun.run(this, offload, behaviors, input, shownInput, trialContext)
                : Run.inline(this, behaviors, input, shownInput, trialContext);
    }

    /** Ends the runs that could not be ended for want of stack. Called where there is enough of it. */
    void endLeftBehind() {
        if (leftBehind == null) {
            return;
        }
        PendingRun<?> first;
        synchronized (tally) {
            first = leftBehind;
        }
        for (PendingRun<?> run = first; run != null; run = run.nextLeftBehind) {
            run.drop(Drop.BROKEN);
            run.awaitCount();
            run.cleanUp(); // who ended it may have had no room for that
        }
        // only now, so that who finds none here, as closing must, knows that all are counted
        synchronized (tally) {
            while (leftBehind != null && leftBehind.isCounted()) {
                leftBehind = leftBehind.nextLeftBehind;
            }
        }
    }

    /** Reserves room elsewhere. Where it returns false, the control is run alone and all is said and counted. */
    private boolean hasRoom(int candidates) {
        try {
            if (Reentry.isBarred(this)) {
                return false;
            }
            if (offload.reserve(candidates)) {
                return true;
            }
            // within the experiment, so that a publisher that runs it does not go round in circles
            long[] nesting = enter();
            try {
                dropped(scientist.isClosed() ? Drop.CLOSED : Drop.SHED, null);
            } catch (StackOverflowError noRoom) {
                tally.brokenWithoutRoom++; // it was not even called
            } finally {
                Reentry.leave(nesting, this);
            }
        } catch (Throwable noRoom) {
            // not even for that
        }
        return false;
    }

    @SuppressWarnings("unchecked") // the control is one of T and X
    private static <T extends @Nullable Object, X extends Throwable> T alone(Object control, @Nullable Object input)
            throws X {
        return input == NO_INPUT
                ? ((Behavior<T, X>) control).call()
                : ((InputBehavior<@Nullable Object, T, X>) control).call(input);
    }

    /**
     * The way of a run with an open gate, one candidate, on the caller's thread: order, observe each, compare, publish,
     * hand back the control's outcome. {@link Run} is the same for all that is less common; this one makes nothing but
     * the result.
     *
     * <p>What is not the control is fenced off: every user-supplied part where it is called, and want of memory or
     * stack in our own code by the {@code catch} blocks here, which end the run as {@link Drop#BROKEN}.
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // the behaviors are those of T and X
    private <X extends Throwable> T pair(@Nullable Object input, Object control, Object candidate) throws X {
        Thread thread = Thread.currentThread();
        boolean interrupted = thread.isInterrupted();
        long @Nullable [] nesting = null;
        Throwable broken = null;
        Map<String, @Nullable Object> context = Map.of();
        boolean candidateFirst = false;
        Object candidateOutcome = null;
        long start = 0;
        long controlStart = 0;
        try {
            nesting = enter();
            if (nesting != null) {
                context = begin(null);
                candidateFirst = candidateFirst();
                start = nanoTime();
                if (candidateFirst) {
                    candidateOutcome = observe(candidate, input);
                    controlStart = nanoTime();
                } else {
                    controlStart = start;
                }
            }
        } catch (Throwable noRoom) {
            broken = noRoom;
        }
        if (interrupted && !thread.isInterrupted()) {
            thread.interrupt();
        }

        Object value = null;
        Throwable thrown = null;
        try {
            value = Observation.call(control, input);
        } catch (Throwable t) {
            thrown = t;
        }

        Throwable mismatch = null;
        if (nesting != null) {
            try {
                interrupted = thread.isInterrupted();
                if (broken == null) {
                    long controlEnd = nanoTime();
                    long candidateNanos = controlStart - start;
                    if (!candidateFirst) {
                        candidateOutcome = observe(candidate, input);
                        candidateNanos = nanoTime() - controlEnd;
                        // what arrived during the candidate is the caller's too, whatever those below do
                        interrupted |= thread.isInterrupted();
                    }
                    calm(candidateNanos);
                    Comparison<T> comparison = compare(
                            Observation.of(
                                    this,
                                    CONTROL,
                                    thrown == null ? value : Observation.thrown(thrown),
                                    controlEnd - controlStart),
                            Observation.of(this, CANDIDATE, candidateOutcome, candidateNanos));
                    mismatch = conclude(Result.ofPair(visible(input), context, comparison, candidateFirst));
                }
            } catch (Throwable noRoom) {
                broken = noRoom;
            }
            // by hand, since a call might find no room on the stack, and the experiment would be barred for good
            for (int i = 0; i < nesting.length; i++) {
                if (nesting[i] == id) {
                    nesting[i] = 0;
                    break;
                }
            }
            if (broken != null) {
                try {
                    dropped(Drop.BROKEN, broken);
                } catch (StackOverflowError noRoom) {
                    tally.brokenWithoutRoom++;
                }
            }
            try {
                if (interrupted && !thread.isInterrupted()) {
                    thread.interrupt();
                }
            } catch (StackOverflowError noRoom) {
                // nor to ask
            }
        }
        // by hand, since a call might find no room on the stack, and the control has returned
        if (mismatch != null) {
            throw (X) mismatch;
        }
        if (thrown != null) {
            throw (X) thrown;
        }
        return (T) value;
    }

    /** Enters and counts the run as started, both or neither. Returns what {@link Reentry#leave} needs, null if barred. */
    long @Nullable [] enter() {
        long[] nesting = Reentry.enter(this);
        if (nesting != null) {
            try {
                tally.started();
            } catch (Throwable noRoom) {
                Reentry.leave(nesting, this);
                throw noRoom;
            }
        }
        return nesting;
    }

    /** Before any behavior: hooks and context. */
    Map<String, @Nullable Object> begin(@Nullable Map<String, @Nullable Object> trialContext) {
        for (Runnable hook : beforeRun) {
            try {
                hook.run();
            } catch (Throwable failure) {
                failed(Operation.BEFORE_RUN, failure);
            }
        }
        return contextOf(trialContext);
    }

    /**
     * Runs a candidate on the caller's thread. An interrupt that arrives meanwhile is still pending afterwards. While
     * all candidates of late were short, so that hardly any could arrive, the watch for swallowed ones is spared: it
     * costs two locks.
     */
    @Nullable
    Object observe(Object candidate, @Nullable Object input) {
        InterruptWatch watch = calmRuns < CALM_ENOUGH ? InterruptWatch.start() : null;
        boolean interrupted = false;
        Object outcome;
        try {
            outcome = Observation.outcomeOf(candidate, input);
        } finally {
            if (watch != null) {
                interrupted = watch.stop();
            }
        }
        Throwable thrown = Observation.throwableOf(outcome);
        if (interrupted || (thrown != null && InterruptWatch.tells(thrown))) {
            Thread.currentThread().interrupt();
        }
        return outcome;
    }

    /** Notes how long a candidate took; see {@link #calmRuns}. */
    void calm(long candidateNanos) {
        int calm = calmRuns;
        if (candidateNanos > SHORT_NANOS) {
            if (calm != 0) {
                calmRuns = 0;
            }
        } else if (calm < CALM_ENOUGH) {
            calmRuns = calm + 1;
        }
    }

    Comparison<T> compare(Observation<T> control, Observation<T> candidate) {
        List<Difference> differences;
        try {
            // copied, so that a list of the comparator's own making cannot change or fail later on
            differences = List.copyOf(
                    control.returned() && candidate.returned()
                            ? comparator.compare(control.value(), candidate.value())
                            : errorComparator.compare(control.throwable(), candidate.throwable()));
        } catch (Throwable failure) {
            failed(Operation.COMPARE, failure);
            return Comparison.failed(control, candidate, failure);
        }
        if (differences.isEmpty()) {
            return Comparison.matched(control, candidate);
        }
        for (IgnoreRule<T> rule : ignoreRules) {
            try {
                if (rule.holds.test(control, candidate)) {
                    return Comparison.ignored(control, candidate, differences, rule.reason);
                }
            } catch (Throwable failure) {
                failed(Operation.IGNORE, failure);
            }
        }
        return Comparison.mismatched(control, candidate, differences);
    }

    /**
     * The end of a run on the caller's thread that has a result; a {@link PendingRun} does both by itself, and says in
     * between that it is counted. Counts it as published first, so that whatever happens then, it is not
     * counted again as dropped.
     *
     * @return what is to be thrown in place of the control's outcome, null in general
     */
    @Nullable
    Throwable conclude(Result<T> result) {
        tally.published();
        try {
            return announce(result);
        } catch (Throwable noRoom) {
            // whom there was room to tell was told; it must not be counted again as dropped
            return null;
        }
    }

    /** The rest of {@link #conclude}. Returns the same; throws for want of memory or stack. */
    @Nullable
    Throwable announce(Result<T> result) {
        Comparison<T> again = result.baseline();
        if (again != null) {
            noise.add(again);
        }
        try {
            configuredGate.learn(request, result);
        } catch (Throwable failure) {
            failed(Operation.GATE, failure);
        }
        for (Publisher publisher : publishers) {
            try {
                publisher.publish(result);
            } catch (Throwable failure) {
                failed(Operation.PUBLISH, failure);
            }
        }
        for (Consumer<? super Result<T>> hook : afterRun) {
            try {
                hook.accept(result);
            } catch (Throwable failure) {
                failed(Operation.AFTER_RUN, failure);
            }
        }
        // in the background there is no caller to throw at
        return mismatchError != null && !(execution instanceof Execution.Background) && result.mismatched()
                ? mismatchError(mismatchError, result)
                : null;
    }

    private Throwable mismatchError(Function<? super Result<T>, ? extends Throwable> factory, Result<T> result) {
        Throwable error;
        try {
            error = Objects.requireNonNull(factory.apply(result), "the mismatch error's factory returned null");
        } catch (Throwable failure) {
            failed(Operation.RAISE, failure);
            error = new MismatchError(result);
        }
        Throwable thrown = result.control().throwable();
        if (thrown != null && thrown != error) {
            error.addSuppressed(thrown);
        }
        return error;
    }

    /** Counts and tells that a run has no result. Must not throw: the control's outcome is still to be handed back. */
    void dropped(Drop drop, @Nullable Throwable broken) {
        boolean counted = false;
        try {
            tally.dropped(drop);
            counted = true;
            tellDropped(drop, broken);
        } catch (Throwable noRoom) {
            if (!counted) {
                tally.brokenWithoutRoom++;
            }
        }
    }

    /** The rest of {@link #dropped}. Throws for want of memory or stack. */
    void tellDropped(Drop reason, @Nullable Throwable broken) {
        if (broken != null) {
            failed(Operation.RUN, broken);
        }
        for (Publisher publisher : publishers) {
            try {
                publisher.dropped(this, reason);
            } catch (Throwable failure) {
                failed(Operation.NOTIFY, failure);
            }
        }
    }

    /**
     * Reports a failure to the {@link FailureHandler} and the publishers: for publishers and other parts that work on
     * a thread of their own. What they throw on the experiment's own call is reported for them.
     *
     * @param operation what the part was doing
     * @param failure what went wrong
     */
    public void report(Operation operation, Throwable failure) {
        failed(Objects.requireNonNull(operation, "operation"), Objects.requireNonNull(failure, "failure"));
    }

    /**
     * Takes along what belongs to this thread: for publishers and other parts that work on a thread of their own. That
     * is SLF4J's MDC, the context class loader and what {@link ContextPropagator}s add.
     *
     * @param task what to do on another thread
     * @return does the task there as if it were here, and puts back afterwards what that thread had
     */
    public Runnable carrying(Runnable task) {
        Objects.requireNonNull(task, "task");
        Carried carried = Carried.capture(this);
        return () -> carried.around(task);
    }

    private <V> ResultComparator<V> ofThisExperiment(ResultComparator<V> given) {
        return Objects.requireNonNull(
                given.forExperiment(name, failure -> failed(Operation.COMPARE, failure)),
                "experiment '" + name + "': the comparator's forExperiment returned null");
    }

    /** Tells the comparators that there will be no more runs. */
    void endComparing() {
        try {
            comparator.experimentClosed();
            errorComparator.experimentClosed();
        } catch (Throwable failure) {
            failed(Operation.COMPARE, failure);
        }
    }

    /** The one place where failures of user-supplied parts end. Never throws for a reason of theirs. */
    void failed(Operation operation, Throwable failure) {
        if (InterruptWatch.tells(failure)) {
            Thread.currentThread().interrupt();
        }
        scientist.failed(name, operation, failure);
        for (Publisher publisher : publishers) {
            try {
                publisher.failed(this, operation, failure);
            } catch (Throwable again) {
                // to the handler alone: telling publishers of it would go round in circles
                scientist.failed(name, Operation.NOTIFY, again);
            }
        }
    }

    // ---- what the parts of a run share ----

    long nanoTime() {
        return clock == null ? System.nanoTime() : guarded(clock);
    }

    /** The same for who has read the real time already. */
    long nanoTime(long realNanoTime) {
        return clock == null ? realNanoTime : guarded(clock);
    }

    private long guarded(LongSupplier clock) {
        try {
            return clock.getAsLong();
        } catch (Throwable failure) {
            failed(Operation.CLOCK, failure);
            return 0;
        }
    }

    private boolean candidateFirst() {
        return switch ((Execution.Inline) execution) {
            case CONTROL_FIRST -> false;
            case CONTROL_LAST -> true;
            case RANDOM -> random == null ? ThreadLocalRandom.current().nextBoolean() : randomBelow(2) == 1;
        };
    }

    /** A random number in [0, bound); 0 where the user's generator fails. */
    int randomBelow(int bound) {
        if (random == null) {
            return ThreadLocalRandom.current().nextInt(bound);
        }
        try {
            return Objects.checkIndex(random.nextInt(bound), bound);
        } catch (Throwable failure) {
            failed(Operation.RANDOM, failure);
            return 0;
        }
    }

    private Map<String, @Nullable Object> contextOf(@Nullable Map<String, @Nullable Object> trialContext) {
        if (contextSuppliers.isEmpty()) {
            return trialContext == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(trialContext));
        }
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        for (Supplier<? extends Map<String, ?>> supplier : contextSuppliers) {
            try {
                for (Map.Entry<String, ?> entry : supplier.get().entrySet()) {
                    all.put(checkContextKey(entry.getKey()), entry.getValue());
                }
            } catch (Throwable failure) {
                failed(Operation.CONTEXT, failure);
            }
        }
        if (trialContext != null) {
            all.putAll(trialContext);
        }
        return Collections.unmodifiableMap(all);
    }

    String checkContextKey(String key) {
        return Names.check("experiment '" + name + "': context key", key);
    }

    @Nullable
    Object cleaned(Object value) {
        if (cleaner == null) {
            return value;
        }
        try {
            @SuppressWarnings("unchecked") // it is a value of this experiment's
            T ours = (T) value;
            return cleaner.apply(ours);
        } catch (Throwable failure) {
            failed(Operation.CLEAN, failure);
            return Withheld.CLEANER_FAILED;
        }
    }

    @Nullable
    String cohortOf(Result<T> result) {
        if (cohort == null) {
            return null;
        }
        try {
            return cohort.apply(result);
        } catch (Throwable failure) {
            failed(Operation.COHORT, failure);
            return null;
        }
    }

    boolean hasCleaner() {
        return cleaner != null;
    }

    boolean snapshotsInput() {
        return inputSnapshot != null;
    }

    /** Throws what the snapshot throws. */
    @Nullable
    Object snapshotOfInput(@Nullable Object input) {
        return inputSnapshot == null || input == null || input == NO_INPUT ? input : inputSnapshot.apply(input);
    }

    /** Throws what the snapshot throws. */
    @SuppressWarnings("unchecked") // it is a value of this experiment's
    @Nullable
    Object snapshotOfValue(@Nullable Object value) {
        return valueSnapshot == null || value == null ? value : valueSnapshot.apply((T) value);
    }

    Carried usuallyCarried() {
        return usuallyCarried;
    }

    Scientist scientist() {
        return scientist;
    }

    List<Publisher> ownPublishers() {
        return ownPublishers;
    }

    boolean measuresResources() {
        return measuresResources;
    }

    Tally tally() {
        return tally;
    }

    static @Nullable Object visible(@Nullable Object input) {
        return input == NO_INPUT ? null : input;
    }

    private void requireBehavior(@Nullable Object behavior, String role) {
        if (behavior == null) {
            throw new NullPointerException("experiment '" + name + "': " + role + " must not be null");
        }
    }

    /** What a gate may look at: one object for all runs of the short forms, one for each trial. */
    final class Request implements Gate.Request {
        private final @Nullable Map<String, @Nullable Object> trialContext;

        Request(@Nullable Map<String, @Nullable Object> trialContext) {
            this.trialContext = trialContext;
        }

        @Override
        public String experiment() {
            return name;
        }

        @Override
        public Map<String, @Nullable Object> context() {
            return contextOf(trialContext);
        }

        @Override
        public RandomGenerator random() {
            return random == null ? ThreadLocalRandom.current() : random;
        }

        @Override
        public long nanoTime() {
            return Experiment.this.nanoTime();
        }

        @Override
        public void report(Throwable failure) {
            failed(Operation.GATE, failure);
        }

        @Override
        public void changed(String status) {
            for (Publisher publisher : publishers) {
                try {
                    publisher.gateChanged(Experiment.this, status);
                } catch (Throwable failure) {
                    failed(Operation.NOTIFY, failure);
                }
            }
        }
    }

    // ---- what users ask and say of it ----

    /**
     * The name, unique within its {@link Scientist}.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * How many runs were started and how they ended.
     *
     * @return the numbers as of now; while runs are under way they need not add up
     */
    public Counts counts() {
        return tally.counts();
    }

    /**
     * Where and in which order the behaviors run.
     *
     * @return as it was set
     */
    public Execution execution() {
        return execution;
    }

    /**
     * Where the control, run twice for a {@linkplain Builder#baseline baseline}, differed from itself.
     *
     * @return for each place, as {@link Difference#signature()} names it, how often; sorted by place, at most 200
     */
    public Map<String, Long> noise() {
        return noise.counts();
    }

    boolean sawNoiseAt(String place) {
        return noise.seenAt(place);
    }

    /** Switches the experiment off: from now on each run is a plain call of its control. */
    public void switchOff() {
        gate = CLOSED;
    }

    /** Switches the experiment on again: its gate decides. Has no effect once the {@link Scientist} is closed. */
    public void switchOn() {
        if (!scientist.isClosed()) {
            gate = configuredGate;
            if (scientist.isClosed()) {
                gate = CLOSED; // closed just now, and so switched off before this
            }
        }
    }

    /**
     * Whether the experiment is switched on, as it is when built.
     *
     * @return false while it is switched off
     */
    public boolean isOn() {
        return gate == configuredGate;
    }

    /**
     * What state the gate is in: for gates that change by themselves, such as a circuit breaker. Whether the experiment
     * is switched on is another matter: {@link #isOn()}.
     *
     * @return one line, null if the gate has nothing to say
     */
    public @Nullable String gateStatus() {
        try {
            return configuredGate.status();
        } catch (Throwable failure) {
            failed(Operation.GATE, failure);
            return null;
        }
    }

    /**
     * Starts another experiment with the same settings.
     *
     * @param name the name of the new one
     * @return a builder; every setting may be given anew
     */
    public Builder<T> toBuilder(String name) {
        return new Builder<>(name, this);
    }

    /** Its name. */
    @Override
    public String toString() {
        return "experiment '" + name + "'";
    }

    // ---- defining ----

    /**
     * Puts an experiment together. Every part is optional. Not thread-safe.
     *
     * @param <T> the type of the value
     */
    public static final class Builder<T extends @Nullable Object> {
        private static final String RAISE = "raise on mismatch";

        private final String name;
        private final Scientist scientist;
        private Gate gate;
        private ResultComparator<? super T> comparator;
        private ResultComparator<? super Throwable> errorComparator;
        private final List<IgnoreRule<T>> ignoreRules = new ArrayList<>();
        private @Nullable Function<? super T, ?> cleaner;
        private final List<Supplier<? extends Map<String, ?>>> context = new ArrayList<>();
        private final List<Runnable> beforeRun = new ArrayList<>();
        private final List<Consumer<? super Result<T>>> afterRun = new ArrayList<>();
        private @Nullable Function<? super Result<T>, ? extends Throwable> mismatchError;
        private @Nullable Function<? super Result<T>, String> cohort;
        private Execution execution = Execution.inline();
        private boolean measuresResources;
        private @Nullable Gate baseline;
        private @Nullable UnaryOperator<T> valueSnapshot;
        private @Nullable UnaryOperator<@Nullable Object> inputSnapshot;
        private final List<Publisher> publishers = new ArrayList<>();
        /** Settings that were given here, to notice one that is given twice. */
        private final Set<String> given = new HashSet<>();

        Builder(String name, Scientist scientist) {
            this.name = Names.check("experiment name", name);
            this.scientist = scientist;
            gate = scientist.gate() == null ? OPEN : scientist.gate();
            comparator = ResultComparator.equality();
            errorComparator = ErrorEquality.INSTANCE;
            mismatchError = scientist.mismatchError();
        }

        private Builder(String name, Experiment<T> base) {
            this(name, base.scientist);
            gate = base.configuredGate;
            comparator = base.comparator;
            errorComparator = base.errorComparator;
            ignoreRules.addAll(List.of(base.ignoreRules));
            cleaner = base.cleaner;
            context.addAll(base.ownContext);
            beforeRun.addAll(List.of(base.beforeRun));
            afterRun.addAll(List.of(base.afterRun));
            mismatchError = base.mismatchError;
            cohort = base.cohort;
            execution = base.execution;
            measuresResources = base.measuresResources;
            baseline = base.baseline;
            valueSnapshot = base.valueSnapshot;
            inputSnapshot = base.inputSnapshot;
            publishers.addAll(base.ownPublishers);
        }

        /**
         * Decides on each run whether the candidates run. Default: the {@link Scientist}'s, else always.
         *
         * @param gate the gate
         * @return this
         */
        public Builder<T> gate(Gate gate) {
            this.gate = once("gate", gate);
            return this;
        }

        /**
         * Decides on each run whether the candidates run, by a flag.
         *
         * @param isOpen true to run them; one that throws counts as closed
         * @return this
         */
        public Builder<T> gate(BooleanSupplier isOpen) {
            Objects.requireNonNull(isOpen, setting("gate"));
            return gate((request, input) -> isOpen.getAsBoolean());
        }

        /**
         * Compares values when both returned. Default: {@link ResultComparator#equality()}.
         *
         * @param comparator the comparator
         * @return this
         */
        public Builder<T> comparator(ResultComparator<? super T> comparator) {
            this.comparator = once("comparator", comparator);
            return this;
        }

        /**
         * Compares values when both returned, by a plain predicate.
         *
         * @param predicate true where control's and candidate's value match
         * @return this
         */
        public Builder<T> matching(BiPredicate<? super @Nullable T, ? super @Nullable T> predicate) {
            Objects.requireNonNull(predicate, setting("comparator"));
            return comparator((control, candidate) ->
                    predicate.test(control, candidate) ? List.of() : List.of(Difference.of("", control, candidate)));
        }

        /**
         * Compares throwables, whenever at least one behavior threw: of one that returned it is handed null. Default:
         * both must have thrown the same class with the same message.
         *
         * @param comparator the comparator
         * @return this
         */
        public Builder<T> errorComparator(ResultComparator<? super Throwable> comparator) {
            errorComparator = once("error comparator", comparator);
            return this;
        }

        /**
         * Compares throwables when both threw, by a plain predicate; one that throws and one that returns do not match.
         *
         * @param predicate true where control's and candidate's throwable match
         * @return this
         */
        public Builder<T> matchingErrors(BiPredicate<? super Throwable, ? super Throwable> predicate) {
            Objects.requireNonNull(predicate, setting("error comparator"));
            return errorComparator(
                    (control, candidate) -> control != null && candidate != null && predicate.test(control, candidate)
                            ? List.of()
                            : List.of(Difference.of("", control, candidate)));
        }

        /**
         * Lets a difference between two values not count. Rules are tried in the order they were given until one holds;
         * one that throws is reported and the next is tried. Asked only where both returned.
         *
         * @param reason why the difference does not count; results and reports show it
         * @param rule handed the control's and the candidate's value
         * @return this
         */
        public Builder<T> ignore(String reason, BiPredicate<? super @Nullable T, ? super @Nullable T> rule) {
            Objects.requireNonNull(rule, setting("ignore rule"));
            return ignoreObservations(
                    reason,
                    (control, candidate) -> control.returned()
                            && candidate.returned()
                            && rule.test(control.value(), candidate.value()));
        }

        /**
         * Lets a difference between two observations not count: for rules about throwables or times. Tried in the same
         * order as the others.
         *
         * @param reason why the difference does not count; results and reports show it
         * @param rule handed the control's and the candidate's observation
         * @return this
         */
        public Builder<T> ignoreObservations(
                String reason, BiPredicate<? super Observation<T>, ? super Observation<T>> rule) {
            Names.check(setting("reason of an ignore rule"), reason);
            ignoreRules.add(new IgnoreRule<>(reason, Objects.requireNonNull(rule, setting("ignore rule"))));
            return this;
        }

        /**
         * Makes values fit to be kept and shown: an id instead of a user, a count instead of a list. Not asked of null.
         * Where it throws, the value is withheld.
         *
         * @param cleaner handed a value, returns what may be shown
         * @return this
         */
        public Builder<T> clean(Function<? super T, ?> cleaner) {
            this.cleaner = once("cleaner", cleaner);
            return this;
        }

        /**
         * Adds to the context of every run.
         *
         * @param key the key
         * @param value the value, may be null
         * @return this
         */
        public Builder<T> context(String key, @Nullable Object value) {
            Names.check(setting("context key"), key);
            Map<String, @Nullable Object> entry = new LinkedHashMap<>();
            entry.put(key, value);
            context.add(() -> entry);
            return this;
        }

        /**
         * Adds to the context of every run what a supplier says at its start, on the caller's thread. One that throws
         * is reported and the run goes on without.
         *
         * @param context returns keys and values
         * @return this
         */
        public Builder<T> context(Supplier<? extends Map<String, ?>> context) {
            this.context.add(Objects.requireNonNull(context, setting("context")));
            return this;
        }

        /**
         * Is run before the behaviors, on the caller's thread, when the gate is open.
         *
         * @param hook the hook
         * @return this
         */
        public Builder<T> beforeRun(Runnable hook) {
            beforeRun.add(Objects.requireNonNull(hook, setting("before-run hook")));
            return this;
        }

        /**
         * Is run after the result was published.
         *
         * @param hook handed the result
         * @return this
         */
        public Builder<T> afterRun(Consumer<? super Result<T>> hook) {
            afterRun.add(Objects.requireNonNull(hook, setting("after-run hook")));
            return this;
        }

        /**
         * Throws a {@link MismatchError} at the caller when a candidate mismatches: for test suites. Default: what the
         * {@link Scientist} says, else false.
         *
         * @param raise true to throw
         * @return this
         */
        public Builder<T> raiseOnMismatch(boolean raise) {
            once(RAISE, raise);
            mismatchError = raise ? MismatchError::new : null;
            return this;
        }

        /**
         * Throws an error of the user's at the caller when a candidate mismatches: for test suites. If the control
         * threw, that is added as suppressed.
         *
         * @param error makes what is thrown, as it is; where it fails, that is reported and a {@link MismatchError} is
         *     thrown
         * @return this
         */
        public Builder<T> raiseOnMismatch(Function<? super Result<T>, ? extends Throwable> error) {
            mismatchError = once(RAISE, error);
            return this;
        }

        /**
         * Sorts results into a few groups that publishers can tell apart, such as by the kind of customer. Where it
         * throws, that is reported and the result has no cohort.
         *
         * @param cohort names the group; its results should be few
         * @return this
         */
        public Builder<T> cohort(Function<? super Result<T>, String> cohort) {
            this.cohort = once("cohort", cohort);
            return this;
        }

        /**
         * Where and in which order the behaviors run. Default: {@link Execution#inline()}.
         *
         * @param execution the execution
         * @return this
         */
        public Builder<T> execution(Execution execution) {
            this.execution = once("execution", execution);
            return this;
        }

        /**
         * Measures processor time and allocated bytes of each behavior as well. That costs the caller about a
         * microsecond for each.
         *
         * @param measure true to measure
         * @return this
         */
        public Builder<T> measureResources(boolean measure) {
            measuresResources = once("measure resources", measure);
            return this;
        }

        /**
         * Measures noise: on the runs that the gate admits, the control is run once more, like a candidate, and
         * compared with itself; see {@link Result#baseline()}. What the control cannot repeat, no candidate can be
         * blamed for. On those runs <em>the control runs twice</em>: only for controls that may. Not for
         * {@code runAsync}.
         *
         * @param gate asked on every run whose candidates run, such as {@code Gates.percent(1)}
         * @return this
         */
        public Builder<T> baseline(Gate gate) {
            baseline = once("baseline", gate);
            return this;
        }

        /**
         * Copies the control's value before the caller gets it, on the caller's thread, for values that the caller may
         * change afterwards: comparators and publishers see the copy. Not asked of null. Where it throws, that is
         * reported and the run is dropped as {@link Drop#SNAPSHOT_FAILED}.
         *
         * <p>With {@code runAsync} it is made when the control's stage completes, by whoever completes it, maybe after
         * what the caller attached to that stage.
         *
         * @param snapshot returns a copy that shares nothing mutable
         * @return this
         */
        public Builder<T> snapshot(UnaryOperator<T> snapshot) {
            valueSnapshot = once("snapshot", snapshot);
            return this;
        }

        /**
         * Copies the input before the behaviors run, on the caller's thread, for inputs that the control or the caller
         * may change: candidates, gates' learning and publishers see the copy, the control the original. Only for the
         * forms that hand an input on. Not asked of null. Where it throws, that is reported and the run is dropped as
         * {@link Drop#SNAPSHOT_FAILED}.
         *
         * @param type what inputs are; one of another type fails as a snapshot that throws
         * @param snapshot returns a copy that shares nothing mutable
         * @param <I> the input
         * @return this
         */
        public <I> Builder<T> snapshotInput(Class<I> type, UnaryOperator<I> snapshot) {
            Objects.requireNonNull(type, setting("type of the input"));
            once("input snapshot", snapshot);
            inputSnapshot = input -> snapshot.apply(Objects.requireNonNull(type.cast(input)));
            return this;
        }

        /**
         * Adds a publisher for this experiment, after those of the {@link Scientist} and closed with them.
         *
         * @param publisher the publisher
         * @return this
         */
        public Builder<T> publisher(Publisher publisher) {
            publishers.add(Objects.requireNonNull(publisher, setting("publisher")));
            return this;
        }

        /**
         * Makes the experiment and registers it with its {@link Scientist}.
         *
         * @return the experiment, to be kept in a field
         * @throws IllegalStateException if the scientist has an experiment of this name already, or if raising on
         *     mismatch is asked for in the background
         */
        public Experiment<T> build() {
            if (given.contains(RAISE) && mismatchError != null && execution instanceof Execution.Background) {
                throw new IllegalStateException(setting(RAISE)
                        + " needs an execution on which the caller waits: inline or concurrent, not background");
            }
            Experiment<T> experiment = new Experiment<>(this);
            scientist.register(experiment);
            for (Publisher publisher : experiment.publishers) {
                try {
                    publisher.defined(experiment);
                } catch (Throwable failure) {
                    experiment.failed(Operation.NOTIFY, failure);
                }
            }
            return experiment;
        }

        private <S> S once(String setting, S value) {
            Objects.requireNonNull(value, setting(setting));
            if (!given.add(setting)) {
                throw new IllegalStateException(setting(setting) + " was already set");
            }
            return value;
        }

        private String setting(String setting) {
            return "experiment '" + name + "': " + setting;
        }
    }
}
