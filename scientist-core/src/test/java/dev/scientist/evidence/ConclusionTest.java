package dev.scientist.evidence;

import static dev.scientist.evidence.Conclusion.Verdict.INCONCLUSIVE;
import static dev.scientist.evidence.Conclusion.Verdict.NOT_READY;
import static dev.scientist.evidence.Conclusion.Verdict.READY;
import static dev.scientist.evidence.Numbers.matched;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scientist.Drop;
import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.Outcome;
import dev.scientist.evidence.Conclusion.Finding;
import dev.scientist.evidence.Conclusion.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class ConclusionTest {

    private static final long SEED = Long.getLong("scientist.seed", 20_240_607L);
    private static final Tolerance STANDARD = Tolerance.standard();
    /** Times of 1 to 2 microseconds. */
    private static final LongUnaryOperator USUAL = i -> 1_000 + i % 1_000;

    // ---- correct ----

    @Test
    void isReadyOnceEveryBoundIsWithinTheTolerance() {
        Conclusion conclusion = matched(20_000).times(10_000, USUAL, USUAL).conclusion();

        assertThat(conclusion.verdict()).isEqualTo(READY);
        assertThat(conclusion.cleanRunsToReady()).hasValue(0);
        assertThat(conclusion.reason())
                .startsWith("At most 0.019% of the compared runs mismatch, within the 0.1% allowed (0 mismatches in"
                        + " 20,000 compared runs); runs were seen for 2 h; it takes at most 1.0")
                .contains(" times as long in half of the runs, at most 1.", " times as long in 99%, ")
                .endsWith(", 1 times as long on the mean.")
                .doesNotContain("Not seen");
        assertThat(conclusion.findings()).extracting(Finding::question).containsExactly(Question.values());
    }

    /** A fixture that is missing makes both throw, and they agree. */
    @Test
    void isInconclusiveWhereTheControlThrewInEveryRun() {
        try (EvidenceLab lab = new EvidenceLab()) {
            Experiment<Integer> experiment = lab.scientist
                    .<Integer>experiment("broken")
                    .execution(Execution.controlFirst())
                    .build();
            for (int i = 0; i < 6_000; i++) {
                assertThatThrownBy(() -> experiment.run(this::fail, this::fail)).hasMessage("no db");
            }
            Tolerance tolerance = Tolerance.standard().shortestTime(Duration.ZERO);
            Conclusion conclusion = lab.candidate("broken").conclusion(tolerance);
            assertThat(conclusion.verdict()).isEqualTo(INCONCLUSIVE);
            assertThat(conclusion.reason()).contains("he control threw in every run, so no value was compared");

            for (int i = 0; i < 100; i++) {
                experiment.run(() -> 1, () -> 1);
            }
            assertThat(lab.candidate("broken").conclusion(tolerance).verdict()).isEqualTo(READY);
        }
    }

    private int fail() {
        throw new IllegalStateException("no db");
    }

    /** The sentence that the guide shows. */
    @Test
    void theGuideShowsASentenceAsItIs() throws IOException {
        Conclusion conclusion = matched(19_960)
                .ignored(40, "rounding")
                .outcome(Outcome.ABANDONED, 3)
                .conclusion();

        String guide = Files.readString(Path.of("docs/evidence.md")).replaceAll("\\s+", " ");
        assertThat(guide).contains(conclusion.verdict() + ". " + conclusion.reason());
    }

    @Test
    void readyTakesSome3800CleanRuns() {
        assertThat(matched(3_700).conclusion().verdict()).isEqualTo(INCONCLUSIVE);
        assertThat(matched(3_850).conclusion().verdict()).isEqualTo(READY);
    }

    @Test
    void isNotReadyWhenTheMismatchRateIsSurelyTooHighAndSaysWhere() {
        Conclusion conclusion = matched(9_900)
                .mismatched(60, "price", "total")
                .mismatched(30, "price")
                .mismatched(10, "(threw IOException)")
                .conclusion();

        assertThat(conclusion.verdict()).isEqualTo(NOT_READY);
        assertThat(conclusion.reason())
                .startsWith("At least 0.")
                .contains(
                        "(100 mismatches in 10,000 compared runs: 90 at price, 60 at total, 10 at (threw IOException); some at several places)");
        assertThat(conclusion.cleanRunsToReady()).isPresent();
    }

    @Test
    void isInconclusiveWhileBothAnswersArePossible() {
        Conclusion conclusion = matched(2_000).mismatched(1, "price").conclusion();

        assertThat(conclusion.verdict()).isEqualTo(INCONCLUSIVE);
        assertThat(conclusion.reason())
                .startsWith("Up to 0.")
                .contains("% of the compared runs may mismatch, 0.1% is allowed (")
                .contains("1 mismatch in 2,001 compared runs: 1 at price");
    }

    @Test
    void isInconclusiveBeforeTheFirstRun() {
        Conclusion conclusion = new Numbers().seen(Duration.ZERO).conclusion();

        assertThat(conclusion.verdict()).isEqualTo(INCONCLUSIVE);
        assertThat(conclusion.reason())
                .startsWith(
                        "Only 0 runs were compared, and a verdict needs at least 1,000; runs were seen for only 0 s, and a verdict needs 1 h.");
        assertThat(conclusion.timeToReady()).hasHours(1);
    }

    /** Half of the runs had a wrong price, and the verdict was READY, since a random id was measured as noise. */
    @Test
    void noiseAtOnePlaceExcusesNothingAtAnother() {
        Numbers noisy = new Numbers()
                .mismatched(294_000, "id")
                .mismatched(6_000, "id", "price")
                .baseline(new Numbers().mismatched(60_000, "id"));

        assertThat(noisy.conclusion().verdict()).isEqualTo(NOT_READY);
        assertThat(noisy.conclusion().reason())
                .contains(
                        "6,000 at price; also at id, where the control differs from itself: ignore or project that, or use"
                                + " ignoringNoise()");
        assertThat(noisy.ignoringNoise().conclusion().verdict()).isEqualTo(NOT_READY);
        assertThat(noisy.conclusion().reason())
                .startsWith("At least 1.")
                .contains("6,000 mismatches in 300,000 compared runs: 6,000 at price)")
                .endsWith("what the candidate does at id, where the control differs from itself: differences of 294,000"
                        + " runs were ignored; whether it is as fast, since the candidate runs in the background.");
    }

    /** What mismatched before 50 runs of the baseline had told what noise is must not stand against it for ever. */
    @Test
    void whereNoiseIsIgnoredItIsSoBeforeItWasKnown() {
        Numbers ignoring = matched(0)
                .mismatched(5_000, "id")
                .noise(20_000)
                .ignoringNoise()
                .baseline(new Numbers().mismatched(250, "id"));

        assertThat(ignoring.conclusion().verdict()).isEqualTo(READY);
        assertThat(ignoring.conclusion().reason()).contains("at id, where the control differs from itself");
    }

    /** Where all that differs is the whole value, nothing was seen to be right. */
    @Test
    void aValueThatIsNoiseAsAWholeIsNeverReady() {
        Numbers blind = new Numbers()
                .ignored(50_000, dev.scientist.Comparison.NOISE)
                .ignoringNoise()
                .baseline(new Numbers().mismatched(500, "(whole value)"));

        assertThat(blind.conclusion().verdict()).isEqualTo(NOT_READY);
        assertThat(blind.conclusion().finding(Question.IGNORED).verdict()).isEqualTo(NOT_READY);
    }

    /** A flag that the control flips now and then, and the candidate always has wrong. */
    @Test
    void noiseThatIsMoreFrequentInTheCandidateIsNotNoiseAlone() {
        Numbers baseline = matched(900).mismatched(100, "flag");

        assertThat(matched(18_000)
                        .noise(2_000)
                        .ignoringNoise()
                        .baseline(baseline)
                        .conclusion()
                        .verdict())
                .isEqualTo(READY);
        Conclusion wrong =
                new Numbers().noise(20_000).ignoringNoise().baseline(baseline).conclusion();
        assertThat(wrong.verdict()).isEqualTo(INCONCLUSIVE);
        assertThat(wrong.reason()).contains("that is not noise alone");
    }

    // ---- compared, ignored ----

    @Test
    void runsThatCouldNotBeComparedStandAgainstReady() {
        Conclusion some = matched(50_000)
                .outcome(Outcome.FAILED, 250)
                .outcome(Outcome.ABANDONED, 240)
                .conclusion();
        assertThat(some.verdict()).isEqualTo(INCONCLUSIVE);
        assertThat(some.reason())
                .startsWith("Up to 1.")
                .contains(
                        "of the runs may fail to be compared, 1% is allowed",
                        "Not seen: what the candidate does in 250 further runs (0.495%), where the comparator failed;"
                                + " what the candidate does in 240 further runs (0.475%), where it took too long");

        Conclusion many = matched(50_000).outcome(Outcome.ABANDONED, 2_000).conclusion();
        assertThat(many.verdict()).isEqualTo(NOT_READY);

        Conclusion few = matched(50_000).outcome(Outcome.ABANDONED, 3).conclusion();
        assertThat(few.verdict()).isEqualTo(READY);
        assertThat(few.reason()).contains("what the candidate does in 3 further runs (0.006%), where it took too long");
    }

    /** A snapshot failed for a tenth of the runs, the very ones in which the candidate is wrong, and it was READY. */
    @Test
    void droppedRunsStandAgainstReady() {
        Conclusion conclusion =
                matched(18_000).dropped(2_000, Drop.SNAPSHOT_FAILED).conclusion();

        assertThat(conclusion.verdict()).isEqualTo(NOT_READY);
        assertThat(conclusion.reason())
                .startsWith("At least 9.")
                .contains(
                        "Not seen: what the candidate does in 2,000 further runs (10%), which were dropped: snapshot failed");
    }

    @Test
    void shedRunsAreNamedAndHaveAWideTolerance() {
        Conclusion some = matched(18_000).dropped(6_000, Drop.SHED).conclusion();
        assertThat(some.verdict()).isEqualTo(READY);
        assertThat(some.reason())
                .contains(
                        "Not seen: what the candidate does in 6,000 further runs (25%), which were shed, since too many were under way");

        Conclusion most = matched(5_000).dropped(15_000, Drop.SHED).conclusion();
        assertThat(most.verdict()).isEqualTo(NOT_READY);
        assertThat(most.reason())
                .contains(
                        "of the runs were shed, above the 50% allowed: let the gate admit fewer, or raise queueCapacity");
    }

    /** All 50,000 runs were ignored by a rule that was too wide, and it was READY without a word of it. */
    @Test
    void ignoredRunsAreNamedAndTooManyStandAgainstReady() {
        Conclusion all = new Numbers().ignored(50_000, "rounding").conclusion();
        assertThat(all.verdict()).isEqualTo(NOT_READY);
        assertThat(all.reason())
                .contains("of the compared runs differed and were ignored, above the 10% allowed", "\"rounding\"");

        Conclusion some = matched(19_000).ignored(1_000, "rounding").conclusion();
        assertThat(some.verdict()).isEqualTo(READY);
        assertThat(some.reason())
                .contains("Not seen: whether the differences ignored as \"rounding\" in 1,000 runs matter");
    }

    @Test
    void runsThatWereNotComparedAreInNoMismatchRate() {
        CandidateEvidence evidence = matched(90)
                .mismatched(10, "price")
                .outcome(Outcome.FAILED, 500)
                .outcome(Outcome.ABANDONED, 300)
                .dropped(100, Drop.BROKEN)
                .dropped(7, Drop.SHED)
                .evidence();

        assertThat(evidence.compared()).isEqualTo(100);
        assertThat(evidence.notCompared()).isEqualTo(900);
        assertThat(evidence.runs()).isEqualTo(900);
        assertThat(evidence.mismatchRate(0.05).value()).isEqualTo(0.1);
        assertThat(evidence.notComparedRate(0.05).value()).isEqualTo(0.9);
    }

    // ---- enough, lately ----

    @Test
    void waitsForTheFewestRunsHoweverWellTheyGo() {
        Tolerance lax = STANDARD.maxMismatchRate(0.5).maxNotCompared(0.5);

        assertThat(matched(999).conclusion(lax).verdict()).isEqualTo(INCONCLUSIVE);
        assertThat(matched(999).conclusion(lax).cleanRunsToReady()).hasValue(1);
        assertThat(matched(1_000).conclusion(lax).verdict()).isEqualTo(READY);
    }

    /** It was READY after four seconds. */
    @Test
    void waitsForTheShortestTimeHoweverManyRunsThereWere() {
        Numbers fourSeconds = matched(1_000_000).seen(Duration.ofSeconds(4));

        assertThat(fourSeconds.conclusion().verdict()).isEqualTo(INCONCLUSIVE);
        assertThat(fourSeconds.conclusion().reason())
                .startsWith("Runs were seen for only 4 s, and a verdict needs 1 h");
        assertThat(fourSeconds.conclusion().cleanRunsToReady()).hasValue(0);
        assertThat(fourSeconds.conclusion().timeToReady()).hasSeconds(3_596);
        assertThat(Words.toReady(fourSeconds.conclusion())).isEqualTo("READY would take runs over 59 min 56 s more.");
        assertThat(fourSeconds.conclusion(STANDARD.shortestTime(Duration.ZERO)).verdict())
                .isEqualTo(READY);
    }

    @Test
    void fewDifferentInputsAreNamed() {
        assertThat(matched(8_000).inputs(3).conclusion().verdict()).isEqualTo(READY);
        assertThat(matched(8_000).inputs(3).conclusion().reason())
                .contains("Not seen: other inputs: all runs had one of the same 3 inputs;");
        assertThat(matched(8_000)
                        .inputs(ExperimentEvidence.FEW_INPUTS + 1)
                        .conclusion()
                        .reason())
                .doesNotContain("input");
    }

    /** A candidate that broke ten minutes ago was READY, after a million good runs. */
    @Test
    void whatBrokeLatelyIsNotHiddenByAMillionGoodRuns() {
        Numbers broken = matched(1_000_000)
                .mismatched(200, "price")
                .lately(matched(9_800).mismatched(200, "price"));

        Conclusion conclusion = broken.conclusion();
        assertThat(conclusion.verdict()).isEqualTo(INCONCLUSIVE);
        assertThat(conclusion.finding(Question.CORRECT).verdict()).isEqualTo(READY);
        assertThat(conclusion.reason()).startsWith("200 of the last 10,000 runs mismatched: 200 at price.");
        assertThat(conclusion.first().question()).isEqualTo(Question.LATELY);
        assertThat(conclusion.finding(Question.CORRECT).brief()).isEqualTo("mismatches: 200 at price");
        assertThat(conclusion.cleanRunsToReady()).isEmpty();
        assertThat(Words.toReady(conclusion)).isEmpty();

        assertThat(matched(1_000_000)
                        .dropped(900, Drop.SNAPSHOT_FAILED)
                        .lately(matched(9_100).dropped(900, Drop.SNAPSHOT_FAILED))
                        .conclusion()
                        .reason())
                .startsWith("900 runs were not compared lately");
        assertThat(matched(1_000_000)
                        .ignored(5_000, "x")
                        .lately(matched(5_000).ignored(5_000, "x"))
                        .conclusion()
                        .reason())
                .startsWith("5,000 runs were ignored lately");
        assertThat(matched(1_000_000)
                        .dropped(6_000, Drop.SHED)
                        .lately(matched(4_000).dropped(6_000, Drop.SHED))
                        .conclusion()
                        .reason())
                .startsWith("6,000 runs were shed lately");
    }

    @Test
    void whatBecameSlowLatelyIsNotHiddenEither() {
        Conclusion conclusion = matched(1_000_000)
                .times(100_000, USUAL, USUAL)
                .lately(matched(10_000).times(3_000, USUAL, i -> 3 * USUAL.applyAsLong(i)))
                .conclusion();

        assertThat(conclusion.verdict()).isEqualTo(INCONCLUSIVE);
        assertThat(conclusion.reason()).startsWith("The candidate was slower lately");
    }

    // ---- fast ----

    @Test
    void isNotReadyWhenItIsSurelyTooSlow() {
        Numbers slow = matched(50_000).times(5_000, USUAL, i -> 3 * USUAL.applyAsLong(i) / 2);

        Conclusion conclusion = slow.conclusion();
        assertThat(conclusion.verdict()).isEqualTo(NOT_READY);
        assertThat(conclusion.reason())
                .startsWith("Half of the runs take at least 1.")
                .contains(" times as long, 1.2 allowed.");
        assertThat(conclusion.cleanRunsToReady()).isEmpty();
        assertThat(slow.conclusion(STANDARD.maxSlowDown(Double.POSITIVE_INFINITY))
                        .reason())
                .endsWith("Not seen: whether it is as fast, since any slow-down is tolerated.");
        assertThat(slow.conclusion(STANDARD.maxSlowDown(1.8)).verdict()).isEqualTo(READY);
    }

    /** "No slower" was said of a candidate whose 99th percentile is ten times the control's. */
    @Test
    void aLongTailIsSeen() {
        Conclusion tail = matched(50_000)
                .times(25_000, USUAL, i -> USUAL.applyAsLong(i) * (i % 50 == 0 ? 100 : 1))
                .conclusion();

        assertThat(tail.verdict()).isEqualTo(NOT_READY);
        assertThat(tail.reason())
                .contains("he slowest 1% take at least ", " times as long, 2 allowed")
                .doesNotContainIgnoringCase("half of the runs");
    }

    /** What no quantile shows, the mean may: four in a thousand that take a thousand times as long. */
    @Test
    void theMeanWithholdsReady() {
        Conclusion rare = matched(200_000)
                .times(100_000, USUAL, i -> USUAL.applyAsLong(i) * (i % 250 == 0 ? 1_000 : 1))
                .conclusion();

        assertThat(rare.verdict()).isEqualTo(INCONCLUSIVE);
        assertThat(rare.reason()).startsWith("On the mean it takes ").contains(" times as long, 1.2 allowed");
    }

    @Test
    void whereTimeIsNotFairItIsNotJudgedAndThatIsSaid() {
        Conclusion conclusion = matched(20_000).conclusion();

        Finding fast = conclusion.finding(Question.FAST);
        assertThat(fast.isJudged()).isFalse();
        assertThat(conclusion.verdict()).isEqualTo(READY);
        assertThat(conclusion.reason())
                .doesNotContain("time was not judged")
                .endsWith("Not seen: whether it is as fast, since the candidate runs in the background.");
    }

    /** Identical code of a nanosecond was NOT READY: a clock ticks every ten or forty of them. */
    @Test
    void lessThanTheClockCanTellIsNoSlowDown() {
        Conclusion ticks = matched(50_000)
                .times(10_000, i -> 40, i -> i % 20 == 0 ? 90 : 50)
                .conclusion();

        assertThat(ticks.verdict()).isEqualTo(READY);
        assertThat(ticks.reason())
                .contains("it takes less than 100 ns longer in half of the runs, less than 100 ns longer in 95%, ")
                .endsWith("1.3 times as long on the mean.");
        assertThat(matched(50_000).times(10_000, i -> 40, i -> 200).conclusion().verdict())
                .isEqualTo(NOT_READY);
    }

    /** A clock that ticks every 4 us says 8 us of what takes 10 and of what takes 11.9. */
    @Test
    void aCoarseClockCannotTell() {
        Random random = new Random(SEED);
        LongUnaryOperator coarse = i -> (long) (10_000 * Math.exp(random.nextGaussian())) / 4_000 * 4_000;

        Conclusion conclusion = matched(50_000).times(20_000, coarse, coarse).conclusion();
        assertThat(conclusion.verdict()).isEqualTo(INCONCLUSIVE);
        assertThat(conclusion.reason()).contains("Half of the runs may take up to 1.49 times as long, 1.2 allowed");
    }

    @Test
    void fewTimesShowNothing() {
        Conclusion conclusion = matched(20_000).times(100, USUAL, USUAL).conclusion();

        assertThat(conclusion.verdict()).isEqualTo(INCONCLUSIVE);
        assertThat(conclusion.reason()).contains("he slowest 1% may take any time: too few were seen");
        assertThat(conclusion.cleanRunsToReady()).isEmpty();
    }

    // ---- how many more ----

    @Test
    void theCleanRunsThatAreNamedMakeItReadyAndOneLessDoesNot() {
        Random random = new Random(SEED);
        for (int i = 0; i < 300; i++) {
            long matched = random.nextInt(20_000);
            long mismatched = random.nextInt(6);
            long failed = random.nextInt(4);
            long shed = random.nextInt(3_000);
            Tolerance tolerance = STANDARD.maxMismatchRate(0.0005 + 0.01 * random.nextDouble());
            String what = matched + " matched, " + mismatched + " mismatched, " + failed + " failed, " + shed
                    + " shed, " + tolerance + ", seed " + SEED;
            OptionalLong more = numbers(matched, mismatched, failed, shed)
                    .conclusion(tolerance)
                    .cleanRunsToReady();

            assertThat(more).as(what).isPresent();
            long enough = more.getAsLong();
            assertThat(numbers(matched + enough, mismatched, failed, shed)
                            .conclusion(tolerance)
                            .verdict())
                    .as(what)
                    .isEqualTo(READY);
            if (enough > 0) {
                assertThat(numbers(matched + enough - 1, mismatched, failed, shed)
                                .conclusion(tolerance)
                                .verdict())
                        .as(what)
                        .isNotEqualTo(READY);
            }
        }
    }

    private static Numbers numbers(long matched, long mismatched, long failed, long shed) {
        return matched(matched)
                .mismatched(mismatched, "price")
                .outcome(Outcome.FAILED, failed)
                .dropped(shed, Drop.SHED);
    }

    // ---- tolerance ----

    @Test
    void aToleranceIsChangedByCopying() {
        Tolerance strict = STANDARD.maxMismatchRate(1e-5)
                .maxSlowDown(1)
                .fewestRuns(50)
                .shortestTime(Duration.ofDays(7))
                .maxNotCompared(0.002)
                .maxShed(0.2)
                .maxIgnored(0.03)
                .confidence(0.99);

        assertThat(strict)
                .hasToString("mismatch rate up to 0.001%, up to 0.2% not compared, 20% shed, 3% ignored, at least 50"
                        + " compared runs in 7 d, slow-down up to 1, 1 and 1 times at 50, 95 and 99%, confidence 99%");
        assertThat(STANDARD)
                .hasToString(
                        "mismatch rate up to 0.1%, up to 1% not compared, 50% shed, 10% ignored, at least 1,000"
                                + " compared runs in 1 h, slow-down up to 1.2, 1.5 and 2 times at 50, 95 and 99%, confidence 95%");
        assertThat(STANDARD.maxSlowDown(1.1, 1.3, 3).maxSlowDown()).isEqualTo(Map.of(0.5, 1.1, 0.95, 1.3, 0.99, 3.0));
        assertThat(strict.confidence(0.95).maxMismatchRate(0.001)).isNotEqualTo(STANDARD);
        assertThat(strict.confidence(0.95).confidence(0.99)).isEqualTo(strict).hasSameHashCodeAs(strict);
    }

    @Test
    void aToleranceNamesTheSettingThatIsWrong() {
        assertThatThrownBy(() -> STANDARD.maxMismatchRate(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("max mismatch rate must be above 0 and below 1, not 0.0");
        assertThatThrownBy(() -> STANDARD.maxNotCompared(1))
                .hasMessage("max not compared must be above 0 and below 1, not 1.0");
        assertThatThrownBy(() -> STANDARD.maxShed(-1)).hasMessage("max shed must be above 0 and below 1, not -1.0");
        assertThatThrownBy(() -> STANDARD.maxIgnored(2)).hasMessage("max ignored must be above 0 and below 1, not 2.0");
        assertThatThrownBy(() -> STANDARD.confidence(95))
                .hasMessage("confidence must be above 0 and below 1, not 95.0");
        assertThatThrownBy(() -> STANDARD.maxSlowDown(Double.NaN)).hasMessage("max slow-down must be above 0, not NaN");
        assertThatThrownBy(() -> STANDARD.maxSlowDown(1, 0, 1)).hasMessage("max slow-down must be above 0, not 0.0");
        assertThatThrownBy(() -> STANDARD.fewestRuns(0)).hasMessage("fewest runs must be at least 1, not 0");
        assertThatThrownBy(() -> STANDARD.shortestTime(Duration.ofMillis(-1)))
                .hasMessage("shortest time must not be negative, but is PT-0.001S");
    }
}
