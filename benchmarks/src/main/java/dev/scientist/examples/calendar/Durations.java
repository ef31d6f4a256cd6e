package dev.scientist.examples.calendar;

import java.util.Arrays;

/** How long each call of a behavior took. Not thread-safe. */
final class Durations {

    /** Two billion nanoseconds fit; a call that takes longer counts as that. */
    private int[] nanos = new int[1024];

    private int size;
    private long total;

    void add(long duration) {
        if (size == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * size);
        }
        nanos[size++] = (int) Math.min(duration, Integer.MAX_VALUE);
        total += duration;
    }

    double totalSeconds() {
        return total / 1e9;
    }

    /** In nanoseconds; 0 if there are none. */
    int median() {
        if (size == 0) {
            return 0;
        }
        int[] sorted = Arrays.copyOf(nanos, size);
        Arrays.sort(sorted);
        return sorted[size / 2];
    }
}
