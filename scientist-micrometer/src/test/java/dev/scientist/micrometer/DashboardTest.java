package dev.scientist.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.scientist.micrometer.Dashboard.Query;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What can be said of the dashboard without a server: see {@link FleetOnPrometheusTest} for what it shows. */
class DashboardTest {

    /** What Grafana itself puts in. */
    private static final Set<String> BUILT_IN = Set.of("__all", "__range", "__rate_interval");

    private static final Pattern METRIC = Pattern.compile("\\bscientist_\\w+");

    private final Dashboard dashboard = Dashboard.read();

    @Test
    void isValidByTheSchemaOfGrafana() {
        JsonSchema schema = schema();
        assertThat(schema.validate(dashboard.json)).isEmpty();
        assertThat(schema.validate(Dashboard.changed(text -> text.replaceFirst("\\{", "{\"__inputs\": [], ")).json))
                .as("a dashboard that must be asked for its data source")
                .isNotEmpty();
        assertThat(schema.validate(Dashboard.changed(text -> text.replace("\"gridPos\"", "\"place\"")).json))
                .as("a dashboard with a property that there is not")
                .isNotEmpty();
    }

    @Test
    void isMadeFromItsSource() throws IOException {
        String made = DashboardSource.text(DashboardSource.made());
        Path kept = TestFiles.resources().resolve("grafana-dashboard.json");
        if (Boolean.getBoolean("scientist.dashboard.write")) {
            Files.writeString(kept, made);
        }
        assertThat(kept)
                .as("-Dscientist.dashboard.write=true writes it anew")
                .content()
                .isEqualTo(made);
    }

    @Test
    void showsInAllCurvesWhereGatesWereShutAndSwitchesOff() {
        List<JsonNode> annotations = new ArrayList<>();
        dashboard.json.at("/annotations/list").forEach(annotations::add);
        assertThat(annotations.stream().map(each -> each.get("expr").textValue()))
                .hasSize(3)
                .allMatch(expression -> expression.contains("application=~\"$application\""))
                .anyMatch(expression -> expression.contains("(scientist_rollout_stage{"))
                .anyMatch(expression -> expression.contains("(scientist_gate{"))
                .anyMatch(expression -> expression.contains("(scientist_switch{"));
    }

    /** Those of the library's own tolerance. */
    @Test
    void showsWhatIsAllowedAsALine() {
        List<String> lines = new ArrayList<>();
        for (JsonNode panel : dashboard.panels()) {
            JsonNode steps = panel.at("/fieldConfig/defaults/thresholds/steps");
            if (panel.at("/fieldConfig/defaults/custom/thresholdsStyle/mode")
                    .asText()
                    .equals("dashed")) {
                lines.add(panel.get("title").textValue() + " "
                        + steps.get(1).get("value").doubleValue());
            }
        }
        assertThat(lines)
                .containsExactlyInAnyOrder(
                        "Mismatch rate, and what it does not show 0.001",
                        "Mismatch rate, by instance 0.001",
                        "Evidence of each instance: mismatch rate, at most 0.001",
                        "Time ratio, candidate / control 1.2");
    }

    /** It is Grafana's and not copied into this project. */
    private static JsonSchema schema() {
        String told = System.getProperty("scientist.grafanaSchema", System.getenv("SCIENTIST_GRAFANA_SCHEMA"));
        Path file = told != null
                ? Path.of(told)
                : TestFiles.module().resolve("../../shared/grafana/dashboard.jsonschema.json");
        assumeTrue(
                Files.isReadable(file),
                "Grafana's schema is not at " + file.normalize() + "; SCIENTIST_GRAFANA_SCHEMA can name it");
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(PrometheusTools.read(file));
    }

    @Test
    void asksForNothingOnImport() {
        assertThat(dashboard.json.has("__inputs")).isFalse();
        assertThat(dashboard.json.has("__requires")).isFalse();
        assertThat(dashboard.json.has("id")).as("an id of one Grafana").isFalse();
        assertThat(dashboard.variable("datasource").get("type").textValue()).isEqualTo("datasource");
        assertThat(dashboard.variable("datasource").get("query").textValue()).isEqualTo("prometheus");
        for (JsonNode source : dashboard.json.findValues("datasource")) {
            assertThat(source.get("type").textValue()).isEqualTo("prometheus");
            assertThat(source.get("uid").textValue()).isEqualTo("${datasource}");
        }
    }

    @Test
    void hasVariablesForEnvironmentExperimentAndCandidate() {
        for (String name : List.of("cluster", "namespace", "application", "job", "experiment", "candidate")) {
            JsonNode variable = dashboard.variable(name);
            assertThat(variable.get("type").textValue()).isEqualTo("query");
            assertThat(variable.get("multi").booleanValue()).isTrue();
            assertThat(variable.get("includeAll").booleanValue()).isTrue();
            assertThat(variable.get("query").textValue())
                    .startsWith("label_values(")
                    .endsWith(", " + name + ")");
        }
        // all of it must be its names, since it is matched with the names of behaviors: the control is not one
        assertThat(dashboard.variable("candidate").has("allValue")).isFalse();
    }

    @Test
    void usesTheVariablesItHasAndNoOthers() {
        Set<String> defined = new TreeSet<>();
        dashboard
                .json
                .at("/templating/list")
                .forEach(variable -> defined.add(variable.get("name").textValue()));
        Set<String> used = new TreeSet<>();
        Matcher matcher = Dashboard.VARIABLE.matcher(dashboard.json.toString());
        while (matcher.find()) {
            used.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
        }
        used.removeAll(BUILT_IN);
        assertThat(used).isEqualTo(defined);
    }

    @Test
    void asksForMetersThatThereAre() {
        Set<String> asked = new TreeSet<>();
        for (Query query : dashboard.queries()) {
            Matcher matcher = METRIC.matcher(query.expression());
            while (matcher.find()) {
                asked.add(matcher.group().replaceFirst("_(total|seconds_(count|sum|bucket))$", ""));
            }
        }
        Function<Predicate<ScientistMeter>, List<String>> named = which -> Arrays.stream(ScientistMeter.values())
                .filter(which)
                .map(meter -> meter.getName().replace('.', '_'))
                .toList();
        assertThat(named.apply(meter -> true)).as("there are").containsAll(asked);
        assertThat(asked).as("is shown").containsAll(named.apply(meter -> true));
    }

    /** A vector without this guard gives NaN or infinity where nothing was counted. */
    @Test
    void neverDividesByZero() {
        Pattern unguarded = Pattern.compile("/ (?:on \\([^)]*\\) group_left \\(\\) )?(?:sum|increase|rate|scientist)");
        assertThat(dashboard.queries())
                .allSatisfy(query -> assertThat(query.expression()).doesNotContainPattern(unguarded));
    }

    @Test
    void tellsItsCurvesApart() {
        for (Query query : dashboard.queries()) {
            assertThat(query.legend()).as(query.name()).contains("{{job}}", "{{namespace}}", "{{cluster}}");
            assertThat(query.expression())
                    .as(query.name())
                    .contains(
                            "cluster=~\"$cluster\"",
                            "namespace=~\"$namespace\"",
                            "application=~\"$application\"",
                            "by (cluster, namespace, job, ");
        }
        assertThat(dashboard.queries().stream().map(Query::name)).doesNotHaveDuplicates();
        assertThat(dashboard.panels().stream().map(panel -> panel.get("id").intValue()))
                .doesNotHaveDuplicates();
    }

    @Test
    void hasPanelsThatDoNotOverlap() {
        Set<List<Integer>> taken = new HashSet<>();
        List<String> twice = new ArrayList<>();
        for (JsonNode panel : dashboard.panels()) {
            JsonNode place = panel.get("gridPos");
            int right = place.get("x").intValue() + place.get("w").intValue();
            int bottom = place.get("y").intValue() + place.get("h").intValue();
            assertThat(right).isLessThanOrEqualTo(24);
            for (int x = place.get("x").intValue(); x < right; x++) {
                for (int y = place.get("y").intValue(); y < bottom; y++) {
                    if (!taken.add(List.of(x, y))) {
                        twice.add(panel.get("title").textValue());
                    }
                }
            }
        }
        assertThat(twice).isEmpty();
    }

    /** Bounds are not shown without what they rest on, and rates not without what they leave out. */
    @Test
    void saysWhatItsFiguresDoNot() {
        List<JsonNode> texts = dashboard.panels().stream()
                .filter(panel -> panel.get("type").textValue().equals("text"))
                .toList();
        assertThat(texts)
                .singleElement()
                .satisfies(text -> assertThat(text.at("/options/content").textValue())
                        .contains(
                                "assume independent runs", "nothing is subtracted for noise", "nothing is concluded"));
    }
}
