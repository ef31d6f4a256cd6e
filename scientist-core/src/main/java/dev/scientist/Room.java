package dev.scientist;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts places taken and given back, up to a capacity. Those who take are mostly callers, those who give back are
 * workers on other processors; each side has a cache line of its own, so that in general taking does not wait for the
 * other side's line to come over. Thread-safe; never blocks.
 */
final class Room {

    // indexes far enough apart for two cache lines, from the array's header and from each other
    private static final int TAKEN = 16;
    private static final int KNOWN_GIVEN_BACK = TAKEN + 1;
    private static final int GIVEN_BACK = 48;
    private static final int LENGTH = 64;

    private final int capacity;
    private final AtomicLongArray counts = new AtomicLongArray(LENGTH);

    Room(int capacity) {
        this.capacity = capacity;
    }

    /** Takes places, all or none. */
    boolean take(int places) {
        while (true) {
            long taken = counts.get(TAKEN);
            long wanted = taken + places;
            // what was known the last time is enough, unless the room looks full
            if (wanted - counts.get(KNOWN_GIVEN_BACK) > capacity) {
                long givenBack = counts.get(GIVEN_BACK);
                counts.set(KNOWN_GIVEN_BACK, givenBack);
                if (wanted - givenBack > capacity) {
                    return false;
                }
            }
            if (counts.compareAndSet(TAKEN, taken, wanted)) {
                return true;
            }
        }
    }

    void giveBack(int places) {
        counts.addAndGet(GIVEN_BACK, places);
    }

    /** How many places are taken; exact when nobody takes or gives back meanwhile. */
    long inUse() {
        // in this order, what is given back meanwhile makes the answer too high rather than too low
        long givenBack = counts.get(GIVEN_BACK);
        return counts.get(TAKEN) - givenBack;
    }
}
