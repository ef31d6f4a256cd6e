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
    void tellsWhichRunsMismatch() {
        EvidencePublisher publisher = new EvidencePublisher();
        try (Scientist scientist = Scientist.builder().publisher(publisher).build()) {
            Experiment<Integer> price = scientist
                    .<Integer>experiment("price")
                    .trait("country", String.class, country -> country)
                    .build();
            for (int i = 0; i < 1_000; i++) {
                price.run(i % 20 == 0 ? "DE" : "FR", country -> 1, country -> country.equals("DE") ? 2 : 1);
            }
        }
        ExperimentEvidence evidence = publisher.evidence("price").orElseThrow();

        assertThat(evidence).hintsAt("candidate", "country", "DE");
        assertThatThrownBy(() -> assertThat(evidence).hintsAt("candidate", "country", "FR"))
                .hasMessageStartingWith(
                        "expected of experiment 'price' a hint to country = FR, but there were"
                                + " [100% of the mismatches are at country = DE, which is 5% of the runs: 50 of its 50 runs mismatch]");
        assertThatThrownBy(() -> assertThat(evidence).hintsAtNothing("candidate"))
                .hasMessageStartingWith(
                        "expected of experiment 'price' no hints to inputs that mismatch, but there were");
        assertThat(evidence(price -> price.run(() -> 1, () -> 2))).hintsAtNothing("candidate");
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
