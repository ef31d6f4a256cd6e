package dev.scientist;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Any number of candidates, on the caller's thread, with names and adapters, and the control once more for a baseline.
 *
 * @param <T> the type of the value
 */
final class SeveralRun<T extends @Nullable Object> extends Run<T> {

    private static final int SERVED = 0;

    /** The served one first. */
    private final List<Named> behaviors;

    private final List<Observation<T>> observations = new ArrayList<>();
    private final boolean hasBaseline;
    private final int[] order;
    /** How much of the order is done. */
    private int next;

    /**
     * Makes the run.
     *
     * @param behaviors the served one first
     * @param hasBaseline whether the last one is the control once more
     */
    SeveralRun(
            Experiment<T> experiment,
            List<Named> behaviors,
            boolean hasBaseline,
            @Nullable Object input,
            @Nullable Map<String, @Nullable Object> context) {
        super(experiment, behaviors.get(SERVED), input, context);
        this.behaviors = behaviors;
        this.hasBaseline = hasBaseline;
        observations.add(served);
        for (Named candidate : behaviors.subList(1, behaviors.size())) {
            observations.add(experiment.observation(candidate));
        }
        order = order(behaviors.size());
    }

    /** Every order is equally likely (Fisher-Yates), but for an execution that has the control first. */
    private int[] order(int size) {
        int[] order = IntStream.range(0, size).toArray();
        int first = experiment.settings.execution == Execution.inline() ? 0 : 1;
        for (int i = size - 1; i > first; i--) {
            int j = first + experiment.parts.randomBelow(i - first + 1);
            int held = order[i];
            order[i] = order[j];
            order[j] = held;
        }
        return order;
    }

    @Override
    void before() {
        observeUpTo(SERVED);
    }

    @Override
    void dispose() {
        observations.subList(1, observations.size()).forEach(each -> experiment.parts.dispose(this, each));
    }

    @Override
    @Nullable
    Throwable after() {
        Observation<T> control = shown(served);
        if (control == null) {
            return null;
        }
        next++;
        observeUpTo(behaviors.size());
        List<Comparison<T>> comparisons = new ArrayList<>();
        for (int i = 1; i < behaviors.size(); i++) {
            comparisons.add(
                    compare(control, observations.get(i), behaviors.get(i).adapter()));
        }
        return publish(Result.ofSeveral(input, context(), comparisons, hasBaseline, order));
    }

    /** Runs candidates in order, until the given behavior's turn comes. */
    private void observeUpTo(int behavior) {
        for (; next < order.length && order[next] != behavior; next++) {
            observe(observations.get(order[next]));
        }
    }
}
