package dev.scientist.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {

    private static final long SEED = Long.getLong("scientist.seed", 11);

    @Test
    void itReadsEveryKindOfValue() {
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("a", Arrays.asList(1L, -2.5, 1e3, true, false, null));
        expected.put("", Map.of());
        expected.put("text", "\"\\/\b\f\n\r\tä€😀");
        assertThat(JsonReader.read("""
                 { "a" : [1, -2.5, 1e3, true, false, null],
                   "" : {}, "text":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4€\\uD83D\\ude00" }""")).isEqualTo(expected);
        assertThat(JsonReader.read("9223372036854775807")).isEqualTo(Long.MAX_VALUE);
        assertThat(JsonReader.read("9223372036854775808")).isEqualTo(9223372036854775808.0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1,]",
                "{\"a\"}",
                "{\"a\":1,}",
                "{a:1}",
                "tru",
                "nul",
                "01",
                "1.",
                ".5",
                "-",
                "+1",
                "1e",
                "\"",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"a\nb\"",
                "1 2",
                "{} x",
                "NaN",
                "{\"a\":1,\"a\":2}",
                "'a'",
                "-",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"\\u12",
                "\"\\u\uff11\uff11\uff11\uff11\"",
                "[1 2]"
            })
    void whatIsNoJsonIsAnErrorThatSaysWhere(String text) {
        assertThatThrownBy(() -> JsonReader.read(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("not JSON at character \\d+: .+");
    }

    @Test
    void depthIsBounded() {
        assertThat(JsonReader.read("[".repeat(64) + "]".repeat(64))).isInstanceOf(List.class);
        assertThatThrownBy(() -> JsonReader.read("[".repeat(1_000_000)))
                .hasMessageContaining("nested more than 64 deep");
    }

    @Test
    void manyBesideEachOtherAreNotDeep() {
        assertThat((List<?>)
                        JsonReader.read("[" + "[[]],".repeat(200) + "{\"a\":{}}" + ",{\"b\":[]}".repeat(200) + "]"))
                .hasSize(401);
    }

    @Test
    void spaceMayStandAroundEverything() {
        assertThat(JsonReader.read(" \t\r\n{ \"a\" : [ 1 , 2 ] , \"b\" : null } \n"))
                .isEqualTo(JsonReader.read("{\"a\":[1,2],\"b\":null}"));
    }

    @Test
    void aWriterIsGoneOnWith() {
        assertThat(new JsonWriter()
                        .object(() -> {})
                        .array(List.of(1, 2), number -> {})
                        .object(() -> {})
                        .toString())
                .isEqualTo("{},[],{}");
        JsonWriter json = new JsonWriter();
        json.object(() -> json.field("a", true)
                .field("b", 1.5)
                .field("c", "d")
                .field("e", 2L)
                .field("f", Double.NaN));
        assertThat(json.toString()).isEqualTo("{\"a\":true,\"b\":1.5,\"c\":\"d\",\"e\":2,\"f\":null}");
    }

    /** Text in which half of a pair stands alone could not be encoded. */
    @Test
    void onlyWholePairsAreWrittenAsTheyAre() {
        assertThat(quoted("\ud83d\ude00")).isEqualTo("\"\ud83d\ude00\"");
        assertThat(quoted("\ud83d")).isEqualTo("\"\\ud83d\"");
        assertThat(quoted("\ude00")).isEqualTo("\"\\ude00\"");
        assertThat(quoted("\ude00\ud83d")).isEqualTo("\"\\ude00\\ud83d\"");
        assertThat(quoted("\ud83da")).isEqualTo("\"\\ud83da\"");
        assertThat(quoted("a\ude00")).isEqualTo("\"a\\ude00\"");
    }

    private static String quoted(String text) {
        JsonWriter json = new JsonWriter();
        json.value(text);
        return json.toString();
    }

    @Test
    void itReadsWhatTheWriterWrites() {
        Random random = new Random(SEED);
        for (int i = 0; i < 5_000; i++) {
            Map<String, Object> fields = new LinkedHashMap<>();
            for (int f = random.nextInt(4); f >= 0; f--) {
                fields.put(text(random), random.nextBoolean() ? text(random) : random.nextLong());
            }
            List<String> array = new ArrayList<>(List.of(text(random), text(random)));
            JsonWriter json = new JsonWriter();
            json.object(() -> {
                fields.forEach((name, value) -> {
                    if (value instanceof String text) {
                        json.field(name, text);
                    } else {
                        json.field(name, (Long) value);
                    }
                });
                json.name("the array").array(array, json::value);
            });
            Map<String, Object> expected = new LinkedHashMap<>(fields);
            expected.put("the array", array);

            assertThat(json.toString()).as("seed %d, case %d", SEED, i).doesNotContain("\n", "\r", "<");
            assertThat(JsonReader.read(json.toString()))
                    .as("seed %d, case %d", SEED, i)
                    .isEqualTo(expected);
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(6); n > 0; n--) {
            text.append((char) (random.nextBoolean() ? random.nextInt(128) : random.nextInt(0x10000)));
        }
        return text.toString();
    }

    /** Whatever comes, it is a value or the one documented exception. */
    @Test
    void damagedTextIsNeverAnotherError() {
        String whole = "{\"schema\":1,\"a\":[1.5e-3,\"\\u20ac\\n\",null,true,{\"b\":-0}],\"c\":\"x\"}";
        Random random = new Random(SEED);
        int read = 0;
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder(whole);
            for (int n = random.nextInt(3); n >= 0; n--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, (char) random.nextInt(128));
                    case 1 -> text.deleteCharAt(at);
                    default -> text.insert(at, whole.charAt(random.nextInt(whole.length())));
                }
            }
            try {
                JsonReader.read(text.toString());
                read++;
            } catch (IllegalArgumentException e) {
                assertThat(e).as("seed %d, case %d: %s", SEED, i, text).hasMessageStartingWith("not JSON");
            }
        }
        assertThat(read).isBetween(1_000, 199_000);
    }
}
