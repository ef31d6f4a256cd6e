package dev.scientist;

import org.jspecify.annotations.Nullable;

/**
 * One candidate, on the caller's thread: the common case.
 *
 * @param <T> the type of the value
 */
final class PairRun<T extends @Nullable Object> extends Run<T> {

    private final Observation<T> candidate;
    private final boolean candidateFirst;

    PairRun(
            Experiment<T> experiment,
            @Nullable Object input,
            InputBehavior<?, ?, ?> control,
            InputBehavior<?, ?, ?> candidate) {
        super(experiment, experiment.observation(Experiment.CONTROL, control), null, input, null);
        this.candidate = experiment.observation(Experiment.CANDIDATE, candidate);
        candidateFirst = experiment.settings.execution == Execution.inline() && experiment.parts.randomBelow(2) == 0;
    }

    @Override
    void before() {
        if (candidateFirst) {
            observe(candidate);
        }
    }

    @Override
    void dispose() {
        experiment.parts.dispose(this, candidate);
    }

    @Override
    @Nullable
    Throwable after() {
        Observation<T> control = shown(served);
        if (control == null) {
            return null;
        }
        if (!candidateFirst) {
            observe(candidate);
        }
        Comparison<T> comparison = compare(control, candidate, null);
        return publish(Result.ofPair(input, context(), comparison, candidateFirst, Result.Kind.USUAL));
    }
}
