package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Candidates meanwhile on other threads, for a caller who waits for them. */
@Timeout(30)
class ConcurrentTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final Lab lab = new Lab();

    @AfterEach
    void close() {
        lab.close();
    }

    private Experiment<Integer> experiment(Duration timeLimit) {
        return lab.<Integer>experiment()
                .execution(Execution.concurrent(timeLimit))
                .build();
    }

    @Test
    void theResultIsPublishedOnTheCallersThreadBeforeItReturns() {
        AtomicReference<Thread> publishedOn = new AtomicReference<>();
        AtomicReference<Thread> ranOn = new AtomicReference<>();
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.concurrent(LONG))
                .afterRun(result -> publishedOn.set(Thread.currentThread()))
                .build();

        assertThat(Lab.together(experiment, () -> 1, () -> {
                    ranOn.set(Thread.currentThread());
                    return 2;
                }))
                .isEqualTo(1);

        assertThat(lab.outcome()).isEqualTo(Outcome.MISMATCHED);
        assertThat(publishedOn).hasValue(Thread.currentThread());
        assertThat(ranOn.get()).isNotNull().isNotSameAs(Thread.currentThread());
    }

    /** Candidates of callers who wait have threads of their own: what is busy in the background does not keep them waiting. */
    @Test
    void busyWorkersKeepNobodyWaiting() throws InterruptedException {
        Lab narrow = new Lab(settings -> settings.workers(1));
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        narrow.scientist
                .<Integer>experiment("busy")
                .execution(Execution.background())
                .build()
                .run(() -> 1, () -> {
                    busy.countDown();
                    end.await();
                    return 1;
                });
        busy.await();
        Experiment<Integer> experiment = narrow.<Integer>experiment()
                .execution(Execution.concurrent(LONG))
                .build();
        for (int i = 0; i < 10; i++) {
            assertThat(Lab.together(experiment, () -> 1, () -> 1)).isEqualTo(1);
        }

        assertThat(narrow.failures).isEmpty();
        assertThat(experiment.counts().published()).isEqualTo(10);
        end.countDown();
        narrow.close();
    }

    /** As many candidates as callers are at work at once; who comes when no thread is free does not wait for one. */
    @Test
    void sixteenCallersEachHaveAThreadAndTheNextOneIsShed() throws InterruptedException {
        Experiment<Integer> experiment = experiment(Duration.ofHours(1));
        CountDownLatch begun = new CountDownLatch(16);
        CountDownLatch end = new CountDownLatch(1);
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            Thread caller = new Thread(() -> experiment.run(() -> spinUntil(begun), () -> {
                begun.countDown();
                Lab.await(end);
                return 1;
            }));
            callers.add(caller);
            caller.start();
        }
        Lab.await(begun);

        assertThat(experiment.run(() -> 1, () -> {
                    throw new AssertionError("has a thread");
                }))
                .isEqualTo(1);
        // another experiment still has threads
        Experiment<Integer> other = lab.scientist
                .<Integer>experiment("other")
                .execution(Execution.concurrent(Duration.ofHours(1)))
                .build();
        CountDownLatch otherBegun = new CountDownLatch(1);
        other.run(() -> spinUntil(otherBegun), () -> {
            otherBegun.countDown();
            return 1;
        });
        assertThat(other.counts().published()).isEqualTo(1);
        end.countDown();
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(experiment.counts()).isEqualTo(new Counts(17, 16, Map.of(Drop.SHED, 1L)));
    }

    /**
     * All threads of the executor are callers, as in a parallel stream on the common pool. Were a caller to wait for a
     * candidate that has not begun, all would wait for one another, here for an hour.
     */
    @Test
    void callersWhoAreTheExecutorsOwnThreadsDoNotWaitForOneAnother() {
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.concurrent(Duration.ofHours(1)).on(ForkJoinPool.commonPool()))
                .build();

        int sum = IntStream.range(0, 200)
                .parallel()
                .map(i -> experiment.run(i, ConcurrentTest::slowly, ConcurrentTest::slowly))
                .sum();

        assertThat(sum).isEqualTo(199 * 100);
        Counts counts = experiment.counts();
        assertThat(counts.started()).isEqualTo(200);
        assertThat(counts.published() + counts.dropped().getOrDefault(Drop.SHED, 0L))
                .isEqualTo(200);
    }

    private static int slowly(int i) {
        try {
            TimeUnit.MILLISECONDS.sleep(1);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return i;
    }

    @Test
    void controlAndCandidatesRunAtTheSameTime() throws InterruptedException {
        CountDownLatch control = new CountDownLatch(1);
        CountDownLatch candidate = new CountDownLatch(1);

        // each waits for the other: one after the other they would never end
        experiment(LONG).run(() -> meet(control, candidate), () -> meet(candidate, control));

        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
    }

    private static int meet(CountDownLatch mine, CountDownLatch other) throws InterruptedException {
        mine.countDown();
        return other.await(20, TimeUnit.SECONDS) ? 1 : 0;
    }

    @Test
    void theCallerWaitsNoLongerThanTheTimeLimit() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);

        // the control ends once the candidate has started: on a busy machine that may take longer than the limit
        assertThat(experiment(Duration.ofMillis(20)).run(() -> started.await(20, TimeUnit.SECONDS) ? 1 : 0, () -> {
                    started.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        interrupted.countDown();
                    }
                    return 1;
                }))
                .isEqualTo(1);

        assertThat(lab.outcome()).isEqualTo(Outcome.ABANDONED);
        assertThat(lab.comparison().candidate().nanos()).isPositive();
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
    }

    /** The time limit is an hour: who is not given up is waited for. */
    @Test
    void aCandidateThatHasNotBegunWhenTheControlIsDoneIsGivenUp() {
        List<Runnable> waiting = new ArrayList<>();
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.concurrent(Duration.ofHours(1)).on(waiting::add))
                .build();

        assertThat(experiment.run(() -> 1, () -> {
                    throw new AssertionError("begun after it was given up");
                }))
                .isEqualTo(1);
        waiting.forEach(Runnable::run);

        assertThat(experiment.counts()).isEqualTo(new Counts(1, 0, Map.of(Drop.SHED, 1L)));
        assertThat(lab.results.drops()).isEqualTo(Map.of(Drop.SHED, 1L));
        assertThat(lab.failures).isEmpty();
        assertThat(experiment.bulkhead.isIdle()).isTrue();
    }

    @Test
    void oneOfSeveralThatHasNotBegunIsEnoughToGiveUpTheRun() {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicInteger handed = new AtomicInteger();
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.concurrent(Duration.ofHours(1)).on(task -> {
                    if (handed.getAndIncrement() == 0) {
                        new Thread(task).start();
                    }
                }))
                .build();

        experiment
                .control(() -> {
                    Lab.await(begun);
                    return 1;
                })
                .candidate("begins", () -> {
                    begun.countDown();
                    return 1;
                })
                .candidate("waits", () -> 1)
                .run();

        assertThat(experiment.counts()).isEqualTo(new Counts(1, 0, Map.of(Drop.SHED, 1L)));
    }

    /** A control that is always shorter than the hand-over: nothing would ever be compared, and nobody would know why. */
    @Test
    void thatTheControlIsAlwaysDoneFirstIsSaidOnce() {
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.concurrent(Duration.ofHours(1)).on(task -> {}))
                .build();

        for (int i = 0; i < 999; i++) {
            experiment.run(() -> 1, () -> 1);
        }
        assertThat(lab.failures).isEmpty();
        for (int i = 0; i < 2_000; i++) {
            experiment.run(() -> 1, () -> 1);
        }

        assertThat(lab.failedOperations()).containsExactly(Operation.EXECUTE);
        assertThat(lab.failures.get(0).throwable())
                .hasMessageContaining("'test'")
                .hasMessageContaining("inline or in the background");
        assertThat(experiment.counts().dropped()).isEqualTo(Map.of(Drop.SHED, 2_999L));
    }

    @Test
    void nothingIsSaidWhereACandidateHasBegunInTime() {
        AtomicInteger handed = new AtomicInteger();
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.concurrent(LONG).on(task -> {
                    if (handed.getAndIncrement() == 0) {
                        new Thread(task).start();
                    }
                }))
                .build();
        assertThat(Lab.together(experiment, () -> 1, () -> 1)).isEqualTo(1);

        for (int i = 0; i < 2_000; i++) {
            experiment.run(() -> 1, () -> 1);
        }

        assertThat(lab.failures).isEmpty();
    }

    @Test
    void whoeverIsDoneInTimeIsComparedThoughAnotherIsNot() {
        CountDownLatch begun = new CountDownLatch(2);
        experiment(Duration.ofMillis(500))
                .control(() -> {
                    Lab.await(begun);
                    return 1;
                })
                .candidate("quick", () -> {
                    begun.countDown();
                    return 1;
                })
                .candidate("hangs", () -> {
                    begun.countDown();
                    new CountDownLatch(1).await();
                    return 1;
                })
                .run();

        assertThat(lab.result().comparisons())
                .extracting(comparison -> comparison.candidate().name() + " " + comparison.outcome())
                .containsExactly("quick MATCHED", "hangs ABANDONED");
    }

    @Test
    void whatTheControlThrowsIsThrownOnceAllIsPublished() {
        IllegalStateException failure = new IllegalStateException("control");

        assertThatThrownBy(() -> Lab.together(
                        experiment(LONG),
                        () -> {
                            throw failure;
                        },
                        () -> 1))
                .isSameAs(failure);

        assertThat(lab.result().control().throwable()).isSameAs(failure);
    }

    @Test
    void aMismatchIsRaisedWhereAskedFor() {
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.concurrent(LONG))
                .raiseOnMismatch(true)
                .build();

        assertThat(Lab.together(experiment, () -> 1, () -> 1)).isEqualTo(1);
        assertThatThrownBy(() -> Lab.together(experiment, () -> 1, () -> 2))
                .isInstanceOf(MismatchError.class)
                .hasMessageContaining("control returned 1, candidate returned 2");
    }

    @Test
    void theUsersOwnErrorIsRaisedWithWhatTheControlThrew() {
        IllegalArgumentException error = new IllegalArgumentException("mismatch");
        IllegalStateException failure = new IllegalStateException("control");
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.concurrent(LONG))
                .raiseOnMismatch(true)
                .mismatchError(result -> error)
                .build();

        assertThatThrownBy(() -> Lab.together(
                        experiment,
                        () -> {
                            throw failure;
                        },
                        () -> 1))
                .isSameAs(error);
        assertThat(error.getSuppressed()).containsExactly(failure);
        assertThat(lab.result().mismatched()).isTrue();
    }

    @Test
    void anAbandonedCandidateIsRaised() {
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.concurrent(Duration.ofMillis(5)))
                .raiseOnMismatch(true)
                .build();

        assertThatThrownBy(() -> Lab.together(experiment, () -> 1, () -> {
                    new CountDownLatch(1).await();
                    return 2;
                }))
                .isInstanceOf(MismatchError.class)
                .hasMessage("experiment 'test': control returned 1, candidate was abandoned");

        assertThat(lab.outcome()).isEqualTo(Outcome.ABANDONED);
        assertThat(lab.result().mismatched()).isFalse();
    }

    @Test
    void whateverTheCandidateThrowsIsObserved() {
        for (Throwable thrown : List.of(
                new StackOverflowError(), new OutOfMemoryError(), new LinkageError(), new InterruptedException())) {
            lab.results.clear();
            Experiment<Integer> experiment = lab.scientist
                    .<Integer>experiment("throws " + thrown)
                    .execution(Execution.concurrent(LONG))
                    .build();
            assertThat(Lab.together(experiment, () -> 1, () -> {
                        throw thrown;
                    }))
                    .isEqualTo(1);

            assertThat(lab.comparison().candidate().throwable()).isSameAs(thrown);
            // a candidate's interrupt is its own thread's
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
        assertThat(lab.failures).isEmpty();
    }

    @Test
    void anExecutorThatRefusesDropsTheRunAndNobodyWaits() {
        RejectedExecutionException refusal = new RejectedExecutionException("full");
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.concurrent(Duration.ofHours(1)).on(task -> {
                    throw refusal;
                }))
                .build();

        assertThat(experiment.run(() -> 1, () -> 2)).isEqualTo(1);

        lab.assertOnlyFailure(Operation.EXECUTE, refusal);
        assertThat(experiment.counts().dropped()).containsOnlyKeys(Drop.REJECTED);
    }

    @Test
    void anExecutorThatRunsItsTasksAtOnceIsRefusedThat() {
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.concurrent(Duration.ofHours(1)).on(Runnable::run))
                .build();

        assertThat(experiment.run(() -> 1, () -> {
                    throw new AssertionError("ran on the caller's thread");
                }))
                .isEqualTo(1);

        assertThat(experiment.counts().dropped()).containsOnlyKeys(Drop.REJECTED);
        assertThat(lab.failedOperations()).containsExactly(Operation.EXECUTE);
    }

    /** As in the background: candidates that ignore the interrupt are bounded, and meanwhile the control runs alone. */
    @Test
    void stuckCandidatesLeadToSheddingUntilTheyReturn() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        Experiment<Integer> experiment = experiment(Duration.ofMillis(1));
        for (int i = 0; i < Bulkhead.MAX_STUCK; i++) {
            CountDownLatch begun = new CountDownLatch(1);
            experiment.run(() -> begun.await(20, TimeUnit.SECONDS) ? 1 : 0, () -> {
                begun.countDown();
                while (release.getCount() > 0) {
                    Thread.onSpinWait();
                }
                return 1;
            });
        }
        assertThat(experiment.counts().published()).isEqualTo(Bulkhead.MAX_STUCK);

        assertThat(experiment.run(() -> 1, () -> {
                    throw new AssertionError("one more");
                }))
                .isEqualTo(1);
        assertThat(experiment.counts().dropped()).isEqualTo(Map.of(Drop.SHED, 1L));

        release.countDown();
        while (experiment.counts().published() == Bulkhead.MAX_STUCK) {
            experiment.run(() -> 1, () -> 1);
        }
        assertThat(lab.results.results())
                .first()
                .matches(result -> result.comparisons().get(0).outcome() == Outcome.ABANDONED);
    }

    /** For a control that waits for its candidate to begin, in such a way that it is not taken for a caller who waits. */
    private static int spinUntil(CountDownLatch begun) {
        while (begun.getCount() > 0) {
            Thread.yield();
        }
        return 1;
    }

    private static void awaitWaiting(Thread caller) {
        while (caller.getState() != Thread.State.TIMED_WAITING) {
            Thread.yield();
        }
    }

    /** An interrupt is a wish that the caller stop waiting: it does so at once, and sees the interrupt. */
    @Test
    void anInterruptEndsTheWaitAndIsStillPending() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        Experiment<Integer> experiment = experiment(LONG);
        AtomicReference<Object> seen = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            int value = experiment.run(() -> spinUntil(begun), () -> {
                begun.countDown();
                new CountDownLatch(1).await();
                return 1;
            });
            seen.set(value + " interrupted " + Thread.currentThread().isInterrupted());
        });
        caller.start();
        awaitWaiting(caller);
        caller.interrupt();
        caller.join();

        assertThat(seen).hasValue("1 interrupted true");
        assertThat(lab.outcome()).isEqualTo(Outcome.ABANDONED);
    }

    /**
     * Symptom: an interrupt that arrived while the caller waited was lost when a publisher cleared the flag, since only
     * what was pending when the control ended was put back. Rule: what is pending when the waiting is over is the
     * caller's.
     */
    @Test
    void anInterruptThatEndsTheWaitCannotBeSwallowed() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.concurrent(LONG))
                .publisher(result -> Thread.interrupted())
                .afterRun(result -> Thread.interrupted())
                .build();
        AtomicReference<Boolean> seen = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            experiment.run(() -> spinUntil(begun), () -> {
                begun.countDown();
                new CountDownLatch(1).await();
                return 1;
            });
            seen.set(Thread.currentThread().isInterrupted());
        });
        caller.start();
        awaitWaiting(caller);
        caller.interrupt();
        caller.join();

        assertThat(seen).hasValue(true);
    }

    @Test
    void anInterruptThatWasPendingBeforeIsSeenByTheControl() {
        Thread.currentThread().interrupt();
        boolean seen = lab.<Boolean>experiment()
                .execution(Execution.concurrent(LONG))
                .build()
                .run(() -> Thread.currentThread().isInterrupted(), () -> true);

        assertThat(seen).isTrue();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void anInterruptInTheControlIsTheCallersToo() {
        int value = experiment(LONG)
                .run(
                        () -> {
                            Thread.currentThread().interrupt();
                            return 1;
                        },
                        () -> 1);

        assertThat(value).isEqualTo(1);
        assertThat(Thread.interrupted()).isTrue();
    }

    /**
     * Symptom: a scientist that was closed dropped the run of a caller who waited for its candidate, and left the caller
     * waiting for the whole time limit. Rule: whoever drops a run wakes who waits for it.
     */
    @Test
    void closingLetsACallerGoWhoWaits() throws InterruptedException {
        Lab closed = new Lab(settings -> settings.closeLimit(Duration.ZERO));
        CountDownLatch begun = new CountDownLatch(1);
        Experiment<Integer> experiment = closed.<Integer>experiment()
                .execution(Execution.concurrent(Duration.ofHours(1)))
                .build();
        AtomicReference<Integer> value = new AtomicReference<>();
        Thread caller = new Thread(() -> value.set(experiment.run(() -> spinUntil(begun), () -> {
            begun.countDown();
            new CountDownLatch(1).await();
            return 2;
        })));
        caller.start();
        awaitWaiting(caller);
        closed.close();
        caller.join();

        assertThat(value).hasValue(1);
        assertThat(experiment.counts().dropped()).containsOnlyKeys(Drop.CLOSED);
    }

    @Test
    void whereAsManyAreUnderWayAsMayBeTheControlRunsAlone() throws InterruptedException {
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.concurrent(LONG))
                .queueCapacity(1)
                .build();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Thread other = new Thread(() -> experiment.run(
                () -> {
                    Lab.await(begun);
                    return 1;
                },
                () -> {
                    begun.countDown();
                    Lab.await(release);
                    return 1;
                }));
        other.start();
        Lab.await(begun);

        assertThat(experiment.run(() -> 1, () -> 2)).isEqualTo(1);
        release.countDown();
        other.join();

        assertThat(experiment.counts()).isEqualTo(new Counts(2, 1, Map.of(Drop.SHED, 1L)));
    }
}
