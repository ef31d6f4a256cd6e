package dev.scientist;

/** Where and in which order an experiment runs its behaviors. Immutable and thread-safe. */
public sealed interface Execution permits Execution.Inline {

    /**
     * Everything on the caller's thread, in random order: fair to both, and the candidates' time is added to the
     * caller's. The default.
     *
     * @return the execution
     */
    static Execution inline() {
        return Inline.RANDOM;
    }

    /**
     * Everything on the caller's thread, the control first: for behaviors that warm a cache for each other in a known
     * way. The times of control and candidates are then not to be compared.
     *
     * @return the execution
     */
    static Execution controlFirst() {
        return Inline.CONTROL_FIRST;
    }

    /**
     * Everything on the caller's thread, the control last. The times of control and candidates are then not to be
     * compared.
     *
     * @return the execution
     */
    static Execution controlLast() {
        return Inline.CONTROL_LAST;
    }

    /** Everything on the caller's thread. */
    enum Inline implements Execution {
        /** A new random order for every run. */
        RANDOM,
        /** The control, then the candidates in random order. */
        CONTROL_FIRST,
        /** The candidates in random order, then the control. */
        CONTROL_LAST
    }
}
