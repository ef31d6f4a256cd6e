package dev.scientist;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Candidates on other threads. In the background they start after the control has returned, and whoever of them is last
 * compares and publishes. Concurrent ones start before it, and the caller waits for them, compares and publishes.
 *
 * @param <T> the type of the value
 */
final class OffloadedRun<T extends @Nullable Object> extends Run<T> implements Ending.Subject<T> {

    private static final int MANY = 1_000;

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
        endsBy(ending);
        behaviors.subList(1, behaviors.size()).forEach(behavior -> candidates.add(new Candidate(behavior)));
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
        control = shown(served);
        if (control == null) {
            return null;
        }
        if (callerWaits) {
            return await();
        }
        handOver();
        return null;
    }

    private void handOver() {
        candidates.forEach(candidate -> ending.handOver(candidate.step));
    }

    private @Nullable Throwable await() {
        if (candidates.stream().anyMatch(candidate -> candidate.step.isWaiting())) {
            ending.drop(Drop.SHED); // whoever is shorter than the hand-over does not wait for it
            sayIfNeverCompared();
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
        abandon();
        noteInterrupt();
        Result<T> result = result(null); // for nothing where closing was first
        return ending.endHere() ? announce(result) : null;
    }

    private void sayIfNeverCompared() {
        Counts counts = experiment.tally.counts();
        if (counts.published() == 0
                && counts.droppedInAll() >= MANY
                && experiment.bulkhead.noteOnce("nothing is ever compared")) {
            experiment.parts.failed(
                    Operation.EXECUTE,
                    new Notice(experiment + ": the control was always done before a candidate on another"
                            + " thread could begin, so nothing is ever compared: run it inline or in the background"));
        }
    }

    private static void awaitStep(Step step, long nanos) throws InterruptedException {
        try {
            step.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException | CancellationException | ExecutionException e) {
            // it is abandoned, unless its outcome is in all the same
        }
    }

    @Override
    void dispose() {
        if (callerWaits) {
            candidates.forEach(candidate -> candidate.awaited.runIsOver());
        }
    }

    @Override
    public void over() {
        if (!callerWaits) { // otherwise what the caller gets may not be known yet
            candidates.forEach(candidate -> candidate.awaited.runIsOver());
        }
    }

    @Override
    public boolean hasControl() {
        return control != null;
    }

    @Override
    public void abandon() {
        candidates.forEach(candidate -> candidate.awaited.abandon());
    }

    @Override
    public Result<T> result(@Nullable Throwable comparatorFailure) {
        Observation<T> control = Objects.requireNonNull(this.control);
        List<Comparison<T>> comparisons = candidates.stream()
                .map(candidate ->
                        experiment.parts.compare(this, control, candidate.awaited.outcome(), comparatorFailure))
                .toList();
        int size = candidates.size() + 1;
        int[] order = IntStream.range(0, size)
                .map(i -> callerWaits ? (i + 1) % size : i)
                .toArray();
        return Result.ofSeveral(input, context(), comparisons, hasBaseline, order);
    }

    /** One candidate on its way. */
    private final class Candidate {
        private final Observation<T> observation;
        private final Awaited<T> awaited;
        private final Step step;

        Candidate(Named behavior) {
            observation = experiment.observation(behavior);
            LongSupplier clock = callerWaits ? experiment.parts::nanoTime : System::nanoTime;
            awaited = new Awaited<>(OffloadedRun.this, behavior.name(), clock, true);
            step = ending.step(() -> observe(behavior));
        }

        private void observe(Named behavior) {
            awaited.begins();
            callUnserved(observation, input);
            observation.adapt(behavior.adapter());
            Thread.interrupted(); // the flag that a candidate left set is not meant for comparators and publishers
            if (awaited.comesBack(observation) && ending.arrived() && !callerWaits) {
                ending.finish();
            }
        }
    }
}
