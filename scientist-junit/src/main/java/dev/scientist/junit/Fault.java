package dev.scientist.junit;

/** A way in which {@link Faults} make a part misbehave. */
public enum Fault {
    /** Throws an unchecked or undeclared checked exception, or an error, instead of doing its work. */
    THROW,
    /** Takes up to 10 milliseconds more. */
    DELAY,
    /**
     * Waits instead of doing its work, until it is interrupted or the {@link Faults} are closed. On the caller's thread,
     * as with inline execution, that holds the caller up: no experiment can help that.
     */
    HANG,
    /**
     * Does its work and returns something else: a candidate another value, often null; a comparator a null, which is not
     * allowed; a gate the opposite. A publisher loses the result.
     */
    CORRUPT,
    /** Allocates 8 megabytes on the way, which are garbage at once. */
    ALLOCATE
}
