package dev.scientist.evidence;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Counts times in buckets: one for each nanosecond up to 128, then 64 for each doubling, up to about an hour and a
 * quarter; what took longer is in the last. Half a kilobyte for each doubling that occurs, 19 kB at most. Lock-free.
 */
final class TimeHistogram {

    private static final int BITS = 6;
    private static final int PER_DOUBLING = 1 << BITS;
    private static final int DOUBLINGS = 42 - BITS + 1;
    private static final int SIZE = DOUBLINGS * PER_DOUBLING;

    /** Made when first needed: a behavior's times span a few doublings. */
    private final AtomicReferenceArray<AtomicLongArray> doublings = new AtomicReferenceArray<>(DOUBLINGS);

    void add(long nanos) {
        int bucket = bucket(nanos);
        int doubling = bucket >>> BITS;
        AtomicLongArray counts = doublings.get(doubling);
        if (counts == null) {
            doublings.compareAndSet(doubling, null, new AtomicLongArray(PER_DOUBLING));
            counts = doublings.get(doubling);
        }
        counts.incrementAndGet(bucket & (PER_DOUBLING - 1));
    }

    Times snapshot() {
        Times.Builder times = new Times.Builder();
        for (int doubling = 0; doubling < DOUBLINGS; doubling++) {
            AtomicLongArray counts = doublings.get(doubling);
            for (int i = 0; counts != null && i < PER_DOUBLING; i++) {
                times.add(doubling * PER_DOUBLING + i, counts.get(i));
            }
        }
        return times.build();
    }

    static int bucket(long nanos) {
        if (nanos < PER_DOUBLING) {
            return (int) Math.max(nanos, 0);
        }
        int shift = 63 - Long.numberOfLeadingZeros(nanos) - BITS;
        return Math.min(SIZE - 1, shift * PER_DOUBLING + (int) (nanos >>> shift));
    }

    /** The least time in a bucket. */
    static long lowerEdge(int bucket) {
        if (bucket < PER_DOUBLING) {
            return bucket;
        }
        int shift = bucket / PER_DOUBLING - 1;
        return (long) (bucket - shift * PER_DOUBLING) << shift;
    }

    /** The greatest time in a bucket. */
    static double upperEdge(int bucket) {
        return bucket == SIZE - 1 ? Double.POSITIVE_INFINITY : lowerEdge(bucket + 1) - 1;
    }

    /** A time that stands for those of a bucket; for the last, which has no end, its least. */
    static double middle(int bucket) {
        return bucket == SIZE - 1 ? lowerEdge(bucket) : (lowerEdge(bucket) + upperEdge(bucket)) / 2;
    }
}
