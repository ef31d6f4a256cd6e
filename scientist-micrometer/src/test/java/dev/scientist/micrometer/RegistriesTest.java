package dev.scientist.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.scientist.Experiment;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What different registries make of the meters. */
class RegistriesTest {

    private static void runThrice(MeterRegistry registry) {
        try (MetersLab lab = new MetersLab(new MicrometerPublisher(registry))) {
            runThrice(lab.experiment());
            assertThat(lab.failures).isEmpty();
        }
    }

    private static void runThrice(Experiment<Integer> experiment) {
        for (int candidate : new int[] {1, 1, 2}) {
            assertThat(experiment.<RuntimeException>run(() -> 1, () -> candidate))
                    .isEqualTo(1);
        }
    }

    @Test
    void prometheus() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        runThrice(registry);

        assertThat(registry.scrape().lines())
                .contains(
                        "scientist_runs_total{decision=\"sampled\",experiment=\"test\"} 3.0",
                        "scientist_runs_total{decision=\"shed\",experiment=\"test\"} 0.0",
                        "scientist_comparisons_total{candidate=\"candidate\",experiment=\"test\",outcome=\"mismatched\"} 1.0",
                        "scientist_behavior_seconds_count{behavior=\"control\",experiment=\"test\"} 3",
                        "scientist_differences_total{candidate=\"candidate\",experiment=\"test\",path=\"(whole value)\"} 1.0",
                        "scientist_failures_total{experiment=\"test\",operation=\"publish\"} 0.0");
    }

    @Test
    void openTelemetry() throws IOException {
        List<String> received = new CopyOnWriteArrayList<>();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/", exchange -> {
            received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        try {
            String url = "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/metrics";
            OtlpConfig config = key -> key.equals("otlp.url") ? url : null;
            OtlpMeterRegistry registry = new OtlpMeterRegistry(config, Clock.SYSTEM);
            runThrice(registry);
            registry.close(); // sends what there is
        } finally {
            collector.stop(0);
        }

        assertThat(String.join("", received))
                .contains("scientist.runs", "scientist.comparisons", "scientist.behavior", "mismatched", "sampled");
    }

    @Test
    void aCompositeCountsInAllOfItsRegistriesAlsoInOneThatJoinsLater() {
        MeterRegistry first = new SimpleMeterRegistry();
        MeterRegistry second = new SimpleMeterRegistry();
        CompositeMeterRegistry composite = new CompositeMeterRegistry();
        composite.add(first);
        try (MetersLab lab = new MetersLab(new MicrometerPublisher(composite))) {
            Experiment<Integer> experiment = lab.experiment();
            runThrice(experiment);
            composite.add(second);
            runThrice(experiment);
        }

        assertThat(MetersLab.counted(first)).containsEntry("scientist.runs[sampled, test]", 6.0);
        assertThat(MetersLab.counted(second)).containsEntry("scientist.runs[sampled, test]", 3.0);
    }

    @Test
    void anEmptyCompositeHarmsNothing() {
        runThrice(new CompositeMeterRegistry());
    }

    @Test
    void aClosedRegistryHarmsNothing() {
        MeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.close();
        runThrice(registry);
    }

    @Test
    void aRegistryThatIsClosedMeanwhileHarmsNothing() {
        MeterRegistry registry = new SimpleMeterRegistry();
        try (MetersLab lab = new MetersLab(new MicrometerPublisher(registry))) {
            Experiment<Integer> experiment = lab.experiment();
            runThrice(experiment);
            registry.close();
            runThrice(experiment);
            experiment.control(() -> 1).candidate("new", () -> 2).run();
            assertThat(lab.failures).isEmpty();
        }
    }

    @Test
    void aFilterThatDeniesHarmsNothing() {
        MeterRegistry registry = new SimpleMeterRegistry();
        registry.config().meterFilter(MeterFilter.denyNameStartsWith("scientist.behavior"));
        runThrice(registry);

        assertThat(MetersLab.counted(registry))
                .containsEntry("scientist.runs[sampled, test]", 3.0)
                .doesNotContainKey("scientist.behavior[control, test]");
    }

    @Test
    void aFilterThatDeniesAllHarmsNothing() {
        MeterRegistry registry = new SimpleMeterRegistry();
        registry.config().meterFilter(MeterFilter.deny());
        runThrice(registry);

        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void aFilterCanRename() {
        MeterRegistry registry = new SimpleMeterRegistry();
        registry.config().meterFilter(new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return id.withName(id.getName().replace("scientist.", "acme.lab."));
            }
        });
        runThrice(registry);

        assertThat(MetersLab.counted(registry))
                .containsEntry("acme.lab.runs[sampled, test]", 3.0)
                .containsEntry("acme.lab.comparisons[candidate, test, mismatched]", 1.0);
    }

    @Test
    void aFilterThatThrowsIsReportedAndTheCallerDoesNotSeeIt() {
        MeterRegistry registry = new SimpleMeterRegistry();
        IllegalStateException broken = new IllegalStateException();
        registry.config().meterFilter(new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                throw broken;
            }
        });
        try (MetersLab lab = new MetersLab(new MicrometerPublisher(registry))) {
            runThrice(lab.experiment());

            assertThat(lab.failures)
                    .isNotEmpty()
                    .allSatisfy(failure -> assertThat(failure.throwable()).isSameAs(broken));
        }
    }

    @Test
    void twoScientistsMayShareARegistry() {
        MeterRegistry registry = new SimpleMeterRegistry();
        runThrice(registry);
        runThrice(registry);

        assertThat(MetersLab.counted(registry)).containsEntry("scientist.runs[sampled, test]", 6.0);
    }
}
