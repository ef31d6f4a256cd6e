package dev.scientist.evidence;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads JSON, strictly (RFC 8259), so that tests depend on no library for it. */
final class Json {

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /** Maps, lists, strings, doubles, booleans and null. */
    static @Nullable Object parse(String text) {
        Json json = new Json(text);
        Object value = json.value();
        if (json.at != text.length()) {
            throw json.error("the end");
        }
        return value;
    }

    private @Nullable Object value() {
        char c = text.charAt(at);
        if (c == '{') {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            for (char next = open('}'); next != '}'; next = separator('}')) {
                String name = string();
                expect(':');
                if (object.containsKey(name)) {
                    throw error("no second '" + name + "'");
                }
                object.put(name, value());
            }
            return object;
        }
        if (c == '[') {
            List<@Nullable Object> array = new ArrayList<>();
            for (char next = open(']'); next != ']'; next = separator(']')) {
                array.add(value());
            }
            return array;
        }
        if (c == '"') {
            return string();
        }
        int from = at;
        while (at < text.length() && ",]}".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(from, at);
        return switch (word) {
            case "null" -> null;
            case "true" -> true;
            case "false" -> false;
            default -> {
                if (!word.matches("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?")) {
                    throw error("a number instead of " + word);
                }
                yield Double.parseDouble(word);
            }
        };
    }

    private char open(char close) {
        at++;
        if (text.charAt(at) == close) {
            at++;
            return close;
        }
        return ',';
    }

    private char separator(char close) {
        char c = text.charAt(at++);
        if (c != ',' && c != close) {
            throw error("a comma");
        }
        return c;
    }

    private void expect(char c) {
        if (text.charAt(at++) != c) {
            throw error("'" + c + "'");
        }
    }

    private String string() {
        expect('"');
        StringBuilder out = new StringBuilder();
        for (char c = text.charAt(at++); c != '"'; c = text.charAt(at++)) {
            if (c < ' ') {
                throw error("no control character");
            }
            if (c != '\\') {
                out.append(c);
                continue;
            }
            char escaped = text.charAt(at++);
            if (escaped == 'u') {
                out.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
                at += 4;
            } else if (escaped == '"' || escaped == '\\') {
                out.append(escaped);
            } else {
                throw error("an escape that is used here");
            }
        }
        return out.toString();
    }

    private AssertionError error(String expected) {
        return new AssertionError(expected + " expected before " + at + " of " + text);
    }
}
