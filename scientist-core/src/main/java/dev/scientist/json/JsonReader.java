package dev.scientist.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON (RFC 8259) from text that may come from anywhere: strictly, and with a bounded depth. Objects become maps,
 * arrays lists, numbers {@code Long} where they are whole and fit, else {@code Double}. Not thread-safe.
 */
public final class JsonReader {

    private static final int MAX_DEPTH = 64;

    private final String text;
    private int at;
    private int depth;

    private JsonReader(String text) {
        this.text = text;
    }

    /**
     * Reads one value.
     *
     * @param text the whole text
     * @return the value
     * @throws IllegalArgumentException if it is not JSON, or nested too deeply; the message says what is wrong where
     */
    public static @Nullable Object read(String text) {
        JsonReader reader = new JsonReader(text);
        Object value = reader.value();
        reader.skipSpace();
        if (reader.at < text.length()) {
            throw reader.wrong("the text goes on after its value");
        }
        return value;
    }

    private @Nullable Object value() {
        skipSpace();
        if (at == text.length()) {
            throw wrong("the text ends where a value should be");
        }
        char c = text.charAt(at);
        return switch (c) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, @Nullable Object> object() {
        enter();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        if (!closes('}')) {
            do {
                skipSpace();
                if (at == text.length() || text.charAt(at) != '"') {
                    throw wrong("a field's name is missing");
                }
                String name = string();
                expect(':');
                if (fields.containsKey(name)) {
                    throw wrong("a field is there twice");
                }
                fields.put(name, value());
            } while (goesOn('}'));
        }
        depth--;
        return fields;
    }

    private List<@Nullable Object> array() {
        enter();
        List<@Nullable Object> elements = new ArrayList<>();
        if (!closes(']')) {
            do {
                elements.add(value());
            } while (goesOn(']'));
        }
        depth--;
        return elements;
    }

    private void enter() {
        at++;
        if (++depth > MAX_DEPTH) {
            throw wrong("it is nested more than " + MAX_DEPTH + " deep");
        }
    }

    private boolean closes(char end) {
        skipSpace();
        if (at < text.length() && text.charAt(at) == end) {
            at++;
            return true;
        }
        return false;
    }

    private boolean goesOn(char end) {
        if (closes(end)) {
            return false;
        }
        expect(',');
        return true;
    }

    private void expect(char c) {
        skipSpace();
        if (at == text.length() || text.charAt(at) != c) {
            throw wrong("'" + c + "' is missing");
        }
        at++;
    }

    private @Nullable Object word(String word, @Nullable Object value) {
        if (!text.startsWith(word, at)) {
            throw wrong("there is no such word in JSON");
        }
        at += word.length();
        return value;
    }

    private String string() {
        StringBuilder out = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return out.toString();
            }
            if (c < ' ') {
                throw wrong("a control character in a string");
            }
            out.append(c == '\\' ? escape() : c);
        }
        throw wrong("a string does not end");
    }

    private char escape() {
        if (at == text.length()) {
            throw wrong("a string does not end");
        }
        char c = text.charAt(at++);
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw wrong("there is no such escape in JSON");
        };
    }

    private char unicode() {
        int code = 0;
        for (int i = 0; i < 4; i++, at++) {
            int digit = at < text.length() ? hexDigit(text.charAt(at)) : -1;
            if (digit < 0) {
                throw wrong("\\u needs four hexadecimal digits");
            }
            code = 16 * code + digit;
        }
        return (char) code;
    }

    private static int hexDigit(char c) {
        return c < 128 ? Character.digit(c, 16) : -1;
    }

    private Number number() {
        int start = at;
        boolean whole = true;
        if (text.charAt(at) == '-') {
            at++;
        }
        int first = at;
        digits();
        if (text.charAt(first) == '0' && at > first + 1) {
            throw wrong("a number begins with zero");
        }
        if (at < text.length() && text.charAt(at) == '.') {
            whole = false;
            at++;
            digits();
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            whole = false;
            at++;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            digits();
        }
        String number = text.substring(start, at);
        if (whole) {
            try {
                return Long.valueOf(number);
            } catch (NumberFormatException e) {
                // too long for a whole number of ours
            }
        }
        return Double.valueOf(number);
    }

    private void digits() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start) {
            throw wrong("this is no value");
        }
    }

    private void skipSpace() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("not JSON at character " + (at + 1) + ": " + what);
    }
}
