package dev.scientist.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BoundedTest {

    private static final int LIMIT = 2;
    private static final int THREADS = 2;
    private static final int ROUNDS = 200_000;

    /** What was seen, once in some hundred builds: a name that came just as the others' meter was made was one too many. */
    @Test
    void thereAreNeverMoreThanTheLimitAndThatOfOthersHoweverManyThreadsAsk() throws InterruptedException {
        List<AtomicInteger> made = new ArrayList<>();
        List<Bounded<String>> meters = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            AtomicInteger count = new AtomicInteger();
            made.add(count);
            meters.add(new Bounded<>(LIMIT, name -> {
                count.incrementAndGet();
                return name;
            }));
        }
        CountDownLatch together = new CountDownLatch(THREADS);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            String name = "name " + i;
            threads.add(new Thread(() -> {
                together.countDown();
                while (together.getCount() > 0) {
                    Thread.onSpinWait();
                }
                for (Bounded<String> each : meters) {
                    for (int k = 0; k < 3; k++) {
                        each.get(name + k);
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        for (int round = 0; round < ROUNDS; round++) {
            assertThat(made.get(round).get()).as("round %d", round).isEqualTo(LIMIT + 1);
        }
    }

    @Test
    void aNameThatIsThatOfTheOthersIsTheirs() {
        Bounded<Object> meters = new Bounded<>(LIMIT, name -> new Object());

        assertThat(meters.get(Bounded.OTHER)).isSameAs(meters.other());
        assertThat(meters.get("a")).isNotSameAs(meters.other());
        assertThat(meters.get("b")).isNotSameAs(meters.other());
        assertThat(meters.get("c")).isSameAs(meters.other());
        assertThat(meters.get("a")).isSameAs(meters.get("a"));
    }
}
