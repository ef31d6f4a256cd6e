package dev.scientist.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.scientist.Experiment;
import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.evidence.Tolerance;
import dev.scientist.gate.Gates;
import dev.scientist.rollout.Rollout;
import io.micrometer.core.instrument.Clock;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/**
 * What arrives by OTLP, and what Prometheus makes of it: the names must be those that rules and dashboard ask for. The
 * translation is that of <a
 * href="https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/">OpenTelemetry's
 * specification</a>, as Prometheus's own receiver and the Collector do it.
 */
class OtlpTest {

    /** Those of the specification that could matter here; others stay as they are. */
    private static final Map<String, String> UNITS = Map.of("ms", "milliseconds", "s", "seconds", "1", "ratio");

    @Test
    void withSecondsTheNamesAreThoseOfRulesAndDashboard() throws IOException {
        Set<String> documented = new TreeSet<>();
        for (ScientistMeter meter : ScientistMeter.values()) {
            documented.add(DocumentationTest.prometheusName(meter));
        }
        assertThat(namesInPrometheus(Map.of("otlp.baseTimeUnit", "seconds"))).containsAll(documented);
    }

    @Test
    void withoutThatTimesAreMilliseconds() throws IOException {
        assertThat(namesInPrometheus(Map.of()))
                .contains("scientist_behavior_milliseconds", "scientist_runs_total")
                .doesNotContain("scientist_behavior_seconds");
    }

    private static Set<String> namesInPrometheus(Map<String, String> settings) throws IOException {
        List<Metric> received = new CopyOnWriteArrayList<>();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/", exchange -> {
            ExportMetricsServiceRequest.parseFrom(exchange.getRequestBody().readAllBytes())
                    .getResourceMetricsList()
                    .forEach(resource ->
                            resource.getScopeMetricsList().forEach(scope -> received.addAll(scope.getMetricsList())));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        try {
            String url = "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/metrics";
            OtlpConfig config = key -> key.equals("otlp.url") ? url : settings.get(key);
            OtlpMeterRegistry registry = new OtlpMeterRegistry(config, Clock.SYSTEM);
            MicrometerPublisher meters = new MicrometerPublisher(registry).histogram();
            EvidencePublisher evidence = new EvidencePublisher();
            try (MetersLab lab = new MetersLab(
                    meters,
                    builder -> builder.publisher(evidence)
                            .publisher(new EvidenceMeters(registry, evidence, Tolerance.standard()))
                            .publisher(meters.counting("archive", result -> {})))) {
                Experiment<Integer> experiment = lab.scientist
                        .<Integer>experiment("test")
                        .gate(Gates.circuitBreaker().build())
                        .ignore("three is fine", (control, candidate) -> candidate == 3)
                        .baseline(Gates.percent(100))
                        .build();
                Rollout.of(experiment).build();
                for (int candidate : new int[] {1, 2, 3}) {
                    experiment.run(() -> 1, () -> candidate);
                }
                experiment.run(() -> 1, () -> {
                    throw new IllegalStateException();
                });
                registry.close(); // sends what there is
            }
        } finally {
            collector.stop(0);
        }
        Set<String> names = new TreeSet<>();
        received.forEach(metric -> names.add(nameInPrometheus(metric)));
        return names;
    }

    private static String nameInPrometheus(Metric metric) {
        StringBuilder name = new StringBuilder(metric.getName().replace('.', '_'));
        String unit = UNITS.getOrDefault(metric.getUnit(), metric.getUnit());
        boolean counted = metric.hasSum() && metric.getSum().getIsMonotonic();
        if (!unit.isEmpty()
                && !Arrays.asList(name.toString().split("_")).contains(unit)
                && !(unit.equals("ratio") && counted)) {
            name.append('_').append(unit);
        }
        return name.append(counted ? "_total" : "").toString();
    }
}
