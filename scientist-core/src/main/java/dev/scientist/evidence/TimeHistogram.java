package dev.scientist.evidence;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts times in buckets: one for each nanosecond up to 64, then 32 for each doubling, up to about an hour and a
 * quarter; what took longer is in the last. 10 kB. Lock-free.
 */
final class TimeHistogram {

    private static final int BITS = 5;
    private static final int PER_DOUBLING = 1 << BITS;
    private static final int DOUBLINGS = 42;
    private static final int SIZE = (DOUBLINGS - BITS + 1) * PER_DOUBLING;

    private final AtomicLongArray counts = new AtomicLongArray(SIZE);
    private final LongAdder total = new LongAdder();

    void add(long nanos) {
        total.add(nanos);
        counts.incrementAndGet(bucket(nanos));
    }

    Times snapshot() {
        long[] copy = new long[SIZE];
        for (int i = 0; i < SIZE; i++) {
            copy[i] = counts.get(i);
        }
        return new Times(copy, total.sum());
    }

    static int bucket(long nanos) {
        if (nanos < PER_DOUBLING) {
            return (int) Math.max(nanos, 0);
        }
        int shift = 63 - Long.numberOfLeadingZeros(nanos) - BITS;
        return Math.min(SIZE - 1, shift * PER_DOUBLING + (int) (nanos >>> shift));
    }

    /** The least time in a bucket. */
    static double lowerEdge(int bucket) {
        if (bucket < PER_DOUBLING) {
            return bucket;
        }
        int shift = bucket / PER_DOUBLING - 1;
        return (double) ((long) (bucket - shift * PER_DOUBLING) << shift);
    }

    /** The greatest time in a bucket. */
    static double upperEdge(int bucket) {
        return bucket == SIZE - 1 ? Double.POSITIVE_INFINITY : lowerEdge(bucket + 1) - 1;
    }
}
