package dev.scientist;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

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

    /**
     * Fails where a value belongs to a persistence session of another thread.
     *
     * @param value what a comparator is about to touch
     * @param attached whether its session may still load it, or change it
     * @throws IllegalStateException if it is borrowed, with what to do
     */
    public static void check(Object value, boolean attached) {
        if (attached && here()) {
            throw new Notice("a " + value.getClass().getName()
                    + " belongs to the caller's persistence session, which other threads must not touch:"
                    + " take a snapshot of the value (snapshot(..) on the experiment's builder), such as a copy as records,"
                    + " or compare on the caller's thread");
        }
    }

    /** Equal by equals, which loads a lazy collection: not on another thread than that of its session. */
    static boolean areEqual(@Nullable Object control, @Nullable Object candidate) {
        if (here()) {
            checkItself(control);
            checkItself(candidate);
        }
        return Objects.deepEquals(control, candidate);
    }

    private static void checkItself(@Nullable Object value) {
        if (value != null) {
            check(value, isAttached(value));
        }
    }

    /** Whether it is a persistence framework's, known by name so that none of them need be there. */
    private static boolean isAttached(Object value) {
        String name = value.getClass().getName();
        if (name.startsWith("org.hibernate.collection.")) {
            return !Boolean.TRUE.equals(ask(value, "wasInitialized")) || ask(value, "getSession") != null;
        }
        if (name.contains("$HibernateProxy")) {
            Object lazy = ask(value, "getHibernateLazyInitializer");
            return !Boolean.FALSE.equals(ask(lazy, "isUninitialized")) || ask(lazy, "getSession") != null;
        }
        return name.startsWith("org.eclipse.persistence.indirection.");
    }

    private static @Nullable Object ask(@Nullable Object value, String method) {
        try {
            return value == null ? null : value.getClass().getMethod(method).invoke(value);
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /** From now on, what this thread compares is borrowed; until {@link #end}. */
    static void begin() {
        HERE.set(true);
    }

    static void end() {
        HERE.remove();
    }
}
