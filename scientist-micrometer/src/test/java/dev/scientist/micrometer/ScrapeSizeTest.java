package dev.scientist.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.Scientist;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What a scrape of many experiments costs, as the guide has it: series and bytes. */
class ScrapeSizeTest {

    private static String scrape(int experiments, boolean histogram) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        MicrometerPublisher meters = new MicrometerPublisher(registry);
        try (Scientist scientist = Scientist.builder()
                .clock(() -> 0) // the same digits each time
                .publisher(histogram ? meters.histogram() : meters)
                .build()) {
            for (int i = 0; i < experiments; i++) {
                scientist.<Integer>experiment("shop.experiment-" + i).build().run(() -> 1, () -> 1);
            }
            return registry.scrape();
        }
    }

    private static long series(String scrape) {
        return scrape.lines().filter(line -> !line.startsWith("#")).count();
    }

    private static double megabytes(byte[] bytes) {
        return bytes.length / 1e6;
    }

    private static byte[] zipped(byte[] bytes) throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (OutputStream zip = new GZIPOutputStream(zipped)) {
            zip.write(bytes);
        }
        return zipped.toByteArray();
    }

    @Test
    void anExperimentHas39Series() {
        assertThat(series(scrape(1, false))).isEqualTo(39);
        assertThat(series(scrape(1, true))).isBetween(200L, 300L);
    }

    @Test
    void oneHundredAndOneThousandExperimentsCostWhatTheGuideSays() throws IOException {
        StringBuilder table = new StringBuilder();
        for (boolean histogram : new boolean[] {false, true}) {
            for (int experiments : new int[] {100, 1000}) {
                String scrape = scrape(experiments, histogram);
                byte[] bytes = scrape.getBytes(StandardCharsets.UTF_8);
                table.append(String.format(
                        Locale.ROOT,
                        "| %,d%s | %,d | %.2f MB | %.2f MB |\n",
                        experiments,
                        histogram ? ", with histograms" : "",
                        series(scrape),
                        megabytes(bytes),
                        megabytes(zipped(bytes))));
            }
        }
        assertThat(table.toString())
                .isEqualTo(PrometheusTools.read(TestFiles.module().resolve("README.md"))
                        .lines()
                        .filter(line -> line.matches("\\| 1[0,]+.* MB \\|"))
                        .collect(Collectors.joining("\n", "", "\n")));
    }
}
