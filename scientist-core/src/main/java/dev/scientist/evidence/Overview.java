package dev.scientist.evidence;

import static dev.scientist.evidence.Template.model;

import dev.scientist.Experiment;
import dev.scientist.evidence.Conclusion.Verdict;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The page that has a row for each experiment. Immutable and thread-safe. */
final class Overview {

    private static final int ROWS = 100;
    private static final Template TEMPLATE = Template.of("overview.html");
    private static final Pattern IN_BRACKETS = Pattern.compile("[^(]*\\((.*)\\)");

    private final Instant at;
    private final List<Row> rows;
    private final Tolerance tolerance;

    /** @param text what the filter looks into */
    private record Row(
            String name,
            @Nullable Verdict verdict,
            int rank,
            double rate,
            String text,
            Map<String, @Nullable Object> model) {}

    Overview(List<ExperimentEvidence> experiments, Tolerance tolerance, Instant at) {
        this.at = at;
        this.tolerance = tolerance;
        rows = experiments.parallelStream()
                .map(experiment -> row(Judged.of(experiment, tolerance)))
                .sorted(Comparator.comparingInt(Row::rank)
                        .thenComparing(Comparator.comparingDouble(Row::rate).reversed())
                        .thenComparing(Row::name))
                .toList();
    }

    Instant at() {
        return at;
    }

    private Row row(Judged judged) {
        ExperimentEvidence experiment = judged.evidence();
        Judged.Candidate worst = judged.worst();
        Verdict verdict = judged.verdict();
        State state = experiment.state();
        History history = experiment.history();
        String name = experiment.experiment();
        String reason = worst == null ? "" : reason(worst, at);
        List<Map<String, @Nullable Object>> states = states(state, at);
        CandidateEvidence candidate = worst == null ? null : worst.evidence();
        boolean isNamed = candidate != null
                && (judged.candidates().size() > 1 || !candidate.candidate().equals(Experiment.CANDIDATE));
        Instant lastRun = state == null ? null : state.lastRun();
        Map<String, @Nullable Object> model = model(
                "name",
                name,
                "link",
                link(name),
                "version",
                experiment.version(),
                "candidate",
                isNamed && candidate != null ? candidate.candidate() : null,
                "verdict",
                Judged.name(verdict),
                "css",
                Judged.cssClass(verdict),
                "reason",
                reason,
                "rate",
                candidate == null || candidate.compared() == 0
                        ? "–"
                        : Words.percent((double) candidate.mismatches() / candidate.compared()),
                "ratios",
                candidate == null ? "–" : ratios(candidate),
                "runs",
                Words.number(candidate == null ? 0 : candidate.runs()),
                "hour",
                Plots.sparkline(history.minutes(), "last hour"),
                "day",
                Plots.sparkline(history.quarters(), "last day"),
                "lastRun",
                lastRun == null ? "never" : Words.ago(Duration.between(lastRun, at)),
                "states",
                states);
        String text = String.join(
                " ",
                name,
                Judged.name(verdict),
                reason,
                candidate == null ? "" : candidate.candidate(),
                states.stream().map(each -> String.valueOf(each.get("text"))).collect(Collectors.joining(" ")));
        double rate = candidate == null ? 0 : (double) candidate.mismatches() / Math.max(1, candidate.compared());
        return new Row(name, verdict, judged.rank(), rate, text.toLowerCase(Locale.ROOT), model);
    }

    private static String reason(Judged.Candidate candidate, Instant now) {
        List<String> notSeen =
                candidate.conclusion().verdict() == Verdict.READY ? candidate.notSeen() : List.<String>of();
        return candidate.brief(now) + (notSeen.isEmpty() ? "" : "; not seen: " + String.join("; ", notSeen));
    }

    private static String ratios(CandidateEvidence candidate) {
        if (candidate.timesUnfair() != null) {
            return "not judged";
        }
        Times control = candidate.controlTimes();
        Times mine = candidate.candidateTimes();
        if (control.count() == 0 || mine.count() == 0) {
            return "–";
        }
        List<String> ratios = new ArrayList<>();
        for (double part : new double[] {0.5, 0.95, 0.99}) {
            ratios.add(String.format(
                    Locale.ROOT, "%.2f", mine.quantileNanos(part) / Math.max(1, control.quantileNanos(part))));
        }
        return String.join(" · ", ratios);
    }

    /** What keeps an experiment from running, or that nothing does; a place for whatever else there is to know. */
    static List<Map<String, @Nullable Object>> states(@Nullable State state, Instant now) {
        List<Map<String, @Nullable Object>> states = new ArrayList<>();
        if (state != null) {
            String since = " for " + Words.longest(Duration.between(state.since(), now));
            if (!state.isOn()) {
                states.add(model("css", "off", "text", "off" + since, "why", ""));
            }
            if (state.isShut()) {
                String gate = state.shut();
                states.add(model(
                        "css",
                        "shut",
                        "text",
                        gate.replaceFirst(" \\(.*", "").replaceFirst("^circuit breaker OPEN$", "breaker open")
                                + (state.isOn() ? since + ": no candidate runs" : ""),
                        "why",
                        inBrackets(gate)));
            }
            if (state.rollout() != null) {
                String ago = state.fellBack() ? " " + Words.ago(Duration.between(state.since(), now)) : "";
                states.add(model(
                        "css",
                        state.fellBack() ? "shut" : "on",
                        "text",
                        state.rollout().replaceFirst(" \\(.*", "") + ago,
                        "why",
                        inBrackets(state.rollout())));
            }
            if (states.isEmpty()) {
                states.add(model("css", "on", "text", "on", "why", ""));
            }
        }
        return states;
    }

    /** Why a gate or a rollout says what it says; empty if it does not tell. */
    private static String inBrackets(String status) {
        Matcher why = IN_BRACKETS.matcher(status);
        return why.matches() ? why.group(1) : "";
    }

    static String link(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    String html(Map<String, String> query, Map<String, @Nullable Object> common) {
        String filter = query.getOrDefault("filter", "").strip();
        String verdict = query.getOrDefault("verdict", "");
        List<Row> found = rows.stream()
                .filter(row -> row.text().contains(filter.toLowerCase(Locale.ROOT)))
                .filter(row ->
                        verdict.isEmpty() || Judged.cssClass(row.verdict()).equals(verdict))
                .toList();
        int pages = Math.max(1, (found.size() + ROWS - 1) / ROWS);
        int page = Math.min(pages, Words.whole(query.get("page"), 1, pages));
        List<Row> shown = found.subList((page - 1) * ROWS, Math.min(found.size(), page * ROWS));
        String same = (filter.isEmpty() ? "" : "&filter=" + link(filter))
                + (verdict.isEmpty() ? "" : "&verdict=" + link(verdict));
        Map<String, @Nullable Object> model = model(
                "title",
                "Experiments",
                "at",
                Words.moment(at),
                "experiments",
                Words.count(rows.size(), "experiment", "experiments"),
                "totals",
                totals(verdict),
                "filter",
                filter,
                "verdict",
                verdict,
                "filtered",
                !filter.isEmpty() || !verdict.isEmpty(),
                "none",
                rows.isEmpty(),
                "nothingFound",
                !rows.isEmpty() && found.isEmpty(),
                "rows",
                shown.stream().map(Row::model).toList(),
                "range",
                Words.number((page - 1L) * ROWS + 1) + " to " + Words.number((page - 1L) * ROWS + shown.size()) + " of "
                        + Words.number(found.size()),
                "severalPages",
                pages > 1,
                "previous",
                page > 1 ? "page=" + (page - 1) + same : null,
                "next",
                page < pages ? "page=" + (page + 1) + same : null,
                "tolerance",
                tolerance.toString(),
                "caveat",
                Conclusion.CAVEAT);
        model.putAll(common);
        return TEMPLATE.render(model);
    }

    private List<Map<String, @Nullable Object>> totals(String chosen) {
        List<Map<String, @Nullable Object>> totals = new ArrayList<>();
        for (Verdict verdict : new Verdict[] {Verdict.NOT_READY, Verdict.INCONCLUSIVE, Verdict.READY, null}) {
            long count = rows.stream().filter(row -> row.verdict() == verdict).count();
            if (verdict != null || count > 0) {
                String css = Judged.cssClass(verdict);
                totals.add(model(
                        "css", css,
                        "count", Words.number(count),
                        "name", Judged.name(verdict).toLowerCase(Locale.ROOT),
                        "chosen", css.equals(chosen)));
            }
        }
        return totals;
    }
}
