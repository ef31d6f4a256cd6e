package dev.scientist.json;

import java.util.Collection;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON (RFC 8259) without line breaks. What could end a string, a script element or a line is escaped, so that
 * the text can stand in a page and in a log. Not thread-safe.
 */
public final class JsonWriter {

    private static final HexFormat HEX = HexFormat.of();

    private final StringBuilder out = new StringBuilder();

    /** Nothing written yet. */
    public JsonWriter() {}

    /**
     * Writes an object.
     *
     * @param fields writes its fields
     * @return this
     */
    public JsonWriter object(Runnable fields) {
        separate();
        out.append('{');
        fields.run();
        out.append('}');
        return this;
    }

    /**
     * Writes an array.
     *
     * @param elements what it holds
     * @param element writes one of them
     * @param <E> the elements' type
     * @return this
     */
    public <E> JsonWriter array(Collection<E> elements, Consumer<? super E> element) {
        separate();
        out.append('[');
        elements.forEach(element);
        out.append(']');
        return this;
    }

    /**
     * Writes the name of a field, whose value is to come.
     *
     * @param name the name
     * @return this
     */
    public JsonWriter name(String name) {
        separate();
        quote(name);
        out.append(':');
        return this;
    }

    /**
     * Writes a field.
     *
     * @param name its name
     * @param text its value
     * @return this
     */
    public JsonWriter field(String name, @Nullable String text) {
        return name(name).value(text);
    }

    /**
     * Writes a string, or null.
     *
     * @param text the string
     * @return this
     */
    public JsonWriter value(@Nullable String text) {
        separate();
        if (text == null) {
            out.append("null");
        } else {
            quote(text);
        }
        return this;
    }

    /**
     * Writes a field.
     *
     * @param name its name
     * @param number its value
     * @return this
     */
    public JsonWriter field(String name, long number) {
        name(name);
        out.append(number);
        return this;
    }

    /**
     * Writes a field.
     *
     * @param name its name
     * @param flag its value
     * @return this
     */
    public JsonWriter field(String name, boolean flag) {
        name(name);
        out.append(flag);
        return this;
    }

    /**
     * Writes a field. JSON has neither NaN nor infinity: they are null.
     *
     * @param name its name
     * @param number its value
     * @return this
     */
    public JsonWriter field(String name, double number) {
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
                // not by a format, which takes a microsecond for each
                out.append("\\u").append(HEX.toHexDigits(c));
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

    /** What was written. */
    @Override
    public String toString() {
        return out.toString();
    }
}
