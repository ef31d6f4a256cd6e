package dev.scientist.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.scientist.ChildJvm;
import dev.scientist.Difference;
import dev.scientist.Experiment;
import dev.scientist.LogLines;
import dev.scientist.Operation;
import dev.scientist.Rendering;
import dev.scientist.Scientist;
import dev.scientist.compare.Comparators;
import dev.scientist.replay.MismatchReader.Recording;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class MismatchesTest {

    private static final long SEED = Long.getLong("scientist.seed", 5);
    private static final Instant NOW = Instant.parse("2024-03-01T12:00:00.123Z");

    record Order(String customer, int quantity) {}

    record Price(int cents, String currency) {}

    @TempDir
    private Path folder;

    private final List<String> failures = new ArrayList<>();
    private Scientist scientist = Scientist.builder().build();

    @AfterEach
    void close() {
        scientist.close();
    }

    private Path file() {
        return folder.resolve("mismatches.jsonl");
    }

    private Experiment.Builder<Price> price(UnaryOperator<MismatchWriter.Builder> settings) throws IOException {
        scientist.close();
        scientist = Scientist.builder()
                .publisher(settings.apply(MismatchWriter.builder(file()).clock(() -> NOW))
                        .open())
                .failureHandler(
                        (experiment, operation, failure) -> failures.add(operation + ": " + failure.getMessage()))
                .build();
        return scientist.<Price>experiment("price").comparator(Comparators.structural());
    }

    private static void mismatch(Experiment<Price> price, Order order) {
        price.run(order, in -> new Price(in.quantity(), "EUR"), in -> new Price(in.quantity() + 1, "EUR"));
    }

    private Recording read() throws IOException {
        return MismatchReader.read(file());
    }

    @Test
    void aMismatchIsWrittenWithItsInputAndValuesAndReadBack() throws Exception {
        Experiment<Price> price = price(settings -> settings.codec(new JacksonCodec()))
                .context("tenant", 7)
                .build();
        mismatch(price, new Order("Zoë", 3));
        price.run(new Order("same", 1), in -> new Price(1, "EUR"), in -> new Price(1, "EUR"));
        scientist.close();

        assertThat(read().notes()).isEmpty();
        assertThat(read().mismatches())
                .containsExactly(new RecordedMismatch(
                        NOW,
                        "price",
                        "candidate",
                        "cents",
                        "{\"customer\":\"Zoë\",\"quantity\":3}",
                        "returned dev.scientist.replay.MismatchesTest$Price",
                        "returned dev.scientist.replay.MismatchesTest$Price",
                        null,
                        "{\"cents\":3,\"currency\":\"EUR\"}",
                        "{\"cents\":4,\"currency\":\"EUR\"}",
                        List.of("cents"),
                        Map.of("tenant", "java.lang.Integer"),
                        List.of()));
        String input = read().mismatches().get(0).input();
        assertThat(new JacksonCodec().decode(String.valueOf(input), Order.class))
                .isEqualTo(new Order("Zoë", 3));
    }

    @Test
    void eachRecordIsOneLineOfJsonThatNamesItsSchema() throws Exception {
        Experiment<Price> price = price(settings ->
                        settings.codec(Codec.of(String::valueOf, text -> text)).rendering(Rendering.showingValues()))
                .context("note", "line one\nline two\u2028\"{<>")
                .build();
        mismatch(price, new Order("a\r\nb", 1));
        mismatch(price, new Order("c", 2));

        List<String> lines = Files.readAllLines(file());
        assertThat(lines)
                .hasSize(2)
                .allSatisfy(line -> assertThat(
                                new ObjectMapper().readTree(line).get("schema").asInt())
                        .isEqualTo(1));
        assertThat(read().mismatches().get(0).input()).isEqualTo("Order[customer=a\r\nb, quantity=1]");
    }

    @Test
    void withoutACodecNothingPrivateIsWritten() throws Exception {
        Experiment<Price> price =
                price(settings -> settings).context("user", "secret-user").build();
        mismatch(price, new Order("secret-customer", 12345));
        price.run(new Order("x", 1), in -> new Price(1, "EUR"), in -> {
            throw new IllegalStateException("secret-message");
        });

        assertThat(Files.readString(file())).doesNotContain("secret", "12345");
        assertThat(read().mismatches().get(0).thrown()).isNull();
        assertThat(read().mismatches().get(1).thrown())
                .as("frames are not private")
                .startsWith("java.lang.IllegalStateException at dev.scientist.replay.MismatchesTest.");
        assertThat(read().mismatches())
                .hasSize(2)
                .allSatisfy(recorded -> assertThat(recorded.input()).isNull());
        assertThat(read().mismatches().get(1).candidateOutcome()).isEqualTo("threw java.lang.IllegalStateException");
    }

    @Test
    void valuesAreCleanedInputsAndContextRedacted() throws Exception {
        Experiment<Price> price = price(settings -> settings.codec(new JacksonCodec())
                        .redact("token")
                        .redactInput(input -> new Order("redacted", ((Order) input).quantity())))
                .clean(value -> value.cents())
                .context("token", "secret")
                .build();
        mismatch(price, new Order("secret", 3));

        assertThat(Files.readString(file())).doesNotContain("secret");
        RecordedMismatch recorded = read().mismatches().get(0);
        assertThat(recorded.input()).isEqualTo("{\"customer\":\"redacted\",\"quantity\":3}");
        assertThat(recorded.controlValue()).isEqualTo("3");
        assertThat(recorded.context()).isEmpty();
        assertThat(recorded.withheld()).containsExactly("context token: redacted");
    }

    @Test
    void whatIsTooLongIsWithheldAndTheRestWritten() throws Exception {
        Experiment<Price> price = price(
                        settings -> settings.codec(new JacksonCodec()).maxRecordBytes(16 * 1024))
                .build();
        mismatch(price, new Order("x".repeat(10_000_000), 1));
        mismatch(price, new Order("y", 2));

        assertThat(Files.size(file())).isLessThan(16 * 1024);
        List<RecordedMismatch> recorded = read().mismatches();
        assertThat(recorded.get(0).input()).isNull();
        assertThat(recorded.get(0).withheld())
                .containsExactly("input: more than 16384 characters, the most that a record may have");
        assertThat(recorded.get(1).input()).contains("\"y\"");
    }

    @Test
    void aCodecThatFailsIsReportedAndTheRecordWrittenWithout() throws Exception {
        Experiment<Price> price = price(settings -> settings.codec(Codec.of(
                        value -> {
                            throw new IllegalStateException("cannot");
                        },
                        text -> text)))
                .build();
        mismatch(price, new Order("a", 1));
        mismatch(price, new Order("b", 1));

        assertThat(failures)
                .containsExactly(
                        "PUBLISH: input of type dev.scientist.replay.MismatchesTest$Order is not in the file of mismatches,"
                                + " since the codec cannot write it: java.lang.IllegalStateException. Said once for each"
                                + " type.",
                        "PUBLISH: control value of type dev.scientist.replay.MismatchesTest$Price is not in the file of"
                                + " mismatches, since the codec cannot write it: java.lang.IllegalStateException. Said"
                                + " once for each type.");
        assertThat(read().mismatches().get(0).withheld())
                .containsExactly(
                        "input: the codec failed with java.lang.IllegalStateException",
                        "control value: the codec failed with java.lang.IllegalStateException",
                        "candidate value: the codec failed with java.lang.IllegalStateException");
    }

    @Test
    void whatToDoAboutATypeThatCannotBeWrittenIsInTheLog() throws Exception {
        try (LogLines log = new LogLines("dev.scientist.failures");
                Scientist logging = Scientist.builder()
                        .publisher(MismatchWriter.builder(folder.resolve("closed.jsonl"))
                                .codec(new JacksonCodec())
                                .open())
                        .build()) {
            logging.<Integer>experiment("price").build().run(new JacksonCodecTest.Closed(), in -> 1, in -> 2);

            assertThat(log.lines()).singleElement().asString().contains("Closed", "Give the JacksonCodec a mapper");
        }
    }

    @Test
    void filesRotateAndTheOldestGo() throws Exception {
        Experiment<Price> price = price(settings -> settings.codec(new JacksonCodec())
                        .maxRecordBytes(16 * 1024)
                        .maxFileBytes(20 * 1024)
                        .maxFiles(3))
                .build();
        for (int i = 0; i < 500; i++) {
            mismatch(price, new Order("customer", i));
        }

        try (var files = Files.list(folder)) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "mismatches.jsonl", "mismatches.jsonl.1", "mismatches.jsonl.2", "mismatches.jsonl.lock");
        }
        try (var files = Files.list(folder)) {
            assertThat(files.filter(each -> !each.toString().endsWith(".lock")))
                    .allSatisfy(each -> assertThat(Files.size(each)).isBetween(1L, 20 * 1024L));
        }
        List<String> inputs =
                read().mismatches().stream().map(RecordedMismatch::input).toList();
        assertThat(inputs).hasSizeBetween(80, 400);
        // the newest, in order, with none left out
        assertThat(inputs)
                .containsExactlyElementsOf(IntStream.range(500 - inputs.size(), 500)
                        .mapToObj(i -> "{\"customer\":\"customer\",\"quantity\":" + i + "}")
                        .toList());
        assertThat(failures).isEmpty();
    }

    @Test
    void aTornLastLineIsSkippedWithANoteAndCutOffByTheNextWriter() throws Exception {
        mismatch(price(settings -> settings.codec(new JacksonCodec())).build(), new Order("a", 1));
        scientist.close();
        Files.writeString(file(), "{\"schema\":1,\"at\":\"2024", StandardOpenOption.APPEND);

        assertThat(read().mismatches()).hasSize(1);
        assertThat(read().notes())
                .singleElement()
                .asString()
                .startsWith(file() + ", line 2: skipped, since it does not end");

        mismatch(price(settings -> settings.codec(new JacksonCodec())).build(), new Order("b", 2));
        assertThat(read().mismatches()).extracting(RecordedMismatch::input).hasSize(2);
        assertThat(read().notes()).isEmpty();
    }

    @Test
    void twoWritersOfOneFileAreAnError() throws Exception {
        price(settings -> settings);
        assertThatThrownBy(() -> MismatchWriter.builder(file()).open())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is being written by another writer: give each one a file of its own");
    }

    @Test
    void anInterruptOfTheCallersHarmsNothing() throws Exception {
        Experiment<Price> price =
                price(settings -> settings.codec(new JacksonCodec())).build();
        Thread.currentThread().interrupt();
        mismatch(price, new Order("a", 1));
        assertThat(Thread.interrupted()).isTrue();
        mismatch(price, new Order("b", 2));

        assertThat(failures).isEmpty();
        assertThat(read().mismatches()).hasSize(2);
    }

    @Test
    void whatIsPublishedAfterClosingIsReported() throws Exception {
        MismatchWriter writer = MismatchWriter.builder(file()).open();
        writer.close();
        scientist = Scientist.builder()
                .publisher(writer)
                .failureHandler(
                        (experiment, operation, failure) -> failures.add(operation + ": " + failure.getMessage()))
                .build();
        scientist.<Integer>experiment("x").build().run(() -> 1, () -> 2);

        assertThat(failures).containsExactly(Operation.PUBLISH + ": " + file() + " is closed");
    }

    @Test
    void linesThatAreNoRecordsAreErrorsThatNameFileAndLine() {
        assertThatThrownBy(() -> readText("{}\n"))
                .isInstanceOf(IOException.class)
                .hasMessage("test, line 1: the field 'schema' must be a whole number");
        assertThatThrownBy(() -> readText("\n{\"schema\":2}\n"))
                .hasMessage(
                        "test, line 2: schema 2 is not known here, only 1: use the version that wrote it, or newer");
        assertThatThrownBy(() -> readText("{\"schema\":1}\n")).hasMessage("test, line 1: the field 'at' must be text");
        assertThatThrownBy(() -> readText("[1]\n")).hasMessage("test, line 1: a record must be a JSON object");
        assertThatThrownBy(() -> readText("broken\n")).hasMessageStartingWith("test, line 1: not JSON at character 1");
        assertThatThrownBy(() -> MismatchReader.read(new ByteArrayInputStream(new byte[] {(byte) 0xff, '\n'}), "test"))
                .hasMessage("test, line 1: not UTF-8");
        assertThatThrownBy(() -> MismatchReader.read(folder.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }

    private static Recording readText(String text) throws IOException {
        return MismatchReader.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "test");
    }

    /** Whatever is in the file, reading ends with records or with the one documented exception. */
    @Test
    void damagedFilesAreNeverAnotherError() throws Exception {
        Experiment<Price> price =
                price(settings -> settings.codec(new JacksonCodec())).build();
        for (int i = 0; i < 3; i++) {
            mismatch(price, new Order("customer", i));
        }
        byte[] whole = Files.readAllBytes(file());
        Random random = new Random(SEED);
        int good = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = whole.clone();
            for (int n = random.nextInt(3); n >= 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            int length = random.nextBoolean() ? damaged.length : random.nextInt(damaged.length);
            try {
                MismatchReader.read(new ByteArrayInputStream(damaged, 0, length), "test");
                good++;
            } catch (IOException e) {
                assertThat(e).as("seed %d, case %d", SEED, i).hasMessageMatching("(?s)test, line [1-9]: .+");
            }
        }
        // one good line of three is enough to read it
        assertThat(good).isBetween(100, 19_999);
    }

    /** A record of exactly the longest length is whole; with one byte more its values are withheld, and counted. */
    @Test
    void theLongestRecordIsOneOfExactlySoManyBytes() throws Exception {
        int longest = 16 * 1024;
        price(settings ->
                settings.codec(Codec.of(String::valueOf, value -> value)).maxRecordBytes(longest));
        Experiment<String> text = scientist.<String>experiment("text").build();
        text.run("input", in -> "a", in -> "b".repeat(10_000));
        int others = (int) Files.size(file()) - 10_001;

        text.run("input", in -> "a", in -> "b".repeat(longest - others - 1));
        text.run("input", in -> "a", in -> "b".repeat(longest - others));

        List<RecordedMismatch> recorded = read().mismatches();
        assertThat(recorded.get(1).candidateValue()).hasSize(longest - others - 1);
        assertThat(recorded.get(1).withheld()).isEmpty();
        assertThat(recorded.get(2).candidateValue()).isNull();
        assertThat(recorded.get(2).withheld())
                .containsExactly("values: " + (longest - others + 1)
                        + " characters, with which the record would have been too long");
        assertThat(Codec.of(String::valueOf, value -> value + "!").decode("a", String.class))
                .isEqualTo("a!");
    }

    @Test
    void aRecordingIsReadFromAnyStream() throws Exception {
        mismatch(price(settings -> settings).build(), new Order("a", 1));

        assertThat(MismatchReader.read(Files.newInputStream(file()), "a stream"))
                .isEqualTo(read());
    }

    @Test
    void settingsThatCannotBeAreErrors() {
        MismatchWriter.Builder settings = MismatchWriter.builder(file());
        assertThatThrownBy(() -> settings.maxFiles(0)).hasMessage("files must be from 1 to 1000, not 0");
        assertThatThrownBy(() -> settings.maxFiles(1001)).hasMessage("files must be from 1 to 1000, not 1001");
        assertThatCode(() -> settings.maxFiles(1000)).doesNotThrowAnyException();
        assertThatThrownBy(() -> settings.maxRecordBytes(10))
                .hasMessage("the longest record must be at least 16384 bytes, not 10");
        assertThatThrownBy(() -> settings.maxFileBytes(1000).open())
                .hasMessage("a file of 1000 bytes does not hold a record of 65536:"
                        + " raise maxFileBytes or lower maxRecordBytes");
        assertThatThrownBy(() ->
                        MismatchWriter.builder(folder.resolve("no/such/folder")).open())
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(folder.resolve("no/such/folder") + ": its folder does not exist: create it first");
    }

    @Test
    void aFileOfItsOwnStartsAnewWhereOneIsAllThereMayBe() throws Exception {
        Experiment<Price> price = price(settings -> settings.codec(new JacksonCodec())
                        .maxRecordBytes(16 * 1024)
                        .maxFileBytes(16 * 1024)
                        .maxFiles(1)
                        .forced(true))
                .build();
        for (int i = 0; i < 200; i++) {
            mismatch(price, new Order("customer", i));
        }

        assertThat(Files.list(folder)).containsExactlyInAnyOrder(file(), folder.resolve("mismatches.jsonl.lock"));
        assertThat(Files.size(file())).isBetween(1L, 16 * 1024L);
        List<RecordedMismatch> left = read().mismatches();
        assertThat(left.get(left.size() - 1).input()).isEqualTo("{\"customer\":\"customer\",\"quantity\":199}");
        assertThat(failures).isEmpty();
    }

    @Test
    void aVeryLongTornLineIsCutOffByTheNextWriter() throws Exception {
        mismatch(price(settings -> settings.codec(new JacksonCodec())).build(), new Order("a", 1));
        scientist.close();
        Files.writeString(file(), "{\"schema\":1,\"at\":\"" + "x".repeat(30_000), StandardOpenOption.APPEND);

        mismatch(price(settings -> settings.codec(new JacksonCodec())).build(), new Order("b", 2));
        assertThat(read().mismatches()).hasSize(2);
        assertThat(read().notes()).isEmpty();
    }

    @Test
    void whatIsTooLongInAllItsPartsIsWithheldPartByPart() throws Exception {
        price(settings ->
                settings.codec(Codec.of(String::valueOf, text -> text)).maxRecordBytes(16 * 1024));
        scientist
                .<Object>experiment("wide")
                .context(() -> Map.of("long", "y".repeat(100_000)))
                .build()
                .run("short", in -> "x".repeat(10_000), in -> "z".repeat(10_000));
        scientist.<Object>experiment("nulls").build().run("short", in -> null, in -> "z".repeat(100_000));
        scientist
                .<Object>experiment("many keys")
                .context(() -> IntStream.range(0, 500)
                        .boxed()
                        .collect(Collectors.toMap(key -> "key " + key, key -> "y".repeat(100))))
                .build()
                .run("short", in -> 1, in -> 2);

        List<RecordedMismatch> recorded = read().mismatches();
        assertThat(recorded).hasSize(3);
        assertThat(recorded.get(2).context()).isEmpty();
        assertThat(recorded.get(2).input()).isNull();
        assertThat(recorded.get(2).withheld()).contains("context: the record would have been too long");
        assertThat(Files.readAllLines(file()))
                .allSatisfy(line -> assertThat(line.length()).isLessThan(16 * 1024));
        assertThat(recorded.get(0).input()).isEqualTo("short");
        assertThat(recorded.get(0).controlValue()).isNull();
        assertThat(recorded.get(1).candidateValue()).isNull();
        assertThat(recorded).allSatisfy(each -> assertThat(each.withheld()).isNotEmpty());
    }

    @Test
    void fieldsOfAnotherTypeAreErrorsThatNameThem() throws Exception {
        Experiment<Price> price = price(settings -> settings.codec(new JacksonCodec()))
                .context("tenant", 7)
                .build();
        mismatch(price, new Order("a", 1));
        String line = Files.readString(file());

        assertThatThrownBy(() -> readText(line.replace("\"tenant\":\"java.lang.Integer\"", "\"tenant\":7")))
                .hasMessageStartingWith("test, line 1: the field 'context' ");
        assertThatThrownBy(() -> readText(line.replace("[\"cents\"]", "[1]")))
                .hasMessageStartingWith("test, line 1: the field 'differences' ");
        assertThatThrownBy(() -> readText(line.replace("[\"cents\"]", "\"cents\"")))
                .hasMessageStartingWith("test, line 1: the field 'differences' ");
        assertThatThrownBy(() -> readText(line.replaceFirst("\"input\":\"[^,]*,[^,]*,", "\"input\":[],")))
                .hasMessageStartingWith("test, line 1: the field 'input' ");
    }

    @Test
    void whatIsTooLongBesideWhatWasThrownIsWithheldToo() throws Exception {
        price(settings ->
                settings.codec(Codec.of(String::valueOf, text -> text)).maxRecordBytes(16 * 1024));
        Experiment<String> text = scientist.<String>experiment("text").build();
        assertThatThrownBy(() -> text.run(
                        () -> {
                            throw new IllegalStateException("old");
                        },
                        () -> "b".repeat(100_000)))
                .hasMessage("old");

        RecordedMismatch recorded = read().mismatches().get(0);
        assertThat(recorded.control()).isEqualTo("threw java.lang.IllegalStateException");
        assertThat(recorded.candidateValue()).isNull();
        assertThat(recorded.withheld())
                .containsExactly("candidate value: more than 16384 characters, the most that a record may have");
    }

    @Test
    void veryLongPathsAreCut() throws Exception {
        price(settings -> settings);
        scientist
                .<Integer>experiment("deep")
                .comparator((control, candidate) -> List.of(
                        Difference.of("p".repeat(200), control, candidate),
                        Difference.of("q".repeat(201), control, candidate)))
                .build()
                .run(() -> 1, () -> 2);

        assertThat(read().mismatches().get(0).differences()).containsExactly("p".repeat(200), "q".repeat(200) + "…");
    }

    /** The name that the full file is to be renamed to is that of a folder which is not empty. */
    @Test
    void afterAFileThatCouldNotBeRenamedTheNextRecordIsTriedAnew() throws Exception {
        Experiment<Price> price = price(settings -> settings.codec(new JacksonCodec())
                        .maxRecordBytes(16 * 1024)
                        .maxFileBytes(16 * 1024)
                        .maxFiles(2))
                .build();
        Path inTheWay = Files.createDirectory(folder.resolve("mismatches.jsonl.1"));
        Path within = Files.createFile(inTheWay.resolve("file"));
        int runs = 0;
        while (failures.size() < 2) {
            mismatch(price, new Order("customer", runs++));
        }
        assertThat(failures).allSatisfy(failure -> assertThat(failure).contains("mismatches.jsonl.1"));

        Files.delete(within);
        mismatch(price, new Order("customer", runs));
        assertThat(failures).hasSize(2);
        List<String> inputs =
                read().mismatches().stream().map(RecordedMismatch::input).toList();
        assertThat(inputs)
                .as("all but the two that failed")
                .hasSize(runs - 1)
                .last()
                .isEqualTo("{\"customer\":\"customer\",\"quantity\":" + runs + "}");
    }

    /** Has the file open until its input ends. */
    static final class AnotherProcess {

        private AnotherProcess() {}

        public static void main(String[] args) throws Exception {
            MismatchWriter writer = MismatchWriter.builder(Path.of(args[0])).open();
            System.out.println("open");
            System.in.readAllBytes();
            writer.close();
        }
    }

    @Test
    @Timeout(60)
    void aWriterInAnotherProcessIsAnErrorToo() throws Exception {
        Process other = new ProcessBuilder(
                        ChildJvm.command(AnotherProcess.class, List.of("-XX:TieredStopAtLevel=1"), file().toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("open");
            assertThatThrownBy(() -> MismatchWriter.builder(file()).open())
                    .isInstanceOf(IOException.class)
                    .hasMessage(file() + " is being written by another writer: give each one a file of its own");

            other.getOutputStream().close();
            assertThat(other.waitFor()).isZero();
            MismatchWriter.builder(file()).open().close();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    @Timeout(60)
    void aLineWithoutAnEndIsNotReadForEver() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] bytes, int from, int length) {
                Arrays.fill(bytes, from, from + length, (byte) 'x');
                return length;
            }
        };

        assertThatThrownBy(() -> MismatchReader.read(endless, "endless"))
                .isInstanceOf(IOException.class)
                .hasMessage("endless, line 1: longer than 67108864 bytes");
    }
}
