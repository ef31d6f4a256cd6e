package dev.scientist.micrometer;

import dev.scientist.micrometer.FleetTruth.Count;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An hour of a fleet of three, long ago, as Prometheus would have scraped it every 15 seconds. One instance is restarted
 * in the middle, so that its counters fall to zero; on another, counters are born late.
 */
final class FleetBackfill {

    static final String JOB = "backfilled";
    static final Instant START = Instant.parse("2026-01-15T10:00:00Z");
    static final Duration HOUR = Duration.ofHours(1);
    static final Instant END = START.plus(HOUR);

    private static final int STEP_SECONDS = 15;
    private static final int STEPS = (int) HOUR.toSeconds() / STEP_SECONDS;
    private static final int RESTART = STEPS / 2;
    private static final int BIRTH = STEPS / 4;
    private static final String RESTARTED = "b:8080";
    private static final String BEARING = "a:8080";
    private static final List<String> INSTANCES = List.of(BEARING, RESTARTED, "c:8080");

    static final NavigableSet<Double> BUCKETS =
            new TreeSet<>(List.of(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, Double.POSITIVE_INFINITY));
    static final Set<String> WITH_HISTOGRAM = Set.of("clean", "slow");

    private final List<Count> counts = new ArrayList<>();

    FleetBackfill() {
        // no mismatch in 24,000 runs: ready
        experiment("clean", "candidate", outcomes(new int[] {3000, 20000, 1000}, new int[3], new int[3], new int[3]));
        times("clean", "candidate", 1.1, 3000, 20000, 1000);
        // one in a thousand where there is much to do, one in ten where there is little; rarely in the mean of all
        experiment(
                "broken",
                "candidate",
                outcomes(new int[] {9990, 90, 900}, new int[] {10, 10, 30}, new int[] {7, 0, 20}, new int[3]));
        times("broken", "candidate", 0.5, 10007, 100, 950);
        // another candidate of the same experiment, which ran too seldom
        experiment("broken", "api", outcomes(new int[] {40, 9, 0}, new int[3], new int[3], new int[3]));
        times("broken", "api", 1, 40, 9, 0);
        // differs as often as the control from itself
        experiment(
                "noisy",
                "candidate",
                outcomes(new int[] {4900, 980, 98}, new int[] {100, 20, 2}, new int[3], new int[3]));
        each("scientist_baseline_comparisons_total", "noisy", Map.of("outcome", "matched"), 980, 196, 20);
        each("scientist_baseline_comparisons_total", "noisy", Map.of("outcome", "mismatched"), 20, 4, 0);
        times("noisy", "candidate", 1, 5000, 1000, 100);
        // twice as slow
        experiment("slow", "candidate", outcomes(new int[] {3000, 3000, 4000}, new int[3], new int[3], new int[3]));
        times("slow", "candidate", 2, 3000, 3000, 4000);
        // not compared
        experiment("stuck", "candidate", outcomes(new int[] {900, 1800, 90}, new int[3], new int[3], new int[] {
            100, 200, 10
        }));
        times("stuck", "candidate", 1, 900, 1800, 90);
        // defined and never run
        experiment("idle", "candidate", outcomes(new int[3], new int[3], new int[3], new int[3]));
        times("idle", "candidate", 1, 0, 0, 0);

        // what is there from the start
        for (String experiment : List.of("clean", "broken", "noisy", "slow", "stuck", "idle")) {
            for (String decision : List.of("shed", "rejected", "closed")) {
                runs(experiment, decision, 0, 0, 0);
            }
        }
        runs("clean", "sampled", 3000, 20000, 1000);
        runs("clean", "shed", 0, 40, 0);
        runs("clean", "skipped", 0, 900000, 0);
        runs("broken", "sampled", 10007, 100, 950);
        runs("broken", "shed", 0, 0, 5000);
        runs("broken", "rejected", 3, 0, 2);
        runs("noisy", "sampled", 5000, 1000, 100);
        runs("slow", "sampled", 3000, 3000, 4000);
        runs("stuck", "sampled", 1000, 2000, 100);
        runs("idle", "sampled", 0, 0, 0);
        each("scientist_exceptions_total", "broken", of("control", "NotFoundException"), 0, 40, 7);
        each("scientist_exceptions_total", "broken", of("candidate", "NotFoundException"), 0, 40, 7);
        each("scientist_exceptions_total", "broken", of("candidate", "IllegalStateException"), 4, 5, 0);
        each("scientist_exceptions_total", "broken", of("candidate", "other"), 0, 0, 0);
        each("scientist_ignored_total", "broken", Map.of("candidate", "candidate", "reason", "rounding"), 7, 0, 20);
        each("scientist_differences_total", "broken", Map.of("candidate", "candidate", "path", "total"), 10, 4, 30);
        // eleven more, of which two are not among the ten most frequent
        for (int i = 1; i <= 11; i++) {
            Map<String, String> place = Map.of("candidate", "candidate", "path", "lines[*].p" + i);
            each("scientist_differences_total", "broken", place, 0, i, i);
        }
        each(
                "scientist_publications_total",
                "clean",
                Map.of("publisher", "db", "outcome", "success"),
                2900,
                19000,
                900);
        each("scientist_publications_total", "clean", Map.of("publisher", "db", "outcome", "failure"), 100, 1000, 100);
        each("scientist_failures_total", "clean", Map.of("operation", "publish"), 100, 1000, 100);
        each("scientist_failures_total", "clean", Map.of("operation", "clean"), 0, 0, 0);
    }

    FleetTruth truth() {
        return new FleetTruth(counts, HOUR.toSeconds(), 1e-9, BUCKETS, WITH_HISTOGRAM, Set.of());
    }

    private static Map<String, String> of(String behavior, String exception) {
        return Map.of("behavior", behavior, "exception", exception);
    }

    private static Map<String, int[]> outcomes(int[] matched, int[] mismatched, int[] ignored, int[] failed) {
        return Map.of("matched", matched, "mismatched", mismatched, "ignored", ignored, "failed", failed);
    }

    private void experiment(String experiment, String candidate, Map<String, int[]> outcomes) {
        outcomes.forEach((outcome, perInstance) -> {
            each(
                    "scientist_comparisons_total",
                    experiment,
                    Map.of("candidate", candidate, "outcome", outcome),
                    perInstance);
        });
    }

    private void runs(String experiment, String decision, int... perInstance) {
        each("scientist_runs_total", experiment, Map.of("decision", decision), perInstance);
    }

    /** Nine of ten times short, the rest long; another length on each instance. */
    private void times(String experiment, String candidate, double ratio, int... perInstance) {
        for (String behavior : List.of("control", candidate)) {
            for (int i = 0; i < perInstance.length; i++) {
                double seconds = 0.001 * (i + 1) * (behavior.equals("control") ? 1 : ratio);
                int longOnes = perInstance[i] / 10;
                duration(experiment, behavior, i, seconds, perInstance[i] - longOnes);
                duration(experiment, behavior, i, seconds * 15, longOnes);
            }
        }
    }

    private void duration(String experiment, String behavior, int instance, double seconds, int count) {
        Map<String, String> labels = Map.of("behavior", behavior, "seconds", Double.toString(seconds));
        add(FleetTruth.DURATION, experiment, labels, instance, count);
    }

    private void each(String metric, String experiment, Map<String, String> labels, int... perInstance) {
        for (int i = 0; i < perInstance.length; i++) {
            add(metric, experiment, labels, i, perInstance[i]);
        }
    }

    private void add(String metric, String experiment, Map<String, String> labels, int instance, double value) {
        Map<String, String> all = new LinkedHashMap<>(labels);
        all.put("job", JOB);
        all.put("experiment", experiment);
        all.put("instance", INSTANCES.get(instance));
        counts.add(new Count(metric, all, value));
    }

    /** For {@code promtool tsdb create-blocks-from openmetrics}. */
    String openMetrics() {
        Map<String, Map<String, Double>> families = new TreeMap<>();
        for (Count count : counts) {
            if (count.metric().equals(FleetTruth.DURATION)) {
                addTimer(families, count);
            } else {
                put(families, count.metric().replace("_total", ""), count.metric(), count.labels(), count.value());
            }
        }
        StringBuilder text = new StringBuilder();
        families.forEach((family, series) -> {
            text.append("# TYPE ").append(family).append(family.endsWith("seconds") ? " histogram\n" : " counter\n");
            series.forEach((name, total) -> {
                for (int step = -1; step <= STEPS; step++) {
                    append(text, name, total, step);
                }
            });
        });
        return text.append("# EOF\n").toString();
    }

    private static void addTimer(Map<String, Map<String, Double>> families, Count count) {
        double seconds = Double.parseDouble(count.label("seconds"));
        Map<String, String> labels = new TreeMap<>(count.labels());
        labels.remove("seconds");
        String family = "scientist_behavior_seconds";
        put(families, family, family + "_count", labels, count.value());
        put(families, family, family + "_sum", labels, count.value() * seconds);
        if (WITH_HISTOGRAM.contains(count.label("experiment"))) {
            for (double bucket : BUCKETS) {
                Map<String, String> withBound = new TreeMap<>(labels);
                withBound.put("le", bucket == Double.POSITIVE_INFINITY ? "+Inf" : Double.toString(bucket));
                put(families, family, family + "_bucket", withBound, seconds <= bucket ? count.value() : 0);
            }
        }
    }

    private static void put(
            Map<String, Map<String, Double>> families,
            String family,
            String metric,
            Map<String, String> labels,
            double value) {
        List<String> pairs = new ArrayList<>();
        new TreeMap<>(labels).forEach((key, label) -> pairs.add(key + "=\"" + label + "\""));
        families.computeIfAbsent(family, key -> new TreeMap<>())
                .merge(metric + "{" + String.join(",", pairs) + "}", value, Double::sum);
    }

    private static void append(StringBuilder text, String series, double total, int step) {
        double value = at(series, total, step);
        if (!Double.isNaN(value)) {
            long second = START.getEpochSecond() + (long) step * STEP_SECONDS;
            text.append(series)
                    .append(' ')
                    .append(value)
                    .append(' ')
                    .append(second)
                    .append('\n');
        }
    }

    /** The counter at a scrape, so that it has grown by the total at last; NaN if it is not there. */
    private static double at(String series, double total, int step) {
        if (series.contains("_exceptions_total") && series.contains("IllegalState") && series.contains(BEARING)) {
            return step < BIRTH ? Double.NaN : grown(total, 1, step - BIRTH + 1, STEPS - BIRTH + 1);
        }
        if (!series.contains(RESTARTED)) {
            return grown(total, 0, step, STEPS);
        }
        double before = Math.floor(total * 0.6);
        return step < RESTART
                ? grown(before, 0, step, RESTART - 1)
                : grown(total - before, 0, step - RESTART, STEPS - RESTART);
    }

    private static double grown(double total, double first, int step, int steps) {
        return step >= steps ? total : Math.max(first, Math.floor(total * Math.max(step, 0) / steps));
    }
}
