package dev.scientist.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scientist.ChildJvm;
import dev.scientist.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetEvidenceTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private final Map<String, Long> truth = new TreeMap<>();

    /** Starts a process of an instance, and waits for what it saw. Returns the address of its evidence. */
    private String seenBy(Process process) throws IOException {
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        while (line != null && !line.startsWith("at ")) {
            int equals = line.lastIndexOf('=');
            truth.merge(line.substring(0, equals), Long.valueOf(line.substring(equals + 1)), Long::sum);
            line = out.readLine();
        }
        assertThat(line).as("the instance ended early").isNotNull();
        return line.substring(3);
    }

    private Process start(String file, int seed, int runs, Duration later, String... serve) throws IOException {
        List<String> command = ChildJvm.command(
                FleetInstance.class,
                List.of("-Xmx200m"),
                folder.resolve(file).toString(),
                String.valueOf(seed),
                String.valueOf(runs),
                String.valueOf(later.toMillis()));
        command.addAll(List.of(serve));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Three instances, two of them restarted; one is asked while it runs. */
    @Test
    void addsUpThreeInstancesWithTheirRestarts() throws Exception {
        Process first = start("one.json", 1, 7_000, Duration.ZERO);
        seenBy(first);
        assertThat(first.waitFor()).isZero();
        Process second = start("two.json", 2, 9_000, Duration.ZERO);
        seenBy(second);
        assertThat(second.waitFor()).isZero();
        first = start("one.json", 3, 6_000, Duration.ofHours(1));
        seenBy(first);
        assertThat(first.waitFor()).isZero();
        second = start("two.json", 4, 500, Duration.ofHours(1));
        seenBy(second);
        assertThat(second.waitFor()).isZero();
        Process third = start("three.json", 5, 8_000, Duration.ofHours(1), "serve");
        String address = seenBy(third);

        FleetEvidence fleet = FleetEvidence.read(
                List.of(
                        folder.resolve("one.json").toString(),
                        folder.resolve("two.json").toString(),
                        address,
                        folder.resolve("none.json").toString()),
                SOON);
        Process program = program(address, folder.resolve("one.json").toString(), "http://127.0.0.1:1/evidence.json");
        String printed = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        third.getOutputStream().close();
        assertThat(third.waitFor(60, TimeUnit.SECONDS)).isTrue();

        assertThat(fleet.instances()).hasSize(3);
        assertThat(fleet.missing()).containsOnlyKeys(folder.resolve("none.json").toString());
        assertThat(fleet.tolerance()).isEqualTo(Tolerance.standard().maxMismatchRate(0.01));
        ExperimentEvidence price = fleet.experiments().get(0);
        assertThat(price.results()).isEqualTo(30_500);
        // 50 ms a run; of the instances the longest
        assertThat(price.seen()).hasMillis((7_000 - 1 + 6_000 - 1) * 50);
        assertThat(seen(price)).containsExactlyEntriesOf(truth);
        Conclusion a = price.candidates().get(0).conclusion(fleet.tolerance());
        assertThat(a.reason())
                .endsWith("Not seen: the instance " + folder.resolve("none.json") + " (there is no such file).");

        assertThat(printed)
                .startsWith("2 of 3 instances\nmissing: http://127.0.0.1:1/evidence.json: ")
                .contains("experiment 'price': 21,000 results", "  missing: http://127.0.0.1:1/", "candidate 'a': ")
                .contains("Judged by: mismatch rate up to 1%");
        assertThat(program.waitFor()).isEqualTo(1);
    }

    /** By the core's classes alone. */
    private static Process program(String... instances) throws Exception {
        Path classes = Path.of(
                Fleet.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<String> command = ChildJvm.command(Fleet.class, List.of("-Xmx200m"), instances);
        command.set(command.indexOf("-cp") + 1, classes.toString());
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static Map<String, Long> seen(ExperimentEvidence price) {
        Map<String, Long> seen = new TreeMap<>();
        for (CandidateEvidence candidate : price.candidates()) {
            String name = candidate.candidate();
            for (Outcome outcome : Outcome.values()) {
                if (candidate.count(outcome) > 0) {
                    seen.put(name + "." + outcome, candidate.count(outcome));
                }
            }
            candidate.places().forEach((place, count) -> seen.put(name + "@" + place, count));
            candidate
                    .candidateTimes()
                    .forEach((nanos, count) -> seen.put(name + "#" + TimeHistogram.bucket(nanos), count));
            candidate
                    .controlTimes()
                    .forEach((nanos, count) -> seen.put(name + "-control#" + TimeHistogram.bucket(nanos), count));
        }
        return seen;
    }

    @Test
    void versionsAreNotMixed() throws IOException {
        for (String version : List.of("1", "2")) {
            ExperimentEvidence evidence = Numbers.matched(10).experiment();
            Files.writeString(
                    folder.resolve(version),
                    new JsonReport(null)
                            .of(List.of(evidence))
                            .replace("\"version\":\"\"", "\"version\":\"" + version + "\""));
        }

        FleetEvidence fleet = FleetEvidence.read(
                List.of(folder.resolve("1").toString(), folder.resolve("2").toString()), SOON);
        assertThat(fleet.experiments()).extracting(ExperimentEvidence::version).containsExactly("1", "2");
        assertThat(fleet.experiments()).extracting(ExperimentEvidence::results).containsExactly(10L, 10L);
        assertThat(fleet.tolerance()).isEqualTo(Tolerance.standard());
    }

    @Test
    void whatIsNoEvidenceIsMissing() throws IOException {
        Files.writeString(folder.resolve("text"), "hello");
        Files.writeString(folder.resolve("newer"), "{\"format\":\"dev.scientist.evidence\",\"version\":2}");

        FleetEvidence fleet = FleetEvidence.read(
                List.of(
                        folder.resolve("text").toString(),
                        folder.resolve("newer").toString(),
                        "http://no such host/",
                        "a\0b"),
                SOON);
        assertThat(fleet.experiments()).isEmpty();
        assertThat(fleet.missing()).hasSize(4);
        assertThat(fleet.missing().get(folder.resolve("newer").toString()))
                .isEqualTo("this is evidence of version 2, and only that of version 1 is understood");
    }

    @Test
    void saysWhatIsWrongWithWhatItIsGiven() {
        assertThatThrownBy(() -> FleetEvidence.read(List.of(), SOON)).hasMessage("instances: at least one is needed");
        assertThatThrownBy(() -> FleetEvidence.read(List.of("x", "x"), SOON)).hasMessage("instances: x is there twice");
        assertThatThrownBy(() -> FleetEvidence.read(List.of("x"), Duration.ZERO))
                .hasMessage("timeout must be at least a millisecond, not PT0S");
    }
}
