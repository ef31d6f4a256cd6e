package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.compare.Comparators;
import dev.scientist.evidence.CandidateEvidence;
import dev.scientist.evidence.Conclusion;
import dev.scientist.evidence.Conclusion.Finding;
import dev.scientist.evidence.Estimate;
import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.evidence.EvidenceReport;
import dev.scientist.evidence.ExperimentEvidence;
import dev.scientist.evidence.FleetEvidence;
import dev.scientist.evidence.Interval;
import dev.scientist.evidence.Intervals;
import dev.scientist.evidence.Tolerance;
import dev.scientist.gate.Gates;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The chapter on evidence of the README and of the guide. */
class ReadmeEvidenceTest {

    @Test
    void conclusion() {
        EvidencePublisher evidence = new EvidencePublisher();
        Scientist scientist = Scientist.builder()
                .publisher(evidence)
                .publisher(new LoggingPublisher())
                .build();

        Experiment<Integer> pricing = scientist
                .<Integer>experiment("pricing")
                .comparator(ResultComparator.equality())
                .build();
        for (int i = 0; i < 20_000; i++) {
            pricing.run(i, n -> n, n -> n);
        }

        Tolerance tolerance = Tolerance.standard().maxMismatchRate(0.0005).maxSlowDown(1.5, 2, 3);
        for (ExperimentEvidence experiment : evidence.evidence()) {
            for (CandidateEvidence candidate : experiment.candidates()) {
                Conclusion conclusion = candidate.conclusion(tolerance);
                System.out.println(candidate.candidate() + ": " + conclusion.verdict() + ". " + conclusion.reason());
            }
        }
        String forPeople = new EvidenceReport(evidence.evidence(), tolerance).text();
        String forPrograms = new EvidenceReport(evidence.evidence(), tolerance).json();

        scientist.close();
        assertThat(forPeople).contains("experiment 'pricing': 20,000 results", "mismatched 0", Conclusion.CAVEAT);
        assertThat(forPrograms).startsWith("{").contains("\"experiment\":\"pricing\"");
    }

    @Test
    void numbers() {
        EvidencePublisher evidence = new EvidencePublisher();
        Scientist scientist = Scientist.builder().publisher(evidence).build();
        Experiment<Integer> pricing = scientist.<Integer>experiment("pricing").build();
        for (int i = 0; i < 1_000; i++) {
            pricing.run(i, n -> n, n -> n % 100 == 0 ? -1 : n);
        }

        CandidateEvidence candidate =
                evidence.evidence("pricing").orElseThrow().candidates().get(0);
        Estimate rate = candidate.mismatchRate(0.05); // holds however often one looks
        Estimate ratio = candidate.timeRatio(0.99, 0.05); // candidate / control, at the 99th percentile
        Interval fleet = Intervals.anytimeRate(12, 3_400_000, 0.05); // counts from elsewhere

        scientist.close();
        assertThat(rate.value()).isEqualTo(0.01);
        assertThat(ratio.interval().upper()).isInfinite();
        assertThat(fleet.contains(12 / 3_400_000.0)).isTrue();
    }

    private static final Logger LOG = LoggerFactory.getLogger(ReadmeEvidenceTest.class);

    @Test
    void findings() {
        // README: evidence-findings
        EvidencePublisher evidence = new EvidencePublisher();
        Scientist scientist = Scientist.builder().publisher(evidence).build();
        Experiment<Integer> pricing = scientist.<Integer>experiment("pricing").build();
        // … and after some days
        for (CandidateEvidence candidate :
                evidence.evidence("pricing").orElseThrow().candidates()) {
            Conclusion conclusion = candidate.conclusion(Tolerance.standard());
            LOG.info("{}: {}. {}", candidate.candidate(), conclusion.verdict(), conclusion.reason());
            for (Finding finding : conclusion.findings()) {
                LOG.info("  {}: {}. {}", finding.question(), finding.verdict(), finding.sentence());
            }
        }
        // README end

        pricing.run(() -> 1, () -> 1);
        scientist.close();
        assertThat(evidence.evidence("pricing").orElseThrow().results()).isEqualTo(1);
    }

    @Test
    void tolerance() {
        // README: evidence-tolerance
        Tolerance tolerance = Tolerance.standard()
                .maxMismatchRate(0.0005) // of the compared runs
                .maxNotCompared(0.005) // failed, abandoned, dropped
                .maxShed(0.2)
                .maxIgnored(0.02) // noise apart
                .fewestRuns(5_000)
                .shortestTime(Duration.ofDays(7)) // a whole week, with its night jobs
                .maxSlowDown(1.1, 1.3, 2) // at 50, 95 and 99%; Double.POSITIVE_INFINITY where time does not matter
                .confidence(0.99);
        // README end

        assertThat(tolerance.shortestTime()).hasDays(7);
    }

    record Order(String requestId, int price) {}

    @Test
    void noise() {
        EvidencePublisher evidence = new EvidencePublisher();
        Scientist scientist = Scientist.builder().publisher(evidence).build();

        // README: evidence-noise
        Experiment<Order> orders = scientist
                .<Order>experiment("orders")
                .comparator(Comparators.structural())
                .baseline(Gates.percent(5)) // the control runs twice there
                .ignoringNoise()
                .build();
        // README end

        for (int i = 0; i < 5_000; i++) {
            orders.run(
                    () -> new Order(UUID.randomUUID().toString(), 1),
                    () -> new Order(UUID.randomUUID().toString(), 1));
        }
        scientist.close();
        assertThat(evidence.evidence("orders").orElseThrow().candidates().get(0).ignored())
                .containsOnlyKeys(Comparison.NOISE);
        assertThat(orders.noise()).containsOnlyKeys("requestId");
    }

    /** Not the folder of the example, which is not there. */
    private record Path(java.nio.file.Path file) {
        private static java.nio.file.Path of(String path) {
            return java.nio.file.Path.of(System.getProperty("java.io.tmpdir"), path.replace('/', '-'));
        }
    }

    @Test
    void restarts() throws IOException {
        // README: evidence-file
        EvidencePublisher evidence = EvidencePublisher.builder()
                .file(Path.of("/var/lib/shop/evidence.json")) // one for each process
                .build();
        Scientist scientist = Scientist.builder().publisher(evidence).build();
        Experiment<Integer> pricing = scientist
                .<Integer>experiment("pricing")
                .evidenceVersion("2") // changed when the candidate is
                .build();
        // README end

        pricing.run(() -> 1, () -> 1);
        scientist.close();
        assertThat(Files.readString(Path.of("/var/lib/shop/evidence.json"))).contains("\"version\":\"2\"");
        Files.delete(Path.of("/var/lib/shop/evidence.json"));
    }

    @Test
    void fleet() {
        // README: evidence-fleet
        FleetEvidence fleet = FleetEvidence.read(
                List.of("http://shop-1:8790/evidence.json", "http://shop-2:8790/evidence.json"), Duration.ofSeconds(5));
        for (ExperimentEvidence experiment : fleet.experiments()) {
            for (CandidateEvidence candidate : experiment.candidates()) {
                Conclusion conclusion = candidate.conclusion(fleet.tolerance());
                LOG.info("{}: {}. {}", experiment.experiment(), conclusion.verdict(), conclusion.reason());
            }
        }
        fleet.missing().forEach((instance, why) -> LOG.warn("{} was not read: {}", instance, why));
        // README end

        assertThat(fleet.missing()).hasSize(2);
    }
}
