package dev.scientist.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.scientist.ChildJvm;
import dev.scientist.Experiment;
import dev.scientist.Scientist;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the file, whoever else has a hand in it. */
class RecordFileTest {

    private static final long SEED = Long.getLong("scientist.seed", 11);

    @TempDir
    private Path folder;

    private Path file;
    private final List<String> failures = new ArrayList<>();
    private final List<Scientist> scientists = new ArrayList<>();

    @BeforeEach
    void name() {
        file = folder.resolve("mismatches.jsonl");
    }

    @AfterEach
    void close() {
        scientists.forEach(Scientist::close);
    }

    private MismatchWriter.Builder writer() {
        return MismatchWriter.builder(file).codec(Codec.of(String::valueOf, text -> text));
    }

    private Experiment<Integer> experiment(MismatchWriter writer) {
        Scientist scientist = Scientist.builder()
                .publisher(writer)
                .failureHandler((experiment, operation, failure) -> failures.add(failure.getMessage()))
                .build();
        scientists.add(scientist);
        return scientist.<Integer>experiment("numbers").build();
    }

    private static void mismatch(Experiment<Integer> experiment, Object input) {
        experiment.run(input, in -> 1, in -> 2);
    }

    private List<String> inputs() throws IOException {
        return MismatchReader.read(file).mismatches().stream()
                .map(RecordedMismatch::input)
                .toList();
    }

    /** It was once emptied: whatever stood after the last line break was taken for a torn line. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a single line without a line break",
                "a text\nof two lines\n",
                "{\"schema\":2,\"at\":\"2024-01-01T00:00:00Z\"}\n",
                "{\"a\":1}",
                "\n\nlist of things",
                "{\"schema\":1}\n"
            })
    void whatHoldsAnythingElseIsAnErrorThatNamesItAndIsLeftAsItIs(String text) throws IOException {
        Files.writeString(file, text);
        assertThatThrownBy(() -> writer().open())
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + " is not written to, since it holds something else than records of"
                        + " mismatches: line ")
                .hasMessageEndingWith("; name another file, or move this one away");
        assertThat(file).hasContent(text);
    }

    @Test
    void recordsBeforeSomethingElseDoNotMakeItOurs() throws IOException {
        mismatch(experiment(writer().open()), "a");
        close();
        Files.writeString(file, "notes of somebody\n", StandardOpenOption.APPEND);
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> writer().open()).hasMessageContaining(": line 2: not JSON");
        assertThat(file).hasBinaryContent(before);
        assertThat(inputs()).containsExactly("a");
        assertThat(MismatchReader.read(file).notes())
                .singleElement()
                .asString()
                .startsWith(file + ", line 2: skipped: not JSON");
    }

    @Test
    void throughALinkItIsTheSameFile() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "precious");
        Path linkToText = Files.createSymbolicLink(folder.resolve("link-to-text"), text);
        assertThatThrownBy(() -> MismatchWriter.builder(linkToText).open())
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(text.toRealPath() + " is not written to");
        assertThat(text).hasContent("precious");

        mismatch(experiment(writer().open()), "a");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        assertThatThrownBy(() -> MismatchWriter.builder(link).open())
                .hasMessageContaining("is being written by another writer");
        assertThat(MismatchReader.read(link)).isEqualTo(MismatchReader.read(file));
    }

    /** An editor leaves out the last line break, or a process is killed just before it. */
    @Test
    void aWholeRecordIsKeptThoughItLacksItsLineBreak() throws IOException {
        mismatch(experiment(writer().open()), "a");
        close();
        Files.writeString(file, Files.readString(file).strip());
        assertThat(inputs()).containsExactly("a");
        assertThat(MismatchReader.read(file).notes()).isEmpty();

        mismatch(experiment(writer().open()), "b");
        assertThat(inputs()).containsExactly("a", "b");
    }

    /** Wherever a process is stopped, the next one goes on after the last whole record. */
    @Test
    void whereverTheLastLineIsTornTheNextWriterGoesOn() throws IOException {
        Experiment<Integer> first = experiment(writer().open());
        mismatch(first, "a");
        mismatch(first, "b");
        close();
        byte[] whole = Files.readAllBytes(file);
        int firstLine = new String(whole, StandardCharsets.UTF_8).indexOf('\n') + 1;
        for (int length = 0; length < whole.length; length++) {
            try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
                access.setLength(0);
                access.write(whole, 0, length);
            }
            mismatch(experiment(writer().open()), "c");
            close();
            scientists.clear();
            List<String> expected = new ArrayList<>();
            if (length >= firstLine - 1) {
                expected.add("a");
            }
            if (length >= whole.length - 1) {
                expected.add("b");
            }
            expected.add("c");
            assertThat(inputs()).as("cut after %d bytes", length).isEqualTo(expected);
        }
    }

    /** It once went on at its old position: the gap was filled with zeros, and the reader refused all of it. */
    @Test
    void whatIsCutFromOutsideIsLostAndNoMore() throws IOException {
        Random random = new Random(SEED);
        Experiment<Integer> experiment = experiment(
                writer().maxRecordBytes(16 * 1024).maxFileBytes(16 * 1024).open());
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            mismatch(experiment, "run " + i);
            expected.add("run " + i);
            if (random.nextInt(20) == 0) {
                int kept = MismatchReader.read(file).mismatches().size();
                expected = new ArrayList<>(expected.subList(expected.size() - kept, expected.size()));
                long length = Files.size(file);
                long cut = random.nextInt(3) == 0 ? 0 : (long) (random.nextDouble() * length);
                try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
                    access.setLength(cut);
                }
                int lost = kept - MismatchReader.read(file).mismatches().size();
                expected = new ArrayList<>(expected.subList(0, expected.size() - lost));
            }
        }
        int kept = MismatchReader.read(file).mismatches().size();
        assertThat(kept).isGreaterThan(20);
        assertThat(inputs()).as("seed %d", SEED).isEqualTo(expected.subList(expected.size() - kept, expected.size()));
        assertThat(MismatchReader.read(file).notes()).isEmpty();
        assertThat(failures).isEmpty();
    }

    @Test
    void aFileThatIsTakenAwayIsMadeAnew() throws IOException {
        Experiment<Integer> experiment = experiment(writer().open());
        Files.delete(file);
        mismatch(experiment, "a");
        assertThat(inputs()).containsExactly("a");
        Files.move(file, folder.resolve("elsewhere"));
        mismatch(experiment, "b");
        assertThat(inputs()).containsExactly("b");
    }

    /** What a file system leaves where the file was cut just before a write. */
    @Test
    void zerosBeforeARecordAreSkipped() throws IOException {
        mismatch(experiment(writer().open()), "a");
        close();
        byte[] line = Files.readAllBytes(file);
        byte[] withZeros = new byte[1000 + line.length];
        System.arraycopy(line, 0, withZeros, 1000, line.length);
        Files.write(file, withZeros);
        mismatch(experiment(writer().open()), "b");
        assertThat(inputs()).containsExactly("a", "b");
    }

    @Test
    void onlyItsOwnerMayReadIt() throws IOException {
        assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
        Experiment<Integer> experiment = experiment(
                writer().maxRecordBytes(16 * 1024).maxFileBytes(16 * 1024).open());
        IntStream.range(0, 200).forEach(i -> mismatch(experiment, "run " + i));
        try (var files = Files.list(folder)) {
            assertThat(files)
                    .hasSizeGreaterThan(3)
                    .allSatisfy(each -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                            .isEqualTo("rw-------"));
        }
    }

    /** Tries to be a second writer, over and over, until its input ends. */
    static final class Intruder {

        private Intruder() {}

        public static void main(String[] args) throws Exception {
            System.out.println("started");
            int got = 0;
            while (System.in.available() == 0) {
                try {
                    MismatchWriter.builder(Path.of(args[0])).open().close();
                    got++;
                } catch (IOException refused) {
                    // as it should be
                }
            }
            System.out.println("got in " + got + " times");
        }
    }

    /**
     * The lock was once on the file itself: it ended whenever the file was renamed, or read by the same process. Then
     * two processes wrote to the same file, and renamed it under each other.
     */
    @Test
    @Timeout(120)
    void anotherProcessNeverGetsInBetweenHoweverOftenItRotatesAndIsRead() throws Exception {
        Experiment<Integer> experiment = experiment(writer().maxRecordBytes(16 * 1024)
                .maxFileBytes(16 * 1024)
                .maxFiles(1000)
                .open());
        Process intruder = new ProcessBuilder(
                        ChildJvm.command(Intruder.class, List.of("-XX:TieredStopAtLevel=1"), file.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var said = intruder.inputReader()) {
            assertThat(said.readLine()).isEqualTo("started");
            int runs = 8_000;
            for (int i = 0; i < runs; i++) {
                mismatch(experiment, i);
                if (i % 1000 == 0) {
                    MismatchReader.read(file);
                }
            }
            intruder.getOutputStream().write('\n');
            intruder.getOutputStream().flush();
            assertThat(said.readLine()).isEqualTo("got in 0 times");
            assertThat(failures).isEmpty();
            assertThat(inputs())
                    .isEqualTo(
                            IntStream.range(0, runs).mapToObj(String::valueOf).toList());
        } finally {
            intruder.destroyForcibly();
        }
    }

    @Test
    void aFolderIsAnError() throws IOException {
        Files.createDirectory(file);
        assertThatThrownBy(() -> writer().open())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
    }
}
