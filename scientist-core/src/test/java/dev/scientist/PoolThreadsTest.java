package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.publish.BackgroundPublisher;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The library's own threads belong to nobody: what starts them, and what they did before, leaves no trace. */
@Timeout(60)
class PoolThreadsTest {

    private static final InheritableThreadLocal<String> INHERITED = new InheritableThreadLocal<>();

    private static Set<Thread> ourThreads() {
        Set<Thread> ours = new HashSet<>(Thread.getAllStackTraces().keySet());
        ours.removeIf(thread -> !thread.getName().startsWith("scientist-"));
        return ours;
    }

    /** A thread that starts during a caller's call would keep his tenant, and his application's class loader, for ever. */
    @Test
    void theyInheritNeitherThreadLocalsNorClassLoader() throws InterruptedException {
        Set<Thread> others = ourThreads();
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        Runnable look = () -> seen.add(INHERITED.get() == null ? "nothing" : INHERITED.get());
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch published = new CountDownLatch(3);
        ClassLoader callers = new ClassLoader(getClass().getClassLoader()) {};
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Lab lab = new Lab(settings -> settings.publisher(new BackgroundPublisher(result -> {
            look.run();
            published.countDown();
        })));
        INHERITED.set("the caller's");
        Thread.currentThread().setContextClassLoader(callers);
        try {
            Experiment<Integer> background =
                    lab.<Integer>experiment().execution(Execution.background()).build();
            Experiment<Integer> concurrent = background.toBuilder("concurrent")
                    .execution(Execution.concurrent(Duration.ofSeconds(20)))
                    .build();
            for (int i = 0; i < 2; i++) {
                background.run(() -> 1, () -> {
                    look.run();
                    Lab.await(end); // so that there are two threads
                    return 1;
                });
            }
            Lab.together(concurrent, () -> 1, () -> {
                look.run();
                return 1;
            });
            end.countDown();
            Lab.await(published);
        } finally {
            INHERITED.remove();
            Thread.currentThread().setContextClassLoader(before);
        }

        assertThat(seen).hasSize(6).containsOnly("nothing");
        Set<Thread> started = ourThreads();
        started.removeAll(others);
        assertThat(started)
                .extracting(thread -> thread.getName().replaceAll("-[0-9]*$", ""))
                .contains("scientist-worker", "scientist-concurrent", "scientist-sweeper", "scientist-publisher");
        for (Thread thread : started) {
            while (thread.getContextClassLoader() == callers) {
                TimeUnit.MILLISECONDS.sleep(1); // it is about to put back what it had
            }
            assertThat(thread.isDaemon()).as(thread.getName()).isTrue();
        }
        lab.close();
    }

    /**
     * Candidates that end at about their limit, on the threads that others use next: an interrupt that comes late must
     * not hit those.
     */
    @Test
    void anInterruptThatComesLateHitsNobodyElse() throws InterruptedException {
        int rounds = 300;
        AtomicInteger hit = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(rounds);
        try (Lab lab = new Lab(settings -> settings.workers(1).queueCapacity(rounds))) {
            Experiment<Integer> atTheLimit = lab.<Integer>experiment()
                    .execution(Execution.background().timeLimit(Duration.ofMillis(2)))
                    .build();
            Experiment<Integer> next = atTheLimit.toBuilder("next")
                    .execution(Execution.background())
                    .build();
            for (int i = 0; i < rounds; i++) {
                int number = i;
                atTheLimit.run(() -> 1, () -> {
                    long end = System.nanoTime() + 1_500_000 + number % 20 * 100_000;
                    while (System.nanoTime() - end < 0) {
                        Thread.onSpinWait();
                    }
                    return 1;
                });
                CountDownLatch through = new CountDownLatch(1);
                next.run(() -> 1, () -> {
                    try {
                        TimeUnit.MICROSECONDS.sleep(200);
                    } catch (InterruptedException e) {
                        hit.incrementAndGet();
                    }
                    done.countDown();
                    through.countDown();
                    return 1;
                });
                Lab.await(through);
            }
            Lab.await(done);
        }

        assertThat(hit).hasValue(0);
    }

    /** Its threads are idle then, and end after a minute: until that they must not keep its experiments and publishers. */
    @Test
    void aScientistThatIsForgottenAndNotClosedIsCollected() throws InterruptedException {
        WeakReference<Scientist> forgotten = useAndForget();

        while (forgotten.get() != null) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertThat(forgotten.get()).isNull();
    }

    private static WeakReference<Scientist> useAndForget() {
        CountDownLatch published = new CountDownLatch(2);
        Scientist scientist = Scientist.builder()
                .publisher(new BackgroundPublisher(result -> published.countDown()))
                .build();
        scientist
                .<Integer>experiment("background")
                .execution(Execution.background())
                .build()
                .run(() -> 1, () -> 1);
        Experiment<Integer> concurrent = scientist
                .<Integer>experiment("concurrent")
                .execution(Execution.concurrent(Duration.ofSeconds(20)))
                .build();
        Lab.together(concurrent, () -> 1, () -> 1);
        Lab.await(published);
        return new WeakReference<>(scientist);
    }
}
