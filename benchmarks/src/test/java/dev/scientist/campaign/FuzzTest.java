package dev.scientist.campaign;

import dev.scientist.Experiment;
import dev.scientist.Scientist;
import dev.scientist.replay.Codec;
import dev.scientist.replay.MismatchWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The targets of the fuzzer, fed with damaged examples: {@code -Dscientist.fuzz=1000000} feeds each with a million,
 * {@code -Dscientist.seed} repeats a series. The profile fuzz looks for more with a fuzzer that sees which code is
 * reached.
 */
@Tag("campaign")
@Timeout(1800)
class FuzzTest {

    private static final int INPUTS = Integer.getInteger("scientist.fuzz", 2_000);
    private static final long SEED = Long.getLong("scientist.seed", System.nanoTime());

    @TempDir
    private Path folder;

    @Test
    void theReaderOfMismatchesReadsOrSaysWhichLineIsWrong() throws IOException {
        Path file = folder.resolve("mismatches.jsonl");
        try (Scientist scientist = Scientist.builder()
                .publisher(MismatchWriter.builder(file)
                        .codec(Codec.of(String::valueOf, text -> text))
                        .open())
                .build()) {
            Experiment<Object> experiment =
                    scientist.experiment("fuzz").context("key", "value").build();
            experiment.run("input", in -> List.of(1), in -> "two \u20ac");
            experiment.run(() -> 1, () -> {
                throw new IllegalStateException("no");
            });
        }
        fuzz(FuzzTargets.JsonLines::fuzzerTestOneInput, List.of(Files.readAllBytes(file)));
    }

    @Test
    void aPatternIsUnderstoodOrRefusedAndEveryPathIsAPatternOfItself() {
        fuzz(
                FuzzTargets.Paths::fuzzerTestOneInput,
                bytes("a.b", "lines[*].price", "x[\"k\"].y[3]", "[0][*]", "a..b", "a[\"\\\"]\\\\\"]"));
    }

    @Test
    void theWalkEndsAndIsTheSameFromBothSides() {
        Random random = new Random(SEED);
        List<byte[]> corpus = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            byte[] half = new byte[random.nextInt(100)];
            random.nextBytes(half);
            // twice the same, so that damage makes them differ in places
            byte[] both = Arrays.copyOf(half, 2 * half.length);
            System.arraycopy(half, 0, both, half.length, half.length);
            corpus.add(both);
        }
        fuzz(FuzzTargets.Walk::fuzzerTestOneInput, corpus);
    }

    @Test
    void whatIsShownIsTextAndNoMore() {
        fuzz(
                FuzzTargets.Shown::fuzzerTestOneInput,
                bytes(
                        "<script>alert(1)</script>",
                        "\"'><img onerror=x>",
                        "&lt;&#60;\u202e\u2028",
                        "\u001b[31m",
                        "]]>-->"));
    }

    private static List<byte[]> bytes(String... texts) {
        return Arrays.stream(texts)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private static void fuzz(Consumer<byte[]> target, List<byte[]> corpus) {
        Random random = new Random(SEED);
        corpus.forEach(target);
        for (int i = 0; i < INPUTS; i++) {
            byte[] input = damaged(corpus, random);
            try {
                target.accept(input);
            } catch (Throwable failure) {
                throw new AssertionError(
                        "-Dscientist.seed=" + SEED + ", input " + i + ": "
                                + HexFormat.of().formatHex(input),
                        failure);
            }
        }
        System.out.printf("fuzz: %,d damaged inputs, -Dscientist.seed=%d%n", INPUTS, SEED);
    }

    private static byte[] damaged(List<byte[]> corpus, Random random) {
        byte[] input = corpus.get(random.nextInt(corpus.size()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int damages = 1 + random.nextInt(4);
        int from = 0;
        for (int d = 0; d < damages && from < input.length; d++) {
            int at = from + random.nextInt(input.length - from);
            out.write(input, from, at - from);
            from = at;
            switch (random.nextInt(6)) {
                case 0 -> from++;
                case 1 -> out.write(random.nextInt(256));
                case 2 -> {
                    out.write(random.nextInt(128));
                    from++;
                }
                case 3 -> {
                    byte[] other = corpus.get(random.nextInt(corpus.size()));
                    if (other.length > 0) {
                        int start = random.nextInt(other.length);
                        out.write(other, start, random.nextInt(other.length - start) + 1);
                    }
                }
                case 4 -> from = Math.min(input.length, from + random.nextInt(10));
                default ->
                    out.writeBytes(Character.toString(random.nextInt(Character.MAX_CODE_POINT + 1))
                            .getBytes(StandardCharsets.UTF_8));
            }
        }
        if (random.nextInt(10) > 0) {
            out.write(input, from, input.length - from);
        }
        return out.toByteArray();
    }
}
