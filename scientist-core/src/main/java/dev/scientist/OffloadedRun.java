package dev.scientist;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Candidates on other threads. In the background they start after the control has returned, and whoever of them is last
 * compares and publishes. Concurrent ones start before it, and the caller waits for them, compares and publishes.
 *
 * @param <T> the type of the value
 */
final class OffloadedRun<T extends @Nullable Object> extends Run<T> implements Ending.Subject<T> {

    private final boolean callerWaits;
    /** Real time, whatever the scientist's clock is. */
    private final long startedAt = System.nanoTime();

    private final List<Candidate> candidates = new ArrayList<>();
    private final boolean hasBaseline;
    private final Ending<T> ending;
    /** Written before any other thread compares. */
    private @Nullable Observation<T> control;

    /**
     * Makes the run. There is a permit for each candidate.
     *
     * @param behaviors the served one first
     * @param hasBaseline whether the last one is the control once more
     */
    OffloadedRun(
            Experiment<T> experiment,
            List<Named> behaviors,
            boolean hasBaseline,
            @Nullable Object input,
            @Nullable Map<String, @Nullable Object> context) {
        super(experiment, behaviors.get(0), input, context);
        this.hasBaseline = hasBaseline;
        callerWaits = experiment.settings.execution instanceof Execution.Concurrent;
        ending = new Ending<>(experiment, this, callerWaits, behaviors.size() - 1);
        behaviors.subList(1, behaviors.size()).forEach(behavior -> candidates.add(new Candidate(behavior)));
        endsBy(ending);
    }

    @Override
    void before() {
        ending.begin();
        if (callerWaits) {
            handOver();
        }
    }

    @Override
    @Nullable
    Throwable after() {
        try {
            control = shownOfServed();
            if (control != null && callerWaits) {
                return await();
            }
            if (control != null) {
                handOver();
            }
            return null;
        } finally {
            ending.callerLeaves();
        }
    }

    private void handOver() {
        candidates.forEach(candidate -> ending.handOver(candidate.step));
    }

    private @Nullable Throwable await() {
        boolean allBegun = candidates.stream().noneMatch(candidate -> candidate.step.isWaiting());
        if (experiment.bulkhead.isAlwaysTooLate(allBegun)) {
            experiment.parts.failed(
                    Operation.EXECUTE,
                    new IllegalStateException(experiment + ": the control was always done before a candidate on another"
                            + " thread could begin, so nothing is ever compared: run it inline or in the background"));
        }
        if (!allBegun) {
            ending.drop(Drop.SHED);
            return null;
        }
        long deadline = startedAt + experiment.timeLimitNanos;
        try {
            for (Candidate candidate : candidates) {
                awaitStep(candidate.step, deadline - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // who is interrupted does not wait any longer
        }
        cancel();
        noteInterrupt();
        Result<T> result = result();
        return ending.endHere() ? announce(result) : null;
    }

    private static void awaitStep(Step step, long nanos) throws InterruptedException {
        try {
            step.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException | CancellationException | ExecutionException e) {
            // it is abandoned, unless its outcome is in all the same
        }
    }

    @Override
    public boolean hasControl() {
        return control != null;
    }

    /** What has not come back by now is abandoned. */
    @Override
    public void cancel() {
        candidates.forEach(Candidate::abandon);
    }

    @Override
    public Result<T> result() {
        return result(candidate -> experiment.parts.compare(control(), candidate.outcome()));
    }

    @Override
    public Result<T> resultOfFailure(Throwable failure) {
        return result(candidate -> Comparison.failed(control(), candidate.outcome(), failure));
    }

    private Result<T> result(Function<Candidate, Comparison<T>> compare) {
        if (candidates.size() == 1) { // with a baseline there are two
            return Result.ofPair(input, context(), compare.apply(candidates.get(0)), callerWaits);
        }
        int[] order = new int[candidates.size() + 1];
        for (int i = 0; i < order.length; i++) {
            order[i] = callerWaits ? (i + 1) % order.length : i;
        }
        return Result.ofSeveral(
                input, context(), control(), candidates.stream().map(compare).toList(), hasBaseline, order);
    }

    private Observation<T> control() {
        if (control == null) {
            throw new IllegalStateException("the control has not returned");
        }
        return control;
    }

    /** One candidate on its way. */
    private final class Candidate {
        private final Named behavior;
        private final Observation<T> observation;
        private final Step step = ending.step(this::observe);
        private final AtomicReference<@Nullable Observation<T>> outcome = new AtomicReference<>();
        /** Real time; 0 until it begins. */
        private volatile long begunAt;

        Candidate(Named behavior) {
            this.behavior = behavior;
            observation = experiment.observation(behavior.name());
        }

        private void observe() {
            begunAt = System.nanoTime();
            callUnserved(observation, behavior.behavior(), input);
            observation.adapt(behavior.adapter());
            Thread.interrupted(); // the flag that a candidate left set is not meant for comparators and publishers
            if (outcome.compareAndSet(null, observation) && ending.arrived() && !callerWaits) {
                ending.finish();
            }
        }

        void abandon() {
            long ran = begunAt == 0 ? 0 : System.nanoTime() - begunAt;
            outcome.compareAndSet(null, Observation.abandoned(experiment, behavior.name(), ran));
        }

        Observation<T> outcome() {
            return Objects.requireNonNull(outcome.get());
        }
    }
}
