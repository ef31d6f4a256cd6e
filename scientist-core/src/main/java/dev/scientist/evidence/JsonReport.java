package dev.scientist.evidence;

import dev.scientist.evidence.Conclusion.Finding;
import dev.scientist.json.JsonWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The evidence as JSON, as {@code evidence.schema.json} beside this class describes it; {@link JsonEvidence} reads it.
 * Not thread-safe.
 */
final class JsonReport {

    static final String FORMAT = "dev.scientist.evidence";
    static final long VERSION = 1;

    private final @Nullable Tolerance tolerance;
    private final JsonWriter json = new JsonWriter();

    /** @param tolerance null for the counts alone */
    JsonReport(@Nullable Tolerance tolerance) {
        this.tolerance = tolerance;
    }

    String of(List<ExperimentEvidence> experiments) {
        json.object(() -> {
            json.field("format", FORMAT).field("version", VERSION);
            if (tolerance != null) {
                add(tolerance);
                json.field("caveat", Conclusion.CAVEAT);
            }
            json.name("experiments").array(experiments, this::add);
        });
        return json.toString();
    }

    private void add(Tolerance tolerance) {
        json.name("tolerance").object(() -> {
            json.field("maxMismatchRate", tolerance.maxMismatchRate())
                    .field("maxNotCompared", tolerance.maxNotCompared())
                    .field("maxShed", tolerance.maxShed())
                    .field("maxIgnored", tolerance.maxIgnored())
                    .field("fewestRuns", tolerance.fewestRuns())
                    .field("shortestTimeMillis", tolerance.shortestTime().toMillis());
            json.name("maxSlowDown")
                    .object(() -> tolerance
                            .maxSlowDown()
                            .forEach((part, ratio) -> json.field(String.valueOf(part), (double) ratio)));
            json.field("confidence", tolerance.confidence());
        });
    }

    private void add(ExperimentEvidence experiment) {
        json.object(() -> {
            json.field("experiment", experiment.experiment())
                    .field("version", experiment.version())
                    .field("at", experiment.at().toString())
                    .field("seenMillis", experiment.seen().toMillis())
                    .field("inputs", (long) experiment.facts().inputs())
                    .field("ignoresNoise", experiment.facts().ignoresNoise());
            json.name("missing").array(experiment.facts().missing(), json::value);
            counts("failures", lowerCase(experiment.failures()));
            if (tolerance != null) { // what ends with the process is in no saved file
                addOfThisProcess(experiment);
            }
            add(experiment.all(), experiment, tolerance);
            json.name("lately").object(() -> add(experiment.lately(), experiment, null));
        });
    }

    private void addOfThisProcess(ExperimentEvidence experiment) {
        State state = experiment.state();
        if (state != null) {
            json.name("state").object(() -> {
                json.field("on", state.isOn())
                        .field("shut", state.isShut())
                        .field("stopped", state.stopped())
                        .field("gate", state.gate())
                        .field("rollout", state.rollout())
                        .field("since", state.since().toString());
                json.name("changes")
                        .array(
                                state.changes(),
                                change -> json.object(() ->
                                        json.field("at", change.at().toString()).field("what", change.what())));
                json.field(
                                "lastRun",
                                state.lastRun() == null ? null : state.lastRun().toString())
                        .field("started", state.counts().started())
                        .field("execution", state.execution());
                json.name("traits").array(state.traits(), json::value);
            });
        }
        json.name("history").object(() -> {
            add("minutes", experiment.history().minutes());
            add("quarters", experiment.history().quarters());
        });
    }

    /** Those in which something happened. */
    private void add(String name, List<History.Point> points) {
        json.name(name)
                .array(
                        points.stream().filter(point -> point.runs() > 0).toList(),
                        point -> json.object(
                                () -> json.field("from", point.from().toString())
                                        .field("runs", point.runs())
                                        .field("mismatches", point.mismatches())
                                        .field("notCompared", point.notCompared())));
    }

    private void add(Period period, ExperimentEvidence experiment, @Nullable Tolerance tolerance) {
        json.field("since", period.since().toString()).field("results", period.results());
        counts("drops", lowerCase(period.drops()));
        json.name("candidates")
                .array(
                        new TreeSet<>(period.candidates().keySet()),
                        name -> json.object(() -> {
                            CandidateEvidence candidate =
                                    new CandidateEvidence(experiment, name, period, experiment.lately());
                            json.field("candidate", name);
                            if (tolerance != null) {
                                addJudged(candidate, tolerance);
                            }
                            add(candidate.sums());
                        }));
        Sums baseline = period.baseline();
        if (baseline == null) {
            json.field("baseline", (String) null);
        } else {
            json.name("baseline").object(() -> add(baseline));
        }
    }

    /** What follows from the counts. */
    private void addJudged(CandidateEvidence candidate, Tolerance tolerance) {
        Conclusion conclusion = candidate.conclusion(tolerance);
        json.name("conclusion").object(() -> {
            json.field("verdict", conclusion.verdict().name()).field("reason", conclusion.reason());
            json.name("findings").array(conclusion.findings(), this::add);
            OptionalLong more = conclusion.cleanRunsToReady();
            if (more.isPresent()) {
                json.field("cleanRunsToReady", more.getAsLong());
            } else {
                json.field("cleanRunsToReady", (String) null);
            }
            json.field("millisToReady", conclusion.timeToReady().toMillis());
        });
        double alpha = tolerance.alpha();
        json.field("runs", candidate.runs()).field("compared", candidate.compared());
        add("mismatchRate", candidate.mismatchRate(alpha));
        add("notComparedRate", candidate.notComparedRate(alpha));
        json.name("timeRatio").object(() -> {
            tolerance
                    .maxSlowDown()
                    .keySet()
                    .forEach(part -> add(String.valueOf(part), candidate.timeRatio(part, alpha)));
            json.field("mean", candidate.meanTimeRatio());
        });
        json.field("meanComparingNanos", candidate.meanComparingNanos());
        json.name("hints")
                .array(
                        candidate.hints(),
                        hint -> json.object(() -> json.field("trait", hint.trait())
                                .field("value", hint.value())
                                .field("place", hint.place())
                                .field("mismatches", hint.mismatches())
                                .field("allMismatches", hint.allMismatches())
                                .field("runs", hint.runs())
                                .field("allRuns", hint.allRuns())
                                .field("sentence", hint.toString())));
    }

    private void add(Finding finding) {
        json.object(() -> {
            json.field("question", finding.question().name())
                    .field("verdict", finding.verdict().name())
                    .field("judged", finding.isJudged())
                    .field("sentence", finding.sentence());
            json.name("notSeen").array(finding.notSeen(), json::value);
        });
    }

    private void add(Sums sums) {
        counts("outcomes", lowerCase(sums.outcomes()));
        json.field("noise", sums.noise());
        counts("ignored", sums.ignored());
        counts("controlExceptions", sums.controlExceptions());
        counts("candidateExceptions", sums.candidateExceptions());
        counts("places", sums.places());
        json.field("comparingNanos", sums.comparingNanos());
        json.name("time").object(() -> {
            json.field("unfair", sums.timesUnfair());
            add("control", sums.control());
            add("candidate", sums.candidate());
        });
        json.name("differences").array(sums.differences(), this::add);
        json.name("traits")
                .object(() -> sums.traits()
                        .forEach((trait, values) -> json.name(trait)
                                .object(() -> new TreeMap<>(values)
                                        .forEach((value, count) -> json.name(value)
                                                .object(() -> {
                                                    json.field("compared", count.compared())
                                                            .field("mismatched", count.mismatched());
                                                    counts("places", count.places());
                                                })))));
    }

    private void add(String name, Estimate estimate) {
        json.name(name)
                .object(() -> json.field("value", estimate.value())
                        .field("lower", estimate.interval().lower())
                        .field("upper", estimate.interval().upper()));
    }

    private void add(String name, Times times) {
        json.name(name).object(() -> {
            json.field("count", times.count())
                    .field("mean", times.usualMeanNanos())
                    .field("median", times.quantileNanos(0.5))
                    .field("p95", times.quantileNanos(0.95))
                    .field("p99", times.quantileNanos(0.99));
            json.name("buckets")
                    .object(() -> times.forEach((nanos, count) -> json.field(nanos.toString(), (long) count)));
        });
    }

    private void add(DifferenceEvidence group) {
        json.object(() -> {
            json.field("signature", group.signature());
            json.name("places").array(group.places(), json::value);
            json.field("count", group.count())
                    .field("firstSeen", group.firstSeen().toString())
                    .field("lastSeen", group.lastSeen().toString());
            json.name("examples")
                    .array(
                            group.examples(),
                            example -> json.object(
                                    () -> json.field("at", example.at().toString())
                                            .field("input", example.input())
                                            .field("control", example.control())
                                            .field("candidate", example.candidate())
                                            .field("thrown", example.thrown())
                                            .field("differences", example.differences())));
        });
    }

    private void counts(String name, Map<String, Long> counts) {
        json.name(name).object(() -> counts.forEach((key, count) -> json.field(key, (long) count)));
    }

    private static Map<String, Long> lowerCase(Map<? extends Enum<?>, Long> counts) {
        Map<String, Long> named = new TreeMap<>();
        counts.forEach((key, count) -> named.put(key.name().toLowerCase(Locale.ROOT), count));
        return named;
    }
}
