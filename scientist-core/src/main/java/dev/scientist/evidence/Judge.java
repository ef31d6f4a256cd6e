package dev.scientist.evidence;

import dev.scientist.evidence.Conclusion.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;

/** Comes to a {@link Conclusion}, which says how. */
final class Judge {

    /** More runs than this nobody has. */
    private static final long MOST_RUNS = 1L << 50;

    /** The answer to one of the questions. */
    private record Finding(Verdict verdict, String sentence, OptionalLong moreRuns) {}

    private final CandidateEvidence evidence;
    private final Tolerance tolerance;
    private final double alpha;

    Judge(CandidateEvidence evidence, Tolerance tolerance) {
        this.evidence = evidence;
        this.tolerance = tolerance;
        alpha = tolerance.alpha();
    }

    Conclusion conclusion() {
        List<Finding> findings = List.of(mismatches(), notCompared(), time(), runs());
        Verdict verdict = worst(findings);
        String reason = findings.stream()
                .filter(finding -> finding.verdict() == verdict)
                .map(Finding::sentence)
                .filter(sentence -> !sentence.isEmpty())
                .collect(Collectors.joining("; "));
        return new Conclusion(
                verdict, reason.substring(0, 1).toUpperCase(Locale.ROOT) + reason.substring(1) + ".", most(findings));
    }

    private static Verdict worst(List<Finding> findings) {
        boolean inconclusive = false;
        for (Finding finding : findings) {
            if (finding.verdict() == Verdict.NOT_READY) {
                return Verdict.NOT_READY;
            }
            inconclusive |= finding.verdict() == Verdict.INCONCLUSIVE;
        }
        return inconclusive ? Verdict.INCONCLUSIVE : Verdict.READY;
    }

    private static OptionalLong most(List<Finding> findings) {
        long most = 0;
        for (Finding finding : findings) {
            if (finding.moreRuns().isEmpty()) {
                return OptionalLong.empty();
            }
            most = Math.max(most, finding.moreRuns().getAsLong());
        }
        return OptionalLong.of(most);
    }

    private Finding mismatches() {
        CandidateEvidence baseline = evidence.baseline();
        boolean noisy = baseline != null;
        Interval rate = noisy
                ? evidence.excessOverNoise(alpha).interval()
                : evidence.mismatchRate(alpha).interval();
        double noise =
                baseline != null ? baseline.mismatchRate(alpha / 2).interval().lower() : 0;
        double max = tolerance.maxMismatchRate();
        OptionalLong more = fewest(runs ->
                Intervals.anytimeRate(evidence.mismatches(), evidence.compared() + runs, noisy ? alpha / 2 : alpha)
                                        .upper()
                                - noise
                        <= max);
        String what = noisy ? "the mismatch rate's excess over the noise" : "the mismatch rate";
        String counts = " (" + Words.count(evidence.mismatches(), "mismatch", "mismatches") + " in "
                + Words.count(evidence.compared(), "compared run", "compared runs") + ")";
        return bounded(what, counts, rate, max, more);
    }

    private Finding notCompared() {
        double max = tolerance.maxNotCompared();
        OptionalLong more = fewest(runs -> Intervals.anytimeRate(evidence.notCompared(), evidence.runs() + runs, alpha)
                        .upper()
                <= max);
        Finding finding = bounded(
                "the part of the runs that could not be compared",
                " (" + Words.number(evidence.notCompared()) + " of " + Words.number(evidence.runs()) + ")",
                evidence.notComparedRate(alpha).interval(),
                max,
                more);
        // where there are none it goes without saying
        return evidence.notCompared() == 0 ? new Finding(finding.verdict(), "", more) : finding;
    }

    private static Finding bounded(String what, String counts, Interval rate, double max, OptionalLong more) {
        String allowed = Words.percent(max);
        if (rate.upper() <= max) {
            return new Finding(
                    Verdict.READY,
                    what + " is at most " + Words.percentUp(rate.upper()) + ", within the " + allowed + " allowed"
                            + counts,
                    more);
        }
        if (rate.lower() > max) {
            return new Finding(
                    Verdict.NOT_READY,
                    what + " is at least " + Words.percentDown(rate.lower()) + ", above the " + allowed + " allowed"
                            + counts,
                    more);
        }
        return new Finding(
                Verdict.INCONCLUSIVE,
                what + " may be up to " + Words.percentUp(rate.upper()) + ", above the " + allowed + " allowed"
                        + counts,
                more);
    }

    private Finding time() {
        double max = tolerance.maxSlowDown();
        if (max == Double.POSITIVE_INFINITY) {
            return new Finding(Verdict.READY, "", OptionalLong.of(0));
        }
        LogRatios ratios = evidence.logRatios();
        Interval ratio = evidence.timeRatio(alpha).interval();
        String allowed = Words.ratio(max);
        if (ratio.upper() <= max) {
            return new Finding(
                    Verdict.READY,
                    "it typically takes at most " + Words.ratioUp(ratio.upper())
                            + " times the control's time, within the " + allowed + " allowed",
                    OptionalLong.of(0));
        }
        OptionalLong more = moreForTime(ratios, max);
        if (ratio.lower() > max && ratios.count() >= tolerance.fewestRuns()) {
            return new Finding(
                    Verdict.NOT_READY,
                    "it typically takes at least " + Words.ratioDown(ratio.lower())
                            + " times the control's time, above the " + allowed + " allowed",
                    more);
        }
        return new Finding(
                Verdict.INCONCLUSIVE,
                ratio.upper() == Double.POSITIVE_INFINITY
                        ? "too few runs to compare times (" + Words.number(ratios.count()) + ")"
                        : "it may typically take up to " + Words.ratioUp(ratio.upper())
                                + " times the control's time, above the " + allowed + " allowed",
                more);
    }

    private OptionalLong moreForTime(LogRatios ratios, double max) {
        long toMeasure = Math.max(0, CandidateEvidence.FEWEST_TIMES - ratios.count());
        if (ratios.count() < 2) {
            return OptionalLong.of(toMeasure);
        }
        OptionalLong more = fewest(runs ->
                Math.exp(Intervals.anytimeMean(ratios.count() + runs, ratios.mean(), ratios.variance(), alpha)
                                .upper())
                        <= max);
        return more.isEmpty() ? more : OptionalLong.of(Math.max(toMeasure, more.getAsLong()));
    }

    private Finding runs() {
        long lacking = tolerance.fewestRuns() - evidence.compared();
        if (lacking <= 0) {
            return new Finding(Verdict.READY, "", OptionalLong.of(0));
        }
        return new Finding(
                Verdict.INCONCLUSIVE,
                "only " + Words.number(evidence.compared()) + " of the "
                        + Words.count(tolerance.fewestRuns(), "run", "runs") + " that are the fewest to judge by"
                        + " were compared",
                OptionalLong.of(lacking));
    }

    /** The fewest further runs that would do, where each one more helps. */
    private static OptionalLong fewest(LongPredicate enough) {
        if (enough.test(0)) {
            return OptionalLong.of(0);
        }
        long few = 0;
        long many = 1;
        while (!enough.test(many)) {
            few = many;
            many *= 2;
            if (many > MOST_RUNS) {
                return OptionalLong.empty();
            }
        }
        while (many - few > 1) {
            long middle = (few + many) >>> 1;
            if (enough.test(middle)) {
                many = middle;
            } else {
                few = middle;
            }
        }
        return OptionalLong.of(many);
    }
}
