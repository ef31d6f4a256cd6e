package dev.scientist.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scientist.Experiment;
import dev.scientist.Gate;
import dev.scientist.Scientist;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {

    private static final long SEED = Long.getLong("scientist.seed", 20_261_124L);
    private static final long SECOND = 1_000_000_000L;

    private final GateLab lab = new GateLab();

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void lettingOneThroughMakesTheNextWait() {
        Experiment<Integer> experiment = lab.experiment("test", Gates.atMostPerSecond(4));

        assertThat(lab.sampled(experiment, 3)).isEqualTo(1);
        lab.now += SECOND / 4 - 1;
        assertThat(lab.sampled(experiment, 3)).isZero();
        lab.now += 1;
        assertThat(lab.sampled(experiment, 3)).isEqualTo(1);
        // nothing is saved up
        lab.now += 10 * SECOND;
        assertThat(lab.sampled(experiment, 3)).isEqualTo(1);
    }

    @Test
    void aBurstMayComeAtOnce() {
        Experiment<Integer> experiment = lab.experiment("test", Gates.atMostPerSecond(2, 5));

        assertThat(lab.sampled(experiment, 10)).isEqualTo(5);
        lab.now += SECOND;
        assertThat(lab.sampled(experiment, 10)).isEqualTo(2);
        lab.now += 100 * SECOND;
        assertThat(lab.sampled(experiment, 10)).isEqualTo(5);
    }

    @Test
    void lessThanOneASecondIsOneInSeveral() {
        Experiment<Integer> experiment = lab.experiment("test", Gates.atMostPerSecond(0.1));

        assertThat(lab.sampled(experiment, 2)).isEqualTo(1);
        lab.now += 10 * SECOND - 1;
        assertThat(lab.sampled(experiment, 2)).isZero();
        lab.now += 1;
        assertThat(lab.sampled(experiment, 2)).isEqualTo(1);
    }

    /** Clocks of nanoseconds start anywhere and may pass from the largest number to the smallest. */
    @ParameterizedTest
    @ValueSource(longs = {0, -5 * SECOND, Long.MAX_VALUE - SECOND, Long.MIN_VALUE + 1})
    void theOriginOfTheClockDoesNotMatter(long origin) {
        lab.now = origin;
        Experiment<Integer> experiment = lab.experiment("test", Gates.atMostPerSecond(10, 2));

        int sampled = 0;
        for (int i = 0; i < 300; i++) {
            sampled += lab.sampled(experiment, 2);
            lab.now += SECOND / 100;
        }

        // 2.99 seconds of 10, and one more by the burst; the first comes at once
        assertThat(sampled).isEqualTo(31);
    }

    @Test
    void inAnyStretchOfTimeThereAreNoMoreThanTheRateAndTheBurstAllow() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 200; i++) {
            double rate = Math.exp(random.nextDouble(-2, 8));
            int burst = random.nextInt(1, 20);
            Experiment<Integer> experiment = lab.experiment("test " + i, Gates.atMostPerSecond(rate, burst));
            List<Long> admitted = new ArrayList<>();
            for (int run = 0; run < 300; run++) {
                if (lab.sampled(experiment, 1) == 1) {
                    admitted.add(lab.now);
                }
                lab.now += (long) (random.nextDouble() * random.nextDouble() * 3 * SECOND / rate);
            }
            for (int from = 0; from < admitted.size(); from++) {
                for (int to = from; to < admitted.size(); to++) {
                    double seconds = (admitted.get(to) - admitted.get(from)) / 1e9;
                    assertThat((double) (to - from + 1))
                            .as("rate %s, burst %d, in %s s, seed %d", rate, burst, seconds, SEED)
                            .isLessThanOrEqualTo(seconds * rate + burst + 1e-6);
                }
            }
        }
    }

    @Test
    void manyThreadsTogetherGetNoMore() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try (Scientist scientist =
                Scientist.builder().publisher(result -> {}).clock(() -> 0).build()) {
            Experiment<Integer> experiment = scientist
                    .<Integer>experiment("test")
                    .gate(Gates.atMostPerSecond(1, 1_000))
                    .build();
            Callable<Void> asking = () -> {
                for (int i = 0; i < 10_000; i++) {
                    experiment.run(() -> 1, () -> 1);
                }
                return null;
            };
            for (Future<Void> future :
                    pool.invokeAll(List.of(asking, asking, asking, asking, asking, asking, asking, asking))) {
                future.get();
            }
            assertThat(experiment.counts().started()).isEqualTo(1_000);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void eachExperimentHasItsOwn() {
        Gate shared = Gates.atMostPerSecond(1);
        Experiment<Integer> one = lab.experiment("one", shared);
        Experiment<Integer> two = lab.experiment("two", shared);
        Experiment<Integer> derived = one.toBuilder("three").build();

        assertThat(lab.sampled(one, 2)).isEqualTo(1);
        assertThat(lab.sampled(two, 2)).isEqualTo(1);
        assertThat(lab.sampled(derived, 2)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, 1e9 + 1, Double.POSITIVE_INFINITY})
    void aRateThatCannotBeIsAnError(double rate) {
        assertThatThrownBy(() -> Gates.atMostPerSecond(rate))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("runs per second must be above 0 and at most 1e9, not " + rate);
    }

    @Test
    void extremeRatesDoNotOverflow() {
        Experiment<Integer> never = lab.experiment("never", Gates.atMostPerSecond(Double.MIN_VALUE, Integer.MAX_VALUE));
        Experiment<Integer> always = lab.experiment("always", Gates.atMostPerSecond(1e9));

        assertThat(lab.sampled(never, 100)).isBetween(1, 2);
        for (int i = 0; i < 10; i++) {
            assertThat(lab.sampled(always, 2)).isEqualTo(1);
            lab.now++;
        }
    }

    @Test
    void aBurstBelowOneIsAnError() {
        assertThatThrownBy(() -> Gates.atMostPerSecond(1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("burst must be at least 1, not 0");
    }
}
