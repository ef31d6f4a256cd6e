package dev.scientist.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.Experiment;
import dev.scientist.Scientist;
import dev.scientist.compare.Comparators;
import dev.scientist.replay.Codec;
import dev.scientist.replay.JacksonCodec;
import dev.scientist.replay.MismatchWriter;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
        Files.deleteIfExists(Path.of(FILE));
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
                        "[1] price/candidate: cents, 10 times: Order[quantity=1000, express=false]",
                        "[2] price/candidate: days, 1 time: Order[quantity=7, express=true]");
        assertThat(suite.outcomes().values())
                .allSatisfy(failure -> assertThat(failure).hasMessageContaining("candidate 'candidate' mismatched"));
    }

    @Test
    void theRepairedCandidatePasses() {
        Suite suite = Suite.run(Repaired.class);

        assertThat(suite.failed()).isEmpty();
        assertThat(suite.passed()).hasSize(3);
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
                .contains("has an input that cannot be read as int[]");
        assertThat(Suite.run(Wrong.class, "twoSources").failure().getMessage())
                .contains("has two sources of inputs: an arguments source and @MismatchSource");
    }

    @Test
    void aCodecOfOnesOwnReadsTheInputs() {
        assertThat(Suite.run(Wrong.class, "ownCodec").passed())
                .containsExactly("[1] other/candidate: (whole value), 1 time: <5>");
    }
}
