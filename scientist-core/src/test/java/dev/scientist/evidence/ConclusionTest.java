package dev.scientist.evidence;

import static dev.scientist.evidence.Conclusion.Verdict.INCONCLUSIVE;
import static dev.scientist.evidence.Conclusion.Verdict.NOT_READY;
import static dev.scientist.evidence.Conclusion.Verdict.READY;
import static dev.scientist.evidence.EvidenceLab.counted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConclusionTest {

    private static final long SEED = Long.getLong("scientist.seed", 20_240_607L);
    private static final Tolerance STANDARD = Tolerance.standard();

    @Test
    void isReadyOnceEveryUpperBoundIsWithinTheTolerance() {
        Conclusion conclusion = counted(20_000, 0, 50, 0, 0, 0.9).conclusion(STANDARD);

        assertThat(conclusion.verdict()).isEqualTo(READY);
        assertThat(conclusion.cleanRunsToReady()).hasValue(0);
        assertThat(conclusion.reason())
                .isEqualTo(
                        "The mismatch rate is at most 0.0425%, within the 0.1% allowed (0 mismatches in 20,050 compared"
                                + " runs); it typically takes at most 0.903 times the control's time, within the 1.2 allowed.");
    }

    @Test
    void isNotReadyWhenTheMismatchRateIsSurelyTooHigh() {
        Conclusion conclusion = counted(9_900, 100, 0, 0, 0, 0.9).conclusion(STANDARD);

        assertThat(conclusion.verdict()).isEqualTo(NOT_READY);
        assertThat(conclusion.reason())
                .isEqualTo("The mismatch rate is at least 0.655%, above the 0.1% allowed (100 mismatches in 10,000"
                        + " compared runs).");
        assertThat(conclusion.cleanRunsToReady()).isPresent();
    }

    @Test
    void isInconclusiveWhileBothAnswersArePossible() {
        Conclusion conclusion = counted(2_000, 1, 0, 0, 0, 0.9).conclusion(STANDARD);

        assertThat(conclusion.verdict()).isEqualTo(INCONCLUSIVE);
        assertThat(conclusion.reason())
                .startsWith("The mismatch rate may be up to 0.")
                .endsWith("compared runs).");
    }

    @Test
    void isInconclusiveBeforeTheFirstRun() {
        Conclusion conclusion =
                counted(0, 0, 0, 0, 0, Double.NaN, Double.NaN, null).conclusion(STANDARD);

        assertThat(conclusion.verdict()).isEqualTo(INCONCLUSIVE);
        assertThat(conclusion.reason())
                .contains("may be up to 100%", "0 mismatches in 0 compared runs", "too few runs to compare times (0)")
                .endsWith("only 0 of the 1,000 runs that are the fewest to judge by were compared.");
        assertThat(conclusion.cleanRunsToReady()).isPresent();
    }

    @Test
    void waitsForTheFewestRunsHoweverWellTheyGo() {
        Tolerance lax = STANDARD.maxMismatchRate(0.5).maxNotCompared(0.5);

        assertThat(counted(999, 0, 0, 0, 0, 0.5).conclusion(lax).verdict()).isEqualTo(INCONCLUSIVE);
        assertThat(counted(999, 0, 0, 0, 0, 0.5).conclusion(lax).cleanRunsToReady())
                .hasValue(1);
        assertThat(counted(1_000, 0, 0, 0, 0, 0.5).conclusion(lax).verdict()).isEqualTo(READY);
    }

    @Test
    void isNotReadyWhenItIsSurelyTooSlowAndNoCleanRunCouldHelp() {
        Conclusion conclusion = counted(50_000, 0, 0, 0, 0, 1.5).conclusion(STANDARD);

        assertThat(conclusion.verdict()).isEqualTo(NOT_READY);
        assertThat(conclusion.reason())
                .isEqualTo("It typically takes at least 1.49 times the control's time, above the 1.2 allowed.");
        assertThat(conclusion.cleanRunsToReady()).isEmpty();
        assertThat(counted(50_000, 0, 0, 0, 0, 1.5)
                        .conclusion(STANDARD.maxSlowDown(Double.POSITIVE_INFINITY))
                        .verdict())
                .isEqualTo(READY);
    }

    @Test
    void runsThatCouldNotBeComparedStandAgainstReady() {
        assertThat(counted(50_000, 0, 0, 0, 0, 1).conclusion(STANDARD).verdict())
                .isEqualTo(READY);

        Conclusion some = counted(50_000, 0, 0, 260, 240, 1).conclusion(STANDARD);
        assertThat(some.verdict()).isEqualTo(INCONCLUSIVE);
        assertThat(some.reason()).startsWith("The part of the runs that could not be compared may be up to 1.1");

        Conclusion many = counted(50_000, 0, 0, 0, 2_000, 1).conclusion(STANDARD);
        assertThat(many.verdict()).isEqualTo(NOT_READY);
        assertThat(many.reason()).contains("could not be compared is at least 3.", "(2,000 of 52,000)");
    }

    @Test
    void runsThatWereNotComparedAreInNoMismatchRate() {
        CandidateEvidence evidence = counted(90, 10, 0, 500, 400, 1);

        assertThat(evidence.compared()).isEqualTo(100);
        assertThat(evidence.notCompared()).isEqualTo(900);
        assertThat(evidence.runs()).isEqualTo(1_000);
        assertThat(evidence.mismatchRate(0.05).value()).isEqualTo(0.1);
        assertThat(evidence.notComparedRate(0.05).value()).isEqualTo(0.9);
    }

    @Test
    void doesNotBlameTheCandidateForNoise() {
        CandidateEvidence noise = counted(9_800_000, 200_000, 0, 0, 0, 1);
        CandidateEvidence asNoisy = counted(9_800_000, 200_000, 0, 0, 0, 0, 0.01, noise);
        CandidateEvidence noisier = counted(9_700_000, 300_000, 0, 0, 0, 0, 0.01, noise);

        assertThat(counted(9_800_000, 200_000, 0, 0, 0, 1).conclusion(STANDARD).verdict())
                .isEqualTo(NOT_READY);
        assertThat(asNoisy.conclusion(STANDARD).verdict()).isEqualTo(READY);
        assertThat(asNoisy.excessOverNoise(0.05).value()).isZero();
        assertThat(noisier.excessOverNoise(0.05).interval().contains(0.01)).isTrue();
        assertThat(noisier.conclusion(STANDARD).verdict()).isEqualTo(NOT_READY);
        assertThat(noisier.conclusion(STANDARD).reason())
                .startsWith("The mismatch rate's excess over the noise is at least 0.9");
    }

    @Test
    void aNoiseThatWasHardlyMeasuredExcusesNothingAndAccusesNobody() {
        CandidateEvidence hardly = counted(3, 0, 0, 0, 0, 1);
        CandidateEvidence mismatching = counted(9_000, 1_000, 0, 0, 0, 0, 0.01, hardly);
        CandidateEvidence clean = counted(90_000, 0, 0, 0, 0, 0, 0.01, hardly);

        assertThat(mismatching.conclusion(STANDARD).verdict()).isEqualTo(INCONCLUSIVE);
        assertThat(clean.conclusion(STANDARD).verdict()).isEqualTo(READY);
    }

    @Test
    void withoutNoiseTheExcessIsBoundedByTheRateItself() {
        Estimate excess = counted(9_900, 100, 0, 0, 0, 1).excessOverNoise(0.05);

        assertThat(excess.value()).isNaN();
        assertThat(excess.interval().upper())
                .isEqualTo(counted(9_900, 100, 0, 0, 0, 1)
                        .mismatchRate(0.025)
                        .interval()
                        .upper());
        assertThat(excess.interval().lower()).isNegative();
    }

    @Test
    void theCleanRunsThatAreNamedMakeItReadyAndOneLessDoesNot() {
        Random random = new Random(SEED);
        for (int i = 0; i < 300; i++) {
            long matched = random.nextInt(20_000);
            long mismatched = random.nextInt(6);
            long failed = random.nextInt(4);
            double mean = Math.log(0.6 + 0.7 * random.nextDouble());
            double variance = 2 * random.nextDouble();
            CandidateEvidence baseline =
                    random.nextBoolean() ? null : counted(random.nextInt(3_000), random.nextInt(10), 0, 0, 0, 1);
            Tolerance tolerance = STANDARD.maxMismatchRate(0.0005 + 0.01 * random.nextDouble());
            String what = matched + " matched, " + mismatched + " mismatched, " + failed + " failed, " + tolerance
                    + ", seed " + SEED;
            OptionalLong more = counted(matched, mismatched, 0, failed, 0, mean, variance, baseline)
                    .conclusion(tolerance)
                    .cleanRunsToReady();
            if (more.isEmpty()) {
                assertThat(Math.exp(mean)).as(what).isGreaterThan(1.19);
                continue;
            }
            long enough = more.getAsLong();
            assertThat(counted(matched + enough, mismatched, 0, failed, 0, mean, variance, baseline)
                            .conclusion(tolerance)
                            .verdict())
                    .as(what)
                    .isEqualTo(READY);
            if (enough > 0) {
                assertThat(counted(matched + enough - 1, mismatched, 0, failed, 0, mean, variance, baseline)
                                .conclusion(tolerance)
                                .verdict())
                        .as(what)
                        .isNotEqualTo(READY);
            }
        }
    }

    @Test
    void aToleranceIsChangedByCopying() {
        Tolerance strict = STANDARD.maxMismatchRate(1e-5)
                .maxSlowDown(1)
                .fewestRuns(50)
                .maxNotCompared(0.002)
                .confidence(0.99);

        assertThat(strict)
                .hasToString(
                        "mismatch rate up to 0.001%, slow-down up to 1 times, at least 50 compared runs, up to 0.2%"
                                + " not compared, confidence 99%");
        assertThat(STANDARD)
                .hasToString(
                        "mismatch rate up to 0.1%, slow-down up to 1.2 times, at least 1,000 compared runs, up to 1%"
                                + " not compared, confidence 95%");
    }

    @Test
    void aToleranceNamesTheSettingThatIsWrong() {
        assertThatThrownBy(() -> STANDARD.maxMismatchRate(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("max mismatch rate must be above 0 and below 1, not 0.0");
        assertThatThrownBy(() -> STANDARD.maxNotCompared(1))
                .hasMessage("max not compared must be above 0 and below 1, not 1.0");
        assertThatThrownBy(() -> STANDARD.confidence(95))
                .hasMessage("confidence must be above 0 and below 1, not 95.0");
        assertThatThrownBy(() -> STANDARD.maxSlowDown(Double.NaN)).hasMessage("max slow-down must be above 0, not NaN");
        assertThatThrownBy(() -> STANDARD.fewestRuns(0)).hasMessage("fewest runs must be at least 1, not 0");
    }
}
