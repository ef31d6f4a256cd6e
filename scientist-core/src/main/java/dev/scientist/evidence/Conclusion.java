package dev.scientist.evidence;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * What the evidence means for cutting over to a candidate, within a {@link Tolerance}. Immutable.
 *
 * <p>How it is found. Each {@link Question} has a finding of its own, and the whole is the worst of them:
 *
 * <ul>
 *   <li>READY if every question that can be asked is answered, each with the full confidence. If the truth of any one of
 *       them is out of tolerance, this is ever said with a probability of at most 1 - confidence.
 *   <li>NOT_READY if something is shown to be out of tolerance. As there are several questions, they share 1 -
 *       confidence: it is the probability that this is ever said wrongly.
 *   <li>INCONCLUSIVE otherwise.
 * </ul>
 *
 * <p>The bounds stay valid however often one looks, so one may wait for READY and stop then. They assume independent
 * runs: {@link #CAVEAT}.
 *
 * @param verdict the answer
 * @param reason why, and everything that was not seen
 * @param findings one for each question, in the order of {@link Question}
 * @param cleanRunsToReady how many more runs READY would take if each of them matched, 0 if no more of them are needed;
 *     empty if that is not known: what times will show, and when something that broke lately is past, nobody knows
 * @param timeToReady how much longer runs must be seen, zero if no longer
 */
public record Conclusion(
        Verdict verdict, String reason, List<Finding> findings, OptionalLong cleanRunsToReady, Duration timeToReady) {

    /** What must be said wherever a bound is shown. */
    public static final String CAVEAT =
            "The bounds assume independent runs. Where mismatches are correlated, such as one"
                    + " bad record that is read a thousand times, or times are, such as those of a busy minute or of one side that"
                    + " is cold for long, they are too optimistic.";

    /** Whether one can cut over. */
    public enum Verdict {
        /** All that was asked is shown to be within the tolerance. */
        READY,
        /** The runs so far show neither. */
        INCONCLUSIVE,
        /** Something is shown to be out of the tolerance. */
        NOT_READY
    }

    /** What is asked. */
    public enum Question {
        /** Does it do what the control does? */
        CORRECT,
        /** Or were too many runs not compared: failed, abandoned, dropped, shed? */
        COMPARED,
        /** Or were too many of its differences ignored? */
        IGNORED,
        /** Were there enough runs, over enough time? */
        ENOUGH,
        /**
         * Is it so of late too: in the last 5,000 to 10,000 runs, or half an hour to an hour, whichever is less? And
         * neither its gate nor its rollout has stopped the candidate for what it did?
         */
        LATELY,
        /** Is it as fast? */
        FAST
    }

    /**
     * The answer to one question. Immutable.
     *
     * @param question the question
     * @param verdict the answer; READY where it could not be asked, so that it does not stand in the way
     * @param isJudged false where the question could not be asked; the sentence says why
     * @param sentence why, without a capital or a full stop
     * @param brief the same shortly: what happened and where, without what is allowed
     * @param notSeen what was not seen, such as "any run in the last half hour"; empty if there is nothing to name
     */
    public record Finding(
            Question question, Verdict verdict, boolean isJudged, String sentence, String brief, List<String> notSeen) {

        /** Checks that all is there. */
        public Finding {
            Objects.requireNonNull(question, "question");
            Objects.requireNonNull(verdict, "verdict");
            Objects.requireNonNull(sentence, "sentence");
            Objects.requireNonNull(brief, "brief");
            notSeen = List.copyOf(notSeen);
        }
    }

    /** Checks that all is there. */
    public Conclusion {
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(reason, "reason");
        findings = List.copyOf(findings);
        Objects.requireNonNull(cleanRunsToReady, "clean runs to ready");
        Objects.requireNonNull(timeToReady, "time to ready");
    }

    /** The finding that the reason begins with. */
    Finding first() {
        return findings.stream()
                .filter(finding -> finding.verdict() == verdict
                        && !finding.sentence().isEmpty()
                        && reason.startsWith(Words.capital(finding.sentence())))
                .findFirst()
                .orElseThrow();
    }

    /**
     * The answer to one question.
     *
     * @param question the question
     * @return its finding
     */
    @SuppressWarnings("EnumOrdinal") // there is one finding for each question, in their order
    public Finding finding(Question question) {
        return findings.get(question.ordinal());
    }
}
