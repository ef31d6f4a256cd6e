package dev.scientist.micrometer;

import dev.scientist.evidence.Intervals;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What the instances of a fleet did in a time, and what the dashboard must therefore show: computed from single events,
 * without PromQL.
 */
final class FleetTruth {

    /** How often something happened on an instance. {@link #DURATION} is how often a behavior took how long. */
    record Count(String metric, Map<String, String> labels, double value) {

        Count {
            labels = Map.copyOf(labels);
        }

        String label(String name) {
            return labels.getOrDefault(name, "");
        }
    }

    /** What a query may give. */
    record Range(double low, double high) {

        boolean contains(double value) {
            return low <= value && value <= high;
        }
    }

    static final String DURATION = "scientist_duration";

    private static final List<String> COMPARED = List.of("matched", "mismatched", "ignored");
    private static final List<String> NOT_COMPARED = List.of("failed", "abandoned");

    final List<Count> counts;
    private final double seconds;
    private final double slack;
    private final NavigableSet<Double> buckets;
    private final Set<String> withHistogram;
    private final Set<String> withEvidence;

    /**
     * @param counts what happened
     * @param seconds in how long a time
     * @param slack how far off Prometheus may be because it does not see the very ends of that time
     * @param buckets the upper bounds of the histograms' buckets
     * @param withHistogram the experiments that have histograms
     * @param withEvidence the experiments whose evidence is published too
     */
    FleetTruth(
            List<Count> counts,
            double seconds,
            double slack,
            NavigableSet<Double> buckets,
            Set<String> withHistogram,
            Set<String> withEvidence) {
        this.counts = List.copyOf(counts);
        this.seconds = seconds;
        this.slack = slack;
        this.buckets = buckets;
        this.withHistogram = Set.copyOf(withHistogram);
        this.withEvidence = Set.copyOf(withEvidence);
    }

    /** By query and by labels. A query that is not here is not tested. */
    Map<String, Map<Map<String, String>, Range>> expected() {
        Map<String, Map<Map<String, String>, Range>> all = new LinkedHashMap<>();
        for (String query : List.of(
                "Noise A",
                "Switch and gate B", // no gate has a state
                "Stage of the instances A", // nor is there a rollout: see RolloutOnPrometheusTest
                "Fell back against the flag A",
                "Rescues a second A")) {
            all.put(query, new HashMap<>());
        }
        for (Map<String, String> candidate : sum(
                        "scientist_comparisons_total", any -> true, "job", "experiment", "candidate")
                .keySet()) {
            expectOf(new Candidate(candidate), all);
        }
        for (Map<String, String> experiment :
                sum("scientist_runs_total", any -> true, "job", "experiment").keySet()) {
            double sampled = total("scientist_runs_total", with(experiment, "decision", "sampled"::equals));
            double started = total("scientist_runs_total", with(experiment, "decision", d -> !d.equals("skipped")));
            double shed = total("scientist_runs_total", with(experiment, "decision", "shed"::equals));
            double dropped = started - sampled - shed;
            String rate = "Mismatch rate, and what it does not show ";
            put(all, "Dropped and shed A", experiment, started > 0, about(dropped / started));
            put(all, "Dropped and shed B", experiment, started > 0, about(shed / started));
            put(all, rate + "D", experiment, started > 0, about(dropped / started));
            put(all, rate + "E", experiment, started > 0, about(shed / started));
        }
        sum(DURATION, any -> true, "job", "experiment", "behavior").forEach((behavior, ignored) -> {
            if (count(behavior) > 0) {
                put(all, "Time of control and candidate D", behavior, true, about(mean(behavior)));
                if (withHistogram.contains(behavior.get("experiment"))) {
                    put(all, "Time of control and candidate A", behavior, true, quantile(behavior, 0.5));
                    put(all, "Time of control and candidate B", behavior, true, quantile(behavior, 0.95));
                    put(all, "Time of control and candidate C", behavior, true, quantile(behavior, 0.99));
                }
            }
        });
        rates(all, "Runs a second A", "scientist_runs_total", c -> is(c, "decision", "sampled"), true, "decision");
        rates(all, "Runs a second B", "scientist_runs_total", c -> !is(c, "decision", "sampled"), false, "decision");
        rates(all, "Publisher health A", "scientist_publications_total", c -> true, true, "publisher", "outcome");
        rates(all, "Publisher health B", "scientist_failures_total", c -> true, false, "operation");
        counters(all, "Exceptions by class A", "scientist_exceptions_total", "behavior", "exception");
        counters(all, "Ignored, by reason A", "scientist_ignored_total", "candidate", "reason");
        counters(all, "Mismatches by path A", "scientist_differences_total", "candidate", "path");
        Map<Map<String, String>, Range> instances = all.computeIfAbsent("Instances A", key -> new HashMap<>());
        sum("scientist_runs_total", any -> true, "job", "experiment", "instance")
                .keySet()
                .forEach(instance -> instances.merge(
                        only(instance, "job", "experiment"),
                        new Range(1, 1),
                        (a, b) -> new Range(a.low + b.low, a.high + b.high)));
        sum("scientist_runs_total", c -> is(c, "decision", "sampled"), "job", "instance")
                .forEach((labels, sampled) ->
                        put(all, "Sampled runs a second, by instance A", labels, true, about(sampled / seconds)));
        // told by the instances themselves
        gauges(all, "Verdict of each instance A", "scientist_evidence_conclusion");
        gauges(all, "Time ratio of each instance, at most A", "scientist_evidence_time_ratio");
        gauges(all, "Clean runs to READY A", "scientist_evidence_runs_to_ready");
        gauges(all, "Switch and gate A", "scientist_switch");
        String[] one = {"job", "experiment", "candidate", "instance"};
        String evidence = "Evidence of each instance: mismatch rate, at most A";
        all.put(evidence, new HashMap<>());
        String now = "Mismatch rate of each instance, at most A";
        all.put(now, new HashMap<>());
        sum("scientist_comparisons_total", c -> COMPARED.contains(c.label("outcome")), one)
                .forEach((labels, compared) -> {
                    double k = total("scientist_comparisons_total", with(labels, "outcome", "mismatched"::equals));
                    put(all, "Mismatch rate, by instance A", labels, compared > 0, about(k / compared));
                    // a gauge, so that nothing of it is missed
                    double bound = Intervals.anytimeRate((long) k, compared.longValue(), Intervals.DEFAULT_ALPHA)
                            .upper();
                    boolean shown = withEvidence.contains(labels.get("experiment"));
                    put(all, evidence, labels, shown, new Range(bound - 1e-9, bound + 1e-9));
                    put(all, now, labels, shown, new Range(bound - 1e-9, bound + 1e-9));
                });
        return all;
    }

    private void expectOf(Candidate candidate, Map<String, Map<Map<String, String>, Range>> all) {
        Map<String, String> labels = candidate.labels;
        double n = candidate.compared;
        boolean ran = n > 0;
        String rate = "Mismatch rate, and what it does not show ";
        put(all, "Compared runs A", labels, ran, about(n));
        put(all, "Mismatch rate A", labels, ran, about(candidate.rate()));
        put(all, rate + "A", labels, ran, about(candidate.rate()));
        put(all, "Ignored A", labels, ran, about(candidate.ignored / n));
        put(all, rate + "B", labels, ran, about(candidate.ignored / n));
        put(all, "Not compared A", labels, candidate.runs() > 0, about(candidate.notComparedRate()));
        put(all, rate + "C", labels, candidate.runs() > 0, about(candidate.notComparedRate()));
        boolean noisy = candidate.baseline > 0;
        put(all, "Noise A", only(labels, "job", "experiment"), noisy, about(candidate.noise / candidate.baseline));

        boolean timed = candidate.timed();
        double ratio = timed ? candidate.timeRatio() : 0;
        put(all, "Time, candidate / control A", labels, timed, about(ratio));
        put(all, "Time ratio, candidate / control D", labels, timed, about(ratio));
        boolean histogram = timed && withHistogram.contains(labels.get("experiment"));
        put(all, "Time ratio, candidate / control A", labels, histogram, () -> candidate.ratioOfQuantiles(0.5));
        put(all, "Time ratio, candidate / control B", labels, histogram, () -> candidate.ratioOfQuantiles(0.95));
        put(all, "Time ratio, candidate / control C", labels, histogram, () -> candidate.ratioOfQuantiles(0.99));
    }

    /** A candidate on all instances together. */
    private final class Candidate {
        private final Map<String, String> labels;
        private final Map<String, String> control;
        private final Map<String, String> behavior;
        private final double mismatches;
        private final double ignored;
        private final double compared;
        private final double notCompared;
        private final double noise;
        private final double baseline;

        Candidate(Map<String, String> labels) {
            this.labels = labels;
            control = behavior("control");
            behavior = behavior(labels.get("candidate"));
            String metric = "scientist_comparisons_total";
            mismatches = total(metric, with(labels, "outcome", "mismatched"::equals));
            ignored = total(metric, with(labels, "outcome", "ignored"::equals));
            compared = total(metric, with(labels, "outcome", COMPARED::contains));
            notCompared = total(metric, with(labels, "outcome", NOT_COMPARED::contains));
            Map<String, String> experiment = only(labels, "job", "experiment");
            noise = total("scientist_baseline_comparisons_total", with(experiment, "outcome", "mismatched"::equals));
            baseline = total("scientist_baseline_comparisons_total", with(experiment, "outcome", COMPARED::contains));
        }

        private Map<String, String> behavior(String name) {
            return Map.of("job", labels.get("job"), "experiment", labels.get("experiment"), "behavior", name);
        }

        double runs() {
            return compared + notCompared;
        }

        double rate() {
            return mismatches / compared;
        }

        double notComparedRate() {
            return notCompared / runs();
        }

        boolean timed() {
            return count(control) > 0 && count(behavior) > 0;
        }

        double timeRatio() {
            return mean(behavior) / mean(control);
        }

        Range ratioOfQuantiles(double q) {
            Range mine = quantile(behavior, q);
            Range other = quantile(control, q);
            return new Range(mine.low / other.high, mine.high / other.low);
        }
    }

    private double count(Map<String, String> behavior) {
        return total(DURATION, with(behavior));
    }

    private double mean(Map<String, String> behavior) {
        return counts.stream()
                        .filter(count -> count.metric.equals(DURATION))
                        .filter(with(behavior))
                        .mapToDouble(count -> count.value * Double.parseDouble(count.label("seconds")))
                        .sum()
                / count(behavior);
    }

    /** The bucket that it is in: a histogram tells no more. */
    private Range quantile(Map<String, String> behavior, double q) {
        double rank = q * count(behavior);
        double below = 0;
        for (Count count : counts.stream()
                .filter(count -> count.metric.equals(DURATION))
                .filter(with(behavior))
                .sorted(Comparator.comparingDouble(count -> Double.parseDouble(count.label("seconds"))))
                .toList()) {
            below += count.value;
            if (below >= rank) {
                double value = Double.parseDouble(count.label("seconds"));
                Double low = buckets.lower(value);
                Double high = buckets.ceiling(value);
                return new Range(low == null ? 0 : low, high);
            }
        }
        throw new AssertionError("no times of " + behavior);
    }

    private void gauges(Map<String, Map<Map<String, String>, Range>> all, String query, String metric) {
        Map<Map<String, String>, Range> ofQuery = all.computeIfAbsent(query, key -> new HashMap<>());
        counts.stream().filter(count -> count.metric.equals(metric)).forEach(count -> {
            double off = Math.abs(count.value) * 1e-6;
            Map<String, String> labels = metric.equals("scientist_switch")
                    ? only(count.labels, "job", "experiment")
                    : only(count.labels, "job", "experiment", "candidate", "instance");
            ofQuery.put(labels, new Range(count.value - off, count.value + off));
        });
    }

    private void rates(
            Map<String, Map<Map<String, String>, Range>> all,
            String query,
            String metric,
            Predicate<Count> which,
            boolean zeros,
            String... by) {
        all.computeIfAbsent(query, key -> new HashMap<>());
        sum(metric, which, jobAnd(by))
                .forEach((labels, value) -> put(all, query, labels, zeros || value > 0, about(value / seconds)));
    }

    /** Of counters that may be born within the time: then half an interval more is guessed. */
    private void counters(Map<String, Map<Map<String, String>, Range>> all, String query, String metric, String... by) {
        all.computeIfAbsent(query, key -> new HashMap<>());
        double more = Math.max(slack, 0.01);
        sum(metric, any -> true, jobAnd(by))
                .forEach((labels, value) ->
                        put(all, query, labels, value > 0, new Range(value * (1 - more), value * (1 + more))));
    }

    private static String[] jobAnd(String... by) {
        List<String> names = new ArrayList<>(List.of("job", "experiment"));
        names.addAll(List.of(by));
        return names.toArray(new String[0]);
    }

    private Range about(double value) {
        double off = Math.max(Math.abs(value) * slack, 1e-12);
        return new Range(value - off, value + off);
    }

    private static void put(
            Map<String, Map<Map<String, String>, Range>> all,
            String query,
            Map<String, String> labels,
            boolean shown,
            Range range) {
        put(all, query, labels, shown, () -> range);
    }

    private static void put(
            Map<String, Map<Map<String, String>, Range>> all,
            String query,
            Map<String, String> labels,
            boolean shown,
            Supplier<Range> range) {
        Map<Map<String, String>, Range> ofQuery = all.computeIfAbsent(query, key -> new HashMap<>());
        if (shown) {
            ofQuery.put(labels, range.get());
        }
    }

    /** Sums by labels, as PromQL's of that name. */
    private Map<Map<String, String>, Double> sum(String metric, Predicate<Count> which, String... by) {
        Map<Map<String, String>, Double> sums = new HashMap<>();
        for (Count count : counts) {
            if (count.metric.equals(metric) && which.test(count)) {
                sums.merge(only(count.labels, by), count.value, Double::sum);
            }
        }
        return sums;
    }

    private double total(String metric, Predicate<Count> which) {
        return counts.stream()
                .filter(count -> count.metric.equals(metric))
                .filter(which)
                .mapToDouble(Count::value)
                .sum();
    }

    private static boolean is(Count count, String label, String value) {
        return count.label(label).equals(value);
    }

    private static Predicate<Count> with(Map<String, String> labels) {
        return count -> count.labels.entrySet().containsAll(labels.entrySet());
    }

    private static Predicate<Count> with(Map<String, String> labels, String name, Predicate<String> value) {
        return with(labels).and(count -> value.test(count.label(name)));
    }

    private static Map<String, String> only(Map<String, String> labels, String... names) {
        Map<String, String> kept = new TreeMap<>(labels);
        kept.keySet().retainAll(new HashSet<>(List.of(names)));
        return kept;
    }
}
