package dev.scientist.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What the README says of the targets is what the suite measured: after a new run, this says what to put there. */
class ReadmeFiguresTest {

    private static final Path MODULE = Files.exists(Path.of("benchmarks"))
            ? Path.of("benchmarks").toAbsolutePath()
            : Path.of("").toAbsolutePath();

    @Test
    void theReadmeQuotesWhatWasMeasured() throws IOException {
        JsonNode older = results("jdk-17").path("targets");
        JsonNode newer = results("jdk-25").path("targets");
        List<String> table = new ArrayList<>();
        for (int i = 0; i < older.size(); i++) {
            JsonNode target = older.get(i);
            assertThat(newer.get(i).path("what")).isEqualTo(target.path("what"));
            table.add(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %s |",
                    target.path("what").asText(),
                    number(target.path("atMost")),
                    measured(target),
                    measured(newer.get(i))));
        }
        assertThat(table).isNotEmpty();
        String expected = String.join("\n", table);
        assertThat(Files.readString(MODULE.resolve("README.md")))
                .as("benchmarks/README.md, the table under 'What it costs'")
                .contains(expected);
    }

    private static JsonNode results(String name) throws IOException {
        return new ObjectMapper()
                .readTree(MODULE.resolve("results").resolve(name + ".json").toFile());
    }

    private static String measured(JsonNode target) {
        String number = number(target.path("measured"));
        return target.path("met").asBoolean() ? number : "**" + number + "**";
    }

    private static String number(JsonNode value) {
        return String.format(Locale.ROOT, "%.2f", value.asDouble());
    }
}
