package dev.scientist.evidence;

import java.util.function.DoublePredicate;

/**
 * The formulas behind the evidence, for counts that were gathered elsewhere too, such as the sums over a fleet. Pure
 * functions.
 *
 * <p>An <em>anytime</em> interval belongs to a confidence sequence: with probability 1 - alpha it holds the truth after
 * every single observation, so one may look as often as one likes and stop when one likes. An <em>exact</em> interval
 * holds for one look at a number of runs that was fixed beforehand. All of them assume that the runs are independent:
 * where mismatches come in bursts (one bad customer, a thousand calls), every bound is too optimistic.
 */
public final class Intervals {

    /** With this probability an interval may miss the truth, unless told otherwise. */
    public static final double DEFAULT_ALPHA = 0.05;

    /** The parameter of the prior for which rates near zero are learned fast (Jeffreys). */
    private static final double JEFFREYS = 0.5;

    /** {@link #anytimeMean} is tightest after about so many observations. */
    private static final double TIGHTEST_AT = 1_000;

    private Intervals() {}

    /**
     * The rates that are possible however often one looks: {@link #anytimeRate(long, long, double, double, double)} with
     * a = b = 1/2.
     *
     * @param hits how often it happened
     * @param trials how often it could have
     * @param alpha the probability of missing the truth at any time, between 0 and 1
     * @return the interval, from 0 to 1 if there were no trials
     * @throws IllegalArgumentException if there are more hits than trials, either is negative, or alpha is out of range
     */
    public static Interval anytimeRate(long hits, long trials, double alpha) {
        return anytimeRate(hits, trials, alpha, JEFFREYS, JEFFREYS);
    }

    /**
     * The rates that are possible however often one looks: the confidence sequence of the beta-binomial mixture. It
     * holds each rate p against which the mixture's likelihood ratio is less than 1/alpha: {@code logB(a+k, b+n-k) -
     * logB(a, b) - k log p - (n-k) log(1-p) < log(1/alpha)} for k hits in n trials. For the true p that ratio is a
     * martingale, which by Ville's inequality reaches 1/alpha at any time with probability alpha at most.
     *
     * <p>Source: H. Robbins, "Statistical methods related to the law of the iterated logarithm", Annals of Mathematical
     * Statistics 41(5), 1970; S. Howard, A. Ramdas, J. McAuliffe, J. Sekhon, "Time-uniform, nonparametric,
     * nonasymptotic confidence sequences", Annals of Statistics 49(2), 2021; M. Lindon and A. Malek, "Anytime-valid
     * inference for multinomial count data", NeurIPS 2022, of which this is the case of two outcomes.
     *
     * @param hits how often it happened
     * @param trials how often it could have
     * @param alpha the probability of missing the truth at any time, between 0 and 1
     * @param a the first parameter of the mixing beta distribution; any positive one is valid, and must be chosen
     *     before the data are seen
     * @param b the second one
     * @return the interval, from 0 to 1 if there were no trials
     * @throws IllegalArgumentException if there are more hits than trials, either is negative, or a parameter is out of
     *     range
     */
    public static Interval anytimeRate(long hits, long trials, double alpha, double a, double b) {
        check(hits, trials, alpha);
        checkPositive("a", a);
        checkPositive("b", b);
        if (trials == 0) {
            return new Interval(0, 1);
        }
        long misses = trials - hits;
        double level = level(hits, misses, alpha, a, b);
        DoublePredicate possible = p -> isPossible(p, hits, misses, level);
        // what is to be small is convex in p and least at the rate that was seen, so there is one border on either side
        double seen = (double) hits / trials;
        return new Interval(hits == 0 ? 0 : border(seen, 0, possible), misses == 0 ? 1 : border(seen, 1, possible));
    }

    /** Whether {@link #anytimeRate(long, long, double)} holds a rate, without making the interval. */
    static boolean anytimeRateHolds(double rate, long hits, long trials, double alpha) {
        long misses = trials - hits;
        return isPossible(rate, hits, misses, level(hits, misses, alpha, JEFFREYS, JEFFREYS));
    }

    private static double level(long hits, long misses, double alpha, double a, double b) {
        return Special.logBeta(a + hits, b + misses) - Special.logBeta(a, b) + Math.log(alpha);
    }

    private static boolean isPossible(double p, long hits, long misses, double level) {
        return level - times(hits, Math.log(p)) - times(misses, Math.log1p(-p)) < 0;
    }

    /**
     * The rates that are possible after a number of trials that was fixed beforehand, looked at once.
     *
     * <p>Source: C. Clopper and E. Pearson, "The use of confidence or fiducial limits illustrated in the case of the
     * binomial", Biometrika 26(4), 1934.
     *
     * @param hits how often it happened
     * @param trials how often it could have
     * @param alpha the probability of missing the truth, between 0 and 1
     * @return the interval, from 0 to 1 if there were no trials
     * @throws IllegalArgumentException if there are more hits than trials, either is negative, or alpha is out of range
     */
    public static Interval exactRate(long hits, long trials, double alpha) {
        check(hits, trials, alpha);
        if (trials == 0) {
            return new Interval(0, 1);
        }
        long misses = trials - hits;
        double seen = (double) hits / trials;
        double tail = alpha / 2;
        return new Interval(
                hits == 0
                        ? 0
                        : border(seen, 0, p -> Special.incompleteBeta((double) hits, misses + 1.0, p, 1 - p) > tail),
                misses == 0
                        ? 1
                        : border(seen, 1, p -> Special.incompleteBeta((double) misses, hits + 1.0, 1 - p, p) > tail));
    }

    /**
     * The means that are possible however often one looks, for many observations: the asymptotic confidence sequence
     * {@code mean ± s sqrt(2 (n r² + 1) / (n² r²) log(sqrt(n r² + 1) / alpha))}, tightest after about a thousand
     * observations ({@code r² = (-2 log alpha + log(1 - 2 log alpha)) / 1000}). What is observed needs a finite variance
     * and no particular distribution. For few observations the bound is too optimistic, the more so where rare ones
     * weigh much: wait for some hundreds, among them some of the rare ones.
     *
     * <p>Source: I. Waudby-Smith, D. Arbour, R. Sinha, E. Kennedy, A. Ramdas, "Time-uniform central limit theory and
     * asymptotic confidence sequences", Annals of Statistics 52(6), 2024: the two-sided Gaussian mixture, with the
     * approximation of the best r that the appendix gives.
     *
     * @param count how many observations
     * @param mean their mean
     * @param variance their variance
     * @param alpha the probability of missing the truth at any time, between 0 and 1
     * @return the interval, infinite on both sides for less than two observations
     * @throws IllegalArgumentException if the count or the variance is negative, or alpha is out of range
     */
    public static Interval anytimeMean(long count, double mean, double variance, double alpha) {
        checkAlpha(alpha);
        if (count < 0 || !(variance >= 0 || count < 2)) {
            throw new IllegalArgumentException(
                    "count and variance must not be negative, but are " + count + " and " + variance);
        }
        if (count < 2) {
            return new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        }
        double twoLogs = -2 * Math.log(alpha);
        double rSquared = (twoLogs + Math.log(twoLogs + 1)) / TIGHTEST_AT;
        double spread = count * rSquared + 1;
        double n = count;
        double radius =
                Math.sqrt(variance * 2 * spread / (n * n * rSquared) * (Math.log(spread) / 2 - Math.log(alpha)));
        return new Interval(mean - radius, mean + radius);
    }

    /**
     * Where a predicate, true at the one end, becomes false on the way to the other, to the last bit: halves by the
     * bits, since positive doubles are in the order of their bits, so that a tiny rate is as exact as a large one.
     *
     * @return the first value at which it does not hold, which is an end itself if there is none before
     */
    private static double border(double inside, double outside, DoublePredicate holds) {
        long in = Double.doubleToRawLongBits(inside);
        long out = Double.doubleToRawLongBits(outside);
        while (Math.abs(in - out) > 1) {
            long middle = (in + out) >>> 1;
            if (holds.test(Double.longBitsToDouble(middle))) {
                in = middle;
            } else {
                out = middle;
            }
        }
        return Double.longBitsToDouble(out);
    }

    /** Zero times the logarithm of zero is nothing here, not NaN. */
    private static double times(long count, double logarithm) {
        return count == 0 ? 0 : count * logarithm;
    }

    private static void check(long hits, long trials, double alpha) {
        if (hits < 0 || trials < hits) {
            throw new IllegalArgumentException(
                    "hits must be from 0 to the number of trials, but are " + hits + " of " + trials);
        }
        checkAlpha(alpha);
    }

    static void checkAlpha(double alpha) {
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("alpha must be between 0 and 1, not " + alpha);
        }
    }

    private static void checkPositive(String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " must be positive and finite, not " + value);
        }
    }
}
