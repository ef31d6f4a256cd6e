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
    /** Whether the control is served; only once it has run. */
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
    Observation<T> handedBack() {
        return rescued ? control : served;
    }

    /** A candidate that is not served has thrown, so has no value. */
    @Override
    void dispose() {
        if (!rescued) {
            experiment.parts.dispose(this, control);
        }
    }

    @Override
    @Nullable
    Throwable after() {
        if (candidateFirst) {
            observe(control);
        }
        rescued = served.threw(); // unless the control threw the same
        Observation<T> shown = shown(handedBack());
        if (shown == null) {
            return null;
        }
        Comparison<T> comparison = compare(rescued ? shown : control, rescued ? served : shown, null);
        rescued &= comparison.outcome() != Outcome.MATCHED;
        if (rescued) {
            Parts.restoreInterruptOf(served.throwable()); // nobody else sees that it was interrupted
        }
        Result<T> result = new Result<>(
                input,
                context(),
                comparison,
                null,
                null,
                candidateFirst ? Result.CANDIDATE_FIRST : Result.CONTROL_FIRST,
                rescued ? Result.Kind.RESCUED : Result.Kind.CANDIDATE_SERVED);
        noteInterrupt();
        experiment.parts.guarded(Operation.GATE, () -> serving.learn(experiment.parts.request, result));
        return publish(result);
    }
}
