package dev.scientist;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What the current thread is inside of: which experiments, and whether a behavior that is not served. There, every
 * experiment runs only what it serves; inside itself an experiment does so too.
 *
 * <p>The thread-local holds an array of numbers and no object of this library, so that a thread of a pool keeps no class
 * loader alive.
 */
final class Nesting {

    /** How many different experiments can be nested on one thread; further ones run only what they serve. */
    static final int MAX_NESTED = 16;

    /** The index of how many experiments the thread is inside of. Leaving one is a plain write of this number. */
    static final int DEPTH = 0;
    /** The index of a 1 inside a behavior that is not served, of a 0 elsewhere. */
    static final int UNSERVED = 1;

    private static final int FIRST = 2;

    private static final ThreadLocal<long[]> HERE = ThreadLocal.withInitial(() -> new long[FIRST + MAX_NESTED]);
    private static final AtomicLong LAST_ID = new AtomicLong();

    private Nesting() {}

    static long newId() {
        return LAST_ID.incrementAndGet();
    }

    static long[] here() {
        return HERE.get();
    }

    /** Whether an experiment has to run only what it serves. */
    static boolean bars(long[] here, long experiment) {
        int depth = (int) here[DEPTH];
        if (here[UNSERVED] != 0 || depth == MAX_NESTED) {
            return true;
        }
        for (int i = FIRST; i < FIRST + depth; i++) {
            if (here[i] == experiment) {
                return true;
            }
        }
        return false;
    }

    /** Enters an experiment, unless it is barred: what is told of it shall not run it. Returns as {@link #enter} does. */
    static long enterAgain(long[] here, long experiment) {
        return bars(here, experiment) ? here[DEPTH] : enter(here, experiment);
    }

    /** Enters an experiment that is not barred. Returns the depth to write back on leaving. */
    static long enter(long[] here, long experiment) {
        long depth = here[DEPTH];
        here[FIRST + (int) depth] = experiment;
        here[DEPTH] = depth + 1;
        return depth;
    }
}
