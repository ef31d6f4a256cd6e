package dev.scientist.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.DoubleSupplier;
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
        Interval at(long hits, long trials);
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
                if (!look.at(hits, n).contains(rate)) {
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
    void theMismatchRateStaysInsideHoweverOftenOneLooks() {
        for (double rate : new double[] {0.5, 0.05, 0.002}) {
            double missed = missed(rate, 150, 600, (hits, n) -> Intervals.anytimeRate(hits, n, ALPHA));

            assertThat(missed).as("rate %s, seed %d", rate, SEED).isLessThanOrEqualTo(allowed(150));
        }
    }

    /** The same with very many sequences: only the one question is asked that the interval answers. */
    @Test
    void theMismatchRateStaysInsideInManyLongSequences() {
        for (double rate : new double[] {0.5, 0.01, 0.0005}) {
            Random random = new Random(SEED);
            int sequences = 1_500;
            int missed = 0;
            for (int sequence = 0; sequence < sequences; sequence++) {
                long hits = 0;
                for (int n = 1; n <= 2_000; n++) {
                    hits += random.nextDouble() < rate ? 1 : 0;
                    if (!Intervals.anytimeRateHolds(rate, hits, n, ALPHA)) {
                        missed++;
                        break;
                    }
                }
            }
            assertThat((double) missed / sequences)
                    .as("rate %s, seed %d", rate, SEED)
                    .isLessThanOrEqualTo(allowed(1_500));
        }
    }

    @Test
    void theIntervalForOneLookDoesNotSurviveMany() {
        double missed = missed(0.5, 60, 600, (hits, n) -> Intervals.exactRate(hits, n, ALPHA));

        assertThat(missed).as("seed %d", SEED).isGreaterThan(2 * ALPHA);
    }

    @Test
    void theTimeRatioStaysInsideForEvenAndForSkewedTimes() {
        Random random = new Random(SEED);
        assertTimesCovered(random::nextGaussian, 0, "normal");
        // the logarithm of an exponential time: skewed to the left, with minus Euler's constant as its mean
        assertTimesCovered(
                () -> Math.log(-Math.log(1 - random.nextDouble())), -0.577_215_664_901_532_9, "log-exponential");
        // usually nothing, now and then a pause
        assertTimesCovered(() -> random.nextInt(20) == 0 ? 3 : 0.1 * random.nextGaussian(), 0.15, "pauses");
    }

    private static void assertTimesCovered(DoubleSupplier logRatio, double truth, String what) {
        int sequences = 1_000;
        int missed = 0;
        for (int sequence = 0; sequence < sequences; sequence++) {
            double sum = 0;
            double squares = 0;
            for (int n = 1; n <= 3_000; n++) {
                double next = logRatio.getAsDouble();
                sum += next;
                squares += next * next;
                if (n >= CandidateEvidence.FEWEST_TIMES) {
                    double variance = Math.max(0, squares - sum * sum / n) / (n - 1);
                    if (!Intervals.anytimeMean(n, sum / n, variance, ALPHA).contains(truth)) {
                        missed++;
                        break;
                    }
                }
            }
        }
        assertThat((double) missed / sequences).as("%s, seed %d", what, SEED).isLessThanOrEqualTo(allowed(sequences));
    }

    @Test
    void theMedianStaysInsideForAnyDistribution() {
        Random random = new Random(SEED);
        int sequences = 100;
        int missed = 0;
        for (int sequence = 0; sequence < sequences; sequence++) {
            TimeHistogram times = new TimeHistogram();
            for (int n = 1; n <= 400; n++) {
                // of 1,000 ns half the time and less else, now and then very long
                times.add((long) (1_000 * Math.exp(Math.abs(random.nextGaussian()) * (random.nextBoolean() ? 4 : -1))));
                if (n % 5 == 0
                        && !times.snapshot().medianNanos(ALPHA).interval().contains(1_000)) {
                    missed++;
                    break;
                }
            }
        }
        assertThat((double) missed / sequences).as("seed %d", SEED).isLessThanOrEqualTo(allowed(sequences));
    }
}
