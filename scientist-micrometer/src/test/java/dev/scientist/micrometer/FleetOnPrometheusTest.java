package dev.scientist.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.scientist.micrometer.Dashboard.Query;
import dev.scientist.micrometer.FleetTruth.Count;
import dev.scientist.micrometer.FleetTruth.Range;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every query of the dashboard, asked of a real Prometheus and compared with what really happened. Twice: on three JVMs
 * that run now and are scraped, and on an hour of the past with a restart in it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FleetOnPrometheusTest {

    private static final String LIVE = "live";

    /** Runs, probability of a mismatch, nanoseconds of the control, slow-down of the candidate: of each JVM. */
    private static final String[][] MEMBERS = {
        {"3000", "0.05", "1000000", "2"}, {"900", "0.2", "4000000", "3"}, {"300", "0.6", "2000000", "0.5"}
    };

    private record Member(MemberJvm jvm, String instance) {
        private Member listening() throws IOException {
            return new Member(jvm, jvm.address());
        }

        private List<Count> done() throws IOException {
            List<Count> counts = new ArrayList<>();
            for (String line = jvm.output().readLine();
                    !"done".equals(line);
                    line = jvm.output().readLine()) {
                assertThat(line).startsWith("truth ");
                String series = line.substring(6, line.indexOf('}'));
                Map<String, String> labels = new TreeMap<>(Map.of("job", LIVE, "instance", instance));
                for (String label : series.substring(series.indexOf('{') + 1).split(",")) {
                    labels.put(label.substring(0, label.indexOf('=')), label.substring(label.indexOf('=') + 1));
                }
                counts.add(new Count(
                        series.substring(0, series.indexOf('{')),
                        labels,
                        Double.parseDouble(line.substring(line.indexOf('}') + 1))));
            }
            return counts;
        }
    }

    private final Dashboard dashboard = Dashboard.read();
    private final List<Member> members = new ArrayList<>();
    private PrometheusServer prometheus;
    private FleetTruth live;
    private Instant liveStart;
    private Instant liveEnd;

    @BeforeAll
    void runTheFleet(@TempDir Path folder) throws IOException {
        PrometheusTools.assumeInstalled();
        Path data = Files.createDirectory(folder.resolve("data"));
        for (String[] arguments : MEMBERS) {
            members.add(new Member(MemberJvm.start(FleetMember.class, arguments), ""));
        }
        Files.writeString(folder.resolve("backfill.txt"), new FleetBackfill().openMetrics());
        PrometheusTools.promtool(folder, "tsdb", "create-blocks-from", "openmetrics", "backfill.txt", data.toString());
        for (int i = 0; i < MEMBERS.length; i++) {
            members.set(i, members.get(i).listening());
        }
        prometheus = new PrometheusServer(folder, configuration(), data);
        PrometheusServer.await(
                "all are scraped",
                () -> prometheus
                                .query(
                                        "count by (instance) (scientist_runs_total{job=\"" + LIVE + "\"})",
                                        Instant.now())
                                .size()
                        == MEMBERS.length);
        liveStart = Instant.now();
        for (Member member : members) {
            member.jvm.go();
        }
        List<Count> counts = new ArrayList<>();
        for (Member member : members) {
            counts.addAll(member.done());
        }
        liveEnd = Instant.now();
        double seconds = Duration.between(liveStart, liveEnd).toMillis() / 1e3;
        Set<String> experiments = Set.of("pricing", "checkout");
        live = new FleetTruth(counts, seconds, 0.08, liveBuckets(), experiments, experiments);
    }

    private String configuration() {
        List<String> targets = members.stream().map(Member::instance).toList();
        return """
                global:
                  scrape_interval: 200ms
                  scrape_timeout: 200ms
                  evaluation_interval: 500ms
                rule_files:
                  - %s/prometheus-*.yml
                scrape_configs:
                  - job_name: %s
                    static_configs:
                      - targets: %s
                """.formatted(TestFiles.resources(), LIVE, targets);
    }

    private NavigableSet<Double> liveBuckets() {
        NavigableSet<Double> buckets = new TreeSet<>();
        for (JsonNode bucket : prometheus.get(
                "/api/v1/label/le/values",
                Map.of("match[]", "scientist_behavior_seconds_bucket{job=\"" + LIVE + "\"}"))) {
            String text = bucket.textValue();
            buckets.add(text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text));
        }
        return buckets;
    }

    @AfterAll
    void stopTheFleet() {
        members.forEach(member -> member.jvm.process().destroyForcibly());
        if (prometheus != null) {
            prometheus.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> showsWhatHappensNow() {
        return tests(live, LIVE, liveEnd, Duration.between(liveStart, liveEnd));
    }

    @TestFactory
    Stream<DynamicTest> showsWhatHappenedOverARestart() {
        return tests(new FleetBackfill().truth(), FleetBackfill.JOB, FleetBackfill.END, FleetBackfill.HOUR);
    }

    private Stream<DynamicTest> tests(FleetTruth truth, String job, Instant end, Duration time) {
        Map<String, Map<Map<String, String>, Range>> expected = truth.expected();
        Map<String, String> variables = variables(job, time);
        return Stream.concat(
                Stream.of(dynamicTest(
                        "all queries have a truth to be compared with",
                        () -> assertThat(dashboard.queries().stream().map(Query::name))
                                .containsExactlyInAnyOrderElementsOf(expected.keySet()))),
                dashboard.queries().stream()
                        .map(query -> dynamicTest(
                                query.name(), () -> check(query, variables, end, expected.get(query.name())))));
    }

    /** What Grafana puts in if all experiments and candidates of a job are chosen. */
    private Map<String, String> variables(String job, Duration time) {
        String window = time.toMillis() + "ms";
        return Map.of(
                "cluster",
                ".*",
                "namespace",
                ".*",
                "application",
                ".*",
                "job",
                job,
                "experiment",
                dashboard.variable("experiment").get("allValue").textValue(),
                "candidate",
                "(api|candidate)",
                "window",
                window,
                "__range",
                window,
                "__rate_interval",
                window);
    }

    private void check(Query query, Map<String, String> variables, Instant at, Map<Map<String, String>, Range> truth) {
        String expression = query.with(variables);
        Map<Map<String, String>, Double> shown =
                query.instant() ? prometheus.query(expression, at) : prometheus.curve(expression, at);
        Map<Map<String, String>, Range> expected = query.expression().contains("topk(10,") ? topTen(truth) : truth;
        assertThat(shown.keySet()).as(expression).containsExactlyInAnyOrderElementsOf(expected.keySet());
        shown.forEach((labels, value) -> assertThat(expected.get(labels).contains(value))
                .as("%s is %s, not %s%n%s", labels, value, expected.get(labels), expression)
                .isTrue());
        if (query.expression().startsWith("sort")) {
            List<Double> values = new ArrayList<>(shown.values());
            List<Double> sorted = new ArrayList<>(values);
            Collections.sort(sorted);
            if (query.expression().startsWith("sort_desc")) {
                Collections.reverse(sorted);
            }
            assertThat(values).as(expression).isEqualTo(sorted);
        }
    }

    private static Map<Map<String, String>, Range> topTen(Map<Map<String, String>, Range> truth) {
        Map<Map<String, String>, Range> top = new LinkedHashMap<>();
        truth.entrySet().stream()
                .sorted(Map.Entry.comparingByValue((a, b) -> Double.compare(b.high(), a.high())))
                .limit(10)
                .forEach(entry -> top.put(entry.getKey(), entry.getValue()));
        return top;
    }

    /** The only one that needs no time to be sure; promtool's tests make the others fire. */
    @Test
    void firesTheAlertOfTheExperimentThatMismatches() {
        PrometheusServer.await("an alert fires", () -> !firing().isEmpty());
        assertThat(firing()).containsExactly("ScientistMismatchRateHigh pricing candidate");
    }

    private List<String> firing() {
        List<String> firing = new ArrayList<>();
        for (JsonNode alert : prometheus.get("/api/v1/alerts", Map.of()).get("alerts")) {
            if (alert.get("state").textValue().equals("firing")) {
                JsonNode labels = alert.get("labels");
                firing.add("%s %s %s"
                        .formatted(
                                labels.get("alertname").textValue(),
                                labels.get("experiment").textValue(),
                                labels.path("candidate").asText()));
            }
        }
        return firing;
    }
}
