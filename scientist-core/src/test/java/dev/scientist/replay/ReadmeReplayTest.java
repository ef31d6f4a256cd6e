package dev.scientist.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.Scientist;
import dev.scientist.publish.BackgroundPublisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of the README about writing mismatches down. */
class ReadmeReplayTest {

    record Order(int quantity) {}

    @Test
    void mismatches(@TempDir Path folder) throws IOException {
        // README: mismatches
        MismatchWriter writer = MismatchWriter.builder(folder.resolve("mismatches.jsonl"))
                .codec(new JacksonCodec()) // or Codec.of(encoder, decoder)
                .redact("session")
                .open();
        Scientist scientist = Scientist.builder()
                .publisher(new BackgroundPublisher(writer)) // callers do not wait for the disk
                .build();
        // README end

        scientist.<Integer>experiment("price").build().run(new Order(1), in -> 1, in -> 2);
        scientist.close();
        assertThat(Files.readString(folder.resolve("mismatches.jsonl"))).contains("{\\\"quantity\\\":1}");
    }
}
