package dev.scientist;

/**
 * Whether the values that this thread is comparing may be in use by another thread, the caller's: a comparator asks
 * before it touches what belongs to one thread only, such as a collection that a persistence session is to load.
 *
 * <p>The engine says so around comparing in the background where no snapshot was taken.
 */
public final class Borrowed {

    private static final ThreadLocal<Boolean> HERE = new ThreadLocal<>();

    private Borrowed() {}

    /**
     * Asks for this thread.
     *
     * @return true if the values being compared are used by another thread too
     */
    public static boolean here() {
        return HERE.get() != null;
    }

    /** From now on, what this thread compares is borrowed; until {@link #end}. */
    static void begin() {
        HERE.set(true);
    }

    static void end() {
        HERE.remove();
    }
}
