package dev.scientist;

import org.jspecify.annotations.Nullable;

/**
 * Which experiments the current thread is inside of, so that one that is entered again from its own behaviors runs its
 * control alone.
 *
 * <p>The thread-local holds an array of a class of the JDK's, empty between runs, so that a thread of a pool keeps no
 * class loader alive.
 */
final class Reentry {

    /** How many different experiments can be nested on one thread; further ones run their control alone. */
    static final int MAX_NESTED = 16;

    private static final ThreadLocal<@Nullable Object[]> RUNNING = new ThreadLocal<>();

    private Reentry() {}

    /** Enters. Returns what {@link #leave} needs, or null if the experiment is entered already or nesting is too deep. */
    static @Nullable Object @Nullable [] enter(Experiment<?> experiment) {
        @Nullable Object[] running = RUNNING.get();
        if (running == null) {
            running = new Object[MAX_NESTED];
            RUNNING.set(running);
        }
        for (int i = 0; i < MAX_NESTED; i++) {
            if (running[i] == null) {
                running[i] = experiment;
                return running;
            }
            if (running[i] == experiment) {
                return null;
            }
        }
        return null;
    }

    /** Whether {@link #enter} would return null. */
    static boolean isBarred(Experiment<?> experiment) {
        @Nullable Object[] running = RUNNING.get();
        if (running == null) {
            return false;
        }
        for (Object entered : running) {
            if (entered == experiment) {
                return true;
            }
        }
        return running[MAX_NESTED - 1] != null;
    }

    /** Undoes {@link #enter}, where that did not return null. */
    static void leave(@Nullable Object @Nullable [] running, Experiment<?> experiment) {
        if (running == null) {
            return;
        }
        for (int i = 0; i < MAX_NESTED; i++) {
            if (running[i] == experiment) {
                running[i] = null;
                return;
            }
        }
    }
}
