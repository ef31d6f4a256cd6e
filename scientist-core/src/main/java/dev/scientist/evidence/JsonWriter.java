package dev.scientist.evidence;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON (RFC 8259) without line breaks. What could end a string, a script element or a line is escaped, so that
 * the text can stand in a page and in a log. Not thread-safe.
 */
final class JsonWriter {

    private final StringBuilder out = new StringBuilder();

    JsonWriter object(Runnable fields) {
        separate();
        out.append('{');
        fields.run();
        out.append('}');
        return this;
    }

    <E> JsonWriter array(List<E> elements, Consumer<? super E> element) {
        separate();
        out.append('[');
        elements.forEach(element);
        out.append(']');
        return this;
    }

    JsonWriter name(String name) {
        separate();
        quote(name);
        out.append(':');
        return this;
    }

    JsonWriter field(String name, @Nullable String text) {
        name(name);
        if (text == null) {
            out.append("null");
        } else {
            quote(text);
        }
        return this;
    }

    JsonWriter field(String name, long number) {
        name(name);
        out.append(number);
        return this;
    }

    JsonWriter field(String name, boolean flag) {
        name(name);
        out.append(flag);
        return this;
    }

    /** JSON has neither NaN nor infinity: they are null. */
    JsonWriter field(String name, double number) {
        name(name);
        if (Double.isFinite(number)) {
            out.append(number);
        } else {
            out.append("null");
        }
        return this;
    }

    /** A comma, unless what comes is the first of its kind or belongs to a name. */
    private void separate() {
        if (!out.isEmpty() && "{[:".indexOf(out.charAt(out.length() - 1)) < 0) {
            out.append(',');
        }
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (isSafe(c) || isPair(text, i)) {
                out.append(c);
            } else {
                out.append(String.format("\\u%04x", (int) c));
            }
        }
        out.append('"');
    }

    private static boolean isSafe(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> c != '<' && c != '>' && c != '&';
        };
    }

    /** A half of a surrogate pair alone cannot be encoded. */
    private static boolean isPair(String text, int i) {
        char c = text.charAt(i);
        return Character.isHighSurrogate(c)
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : Character.isLowSurrogate(c) && i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
