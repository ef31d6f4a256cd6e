package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkersTest {

    private Workers workers = new Workers("test-worker", 2, 10);

    @AfterEach
    void close() {
        workers.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static long threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(name))
                .count();
    }

    @Test
    void threadsAreStartedWhenThereIsWork() {
        // a name of its own: threads of other tests may still be about to end
        workers = new Workers("first-work", 2, 10);
        assertThat(threads("first-work")).isZero();
        CountDownLatch ran = new CountDownLatch(1);
        assertThat(workers.offer(ran::countDown)).isTrue();
        await(ran);
        // it, and the one that looks at the queue while it is at its task
        assertThat(threads("first-work")).isBetween(1L, 2L);
    }

    /**
     * Found by a test that closed a scientist in the midst of hanging candidates, and took 30 seconds, once in a while:
     * the first task was taken before the second was offered, so nobody saw a backlog; the first hung until its time
     * limit, and the second waited for that. Now a thread that takes a task leaves the queue to another.
     */
    @Test
    void aTaskThatHangsDoesNotHoldUpThoseThatComeLater() {
        workers = new Workers("test-worker", 3, 10);
        CountDownLatch release = new CountDownLatch(1);
        for (int i = 0; i < 2; i++) {
            CountDownLatch running = new CountDownLatch(1);
            workers.offer(() -> {
                running.countDown();
                await(release);
            });
            await(running);
        }
        CountDownLatch last = new CountDownLatch(1);
        workers.offer(last::countDown);
        await(last);
        release.countDown();
    }

    @Test
    void aBacklogBringsInTheOthersUpToTheLimit() {
        CountDownLatch both = new CountDownLatch(2);
        Set<Thread> threads = Collections.synchronizedSet(new HashSet<>());
        CountDownLatch all = new CountDownLatch(10);
        for (int i = 0; i < 10; i++) {
            workers.offer(() -> {
                threads.add(Thread.currentThread());
                both.countDown();
                WorkersTest.await(both); // ends only if two threads are at it
                all.countDown();
            });
        }
        await(all);

        assertThat(threads).hasSize(2);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch busy = new CountDownLatch(2);
        Runnable blocking = () -> {
            busy.countDown();
            await(release);
        };
        assertThat(workers.offer(blocking)).isTrue();
        assertThat(workers.offer(blocking)).isTrue();
        await(busy);
        for (int i = 0; i < 10; i++) {
            assertThat(workers.offer(() -> {})).isTrue();
        }

        assertThat(workers.offer(() -> {})).isFalse();
        assertThatThrownBy(() -> workers.execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessage("test-worker has 10 tasks waiting already");
        release.countDown();
    }

    @Test
    void onceClosedItRefusesAndItsThreadsEnd() throws InterruptedException {
        AtomicReference<Thread> thread = new AtomicReference<>();
        CountDownLatch ran = new CountDownLatch(1);
        workers.offer(() -> {
            thread.set(Thread.currentThread());
            ran.countDown();
        });
        await(ran);
        workers.close();

        assertThat(workers.offer(() -> {})).isFalse();
        assertThatThrownBy(() -> workers.execute(() -> {})).hasMessage("test-worker is closed");
        thread.get().join(20_000);
        assertThat(thread.get().isAlive()).isFalse();
    }

    @Test
    void aTaskThatThrowsDoesNotEndTheThread() {
        List<Throwable> uncaught = Collections.synchronizedList(new ArrayList<>());
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> uncaught.add(failure));
        try {
            Error failure = new LinkageError("task");
            AtomicReference<Thread> first = new AtomicReference<>();
            AtomicReference<Thread> second = new AtomicReference<>();
            CountDownLatch ran = new CountDownLatch(1);
            workers = new Workers("test-worker", 1, 10);
            workers.offer(() -> {
                first.set(Thread.currentThread());
                throw failure;
            });
            workers.offer(() -> {
                second.set(Thread.currentThread());
                ran.countDown();
            });
            await(ran);

            assertThat(uncaught).containsExactly(failure);
            assertThat(second.get()).isSameAs(first.get());
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    /** They outlive the caller that happens to start them, so nothing of its is theirs. */
    @Test
    void threadsInheritNothingFromWhoeverStartsThem() throws InterruptedException {
        InheritableThreadLocal<String> inherited = new InheritableThreadLocal<>();
        List<Object> seen = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch ran = new CountDownLatch(1);
        ClassLoader webApp = new ClassLoader(getClass().getClassLoader()) {};
        Thread caller = new Thread(() -> {
            inherited.set("the caller's");
            workers.offer(() -> {
                seen.add(String.valueOf(inherited.get()));
                seen.add(Thread.currentThread().getContextClassLoader());
                seen.add(Thread.currentThread().isDaemon());
                ran.countDown();
            });
        });
        caller.setContextClassLoader(webApp);
        caller.start();
        caller.join();
        await(ran);

        assertThat(seen).containsExactly("null", Workers.class.getClassLoader(), true);
    }

    @Test
    void anInterruptLeftBehindByATaskDoesNotReachTheNext() {
        workers = new Workers("test-worker", 1, 10);
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        CountDownLatch ran = new CountDownLatch(1);
        workers.offer(() -> Thread.currentThread().interrupt());
        workers.offer(() -> {
            interrupted.set(Thread.currentThread().isInterrupted());
            ran.countDown();
        });
        await(ran);

        assertThat(interrupted).hasValue(false);
    }

    /** A thread that has fallen asleep for want of work (it does after a second) is woken by the next task. */
    @Test
    void aThreadThatSleepsIsWoken() throws InterruptedException {
        CountDownLatch first = new CountDownLatch(1);
        AtomicReference<Thread> worker = new AtomicReference<>();
        workers.offer(() -> {
            worker.set(Thread.currentThread());
            first.countDown();
        });
        await(first);
        // it looks around by timed parking of a few milliseconds, and sleeps by waiting on a lock
        while (!List.of(worker.get().getStackTrace()).toString().contains("timedWait")) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        CountDownLatch second = new CountDownLatch(1);
        workers.offer(second::countDown);

        assertThat(second.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void manyProducersAllTasksRunOnce() throws InterruptedException {
        workers = new Workers("test-worker", 3, 1_000);
        AtomicInteger ran = new AtomicInteger();
        AtomicInteger accepted = new AtomicInteger();
        List<Thread> producers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread producer = new Thread(() -> {
                for (int task = 0; task < 50_000; task++) {
                    if (workers.offer(ran::incrementAndGet)) {
                        accepted.incrementAndGet();
                    }
                }
            });
            producers.add(producer);
            producer.start();
        }
        for (Thread producer : producers) {
            producer.join();
        }
        while (ran.get() < accepted.get()) {
            Thread.onSpinWait();
        }
        workers.close();

        assertThat(accepted.get()).isPositive();
        assertThat(ran).hasValue(accepted.get());
    }

    /** Each task is run, or refused, or among those that were left: none is lost between two of these. */
    @Test
    void closingWhileOthersOfferLosesNoTask() throws InterruptedException {
        for (int round = 0; round < 300; round++) {
            Workers closing = new Workers("closing-worker", 2, 100);
            AtomicInteger ran = new AtomicInteger();
            AtomicInteger accepted = new AtomicInteger();
            List<Thread> producers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Thread producer = new Thread(() -> {
                    for (int task = 0; task < 200; task++) {
                        if (closing.offer(ran::incrementAndGet)) {
                            accepted.incrementAndGet();
                        }
                    }
                });
                producers.add(producer);
                producer.start();
            }
            int unfinished = closing.drain().size();
            for (Thread producer : producers) {
                producer.join();
            }
            // one that was accepted in the same moment is still run
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().startsWith("closing-worker")) {
                    thread.join(20_000);
                }
            }

            // one that was being run when it closed is in both
            assertThat(ran.get() + unfinished).as("round %d", round).isBetween(accepted.get(), accepted.get() + 2);
        }
    }

    @Test
    void settingsThatCannotBeAreErrors() {
        assertThatThrownBy(() -> new Workers("w", 0, 1)).hasMessage("threads must be at least 1, not 0");
        assertThatThrownBy(() -> new Workers("w", 1, 0)).hasMessage("capacity must be at least 1, not 0");
        assertThatThrownBy(() -> new Workers(" ", 1, 1)).hasMessageContaining("name of workers");
    }

    /** What was seen: its threads died with the handler, still counted as awake, and no other was started. */
    @Test
    void aHandlerThatThrowsTakesNoThreadFromTheTasksToCome() throws InterruptedException {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            throw new IllegalStateException("the handler's own");
        });
        try {
            CountDownLatch ran = new CountDownLatch(1);
            for (int i = 0; i < 4; i++) {
                workers.execute(() -> {
                    throw new IllegalStateException("the task's");
                });
            }
            workers.execute(ran::countDown);

            assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }
}
