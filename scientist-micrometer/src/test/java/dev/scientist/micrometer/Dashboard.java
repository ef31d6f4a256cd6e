package dev.scientist.micrometer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The dashboard as Grafana reads it. */
final class Dashboard {

    static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{(\\w+)}|([A-Za-z_]\\w*))");

    /** One curve, or set of bars, of a panel. */
    record Query(String panel, String refId, String expression, boolean instant, String legend) {

        String name() {
            return panel + " " + refId;
        }

        /** What Grafana sends: the variables replaced. */
        String with(Map<String, String> variables) {
            return VARIABLE.matcher(expression).replaceAll(match -> {
                String variable = name(match.group(1), match.group(2));
                String value = variables.get(variable);
                if (value == null) {
                    throw new AssertionError(name() + " has an unknown variable: " + variable);
                }
                return Matcher.quoteReplacement(value);
            });
        }

        private static String name(String inBraces, String bare) {
            return inBraces != null ? inBraces : bare;
        }
    }

    final JsonNode json;

    private Dashboard(JsonNode json) {
        this.json = json;
    }

    static Dashboard read() {
        return changed(UnaryOperator.identity());
    }

    /** The dashboard with some of its text changed. */
    static Dashboard changed(UnaryOperator<String> change) {
        try {
            return new Dashboard(new ObjectMapper()
                    .readTree(change.apply(
                            PrometheusTools.read(TestFiles.resources().resolve("grafana-dashboard.json")))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<JsonNode> panels() {
        List<JsonNode> panels = new ArrayList<>();
        json.get("panels").forEach(panel -> {
            panels.add(panel);
            panel.path("panels").forEach(panels::add);
        });
        return panels;
    }

    List<Query> queries() {
        List<Query> queries = new ArrayList<>();
        for (JsonNode panel : panels()) {
            for (JsonNode target : panel.path("targets")) {
                queries.add(new Query(
                        panel.get("title").textValue(),
                        target.get("refId").textValue(),
                        target.get("expr").textValue(),
                        target.get("instant").booleanValue(),
                        target.get("legendFormat").textValue()));
            }
        }
        return queries;
    }

    JsonNode variable(String name) {
        for (JsonNode variable : json.at("/templating/list")) {
            if (variable.get("name").textValue().equals(name)) {
                return variable;
            }
        }
        throw new AssertionError("no variable " + name);
    }
}
