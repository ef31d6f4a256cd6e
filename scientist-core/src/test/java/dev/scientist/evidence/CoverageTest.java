package dev.scientist.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Plays a team that looks at its numbers after every single run and would stop at the first look that suits it. The
 * truth must stay inside the interval at every look, in all but alpha of the sequences. The last test shows that this is
 * no matter of course: the interval made for one look fails it.
 */
class CoverageTest {

    private static final long SEED = Long.getLong("scientist.seed", 20_240_607L);
    private static final double ALPHA = 0.05;

    private interface Look {
        boolean isWrong(long hits, long trials);
    }

    /** The part of the sequences in which the truth was outside at any look. */
    private static double missed(double rate, int sequences, int looks, Look look) {
        Random random = new Random(SEED);
        int missed = 0;
        for (int sequence = 0; sequence < sequences; sequence++) {
            long hits = 0;
            for (int n = 1; n <= looks; n++) {
                if (random.nextDouble() < rate) {
                    hits++;
                }
                if (look.isWrong(hits, n)) {
                    missed++;
                    break;
                }
            }
        }
        return (double) missed / sequences;
    }

    /** Three standard deviations, so that another seed does as well. */
    private static double allowed(int sequences) {
        return ALPHA + 3 * Math.sqrt(ALPHA * (1 - ALPHA) / sequences);
    }

    @Test
    void theRateStaysInsideHoweverOftenOneLooks() {
        for (double rate : new double[] {0.5, 0.05, 0.002}) {
            double missed = missed(
                    rate,
                    150,
                    600,
                    (hits, n) -> !Intervals.anytimeRate(hits, n, ALPHA).contains(rate));

            assertThat(missed).as("rate %s, seed %d", rate, SEED).isLessThanOrEqualTo(allowed(150));
        }
    }

    /** Very many sequences: only the one question is asked that the bound answers. */
    @Test
    void theRateStaysOnItsSideOfEitherBoundInManyLongSequences() {
        for (double rate : new double[] {0.5, 0.99, 0.01, 0.0005}) {
            double above = missed(rate, 1_000, 2_000, (hits, n) -> Intervals.isBelow(rate, hits, n, ALPHA));
            double below = missed(rate, 1_000, 2_000, (hits, n) -> Intervals.isAbove(rate, hits, n, ALPHA));

            assertThat(above).as("rate %s, seed %d", rate, SEED).isLessThanOrEqualTo(allowed(1_000));
            assertThat(below).as("rate %s, seed %d", rate, SEED).isLessThanOrEqualTo(allowed(1_000));
        }
    }

    @Test
    void theIntervalForOneLookDoesNotSurviveMany() {
        double missed = missed(
                0.5, 60, 600, (hits, n) -> !Intervals.exactRate(hits, n, ALPHA).contains(0.5));

        assertThat(missed).as("seed %d", SEED).isGreaterThan(2 * ALPHA);
    }

    @Test
    void aQuantileStaysInsideForAnyDistribution() {
        for (double part : new double[] {0.5, 0.95}) {
            Random random = new Random(SEED);
            int sequences = 100;
            int missed = 0;
            for (int sequence = 0; sequence < sequences; sequence++) {
                TimeHistogram times = new TimeHistogram();
                for (int n = 1; n <= 400; n++) {
                    // less than 1,000 ns in so many runs, now and then very long
                    boolean below = random.nextDouble() < part;
                    times.add((long) (1_000 * Math.exp(Math.abs(random.nextGaussian()) * (below ? -1 : 4))));
                    if (n % 5 == 0
                            && !times.snapshot()
                                    .quantileNanos(part, ALPHA)
                                    .interval()
                                    .contains(1_000)) {
                        missed++;
                        break;
                    }
                }
            }
            assertThat((double) missed / sequences)
                    .as("%s, seed %d", part, SEED)
                    .isLessThanOrEqualTo(allowed(sequences));
        }
    }
}
