package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * However a run ends, each of its permits is given back exactly once, and nothing is still kept as under way. Ends are:
 * candidates that return, throw, or return past their limit; stages that complete, fail, are cancelled, or never
 * complete; snapshots that fail; executors that refuse, forget, run a task twice or on the caller's thread; closing.
 *
 * <p>{@code -Dscientist.seed} repeats a series.
 */
@Tag("campaign")
@Timeout(120)
class PermitsPropertyTest {

    private static final long SEED = Long.getLong("scientist.seed", System.nanoTime());
    private static final int ROUNDS = Integer.getInteger("scientist.permits.rounds", 300);
    private static final int RUNS = 60;

    private final ExecutorService pool = Executors.newFixedThreadPool(3);

    @Test
    void everyPermitIsGivenBackOnce() throws InterruptedException {
        SplittableRandom rounds = new SplittableRandom(SEED);
        try {
            for (int i = 0; i < ROUNDS; i++) {
                round("-Dscientist.seed=" + SEED + ", round " + i, rounds.split());
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private void round(String label, SplittableRandom random) throws InterruptedException {
        Lab lab = new Lab(settings -> settings.workers(1 + random.nextInt(4))
                .queueCapacity(1 + random.nextInt(20))
                .closeLimit(Duration.ofMillis(random.nextInt(20))));
        SplittableRandom candidates = random.split();
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(execution(random))
                .baseline((request, input) -> (Integer) input % 3 == 0)
                .snapshot(value -> {
                    if (value % 17 == 0) {
                        throw new IllegalStateException("snapshot of a value");
                    }
                    return value;
                })
                .snapshotInput(Integer.class, input -> {
                    if (input % 19 == 0) {
                        throw new IllegalStateException("snapshot of an input");
                    }
                    return input;
                })
                .build();
        for (int i = 1; i <= RUNS; i++) {
            int value = i;
            int candidate = candidates.nextInt(20);
            if (random.nextInt(4) == 0) {
                runAsync(experiment, value, candidate);
            } else {
                assertThat(experiment.run(value, input -> input, input -> candidate(candidate)))
                        .isEqualTo(value);
            }
        }
        lab.close();

        // candidates that were given up may not be back
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while ((!experiment.bulkhead.isIdle() || experiment.bulkhead.isBlocked()) && deadline - System.nanoTime() > 0) {
            Thread.sleep(1);
        }
        Counts counts = experiment.counts();
        assertThat(experiment.bulkhead.isIdle()).as("%s: %s", label, counts).isTrue();
        assertThat(experiment.bulkhead.isBlocked()).as(label).isFalse();
        assertThat(counts.published() + counts.droppedInAll())
                .as("%s: %s", label, counts)
                .isEqualTo(counts.started())
                .isEqualTo(RUNS);
    }

    private static Integer candidate(int what) throws InterruptedException {
        if (what == 0) {
            throw new IllegalStateException("candidate");
        }
        if (what == 1) {
            Thread.sleep(3); // past its limit, and interrupted
        }
        if (what == 2) {
            long end = System.nanoTime() + Duration.ofMillis(3).toNanos();
            while (System.nanoTime() - end < 0) {
                Thread.onSpinWait(); // past its limit, and not to be interrupted
            }
        }
        return what;
    }

    private void runAsync(Experiment<Integer> experiment, int value, int what) {
        CompletableFuture<Integer> control = new CompletableFuture<>();
        CompletableFuture<Integer> candidate = new CompletableFuture<>();
        CompletableFuture<Integer> returned = experiment.runAsync(value, input -> control, input -> candidate);
        assertThat(returned).isSameAs(control);
        if (what == 3) {
            control.cancel(true);
        } else if (what != 4) {
            control.complete(value);
        }
        if (what == 5) {
            candidate.completeExceptionally(new IllegalStateException("candidate's stage"));
        } else if (what != 6) {
            pool.execute(() -> candidate.complete(what));
        }
    }

    private Execution execution(SplittableRandom random) {
        Duration limit = Duration.ofMillis(1 + random.nextInt(3));
        return switch (random.nextInt(5)) {
            case 0 -> Execution.background().timeLimit(limit);
            case 1 -> Execution.concurrent(limit);
            case 2 -> Execution.background().on(wild(random.split())).timeLimit(limit);
            case 3 -> Execution.concurrent(limit).on(wild(random.split()));
            default -> Execution.inline(); // of which the stages alone need permits
        };
    }

    /** An executor that does what it should, most of the time. */
    private Executor wild(SplittableRandom random) {
        return task -> {
            int what;
            synchronized (random) {
                what = random.nextInt(12);
            }
            switch (what) {
                case 0 -> throw new RejectedExecutionException("full");
                case 1 -> throw new OutOfMemoryError("unable to create native thread");
                case 2 -> {} // forgotten
                case 3 -> task.run();
                case 4 -> {
                    pool.execute(task);
                    pool.execute(task);
                }
                case 5 -> {
                    pool.execute(task);
                    throw new IllegalStateException("accepted, and refused");
                }
                default -> pool.execute(task);
            }
        };
    }
}
