package dev.scientist;

/**
 * Told of every failure of a user-supplied part: gates, comparators, ignore rules, cleaners, publishers, hooks and the
 * like. A candidate's throwable is no failure; it is an {@link Observation}.
 *
 * <p>Called on the thread on which the part failed, maybe by several threads at once. It should not block: that thread
 * may be the caller's, or the one that watches over all time limits. What it throws is logged and goes no further. The
 * default logs through SLF4J, at most a few lines a second for each experiment and operation.
 */
@FunctionalInterface
public interface FailureHandler {

    /**
     * Told of one failure.
     *
     * @param experiment the name of the experiment
     * @param operation what the part was doing
     * @param failure what it threw; a null where none is allowed arrives as a {@link NullPointerException}
     */
    void handle(String experiment, Operation operation, Throwable failure);
}
