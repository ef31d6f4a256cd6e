package dev.scientist.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteTest {

    private static String run(String benchmark, String mode, String params, double score, double bytes) {
        return """
                {"benchmark": "dev.scientist.benchmarks.%s", "mode": "%s", "params": {%s},
                 "jdkVersion": "17.0.1", "vmName": "a VM with <angles> & more",
                 "primaryMetric": {"score": %s, "scoreError": 0.5, "scoreUnit": "ns/op",
                                   "scorePercentiles": {"0.0": 1.0, "50.0": 7.0}},
                 "secondaryMetrics": {"gc.alloc.rate.norm": {"score": %s}}}""".formatted(benchmark, mode, params, score, bytes);
    }

    @Test
    void theTableTheTargetsAndTheChartAreMadeOfWhatWasMeasured(@TempDir Path folder) throws Exception {
        String work = "\"work\": \"22ns\"";
        Path json = Files.writeString(
                folder.resolve("x.json"),
                "["
                        + String.join(
                                ",",
                                run("ExperimentBenchmark.direct", "avgt", work, 20, 0),
                                run("ExperimentBenchmark.off", "avgt", work, 25, 0),
                                run("ExperimentBenchmark.on", "avgt", work, 150, 112),
                                run("ExperimentBenchmark.controlAndCandidate", "avgt", work, 40, 0),
                                run("ExperimentBenchmark.nanoTime", "avgt", work, 25, 0),
                                run("PeerBenchmark.scientist4j", "avgt", "", 2000, 5000),
                                run("BackgroundBenchmark.shed", "sample", "", 99, 0))
                        + "]");

        Suite.write(json, folder, "x");

        assertThat(Files.readString(folder.resolve("x.md")))
                .contains("| Experiment.on (22ns) | 150.0 ns | 0.5 | 112.0 |")
                .contains("| Background.shed | 7.0 ns | 0.5 | 0.0 |") // the median
                .contains("| off − direct, ns | 2.00 | 5.00 | **missed** |")
                .contains("| (on − control − candidate) / nanoTime | 4.00 | 4.40 | **missed** |")
                .contains("| on, B/op | 120.00 | 112.00 | met |");
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(folder.resolve("x.svg").toFile())
                        .getElementsByTagName("rect")
                        .getLength())
                .isEqualTo(1 + 5);
    }
}
