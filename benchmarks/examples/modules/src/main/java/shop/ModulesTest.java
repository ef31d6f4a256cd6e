package shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.Experiment;
import dev.scientist.Scientist;
import dev.scientist.compare.Comparators;
import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.gate.Gates;
import dev.scientist.junit.Parity;
import dev.scientist.junit.ParityTest;
import dev.scientist.junit.WithScientist;
import dev.scientist.micrometer.MicrometerPublisher;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.ValueSource;

@WithScientist
class ModulesTest {

    record Price(String item, int amount) {}

    @Test
    void allAreNamedModules() {
        assertThat(getClass().getModule().getName()).isEqualTo("shop");
        assertThat(Scientist.class.getModule().getName()).isEqualTo("dev.scientist");
        assertThat(MicrometerPublisher.class.getModule().getName()).isEqualTo("dev.scientist.micrometer");
        assertThat(ParityTest.class.getModule().getName()).isEqualTo("dev.scientist.junit");
    }

    @Test
    void experimentWithMetersAndEvidence() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        EvidencePublisher evidence = new EvidencePublisher();
        try (Scientist scientist = Scientist.builder()
                .publisher(new MicrometerPublisher(registry))
                .publisher(evidence)
                .build()) {
            Experiment<Price> experiment = scientist
                    .<Price>experiment("price")
                    .gate(Gates.percent(100))
                    .comparator(Comparators.structural()) // reflects on a record of this module
                    .build();
            assertThat(experiment.run(() -> new Price("apple", 3), () -> new Price("apple", 3)))
                    .isEqualTo(new Price("apple", 3));
        }
        assertThat(registry.get("scientist.comparisons")
                        .tag("candidate", "candidate")
                        .tag("outcome", "matched")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(evidence.evidence("price").orElseThrow().candidates()).hasSize(1);
    }

    @Test
    void scientistOfTheTest(Scientist scientist) {
        assertThat(scientist.<Integer>experiment("sum").build().run(() -> 1 + 2, () -> 3))
                .isEqualTo(3);
    }

    @ParityTest
    @ValueSource(ints = {0, 1, 7})
    void parity(Parity<Integer, Integer> parity) {
        parity.run(quantity -> quantity * 3, quantity -> quantity + quantity + quantity);
    }
}
