package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.compare.Comparators;
import dev.scientist.evidence.EvidencePage;
import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.evidence.EvidenceReport;
import dev.scientist.evidence.Tolerance;
import dev.scientist.replay.MismatchWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Private until asked for: whatever a run holds, no output that was not asked for shows it. */
class SecretsTest {

    private static final long CARD = 4_111_111_111_111_111L;
    private static final int PHONE = 491_701_234;

    /** A class that shows what it holds. */
    private record Customer(String email, long card) {}

    @Test
    void noDefaultOutputShowsASecret(@TempDir Path folder) throws IOException {
        StringBuilder outputs = new StringBuilder();
        EvidencePublisher evidence = new EvidencePublisher();
        try (LogLines results = new LogLines(LoggingPublisher.LOGGER_NAME);
                LogLines failures = new LogLines("dev.scientist.failures");
                LogLines others = new LogLines("dev.scientist")) {
            Scientist scientist = Scientist.builder()
                    .publisher(new LoggingPublisher())
                    .publisher(evidence)
                    .publisher(MismatchWriter.builder(folder.resolve("mismatches.jsonl"))
                            .open())
                    .context("phone", PHONE)
                    .build();
            run(scientist, "structural", Comparators.structural());
            run(scientist, "equals", ResultComparator.equality());
            run(scientist, "failing", (control, candidate) -> {
                throw new IllegalStateException("secret-of-comparator\n" + control);
            });
            run(scientist, "secret in kind", (control, candidate) -> List.of(Difference.of("", control, candidate)));
            outputs.append(scientist.experiments());
            scientist.close();
            EvidenceReport report = new EvidenceReport(evidence.evidence(), Tolerance.standard());
            outputs.append(report.text()).append(report.json());
            outputs.append(new EvidencePage(scientist, evidence, Tolerance.standard()).html());
            assertThat(results.lines()).hasSizeGreaterThan(8);
            assertThat(failures.lines()).isNotEmpty();
            Stream.of(results, failures, others)
                    .flatMap(log -> log.events().stream())
                    .forEach(event -> outputs.append(event.getFormattedMessage())
                            .append(event.getKeyValuePairs())
                            .append(
                                    event.getThrowableProxy() == null
                                            ? ""
                                            : event.getThrowableProxy().getMessage())
                            .append('\n'));
        }
        assertThat(Files.readString(folder.resolve("mismatches.jsonl"))).isNotEmpty();
        outputs.append(Files.readString(folder.resolve("mismatches.jsonl")));

        assertThat(outputs.toString())
                .doesNotContain("secret-")
                .doesNotContain("" + CARD)
                .doesNotContain("" + PHONE)
                .doesNotContain("@example.com");
    }

    private static void run(Scientist scientist, String name, ResultComparator<Object> comparator) {
        Experiment<Object> experiment = scientist
                .experiment(name)
                .comparator(comparator)
                .beforeRun(() -> {
                    throw new IllegalStateException("secret-of-hook bob@example.com");
                })
                .build();
        experiment
                .control(() -> Map.of("a", 1))
                .candidate(() -> value("secret-value"))
                .context("email", "bob@example.com")
                .run();
        experiment.run(CARD, input -> "secret-value", input -> "secret-other");
        experiment.run(
                new Customer("secret-input@example.com", CARD),
                input -> new Customer("secret-1@example.com", 1),
                input -> new Customer("secret-2@example.com", CARD));
        experiment.run(() -> value("secret-old"), () -> value("secret-new"));
        experiment.run(() -> 1, () -> {
            throw new IllegalStateException("secret-message", new IOException("secret-cause"));
        });
        experiment.run(() -> new StringBuilder("secret-builder"), () -> List.of("secret-element"));
    }

    private static Map<String, Object> value(String text) {
        Map<String, Object> value = new HashMap<>();
        value.put("secret-key-" + text + "@example.com", text);
        value.put("same-secret-key@example.com", text);
        return value;
    }
}
