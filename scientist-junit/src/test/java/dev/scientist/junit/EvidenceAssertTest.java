package dev.scientist.junit;

import static dev.scientist.junit.EvidenceAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scientist.Experiment;
import dev.scientist.Scientist;
import dev.scientist.evidence.Conclusion.Verdict;
import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.evidence.ExperimentEvidence;
import dev.scientist.evidence.Tolerance;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class EvidenceAssertTest {

    private static ExperimentEvidence evidence(Consumer<Experiment<Integer>> runs) {
        EvidencePublisher evidence = new EvidencePublisher();
        try (Scientist scientist = Scientist.builder()
                .publisher(evidence)
                .failureHandler((experiment, operation, failure) -> {})
                .build()) {
            runs.accept(scientist
                    .<Integer>experiment("price")
                    .afterRun(result -> {
                        if (result.mismatched()) {
                            throw new IllegalStateException("hook");
                        }
                    })
                    .build());
        }
        return evidence.evidence("price").orElseThrow();
    }

    @Test
    void holdsWhereAllMatched() {
        assertThat(evidence(price -> price.run(() -> 1, () -> 1)))
                .hasAtLeastResults(1)
                .matchedThroughout()
                .hasMismatches("candidate", 0)
                .hasNothingLost()
                .concludes("candidate", Verdict.INCONCLUSIVE, Tolerance.standard());
    }

    @Test
    void tellsWhatWasThere() {
        ExperimentEvidence evidence = evidence(price -> {
            price.run(() -> 1, () -> 1);
            price.run(() -> 1, () -> 2);
        });
        assertThat(evidence).hasMismatches("candidate", 1);
        assertThatThrownBy(() -> assertThat(evidence).hasAtLeastResults(3))
                .hasMessageStartingWith("expected of experiment 'price' at least 3 results, but there were 2");
        assertThatThrownBy(() -> assertThat(evidence).matchedThroughout())
                .hasMessageStartingWith("expected of experiment 'price' candidate 'candidate' to match throughout, "
                        + "but of 2 runs 1 mismatched and 0 were not compared");
        assertThatThrownBy(() -> assertThat(evidence).hasMismatches("candidate", 2))
                .hasMessageStartingWith("expected of experiment 'price' 2 mismatches of 'candidate', but there were 1");
        assertThatThrownBy(() -> assertThat(evidence).hasMismatches("rewrite", 2))
                .hasMessageStartingWith(
                        "expected of experiment 'price' a candidate 'rewrite', but there were [candidate]");
        assertThatThrownBy(() -> assertThat(evidence).hasNothingLost())
                .hasMessageStartingWith("expected of experiment 'price' no drops and no failures, "
                        + "but there were {} and {AFTER_RUN=1}");
        assertThatThrownBy(() -> assertThat(evidence).concludes("candidate", Verdict.READY, Tolerance.standard()))
                .hasMessageStartingWith("expected of experiment 'price' 'candidate' to be READY, but it is ");
    }

    @Test
    void findsNothingProvedWhereNothingRan() {
        assertThatThrownBy(() -> assertThat(evidence(price -> {})).matchedThroughout())
                .hasMessageContaining("at least 1 results, but there were 0");
    }
}
