package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Executors of users: whatever they do with what they are handed, the caller is served and every run ends. */
@Timeout(30)
class ExecutorsTest {

    private final Lab lab = new Lab();

    @AfterEach
    void close() {
        lab.close();
    }

    private Experiment<Integer> on(Executor executor) {
        return lab.<Integer>experiment()
                .execution(Execution.background().on(executor).timeLimit(Duration.ofSeconds(1)))
                .build();
    }

    private static void assertDropped(Experiment<?> experiment, long runs) {
        assertThat(experiment.counts().dropped()).containsOnlyKeys(Drop.REJECTED);
        assertThat(experiment.counts().droppedInAll())
                .isEqualTo(experiment.counts().started())
                .isEqualTo(runs);
    }

    @Test
    void oneThatThrowsAnythingDropsTheRun() {
        Error failure = new OutOfMemoryError("unable to create native thread");
        Experiment<Integer> experiment = on(task -> {
            throw failure;
        });

        assertThat(experiment.run(() -> 1, () -> 2)).isEqualTo(1);

        lab.assertOnlyFailure(Operation.EXECUTE, failure);
        assertDropped(experiment, 1);
    }

    @Test
    void oneThatIsShutDownDropsTheRun() {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        pool.shutdown();
        Experiment<Integer> experiment = on(pool);

        assertThat(experiment.run(() -> 1, () -> 2)).isEqualTo(1);

        assertThat(lab.failedOperations()).containsExactly(Operation.EXECUTE);
        assertThat(lab.failures.get(0).throwable()).isInstanceOf(RejectedExecutionException.class);
        assertDropped(experiment, 1);
    }

    @Test
    void oneThatRunsItsTasksAtOnceIsRefusedThat() {
        AtomicBoolean ran = new AtomicBoolean();
        Experiment<Integer> experiment = on(Runnable::run);

        assertThat(experiment.run(() -> 1, () -> {
                    ran.set(true);
                    return 1;
                }))
                .isEqualTo(1);

        assertThat(ran).isFalse();
        assertThat(lab.failedOperations()).containsExactly(Operation.EXECUTE);
        assertThat(lab.failures.get(0).throwable()).hasMessageContaining("on the caller's thread");
        assertDropped(experiment, 1);
    }

    /** As an event loop is, or a pool that its own threads help while they wait. */
    @Test
    void oneThatTheControlPumpsIsRefusedThat() {
        Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.concurrent(Duration.ofHours(1)).on(tasks::add))
                .build();

        assertThat(experiment.run(
                        () -> {
                            tasks.remove().run();
                            return 1;
                        },
                        () -> {
                            throw new AssertionError("ran inside of the control");
                        }))
                .isEqualTo(1);

        assertThat(lab.failures.get(0).throwable()).hasMessageContaining("on the caller's thread");
        assertDropped(experiment, 1);
    }

    /** Once the caller is out of the experiment, its loop may do what it wants. */
    @Test
    void theCallersOwnThreadMayRunTheCandidateLater() {
        Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        Experiment<Integer> experiment = on(tasks::add);

        experiment.run(() -> 1, () -> 1);
        tasks.remove().run();

        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
    }

    @Test
    void aCallerRunsPolicyDoesNotHoldUpTheCaller() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                1, 1, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1), new ThreadPoolExecutor.CallerRunsPolicy());
        try {
            Experiment<Integer> experiment = on(pool);
            for (int i = 0; i < 10; i++) {
                // were one of them run here, it would never return
                assertThat(experiment.run(() -> 1, () -> {
                            release.await();
                            return 1;
                        }))
                        .isEqualTo(1);
            }
            release.countDown();
            lab.close();

            assertThat(experiment.counts().published()).isEqualTo(2);
            assertThat(experiment.counts().dropped())
                    .containsOnlyKeys(Drop.REJECTED)
                    .containsEntry(Drop.REJECTED, 8L);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void oneThatForgetsItsTasksDoesNotKeepTheRunOpenForEver() {
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.background().on(task -> {}).timeLimit(Duration.ofMillis(5)))
                .build();

        assertThat(experiment.run(() -> 1, () -> 2)).isEqualTo(1);
        // closing waits for the run: it is looked for every second
        lab.close();

        assertDropped(experiment, 1);
        assertThat(lab.failures.get(0).throwable()).hasMessageContaining("did not start");
    }

    /**
     * Symptom: what an executor refused stayed in the set of what closing has to end, run after run: a pool that was
     * shut down before its scientist made the heap grow without end. Rule: who hands over takes back what was refused.
     */
    @Test
    void whatIsRefusedIsNotKept() {
        Executor refusing = task -> {
            throw new RejectedExecutionException("full");
        };
        Experiment<Integer> experiment = on(refusing);
        for (int i = 0; i < 100; i++) {
            experiment.run(() -> 1, () -> 2);
        }

        assertDropped(experiment, 100);
        assertThat(experiment.bulkhead.isIdle()).isTrue();
    }

    @Test
    void oneThatRunsATaskTwiceHasItRunOnce() throws InterruptedException {
        AtomicReference<Runnable> handed = new AtomicReference<>();
        Experiment<Integer> experiment = on(handed::set);
        AtomicReference<Integer> ran = new AtomicReference<>(0);
        experiment.run(() -> 1, () -> ran.updateAndGet(times -> times + 1));
        for (int i = 0; i < 2; i++) {
            Thread thread = new Thread(handed.get());
            thread.start();
            thread.join();
        }

        assertThat(ran).hasValue(1);
        assertThat(experiment.counts().published() + experiment.counts().droppedInAll())
                .isLessThanOrEqualTo(1);
    }

    /**
     * Symptom: a task that was run again while its candidate was at it took the new thread for the candidate's, so that
     * the time limit interrupted a thread that had nothing to do with it, and the candidate hung on. Rule: a task
     * belongs to the first thread that runs it.
     */
    @Test
    void oneThatRunsATaskTwiceDoesNotKeepTheInterruptFromTheCandidate() throws InterruptedException {
        Queue<Runnable> handed = new ConcurrentLinkedQueue<>();
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.background().on(handed::add).timeLimit(Duration.ofMillis(200)))
                .build();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        experiment.run(() -> 1, () -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } finally {
                interrupted.countDown();
            }
            return 1;
        });
        Runnable task = handed.remove();
        Thread first = new Thread(task);
        first.start();
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        Thread second = new Thread(task);
        second.start();
        second.join();

        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        first.join();
        handed.forEach(finish -> new Thread(finish).start());
    }

    @Test
    void theScientistsExecutorServesAllExperiments() {
        AtomicReference<String> thread = new AtomicReference<>();
        ExecutorService pool = Executors.newSingleThreadExecutor(task -> new Thread(task, "the user's"));
        try (Lab own = new Lab(settings -> settings.executor(pool))) {
            own.<Integer>experiment().execution(Execution.background()).build().run(() -> 1, () -> {
                thread.set(Thread.currentThread().getName());
                return 1;
            });
            own.scientist.close();

            assertThat(own.outcome()).isEqualTo(Outcome.MATCHED);
            assertThat(thread).hasValue("the user's");
            // it is the user's: closing the scientist is none of its business
            assertThat(pool.isShutdown()).isFalse();
        } finally {
            pool.shutdownNow();
        }
    }

    /** The example of the README; by reflection, since the library is compiled for JDK 17. */
    @Test
    void virtualThreadsDoWell() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads need JDK 21");
        ExecutorService virtual = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        try {
            Experiment<Integer> experiment = lab.<Integer>experiment()
                    .execution(Execution.background().on(virtual))
                    .queueCapacity(500)
                    .build();
            AtomicBoolean isVirtual = new AtomicBoolean();
            for (int i = 0; i < 500; i++) {
                experiment.run(() -> 1, () -> {
                    isVirtual.set((boolean) Thread.class.getMethod("isVirtual").invoke(Thread.currentThread()));
                    TimeUnit.MICROSECONDS.sleep(10);
                    return 1;
                });
            }
            lab.close();

            assertThat(isVirtual).isTrue();
            assertThat(experiment.counts().published()).isEqualTo(500);
            assertThat(lab.failures).isEmpty();
        } finally {
            virtual.shutdownNow();
        }
    }

    /** A virtual thread may call, too. */
    @Test
    void virtualThreadsMayBeTheCallers() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads need JDK 21");
        AtomicReference<Integer> value = new AtomicReference<>();
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.concurrent(Duration.ofSeconds(20)))
                .build();
        Thread caller = (Thread) Thread.class
                .getMethod("startVirtualThread", Runnable.class)
                .invoke(null, (Runnable) () -> value.set(Lab.together(experiment, () -> 1, () -> 1)));
        caller.join();

        assertThat(value).hasValue(1);
        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
    }

    /** More of them than there are carriers, each of which waits for another: a lock held while one blocks would stop all. */
    @Test
    void virtualThreadsMayBeBoth() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads need JDK 21");
        int callers = 100;
        ExecutorService virtual = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        try {
            Experiment<Integer> experiment = lab.<Integer>experiment()
                    .execution(Execution.concurrent(Duration.ofSeconds(20)).on(virtual))
                    .build();
            CountDownLatch begun = new CountDownLatch(callers);
            CountDownLatch ended = new CountDownLatch(callers);
            for (int i = 0; i < callers; i++) {
                virtual.execute(() -> {
                    experiment.run(
                            () -> {
                                Lab.await(begun);
                                return 1;
                            },
                            () -> {
                                begun.countDown();
                                Lab.await(begun);
                                return 1;
                            });
                    ended.countDown();
                });
            }
            Lab.await(ended);

            assertThat(experiment.counts().published()).isEqualTo(callers);
        } finally {
            virtual.shutdownNow();
        }
    }
}
