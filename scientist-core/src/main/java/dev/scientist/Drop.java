package dev.scientist;

/** Why a run that was started, or would have been, has no published result. */
public enum Drop {
    /** The queue was full, or as many candidates as are allowed were stuck. */
    SHED,
    /** The executor refused the candidate. */
    REJECTED,
    /** The {@link Scientist} was closed before the run could finish. */
    CLOSED,
    /** The snapshot of the control's value or of the input failed, so comparing might have been wrong. */
    SNAPSHOT_FAILED,
    /** The control's stage was not completed within the time limit, so that there was nothing to compare with. */
    UNFINISHED,
    /** The library could not finish the run, for want of memory or stack. */
    BROKEN
}
