package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.evidence.CandidateEvidence;
import dev.scientist.evidence.Conclusion;
import dev.scientist.evidence.Estimate;
import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.evidence.EvidenceReport;
import dev.scientist.evidence.ExperimentEvidence;
import dev.scientist.evidence.Interval;
import dev.scientist.evidence.Intervals;
import dev.scientist.evidence.Tolerance;
import org.junit.jupiter.api.Test;

/** The README's chapter on evidence. */
class ReadmeEvidenceTest {

    @Test
    void conclusion() {
        // README: evidence
        EvidencePublisher evidence = new EvidencePublisher();
        Scientist scientist = Scientist.builder()
                .publisher(evidence)
                .publisher(new LoggingPublisher())
                .build();
        // README end

        Experiment<Integer> pricing = scientist
                .<Integer>experiment("pricing")
                .comparator(ResultComparator.equality())
                .build();
        for (int i = 0; i < 20_000; i++) {
            pricing.run(i, n -> n, n -> n);
        }

        // README: conclusion
        Tolerance tolerance = Tolerance.standard().maxMismatchRate(0.0005).maxSlowDown(1.5, 2, 3);
        for (ExperimentEvidence experiment : evidence.evidence()) {
            for (CandidateEvidence candidate : experiment.candidates()) {
                Conclusion conclusion = candidate.conclusion(tolerance);
                System.out.println(candidate.candidate() + ": " + conclusion.verdict() + ". " + conclusion.reason());
            }
        }
        String forPeople = new EvidenceReport(evidence.evidence(), tolerance).text();
        String forPrograms = new EvidenceReport(evidence.evidence(), tolerance).json();
        // README end

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

        // README: numbers
        CandidateEvidence candidate =
                evidence.evidence("pricing").orElseThrow().candidates().get(0);
        Estimate rate = candidate.mismatchRate(0.05); // holds however often one looks
        Estimate ratio = candidate.timeRatio(0.99, 0.05); // candidate / control, at the 99th percentile
        Interval fleet = Intervals.anytimeRate(12, 3_400_000, 0.05); // counts from elsewhere
        // README end

        scientist.close();
        assertThat(rate.value()).isEqualTo(0.01);
        assertThat(ratio.interval().upper()).isInfinite();
        assertThat(fleet.contains(12 / 3_400_000.0)).isTrue();
    }
}
