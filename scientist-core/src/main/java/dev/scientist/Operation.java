package dev.scientist;

/** What a user-supplied part was doing when it failed; see {@link FailureHandler}. */
public enum Operation {
    /** The definition of an experiment where it is used: {@link Scientist#experiment(String, java.util.function.Consumer)}. */
    DEFINE,
    /** {@link Gate#admits}; or the source of a rollout's stage, or the listener of its way back. */
    GATE,
    /** The condition of one {@link Trial}. */
    RUN_IF,
    /** A before-run hook. */
    BEFORE_RUN,
    /** A context supplier. */
    CONTEXT,
    /** The {@code LongSupplier} given as clock. */
    CLOCK,
    /** The {@code RandomGenerator} given for order and sampling. */
    RANDOM,
    /** A value or error comparator. */
    COMPARE,
    /** An ignore rule. */
    IGNORE,
    /** The cleaner. */
    CLEAN,
    /** The function of a trait. */
    TRAIT,
    /** The consumer that disposes of values that were not served. */
    DISPOSE,
    /** A publisher that was handed a result. */
    PUBLISH,
    /** A publisher that was told of a definition, a drop or a failure, or was closed. */
    NOTIFY,
    /** An after-run hook. */
    AFTER_RUN,
    /** The factory of a custom mismatch error. */
    RAISE,
    /** The snapshot of a value or an input. */
    SNAPSHOT,
    /** A context propagator. */
    PROPAGATE,
    /** The executor of a background or concurrent experiment, or a candidate that does not return within its limit. */
    EXECUTE,
    /** The library could not finish the run, for want of memory or stack; the run is counted as dropped. */
    RUN
}
