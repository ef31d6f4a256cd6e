package dev.scientist.evidence;

import dev.scientist.Outcome;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

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
        line("The intervals hold however often one looks, those of times for many runs. " + Conclusion.CAVEAT);
        return out.toString();
    }

    private void add(ExperimentEvidence experiment) {
        line("experiment '" + experiment.experiment() + "': " + Words.count(experiment.results(), "result", "results")
                + " since " + experiment.since());
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
        if (conclusion.verdict() != Conclusion.Verdict.READY) {
            OptionalLong more = conclusion.cleanRunsToReady();
            line("    "
                    + (more.isPresent()
                            ? "READY would take " + Words.count(more.getAsLong(), "more clean run.", "more clean runs.")
                            : "No number of clean runs like these would make it READY."));
        }
        addRuns(candidate);
        if (candidate.baseline() != null) {
            line("    excess over the noise " + Words.percent(candidate.excessOverNoise(alpha)));
        }
        addTimes(candidate);
        addCounts("ignored because", candidate.ignored());
        addCounts("the control threw", candidate.controlExceptions());
        addCounts("the candidate threw", candidate.candidateExceptions());
        addDifferences(candidate);
    }

    private void addRuns(CandidateEvidence candidate) {
        line("    runs " + Words.number(candidate.runs()) + ": " + Words.counts(candidate.outcomes()));
        line("    mismatch rate " + Words.percent(candidate.mismatchRate(alpha)));
        long unknown = candidate.notCompared();
        if (unknown > 0) {
            line("    not compared " + Words.percent(candidate.notComparedRate(alpha)) + ": comparator failed "
                    + Words.number(candidate.count(Outcome.FAILED)) + ", abandoned "
                    + Words.number(candidate.count(Outcome.ABANDONED)));
        }
    }

    private void addTimes(CandidateEvidence candidate) {
        if (candidate.controlTimes().count() == 0) {
            return;
        }
        line("    time, candidate / control: " + Words.ratio(candidate.timeRatio(alpha)) + "; of the medians "
                + Words.ratio(candidate.timeRatioOfMedians(alpha)));
        addTimes("control", candidate.controlTimes());
        addTimes("candidate", candidate.candidateTimes());
    }

    private void addTimes(String behavior, Times times) {
        line("      " + behavior + ": median " + Words.duration(times.quantileNanos(0.5)) + ", 95% "
                + Words.duration(times.quantileNanos(0.95)) + ", 99% " + Words.duration(times.quantileNanos(0.99))
                + ", " + Words.duration((double) times.totalNanos()) + " in all");
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
                    group.noise() ? " (noise: the control differs from itself there)" : "",
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
