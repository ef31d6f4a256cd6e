package dev.scientist.evidence;

import static dev.scientist.evidence.Template.model;

import dev.scientist.Experiment;
import dev.scientist.Outcome;
import dev.scientist.evidence.Conclusion.Finding;
import dev.scientist.evidence.Conclusion.Question;
import dev.scientist.evidence.Conclusion.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The page of one experiment. Not thread-safe. */
final class ExperimentView {

    private static final Template TEMPLATE = Template.of("experiment.html");

    /** So many kinds of mismatches are unfolded. */
    private static final int UNFOLDED = 2;

    private static final int MOST_EXAMPLES = 20;

    private final Judged judged;
    private final ExperimentEvidence experiment;
    private final Tolerance tolerance;
    private final Instant now;

    ExperimentView(ExperimentEvidence experiment, Tolerance tolerance, Instant now) {
        judged = Judged.of(experiment, tolerance);
        this.experiment = experiment;
        this.tolerance = tolerance;
        this.now = now;
    }

    /** @param canSwitch whether who looks may switch it */
    String html(boolean canSwitch, Map<String, @Nullable Object> common) {
        State state = experiment.state();
        boolean isOn = state == null || state.isOn();
        Map<String, @Nullable Object> model = model(
                "title", experiment.experiment(),
                "name", experiment.experiment(),
                "link", Overview.link(experiment.experiment()),
                "version", experiment.version(),
                "verdict", Judged.name(judged.verdict()),
                "css", Judged.cssClass(judged.verdict()),
                "at", Words.moment(now),
                "states", Overview.states(state, now),
                "canSwitch", canSwitch,
                "turn", isOn ? "Switch off" : "Switch on",
                "several", judged.candidates().size() > 1,
                "noRuns", judged.candidates().isEmpty(),
                "candidates", judged.candidates().stream().map(this::candidate).toList(),
                "overTime", overTime(),
                "facts", facts(state),
                "missing", experiment.facts().missing(),
                "hasHistory", !experiment.history().minutes().isEmpty(),
                "changes", changes(state),
                "hasChanges", state != null && !state.changes().isEmpty(),
                "tolerance", tolerance.toString(),
                "caveat", Conclusion.CAVEAT);
        model.putAll(common);
        return TEMPLATE.render(model);
    }

    private Map<String, @Nullable Object> candidate(Judged.Candidate each) {
        CandidateEvidence candidate = each.evidence();
        Conclusion conclusion = each.conclusion();
        boolean hasBaseline = experiment.all().baseline() != null;
        String brief = each.brief(now);
        String reason = conclusion.reason().replaceFirst(" Not seen: .*", "");
        boolean isNamed =
                judged.candidates().size() > 1 || !candidate.candidate().equals(Experiment.CANDIDATE);
        return model(
                "candidate", isNamed ? candidate.candidate() : null,
                "verdict", Judged.name(conclusion.verdict()),
                "css", Judged.cssClass(conclusion.verdict()),
                "brief", brief + ".",
                "reason", brief.startsWith(reason.substring(0, reason.length() - 1)) ? null : reason,
                "toReady", toReady(candidate, conclusion),
                "next", next(each),
                "findings", findings(conclusion),
                "notSeen", each.notSeen(),
                "hints", candidate.hints().stream().map(Hint::toString).toList(),
                "traits", traits(candidate),
                "rates", rates(candidate),
                "times", Plots.times(candidate.controlTimes(), candidate.candidateTimes()),
                "quantiles", quantiles(candidate),
                "unfair", candidate.timesUnfair(),
                "places", places(candidate),
                "hasBaseline", hasBaseline,
                "hasDetails", candidate.runs() > 0,
                "hasTraits", !candidate.sums().traits().isEmpty(),
                "hasGroups", !candidate.differences().isEmpty(),
                "hasPlaces", candidate.places().size() > (hasBaseline ? 0 : 1),
                "severalPlaces", candidate.places().size() > 1,
                "hasIgnored", !candidate.ignored().isEmpty(),
                "hasControlThrew", !candidate.controlExceptions().isEmpty(),
                "hasCandidateThrew", !candidate.candidateExceptions().isEmpty(),
                "groups", groups(candidate),
                "ignored", counts(candidate.ignored()),
                "controlThrew", counts(candidate.controlExceptions()),
                "candidateThrew", counts(candidate.candidateExceptions()));
    }

    private static List<Map<String, @Nullable Object>> findings(Conclusion conclusion) {
        return conclusion.findings().stream()
                .map(finding -> model(
                        "question", asked(finding.question()),
                        "verdict", answer(finding),
                        "css", finding.isJudged() ? Judged.cssClass(finding.verdict()) : "quiet"))
                .toList();
    }

    private static String asked(Question question) {
        return switch (question) {
            case CORRECT -> "Correct?";
            case COMPARED -> "Nearly all compared?";
            case IGNORED -> "Few ignored?";
            case ENOUGH -> "Enough seen?";
            case LATELY -> "Good lately?";
            case FAST -> "As fast?";
        };
    }

    private static String answer(Finding finding) {
        if (!finding.isJudged()) {
            return "not judged";
        }
        return switch (finding.verdict()) {
            case READY -> "yes";
            case NOT_READY -> "no";
            case INCONCLUSIVE ->
                finding.question() == Question.ENOUGH || finding.question() == Question.LATELY ? "no" : "not known yet";
        };
    }

    private String toReady(CandidateEvidence candidate, Conclusion conclusion) {
        String text = Words.toReady(conclusion);
        long more = conclusion.cleanRunsToReady().orElse(0);
        if (text.isEmpty() || more == 0 || candidate.runs() == 0) {
            return text;
        }
        double seconds = (double) experiment.seen().toSeconds() / candidate.runs() * more;
        return text + " At the rate so far that is " + Words.longest(Duration.ofSeconds((long) seconds)) + ".";
    }

    /** What a person may do; empty if it was said already. */
    private String next(Judged.Candidate candidate) {
        Conclusion conclusion = candidate.conclusion();
        State state = experiment.state();
        if (conclusion.verdict() == Verdict.READY) {
            return (candidate.notSeen().isEmpty() ? "" : "decide whether what was not seen matters, then ")
                    + (state != null && state.rollout() != null
                            ? "ask the rollout's advice(..) whether its next stage is backed."
                            : "cut over, best in the stages of a rollout.");
        }
        boolean isWrong = conclusion.verdict() == Verdict.NOT_READY;
        return switch (conclusion.first().question()) {
            case CORRECT ->
                isWrong && !candidate.evidence().differences().stream().allMatch(candidate.evidence()::isNoise)
                        ? "mend the candidate and give it another evidenceVersion, so that counts start anew; or ignore"
                                + " the difference."
                        : "";
            case LATELY ->
                state != null && state.fellBack()
                        ? "find the cause, then call the rollout's acknowledge()."
                        : "find what changed when it broke.";
            case FAST -> isWrong ? "make the candidate faster, or allow more in the Tolerance." : "";
            case COMPARED, IGNORED, ENOUGH -> "";
        };
    }

    private List<Map<String, @Nullable Object>> rates(CandidateEvidence candidate) {
        double alpha = tolerance.alpha();
        Map<Outcome, Long> seen = new EnumMap<>(candidate.outcomes());
        seen.values().removeIf(count -> count == 0);
        List<Map<String, @Nullable Object>> rates = new ArrayList<>();
        fact(rates, "runs", Words.number(candidate.runs()));
        fact(rates, "outcomes", Words.counts(seen));
        fact(rates, "mismatch rate", Words.percent(candidate.mismatchRate(alpha).value()));
        CandidateEvidence baseline = experiment.baseline();
        if (baseline != null) {
            fact(rates, "control against itself", Words.percent(baseline.mismatchRate(alpha)));
        }
        if (candidate.notCompared() > 0) {
            fact(rates, "not compared", Words.percent(candidate.notComparedRate(alpha)));
        }
        if (candidate.meanComparingNanos() > 0) { // simple values compared by equals are not timed
            fact(rates, "comparing, mean", Words.duration(candidate.meanComparingNanos()));
        }
        return rates;
    }

    private static void fact(List<Map<String, @Nullable Object>> facts, String name, String value) {
        facts.add(model("name", name, "value", value));
    }

    // ---- times ----

    private List<Map<String, @Nullable Object>> quantiles(CandidateEvidence candidate) {
        Times control = candidate.controlTimes();
        Times mine = candidate.candidateTimes();
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        if (control.count() == 0 || mine.count() == 0) {
            return rows;
        }
        boolean isFair = candidate.timesUnfair() == null;
        tolerance
                .maxSlowDown()
                .forEach((part, max) -> rows.add(model(
                        "name", part == 0.5 ? "median" : Words.percent(part),
                        "control", Words.duration(control.quantileNanos(part)),
                        "candidate", Words.duration(mine.quantileNanos(part)),
                        "ratio", isFair ? Words.ratio(candidate.timeRatio(part, tolerance.alpha())) : "not judged",
                        "allowed", isFair && Double.isFinite(max) ? Words.ratio(max) : "–")));
        rows.add(model(
                "name",
                "mean",
                "control",
                Words.duration(control.usualMeanNanos()),
                "candidate",
                Words.duration(mine.usualMeanNanos()),
                "ratio",
                isFair ? Words.ratio(candidate.meanTimeRatio()) : "not judged",
                "allowed",
                isFair && Double.isFinite(tolerance.maxMeanSlowDown())
                        ? Words.ratio(tolerance.maxMeanSlowDown())
                        : "–"));
        return rows;
    }

    private List<Map<String, @Nullable Object>> overTime() {
        History history = experiment.history();
        return history.minutes().isEmpty()
                ? List.of()
                : List.of(
                        Plots.overTime(history.minutes(), tolerance.maxMismatchRate(), "last hour", "minute"),
                        Plots.overTime(
                                history.quarters(), tolerance.maxMismatchRate(), "last day", "quarter of an hour"));
    }

    // ---- where and for whom ----

    /** A place, and the places within it. */
    private static final class Node {
        private final Map<String, Node> children = new TreeMap<>();
        private @Nullable String place;
    }

    /** The places as a tree: each below what it is a part of, where that has several. */
    private List<Map<String, @Nullable Object>> places(CandidateEvidence candidate) {
        Node root = new Node();
        for (String place : candidate.places().keySet()) {
            Node node = root;
            for (String part : parts(place)) {
                node = node.children.computeIfAbsent(part, key -> new Node());
            }
            node.place = place;
        }
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        root.children.forEach((name, node) -> addPlaces(rows, candidate, name, node, 0));
        return rows;
    }

    private void addPlaces(
            List<Map<String, @Nullable Object>> rows, CandidateEvidence candidate, String name, Node node, int depth) {
        String place = node.place;
        if (place == null && node.children.size() == 1) {
            node.children.forEach((part, child) -> addPlaces(rows, candidate, name + part, child, depth));
            return;
        }
        Sums baseline = experiment.all().baseline();
        long count = candidate.places().getOrDefault(place == null ? "" : place, 0L);
        long own = baseline == null ? 0 : baseline.places().getOrDefault(place == null ? "" : place, 0L);
        rows.add(model(
                "name", name,
                "depth", Math.min(depth, 6),
                "count", place == null ? "" : Words.number(count),
                "rate", place == null ? "" : Words.percent((double) count / Math.max(1, candidate.compared())),
                "own",
                        place == null || baseline == null
                                ? ""
                                : Words.percent((double) own / Math.max(1, baseline.compared()))));
        node.children.forEach((part, child) -> addPlaces(rows, candidate, part, child, depth + 1));
    }

    /** {@code lines[*].price} as {@code lines}, {@code [*]}, {@code .price}. */
    private static List<String> parts(String place) {
        return place.startsWith("(") ? List.of(place) : List.of(place.split("(?<=.)(?=[.\\[])", -1));
    }

    private static List<Map<String, @Nullable Object>> traits(CandidateEvidence candidate) {
        List<Map<String, @Nullable Object>> traits = new ArrayList<>();
        candidate.sums().traits().forEach((trait, values) -> {
            List<Map<String, @Nullable Object>> rows = values.entrySet().stream()
                    .sorted(Map.Entry.<String, TraitCount>comparingByValue(Comparator.comparingDouble(
                                    count -> -(double) count.mismatched() / Math.max(1, count.compared())))
                            .thenComparing(Map.Entry.comparingByKey()))
                    .map(entry -> model(
                            "value", entry.getKey(),
                            "runs", Words.number(entry.getValue().compared()),
                            "mismatches", Words.number(entry.getValue().mismatched()),
                            "rate",
                                    Words.percent((double) entry.getValue().mismatched()
                                            / Math.max(1, entry.getValue().compared()))))
                    .toList();
            boolean isHinted =
                    candidate.hints().stream().anyMatch(hint -> hint.trait().equals(trait));
            traits.add(model("trait", trait, "open", isHinted, "values", rows));
        });
        return traits;
    }

    private String when(Instant moment) {
        return Words.moment(moment) + " (" + Words.ago(Duration.between(moment, now)) + ")";
    }

    private List<Map<String, @Nullable Object>> groups(CandidateEvidence candidate) {
        List<Map<String, @Nullable Object>> groups = new ArrayList<>();
        int shown = 0;
        for (DifferenceEvidence group : candidate.differences()) {
            List<Map<String, @Nullable Object>> examples = new ArrayList<>();
            for (DifferenceEvidence.Example example : group.examples()) {
                if (shown++ < MOST_EXAMPLES) {
                    examples.add(example(example, group.signature()));
                }
            }
            groups.add(model(
                    "count", Words.number(group.count()),
                    "signature", group.signature(),
                    "noise", candidate.isNoise(group),
                    "open", groups.size() < UNFOLDED,
                    "from", when(group.firstSeen()),
                    "until", when(group.lastSeen()),
                    "examples", examples));
        }
        return groups;
    }

    private static Map<String, @Nullable Object> example(DifferenceEvidence.Example example, String signature) {
        boolean saysMore = !example.differences().equals(signature);
        Map<String, @Nullable Object> model = model(
                "thrown",
                example.thrown(),
                "input",
                example.input(),
                "differences",
                saysMore ? example.differences() : null);
        mark(model, "control", example.control(), example.candidate());
        mark(model, "candidate", example.candidate(), example.control());
        return model;
    }

    /** What is between that which both begin and end with. */
    private static void mark(Map<String, @Nullable Object> model, String side, String text, String other) {
        int shorter = Math.min(text.length(), other.length());
        int start = 0;
        while (start < shorter && text.charAt(start) == other.charAt(start)) {
            start++;
        }
        int end = 0;
        while (end < shorter - start
                && text.charAt(text.length() - 1 - end) == other.charAt(other.length() - 1 - end)) {
            end++;
        }
        if (start > 0 && Character.isHighSurrogate(text.charAt(start - 1))) {
            start--; // characters of two parts stay whole
        }
        if (end > 0 && Character.isLowSurrogate(text.charAt(text.length() - end))) {
            end--;
        }
        model.put(side + "Start", text.substring(0, start));
        model.put(side + "Marked", text.substring(start, text.length() - end));
        model.put(side + "End", text.substring(text.length() - end));
    }

    private static List<Map<String, @Nullable Object>> counts(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(entry -> model("name", entry.getKey(), "count", Words.number(entry.getValue())))
                .toList();
    }

    // ---- what it is set to ----

    private List<Map<String, @Nullable Object>> facts(@Nullable State state) {
        List<Map<String, @Nullable Object>> facts = new ArrayList<>();
        fact(facts, "counted since", Words.moment(experiment.since()));
        fact(facts, "seen for", Words.time(experiment.seen()));
        if (!experiment.drops().isEmpty()) {
            fact(facts, "dropped runs", Words.counts(experiment.drops()));
        }
        if (!experiment.failures().isEmpty()) {
            fact(facts, "failures of user-supplied parts", Words.counts(experiment.failures()));
        }
        if (state != null) {
            Instant lastRun = state.lastRun();
            fact(facts, "last run", lastRun == null ? "never" : Words.moment(lastRun));
            fact(facts, "started runs", Words.number(state.counts().started()));
            fact(facts, "execution", state.execution());
            if (state.gate() != null) {
                fact(facts, "gate", state.gate());
            }
            if (!state.traits().isEmpty()) {
                fact(facts, "traits", String.join(", ", state.traits()));
            }
        }
        if (experiment.facts().ignoresNoise()) {
            fact(facts, "noise", "ignored");
        }
        return facts;
    }

    private static List<Map<String, @Nullable Object>> changes(@Nullable State state) {
        return state == null
                ? List.of()
                : state.changes().stream()
                        .map(change -> model("at", Words.moment(change.at()), "what", change.what()))
                        .toList();
    }
}
