package dev.scientist.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.StringJoiner;

/**
 * What one benchmark measured.
 *
 * @param name class, method and parameters
 * @param time the mean time of a call; where times were sampled, the median
 * @param unit of the time
 * @param error half the width of the 99.9% confidence interval of the mean, NaN if there is none
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
                        : metric.path("score").asDouble(),
                metric.path("scoreUnit").asText().replace("/op", ""),
                metric.path("scoreError").asDouble(Double.NaN),
                run.path("secondaryMetrics")
                        .path("gc.alloc.rate.norm")
                        .path("score")
                        .asDouble());
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
