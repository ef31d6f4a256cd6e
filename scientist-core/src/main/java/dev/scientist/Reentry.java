package dev.scientist;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Which experiments the current thread is inside of, so that one that is entered again from its own behaviors runs its
 * control alone.
 *
 * <p>The thread-local holds an array of numbers, one for each experiment, zeros where there is none: a thread of a pool
 * keeps no class loader alive, and a run stores no reference in an old object, which costs a barrier of the garbage
 * collector.
 */
final class Reentry {

    /** How many different experiments can be nested on one thread; further ones run their control alone. */
    static final int MAX_NESTED = 16;

    private static final ThreadLocal<long[]> RUNNING = new ThreadLocal<>();

    private static final AtomicLong LAST_ID = new AtomicLong();

    private Reentry() {}

    /** The number of a new experiment, never 0. */
    static long newId() {
        return LAST_ID.incrementAndGet();
    }

    /** Enters. Returns what {@link #leave} needs, or null if the experiment is entered already or nesting is too deep. */
    static long @Nullable [] enter(Experiment<?> experiment) {
        long[] running = RUNNING.get();
        if (running == null) {
            running = new long[MAX_NESTED];
            RUNNING.set(running);
        }
        // who entered last leaves first, so there are none behind a zero
        for (int i = 0; i < MAX_NESTED; i++) {
            if (running[i] == 0) {
                running[i] = experiment.id;
                return running;
            }
            if (running[i] == experiment.id) {
                return null;
            }
        }
        return null;
    }

    /** Whether {@link #enter} would return null. */
    static boolean isBarred(Experiment<?> experiment) {
        long[] running = RUNNING.get();
        if (running == null) {
            return false;
        }
        for (long entered : running) {
            if (entered == 0) {
                return false;
            }
            if (entered == experiment.id) {
                return true;
            }
        }
        return true;
    }

    /** Undoes {@link #enter}, where that did not return null. */
    static void leave(long @Nullable [] running, Experiment<?> experiment) {
        if (running == null) {
            return;
        }
        for (int i = 0; i < MAX_NESTED; i++) {
            if (running[i] == experiment.id) {
                running[i] = 0;
                return;
            }
        }
    }
}
