package dev.scientist.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.scientist.ChildJvm;
import dev.scientist.Experiment;
import dev.scientist.Scientist;
import dev.scientist.replay.MismatchReader.Recording;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is killed while it writes and renames, and a disk that is full, lose at most the line being written. The long form
 * kills 1,000 times: {@code -Dscientist.kills=1000}.
 */
@Tag("campaign")
class KilledWriterTest {

    private static final long SEED = Long.getLong("scientist.seed", 3);
    private static final int KILLS = Integer.getInteger("scientist.kills", 50);
    private static final int KILLS_PER_FILE = 5;

    /** The child: writes mismatches, numbered on, for ever. It says on its output which were published. */
    static final class Child {

        private Child() {}

        public static void main(String[] args) throws Exception {
            int first = Integer.parseInt(args[1]);
            Scientist scientist = Scientist.builder()
                    .publisher(MismatchWriter.builder(Path.of(args[0]))
                            .codec(Codec.of(String::valueOf, text -> text))
                            // so that it is renamed all the time
                            .maxRecordBytes(16 * 1024)
                            .maxFileBytes(16 * 1024)
                            .maxFiles(500)
                            .open())
                    .build();
            Experiment<Integer> experiment =
                    scientist.<Integer>experiment("numbers").build();
            for (int i = first; ; i++) {
                experiment.run("run " + i + " " + "x".repeat(i % 500), in -> 1, in -> 2);
                System.out.write((i + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                System.out.flush();
            }
        }
    }

    @TempDir
    private Path folder;

    @Test
    @Timeout(1800)
    void afterAKillAllWholeLinesAreReadAndNoneIsMissing() throws Exception {
        Path file = folder.resolve("mismatches.jsonl");
        Random random = new Random(SEED);
        int published = -1;
        long inAll = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            if (kill % KILLS_PER_FILE == 0) {
                // all of a file is read after each kill, so that one file for all would take hours
                inAll += published + 1;
                published = -1;
                file = Files.createDirectory(folder.resolve("from " + kill)).resolve("mismatches.jsonl");
            }
            Path said = folder.resolve("said");
            Process child = new ProcessBuilder(ChildJvm.command(
                            Child.class,
                            // what it starts with should be short: it is started a thousand times
                            List.of(
                                    "-XX:TieredStopAtLevel=1",
                                    "-Dslf4j.internal.verbosity=WARN",
                                    "-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider"),
                            file.toString(),
                            String.valueOf(published + 1)))
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            long enough = random.nextInt(8_000);
            while (Files.size(said) <= enough && child.isAlive()) {
                LockSupport.parkNanos(100_000); // leaves the processor to the child
            }
            child.destroyForcibly();
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();

            int lastSaid = lastWholeNumber(said);
            Recording recording = MismatchReader.read(file);
            List<RecordedMismatch> all = recording.mismatches();
            assertThat(recording.notes()).as("seed %d, kill %d", SEED, kill).hasSizeLessThanOrEqualTo(1);
            for (int i = 0; i < all.size(); i++) {
                assertThat(all.get(i).input())
                        .as("seed %d, kill %d", SEED, kill)
                        .startsWith("run " + i + " ");
            }
            // what was published is there; the one after it may be, since saying so comes later
            assertThat(all.size() - 1)
                    .as("seed %d, kill %d", SEED, kill)
                    .isBetween(Math.max(published, lastSaid), Math.max(published, lastSaid) + 1);
            published = all.size() - 1;
        }
        inAll += published + 1;
        assertThat(inAll).isGreaterThan(10 * KILLS);
        System.out.printf("kills: %,d, with %,d mismatches read, seed %d%n", KILLS, inAll, SEED);
    }

    private static int lastWholeNumber(Path said) throws IOException {
        String text = Files.readString(said);
        int end = text.lastIndexOf('\n');
        if (end < 0) {
            return -1;
        }
        return Integer.parseInt(text.substring(text.lastIndexOf('\n', end - 1) + 1, end));
    }

    /** On a small file system of its own, which only root can make. */
    @Test
    void aFullDiskLosesWhatDoesNotFitAndNothingElse() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk.toString()) == 0;
        assumeTrue(mounted, "only root can mount a small file system, on Linux");
        List<String> failures = new ArrayList<>();
        try (Scientist scientist = Scientist.builder()
                .publisher(MismatchWriter.builder(disk.resolve("mismatches.jsonl"))
                        .codec(Codec.of(String::valueOf, text -> text))
                        .open())
                .failureHandler((experiment, operation, failure) -> failures.add(failure.getMessage()))
                .build()) {
            Experiment<Integer> experiment =
                    scientist.<Integer>experiment("numbers").build();
            for (int i = 0; i < 600; i++) {
                assertThat(experiment.run("run " + i + " " + "x".repeat(800), in -> 1, in -> 2))
                        .isEqualTo(1);
            }
            int written = MismatchReader.read(disk.resolve("mismatches.jsonl"))
                    .mismatches()
                    .size();
            assertThat(failures)
                    .isNotEmpty()
                    .allSatisfy(message -> assertThat(message).startsWith("cannot write to "));
            assertThat(written + failures.size()).isEqualTo(600);

            // there is room again
            Path filler = disk.resolve("mismatches.jsonl");
            try (var channel = java.nio.channels.FileChannel.open(filler, java.nio.file.StandardOpenOption.READ)) {
                assertThat(channel.size()).isLessThanOrEqualTo(256 * 1024);
            }
            assertThat(run("mount", "-o", "remount,size=1m", disk.toString())).isZero();
            experiment.run("after", in -> 1, in -> 2);
            List<RecordedMismatch> all = MismatchReader.read(filler).mismatches();
            assertThat(all).hasSize(written + 1);
            assertThat(all.get(written).input()).isEqualTo("after");
        } finally {
            run("umount", disk.toString());
        }
    }

    private static int run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(new File("/dev/null"))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1;
        }
    }
}
