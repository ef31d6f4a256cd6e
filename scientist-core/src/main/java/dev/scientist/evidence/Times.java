package dev.scientist.evidence;

import java.util.Arrays;
import java.util.function.BiConsumer;

/**
 * How long one behavior took, as counts in buckets that are at most 1.6% wide. Immutable.
 *
 * <p>Holds the runs in which control and candidate ended alike: both returned or both threw. A candidate that fails fast
 * is not a fast candidate. Where the order is random, only those in which this behavior ran first: see
 * {@link CandidateEvidence#timeRatio}.
 */
public final class Times {

    static final Times NONE = new Builder().build();

    /** How much of either side is left out of {@link #usualMeanNanos}. */
    private static final double LONGEST = 0.001;

    // those that are not empty, in order
    private final int[] buckets;
    private final long[] counts;
    private final long count;

    private Times(int[] buckets, long[] counts) {
        this.buckets = buckets;
        this.counts = counts;
        count = Arrays.stream(counts).sum();
    }

    /** Buckets are added in order, those that are empty left out. Not thread-safe. */
    static final class Builder {
        private int[] buckets = new int[64];
        private long[] counts = new long[64];
        private int size;

        void add(int bucket, long count) {
            if (count == 0) {
                return;
            }
            if (size == buckets.length) {
                buckets = Arrays.copyOf(buckets, 2 * size);
                counts = Arrays.copyOf(counts, 2 * size);
            }
            buckets[size] = bucket;
            counts[size++] = count;
        }

        Times build() {
            return new Times(Arrays.copyOf(buckets, size), Arrays.copyOf(counts, size));
        }
    }

    Times plus(Times other) {
        Builder sum = new Builder();
        int i = 0;
        int j = 0;
        while (i < buckets.length || j < other.buckets.length) {
            int mine = i < buckets.length ? buckets[i] : Integer.MAX_VALUE;
            int theirs = j < other.buckets.length ? other.buckets[j] : Integer.MAX_VALUE;
            int next = Math.min(mine, theirs);
            sum.add(next, (mine == next ? counts[i++] : 0) + (theirs == next ? other.counts[j++] : 0));
        }
        return sum.build();
    }

    /** The least time of each bucket that is not empty, with its count. */
    void forEach(BiConsumer<Long, Long> action) {
        for (int i = 0; i < buckets.length; i++) {
            action.accept(TimeHistogram.lowerEdge(buckets[i]), counts[i]);
        }
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
     * The mean of all but the longest 0.1% (at least one): a pause of the machine, which hits whom it hits, does not
     * decide it.
     *
     * @return nanoseconds, right to about 1%; NaN for less than two times
     */
    public double usualMeanNanos() {
        long left = count - Math.max(1, (long) Math.ceil(LONGEST * count));
        double total = 0;
        long sum = 0;
        for (int i = 0; i < buckets.length && sum < left; i++) {
            long taken = Math.min(counts[i], left - sum);
            total += taken * TimeHistogram.middle(buckets[i]);
            sum += taken;
        }
        return left <= 0 ? Double.NaN : total / left;
    }

    /**
     * The time that a part of the runs did not exceed.
     *
     * @param part between 0 and 1, such as 0.99
     * @return nanoseconds, right to about 1%; NaN if there are no times
     * @throws IllegalArgumentException if the part is out of range
     */
    public double quantileNanos(double part) {
        if (!(part >= 0 && part <= 1)) {
            throw new IllegalArgumentException("a quantile must be from 0 to 1, not " + part);
        }
        return count == 0 ? Double.NaN : TimeHistogram.middle(bucketOf(Math.max(1, (long) Math.ceil(part * count))));
    }

    /**
     * The time that a part of the runs do not exceed, with the values that are possible however often one looks.
     *
     * <p>Of independent runs of any distribution, the part that takes at most the true quantile is at least the part
     * asked for, and the part that takes less is at most that. So a time is excluded from below if
     * {@link Intervals#anytimeUpper} of the runs that took at most as long is under the part, and from above if
     * {@link Intervals#anytimeLower} of the runs that took less is over it, with half the alpha each. The interval is
     * widened to whole buckets, and upwards to whole ticks of a coarse clock.
     *
     * @param part above 0 and below 1, such as 0.99
     * @param alpha the probability of missing the truth at any time, between 0 and 1
     * @return nanoseconds; the interval is from 0 to infinity while there are few times
     * @throws IllegalArgumentException if the part or alpha is out of range
     */
    public Estimate quantileNanos(double part, double alpha) {
        if (!(part > 0 && part < 1)) {
            throw new IllegalArgumentException("a quantile must be above 0 and below 1, not " + part);
        }
        Intervals.checkAlpha(alpha);
        // the most runs below the quantile that would still be too few, and the fewest that would be too many
        long seen = (long) (part * count);
        long tooFew = -1;
        for (long some = seen + 1; some - tooFew > 1; ) {
            long middle = tooFew + (some - tooFew) / 2;
            if (Intervals.isBelow(part, middle, count, alpha / 2)) {
                tooFew = middle;
            } else {
                some = middle;
            }
        }
        long tooMany = count + 1;
        for (long some = seen; tooMany - some > 1; ) {
            long middle = some + (tooMany - some) / 2;
            if (Intervals.isAbove(part, middle, count, alpha / 2)) {
                tooMany = middle;
            } else {
                some = middle;
            }
        }
        Interval interval = new Interval(
                tooFew < 0 ? 0 : TimeHistogram.lowerEdge(bucketOf(tooFew + 1)),
                tooMany > count ? Double.POSITIVE_INFINITY : endOf(bucketOf(tooMany)));
        return new Estimate(quantileNanos(part), interval);
    }

    /**
     * The greatest time that may be in a bucket: what the clock says was so before its next tick. Where the buckets on both
     * sides of it are empty, a tick is as far as the nearer one that is not.
     */
    private double endOf(int bucket) {
        int i = Arrays.binarySearch(buckets, bucket);
        double end = TimeHistogram.upperEdge(bucket);
        if (i == 0 || i == buckets.length - 1) {
            return end;
        }
        long least = TimeHistogram.lowerEdge(bucket);
        long tick = Math.min(
                TimeHistogram.lowerEdge(buckets[i + 1]) - least, least - TimeHistogram.lowerEdge(buckets[i - 1]));
        return Math.max(end, least + tick - 1.0);
    }

    /** The bucket of the time that comes at a rank, counted from 1, when all are sorted. */
    private int bucketOf(long rank) {
        long sum = 0;
        int i = 0;
        while (sum + counts[i] < rank) {
            sum += counts[i++];
        }
        return buckets[i];
    }
}
