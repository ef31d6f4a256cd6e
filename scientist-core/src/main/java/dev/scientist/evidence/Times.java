package dev.scientist.evidence;

/**
 * How long one behavior took, as counts in buckets that are about 3% wide. Immutable.
 *
 * <p>Holds the runs in which control and candidate ended alike: both returned or both threw. A candidate that fails fast
 * is not a fast candidate.
 */
public final class Times {

    private final long[] buckets;
    private final long count;
    private final long totalNanos;

    /** Takes over the array. */
    Times(long[] buckets, long totalNanos) {
        this.buckets = buckets;
        this.totalNanos = totalNanos;
        long sum = 0;
        for (long bucket : buckets) {
            sum += bucket;
        }
        count = sum;
    }

    /**
     * How many times were measured.
     *
     * @return the number
     */
    public long count() {
        return count;
    }

    /**
     * The sum of all times.
     *
     * @return nanoseconds
     */
    public long totalNanos() {
        return totalNanos;
    }

    /**
     * The time that a part of the runs did not exceed.
     *
     * @param part between 0 and 1, such as 0.99
     * @return nanoseconds, right to about 2%; NaN if there are no times
     * @throws IllegalArgumentException if the part is out of range
     */
    public double quantileNanos(double part) {
        if (!(part >= 0 && part <= 1)) {
            throw new IllegalArgumentException("a quantile must be from 0 to 1, not " + part);
        }
        if (count == 0) {
            return Double.NaN;
        }
        int bucket = bucketOf(Math.max(1, (long) Math.ceil(part * count)));
        return (TimeHistogram.lowerEdge(bucket) + TimeHistogram.upperEdge(bucket)) / 2;
    }

    /**
     * The median, with the values that are possible however often one looks.
     *
     * <p>The runs that took at most the true median are half of all: the interval leaves out each time for which
     * {@link Intervals#anytimeRate} excludes one half, and is widened to whole buckets. Exact for independent runs of any
     * distribution.
     *
     * @param alpha the probability of missing the truth at any time, between 0 and 1
     * @return nanoseconds; the interval is from 0 to infinity while there are few times
     * @throws IllegalArgumentException if alpha is out of range
     */
    public Estimate medianNanos(double alpha) {
        Intervals.checkAlpha(alpha);
        long fewest = 0;
        long enough = count / 2;
        while (fewest < enough) {
            long middle = (fewest + enough) >>> 1;
            if (Intervals.anytimeRateHolds(0.5, middle, count, alpha)) {
                enough = middle;
            } else {
                fewest = middle + 1;
            }
        }
        Interval interval = enough == 0
                ? new Interval(0, Double.POSITIVE_INFINITY)
                : new Interval(
                        TimeHistogram.lowerEdge(bucketOf(enough)),
                        TimeHistogram.upperEdge(bucketOf(count - enough + 1)));
        return new Estimate(quantileNanos(0.5), interval);
    }

    /** The bucket of the time that comes at a rank, counted from 1, when all are sorted. */
    private int bucketOf(long rank) {
        long sum = 0;
        int last = buckets.length - 1;
        for (int i = 0; i < last; i++) {
            sum += buckets[i];
            if (sum >= rank) {
                return i;
            }
        }
        return last;
    }
}
