package dev.scientist.evidence;

import dev.scientist.Counts;
import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.Outcome;
import dev.scientist.Scientist;
import dev.scientist.Serving;
import dev.scientist.evidence.Conclusion.Verdict;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The evidence as a page for people, the worst first. Not thread-safe. */
final class HtmlReport {

    /** So many are opened when the page is; the rest unfolds at a click. */
    private static final int UNFOLDED = 3;

    private static final int MAX_MISSING = 20;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    // the scale of rates: logarithmic, from one in a million to all
    private static final double LEAST_RATE = 1e-6;
    private static final int WIDTH = 420;
    private static final int MARGIN = 24;
    private static final double[] TICKS = {1e-6, 1e-4, 1e-2, 1};

    private final Scientist scientist;
    private final Tolerance tolerance;
    private final double alpha;
    private final boolean switching;
    private final Html html = new Html();

    /**
     * An experiment and what it shows, judged once.
     *
     * @param verdict that of the worst candidate, null if none has run
     * @param rate the worst mismatch rate that is shown, for the order of the page
     */
    private record Judged(
            ExperimentEvidence evidence,
            List<JudgedCandidate> candidates,
            @Nullable Verdict verdict,
            double rate) {}

    private record JudgedCandidate(CandidateEvidence evidence, Conclusion conclusion) {}

    HtmlReport(Scientist scientist, Tolerance tolerance, boolean switching) {
        this.scientist = scientist;
        this.tolerance = tolerance;
        alpha = tolerance.alpha();
        this.switching = switching;
    }

    String of(List<ExperimentEvidence> experiments, Instant now, String style, @Nullable Integer refreshSeconds) {
        List<Judged> judged = experiments.stream()
                .map(this::judge)
                .sorted(Comparator.<Judged>comparingInt(each -> badness(each.verdict()))
                        .thenComparingDouble(Judged::rate)
                        .reversed()
                        .thenComparing(each -> each.evidence().experiment()))
                .toList();
        html.raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Experiments</title>"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        if (refreshSeconds != null) {
            html.raw("<meta http-equiv=\"refresh\" content=\"" + refreshSeconds + "\">");
        }
        html.raw("<style>" + style + "</style></head><body>");
        addHeader(judged, now);
        html.raw("<main>");
        addMissing(experiments);
        for (int i = 0; i < judged.size(); i++) {
            add(judged.get(i), i < UNFOLDED);
        }
        html.raw("</main><footer><p>")
                .text("Judged by: " + tolerance + ".")
                .raw("</p><p>")
                .text("The intervals hold however often one looks. " + Conclusion.CAVEAT)
                .raw("</p></footer></body></html>\n");
        return html.toString();
    }

    /** Experiments that are run and not counted, lest one wait for them in vain. */
    private void addMissing(List<ExperimentEvidence> counted) {
        Set<String> missing = new TreeSet<>();
        scientist.experiments().forEach(experiment -> missing.add(experiment.name()));
        counted.forEach(experiment -> missing.remove(experiment.experiment()));
        if (!missing.isEmpty()) {
            html.element(
                    "p",
                    "",
                    "Not counted here: " + missing.stream().limit(MAX_MISSING).collect(Collectors.joining(", "))
                            + (missing.size() > MAX_MISSING ? ", and more" : "")
                            + ". The EvidencePublisher of this page is no publisher of theirs: hand it to"
                            + " Scientist.builder().publisher(..).");
        } else if (counted.isEmpty()) {
            html.raw("<p>No experiment is defined yet.</p>");
        }
    }

    private Judged judge(ExperimentEvidence experiment) {
        List<JudgedCandidate> candidates = experiment.candidates().stream()
                .map(candidate -> new JudgedCandidate(candidate, candidate.conclusion(tolerance)))
                .sorted(Comparator.<JudgedCandidate>comparingInt(
                                each -> badness(each.conclusion().verdict()))
                        .reversed())
                .toList();
        return new Judged(
                experiment,
                candidates,
                candidates.isEmpty() ? null : candidates.get(0).conclusion().verdict(),
                candidates.stream()
                        .mapToDouble(each ->
                                each.evidence().mismatchRate(alpha).interval().lower())
                        .max()
                        .orElse(0));
    }

    private static int badness(@Nullable Verdict verdict) {
        if (verdict == null) {
            return 1;
        }
        return switch (verdict) {
            case NOT_READY -> 3;
            case INCONCLUSIVE -> 2;
            case READY -> 0;
        };
    }

    private void addHeader(List<Judged> judged, Instant now) {
        html.raw("<header><h1>Can we cut over?</h1><p class=\"soft small\">")
                .text(Words.count(judged.size(), "experiment", "experiments") + ", as of " + TIME.format(now))
                .raw("</p><ul class=\"totals\">");
        addTotal(judged, Verdict.NOT_READY);
        addTotal(judged, Verdict.INCONCLUSIVE);
        addTotal(judged, Verdict.READY);
        long idle = judged.stream().filter(each -> each.verdict() == null).count();
        if (idle > 0) {
            html.raw("<li class=\"quiet\"><b>").text(Words.number(idle)).raw("</b>no runs yet</li>");
        }
        html.raw("</ul></header>");
    }

    private void addTotal(List<Judged> judged, Verdict verdict) {
        long count = judged.stream().filter(each -> each.verdict() == verdict).count();
        html.raw("<li class=\"" + cssClass(verdict) + "\"><b>")
                .text(Words.number(count))
                .raw("</b>")
                .text(name(verdict).toLowerCase(Locale.ROOT))
                .raw("</li>");
    }

    private void add(Judged judged, boolean unfolded) {
        ExperimentEvidence experiment = judged.evidence();
        html.raw("<article class=\"is-" + cssClass(judged.verdict()) + "\"><div class=\"title\">");
        html.element("h2", "", experiment.experiment());
        addVerdict(judged.verdict());
        html.raw("</div>");
        for (JudgedCandidate candidate : judged.candidates()) {
            add(candidate, judged.candidates().size() > 1, experiment.baseline(), unfolded);
        }
        addState(experiment);
        html.raw("</article>");
    }

    private void addVerdict(@Nullable Verdict verdict) {
        html.element("span", "verdict " + cssClass(verdict), verdict == null ? "NO RUNS YET" : name(verdict));
    }

    private void add(
            JudgedCandidate judged, boolean oneOfSeveral, @Nullable CandidateEvidence baseline, boolean unfolded) {
        CandidateEvidence candidate = judged.evidence();
        Conclusion conclusion = judged.conclusion();
        if (oneOfSeveral || !candidate.candidate().equals(Experiment.CANDIDATE)) {
            html.raw("<div class=\"title\">").element("h3", "", "candidate " + candidate.candidate());
            if (oneOfSeveral) {
                addVerdict(conclusion.verdict());
            }
            html.raw("</div>");
        }
        html.element("p", "", conclusion.reason());
        String toReady = Words.toReady(conclusion);
        if (!toReady.isEmpty()) {
            html.element("p", "soft", toReady);
        }
        addScale(candidate, baseline, conclusion.verdict());
        html.raw("<dl>");
        addFact("runs", Words.number(candidate.runs()));
        addFact("outcomes", outcomes(candidate));
        addFact("mismatch rate", Words.percent(candidate.mismatchRate(alpha)));
        if (baseline != null) {
            addFact("noise: control against itself", Words.percent(baseline.mismatchRate(alpha)));
        }
        if (candidate.notCompared() > 0) {
            addFact("not compared", Words.percent(candidate.notComparedRate(alpha)));
        }
        if (candidate.compared() > 0) {
            addFact("comparing, mean", Words.duration(candidate.meanComparingNanos()));
        }
        String unfair = candidate.timesUnfair();
        if (unfair != null) {
            addFact("times do not tell who is faster", "as " + unfair);
        } else if (candidate.controlTimes().count() > 0) {
            addFact("time, candidate / control, median", Words.ratio(candidate.timeRatio(0.5, alpha)));
        }
        html.raw("</dl>");
        addTimes(candidate);
        addCounts("Ignored because", candidate.ignored());
        addCounts("The control threw", candidate.controlExceptions());
        addCounts("The candidate threw", candidate.candidateExceptions());
        addDifferences(candidate, unfolded);
    }

    private static String outcomes(CandidateEvidence candidate) {
        Map<Outcome, Long> seen = new EnumMap<>(candidate.outcomes());
        seen.values().removeIf(count -> count == 0);
        return Words.counts(seen);
    }

    private void addFact(String name, String value) {
        html.raw("<div>").element("dt", "", name).element("dd", "", value).raw("</div>");
    }

    /** The mismatch rate's interval on a scale, with what is allowed and what is noise. */
    private void addScale(CandidateEvidence candidate, @Nullable CandidateEvidence baseline, Verdict verdict) {
        Estimate rate = candidate.mismatchRate(alpha);
        if (candidate.compared() == 0) {
            return;
        }
        html.raw("<svg viewBox=\"0 0 " + WIDTH + " 56\" role=\"img\" class=\"" + cssClass(verdict) + "\"")
                .attribute(
                        "aria-label",
                        "mismatch rate " + Words.percent(rate) + ", allowed "
                                + Words.percent(tolerance.maxMismatchRate()))
                .raw("><line class=\"axis\" x1=\"" + MARGIN + "\" x2=\"" + (WIDTH - MARGIN)
                        + "\" y1=\"20\" y2=\"20\"/>");
        for (double tick : TICKS) {
            html.raw("<line class=\"axis\" x1=\"" + x(tick) + "\" x2=\"" + x(tick)
                            + "\" y1=\"16\" y2=\"24\"/><text x=\"" + x(tick) + "\" y=\"40\" text-anchor=\"middle\">")
                    .text(Words.percent(tick))
                    .raw("</text>");
        }
        if (baseline != null && baseline.compared() > 0) {
            addRange("noise", baseline.mismatchRate(alpha).interval(), 22, 6, "noise");
        }
        addRange("range", rate.interval(), 8, 10, "mismatch rate");
        html.raw("<circle class=\"point\" cx=\"" + x(rate.value()) + "\" cy=\"13\" r=\"4\"/>");
        double limit = x(tolerance.maxMismatchRate());
        html.raw("<line class=\"limit\" x1=\"" + limit + "\" x2=\"" + limit + "\" y1=\"2\" y2=\"28\"/><text x=\""
                + limit + "\" y=\"53\" text-anchor=\"middle\">allowed</text>");
        html.raw("</svg>");
    }

    private void addRange(String cssClass, Interval interval, int y, int height, String title) {
        double left = x(interval.lower());
        double width = Math.max(1, x(interval.upper()) - left);
        html.raw("<rect class=\"" + cssClass + "\" x=\"" + left + "\" y=\"" + y + "\" width=\"" + width + "\" height=\""
                        + height + "\" rx=\"2\"><title>")
                .text(title)
                .raw("</title></rect>");
    }

    private static double x(double rate) {
        double part = 1 - Math.log(Math.min(1, Math.max(LEAST_RATE, rate))) / Math.log(LEAST_RATE);
        return Math.round(10 * (MARGIN + part * (WIDTH - 2 * MARGIN))) / 10.0;
    }

    private void addTimes(CandidateEvidence candidate) {
        if (candidate.controlTimes().count() == 0) {
            return;
        }
        html.raw("<table><thead><tr><th></th><th class=\"number\">median</th><th class=\"number\">95%</th>"
                + "<th class=\"number\">99%</th></tr></thead><tbody>");
        addTimes("control", candidate.controlTimes());
        addTimes("candidate", candidate.candidateTimes());
        html.raw("</tbody></table>");
    }

    private void addTimes(String behavior, Times times) {
        html.raw("<tr>").element("td", "", behavior);
        for (double part : new double[] {0.5, 0.95, 0.99}) {
            html.element("td", "number", Words.duration(times.quantileNanos(part)));
        }
        html.raw("</tr>");
    }

    private void addCounts(String what, Map<String, Long> counts) {
        if (counts.isEmpty()) {
            return;
        }
        html.element("h3", "", what).raw("<table><tbody>");
        counts.forEach((key, count) -> html.raw("<tr>")
                .element("td", "number", Words.number(count))
                .element("td", "", key)
                .raw("</tr>"));
        html.raw("</tbody></table>");
    }

    private void addDifferences(CandidateEvidence candidate, boolean unfolded) {
        if (candidate.differences().isEmpty()) {
            return;
        }
        html.element("h3", "", "Mismatches by where they differ");
        for (int i = 0; i < candidate.differences().size(); i++) {
            DifferenceEvidence group = candidate.differences().get(i);
            html.raw(unfolded && i < UNFOLDED ? "<details open><summary>" : "<details><summary>")
                    .raw("<b>")
                    .text(Words.number(group.count()))
                    .raw("</b> ")
                    .text(group.signature());
            if (candidate.isNoise(group)) {
                html.raw(" <span class=\"quiet\">noise: the control differs from itself there</span>");
            }
            html.raw("</summary><p class=\"soft small\">")
                    .text("from " + TIME.format(group.firstSeen()) + " to " + TIME.format(group.lastSeen()))
                    .raw("</p>");
            group.examples().forEach(example -> add(example, group.signature()));
            html.raw("</details>");
        }
    }

    private void add(DifferenceEvidence.Example example, String signature) {
        String input = example.input();
        if (input != null) {
            html.raw("<div class=\"input\"><span>input</span>").text(input).raw("</div>");
        }
        html.raw("<div class=\"sides\"><div><span>control</span>")
                .text(example.control())
                .raw("</div><div><span>candidate</span>")
                .text(example.candidate())
                .raw("</div></div>");
        String thrown = example.thrown();
        if (thrown != null) {
            html.element("p", "soft small", "thrown: " + thrown);
        }
        if (!example.differences().isEmpty() && !example.differences().equals(signature)) {
            html.element("p", "soft small", example.differences());
        }
    }

    /** What the experiment is set to and what became of its runs. */
    private void addState(ExperimentEvidence evidence) {
        Optional<Experiment<?>> found = scientist.find(evidence.experiment());
        html.raw("<dl>");
        addFact("counted since", TIME.format(evidence.since()));
        addFact("results", Words.number(evidence.results()));
        if (!evidence.drops().isEmpty()) {
            addFact("dropped runs", Words.counts(evidence.drops()));
        }
        if (!evidence.failures().isEmpty()) {
            addFact("failures of user-supplied parts", Words.counts(evidence.failures()));
        }
        if (found.isPresent()) {
            Experiment<?> experiment = found.get();
            Counts counts = experiment.counts();
            addFact("started runs", Words.number(counts.started()));
            addFact("execution", describe(experiment.execution()));
            addFact("switched", experiment.isOn() ? "on" : "off");
            String gate = experiment.gateStatus();
            if (gate != null) {
                addFact("gate", gate);
            }
            Serving serving = experiment.serving();
            if (serving != null) {
                addFact("rollout", serving.status());
            }
        }
        html.raw("</dl>");
        if (switching && found.isPresent()) {
            addSwitch(found.get());
        }
    }

    private void addSwitch(Experiment<?> experiment) {
        html.raw("<form method=\"post\" action=\"switch\"><input type=\"hidden\" name=\"experiment\"")
                .attribute("value", experiment.name())
                .raw("><input type=\"hidden\" name=\"on\" value=\"" + !experiment.isOn()
                        + "\"><input type=\"password\" name=\"token\" placeholder=\"token\" required"
                        + " autocomplete=\"off\"")
                .attribute("aria-label", "token to switch " + experiment.name())
                .raw("><button>" + (experiment.isOn() ? "Switch off" : "Switch on") + "</button></form>");
    }

    private static String describe(Execution execution) {
        if (execution instanceof Execution.Elsewhere elsewhere) {
            return (execution instanceof Execution.Background ? "background" : "concurrent") + ", time limit "
                    + Words.duration((double) elsewhere.timeLimit().toNanos());
        }
        return execution == Execution.inline()
                ? "inline, random order"
                : execution == Execution.controlFirst() ? "inline, control first" : "inline, control last";
    }

    private static String name(Verdict verdict) {
        return verdict.name().replace('_', ' ');
    }

    private static String cssClass(@Nullable Verdict verdict) {
        return verdict == null
                ? "quiet"
                : verdict.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
