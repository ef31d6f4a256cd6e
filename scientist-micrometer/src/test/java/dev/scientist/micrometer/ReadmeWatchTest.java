package dev.scientist.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.Scientist;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The README's examples of how to watch experiments. */
class ReadmeWatchTest {

    @Test
    void countsForPrometheus() {
        // README: watch
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Scientist scientist = Scientist.builder()
                .publisher(new MicrometerPublisher(registry).histogram())
                .build();
        Supplier<String> metrics = registry::scrape; // what /metrics must serve
        // README end

        scientist.<Integer>experiment("sum").build().run(() -> 1 + 1, () -> 2);
        assertThat(metrics.get().lines())
                .contains(
                        "scientist_runs_total{decision=\"sampled\",experiment=\"sum\"} 1.0",
                        "scientist_comparisons_total{candidate=\"candidate\",experiment=\"sum\",outcome=\"matched\"} 1.0",
                        "scientist_behavior_seconds_bucket{behavior=\"control\",experiment=\"sum\",le=\"+Inf\"} 1");
    }
}
