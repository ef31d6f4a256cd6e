package dev.scientist.evidence;

import java.util.concurrent.atomic.LongAdder;

/** The logarithms of candidate time over control time: how many, their mean and their variance. */
record LogRatios(long count, double mean, double variance) {

    /** Sums them up, in whole numbers so that the sums are exact in whatever order they come. Lock-free. */
    static final class Adder {

        /**
         * A logarithm is at most 44, its square 2,000: there is room for 4 billion runs of the worst kind, and for
         * millions of millions of usual ones.
         */
        private static final double UNIT = 1 << 20;

        private final LongAdder count = new LongAdder();
        private final LongAdder sum = new LongAdder();
        private final LongAdder squares = new LongAdder();

        /** Times of zero, which coarse clocks give, count as one nanosecond. */
        void add(long controlNanos, long candidateNanos) {
            double ratio = Math.log((double) Math.max(candidateNanos, 1) / Math.max(controlNanos, 1));
            count.increment();
            sum.add(Math.round(ratio * UNIT));
            squares.add(Math.round(ratio * ratio * UNIT));
        }

        LogRatios snapshot() {
            long n = count.sum();
            if (n == 0) {
                return new LogRatios(0, Double.NaN, Double.NaN);
            }
            double total = sum.sum() / UNIT;
            // negative only where rounding, or a run under way, makes it so
            double spread = Math.max(0, squares.sum() / UNIT - total * total / n);
            return new LogRatios(n, total / n, n == 1 ? Double.NaN : spread / (n - 1));
        }
    }
}
