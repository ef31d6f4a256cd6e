package dev.scientist.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteTest {

    /** One iteration of three was disturbed, which the mean shows and the median does not. */
    private static JsonNode run(String benchmark, String mode, String params, double time, double bytes)
            throws IOException {
        return new ObjectMapper()
                .readTree("""
                {"benchmark": "dev.scientist.benchmarks.%s", "mode": "%s", "params": {%s},
                 "jdkVersion": "17.0.1", "vmName": "a VM with <angles> & more",
                 "primaryMetric": {"score": %s, "scoreError": 0.5, "scoreUnit": "ns/op",
                                   "rawData": [[%s, %s, %s]],
                                   "scorePercentiles": {"0.0": 1.0, "50.0": 7.0}},
                 "secondaryMetrics": {"gc.alloc.rate.norm": {"score": %s}}}""".formatted(benchmark, mode, params, 12 * time, 0.9 * time, time, 34 * time, bytes));
    }

    /** A round on a machine that takes so many times as long. */
    private static List<JsonNode> round(double slow) throws IOException {
        String work = "\"work\": \"22ns\"";
        return List.of(
                run("ExperimentBenchmark.direct", "avgt", work, 20 * slow, 0),
                run("ExperimentBenchmark.off", "avgt", work, 25 * slow, 0),
                run("ExperimentBenchmark.on", "avgt", work, 150 * slow, 112),
                run("ExperimentBenchmark.controlAndCandidate", "avgt", work, 40 * slow, 0),
                run("ExperimentBenchmark.nanoTime", "avgt", work, 25 * slow, 0),
                run("PeerBenchmark.scientist4j", "avgt", "", 2000 * slow, 5000),
                run("BackgroundBenchmark.background", "sample", "", 99, 0));
    }

    @Test
    void theTableTheTargetsAndTheChartAreMadeOfWhatWasMeasured(@TempDir Path folder) throws Exception {
        Suite.write(List.of(round(1)), folder, "x");

        assertThat(Files.readString(folder.resolve("x.md")))
                .contains("one round, ± half the width of the 99.9% confidence interval")
                .contains("| Experiment.on (22ns) | 150.0 ns | 0.5 | 112.0 |")
                .contains("| Background.background | 7.0 ns | 0.5 | 0.0 |") // the median
                .contains("| off − direct, ns | 2.00 | 5.00 | **missed** |")
                .contains("| on / Scientist4J's | 0.50 | 0.08 | met |")
                .contains("| on, B/op | 200.00 | 112.00 | met |");
        JsonNode json = new ObjectMapper().readTree(folder.resolve("x.json").toFile());
        assertThat(json.path("machine").asText()).startsWith("JDK 17.0.1 (a VM with <angles> & more), ");
        assertThat(json.path("figures").get(2).path("bytes").asDouble()).isEqualTo(112);
        assertThat(json.path("targets").get(0).path("met").asBoolean(true)).isFalse();
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(folder.resolve("x.svg").toFile())
                        .getElementsByTagName("rect")
                        .getLength())
                .isEqualTo(1 + 5);
    }

    @Test
    void ofSeveralRoundsTheMedianCounts(@TempDir Path folder) throws Exception {
        Suite.write(List.of(round(9), round(1), round(1.2)), folder, "x");

        assertThat(Files.readString(folder.resolve("x.md")))
                .contains("medians of 3 rounds, ± half the distance between the shortest and the longest")
                .contains("| Experiment.on (22ns) | 180.0 ns | 600.0 | 112.0 |")
                .contains("| off − direct, ns | 2.00 | 6.00 | **missed** |")
                // a ratio is one of figures of the same round
                .contains("| on / Scientist4J's | 0.50 | 0.08 | met |");
    }
}
