package dev.scientist.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.ToDoubleFunction;

/**
 * What one benchmark measured.
 *
 * @param name class, method and parameters
 * @param time of a call: the median of the iterations, since one that a neighbour of the machine disturbs says nothing of
 *     the code; where times were sampled, their median
 * @param unit of the time
 * @param error of one round, half the width of the 99.9% confidence interval of the mean; of several, half the distance
 *     between the shortest and the longest time
 * @param bytes allocated by a call
 */
record Figure(String name, double time, String unit, double error, double bytes) {

    static Figure of(JsonNode run) {
        JsonNode metric = run.path("primaryMetric");
        boolean sampled = run.path("mode").asText().equals("sample");
        return new Figure(
                name(run),
                sampled
                        ? metric.path("scorePercentiles").path("50.0").asDouble()
                        : ofIterations(metric.path("rawData")),
                metric.path("scoreUnit").asText().replace("/op", ""),
                metric.path("scoreError").asDouble(Double.NaN),
                run.path("secondaryMetrics")
                        .path("gc.alloc.rate.norm")
                        .path("score")
                        .asDouble());
    }

    private static double ofIterations(JsonNode forks) {
        List<JsonNode> iterations = new ArrayList<>();
        forks.forEach(fork -> fork.forEach(iterations::add));
        return median(iterations, JsonNode::asDouble);
    }

    /** The median of each figure, in the order of the first round. */
    static List<Figure> medians(List<List<Figure>> rounds) {
        Map<String, List<Figure>> byName = new LinkedHashMap<>();
        rounds.forEach(round -> round.forEach(figure ->
                byName.computeIfAbsent(figure.name(), name -> new ArrayList<>()).add(figure)));
        return byName.values().stream().map(Figure::median).toList();
    }

    private static Figure median(List<Figure> same) {
        Figure first = same.get(0);
        if (same.size() == 1) {
            return first;
        }
        DoubleSummaryStatistics times = same.stream().mapToDouble(Figure::time).summaryStatistics();
        return new Figure(
                first.name(),
                median(same, Figure::time),
                first.unit(),
                (times.getMax() - times.getMin()) / 2,
                median(same, Figure::bytes));
    }

    /** Of an even number, the greater one of the two in the middle. */
    static <E> double median(List<E> of, ToDoubleFunction<E> value) {
        return of.stream().mapToDouble(value).sorted().toArray()[of.size() / 2];
    }

    private static String name(JsonNode run) {
        String[] parts = run.path("benchmark").asText().split("\\.", -1);
        String name = parts[parts.length - 2].replace("Benchmark", "") + "." + parts[parts.length - 1];
        StringJoiner params = new StringJoiner(", ", " (", ")").setEmptyValue("");
        run.path("params")
                .properties()
                .forEach(param -> params.add(param.getValue().asText()));
        return name + params;
    }
}
