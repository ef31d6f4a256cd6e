package dev.scientist.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.scientist.Difference;
import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.LoggingPublisher;
import dev.scientist.Rendering;
import dev.scientist.Result;
import dev.scientist.Scientist;
import dev.scientist.evidence.EvidencePage;
import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.evidence.EvidenceReport;
import dev.scientist.evidence.Tolerance;
import dev.scientist.junit.ResultAssert;
import dev.scientist.micrometer.EvidenceMeters;
import dev.scientist.micrometer.MicrometerPublisher;
import dev.scientist.publish.BackgroundPublisher;
import dev.scientist.publish.RecordingPublisher;
import dev.scientist.replay.Codec;
import dev.scientist.replay.MismatchReader;
import dev.scientist.replay.MismatchWriter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Text that wants to be more than text, wherever an application can hand text in: in names, the context, inputs, values,
 * exceptions, paths, cohorts. Whatever shows it (log, metrics, page, reports, JSON Lines, a test's message) stays what it
 * is, and stays small.
 */
@Tag("campaign")
@Timeout(120)
class HostileTextTest {

    private static final String MARKUP = "</script></td><script>alert(1)</script><img src=x onerror=alert(1)>\"'&lt;";
    private static final String FORGED_LINE = "x\r\n2026-01-01 ERROR forged";
    private static final String FORGED_METRIC = "x\"} 1\nforged_total{a=\"b\"} 7\n# EOF\n";
    private static final String FORGED_JSON = "\",\"forged\":true}\n{\"schema\":1";
    private static final String TERMINAL = "\u001b[2J\u001b]0;owned\u0007\u009b31m\b\b\u007f";
    private static final String DIRECTION = "user\u202etxt.exe\u2066\u200b\u2028\u2029\ufeff";
    private static final String HALVES = "\ud83d \ude00 \udbff\ud83d\ude00";
    private static final String NULS = "\u0000\u0001\u0000";

    /** What no line for people or machines may contain. */
    private static final Pattern DISTURBING = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    private static final Pattern EXPOSITION = Pattern.compile("# (HELP|TYPE) [a-z_]+ .*"
            + "|[a-z_]+(\\{([a-z_]+=\"([^\"\\\\\n]|\\\\[\\\\\"n])*\",?)*\\})? [-+.0-9eEInfNa]+");

    private static final int MAX_LINE = 5_000;

    static Stream<String> texts() {
        return Stream.of(
                MARKUP,
                FORGED_LINE,
                FORGED_METRIC,
                FORGED_JSON,
                TERMINAL,
                DIRECTION,
                HALVES,
                NULS,
                "${jndi:ldap://127.0.0.1/a} {} %s %n %x",
                "x".repeat(10_000_000),
                (MARKUP + TERMINAL).repeat(10_000));
    }

    /** Something of an application, whose text is what it likes. */
    private static class Said {
        private final String text;

        Said(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Something that cannot be asked anything. */
    private static final class Unspeakable {
        private final int how;

        Unspeakable(int how) {
            this.how = how;
        }

        private String fail() {
            return switch (how) {
                case 0 -> throw new IllegalStateException(MARKUP + TERMINAL);
                case 1 -> fail() + "!"; // until the stack is used up
                case 2 -> throw new OutOfMemoryError("as if");
                default -> null;
            };
        }

        @Override
        public String toString() {
            return fail();
        }

        @Override
        public int hashCode() {
            return fail() == null ? 0 : 1;
        }

        @Override
        public boolean equals(Object other) {
            return fail() != null;
        }
    }

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{index}")
    @MethodSource("texts")
    void hostileTextIsHarmlessWhereverItIsShown(String text) throws Exception {
        everywhere(text, new Said(text), new Said(text + "."));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void whatCannotBeShownIsNoReasonToFail(int how) throws Exception {
        everywhere("text", new Unspeakable(how), new Unspeakable(how));
    }

    static Stream<Integer> ways() {
        return Stream.of(0, 1, 2, 3);
    }

    private void everywhere(String text, Object value, Object other) throws Exception {
        Rendering showing = Rendering.showingValues();
        EvidencePublisher evidence =
                EvidencePublisher.builder().rendering(showing).build();
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        RecordingPublisher recorded = new RecordingPublisher();
        Path file = folder.resolve("mismatches.jsonl");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger("dev.scientist");
        log.start();
        logger.setLevel(Level.TRACE);
        logger.setAdditive(false); // for its own eyes alone
        logger.addAppender(log);
        try (Scientist scientist = Scientist.builder()
                .publisher(new LoggingPublisher().rendering(showing))
                .publisher(new LoggingPublisher())
                .publisher(evidence)
                .publisher(new MicrometerPublisher(registry))
                .publisher(new EvidenceMeters(registry, evidence, Tolerance.standard()))
                .publisher(MismatchWriter.builder(file)
                        .rendering(showing)
                        .codec(Codec.of(String::valueOf, read -> read))
                        .open())
                .publisher(recorded)
                .failureHandler((experiment, operation, failure) -> {})
                .build()) {
            Experiment<Object> experiment = scientist
                    .experiment(nameOf(text, scientist))
                    .comparator((one, two) ->
                            one == two ? List.of() : List.of(Difference.of(text, one, two), Difference.of("", text, 2)))
                    .errorComparator((one, two) -> List.of(Difference.of(text, text, text)))
                    .context(() -> Map.of("key", value, text, text))
                    .ignore(reasonOf(text), (one, two) -> text.equals(one))
                    .build();

            for (Object input : new Object[] {value, text, null}) {
                assertThat(experiment.run(input, in -> value, in -> other)).isSameAs(value);
                assertThat(experiment.run(input, in -> text, in -> value)).isSameAs(text);
                IllegalStateException thrown = new IllegalStateException(text);
                assertThat(catchThrowable(() -> experiment.run(
                                input,
                                in -> {
                                    throw thrown;
                                },
                                in -> {
                                    throw new Exception(text);
                                })))
                        .isSameAs(thrown);
            }
            assertThat(experiment
                            .control(() -> value)
                            .candidate(nameOf(text), () -> other)
                            .context("k", value)
                            .run())
                    .isSameAs(value);

            EvidencePage page = new EvidencePage(scientist, evidence, Tolerance.standard());
            assertIsHarmlessMarkup(page.html());
            assertIsHarmlessMarkup(page.html(Map.of("experiment", experiment.name())));
            assertThat(new ObjectMapper().readTree(page.json()).has("forged")).isFalse();
            new EvidenceReport(evidence.evidence(), Tolerance.standard())
                    .text()
                    .lines()
                    .forEach(HostileTextTest::assertIsOneLine);
            for (String line : registry.scrape().split("\n", -1)) {
                assertIsOneLine(line);
                assertThat(line.isEmpty() || EXPOSITION.matcher(line).matches())
                        .as(line)
                        .isTrue();
            }
            assertThat(recorded.results()).hasSize(10);
            recorded.results().forEach(HostileTextTest::assertAFailingTestSaysItWell);
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list).isNotEmpty();
        log.list.forEach(event -> assertIsOneLineAndFrames(event.getFormattedMessage()));
        log.list.stream()
                .filter(event -> event.getKeyValuePairs() != null)
                .flatMap(event -> event.getKeyValuePairs().stream())
                .forEach(pair -> assertIsOneLine(String.valueOf(pair.value)));
        assertAllMismatchesAreRead(file);
    }

    /** The text as far as it can be a name; one that cannot is refused in words that are harmless themselves. */
    private static String nameOf(String text, Scientist scientist) {
        Throwable refused = catchThrowable(() -> scientist.experiment(text));
        if (refused == null) {
            return text;
        }
        assertThat(refused).isInstanceOf(IllegalArgumentException.class);
        assertIsOneLine(refused.getMessage());
        return nameOf(text);
    }

    private static String nameOf(String text) {
        String name = DISTURBING.matcher(text).replaceAll("?");
        return name.length() <= 200 ? name : name.substring(0, 200);
    }

    private static String reasonOf(String text) {
        return nameOf(text);
    }

    /** A mismatch comes with the candidate's stack trace, which has no message: frames, and names of classes. */
    private static void assertIsOneLineAndFrames(String text) {
        String[] lines = text.split("\n", -1);
        assertIsOneLine(lines[0]);
        for (String line : List.of(lines).subList(1, lines.length)) {
            assertThat(line).matches("\t*(at .+|\\.\\.\\. .+|(Caused by: |Suppressed: )?[\\w.$]+)");
            assertIsOneLine(line.strip());
        }
    }

    private static void assertIsOneLine(String line) {
        assertThat(DISTURBING.matcher(line).find())
                .as("disturbing: %s", Rendering.escaped(line.substring(0, Math.min(line.length(), 300))))
                .isFalse();
        assertThat(line).hasSizeLessThan(MAX_LINE);
    }

    private static void assertIsHarmlessMarkup(String html) {
        assertThat(html)
                .doesNotContain("<script", "<img", "onerror=alert(1)>\"")
                .hasSizeLessThan(200_000);
        html.lines()
                .forEach(line -> assertThat(DISTURBING.matcher(line).find())
                        .as("disturbing: %s", Rendering.escaped(line.substring(0, Math.min(line.length(), 300))))
                        .isFalse());
    }

    private static void assertAFailingTestSaysItWell(Result<?> result) {
        Throwable failed = catchThrowable(() -> ResultAssert.assertThat(result).candidate("no such candidate"));
        assertThat(failed).isInstanceOf(AssertionError.class);
        failed.getMessage().lines().forEach(HostileTextTest::assertIsOneLine);
        assertThat(failed.getMessage()).doesNotContain("\n2026-01-01 ERROR forged");
    }

    private static void assertAllMismatchesAreRead(Path file) throws Exception {
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(MismatchReader.read(file).mismatches().size()).isNotEmpty();
        for (String line : lines) {
            assertThat(new ObjectMapper().readTree(line).has("forged")).isFalse();
            assertThat(line.length()).isLessThan(1 << 20);
            assertThat(DISTURBING.matcher(line).find()).isFalse();
        }
    }

    /** A text that never ends cannot be ended by anybody; where values are not shown, it is not begun. */
    @Test
    void whatTakesForeverToShowIsNotAskedUnlessValuesAreToBeShown() {
        Object endless = new Object() {
            @Override
            public String toString() {
                throw new AssertionError("asked for its text");
            }
        };
        EvidencePublisher evidence = new EvidencePublisher();
        RecordingPublisher recorded = new RecordingPublisher();
        try (Scientist scientist = Scientist.builder()
                .publisher(new LoggingPublisher())
                .publisher(evidence)
                .publisher(new MicrometerPublisher(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)))
                .publisher(recorded)
                .failureHandler((experiment, operation, failure) -> {
                    throw new AssertionError(failure);
                })
                .build()) {
            Experiment<Object> experiment = scientist.experiment("endless").build();
            assertThat(experiment.run(endless, in -> endless, in -> new Object()))
                    .isSameAs(endless);
            assertThat(new EvidencePage(scientist, evidence, Tolerance.standard()).html())
                    .contains("endless");
            assertThat(recorded.results()).hasSize(1);
            assertThat(scientist.find("endless").orElseThrow().counts().published())
                    .isEqualTo(1);
        }
    }

    /** Where values are to be shown, it is the publisher's own thread that hangs, not the caller's. */
    @Test
    void whatTakesForeverToShowKeepsThePublishersThreadAlone() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Object endless = new Object() {
            @Override
            public String toString() {
                begun.countDown();
                while (release.getCount() > 0) {
                    Thread.onSpinWait();
                }
                return "released";
            }
        };
        ((Logger) LoggerFactory.getLogger(LoggingPublisher.LOGGER_NAME)).setLevel(Level.WARN);
        Scientist scientist = Scientist.builder()
                .publisher(new BackgroundPublisher(
                        new LoggingPublisher().rendering(Rendering.showingValues()), 10, Duration.ofMillis(100)))
                .failureHandler((experiment, operation, failure) -> {})
                .closeLimit(Duration.ofMillis(100))
                .build();
        Experiment<Object> experiment =
                scientist.experiment("endless").execution(Execution.inline()).build();
        for (int i = 0; i < 100; i++) {
            assertThat(experiment.run(() -> endless, () -> 1)).isSameAs(endless);
        }
        assertThat(catchThrowable(begun::await)).isNull();
        scientist.close();
        release.countDown();
        assertThat(experiment.counts().started()).isEqualTo(100);
    }
}
