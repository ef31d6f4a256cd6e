package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Callers on several threads, every execution, candidates that throw, dawdle or are never started, and a scientist that
 * is closed in the midst of it: the callers see their controls only, and every run ends exactly once.
 *
 * <p>What it found in the first engine: a run was counted neither as published nor as dropped when {@code close()}
 * returned, once in some thousand rounds: a thread had taken it from the queue and not yet said that it was at it.
 *
 * <p>{@code -Dscientist.seed} repeats one series of rounds, {@code -Dscientist.stress.rounds} makes it longer.
 */
@Tag("campaign")
class EveryModeStressTest {

    private static final int ROUNDS = Integer.getInteger("scientist.stress.rounds", 200);
    private static final long SEED = Long.getLong("scientist.seed", System.nanoTime());
    private static final int CALLERS = 3;
    private static final int CALLS = 300;

    @Test
    void everyRunEndsOnceAndNoCallerNotices() throws InterruptedException {
        SplittableRandom rounds = new SplittableRandom(SEED);
        for (int i = 0; i < ROUNDS; i++) {
            new Round("seed " + SEED + ", round " + i, rounds.split()).run();
        }
        System.out.printf("every mode: %,d rounds of %,d calls, -Dscientist.seed=%d%n", ROUNDS, CALLERS * CALLS, SEED);
    }

    private static final class Round {
        private final String label;
        private final SplittableRandom random;
        private final Told told = new Told();
        private final Queue<String> noticed = new ConcurrentLinkedQueue<>();
        private final ExecutorService own = Executors.newFixedThreadPool(2);
        private final List<Experiment<Integer>> experiments = new ArrayList<>();
        private final Scientist scientist;

        Round(String label, SplittableRandom random) {
            this.label = label;
            this.random = random;
            scientist = Scientist.builder()
                    .publisher(told)
                    .failureHandler((experiment, operation, failure) -> {})
                    .queueCapacity(1 + random.nextInt(50))
                    .workers(1 + random.nextInt(3))
                    .closeLimit(Duration.ofMillis(random.nextInt(30)))
                    .build();
            define("inline", Execution.inline());
            define("background", Execution.background());
            define("short limit", Execution.background().timeLimit(Duration.ofMillis(2)));
            define("concurrent", Execution.concurrent(Duration.ofMillis(2)));
            define("own executor", Execution.background().on(own).timeLimit(Duration.ofMillis(3)));
            define(
                    "concurrent on own",
                    Execution.concurrent(Duration.ofMillis(1)).on(own));
            define("runs it on the caller", Execution.background().on(Runnable::run));
            define("forgets", Execution.background().on(task -> {}).timeLimit(Duration.ofMillis(5)));
        }

        private void define(String name, Execution execution) {
            experiments.add(
                    scientist.<Integer>experiment(name).execution(execution).build());
        }

        void run() throws InterruptedException {
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                SplittableRandom choices = random.split();
                Thread caller = new Thread(() -> call(choices));
                callers.add(caller);
                caller.start();
            }
            boolean closeInTheMidst = random.nextBoolean();
            if (closeInTheMidst) {
                callers.get(0).join(random.nextInt(1, 20));
                scientist.close();
            }
            for (Thread caller : callers) {
                caller.join();
            }
            scientist.close();
            own.shutdownNow();

            assertThat(noticed).as("%s, what callers noticed", label).isEmpty();
            long started = 0;
            for (Experiment<?> experiment : scientist.experiments()) {
                Counts counts = experiment.counts();
                assertThat(counts.published() + counts.droppedInAll())
                        .as("%s, %s, %s", label, experiment, counts)
                        .isEqualTo(counts.started());
                started += counts.started();
            }
            // counted is what has ended; a publisher may still be about to be told, once the close limit is over
            long ends;
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while ((ends = told.published.get() + told.dropped.get()) < started && deadline - System.nanoTime() > 0) {
                Thread.onSpinWait();
            }
            assertThat(ends).as("%s, told publishers", label).isEqualTo(started);
            for (Experiment<?> experiment : scientist.experiments()) {
                // candidates that were given up may still be asleep
                while (!experiment.bulkhead.isIdle() && deadline - System.nanoTime() > 0) {
                    Thread.onSpinWait();
                }
                assertThat(experiment.bulkhead.isIdle())
                        .as("%s, %s, permits", label, experiment)
                        .isTrue();
            }
        }

        private void call(SplittableRandom choices) {
            for (int i = 0; i < CALLS; i++) {
                Call call = new Call(i, choices);
                try {
                    call.check(call.run(experiments.get(choices.nextInt(experiments.size()))), null);
                } catch (Throwable thrown) {
                    call.check(null, thrown);
                }
            }
        }

        private final class Call {
            private final Integer value;
            private final RuntimeException error = new RuntimeException("the control's own");
            private final boolean controlThrows;
            private final boolean candidateThrows;
            private final int candidateSleeps;
            private final int form;
            private final boolean completes;
            private final AtomicInteger controlRuns = new AtomicInteger();

            Call(int number, SplittableRandom choices) {
                value = 1_000 + number;
                controlThrows = choices.nextInt(20) == 0;
                candidateThrows = choices.nextInt(10) == 0;
                candidateSleeps = choices.nextInt(300) == 0 ? 4 : 0;
                form = choices.nextInt(4);
                completes = choices.nextBoolean();
            }

            private Integer control() {
                controlRuns.incrementAndGet();
                if (controlThrows) {
                    throw error;
                }
                return value;
            }

            private Integer candidate() throws Exception {
                if (candidateSleeps > 0) {
                    Thread.sleep(candidateSleeps); // what it does, not what the test waits for
                }
                if (candidateThrows) {
                    throw new Exception("the candidate's own");
                }
                return value;
            }

            Integer run(Experiment<Integer> experiment) {
                return switch (form) {
                    case 0 -> experiment.run(this::control, this::candidate);
                    case 1 -> experiment.run(this, Call::control, Call::candidate);
                    case 2 ->
                        experiment
                                .control(this::control)
                                .candidate("a", this::candidate)
                                .candidate("b", () -> 2)
                                .run();
                    default -> runAsync(experiment);
                };
            }

            private Integer runAsync(Experiment<Integer> experiment) {
                CompletableFuture<Integer> stage = new CompletableFuture<>();
                CompletableFuture<Integer> returned = experiment.runAsync(
                        () -> {
                            control();
                            return stage;
                        },
                        () -> CompletableFuture.completedFuture(value));
                if (completes) {
                    stage.complete(value);
                }
                return returned == stage ? value : null;
            }

            void check(Integer returned, Throwable thrown) {
                if (returned != (controlThrows ? null : value)
                        || thrown != (controlThrows ? error : null)
                        || controlRuns.get() != 1) {
                    noticed.add("form " + form + ": returned " + returned + ", threw " + thrown + ", control ran "
                            + controlRuns + " times");
                }
            }
        }
    }
}
