package dev.scientist.evidence;

import dev.scientist.evidence.Conclusion.Finding;
import dev.scientist.evidence.Conclusion.Question;
import dev.scientist.evidence.Conclusion.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An experiment and what it shows, judged once. Immutable.
 *
 * @param candidates the worst first
 */
record Judged(ExperimentEvidence evidence, List<Candidate> candidates) {

    record Candidate(CandidateEvidence evidence, Conclusion conclusion) {

        private static final String MISMATCHES = "Mismatches";

        List<String> notSeen() {
            return conclusion.findings().stream()
                    .flatMap(finding -> finding.notSeen().stream())
                    .toList();
        }

        /** The reason shortly, with for whom and since when. */
        String brief(Instant now) {
            if (conclusion.verdict() == Verdict.READY) {
                long mismatches = evidence.trueMismatches();
                return (mismatches == 0 ? "No mismatch" : Words.count(mismatches, "mismatch", "mismatches")) + " in "
                        + Words.count(evidence.compared(), "run", "runs") + " over "
                        + Words.longest(evidence.experiment().seen());
            }
            Finding first = conclusion.first();
            String text = Words.capital(first.brief());
            if (first.question() != Question.CORRECT && first.question() != Question.LATELY) {
                return text;
            }
            String more = whom()
                    + evidence.differences().stream()
                            .map(DifferenceEvidence::firstSeen)
                            .min(Comparator.naturalOrder())
                            .map(moment -> ", first " + Words.ago(Duration.between(moment, now)))
                            .orElse("");
            // before the places, of which there may be more than a row can show
            return text.startsWith(MISMATCHES) ? MISMATCHES + more + text.substring(MISMATCHES.length()) : text + more;
        }

        private String whom() {
            return evidence.hints().stream()
                    .findFirst()
                    .map(hint -> {
                        double share = (double) hint.mismatches() / evidence.mismatches();
                        return ", " + (share == 1 ? "only " : share > 0.5 ? "mostly " : "often ") + hint.trait() + " = "
                                + hint.value();
                    })
                    .orElse("");
        }
    }

    static Judged of(ExperimentEvidence experiment, Tolerance tolerance) {
        return new Judged(
                experiment,
                experiment.candidates().stream()
                        .map(candidate -> new Candidate(candidate, candidate.conclusion(tolerance)))
                        .sorted(Comparator.<Candidate, Verdict>comparing(
                                        each -> each.conclusion().verdict())
                                .reversed())
                        .toList());
    }

    /** The candidate that the verdict is of, null if none has run. */
    @Nullable
    Candidate worst() {
        return candidates.isEmpty() ? null : candidates.get(0);
    }

    @Nullable
    Verdict verdict() {
        Candidate worst = worst();
        return worst == null ? null : worst.conclusion().verdict();
    }

    /** Where on the page it stands: what needs a person first. */
    int rank() {
        Candidate worst = worst();
        if (worst == null) {
            return 5;
        }
        if (evidence.stopped() != null) {
            return 0;
        }
        return switch (worst.conclusion().verdict()) {
            case NOT_READY -> 1;
            // somebody may cut over
            case READY -> 3;
            case INCONCLUSIVE -> worst.conclusion().finding(Question.LATELY).verdict() == Verdict.READY ? 4 : 2;
        };
    }

    static String name(@Nullable Verdict verdict) {
        return verdict == null ? "NO RUNS YET" : verdict.name().replace('_', ' ');
    }

    static String cssClass(@Nullable Verdict verdict) {
        return verdict == null
                ? "quiet"
                : switch (verdict) {
                    case READY -> "ready";
                    case INCONCLUSIVE -> "inconclusive";
                    case NOT_READY -> "not-ready";
                };
    }
}
