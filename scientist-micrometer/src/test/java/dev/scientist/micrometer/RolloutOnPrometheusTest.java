package dev.scientist.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.scientist.rollout.Stage;
import dev.scientist.rollout.WayBack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From end to end: three JVMs, a stage that they share, a candidate that goes wrong for 5% of the keys half-way. Each JVM
 * falls back by itself; a real Prometheus, asked by the dashboard's own queries, shows stages, fall-backs and rescues.
 */
class RolloutOnPrometheusTest {

    private static final int MEMBERS = 3;
    /** Of the callers are served the candidate. */
    private static final double CANARY_SHARE = 0.2;

    /** The standard {@link WayBack}: its window, and how many mismatches in it are too many. */
    private static final int WINDOW = 1_000;

    private static final int LIMIT = 10;

    private final Dashboard dashboard = Dashboard.read();
    private final List<MemberJvm> members = new ArrayList<>();
    private PrometheusServer prometheus;

    @AfterEach
    void stop() {
        members.forEach(member -> member.process().destroyForcibly());
        if (prometheus != null) {
            prometheus.close();
        }
    }

    @Test
    void everyInstanceFallsBackByItselfAndPrometheusShowsIt(@TempDir Path folder) throws IOException {
        PrometheusTools.assumeInstalled();
        Path flags = folder.resolve("flags.properties");
        PolledFlagsTest.write(flags, "pricing.stage = shadow\npricing.percent = 20\n");
        List<String> targets = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            members.add(MemberJvm.start(RolloutMember.class, String.valueOf(i), flags.toString()));
        }
        for (MemberJvm member : members) {
            targets.add(member.address());
        }
        prometheus =
                new PrometheusServer(folder, configuration(targets), Files.createDirectory(folder.resolve("data")));
        awaitShown("Stage of the instances A", Map.of("shadow", 3.0));

        PolledFlagsTest.write(flags, "pricing.stage = canary\npricing.percent = 20\n");
        awaitShown("Stage of the instances A", Map.of("canary", 3.0));
        assertThat(shown("Fell back against the flag A")).containsExactly(Map.entry("", 0.0));

        for (MemberJvm member : members) {
            member.go();
        }
        long allWrong = 0;
        double allRescued = 0;
        for (MemberJvm member : members) {
            String[] done = member.line("done ").split(" ");
            long wrong = Long.parseLong(done[0]);
            long inCanaryOnceWrong = Long.parseLong(done[2]);
            assertThat(wrong).isPositive().isLessThanOrEqualTo(2L * LIMIT - 2 + RolloutMember.THREADS);
            assertThat(Long.parseLong(done[1]))
                    .as("exceptions that callers saw")
                    .isZero();
            assertThat(inCanaryOnceWrong).as("served until it fell back").isLessThanOrEqualTo(WINDOW);
            assertThat(Long.parseLong(done[3]))
                    .as("served the candidate before")
                    .isGreaterThan(RolloutMember.REQUESTS / 12);
            assertThat(done[5]).isEqualTo(Stage.SHADOW.name());
            allWrong += wrong;
            allRescued += Double.parseDouble(done[4]);
        }
        // a window is so many runs in the canary: of all requests, WINDOW / CANARY_SHARE
        double requestsOfAWindow = WINDOW / CANARY_SHARE;
        assertThat((double) allWrong).isLessThanOrEqualTo(MEMBERS * CANARY_SHARE * requestsOfAWindow);
        assertThat(allRescued).isPositive();
        System.out.printf(
                "rollout: %d of %,d callers in %d JVMs were served a wrong answer, %.0f were rescued%n",
                allWrong, (long) MEMBERS * RolloutMember.REQUESTS, MEMBERS, allRescued);

        awaitShown("Stage of the instances A", Map.of("shadow", 3.0));
        awaitShown("Fell back against the flag A", Map.of("", 3.0));
        double rescues = allRescued;
        PrometheusServer.await(
                "rescues",
                () -> prometheus
                        .query("sum(scientist_rollout_rescues_total)", Instant.now())
                        .containsValue(rescues));
        assertThat(shown("Rescues a second A")).containsKey("");
        PrometheusServer.await("the alert fires", () -> firing().contains("ScientistFellBack"));

        PolledFlagsTest.write(flags, "pricing.stage = shadow\npricing.percent = 20\n"); // the flag is moved
        awaitShown("Fell back against the flag A", Map.of("", 0.0));
    }

    private static String configuration(List<String> targets) {
        return """
                global:
                  scrape_interval: 200ms
                  scrape_timeout: 200ms
                  evaluation_interval: 500ms
                rule_files:
                  - %s/prometheus-*.yml
                scrape_configs:
                  - job_name: shop
                    static_configs:
                      - targets: %s
                """.formatted(TestFiles.resources(), targets);
    }

    private void awaitShown(String query, Map<String, Double> expected) {
        PrometheusServer.await(query + " " + expected, () -> shown(query).equals(expected));
    }

    /** What a panel shows of the rollout, by stage if it tells stages apart. */
    private Map<String, Double> shown(String query) {
        Dashboard.Query asked = dashboard.queries().stream()
                .filter(each -> each.name().equals(query))
                .findFirst()
                .orElseThrow();
        Map<String, Double> shown = new TreeMap<>();
        prometheus
                .query(
                        asked.with(Map.of(
                                "cluster", ".*",
                                "namespace", ".*",
                                "application", ".*",
                                "job", "shop",
                                "experiment", "pricing",
                                "__rate_interval", "5s")),
                        Instant.now())
                .forEach((labels, value) -> shown.put(labels.getOrDefault("stage", ""), value));
        return shown;
    }

    private TreeSet<String> firing() {
        TreeSet<String> firing = new TreeSet<>();
        for (JsonNode alert : prometheus.get("/api/v1/alerts", Map.of()).get("alerts")) {
            if (alert.get("state").textValue().equals("firing")) {
                firing.add(alert.at("/labels/alertname").textValue());
            }
        }
        return firing;
    }
}
