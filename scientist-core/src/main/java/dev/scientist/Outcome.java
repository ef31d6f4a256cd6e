package dev.scientist;

/** How one candidate compared with the control in one run. */
public enum Outcome {
    /** The comparator found no difference. */
    MATCHED,
    /** The comparator found differences and no ignore rule held. */
    MISMATCHED,
    /** The comparator found differences and an ignore rule held; {@link Comparison#ignoredBecause()} says which. */
    IGNORED,
    /** The comparator itself failed, so nothing is known; {@link Comparison#comparatorFailure()} says how. */
    FAILED,
    /** The candidate was stopped at its time limit or cancelled before it had an outcome. */
    ABANDONED;

    /**
     * Whether the two were compared, so that something is known.
     *
     * @return false for {@link #FAILED} and {@link #ABANDONED}
     */
    public boolean isCompared() {
        return this != FAILED && this != ABANDONED;
    }
}
