package dev.scientist.examples.calendar;

import java.util.Random;

/**
 * Takes so many of a number of things, as they come by, each set of that size being as likely as any other (Knuth, The
 * Art of Computer Programming, volume 2, 3.4.2, algorithm S). Not thread-safe.
 */
final class Sample {

    private final Random random;
    private long left;
    private long wanted;

    Sample(long wanted, long total, long seed) {
        this.wanted = Math.min(wanted, total);
        left = total;
        random = new Random(seed);
    }

    /** Whether to take the next one. */
    boolean takesNext() {
        boolean takes = wanted == left || random.nextLong(left) < wanted;
        left--;
        if (takes) {
            wanted--;
        }
        return takes;
    }
}
