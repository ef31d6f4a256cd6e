package dev.scientist.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.scientist.compare.PathPattern.Sort;
import dev.scientist.compare.PathPattern.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathPatternTest {

    @Test
    void readsEverySortOfStep() {
        assertThat(PathPattern.parse("order.lines[*].parts[2][\"a.b\"]").steps())
                .containsExactly(
                        new Step(Sort.PROPERTY, "order", -1),
                        new Step(Sort.PROPERTY, "lines", -1),
                        new Step(Sort.ANY, "*", -1),
                        new Step(Sort.PROPERTY, "parts", -1),
                        new Step(Sort.INDEX, "", 2),
                        new Step(Sort.KEY, "a.b", -1));
    }

    @Test
    void readsStepsOfAnyNumber() {
        assertThat(PathPattern.parse("order.**.id").steps())
                .containsExactly(
                        new Step(Sort.PROPERTY, "order", -1),
                        new Step(Sort.DEEP, "**", -1),
                        new Step(Sort.PROPERTY, "id", -1));
        assertThat(PathPattern.parse("**[\"x\"]").steps()).hasSize(2);
    }

    @Test
    void saysWhatAPathBeginsWith() {
        String text = "order.lines[*].parts[2][\"a.b\"].**.id";

        assertThat(PathPattern.parse(text).prefix(8)).isEqualTo(text);
        assertThat(PathPattern.parse(text).prefix(3)).isEqualTo("order.lines[*]");
        assertThat(PathPattern.parse(text).prefix(0)).isEmpty();
    }

    @Test
    void readsEscapesInAKey() {
        assertThat(PathPattern.parse("[\"say \\\"]\\\" and \\\\\"]").steps())
                .containsExactly(new Step(Sort.KEY, "say \"]\" and \\", -1));
    }

    @Test
    void readsTheEmptyPathAsTheWholeValue() {
        assertThat(PathPattern.parse("").steps()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "lines[*.x     | at index 7 ('.'): expected ']'",
                "lines[        | at its end: expected '*', an index or a map key in double quotes",
                "lines[]       | at index 6 (']'): expected '*', an index or a map key in double quotes",
                "lines[x]      | at index 6 ('x'): expected '*', an index or a map key in double quotes",
                "lines[-1]     | at index 6 ('-'): expected '*', an index or a map key in double quotes",
                "lines[2147483648] | at index 6 ('2'): the index is too large",
                "lines[2       | at its end: expected ']'",
                "lines[2;      | at index 7 (';'): expected ']'",
                "lines[2.x     | at index 7 ('.'): expected ']'",
                "h[\"x\\        | at its end: after a backslash only '\"' or a backslash may stand",
                "lines[*]x     | at index 8 ('x'): expected '.' or '['",
                "lines.*.x     | at index 6 ('*'): '*' stands only in brackets: '[*]' is every element, '**' any place",
                "**            | at its end: after '**' must stand what is looked for: '**.updatedAt'",
                "x.**          | at its end: after '**' must stand what is looked for: '**.updatedAt'",
                "**x           | at index 2 ('x'): expected '.' or '['",
                "x**.y         | at index 1 ('*'): expected '.' or '['",
                ".x            | at index 0 ('.'): expected the name of a property",
                "x..y          | at index 2 ('.'): expected the name of a property",
                "x.            | at its end: expected the name of a property",
                "x-y           | at index 1 ('-'): expected '.' or '['",
                "h[\"x]        | at index 2 ('\"'): the quotes are never closed",
                "h[\"x\\n\"]   | at index 5 ('n'): after a backslash only '\"' or a backslash may stand",
            })
    void saysWhereAMalformedPathIsWrongAndWhatWasExpected(String path, String error) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> PathPattern.parse(path.strip()))
                .withMessage("path '" + path.strip().replace("\\", "\\\\") + "' is malformed " + error);
    }

    /** The message repeated what it was given: line breaks, and half of a character where one is of two halves. */
    @Test
    void saysItOnOneLineWhateverThePathIs() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> PathPattern.parse("a\n\ud83d\ude00"))
                .withMessage("path 'a\\n\ud83d\ude00' is malformed at index 1 ('\\n'): expected '.' or '['");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> PathPattern.parse("a\ud83d\ude00"))
                .withMessageContaining("at index 1 ('\ud83d\ude00')");
        assertThat(PathPattern.parse("\ud835\udcb3.y").steps()).hasSize(2);
    }

    @Test
    void refusesNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> PathPattern.parse(null))
                .withMessage("path must not be null");
    }
}
