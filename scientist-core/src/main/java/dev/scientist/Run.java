package dev.scientist;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One run on the caller's thread with all that the short way in {@link Experiment} leaves out: several candidates,
 * names, adapters, measured resources. The same steps: order, observe each, compare, publish, hand back the control's
 * outcome. Confined to the caller's thread.
 *
 * @param <T> the type of the value
 */
final class Run<T extends @Nullable Object> {

    /** A behavior with its name and, for one of another type, its adapter. */
    record Named(String name, Object behavior, @Nullable Function<@Nullable Object, ?> adapter) {

        /** The behaviors and, at their end, the control once more. */
        static List<Named> withBaseline(List<Named> behaviors) {
            List<Named> more = new ArrayList<>(behaviors);
            more.add(behaviors.get(CONTROL));
            return more;
        }

        /** Whether the last one is the control once more. */
        static boolean hasBaseline(List<Named> behaviors) {
            return behaviors.get(behaviors.size() - 1) == behaviors.get(CONTROL);
        }
    }

    private static final int CONTROL = 0;

    private final Experiment<T> experiment;
    private final @Nullable Object input;
    private @Nullable Object shownInput;
    /** What candidates are handed: the input, or its snapshot. */
    private @Nullable Object candidateInput;

    private final @Nullable Map<String, @Nullable Object> trialContext;
    private Map<String, @Nullable Object> context = Map.of();

    // by behavior: 0 is the control, i the i-th candidate
    private final List<Named> behaviors;
    private final @Nullable Object[] outcomes;
    private final long[] nanos;
    private final @Nullable Resources[] used;

    private final int[] order;
    /** How much of the order is done. */
    private int next;
    /** When the last behavior ended: where nothing is measured in between, the next one starts at the same stamp. */
    private long stamp;

    /** Whether an interrupt is pending that no part may swallow. */
    private boolean interrupted;

    private long @Nullable [] nesting;
    private boolean controlEnded;
    /** Why the run will have no result, null while it may have one. */
    private @Nullable Drop drop;

    private @Nullable Throwable broken;

    private Run(
            Experiment<T> experiment,
            List<Named> behaviors,
            @Nullable Object input,
            @Nullable Object shownInput,
            @Nullable Map<String, @Nullable Object> trialContext) {
        this.experiment = experiment;
        this.behaviors = behaviors;
        this.input = input;
        this.shownInput = shownInput;
        this.candidateInput = input;
        this.trialContext = trialContext;
        outcomes = new Object[behaviors.size()];
        nanos = new long[behaviors.size()];
        used = new Resources[behaviors.size()];
        order = new int[behaviors.size()];
    }

    /**
     * Runs the behaviors, the first of which is the control.
     *
     * @param input handed to the behaviors, {@link Observation#NO_INPUT} if they take none
     * @param shownInput the result's input
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // the behaviors are those of T and X
    static <T extends @Nullable Object, X extends Throwable> T inline(
            Experiment<T> experiment,
            List<Named> behaviors,
            @Nullable Object input,
            @Nullable Object shownInput,
            @Nullable Map<String, @Nullable Object> trialContext)
            throws X {
        Run<T> run = null;
        try {
            run = new Run<>(experiment, behaviors, input, shownInput, trialContext);
            run.beforeControl();
        } catch (Throwable noRoom) {
            if (run != null) {
                run.drop = Drop.BROKEN;
                run.broken = noRoom;
            }
        }
        if (run != null) {
            run.restoreInterrupt();
        }

        Named control = behaviors.get(CONTROL);
        Object value = null;
        Throwable thrown = null;
        try {
            value = Observation.call(control.behavior(), input);
            if (control.adapter() != null) {
                if (run != null) {
                    run.controlEnded();
                }
                value = control.adapter().apply(value);
            }
        } catch (Throwable t) {
            thrown = t;
        }

        Throwable mismatch = null;
        if (run != null && run.nesting != null) {
            try {
                run.interrupted = Thread.currentThread().isInterrupted();
                if (run.drop == null) {
                    mismatch = run.afterControl(value, thrown);
                }
            } catch (Throwable noRoom) {
                run.drop = Drop.BROKEN;
                run.broken = noRoom;
            }
            // by hand, as for a pair
            for (int i = 0; i < run.nesting.length; i++) {
                if (run.nesting[i] == experiment.id) {
                    run.nesting[i] = 0;
                    break;
                }
            }
            if (run.drop != null) {
                try {
                    experiment.dropped(run.drop, run.broken);
                } catch (StackOverflowError noRoom) {
                    experiment.tally.brokenWithoutRoom++;
                }
            }
            try {
                run.restoreInterrupt();
            } catch (StackOverflowError noRoom) {
                // no room to ask
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

    /** A plain call, for a run that is not sampled. */
    @SuppressWarnings({"unchecked", "NullAway"}) // the control is one of T and X
    static <T extends @Nullable Object, X extends Throwable> T alone(Named control) throws X {
        try {
            Object value = Observation.call(control.behavior(), Observation.NO_INPUT);
            return (T) (control.adapter() == null ? value : control.adapter().apply(value));
        } catch (Throwable thrown) {
            throw (X) thrown;
        }
    }

    private void beforeControl() {
        nesting = experiment.enter();
        if (nesting == null) {
            return;
        }
        noteInterrupt();
        context = experiment.begin(trialContext);
        if (input != Observation.NO_INPUT && experiment.snapshotsInput()) {
            try {
                candidateInput = experiment.snapshotOfInput(input);
                shownInput = candidateInput;
            } catch (Throwable failure) {
                snapshotFailed(failure);
                return;
            }
        }
        shuffle();
        stamp = experiment.nanoTime();
        observeUpTo(CONTROL);
        startMeasuring(CONTROL);
    }

    /** Called on the way of the caller, so it must not throw. */
    private void controlEnded() {
        try {
            stopMeasuring(CONTROL);
            controlEnded = true;
        } catch (Throwable noRoom) {
            drop = Drop.BROKEN;
            broken = noRoom;
        }
    }

    private @Nullable Throwable afterControl(@Nullable Object value, @Nullable Throwable thrown) {
        if (!controlEnded) {
            stopMeasuring(CONTROL);
        }
        if (thrown != null) {
            // it had ended before that only where an adapter was still to come
            outcomes[CONTROL] = controlEnded ? Observation.thrownByAdapter(thrown) : Observation.thrown(thrown);
        } else {
            try {
                outcomes[CONTROL] = experiment.snapshotOfValue(value);
            } catch (Throwable failure) {
                snapshotFailed(failure);
                return null;
            }
        }
        stamp = experiment.nanoTime();
        next++;
        observeUpTo(behaviors.size());

        Observation<T> control = observation(CONTROL);
        int candidates = behaviors.size() - (Named.hasBaseline(behaviors) ? 2 : 1);
        @SuppressWarnings({"unchecked", "rawtypes"})
        Comparison<T>[] comparisons = new Comparison[candidates];
        Comparison<T> baseline = null;
        for (int i = 1; i < behaviors.size(); i++) {
            adapt(i);
            noteInterrupt();
            Comparison<T> comparison = experiment.compare(control, observation(i));
            if (i <= candidates) {
                comparisons[i - 1] = comparison;
            } else {
                baseline = comparison;
            }
        }
        return experiment.conclude(Result.ofSeveral(shownInput, context, control, comparisons, baseline, order));
    }

    private void noteInterrupt() {
        interrupted |= Thread.currentThread().isInterrupted();
    }

    private void restoreInterrupt() {
        if (interrupted && !Thread.currentThread().isInterrupted()) {
            Thread.currentThread().interrupt();
        }
    }

    private void snapshotFailed(Throwable failure) {
        experiment.failed(Operation.SNAPSHOT, failure);
        drop = Drop.SNAPSHOT_FAILED;
    }

    /** Observes candidates in order, until the given behavior's turn comes. */
    private void observeUpTo(int behavior) {
        for (; next < order.length && order[next] != behavior; next++) {
            int i = order[next];
            startMeasuring(i);
            outcomes[i] = experiment.observe(behaviors.get(i).behavior(), candidateInput);
            stopMeasuring(i);
            noteInterrupt();
            experiment.calm(nanos[i]);
        }
    }

    private void startMeasuring(int i) {
        if (experiment.measuresResources()) {
            used[i] = Resources.start();
            stamp = experiment.nanoTime();
        }
    }

    private void stopMeasuring(int i) {
        long now = experiment.nanoTime();
        nanos[i] = now - stamp;
        stamp = now;
        Resources resources = used[i];
        if (resources != null) {
            resources.stop();
        }
    }

    /** Makes the candidate's value one of the control's type, when no behavior's time is running. */
    private void adapt(int i) {
        Function<@Nullable Object, ?> adapter = behaviors.get(i).adapter();
        if (adapter == null || Observation.throwableOf(outcomes[i]) != null) {
            return;
        }
        InputBehavior<@Nullable Object, ?, RuntimeException> adaptation = adapter::apply;
        Object adapted = experiment.observe(adaptation, outcomes[i]);
        Throwable failure = Observation.throwableOf(adapted);
        outcomes[i] = failure == null ? adapted : Observation.thrownByAdapter(failure);
    }

    private Observation<T> observation(int i) {
        return Observation.of(experiment, behaviors.get(i).name(), outcomes[i], nanos[i])
                .measured(used[i]);
    }

    /** Every order is equally likely (Fisher-Yates), as far as the execution leaves it to chance. */
    private void shuffle() {
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        int first = experiment.execution() == Execution.Inline.RANDOM ? 0 : 1;
        for (int i = order.length - 1; i > first; i--) {
            swap(i, first + experiment.randomBelow(i - first + 1));
        }
        if (experiment.execution() == Execution.Inline.CONTROL_LAST) {
            System.arraycopy(order, 1, order, 0, order.length - 1);
            order[order.length - 1] = CONTROL;
        }
    }

    private void swap(int i, int j) {
        int held = order[i];
        order[i] = order[j];
        order[j] = held;
    }
}
