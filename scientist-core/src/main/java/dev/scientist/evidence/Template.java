package dev.scientist.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * HTML with places for values, in the notation of Mustache: {@code {{name}}} for a value as text, {@code
 * {{#name}}..{{/name}}} for what is there once for each element of a list, or if a value is there and true, {@code
 * {{^name}}..{{/name}}} for the opposite, and {@code {{>file}}} for another template. Every value is escaped: there is no
 * way to write one that is not. A value may stand in text or in a quoted attribute; elsewhere it is an error when the
 * template is read. Immutable and thread-safe.
 */
final class Template {

    private static final Pattern TAG = Pattern.compile("\\{\\{([#^/>]?)([A-Za-z.\\-]+)}}");

    /** Text as it is, a value, or a section of other parts. */
    private sealed interface Part {}

    private record Text(String text) implements Part {}

    private record Value(String name) implements Part {}

    private record Section(String name, boolean ifAbsent, List<Part> parts) implements Part {}

    private final List<Part> parts;

    private Template(List<Part> parts) {
        this.parts = parts;
    }

    /** Reads a template that stands beside this class. */
    static Template of(String file) {
        Reader reader = new Reader(file);
        List<Part> parts = reader.parts(null);
        return new Template(parts);
    }

    static String resource(String file) {
        try (InputStream in = Template.class.getResourceAsStream(file)) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Values by name: names and values by turns. */
    static Map<String, @Nullable Object> model(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> model = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            model.put((String) Objects.requireNonNull(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return model;
    }

    String render(Map<String, @Nullable Object> model) {
        StringBuilder out = new StringBuilder();
        render(parts, List.of(model), out);
        return out.toString();
    }

    private static void render(List<Part> parts, List<Map<?, ?>> models, StringBuilder out) {
        for (Part part : parts) {
            if (part instanceof Text text) {
                out.append(text.text());
            } else if (part instanceof Value value) {
                escape(
                        Objects.requireNonNull(find(value.name(), models), value.name())
                                .toString(),
                        out);
            } else if (part instanceof Section section) {
                render(section, find(section.name(), models), models, out);
            }
        }
    }

    private static void render(Section section, @Nullable Object value, List<Map<?, ?>> models, StringBuilder out) {
        boolean isAbsent = value == null || value.equals(false) || value.equals("") || value.equals(List.of());
        if (section.ifAbsent() != isAbsent) {
            return;
        }
        List<?> elements = value instanceof List<?> list && !isAbsent ? list : List.of(value == null ? "" : value);
        for (Object element : elements) {
            List<Map<?, ?>> inner = new ArrayList<>(models);
            inner.add(element instanceof Map<?, ?> model ? model : Map.of("it", element));
            render(section.parts(), inner, out);
        }
    }

    /** The innermost value of a name. */
    private static @Nullable Object find(String name, List<Map<?, ?>> models) {
        for (int i = models.size() - 1; i >= 0; i--) {
            if (models.get(i).containsKey(name)) {
                return models.get(i).get(name);
            }
        }
        throw new IllegalArgumentException("the template has no value for {{" + name + "}}");
    }

    private static void escape(String text, StringBuilder out) {
        String line = Words.onOneLine(text);
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
    }

    /** Reads one file. */
    private static final class Reader {
        private final String file;
        private final String source;
        private final Matcher matcher;
        private int at;
        private boolean inTag;
        private boolean inQuotes;

        Reader(String file) {
            this.file = file;
            source = resource(file);
            matcher = TAG.matcher(source);
        }

        /** Reads on to the end of a section, or of the file. */
        List<Part> parts(@Nullable String section) {
            List<Part> parts = new ArrayList<>();
            while (matcher.find(at)) {
                String text = source.substring(at, matcher.start());
                follow(text);
                parts.add(new Text(text));
                at = matcher.end();
                String kind = matcher.group(1);
                String name = matcher.group(2);
                switch (kind) {
                    case "#", "^" -> parts.add(new Section(name, kind.equals("^"), parts(name)));
                    case ">" -> parts.addAll(Template.of(name).parts);
                    case "/" -> {
                        check(name.equals(section), name + " is ended, but not begun");
                        return List.copyOf(parts);
                    }
                    default -> {
                        check(!inTag || inQuotes, name + " stands in a tag, and not in quotes");
                        parts.add(new Value(name));
                    }
                }
            }
            check(section == null, section + " is not ended");
            parts.add(new Text(source.substring(at)));
            return List.copyOf(parts);
        }

        private void follow(String text) {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '"') {
                    inQuotes = inTag && !inQuotes;
                } else if (!inQuotes && (c == '<' || c == '>')) {
                    inTag = c == '<';
                }
            }
        }

        private void check(boolean holds, String what) {
            if (!holds) {
                throw new IllegalArgumentException("template " + file + ": " + what);
            }
        }
    }
}
