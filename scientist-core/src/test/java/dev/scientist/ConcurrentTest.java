package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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

        assertThat(experiment.run(() -> 1, () -> {
                    ranOn.set(Thread.currentThread());
                    return 2;
                }))
                .isEqualTo(1);

        assertThat(lab.outcome()).isEqualTo(Outcome.MISMATCHED);
        assertThat(publishedOn).hasValue(Thread.currentThread());
        assertThat(ranOn.get()).isNotNull().isNotSameAs(Thread.currentThread());
    }

    /**
     * What was seen: candidates that were given up before any worker was free stayed in the workers' queue, and when that
     * was full, further runs were refused as if the executor had failed.
     */
    @Test
    void whatIsGivenUpBeforeItStartedLeavesTheQueue() throws InterruptedException {
        Lab narrow = new Lab(settings -> settings.workers(1).queueCapacity(2));
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
                .execution(Execution.concurrent(Duration.ofMillis(1)))
                .build();
        for (int i = 0; i < 10; i++) {
            assertThat(experiment.run(() -> 1, () -> 1)).isEqualTo(1);
        }

        assertThat(narrow.failures).isEmpty();
        assertThat(experiment.counts().published()).isEqualTo(10);
        end.countDown();
        narrow.close();
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

    @Test
    void aCandidateThatNeverGetsAThreadIsAbandonedToo() {
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.concurrent(Duration.ofMillis(5)).on(task -> {}))
                .build();

        assertThat(experiment.run(() -> 1, () -> 1)).isEqualTo(1);

        assertThat(lab.outcome()).isEqualTo(Outcome.ABANDONED);
    }

    @Test
    void whoeverIsDoneInTimeIsComparedThoughAnotherIsNot() throws InterruptedException {
        CountDownLatch hanging = new CountDownLatch(1);
        try (Lab own = new Lab(settings -> settings.workers(1).closeLimit(Duration.ZERO))) {
            // one thread: that the second candidate is at it says that the first one is done
            own.<Integer>experiment()
                    .execution(Execution.concurrent(Duration.ofMillis(5)))
                    .build()
                    .control(() -> hanging.await(20, TimeUnit.SECONDS) ? 1 : 0)
                    .candidate("quick", () -> 1)
                    .candidate("hangs", () -> {
                        hanging.countDown();
                        new CountDownLatch(1).await();
                        return 1;
                    })
                    .run();
            assertThat(own.result().comparisons())
                    .extracting(comparison -> comparison.candidate().name() + " " + comparison.outcome())
                    .containsExactly("quick MATCHED", "hangs ABANDONED");
        }
    }

    @Test
    void whatTheControlThrowsIsThrownOnceAllIsPublished() {
        IllegalStateException failure = new IllegalStateException("control");

        assertThatThrownBy(() -> experiment(LONG)
                        .run(
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

        assertThat(experiment.run(() -> 1, () -> 1)).isEqualTo(1);
        assertThatThrownBy(() -> experiment.run(() -> 1, () -> 2))
                .isInstanceOf(MismatchError.class)
                .hasMessageContaining("control returned 1, candidate returned 2");
    }

    @Test
    void theUsersOwnErrorIsRaisedWithWhatTheControlThrew() {
        IllegalArgumentException error = new IllegalArgumentException("mismatch");
        IllegalStateException failure = new IllegalStateException("control");
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.concurrent(LONG))
                .raiseOnMismatch(result -> error)
                .build();

        assertThatThrownBy(() -> experiment.run(
                        () -> {
                            throw failure;
                        },
                        () -> 1))
                .isSameAs(error);
        assertThat(error.getSuppressed()).containsExactly(failure);
        assertThat(lab.result().mismatched()).isTrue();
    }

    /** A candidate that was given up is no mismatch: nothing is known about it. */
    @Test
    void anAbandonedCandidateRaisesNothing() {
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.concurrent(Duration.ofMillis(5)).on(task -> {}))
                .raiseOnMismatch(true)
                .build();

        assertThat(experiment.run(() -> 1, () -> 2)).isEqualTo(1);

        assertThat(lab.outcome()).isEqualTo(Outcome.ABANDONED);
        assertThat(lab.result().mismatched()).isFalse();
    }

    @Test
    void whateverTheCandidateThrowsIsObserved() {
        for (Throwable thrown : List.of(
                new StackOverflowError(), new OutOfMemoryError(), new LinkageError(), new InterruptedException())) {
            lab.results.clear();
            assertThat(lab.scientist
                            .<Integer>experiment("throws " + thrown)
                            .execution(Execution.concurrent(LONG))
                            .build()
                            .run(() -> 1, () -> {
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

    /** An interrupt is a wish that the caller stop waiting: it does so at once, and sees the interrupt. */
    @Test
    void anInterruptEndsTheWaitAndIsStillPending() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        Experiment<Integer> experiment = experiment(LONG);
        AtomicReference<Object> seen = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            int value = experiment.run(() -> 1, () -> {
                started.countDown();
                new CountDownLatch(1).await();
                return 1;
            });
            seen.set(value + " interrupted " + Thread.currentThread().isInterrupted());
        });
        caller.start();
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
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
        CountDownLatch started = new CountDownLatch(1);
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.concurrent(LONG))
                .publisher(result -> Thread.interrupted())
                .afterRun(result -> Thread.interrupted())
                .build();
        AtomicReference<Boolean> seen = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            experiment.run(() -> 1, () -> {
                started.countDown();
                new CountDownLatch(1).await();
                return 1;
            });
            seen.set(Thread.currentThread().isInterrupted());
        });
        caller.start();
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
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
        Experiment<Integer> experiment = closed.<Integer>experiment()
                .execution(Execution.concurrent(Duration.ofHours(1)))
                .build();
        CountDownLatch started = new CountDownLatch(1);
        AtomicReference<Integer> value = new AtomicReference<>();
        Thread caller = new Thread(() -> value.set(experiment.run(() -> 1, () -> {
            started.countDown();
            new CountDownLatch(1).await();
            return 2;
        })));
        caller.start();
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        while (caller.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        closed.close();
        caller.join();

        assertThat(value).hasValue(1);
        assertThat(experiment.counts().dropped()).containsOnlyKeys(Drop.CLOSED);
    }

    @Test
    void aFullQueueLetsTheControlRunAlone() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        try (Lab small = new Lab(settings -> settings.queueCapacity(1))) {
            Experiment<Integer> background = small.scientist
                    .<Integer>experiment("background")
                    .execution(Execution.background())
                    .build();
            Experiment<Integer> concurrent = small.<Integer>experiment()
                    .execution(Execution.concurrent(LONG))
                    .build();
            background.run(() -> 1, () -> {
                release.await();
                return 1;
            });

            assertThat(concurrent.run(() -> 1, () -> 2)).isEqualTo(1);

            assertThat(concurrent.counts().dropped()).containsEntry(Drop.SHED, 1L);
            release.countDown();
        }
    }
}
