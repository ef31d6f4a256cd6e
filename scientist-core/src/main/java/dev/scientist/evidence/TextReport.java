package dev.scientist.evidence;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The evidence as text for people. Not thread-safe. */
final class TextReport {

    private final Tolerance tolerance;
    private final double alpha;
    private final StringBuilder out = new StringBuilder();

    TextReport(Tolerance tolerance) {
        this.tolerance = tolerance;
        alpha = tolerance.alpha();
    }

    String of(List<ExperimentEvidence> experiments) {
        experiments.forEach(this::add);
        line("Judged by: " + tolerance + ".");
        line("The intervals hold however often one looks. " + Conclusion.CAVEAT);
        return out.toString();
    }

    private void add(ExperimentEvidence experiment) {
        line("experiment '" + experiment.experiment() + "'"
                + (experiment.version().isEmpty() ? "" : " (version " + experiment.version() + ")") + ": "
                + Words.count(experiment.results(), "result", "results") + " since " + experiment.since()
                + ", seen for "
                + Words.time(experiment.seen()));
        experiment.facts().missing().forEach(instance -> line("  missing: " + instance));
        if (!experiment.drops().isEmpty()) {
            line("  dropped runs: " + Words.counts(experiment.drops()));
        }
        if (!experiment.failures().isEmpty()) {
            line("  failures of user-supplied parts: " + Words.counts(experiment.failures()));
        }
        if (experiment.candidates().isEmpty()) {
            line("  no candidate has run yet");
        }
        experiment.candidates().forEach(this::add);
        CandidateEvidence baseline = experiment.baseline();
        if (baseline != null) {
            line("  noise: the control against itself");
            addRuns(baseline);
            addDifferences(baseline);
        }
        line("");
    }

    private void add(CandidateEvidence candidate) {
        Conclusion conclusion = candidate.conclusion(tolerance);
        line("  candidate '" + candidate.candidate() + "': "
                + conclusion.verdict().name().replace('_', ' '));
        line("    " + conclusion.reason());
        String toReady = Words.toReady(conclusion);
        if (!toReady.isEmpty()) {
            line("    " + toReady);
        }
        addRuns(candidate);
        addTimes(candidate);
        addCounts("ignored because", candidate.ignored());
        addCounts("the control threw", candidate.controlExceptions());
        addCounts("the candidate threw", candidate.candidateExceptions());
        addDifferences(candidate);
        List<Hint> hints = candidate.hints();
        if (!hints.isEmpty()) {
            line("    which inputs mismatch (hints: mismatches come in bursts)");
            hints.forEach(hint -> line("      " + hint));
        }
    }

    private void addRuns(CandidateEvidence candidate) {
        line("    runs " + Words.number(candidate.runs()) + ": " + Words.counts(candidate.outcomes()));
        line("    mismatch rate " + Words.percent(candidate.mismatchRate(alpha)));
        if (candidate.notCompared() > 0) {
            line("    not compared " + Words.percent(candidate.notComparedRate(alpha)));
        }
    }

    private void addTimes(CandidateEvidence candidate) {
        if (candidate.meanComparingNanos() > 0) { // simple values compared by equals are not timed
            line("    comparing took " + Words.duration(candidate.meanComparingNanos()) + " on the mean");
        }
        if (candidate.controlTimes().count() == 0 || candidate.candidateTimes().count() == 0) {
            return;
        }
        String unfair = candidate.timesUnfair();
        if (unfair == null) {
            line("    time, candidate / control, of whichever ran first: "
                    + Words.ratio(candidate.timeRatio(0.5, alpha))
                    + " at 50%, " + Words.ratio(candidate.timeRatio(0.95, alpha)) + " at 95%, "
                    + Words.ratio(candidate.timeRatio(0.99, alpha)) + " at 99%, "
                    + Words.ratio(candidate.meanTimeRatio()) + " on the mean");
        } else {
            line("    times, which do not tell who is faster, as " + unfair);
        }
        addTimes("control", candidate.controlTimes());
        addTimes("candidate", candidate.candidateTimes());
    }

    private void addTimes(String behavior, Times times) {
        line("      " + behavior + ": " + Words.count(times.count(), "time", "times") + ", median "
                + Words.duration(times.quantileNanos(0.5)) + ", 95% " + Words.duration(times.quantileNanos(0.95))
                + ", 99% " + Words.duration(times.quantileNanos(0.99)) + ", mean "
                + Words.duration(times.usualMeanNanos()));
    }

    private void addCounts(String what, Map<String, Long> counts) {
        if (!counts.isEmpty()) {
            line("    " + what);
            counts.forEach((key, count) -> line(String.format(Locale.ROOT, "    %,11d  %s", count, key)));
        }
    }

    private void addDifferences(CandidateEvidence candidate) {
        if (candidate.differences().isEmpty()) {
            return;
        }
        line("    mismatches by where they differ");
        for (DifferenceEvidence group : candidate.differences()) {
            line(String.format(
                    Locale.ROOT,
                    "    %,11d  %s%s, from %s to %s",
                    group.count(),
                    group.signature(),
                    candidate.isNoise(group) ? " (noise: the control differs from itself there)" : "",
                    group.firstSeen(),
                    group.lastSeen()));
            for (DifferenceEvidence.Example example : group.examples()) {
                line("                 - " + (example.input() == null ? "" : "input " + example.input() + ": ")
                        + "control " + example.control() + ", candidate " + example.candidate()
                        + where(group, example));
            }
        }
    }

    /** Where the values may not be shown, it would only repeat the signature. */
    private static String where(DifferenceEvidence group, DifferenceEvidence.Example example) {
        String differences = example.differences();
        return differences.isEmpty() || differences.equals(group.signature()) ? "" : "; " + differences;
    }

    private void line(String text) {
        out.append(Words.onOneLine(text)).append('\n');
    }
}
