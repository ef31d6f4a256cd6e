package dev.scientist.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.Execution;
import dev.scientist.Experiment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What several instances, or a process and the one before it, have seen together. */
class SumsOfEvidenceTest {

    private static ExperimentEvidence seen(Execution execution, long controlNanos, Object... inputs) {
        try (EvidenceLab lab = new EvidenceLab()) {
            Experiment<Integer> experiment = lab.scientist
                    .<Integer>experiment("price")
                    .execution(execution)
                    .build();
            experiment.run(inputs[0], any -> 1, any -> 1);
            lab.warm();
            for (Object input : inputs) {
                for (int i = 0; i < 20; i++) {
                    experiment.run(input, any -> lab.after(controlNanos, 1), any -> lab.after(10, 1));
                }
            }
            return lab.of("price");
        }
    }

    private static CandidateEvidence candidate(ExperimentEvidence evidence) {
        return evidence.candidates().get(0);
    }

    /** An instance that still runs an older build has times that are not fair: only the others' count. */
    @Test
    void timesThatAreFairAreNotMixedWithSuchAsAreNot() {
        ExperimentEvidence fair = seen(Execution.inline(), 100, 1);
        ExperimentEvidence unfair = seen(Execution.controlFirst(), 900, 1);

        for (ExperimentEvidence both : List.of(fair.besides(unfair), unfair.besides(fair))) {
            assertThat(candidate(both).timesUnfair()).isNull();
            assertThat(candidate(both).controlTimes()).isSameAs(candidate(fair).controlTimes());
            assertThat(candidate(both).candidateTimes())
                    .isSameAs(candidate(fair).candidateTimes());
            assertThat(candidate(both).runs()).isEqualTo(42);
        }
    }

    @Test
    void whereNoneIsFairTheReasonStays() {
        ExperimentEvidence unfair = seen(Execution.controlFirst(), 100, 1);

        assertThat(candidate(unfair.besides(unfair)).timesUnfair())
                .isEqualTo(candidate(unfair).timesUnfair())
                .isNotNull();
    }

    @Test
    void fairTimesAddUp() {
        ExperimentEvidence fair = seen(Execution.inline(), 100, 1);

        assertThat(candidate(fair.besides(fair)).controlTimes().count())
                .isEqualTo(2 * candidate(fair).controlTimes().count());
    }

    /** Values of the JDK are told apart; of others nobody knows whether they are few. */
    @Test
    void differentInputsAreCountedWhereTheyAreValuesOfTheJdk() {
        ExperimentEvidence known = seen(
                Execution.inline(),
                100,
                "text",
                1,
                2L,
                true,
                'c',
                1.5,
                2.5f,
                (short) 300,
                (byte) 40,
                Thread.State.NEW,
                new UUID(77, 0),
                BigDecimal.TEN,
                BigInteger.valueOf(12_345),
                LocalDate.of(2026, 1, 2),
                Duration.ofDays(9));
        ExperimentEvidence unknown = seen(Execution.inline(), 100, new Object());

        assertThat(known.facts().inputs()).isEqualTo(15);
        assertThat(unknown.facts().inputs()).isZero();
        assertThat(known.besides(unknown).facts().inputs()).isZero();
        assertThat(known.besides(known).facts().inputs()).isEqualTo(ExperimentEvidence.FEW_INPUTS + 1);
    }
}
