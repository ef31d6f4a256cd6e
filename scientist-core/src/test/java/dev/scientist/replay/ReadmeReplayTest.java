package dev.scientist.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.scientist.Scientist;
import dev.scientist.publish.BackgroundPublisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the README and the guide about writing mismatches down. */
class ReadmeReplayTest {

    record Order(int quantity, String card) {
        Order(int quantity) {
            this(quantity, "");
        }

        Order withoutCard() {
            return new Order(quantity);
        }
    }

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
        assertThat(Files.readString(folder.resolve("mismatches.jsonl"))).contains("\\\"quantity\\\":1");
    }

    @Test
    void redactedAndReadBack(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("mismatches.jsonl");
        // README: replay-redact
        MismatchWriter writer = MismatchWriter.builder(file)
                .codec(new JacksonCodec())
                .redactInput(input -> input instanceof Order order ? order.withoutCard() : input)
                .redact("session", "user") // keys of the context
                .maxRecordBytes(32 * 1024)
                .maxFileBytes(64L << 20)
                .maxFiles(10)
                .open();
        // README end
        try (Scientist scientist = Scientist.builder().publisher(writer).build()) {
            scientist.<Integer>experiment("price").build().run(new Order(1, "4111"), in -> 1, in -> 2);
        }
        assertThat(Files.readString(file)).doesNotContain("4111");

        StringBuilder shown = new StringBuilder();
        // README: replay-read
        MismatchReader.Recording recording = MismatchReader.read(file);
        for (RecordedMismatch mismatch : recording.mismatches()) {
            shown.append(mismatch.experiment()).append(": ").append(mismatch.signature());
        }
        recording.notes().forEach(shown::append); // lines that had to be skipped, and why
        // README end
        assertThat(shown.toString()).isEqualTo("price: (whole value)");
    }

    @Test
    void codecs() throws Exception {
        ObjectMapper mapper = new ObjectMapper().registerModule(new SimpleModule());
        // README: replay-codecs
        Codec found = new JacksonCodec(); // Jackson 3 if it is there, else Jackson 2
        Codec ofMine = JacksonCodec.jackson2(mapper); // or jackson3(..)
        Codec byHand = Codec.of(value -> ((Order) value).quantity() + "", text -> new Order(Integer.parseInt(text)));
        // README end
        for (Codec codec : List.of(found, ofMine, byHand)) {
            assertThat(codec.decode(codec.encode(new Order(3)), Order.class)).isEqualTo(new Order(3));
        }
    }
}
