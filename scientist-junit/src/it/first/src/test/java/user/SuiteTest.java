package user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.Experiment;
import dev.scientist.Scientist;
import dev.scientist.junit.ExpectMismatch;
import dev.scientist.junit.MismatchSource;
import dev.scientist.junit.Parity;
import dev.scientist.junit.ParityTest;
import dev.scientist.junit.ResultAssert;
import dev.scientist.junit.WithScientist;
import dev.scientist.publish.RecordingPublisher;
import dev.scientist.replay.JacksonCodec;
import dev.scientist.replay.MismatchWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What users do with the module. Expected mismatches show that it sees them: without any the test fails. */
@WithScientist
class SuiteTest {

    record Ask(String sku, LocalDate day) {}

    /** The application's own. */
    private static final Scientist APPLICATION =
            Scientist.builder().publisher(result -> {}).build();

    private static final Experiment<Integer> PRICE =
            APPLICATION.<Integer>experiment("price").build();

    @BeforeAll
    static void record() throws IOException {
        Path file = Path.of("target/mismatches.jsonl");
        Files.deleteIfExists(file);
        try (Scientist scientist = Scientist.builder()
                .publisher(MismatchWriter.builder(file).codec(new JacksonCodec()).open())
                .build()) {
            scientist
                    .<Integer>experiment("ask")
                    .build()
                    .run(new Ask("pen", LocalDate.of(2024, 2, 29)), ask -> 1, ask -> 2);
        }
    }

    @Test
    @ExpectMismatch("own")
    void sees(Scientist scientist, RecordingPublisher results) {
        scientist.<Integer>experiment("own").build().run(() -> 1, () -> 2);
        ResultAssert.assertThat(results.results().get(0)).mismatched().controlReturned(1);
    }

    @Test
    @ExpectMismatch("price")
    void seesTheApplication() {
        assertThat(PRICE.run(() -> 1, () -> 2)).isEqualTo(1);
    }

    @ParityTest
    @ValueSource(ints = {1, 2})
    void values(Parity<Integer, Integer> parity) {
        parity.using(PRICE).run(Math::abs, number -> number);
    }

    @ParityTest
    @CsvSource({"1,2", "3,4"})
    void csv(Parity<Object, Object> parity) {
        parity.run(pair -> pair, pair -> pair);
    }

    @ParityTest
    @EnumSource(TimeUnit.class)
    void enums(Parity<TimeUnit, Long> parity) {
        parity.run(unit -> unit.toNanos(1), unit -> TimeUnit.NANOSECONDS.convert(1, unit));
    }

    @ParityTest(inputs = "numbers", together = true)
    void numbers(Parity<Integer, Integer> parity) {
        parity.run(Math::abs, number -> number < 0 ? -number : number);
    }

    static IntStream numbers(RandomGenerator random) {
        return random.ints(100);
    }

    @ParityTest
    @MismatchSource("target/mismatches.jsonl")
    void replay(Parity<Ask, Integer> parity) {
        parity.run(ask -> ask.day().getYear(), ask -> ask.day().get(java.time.temporal.ChronoField.YEAR));
    }
}
