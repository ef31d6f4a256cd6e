package dev.scientist.evidence;

import java.util.function.DoublePredicate;

/**
 * The formulas behind the evidence, for counts that were gathered elsewhere too, such as the sums over a fleet. Pure
 * functions.
 *
 * <p>An <em>anytime</em> interval belongs to a confidence sequence: with probability 1 - alpha it holds the truth after
 * every single observation, so one may look as often as one likes and stop when one likes. An <em>exact</em> interval
 * holds for one look at a number of runs that was fixed beforehand. All of them assume that the runs are independent:
 * where mismatches come in bursts (one bad customer, a thousand calls), or slow runs do (a busy minute), every bound is
 * too optimistic.
 */
public final class Intervals {

    /** With this probability an interval may miss the truth, unless told otherwise. */
    public static final double DEFAULT_ALPHA = 0.05;

    /** The parameter of the prior for which rates near zero are learned fast (Jeffreys). */
    private static final double JEFFREYS = 0.5;

    private static final double LOG_BETA_OF_JEFFREYS = Special.logBeta(JEFFREYS, JEFFREYS);

    private Intervals() {}

    /**
     * The rates that are possible however often one looks: from {@link #anytimeLower} to {@link #anytimeUpper}, with half
     * the alpha each.
     *
     * @param hits how often it happened
     * @param trials how often it could have
     * @param alpha the probability of missing the truth at any time, between 0 and 1
     * @return the interval, from 0 to 1 if there were no trials
     * @throws IllegalArgumentException if there are more hits than trials, either is negative, or alpha is out of range
     */
    public static Interval anytimeRate(long hits, long trials, double alpha) {
        return new Interval(anytimeLower(hits, trials, alpha / 2), anytimeUpper(hits, trials, alpha / 2));
    }

    /**
     * The highest rate that is possible however often one looks: a bound on one side, for "is it at most this?".
     *
     * <p>A rate p is excluded from above when the likelihood of the data, averaged over the lower rates (Jeffreys' prior
     * Beta(1/2, 1/2), truncated to [0, p]), is at least 1/alpha times that of p: {@code logB(a+k, a+n-k) + log
     * I(p; a+k, a+n-k) - logB(a, a) - log I(p; a, a) - k log p - (n-k) log(1-p) >= log(1/alpha)} for k hits in n trials
     * and a = 1/2, with the regularized incomplete beta function I. For each lower rate q the likelihood ratio of q to p
     * is a supermartingale whenever the true rate is p or more; so is their average, which by Ville's inequality reaches
     * 1/alpha at any time with probability alpha at most. To show less than 0.1% with alpha 0.05 takes 3,787 trials
     * without a hit.
     *
     * <p>Source: H. Robbins, "Statistical methods related to the law of the iterated logarithm", Annals of Mathematical
     * Statistics 41(5), 1970; S. Howard, A. Ramdas, J. McAuliffe, J. Sekhon, "Time-uniform, nonparametric,
     * nonasymptotic confidence sequences", Annals of Statistics 49(2), 2021, which has mixtures on one side.
     *
     * @param hits how often it happened
     * @param trials how often it could have
     * @param alpha the probability that the true rate is ever above, between 0 and 1
     * @return the bound, 1 if there were no trials
     * @throws IllegalArgumentException if there are more hits than trials, either is negative, or alpha is out of range
     */
    public static double anytimeUpper(long hits, long trials, double alpha) {
        check(hits, trials, alpha);
        long misses = trials - hits;
        return misses == 0 ? 1 : border((double) hits / trials, 1, p -> !excludes(hits, misses, p, 1 - p, alpha));
    }

    /**
     * The lowest rate that is possible however often one looks: that of {@link #anytimeUpper} for what did not happen.
     *
     * @param hits how often it happened
     * @param trials how often it could have
     * @param alpha the probability that the true rate is ever below, between 0 and 1
     * @return the bound, 0 if there were no trials
     * @throws IllegalArgumentException if there are more hits than trials, either is negative, or alpha is out of range
     */
    @SuppressWarnings("ArgumentSelectionDefectChecker") // the lower bound of a rate is the upper one of its complement
    public static double anytimeLower(long hits, long trials, double alpha) {
        check(hits, trials, alpha);
        long misses = trials - hits;
        return hits == 0 ? 0 : border((double) hits / trials, 0, p -> !excludes(misses, hits, 1 - p, p, alpha));
    }

    /** Whether a rate is shown to be less than one given, as {@link #anytimeUpper} has it. */
    static boolean isBelow(double rate, long hits, long trials, double alpha) {
        return hits < rate * trials && excludes(hits, trials - hits, rate, 1 - rate, alpha);
    }

    /** Whether a rate is shown to be more than one given, as {@link #anytimeLower} has it. */
    static boolean isAbove(double rate, long hits, long trials, double alpha) {
        return hits > rate * trials && excludes(trials - hits, hits, 1 - rate, rate, alpha);
    }

    /** Whether lower rates are, on average, 1/alpha times as likely as p; the rest is 1 - p. */
    private static boolean excludes(long hits, long misses, double p, double rest, double alpha) {
        double a = JEFFREYS + hits;
        double b = JEFFREYS + misses;
        double average = Special.logBeta(a, b)
                + Math.log(Special.incompleteBeta(a, b, p, rest))
                - LOG_BETA_OF_JEFFREYS
                - Math.log(Special.incompleteBeta(JEFFREYS, JEFFREYS, p, rest));
        double logP = p < rest ? Math.log(p) : Math.log1p(-rest);
        double logRest = p < rest ? Math.log1p(-p) : Math.log(rest);
        return average - times(hits, logP) - times(misses, logRest) >= -Math.log(alpha);
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
}
