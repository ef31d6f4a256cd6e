package dev.scientist.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scientist.Drop;
import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.Gate;
import dev.scientist.Operation;
import dev.scientist.Scientist;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {

    private static final long SEED = Long.getLong("scientist.seed", 20_261_124L);
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final GateLab lab = new GateLab();

    @AfterEach
    void close() {
        lab.close();
    }

    private Experiment<Integer> experiment(Gate gate) {
        return lab.experiment("test", gate);
    }

    private static int run(Experiment<Integer> experiment) {
        return experiment.run(() -> 1, () -> 1);
    }

    private static void runFailing(Experiment<Integer> experiment) {
        experiment.run(() -> 1, () -> {
            throw new IllegalStateException("candidate");
        });
    }

    private static void runMismatching(Experiment<Integer> experiment) {
        experiment.run(() -> 1, () -> 2);
    }

    private void runTaking(Experiment<Integer> experiment, long control, long candidate) {
        experiment.run(
                () -> {
                    lab.now += control;
                    return 1;
                },
                () -> {
                    lab.now += candidate;
                    return 1;
                });
    }

    private void assertOpen(Experiment<Integer> experiment, String reason) {
        assertThat(experiment.gateStatus()).isEqualTo("circuit breaker OPEN (" + reason + ")");
        assertThat(experiment.isGateShut()).isTrue();
        assertThat(lab.sampled(experiment, 3)).isZero();
    }

    private void assertClosed(Experiment<Integer> experiment) {
        assertThat(experiment.gateStatus()).isEqualTo("circuit breaker CLOSED");
        assertThat(experiment.isGateShut()).isFalse();
        assertThat(lab.sampled(experiment, 3)).isEqualTo(3);
    }

    @Test
    void failuresInARowOpenIt() {
        Experiment<Integer> experiment = experiment(Gates.circuitBreaker().build());
        for (int i = 0; i < 4; i++) {
            runFailing(experiment);
        }
        run(experiment);
        for (int i = 0; i < 4; i++) {
            runFailing(experiment);
        }
        assertClosed(experiment);

        for (int i = 0; i < 5; i++) {
            runFailing(experiment);
        }
        assertOpen(experiment, "5 failures in a row");
        assertThat(lab.statuses).containsExactly("test: circuit breaker OPEN (5 failures in a row)");
    }

    @Test
    void whatTheControlThrowsTooIsNoFailure() {
        Experiment<Integer> experiment =
                experiment(Gates.circuitBreaker().failuresInARow(1).build());
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> experiment.run(
                            () -> {
                                throw new IllegalStateException("both");
                            },
                            () -> {
                                throw new IllegalStateException("both");
                            }))
                    .hasMessage("both");
        }

        assertClosed(experiment);
    }

    @Test
    void anIgnoredFailureIsNone() {
        Experiment<Integer> experiment = lab.scientist
                .<Integer>experiment("test")
                .gate(Gates.circuitBreaker().failuresInARow(1).build())
                .ignoreWhere("known", run -> run.candidate().threw())
                .build();
        runFailing(experiment);

        assertClosed(experiment);
    }

    @Test
    void aShareOfFailuresInAWindowOpensIt() {
        Experiment<Integer> experiment =
                experiment(Gates.circuitBreaker().failureRate(0.3).window(10).build());
        // two of ten are too few, window after window
        for (int i = 0; i < 5; i++) {
            runFailing(experiment);
            for (int j = 0; j < 8; j++) {
                run(experiment);
            }
            runFailing(experiment);
        }
        assertThat(experiment.gateStatus()).endsWith("CLOSED");

        runFailing(experiment);
        run(experiment);
        runFailing(experiment);
        run(experiment);
        runFailing(experiment);
        assertOpen(experiment, "3 failures in a window of 10 runs");
    }

    @Test
    void aShareOfMismatchesInAWindowOpensIt() {
        Experiment<Integer> experiment =
                experiment(Gates.circuitBreaker().mismatchRate(0.2).window(10).build());
        runMismatching(experiment);
        run(experiment);
        assertThat(experiment.gateStatus()).endsWith("CLOSED");
        runMismatching(experiment);

        assertOpen(experiment, "2 mismatches in a window of 10 runs");
    }

    @Test
    void mismatchesAloneDoNotUnlessAskedFor() {
        Experiment<Integer> experiment = experiment(Gates.circuitBreaker().build());
        for (int i = 0; i < 1_000; i++) {
            runMismatching(experiment);
        }

        assertClosed(experiment);
    }

    @Test
    void slownessOverAWholeWindowOpensIt() {
        Experiment<Integer> experiment =
                experiment(Gates.circuitBreaker().slowDown(2).window(10).build());
        // one slow run in a window that is not slow
        runTaking(experiment, 100_000, 500_000);
        for (int i = 0; i < 9; i++) {
            runTaking(experiment, 100_000, 150_000);
        }
        assertThat(experiment.gateStatus()).endsWith("CLOSED");

        for (int i = 0; i < 10; i++) {
            assertThat(experiment.gateStatus()).endsWith("CLOSED");
            runTaking(experiment, 100_000, 210_000);
        }
        assertOpen(experiment, "candidate took 2.10 ms, control 1.00 ms, in 10 runs");
    }

    @Test
    void timeLimitsHitOpenIt() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        try (Scientist scientist = Scientist.builder().publisher(result -> {}).build()) {
            Experiment<Boolean> experiment = scientist
                    .<Boolean>experiment("hanging")
                    .gate(Gates.circuitBreaker().timeLimitsHit(2).build())
                    .execution(Execution.concurrent(Duration.ofMillis(5)))
                    .build();
            for (int i = 0; i < 2; i++) {
                CountDownLatch begun = new CountDownLatch(1);
                experiment.run(() -> begun.await(20, TimeUnit.SECONDS), () -> {
                    begun.countDown();
                    never.await();
                    return true;
                });
            }
            experiment.run(() -> true, () -> {
                throw new AssertionError("the gate is closed");
            });

            assertThat(experiment.gateStatus()).isEqualTo("circuit breaker OPEN (2 time limits hit in 2 runs)");
            assertThat(experiment.counts().started()).isEqualTo(2);
        }
    }

    @Test
    void afterTheWaitAGoodTrialClosesIt() {
        Experiment<Integer> experiment = experiment(Gates.circuitBreaker()
                .failuresInARow(1)
                .retryAfter(Duration.ofMinutes(1))
                .build());
        runFailing(experiment);
        lab.now += MINUTE - 1;
        assertOpen(experiment, "1 failures in a row");

        lab.now += 1;
        run(experiment);
        assertClosed(experiment);
        assertThat(lab.statuses)
                .containsExactly(
                        "test: circuit breaker OPEN (1 failures in a row)",
                        "test: circuit breaker HALF_OPEN (1 failures in a row)",
                        "test: circuit breaker CLOSED");
    }

    @Test
    void aBadTrialOpensItForAnotherWait() {
        Experiment<Integer> experiment =
                experiment(Gates.circuitBreaker().failuresInARow(3).build());
        for (int i = 0; i < 3; i++) {
            runFailing(experiment);
        }
        lab.now += MINUTE;
        runFailing(experiment);
        assertOpen(experiment, "3 failures in a row");
        lab.now += MINUTE - 1;
        assertOpen(experiment, "3 failures in a row");
        lab.now += 1;
        run(experiment);

        assertClosed(experiment);
    }

    @Test
    void aTrialThatMismatchesOrIsSlowIsBadWhereThatIsLimited() {
        Experiment<Integer> mismatching = lab.experiment(
                "mismatching", Gates.circuitBreaker().mismatchRate(1).window(1).build());
        runMismatching(mismatching);
        lab.now += MINUTE;
        runMismatching(mismatching);
        assertThat(mismatching.gateStatus()).contains(" OPEN ");

        Experiment<Integer> slow = lab.experiment(
                "slow", Gates.circuitBreaker().slowDown(3).window(1).build());
        runTaking(slow, 1_000, 3_001);
        assertThat(slow.gateStatus()).contains(" OPEN ");
        lab.now += MINUTE;
        runTaking(slow, 1_000, 3_001);
        assertThat(slow.gateStatus()).contains(" OPEN ");
        lab.now += MINUTE;
        runTaking(slow, 1_000, 3_000);
        assertThat(slow.gateStatus()).endsWith("CLOSED");
    }

    @Test
    void aTrialThatMismatchesOrIsSlowIsGoodWhereThatIsNotLimited() {
        Experiment<Integer> experiment =
                experiment(Gates.circuitBreaker().failuresInARow(1).build());
        runFailing(experiment);
        lab.now += MINUTE;
        runMismatching(experiment);
        assertClosed(experiment);

        runFailing(experiment);
        lab.now += MINUTE;
        runTaking(experiment, 1, 1_000_000);
        assertClosed(experiment);
    }

    @Test
    void failuresInARowAreCountedAnewWhenItCloses() {
        Experiment<Integer> experiment =
                experiment(Gates.circuitBreaker().failuresInARow(3).build());
        for (int i = 0; i < 3; i++) {
            runFailing(experiment);
        }
        lab.now += MINUTE;
        run(experiment);
        runFailing(experiment);
        runFailing(experiment);
        assertThat(experiment.gateStatus()).isEqualTo("circuit breaker CLOSED");

        runFailing(experiment);
        assertOpen(experiment, "3 failures in a row");
    }

    @Test
    void oneTrialAtATimeAndAnotherIfNothingIsHeardOfIt() {
        Experiment<Integer> experiment = lab.scientist
                .<Integer>experiment("test")
                .gate(Gates.circuitBreaker().failuresInARow(1).build())
                .snapshot(value -> {
                    if (value == 13) {
                        throw new IllegalStateException("snapshot");
                    }
                    return value;
                })
                .build();
        runFailing(experiment);
        lab.now += MINUTE;

        experiment.run(() -> 13, () -> 13);
        assertThat(lab.drops).containsExactly(Drop.SNAPSHOT_FAILED);
        assertThat(experiment.gateStatus()).isEqualTo("circuit breaker HALF_OPEN (1 failures in a row)");
        assertThat(lab.sampled(experiment, 3)).isZero();

        lab.now += MINUTE;
        assertThat(lab.sampled(experiment, 3)).isEqualTo(3);
        assertThat(experiment.gateStatus()).endsWith("CLOSED");
    }

    @Test
    void whatWasCountedBeforeItOpenedIsForgottenWhenItCloses() {
        Experiment<Integer> experiment =
                experiment(Gates.circuitBreaker().failureRate(0.2).window(10).build());
        runFailing(experiment);
        run(experiment);
        runFailing(experiment);
        lab.now += MINUTE;
        run(experiment);
        runFailing(experiment);

        assertClosed(experiment);
    }

    @Test
    void aRunThatEndsWhileItIsOpenChangesNothing() {
        Experiment<Integer> experiment =
                experiment(Gates.circuitBreaker().failuresInARow(1).build());
        experiment.run(() -> 1, () -> {
            // another run fails and opens it while this one is under way
            Thread other = new Thread(() -> runFailing(experiment));
            other.start();
            other.join();
            return 1;
        });

        assertThat(lab.results).extracting(result -> result.matched()).containsExactly(false, true);
        assertOpen(experiment, "1 failures in a row");
        assertThat(lab.statuses).containsExactly("test: circuit breaker OPEN (1 failures in a row)");
    }

    /** The clock is looked at between what the breaker saw and what it makes of that. */
    @Test
    void ofTwoThatAskForTheTrialAtOnceOneIsLetThrough() {
        List<String> trials = new ArrayList<>();
        AtomicLong now = new AtomicLong();
        AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
        try (Scientist scientist = Scientist.builder()
                .publisher(result -> {})
                .clock(() -> {
                    meanwhile.getAndSet(() -> {}).run();
                    return now.get();
                })
                .build()) {
            Experiment<Integer> experiment = scientist
                    .<Integer>experiment("test")
                    .gate(Gates.circuitBreaker().failuresInARow(1).build())
                    .build();
            runFailing(experiment);
            now.addAndGet(MINUTE);
            meanwhile.set(() -> experiment.run(() -> 1, () -> {
                trials.add("of the other");
                throw new IllegalStateException("candidate");
            }));
            experiment.run(() -> 1, () -> {
                trials.add("of the first");
                return 1;
            });

            assertThat(trials).containsExactly("of the other");
            assertThat(experiment.gateStatus()).isEqualTo("circuit breaker OPEN (1 failures in a row)");
        }
    }

    @Test
    void eachExperimentHasItsOwnEvenOfTheDefaultGate() {
        try (Scientist scientist = Scientist.builder()
                .publisher(result -> {})
                .defaultGate(Gates.circuitBreaker().failuresInARow(1).build())
                .build()) {
            Experiment<Integer> one = scientist.<Integer>experiment("one").build();
            Experiment<Integer> two = scientist.<Integer>experiment("two").build();
            runFailing(one);

            assertThat(one.gateStatus()).contains(" OPEN ");
            assertThat(two.gateStatus()).endsWith("CLOSED");
            assertThat(one.toBuilder("three").build().gateStatus()).endsWith("CLOSED");
        }
    }

    @Test
    void aPublisherThatFailsToHearOfItIsReported() {
        Error failure = new LinkageError("publisher");
        Experiment<Integer> experiment = lab.scientist
                .<Integer>experiment("test")
                .gate(Gates.circuitBreaker().failuresInARow(1).build())
                .publisher(new dev.scientist.Publisher() {
                    @Override
                    public void publish(dev.scientist.Result<?> result) {}

                    @Override
                    public void gateChanged(Experiment<?> changed, String status) {
                        throw failure;
                    }
                })
                .build();
        runFailing(experiment);

        assertOpen(experiment, "1 failures in a row");
        assertThat(lab.operations).containsExactly(Operation.NOTIFY);
        assertThat(lab.failures.get(0)).isSameAs(failure);
    }

    /** Against a model that keeps all and looks at it afresh after each run. */
    @Test
    void itOpensExactlyWhenALimitIsReached() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 300; i++) {
            int inARow = random.nextInt(1, 8);
            double failureRate = random.nextDouble(0.05, 1);
            double mismatchRate = random.nextDouble(0.05, 1);
            int window = random.nextInt(1, 30);
            double failing = random.nextDouble(0.7);
            Experiment<Integer> experiment = lab.experiment(
                    "test " + i,
                    Gates.circuitBreaker()
                            .failuresInARow(inARow)
                            .failureRate(failureRate)
                            .mismatchRate(mismatchRate)
                            .window(window)
                            .build());
            int row = 0;
            int runs = 0;
            int failures = 0;
            int mismatches = 0;
            boolean open = false;
            for (int run = 0; run < 100 && !open; run++) {
                double what = random.nextDouble();
                if (what < failing) {
                    runFailing(experiment);
                    row++;
                    failures++;
                    mismatches++;
                } else if (what < failing + 0.1) {
                    runMismatching(experiment);
                    row = 0;
                    mismatches++;
                } else {
                    run(experiment);
                    row = 0;
                }
                runs++;
                open = row >= inARow || failures >= failureRate * window || mismatches >= mismatchRate * window;
                assertThat(experiment.gateStatus())
                        .as("case %d, run %d, seed %d", i, run, SEED)
                        .contains(open ? " OPEN " : "CLOSED");
                if (runs == window) {
                    runs = failures = mismatches = 0;
                }
            }
        }
    }

    @Test
    void settingsThatCannotBeAreErrorsThatNameThem() {
        assertThatThrownBy(() -> Gates.circuitBreaker().failuresInARow(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("circuit breaker: failures in a row must be from 1 to 10000, not 0");
        assertThatThrownBy(() -> Gates.circuitBreaker().failureRate(0))
                .hasMessage("circuit breaker: failure rate must be above 0 and at most 1, not 0.0");
        assertThatThrownBy(() -> Gates.circuitBreaker().mismatchRate(Double.NaN))
                .hasMessage("circuit breaker: mismatch rate must be above 0 and at most 1, not NaN");
        assertThatThrownBy(() -> Gates.circuitBreaker().timeLimitsHit(-1)).hasMessageContaining("time limits hit");
        assertThatThrownBy(() -> Gates.circuitBreaker().slowDown(0)).hasMessageContaining("slow-down");
        assertThatThrownBy(() -> Gates.circuitBreaker().slowDown(Double.POSITIVE_INFINITY))
                .hasMessage("circuit breaker: slow-down must be a number above 0, not Infinity");
        assertThatThrownBy(() -> Gates.circuitBreaker().failureRate(1.01)).hasMessageContaining("failure rate");
        assertThatThrownBy(() -> Gates.circuitBreaker().retryAfter(Duration.ofSeconds(-1)))
                .hasMessageContaining("retry after");
        assertThatThrownBy(() -> Gates.circuitBreaker().retryAfter(Duration.ofDays(366)))
                .hasMessageContaining("at most 365 days");
        assertThatThrownBy(() -> Gates.circuitBreaker().window(10_001)).hasMessageContaining("window");
        assertThatThrownBy(() -> Gates.circuitBreaker().retryAfter(Duration.ZERO))
                .hasMessage("circuit breaker: retry after must be above zero and at most 365 days, not PT0S");
        assertThatCode(() -> Gates.circuitBreaker().window(10_000).retryAfter(Duration.ofDays(365)))
                .doesNotThrowAnyException();
    }
}
