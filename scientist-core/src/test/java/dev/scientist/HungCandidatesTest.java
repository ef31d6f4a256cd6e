package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A candidate that hangs, always, and does not care for interrupts. */
@Timeout(60)
class HungCandidatesTest {

    private static final int RUNS = 10_000;
    private static final int WORKERS = 2;

    @Test
    void tenThousandOfThemLeaveThreadsBoundedAndCallersServed() {
        CountDownLatch release = new CountDownLatch(1);
        Lab lab = new Lab(settings -> settings.workers(WORKERS).closeLimit(Duration.ofSeconds(20)));
        Experiment<Integer> background = lab.scientist
                .<Integer>experiment("background")
                .execution(Execution.background().timeLimit(Duration.ofMillis(1)))
                .build();
        Experiment<Integer> concurrent = lab.scientist
                .<Integer>experiment("concurrent")
                .execution(Execution.concurrent(Duration.ofMillis(1)))
                .build();
        int threadsBefore = Thread.activeCount();
        int most = 0;
        for (int i = 0; i < RUNS; i++) {
            Experiment<Integer> experiment = i % 2 == 0 ? background : concurrent;
            int value = i;
            assertThat(experiment.run(() -> value, () -> {
                        while (release.getCount() > 0) {
                            Thread.onSpinWait();
                            Thread.yield();
                        }
                        return value;
                    }))
                    .isEqualTo(value);
            most = Math.max(most, Thread.activeCount());
        }

        // the workers, those in place of stuck ones, those of callers who wait, and the one that sweeps
        int stuck = 2 * Bulkhead.MAX_STUCK;
        assertThat(most - threadsBefore).isLessThanOrEqualTo(WORKERS + stuck + Pool.MAX_CONCURRENT + stuck + 1);
        assertThat(background.counts().dropped()).containsKey(Drop.SHED);

        release.countDown();
        lab.close();
        for (Experiment<?> experiment : lab.scientist.experiments()) {
            Counts counts = experiment.counts();
            assertThat(counts.started()).isEqualTo(RUNS / 2);
            assertThat(counts.published() + counts.droppedInAll())
                    .as("%s", counts)
                    .isEqualTo(counts.started());
        }
    }
}
