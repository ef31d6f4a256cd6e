package dev.scientist.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.Experiment;
import dev.scientist.Scientist;
import dev.scientist.compare.Comparators;
import dev.scientist.proxy.Arguments;
import dev.scientist.replay.Codec;
import dev.scientist.replay.JacksonCodec;
import dev.scientist.replay.MismatchWriter;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.ValueSource;

class MismatchSourceTest {

    private static final String FILE = "target/mismatch-source-test.jsonl";

    record Order(int quantity, boolean express) {}

    record Price(int cents, int days) {}

    static Price legacy(Order order) {
        return new Price(order.quantity() * 3, order.express() ? 1 : 5);
    }

    /** Wrong for large orders, and slower with express ones. */
    static Price rewrite(Order order) {
        return new Price(order.quantity() >= 1000 ? 0 : order.quantity() * 3, order.express() ? 2 : 5);
    }

    static Price repaired(Order order) {
        return new Price(3 * order.quantity(), order.express() ? 1 : 5);
    }

    @BeforeEach
    void production() throws IOException {
        record(FILE, scientist -> {});
        try (Scientist scientist = Scientist.builder()
                .publisher(MismatchWriter.builder(Path.of(FILE))
                        .codec(new JacksonCodec())
                        .open())
                .build()) {
            Experiment<Price> price = scientist
                    .<Price>experiment("price")
                    .comparator(Comparators.structural())
                    .build();
            for (int i = 990; i < 1010; i++) {
                price.run(new Order(i, false), MismatchSourceTest::legacy, MismatchSourceTest::rewrite);
            }
            price.run(new Order(7, true), MismatchSourceTest::legacy, MismatchSourceTest::rewrite);
            scientist.<Integer>experiment("other").build().run(5, in -> 1, in -> 2);
            scientist.<Integer>experiment("without-input").build().run(() -> 1, () -> 2);
        }
        Files.writeString(Path.of(FILE), "{\"schema\":1,\"at", StandardOpenOption.APPEND);
    }

    static class Broken {
        @ParityTest
        @MismatchSource(value = FILE, experiment = "price")
        void prices(Parity<Order, Price> parity) {
            parity.run(MismatchSourceTest::legacy, MismatchSourceTest::rewrite);
        }
    }

    static class Repaired {
        @ParityTest
        @MismatchSource(value = FILE, experiment = "price")
        void prices(Parity<Order, Price> parity) {
            parity.run(MismatchSourceTest::legacy, MismatchSourceTest::repaired);
        }

        @ParityTest(together = true)
        @MismatchSource(value = FILE, experiment = "price", inputsPerPlace = 100)
        void together(Parity<Order, Price> parity) {
            parity.run(MismatchSourceTest::legacy, MismatchSourceTest::repaired);
        }
    }

    @Test
    void eachPlaceIsATestThatSaysHowOftenItOccurred() {
        Suite suite = Suite.run(Broken.class);

        assertThat(suite.passed()).isEmpty();
        assertThat(suite.failed())
                .containsExactly(
                        "[1] price/candidate: cents, 10 times, 7 inputs left out: Order[quantity=1000, express=false]",
                        "[2] price/candidate: cents, 10 times, 7 inputs left out: Order[quantity=1001, express=false]",
                        "[3] price/candidate: cents, 10 times, 7 inputs left out: Order[quantity=1002, express=false]",
                        "[4] price/candidate: days, 1 time: Order[quantity=7, express=true]");
        assertThat(suite.outcomes().values())
                .allSatisfy(failure -> assertThat(failure).hasMessageContaining("candidate 'candidate' mismatched"));
    }

    static class Mistyped {
        @ParityTest
        @MismatchSource(value = FILE, experiment = "prize")
        void prices(Parity<Order, Price> parity) {
            parity.run(MismatchSourceTest::legacy, MismatchSourceTest::repaired);
        }
    }

    @Test
    void anExperimentThatTheFileDoesNotKnowIsAnErrorThatNamesThoseThatItKnows() {
        assertThat(Suite.run(Mistyped.class).failure())
                .hasMessageContaining("has no mismatch of an experiment 'prize'; is the name mistyped? It has those of"
                        + " 'other', 'price', 'without-input'");
    }

    @Test
    void theRepairedCandidatePasses() {
        Suite suite = Suite.run(Repaired.class);

        assertThat(suite.failed()).isEmpty();
        assertThat(suite.passed()).hasSize(5);
    }

    /** Two bugs that both differ in the whole value: one throws, the other is wrong. */
    static String upper(String text) {
        return text.toUpperCase(java.util.Locale.ROOT);
    }

    static String wrongUpper(String text) {
        StringBuilder upper = new StringBuilder();
        text.chars().forEach(c -> upper.append((char) Character.toUpperCase(c)));
        return upper.toString();
    }

    static class OneOfTwoBugsRepaired {
        @ParityTest
        @MismatchSource(value = FILE, experiment = "upper")
        void upper(Parity<String, String> parity) {
            parity.run(MismatchSourceTest::upper, MismatchSourceTest::wrongUpper);
        }
    }

    private static void record(String file, Consumer<Scientist> runs) throws IOException {
        for (String older : List.of("", ".1", ".2", ".3", ".4")) {
            Files.deleteIfExists(Path.of(file + older));
        }
        try (Scientist scientist = Scientist.builder()
                .publisher(MismatchWriter.builder(Path.of(file))
                        .codec(new JacksonCodec())
                        .maxRecordBytes(16 * 1024)
                        .maxFileBytes(16 * 1024)
                        .maxFiles(5)
                        .open())
                .build()) {
            runs.accept(scientist);
        }
    }

    /** One input of 1,001 was replayed: that of the bug that was repaired, and the suite was green. */
    @Test
    void throwingAndBeingWrongAreTwoKinds() throws IOException {
        record(FILE, scientist -> {
            Experiment<String> upper = scientist.<String>experiment("upper").build();
            for (int i = 100; i >= 0; i--) {
                upper.run(i == 50 ? "" : "straße" + i, MismatchSourceTest::upper, text -> {
                    if (text.isEmpty()) {
                        throw new IllegalStateException("empty");
                    }
                    return wrongUpper(text);
                });
            }
        });
        Suite suite = Suite.run(OneOfTwoBugsRepaired.class);
        assertThat(suite.passed()).containsExactly("[4] upper/candidate: (threw IllegalStateException), 1 time: ");
        assertThat(suite.failed())
                .as("the smallest, and the first others")
                .hasSize(3)
                .first()
                .asString()
                .startsWith("[1] upper/candidate: (whole value), ")
                .endsWith(" inputs left out: straße9");
        assertThat(suite.reports())
                .anySatisfy(entry -> assertThat(entry.get("left out"))
                        .matches("upper/candidate: \\(whole value\\): \\d+ of \\d+ inputs"));
    }

    static class Rotated {
        @ParityTest(together = true)
        @MismatchSource(value = "/rotated.jsonl", inputsPerPlace = 10_000)
        void resource(Parity<Integer, Integer> parity) {
            parity.run(
                    number -> {
                        SEEN.add(number);
                        return number;
                    },
                    number -> number);
        }

        static final List<Integer> SEEN = new ArrayList<>();
    }

    /** Of a file on the class path the newest alone was read. */
    @Test
    void olderFilesAreReadTooWhereTheFileIsAResource() throws Exception {
        String file = Path.of(MismatchSourceTest.class.getResource("/").toURI())
                .resolve("rotated.jsonl")
                .toString();
        record(file, scientist -> {
            Experiment<Integer> numbers =
                    scientist.<Integer>experiment("numbers").build();
            for (int i = 0; i < 200; i++) {
                numbers.run(i, number -> number, number -> -1);
            }
        });
        Rotated.SEEN.clear();
        Suite.run(Rotated.class).assertAllPassed(1);
        assertThat(Rotated.SEEN).hasSize(200).doesNotHaveDuplicates();
    }

    static class Unfaithful {
        @ParityTest
        @MismatchSource(value = FILE, experiment = "quote")
        void readAsSomethingElse(Parity<Arguments, Integer> parity) {
            parity.run(
                    arguments -> ((String) arguments.get(0)).length(),
                    arguments -> ((Long) arguments.get(0)).intValue());
        }

        @ParityTest
        @MismatchSource(value = FILE, experiment = "quote")
        void readAsWhatItWas(Parity<Arguments, Integer> parity) {
            parity.run(arguments -> (int) arguments.get(1), arguments -> ((LocalDate) arguments.get(0)).getYear());
        }

        @ParityTest
        @MismatchSource(value = FILE, experiment = "quote")
        void bothThrow(Parity<Arguments, Integer> parity) {
            parity.run(
                    arguments -> ((String) arguments.get(0)).length(),
                    arguments -> ((String) arguments.get(0)).length());
        }
    }

    /** Inputs that came back as something else made both throw alike: a match. */
    @Test
    void whereTheControlDoesNotDoWhatItDidNothingIsReplayed() throws IOException {
        record(
                FILE,
                scientist -> scientist
                        .<Integer>experiment("quote")
                        .build()
                        .run(Arguments.of(LocalDate.EPOCH, 3), in -> 1, in -> 2));
        assertThat(Suite.run(Unfaithful.class, "bothThrow").failure())
                .hasMessageStartingWith("the control returned when this mismatch was recorded, but now it threw"
                        + " java.lang.ClassCastException, so the mismatch is not replayed.");
        assertThat(Suite.run(Unfaithful.class, "readAsWhatItWas").failure())
                .hasMessageContaining("control returned 3")
                .hasMessageContaining("candidate returned 1970");
        assertThat(Suite.run(Unfaithful.class, "readAsSomethingElse").failures())
                .isNotEmpty();
    }

    static class WithoutInput {
        @ParityTest
        @MismatchSource(FILE)
        void each(Parity<Integer, Integer> parity) {
            parity.run(number -> number, number -> number);
        }
    }

    @Test
    void aKindOfMismatchWithoutAnyInputIsATestThatIsSkipped() throws IOException {
        record(FILE, scientist -> {
            scientist.<Integer>experiment("with").build().run(1, in -> 1, in -> 2);
            scientist.<Integer>experiment("without").build().run(() -> 1, () -> 2);
        });
        Suite suite = Suite.run(WithoutInput.class);
        assertThat(suite.passed()).containsExactly("[1] with/candidate: (whole value), 1 time: 1");
        assertThat(suite.aborted())
                .containsExactly("[2] without/candidate: (whole value), 1 time: (recorded without its input)");
    }

    /** Baskets that are changed in place, and handed back. */
    static class InPlace {
        @ParityTest
        @MismatchSource(value = FILE, experiment = "basket")
        void changed(Parity<List<String>, List<String>> parity) {
            parity.run(
                    basket -> {
                        basket.add("old");
                        return basket;
                    },
                    basket -> {
                        basket.add("new");
                        return basket;
                    });
        }
    }

    @Test
    void eachIsHandedItsOwnInput() throws IOException {
        record(
                FILE,
                scientist -> scientist
                        .<List<String>>experiment("basket")
                        .build()
                        .run(List.of("a"), in -> List.of("old"), in -> List.of("new")));
        assertThat(Suite.run(InPlace.class).failure())
                .hasMessageContaining("control returned [a, old]")
                .hasMessageContaining("candidate returned [a, new]");
    }

    static class Wrong {
        @ParityTest
        @MismatchSource("no-such-file.jsonl")
        void noFile(Parity<Order, Price> parity) {}

        @ParityTest
        @MismatchSource(value = FILE, experiment = "without-input")
        void noInput(Parity<Order, Price> parity) {}

        @ParityTest
        @MismatchSource(value = FILE, experiment = "price")
        void anotherType(Parity<int[], Price> parity) {}

        @ParityTest
        @ValueSource(ints = 1)
        @MismatchSource(FILE)
        void twoSources(Parity<Order, Price> parity) {}

        @ParityTest
        @MismatchSource(value = FILE, experiment = "other", codec = Plain.class)
        void ownCodec(Parity<Object, String> parity) {
            parity.run(String::valueOf, String::valueOf);
        }
    }

    static final class Plain implements Codec {
        @Override
        public String encode(@Nullable Object value) {
            return String.valueOf(value);
        }

        @Override
        public Object decode(String text, Type type) {
            return "<" + text + ">";
        }
    }

    @Test
    void whatCannotBeReplayedIsAnErrorThatSaysWhatToDo() {
        assertThat(Suite.run(Wrong.class, "noFile").failure().getMessage())
                .contains(
                        "@MismatchSource(\"no-such-file.jsonl\") is neither a resource beside",
                        "nor a file: looked at");
        assertThat(Suite.run(Wrong.class, "noInput").failure().getMessage())
                .contains("has no input to replay", "give the MismatchWriter a codec");
        assertThat(Suite.run(Wrong.class, "anotherType").failure().getMessage())
                .contains("has an input of 'price' that cannot be read as int[]");
        assertThat(Suite.run(Wrong.class, "twoSources").failure().getMessage())
                .contains("has two sources of inputs: an arguments source and @MismatchSource");
    }

    @Test
    void aCodecOfOnesOwnReadsTheInputs() {
        assertThat(Suite.run(Wrong.class, "ownCodec").passed())
                .containsExactly("[1] other/candidate: (whole value), 1 time: <5>");
    }
}
