package dev.scientist.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recording rules and the alerts, checked and tested by promtool. */
class PrometheusRulesTest {

    private static final String RULES = "prometheus-rules.yml";
    private static final String ALERTS = "prometheus-alerts.yml";
    private static final String TESTS = "prometheus-tests.yml";
    private static final String WEEK_TESTS = "prometheus-week-tests.yml";

    @BeforeAll
    static void needsPromtool() {
        PrometheusTools.assumeInstalled();
    }

    @Test
    void areValid() {
        assertThat(PrometheusTools.promtool(TestFiles.resources(), "check", "rules", RULES, ALERTS))
                .contains("SUCCESS")
                .doesNotContain("FAILED");
    }

    @Test
    void giveWhatTheirTestsExpect() {
        assertThat(PrometheusTools.promtool(TestFiles.testResources(), "test", "rules", TESTS, WEEK_TESTS))
                .contains("SUCCESS")
                .doesNotContain("FAILED");
    }

    /** That promtool tells of an alert that should have fired, and of one that should not. */
    @Test
    void areReallyTested(@TempDir Path folder) throws IOException {
        Files.copy(TestFiles.resources().resolve(RULES), folder.resolve(RULES));
        String alerts = PrometheusTools.read(TestFiles.resources().resolve(ALERTS));
        String tests = PrometheusTools.read(TestFiles.testResources().resolve(TESTS));
        Files.writeString(folder.resolve(TESTS), tests.replaceAll("- \\.\\./.*/", "- "));
        for (String[] change : new String[][] {{"> 0.001", "> 0.1"}, {"> 0.001", "> 0.00001"}}) {
            assertThat(alerts).contains(change[0]);
            Files.writeString(folder.resolve(ALERTS), alerts.replace(change[0], change[1]));
            assertThatThrownBy(() -> PrometheusTools.promtool(folder, "test", "rules", TESTS))
                    .as("%s", (Object) change)
                    .hasMessageContaining("ScientistMismatchRateHigh");
        }
    }

    @Test
    void areAllMadeToFireAndNotToFire() {
        Set<String> firing = new TreeSet<>();
        Set<String> silent = new TreeSet<>();
        for (JsonNode group : yaml(TestFiles.testResources().resolve(TESTS)).get("tests")) {
            for (JsonNode test : group.path("alert_rule_test")) {
                boolean fires = !test.path("exp_alerts").isEmpty();
                (fires ? firing : silent).add(test.get("alertname").textValue());
            }
        }
        assertThat(firing).isEqualTo(silent).isEqualTo(new TreeSet<>(alerts()));
    }

    @Test
    void areExplained() {
        for (JsonNode rule : yaml(TestFiles.resources().resolve(ALERTS)).at("/groups/0/rules")) {
            String name = rule.get("alert").textValue();
            assertThat(rule.at("/labels/severity").textValue()).as(name).isIn("warning", "info");
            assertThat(rule.at("/annotations/summary").textValue()).as(name).contains("$labels.experiment");
            assertThat(rule.at("/annotations/description").textValue())
                    .as(name)
                    .contains("$labels.experiment", "$labels.job");
            assertThat(rule.at("/annotations/runbook_url").textValue())
                    .as(name)
                    .endsWith("/scientist-micrometer/README.md#what-the-alerts-mean");
        }
    }

    private static List<String> alerts() {
        List<String> names = new ArrayList<>();
        yaml(TestFiles.resources().resolve(ALERTS))
                .at("/groups/0/rules")
                .forEach(rule -> names.add(rule.get("alert").textValue()));
        assertThat(names).isNotEmpty().doesNotHaveDuplicates();
        return names;
    }

    private static JsonNode yaml(Path file) {
        try {
            return new YAMLMapper().readTree(PrometheusTools.read(file));
        } catch (IOException e) {
            throw new AssertionError(file + ": " + e.getMessage(), e);
        }
    }
}
