package dev.scientist;

import org.jspecify.annotations.Nullable;

/**
 * One candidate, on the caller's thread, which is served; where it throws what the control did not, the control is.
 *
 * @param <T> the type of the value
 */
final class ServedRun<T extends @Nullable Object> extends Run<T> {

    private final Serving serving;
    private final Observation<T> control;
    private final boolean candidateFirst;
    /** Whether the run was dropped before anything was called, since the input could not be copied. */
    private boolean controlAlone;
    /** Whether an interrupt was pending before the candidate was called. */
    private boolean wasInterrupted;
    /** Whether the control's outcome is served in place of the candidate's. */
    private boolean rescued;

    ServedRun(
            Experiment<T> experiment,
            Serving serving,
            @Nullable Object input,
            InputBehavior<?, ?, ?> control,
            InputBehavior<?, ?, ?> candidate) {
        super(experiment, experiment.observation(Experiment.CANDIDATE, candidate), null, input, null);
        this.serving = serving;
        this.control = experiment.observation(Experiment.CONTROL, control);
        candidateFirst =
                experiment.settings.execution != Execution.controlFirst() && experiment.parts.randomBelow(2) == 0;
    }

    @Override
    void before() {
        if (!candidateFirst) {
            observe(control);
        }
    }

    @Override
    Observation<T> served() {
        wasInterrupted = Thread.currentThread().isInterrupted();
        controlAlone = isCounted();
        return controlAlone ? control : served;
    }

    @Override
    Observation<T> handedBack() {
        return rescued || controlAlone ? control : served;
    }

    /** A candidate that is not served has thrown, so has no value. */
    @Override
    void dispose() {
        if (!rescued && !controlAlone) {
            experiment.parts.dispose(this, control);
        }
    }

    @Override
    @Nullable
    Throwable after() {
        // pending for the control, and for a caller who is rescued
        Parts.restoreInterruptOf(served.throwable());
        Parts.restoreInterrupt(wasInterrupted && served.threw());
        if (candidateFirst) {
            observe(control);
        }
        boolean threw = served.threw();
        Observation<T> callers = threw ? control : served;
        Observation<T> shown = shown(callers);
        Observation<T> seen = shown == null ? callers : shown;
        Comparison<T> comparison = threw ? compare(seen, served, null) : compare(control, seen, null);
        rescued = threw && comparison.outcome() != Outcome.MATCHED;
        Result.Kind kind = rescued ? Result.Kind.RESCUED : Result.Kind.CANDIDATE_SERVED;
        Result<T> result = Result.ofPair(input, context(), comparison, candidateFirst, kind);
        noteInterrupt();
        if (!(served.throwable()
                instanceof InterruptedException)) { // the caller was interrupted: no harm of the candidate's
            experiment.parts.guarded(Operation.GATE, () -> serving.learn(experiment.parts.request, result));
        }
        return shown == null ? null : publish(result);
    }
}
