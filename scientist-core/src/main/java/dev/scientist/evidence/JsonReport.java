package dev.scientist.evidence;

import dev.scientist.json.JsonWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The evidence as JSON. Not thread-safe. */
final class JsonReport {

    private final Tolerance tolerance;
    private final double alpha;
    private final JsonWriter json = new JsonWriter();

    JsonReport(Tolerance tolerance) {
        this.tolerance = tolerance;
        alpha = tolerance.alpha();
    }

    String of(List<ExperimentEvidence> experiments) {
        json.object(() -> {
            json.name("tolerance")
                    .object(() -> json.field("maxMismatchRate", tolerance.maxMismatchRate())
                            .field("maxSlowDown", tolerance.maxSlowDown())
                            .field("fewestRuns", tolerance.fewestRuns())
                            .field("maxNotCompared", tolerance.maxNotCompared())
                            .field("confidence", tolerance.confidence()));
            json.field("caveat", Conclusion.CAVEAT);
            json.name("experiments").array(experiments, this::add);
        });
        return json.toString();
    }

    private void add(ExperimentEvidence experiment) {
        json.object(() -> {
            json.field("experiment", experiment.experiment())
                    .field("since", experiment.since().toString())
                    .field("at", experiment.at().toString())
                    .field("results", experiment.results());
            counts("drops", lowerCase(experiment.drops()));
            counts("failures", lowerCase(experiment.failures()));
            json.name("candidates").array(experiment.candidates(), this::add);
            CandidateEvidence baseline = experiment.baseline();
            if (baseline == null) {
                json.field("baseline", (String) null);
            } else {
                json.name("baseline").object(() -> addCounts(baseline));
            }
        });
    }

    private void add(CandidateEvidence candidate) {
        json.object(() -> {
            Conclusion conclusion = candidate.conclusion(tolerance);
            json.field("candidate", candidate.candidate());
            json.name("conclusion").object(() -> {
                json.field("verdict", conclusion.verdict().name()).field("reason", conclusion.reason());
                OptionalLong more = conclusion.cleanRunsToReady();
                if (more.isPresent()) {
                    json.field("cleanRunsToReady", more.getAsLong());
                } else {
                    json.field("cleanRunsToReady", (String) null);
                }
            });
            addCounts(candidate);
            if (candidate.baseline() != null) {
                add("excessOverNoise", candidate.excessOverNoise(alpha));
            }
        });
    }

    private void addCounts(CandidateEvidence candidate) {
        json.field("runs", candidate.runs()).field("compared", candidate.compared());
        counts("outcomes", lowerCase(candidate.outcomes()));
        add("mismatchRate", candidate.mismatchRate(alpha));
        add("notComparedRate", candidate.notComparedRate(alpha));
        json.name("time").object(() -> {
            add("ratio", candidate.timeRatio(alpha));
            add("ratioOfMedians", candidate.timeRatioOfMedians(alpha));
            add("control", candidate.controlTimes());
            add("candidate", candidate.candidateTimes());
        });
        counts("ignored", candidate.ignored());
        counts("controlExceptions", candidate.controlExceptions());
        counts("candidateExceptions", candidate.candidateExceptions());
        json.name("differences").array(candidate.differences(), this::add);
    }

    private void add(String name, Estimate estimate) {
        json.name(name)
                .object(() -> json.field("value", estimate.value())
                        .field("lower", estimate.interval().lower())
                        .field("upper", estimate.interval().upper()));
    }

    private void add(String name, Times times) {
        json.name(name)
                .object(() -> json.field("count", times.count())
                        .field("total", times.totalNanos())
                        .field("median", times.quantileNanos(0.5))
                        .field("p95", times.quantileNanos(0.95))
                        .field("p99", times.quantileNanos(0.99)));
    }

    private void add(DifferenceEvidence group) {
        json.object(() -> {
            json.field("signature", group.signature())
                    .field("count", group.count())
                    .field("firstSeen", group.firstSeen().toString())
                    .field("lastSeen", group.lastSeen().toString())
                    .field("noise", group.noise());
            json.name("examples")
                    .array(
                            group.examples(),
                            example -> json.object(
                                    () -> json.field("at", example.at().toString())
                                            .field("input", example.input())
                                            .field("control", example.control())
                                            .field("candidate", example.candidate())
                                            .field("differences", example.differences())));
        });
    }

    private void counts(String name, Map<String, Long> counts) {
        json.name(name).object(() -> counts.forEach(json::field));
    }

    private static Map<String, Long> lowerCase(Map<? extends Enum<?>, Long> counts) {
        Map<String, Long> named = new TreeMap<>();
        counts.forEach((key, count) -> named.put(key.name().toLowerCase(Locale.ROOT), count));
        return named;
    }
}
