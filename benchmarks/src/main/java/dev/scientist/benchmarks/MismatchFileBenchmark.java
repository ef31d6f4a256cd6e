package dev.scientist.benchmarks;

import dev.scientist.Experiment;
import dev.scientist.Scientist;
import dev.scientist.replay.JacksonCodec;
import dev.scientist.replay.MismatchWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What a caller waits for when its run mismatches and is written down: with a small input, and with one that is too long. */
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class MismatchFileBenchmark extends Measured {

    /** An input. */
    public record Document(String name, String text) {}

    /** How long the input's text is, and whether each character of it has to be escaped. */
    @Param({"100", "1000000"})
    private int length;

    @Param({"x", "<"})
    private String character;

    private Path folder;
    private Scientist scientist;
    private Experiment<Integer> experiment;
    private Document document;

    @Setup
    public void setUp() throws IOException {
        folder = Files.createTempDirectory("mismatches");
        scientist = Scientist.builder()
                .publisher(MismatchWriter.builder(folder.resolve("mismatches.jsonl"))
                        .codec(new JacksonCodec())
                        .open())
                .build();
        experiment = scientist.<Integer>experiment("document").build();
        document = new Document("a", character.repeat(length));
    }

    @TearDown
    public void tearDown() throws IOException {
        scientist.close();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    @Benchmark
    public int written() {
        return experiment.run(document, in -> 1, in -> 2);
    }
}
