package dev.scientist.micrometer;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;

/** Makes the dashboard from {@code src/main/grafana/dashboard.yml}, which says what its parts mean. */
final class DashboardSource {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** What panels say of themselves here, and Grafana is told in other words. */
    private static final List<String> OURS = List.of("at", "queries", "tolerance");

    private final JsonNode source;

    private DashboardSource(JsonNode source) {
        this.source = source;
    }

    static ObjectNode made() throws IOException {
        return new DashboardSource(new YAMLMapper()
                        .readTree(TestFiles.module()
                                .resolve("src/main/grafana/dashboard.yml")
                                .toFile()))
                .dashboard();
    }

    /** As it is kept. */
    static String text(JsonNode dashboard) throws IOException {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        printer.indentObjectsWith(indenter);
        printer.indentArraysWith(indenter);
        return JSON.writer(printer).writeValueAsString(dashboard) + "\n";
    }

    private ObjectNode dashboard() {
        ObjectNode dashboard = source.get("dashboard").deepCopy();
        ArrayNode annotations = dashboard.putObject("annotations").putArray("list");
        source.get("annotations").forEach(each -> annotations.add(annotation(each)));
        ArrayNode variables = dashboard.putObject("templating").putArray("list");
        variables.add(object("type", "datasource", "name", "datasource", "label", "Data source", "query", "prometheus")
                .put("multi", false)
                .put("includeAll", false)
                .put("refresh", 1)
                .set("options", JSON.createArrayNode()));
        StringBuilder narrowed = new StringBuilder();
        source.get("variables").forEach(each -> {
            variables.add(variable(each, narrowed.isEmpty() ? "" : "{" + narrowed + "}"));
            String name = each.get("name").textValue();
            narrowed.append(narrowed.isEmpty() ? "" : ", ")
                    .append(name)
                    .append("=~\"$")
                    .append(name)
                    .append('"');
        });
        variables.add(window(source.get("window")));
        ArrayNode panels = dashboard.putArray("panels");
        for (JsonNode row : source.get("rows")) {
            panels.add(row(row));
            row.get("panels").forEach(panel -> panels.add(panel(panel)));
        }
        return dashboard;
    }

    private ObjectNode annotation(JsonNode each) {
        ObjectNode made = object(
                "name", text(each, "name"),
                "iconColor", text(each, "color"),
                "expr", query(text(each, "expr")),
                "step", "60s",
                "titleFormat", text(each, "title"),
                "textFormat", "{{job}} {{namespace}} {{cluster}}");
        made.put("enable", true).set("datasource", prometheus());
        return made;
    }

    private static ObjectNode variable(JsonNode each, String narrowed) {
        String query = "label_values(" + text(each, "of") + narrowed + ", " + text(each, "name") + ")";
        ObjectNode made = object(
                "type",
                "query",
                "name",
                text(each, "name"),
                "label",
                text(each, "label"),
                "query",
                query,
                "definition",
                query);
        made.set("datasource", prometheus());
        made.put("refresh", 2).put("sort", 1).put("multi", true).put("includeAll", true);
        ObjectNode current = made.putObject("current").put("selected", true);
        current.putArray("text").add("All");
        current.putArray("value").add("$__all");
        made.putArray("options");
        if (each.has("whole")) {
            made.put("allValue", text(each, "whole"));
        }
        return made;
    }

    private static ObjectNode window(JsonNode each) {
        String usual = text(each, "usual");
        ObjectNode made = object(
                "type",
                "interval",
                "name",
                "window",
                "label",
                text(each, "label"),
                "description",
                text(each, "description"));
        made.put("auto", false).put("refresh", 2);
        made.set("current", object("text", usual, "value", usual).put("selected", true));
        ArrayNode options = made.putArray("options");
        StringBuilder all = new StringBuilder();
        for (JsonNode option : each.get("of")) {
            String text = option.textValue();
            all.append(all.isEmpty() ? "" : ",").append(text);
            options.add(object("text", text, "value", text).put("selected", text.equals(usual)));
        }
        return made.put("query", all.toString());
    }

    private static ObjectNode row(JsonNode each) {
        ObjectNode made = object("type", "row", "title", text(each, "row"));
        made.put("id", each.get("id").intValue()).put("collapsed", false);
        made.putArray("panels");
        made.putObject("gridPos")
                .put("x", 0)
                .put("y", each.get("y").intValue())
                .put("w", 24)
                .put("h", 1);
        return made;
    }

    private ObjectNode panel(JsonNode each) {
        ObjectNode made = JSON.createObjectNode();
        merge(made, source.at("/types/" + text(each, "type")));
        ObjectNode own = each.deepCopy();
        own.remove(OURS);
        merge(made, own);
        JsonNode at = each.get("at");
        made.putObject("gridPos")
                .put("x", at.get(0).intValue())
                .put("y", at.get(1).intValue())
                .put("w", at.get(2).intValue())
                .put("h", at.get(3).intValue());
        if (each.has("queries")) {
            made.set("datasource", prometheus());
            ArrayNode targets = made.putArray("targets");
            each.get("queries").forEach(query -> targets.add(target(query)));
        }
        if (each.has("tolerance")) {
            addLine(
                    (ObjectNode) made.at("/fieldConfig/defaults"),
                    each.get("tolerance").doubleValue());
        }
        return made;
    }

    private static void addLine(ObjectNode defaults, double at) {
        ArrayNode steps =
                defaults.putObject("thresholds").put("mode", "absolute").putArray("steps");
        steps.addObject().put("color", "transparent").putNull("value");
        steps.addObject().put("color", "red").put("value", at);
        ((ObjectNode) defaults.get("custom")).putObject("thresholdsStyle").put("mode", "dashed");
    }

    private ObjectNode target(JsonNode query) {
        boolean instant = query.get("instant").booleanValue();
        ObjectNode made = object(
                "refId",
                text(query, "ref"),
                "editorMode",
                "code",
                "expr",
                query(text(query, "expr")),
                "legendFormat",
                text(query, "legend") + " {{job}} {{namespace}} {{cluster}}");
        made.put("instant", instant).put("range", !instant).set("datasource", prometheus());
        return made;
    }

    private String query(String expression) {
        return expression
                .replaceAll("\\bWHERE\\b", Matcher.quoteReplacement(text(source, "WHERE")))
                .replaceAll("\\bBY\\b", text(source, "BY"))
                .strip();
    }

    private static ObjectNode prometheus() {
        return object("type", "prometheus", "uid", "${datasource}");
    }

    private static ObjectNode object(String... namesAndTexts) {
        ObjectNode object = JSON.createObjectNode();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            object.put(namesAndTexts[i], namesAndTexts[i + 1]);
        }
        return object;
    }

    private static String text(JsonNode node, String field) {
        return node.get(field).asText();
    }

    /** Objects are merged, all else is replaced. */
    private static void merge(ObjectNode into, JsonNode from) {
        for (Map.Entry<String, JsonNode> field : from.properties()) {
            JsonNode known = into.get(field.getKey());
            if (known instanceof ObjectNode object && field.getValue().isObject()) {
                merge(object, field.getValue());
            } else {
                into.set(field.getKey(), field.getValue().deepCopy());
            }
        }
    }
}
