package dev.scientist.evidence;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * What the evidence means for cutting over to a candidate, within a {@link Tolerance}. Immutable.
 *
 * <p>How it is found. Four things are asked: whether the mismatch rate (where noise is measured, its excess over the
 * noise), the part of the runs that could not be compared, and the time ratio are within the tolerance, and whether
 * enough runs were compared. All bounds stay valid however often one looks, so one may wait for READY and stop then.
 *
 * <ul>
 *   <li>READY if the upper bounds of all are within the tolerance. If the truth of any one is not, this is ever said
 *       with a probability of at most 1 - confidence.
 *   <li>NOT_READY if the lower bound of one is above the tolerance. Said wrongly at any time with a probability of at
 *       most 1 - confidence for each of the three.
 *   <li>INCONCLUSIVE otherwise: more runs will tell.
 * </ul>
 *
 * <p>The probability for the time ratio holds for many runs only: see {@link Intervals#anytimeMean}. All of it assumes
 * independent runs: {@link #CAVEAT}.
 *
 * @param verdict the answer
 * @param reason why, in a sentence
 * @param cleanRunsToReady how many more runs READY would take if each of them matched, with times like those so far;
 *     0 if it is READY, empty if no number of them would do, as for a candidate that is too slow
 */
public record Conclusion(Verdict verdict, String reason, OptionalLong cleanRunsToReady) {

    /** What must be said wherever a bound is shown. */
    public static final String CAVEAT = "The bounds assume independent runs: where mismatches are correlated, such as"
            + " one bad record that is read a thousand times, they are too optimistic.";

    /** Whether one can cut over. */
    public enum Verdict {
        /** All that was asked is shown to be within the tolerance. */
        READY,
        /** Something is shown to be out of the tolerance. */
        NOT_READY,
        /** The runs so far show neither. */
        INCONCLUSIVE
    }

    /** Checks that all is there. */
    public Conclusion {
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(cleanRunsToReady, "clean runs to ready");
    }
}
