package dev.scientist.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class IntervalsTest {

    private static final long SEED = Long.getLong("scientist.seed", 20_240_607L);

    @Test
    void logBetaIsAsInTheTable() {
        for (double[] row : Tables.read("log-beta.csv")) {
            assertThat(Special.logBeta(row[0], row[1]))
                    .as(Arrays.toString(row))
                    .isCloseTo(row[2], within(1e-12 * Math.max(1, Math.abs(row[2]))));
        }
    }

    /** At its ends, and where it is known in closed form: I(x; 1, b) is 1 - (1 - x)^b. */
    @Test
    void incompleteBetaIsThatOfClosedForms() {
        assertThat(Special.incompleteBeta(2, 3, 0, 1)).isZero();
        assertThat(Special.incompleteBeta(2, 3, 1, 0)).isEqualTo(1);
        for (int b = 1; b < 50; b++) {
            for (double x : new double[] {1e-9, 0.01, 0.3, 0.5, 0.7, 0.99}) {
                assertThat(Special.incompleteBeta(1, b, x, 1 - x))
                        .as("%s, %d", x, b)
                        .isCloseTo(-Math.expm1(b * Math.log1p(-x)), within(1e-13));
                assertThat(Special.incompleteBeta(b, 1, x, 1 - x))
                        .as("%s, %d", x, b)
                        .isCloseTo(Math.pow(x, b), within(1e-13));
            }
        }
    }

    @Test
    void logGammaIsThatOfFactorials() {
        double factorials = 0;
        for (int n = 1; n < 200; n++) {
            assertThat(Special.logGamma(n))
                    .as("logGamma(%d)", n)
                    .isCloseTo(factorials, within(1e-13 * (1 + factorials)));
            factorials += Math.log(n);
        }
        assertThat(Special.logGamma(0.5)).isCloseTo(Math.log(Math.PI) / 2, within(1e-14));
    }

    @Test
    void anytimeBoundsAreAsInTheTable() {
        for (double[] row : Tables.read("anytime-bounds.csv")) {
            long hits = (long) row[0];
            long trials = (long) row[1];
            Interval bounds = new Interval(
                    Intervals.anytimeLower(hits, trials, row[2]), Intervals.anytimeUpper(hits, trials, row[2]));

            assertClose(bounds, row[3], row[4], 1e-7, Arrays.toString(row));
            assertThat(Intervals.anytimeRate(hits, trials, 2 * row[2])).isEqualTo(bounds);
        }
    }

    @Test
    void askingForOneRateIsAskingForTheBound() {
        Random random = new Random(SEED);
        for (int i = 0; i < 1_000; i++) {
            long n = 1 + random.nextInt(20_000);
            long k = (long) (n * Math.pow(random.nextDouble(), 4));
            double rate = Math.pow(random.nextDouble(), 3);
            String what = rate + " by " + k + " of " + n + ", seed " + SEED;

            assertThat(Intervals.isBelow(rate, k, n, 0.05))
                    .as(what)
                    .isEqualTo(Intervals.anytimeUpper(k, n, 0.05) < rate);
            assertThat(Intervals.isAbove(rate, k, n, 0.05))
                    .as(what)
                    .isEqualTo(Intervals.anytimeLower(k, n, 0.05) > rate);
        }
    }

    @Test
    void lessThanOneInAThousandTakesSome3800CleanTrials() {
        assertThat(Intervals.isBelow(0.001, 0, 3_786, 0.05)).isFalse();
        assertThat(Intervals.isBelow(0.001, 0, 3_787, 0.05)).isTrue();
    }

    @Test
    void exactRateIsAsInTheTable() {
        for (double[] row : Tables.read("exact-rate.csv")) {
            Interval interval = Intervals.exactRate((long) row[0], (long) row[1], row[2]);

            assertClose(interval, row[3], row[4], 1e-7, Arrays.toString(row));
        }
    }

    private static void assertClose(Interval actual, double lower, double upper, double relative, String row) {
        assertThat(actual.lower()).as("lower of %s", row).isCloseTo(lower, Percentage.withPercentage(100 * relative));
        assertThat(actual.upper()).as("upper of %s", row).isCloseTo(upper, Percentage.withPercentage(100 * relative));
    }

    @Test
    void anythingIsPossibleBeforeTheFirstRun() {
        assertThat(Intervals.anytimeRate(0, 0, 0.05)).isEqualTo(new Interval(0, 1));
        assertThat(Intervals.exactRate(0, 0, 0.05)).isEqualTo(new Interval(0, 1));
    }

    @Test
    void holdsTheEstimateAndGrowsWithTheConfidence() {
        Random random = new Random(SEED);
        for (int i = 0; i < 2_000; i++) {
            long n = 1 + (long) Math.exp(random.nextDouble() * 20);
            long k = switch (random.nextInt(4)) {
                case 0 -> 0;
                case 1 -> n;
                case 2 -> Math.min(n, random.nextInt(20));
                default -> (long) (n * random.nextDouble());
            };
            double alpha = Math.exp(-random.nextDouble() * 10);
            String what = k + " of " + n + " at " + alpha + ", seed " + SEED;
            double seen = (double) k / n;

            for (Interval[] pair : new Interval[][] {
                {Intervals.anytimeRate(k, n, alpha), Intervals.anytimeRate(k, n, alpha / 2)},
                {Intervals.exactRate(k, n, alpha), Intervals.exactRate(k, n, alpha / 2)}
            }) {
                assertThat(pair[0].contains(seen)).as(what).isTrue();
                assertThat(pair[1].lower()).as(what).isLessThanOrEqualTo(pair[0].lower());
                assertThat(pair[1].upper()).as(what).isGreaterThanOrEqualTo(pair[0].upper());
            }
            // looking often costs some of the precision that one look would have, at the usual confidence
            if (alpha < 0.2) {
                assertThat(Intervals.anytimeRate(k, n, alpha).width())
                        .as(what)
                        .isGreaterThan(0.9 * Intervals.exactRate(k, n, alpha).width());
            }
        }
    }

    @Test
    void mirrorsWhenHitsAndMissesAreSwapped() {
        Random random = new Random(SEED);
        for (int i = 0; i < 500; i++) {
            long n = 1 + random.nextInt(5_000);
            long k = random.nextInt((int) n + 1);
            String what = k + " of " + n + ", seed " + SEED;
            Interval rate = Intervals.anytimeRate(k, n, 0.05);
            Interval mirrored = Intervals.anytimeRate(n - k, n, 0.05);

            assertThat(mirrored.lower()).as(what).isCloseTo(1 - rate.upper(), within(1e-12));
            assertThat(mirrored.upper()).as(what).isCloseTo(1 - rate.lower(), within(1e-12));
        }
    }

    @Test
    void eachFurtherMatchLowersTheUpperBound() {
        for (long k : new long[] {0, 1, 7, 300}) {
            double before = 1;
            for (long n = Math.max(k, 1); n < 100_000; n += 1 + n / 7) {
                double upper = Intervals.anytimeRate(k, n, 0.05).upper();
                assertThat(upper).as("%d of %d", k, n).isLessThanOrEqualTo(before);
                before = upper;
            }
        }
    }

    @Test
    void staysQuickAndExactAfterManyRuns() {
        long n = 1_000_000_000_000L;
        assertThat(Intervals.anytimeRate(n / 2, n, 0.05).width()).isBetween(3e-6, 7e-6);
        assertThat(Intervals.anytimeRate(0, n, 0.05).upper()).isBetween(4.4e-12, 4.7e-12);
        assertThat(Intervals.exactRate(0, n, 0.05).upper()).isCloseTo(3.689e-12, within(1e-15));
    }

    @Test
    void saysWhichArgumentIsWrong() {
        assertThatThrownBy(() -> Intervals.anytimeRate(3, 2, 0.05))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("hits must be from 0 to the number of trials, but are 3 of 2");
        assertThatThrownBy(() -> Intervals.exactRate(-1, 2, 0.05)).hasMessageContaining("-1 of 2");
        assertThatThrownBy(() -> Intervals.anytimeRate(1, 2, 0)).hasMessage("alpha must be between 0 and 1, not 0.0");
        assertThatThrownBy(() -> Intervals.anytimeRate(1, 2, Double.NaN)).hasMessageContaining("alpha");
        assertThatThrownBy(() -> new Interval(2, 1)).hasMessageContaining("lower must not be above upper");
        assertThatThrownBy(() -> new Interval(Double.NaN, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
