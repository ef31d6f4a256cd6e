package dev.scientist.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.scientist.Difference;
import dev.scientist.Experiment;
import dev.scientist.LogLines;
import dev.scientist.Operation;
import dev.scientist.Scientist;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept over restarts. */
class EvidenceFileTest {

    @TempDir
    private Path folder;

    private final AtomicLong millis = new AtomicLong(EvidenceLab.START.toEpochMilli());
    private final List<Operation> failed = new ArrayList<>();

    private Path file() {
        return folder.resolve("evidence.json");
    }

    private EvidencePublisher publisher() {
        return EvidencePublisher.builder()
                .clock(() -> Instant.ofEpochMilli(millis.get()))
                .file(file())
                .build();
    }

    private static Experiment<Integer> experiment(
            Scientist scientist, String name, UnaryOperator<Experiment.Builder<Integer>> settings) {
        return settings.apply(scientist
                        .<Integer>experiment(name)
                        .comparator((a, b) -> a.equals(b)
                                ? List.of()
                                : List.of(Difference.of("price", a, b), Difference.of("vat", a, b)))
                        .ignore("rounding", (a, b) -> b == 3))
                .build();
    }

    /** One process after another: starts, runs, and is closed. Returns what it knew at the end. */
    private ExperimentEvidence process(
            UnaryOperator<Experiment.Builder<Integer>> settings, Consumer<Experiment<Integer>> runs) {
        EvidencePublisher evidence = publisher();
        try (Scientist scientist = Scientist.builder()
                .publisher(evidence)
                .failureHandler((experiment, operation, failure) -> failed.add(operation))
                .build()) {
            runs.accept(experiment(scientist, "price", settings));
        }
        return evidence.evidence("price").orElseThrow();
    }

    private void run(Experiment<Integer> experiment, int times, int candidate) {
        for (int i = 0; i < times; i++) {
            experiment.run(() -> 1, () -> candidate);
            millis.addAndGet(100);
        }
    }

    @Test
    void twoProcessesThatWriteToOneFileAreSaidOnce() throws IOException {
        try (LogLines log = new LogLines(EvidencePublisher.class.getName())) {
            EvidencePublisher one = publisher();
            one.close();
            one.close(); // what it has written itself is no other process
            assertThat(log.lines()).noneMatch(line -> line.contains("another process"));

            EvidencePublisher other = publisher();
            other.close();
            one.close();
            other.close();
            one.close();
            assertThat(log.lines().stream().filter(line -> line.contains("another process writes to " + file())))
                    .as("one line of each")
                    .hasSize(2);
        }
    }

    @Test
    void aFolderThatIsMissingIsSaidAtTheStart() {
        Path folder = file().resolveSibling("no-such-folder").toAbsolutePath();
        try (LogLines log = new LogLines(EvidencePublisher.class.getName())) {
            EvidencePublisher.builder().file(folder.resolve("evidence.json")).build();

            assertThat(log.lines())
                    .contains("WARN evidence cannot be saved: there is no folder " + folder + "; create it");
        }
    }

    @Test
    void anExperimentGoesOnWhereTheLastProcessEnded() throws IOException {
        ExperimentEvidence before = process(settings -> settings, price -> {
            run(price, 6_000, 1);
            run(price, 20, 2);
            run(price, 7, 3);
        });
        millis.addAndGet(Duration.ofMinutes(5).toMillis());

        ExperimentEvidence restarted = process(settings -> settings, price -> {});
        assertThat(restarted.seen()).isEqualTo(before.seen());
        assertThat(new JsonReport(null).of(List.of(restarted)).replaceAll("\"at\":\"[^\"]*\"", ""))
                .isEqualTo(new JsonReport(null).of(List.of(before)).replaceAll("\"at\":\"[^\"]*\"", ""));

        ExperimentEvidence both = process(settings -> settings, price -> run(price, 500, 2));
        assertThat(both.results()).isEqualTo(6_527);
        assertThat(both.since()).isEqualTo(EvidenceLab.START);
        assertThat(both.seen()).isEqualTo(before.seen().plusMillis(49_900));
        CandidateEvidence candidate = both.candidates().get(0);
        assertThat(candidate.mismatches()).isEqualTo(520);
        assertThat(candidate.places()).containsEntry("price", 520L).containsEntry("vat", 520L);
        assertThat(candidate.ignored()).containsEntry("rounding", 7L);
        assertThat(candidate.differences()).hasSize(1);
        assertThat(candidate.differences().get(0).count()).isEqualTo(520);
        assertThat(candidate.differences().get(0).examples()).hasSize(EvidencePublisher.MAX_EXAMPLES);
        assertThat(candidate.controlTimes().count() + candidate.candidateTimes().count())
                .as("each process has its warm-up")
                .isEqualTo(1_027);
        assertThat(candidate.lately().mismatches())
                .as("of both, as that was just now")
                .isEqualTo(520);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file());
        }
        assertThat(failed).isEmpty();
    }

    @Test
    void whatWasOfLateIsNotAfterAnHour() {
        process(settings -> settings, price -> run(price, 100, 2));
        millis.addAndGet(Duration.ofHours(2).toMillis());

        CandidateEvidence candidate = process(settings -> settings, price -> run(price, 10, 1))
                .candidates()
                .get(0);
        assertThat(candidate.mismatches()).isEqualTo(100);
        assertThat(candidate.lately().runs()).isEqualTo(10);
        assertThat(candidate.lately().mismatches()).isZero();
    }

    @Test
    void noiseIsKnownAtOnceAfterARestart() {
        AtomicLong stamp = new AtomicLong();
        UnaryOperator<Experiment.Builder<Integer>> noisy =
                settings -> settings.baseline((request, input) -> true).ignoringNoise();
        Consumer<Experiment<Integer>> runs = price -> {
            for (int i = 0; i < 40; i++) {
                price.run(() -> 10 + (int) stamp.incrementAndGet(), () -> 5);
            }
        };
        assertThat(process(noisy, runs).candidates().get(0).trueMismatches()).isEqualTo(40);

        CandidateEvidence restarted = process(noisy, runs).candidates().get(0);
        assertThat(restarted.count(dev.scientist.Outcome.MISMATCHED)).isEqualTo(80);
        assertThat(restarted.trueMismatches())
                .as("80 runs of the control against itself")
                .isZero();
        assertThat(restarted.lately().trueMismatches()).isZero();
    }

    @Test
    void anotherVersionOfTheCandidateBeginsAnew() {
        process(settings -> settings.evidenceVersion("1"), price -> run(price, 10, 2));

        ExperimentEvidence second = process(settings -> settings.evidenceVersion("2"), price -> run(price, 3, 1));
        assertThat(second.version()).isEqualTo("2");
        assertThat(second.results()).isEqualTo(3);
        assertThat(process(settings -> settings.evidenceVersion("2"), price -> {})
                        .results())
                .isEqualTo(3);
    }

    @Test
    void experimentsThatWereNotDefinedThisTimeAreKept() {
        process(settings -> settings, price -> run(price, 10, 1));
        EvidencePublisher evidence = publisher();
        try (Scientist other = Scientist.builder().publisher(evidence).build()) {
            experiment(other, "other", settings -> settings).run(() -> 1, () -> 1);
        }

        assertThat(process(settings -> settings, price -> {}).results()).isEqualTo(10);
    }

    @Test
    void resetForgetsAllOfAnExperimentAtOnce() throws IOException {
        process(settings -> settings, price -> run(price, 10, 2));
        EvidencePublisher evidence = publisher();
        try (Scientist scientist = Scientist.builder().publisher(evidence).build()) {
            Experiment<Integer> price = experiment(scientist, "price", settings -> settings);
            run(price, 5, 2);
            assertThat(evidence.reset("price")).isTrue();
            assertThat(evidence.evidence("price").orElseThrow().results()).isZero();
            assertThat(JsonEvidence.read(Files.readString(file()))
                            .experiments()
                            .get(0)
                            .results())
                    .isZero();
            run(price, 1, 1);
            assertThat(evidence.reset("unknown")).isFalse();
        }

        assertThat(process(settings -> settings, price -> {}).results()).isEqualTo(1);
    }

    @Test
    void aFileThatCannotBeReadIsLeftAloneAndThatIsSaid() throws IOException {
        for (String content : List.of(
                "{\"format\":\"dev.scientist.evidence\",\"version\":1,\"experiments\":[{\"experi",
                "{\"format\":\"dev.scientist.evidence\",\"version\":99,\"experiments\":[]}",
                "{\"format\":\"dev.scientist.evidence\",\"version\":1,\"experiments\":[{\"experiment\":7}]}",
                "[]",
                "")) {
            Files.writeString(file(), content);
            try (LogLines log = new LogLines(EvidencePublisher.class.getName())) {
                ExperimentEvidence evidence = process(settings -> settings, price -> run(price, 3, 1));

                assertThat(evidence.results()).as(content).isEqualTo(3);
                assertThat(log.lines())
                        .singleElement()
                        .asString()
                        .startsWith("WARN evidence begins anew, and is not kept: " + file() + " is left alone");
            }
            assertThat(file()).hasContent(content);
        }
    }

    @Test
    void savesNowAndThen() throws IOException {
        EvidencePublisher evidence = EvidencePublisher.builder()
                .file(file())
                .saveEvery(Duration.ofMillis(5))
                .build();
        try (Scientist scientist = Scientist.builder().publisher(evidence).build()) {
            experiment(scientist, "price", settings -> settings).run(() -> 1, () -> 1);
            long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (saved() == 0 && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            assertThat(saved()).isEqualTo(1);
        }
    }

    private long saved() throws IOException {
        return !Files.exists(file())
                ? 0
                : JsonEvidence.read(Files.readString(file())).experiments().stream()
                        .mapToLong(ExperimentEvidence::results)
                        .sum();
    }

    @Test
    void savesThoughWhoeverClosesIsInterrupted() {
        process(settings -> settings, price -> {
            run(price, 3, 1);
            Thread.currentThread().interrupt();
        });

        assertThat(Thread.interrupted()).isTrue();
        assertThat(process(settings -> settings, price -> {}).results()).isEqualTo(3);
    }

    @Test
    void whatCannotBeSavedIsReported() throws IOException {
        EvidencePublisher evidence = EvidencePublisher.builder()
                .file(folder.resolve("none").resolve("evidence.json"))
                .build();
        try (Scientist scientist = Scientist.builder()
                .publisher(evidence)
                .failureHandler((experiment, operation, failure) -> failed.add(operation))
                .build()) {
            experiment(scientist, "price", settings -> settings).run(() -> 1, () -> 1);
        }

        assertThat(failed).containsExactly(Operation.NOTIFY);
        assertThatThrownBy(evidence::close).isInstanceOf(IOException.class);
    }

    @Test
    void whatIsServedAndWhatIsSavedIsAsTheSchemaSays() throws IOException {
        JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(EvidencePublisher.class.getResourceAsStream("evidence.schema.json"));
        ExperimentEvidence evidence = process(
                settings -> settings.baseline((request, input) -> true)
                        .snapshot(value -> value)
                        .trait("value", value -> value),
                price -> {
                    price.switchOff();
                    price.switchOn();
                    run(price, 5_200, 1);
                    run(price, 2, 2);
                    run(price, 1, 3);
                    price.run(() -> 1, () -> {
                        throw new IllegalStateException();
                    });
                });
        String served = new EvidenceReport(
                        List.of(evidence), Tolerance.standard().maxSlowDown(Double.POSITIVE_INFINITY))
                .json();
        assertThat(served)
                .contains(
                        "\"state\":{\"on\":false,\"shut\":false,\"stopped\":null,\"gate\":null,",
                        "\"what\":\"switched off\"")
                .contains("\"history\":{\"minutes\":[{\"from\":")
                .contains("\"traits\":{\"value\":{\"1 to 9\":{\"compared\":");
        assertThat(Files.readString(file()))
                .contains("\"traits\":{\"value\":")
                .doesNotContain("\"state\"", "\"history\"");
        String standard = new EvidenceReport(List.of(evidence.missing(List.of("x"))), Tolerance.standard()).json();

        for (String json : List.of(
                served,
                standard,
                Files.readString(file()),
                new EvidenceReport(List.of(), Tolerance.standard()).json())) {
            assertThat(schema.validate(json, InputFormat.JSON)).isEmpty();
        }
        assertThat(schema.validate(served.replace("\"noise\":0", "\"noise\":-1"), InputFormat.JSON))
                .isNotEmpty();
        // what is read from it is what was written
        JsonEvidence read = JsonEvidence.read(standard);
        assertThat(new EvidenceReport(read.experiments(), Tolerance.standard()).json())
                .isEqualTo(standard);
        assertThat(read.tolerance()).isEqualTo(Tolerance.standard());
        assertThat(JsonEvidence.read(served).tolerance())
                .isEqualTo(Tolerance.standard().maxSlowDown(Double.POSITIVE_INFINITY));
    }

    /** Another build of the same version may have more fields, outcomes and reasons. */
    @Test
    void whatANewerBuildAddsIsPassedOverOrCountedAsUnknown() {
        String json = new JsonReport(null)
                .of(List.of(Numbers.matched(5)
                        .dropped(3, dev.scientist.Drop.REJECTED)
                        .experiment()))
                .replace("\"rejected\":3", "\"eaten_by_a_dog\":3")
                .replace("\"format\":", "\"new\":{\"a\":[1]},\"format\":");

        CandidateEvidence read =
                JsonEvidence.read(json).experiments().get(0).candidates().get(0);
        assertThat(read.notCompared()).isEqualTo(3);
        assertThat(read.compared()).isEqualTo(5);
    }

    @Test
    void aFileIsSavedNowAndThenAndNotAllTheTime() {
        assertThatThrownBy(() -> EvidencePublisher.builder().saveEvery(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("save every must be more than zero, not PT0S");
    }
}
