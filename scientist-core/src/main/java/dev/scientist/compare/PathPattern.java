package dev.scientist.compare;

import dev.scientist.Rendering;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names places in an object graph: {@code order.lines[*].price}, {@code headers["x"]}, {@code matrix[2][3]},
 * {@code **.updatedAt}; empty for the whole value. Immutable.
 */
record PathPattern(String text, List<Step> steps, List<Integer> ends) {

    /** How one step of a path leads on. */
    enum Sort {
        /** A record component, a getter's property or a field. */
        PROPERTY,
        /** The element of a list or array at an index. */
        INDEX,
        /** The value of a map under a key. */
        KEY,
        /** Every element or value. */
        ANY,
        /** Any number of steps of any sort, none too. */
        DEEP
    }

    /** One step; the text is the property's name or the key, the index is that of an {@link Sort#INDEX}. */
    record Step(Sort sort, String text, int index) {}

    /** The first steps as a path of their own. */
    String prefix(int length) {
        return length == 0 ? "" : text.substring(0, ends.get(length - 1));
    }

    /** Without the {@code [*]} that it ends with: the collection whose elements it names; null if it has none. */
    @Nullable
    PathPattern collection() {
        int last = steps.size() - 1;
        return last >= 0 && steps.get(last).sort() == Sort.ANY
                ? new PathPattern(text, steps.subList(0, last), ends)
                : null;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if it is malformed; says where and what was expected
     */
    static PathPattern parse(String text) {
        return new Parser(text).parse();
    }

    private static final class Parser {

        private final String text;
        private int at;

        Parser(String text) {
            if (text == null) {
                throw new NullPointerException("path must not be null");
            }
            this.text = text;
        }

        PathPattern parse() {
            List<Step> steps = new ArrayList<>();
            List<Integer> ends = new ArrayList<>();
            while (at < text.length()) {
                if (text.charAt(at) == '[') {
                    at++;
                    steps.add(bracket());
                } else {
                    if (at > 0) {
                        expect('.', "expected '.' or '['");
                    }
                    steps.add(property());
                }
                ends.add(at);
            }
            if (!steps.isEmpty() && steps.get(steps.size() - 1).sort() == Sort.DEEP) {
                throw error("after '**' must stand what is looked for: '**.updatedAt'");
            }
            return new PathPattern(text, List.copyOf(steps), List.copyOf(ends));
        }

        private Step property() {
            int start = at;
            if (text.startsWith("**", at)) {
                at += 2;
                return new Step(Sort.DEEP, "**", -1);
            }
            while (at < text.length() && Character.isJavaIdentifierPart(text.codePointAt(at))) {
                at += Character.charCount(text.codePointAt(at));
            }
            if (at == start) {
                throw error(
                        at < text.length() && text.charAt(at) == '*'
                                ? "'*' stands only in brackets: '[*]' is every element, '**' any place"
                                : "expected the name of a property");
            }
            return new Step(Sort.PROPERTY, text.substring(start, at), -1);
        }

        private Step bracket() {
            char first = at < text.length() ? text.charAt(at) : 0;
            Step step;
            if (first == '*') {
                at++;
                step = new Step(Sort.ANY, "*", -1);
            } else if (first == '"') {
                step = new Step(Sort.KEY, key(), -1);
            } else if (first >= '0' && first <= '9') {
                step = new Step(Sort.INDEX, "", index());
            } else {
                throw error("expected '*', an index or a map key in double quotes");
            }
            expect(']', "expected ']'");
            return step;
        }

        private int index() {
            int start = at;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                at++;
            }
            try {
                return Integer.parseInt(text.substring(start, at));
            } catch (NumberFormatException e) {
                at = start;
                throw error("the index is too large");
            }
        }

        private String key() {
            int start = at++;
            StringBuilder key = new StringBuilder();
            while (at < text.length() && text.charAt(at) != '"') {
                if (text.charAt(at) == '\\') {
                    at++;
                    if (at == text.length() || (text.charAt(at) != '"' && text.charAt(at) != '\\')) {
                        throw error("after a backslash only '\"' or a backslash may stand");
                    }
                }
                key.append(text.charAt(at++));
            }
            if (at == text.length()) {
                at = start;
                throw error("the quotes are never closed");
            }
            at++;
            return key.toString();
        }

        private void expect(char wanted, String otherwise) {
            if (at == text.length() || text.charAt(at) != wanted) {
                throw error(otherwise);
            }
            at++;
        }

        private IllegalArgumentException error(String what) {
            String where = at < text.length()
                    ? "at index " + at + " ('" + Rendering.escaped(Character.toString(text.codePointAt(at))) + "')"
                    : "at its end";
            return new IllegalArgumentException(
                    "path '" + Rendering.escaped(text) + "' is malformed " + where + ": " + what);
        }
    }
}
