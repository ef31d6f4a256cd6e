package dev.scientist.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.scientist.Comparison;
import dev.scientist.Difference;
import dev.scientist.Drop;
import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.Operation;
import dev.scientist.Outcome;
import dev.scientist.Rendering;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EvidencePublisherTest {

    private final EvidenceLab lab = new EvidenceLab();

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void anExperimentIsThereBeforeItsFirstRun() {
        lab.scientist.<Integer>experiment("new").build();

        ExperimentEvidence evidence = lab.of("new");
        assertThat(evidence.results()).isZero();
        assertThat(evidence.since()).isEqualTo(EvidenceLab.START);
        assertThat(evidence.candidates()).isEmpty();
        assertThat(evidence.baseline()).isNull();
        assertThat(lab.evidence.evidence("unknown")).isEmpty();
    }

    @Test
    void countsEveryOutcomeOfEachCandidate() {
        Experiment<Integer> experiment = lab.scientist
                .<Integer>experiment("outcomes")
                .comparator((control, candidate) -> {
                    if (candidate == 13) {
                        throw new IllegalStateException("the comparator fails");
                    }
                    return control.equals(candidate) ? List.of() : List.of(Difference.of("", control, candidate));
                })
                .ignore("negative", (control, candidate) -> candidate < 0)
                .build();
        for (int value : new int[] {1, 1, 1, 2, 2, -1, 13}) {
            experiment
                    .control(() -> 1)
                    .candidate("a", () -> value)
                    .candidate("b", () -> 1)
                    .run();
        }

        ExperimentEvidence evidence = lab.of("outcomes");
        assertThat(evidence.results()).isEqualTo(7);
        assertThat(evidence.candidates())
                .extracting(CandidateEvidence::candidate)
                .containsExactly("a", "b");
        CandidateEvidence a = evidence.candidates().get(0);
        assertThat(a.outcomes())
                .containsExactly(
                        entry(Outcome.MATCHED, 3L),
                        entry(Outcome.MISMATCHED, 2L),
                        entry(Outcome.IGNORED, 1L),
                        entry(Outcome.FAILED, 1L),
                        entry(Outcome.ABANDONED, 0L));
        assertThat(a.ignored()).containsExactly(entry("negative", 1L));
        assertThat(a.mismatchRate(0.05).value()).isEqualTo(2.0 / 6);
        assertThat(evidence.candidates().get(1).count(Outcome.MATCHED)).isEqualTo(7);
        assertThat(evidence.failures()).containsExactly(entry(Operation.COMPARE, 1L));
    }

    @Test
    void countsExceptionsOfBothSidesByType() {
        Experiment<Integer> experiment =
                lab.scientist.<Integer>experiment("throws").build();
        for (int i = 0; i < 3; i++) {
            try {
                experiment.run(
                        () -> {
                            throw new IllegalStateException("secret");
                        },
                        () -> {
                            throw new StackOverflowError("secret");
                        });
            } catch (IllegalStateException expected) {
                assertThat(expected).hasMessage("secret");
            }
        }
        experiment.run(() -> 1, () -> {
            throw new ArithmeticException("secret");
        });

        CandidateEvidence candidate = lab.candidate("throws");
        assertThat(candidate.controlExceptions()).containsExactly(entry("java.lang.IllegalStateException", 3L));
        assertThat(candidate.candidateExceptions())
                .containsExactly(entry("java.lang.StackOverflowError", 3L), entry("java.lang.ArithmeticException", 1L));
        assertThat(new EvidenceReport(lab.evidence.evidence(), Tolerance.standard()))
                .extracting(EvidenceReport::text, EvidenceReport::json)
                .noneMatch(text -> text.toString().contains("secret"));
    }

    record Price(int amount, int stamp) {}

    @Test
    void groupsMismatchesBySignatureWithFirstAndLastSeenAndExamples() {
        Experiment<Price> experiment = lab.scientist
                .<Price>experiment("groups")
                .comparator(EvidencePublisherTest::compare)
                .clean(price -> "amount " + price.amount())
                .build();
        for (int i = 1; i <= 5; i++) {
            lab.millis.addAndGet(1_000);
            int amount = 10 + i;
            experiment.run("order " + i, order -> new Price(10, 0), order -> new Price(amount, 0));
        }
        lab.millis.addAndGet(1_000);
        experiment.run("last", order -> new Price(10, 0), order -> new Price(10, 1));

        List<DifferenceEvidence> groups = lab.candidate("groups").differences();
        assertThat(groups)
                .extracting(
                        DifferenceEvidence::signature,
                        DifferenceEvidence::count,
                        DifferenceEvidence::firstSeen,
                        DifferenceEvidence::lastSeen)
                .containsExactly(tuple("amount", 5L, after(1), after(5)), tuple("stamp", 1L, after(6), after(6)));
        assertThat(groups.get(0).examples())
                .extracting(
                        DifferenceEvidence.Example::at,
                        DifferenceEvidence.Example::control,
                        DifferenceEvidence.Example::candidate)
                .containsExactly(
                        tuple(after(1), "returned amount 10", "returned amount 11"),
                        tuple(after(2), "returned amount 10", "returned amount 12"),
                        tuple(after(3), "returned amount 10", "returned amount 13"));
        assertThat(groups.get(0).examples().get(0).input()).isEqualTo("java.lang.String of length 7");
        assertThat(groups.get(0).examples().get(0).differences()).contains("amount");
    }

    private static Instant after(int seconds) {
        return EvidenceLab.START.plusSeconds(seconds);
    }

    private static List<Difference> compare(Price control, Price candidate) {
        List<Difference> differences = new ArrayList<>();
        if (control.amount() != candidate.amount()) {
            differences.add(Difference.of("amount", control.amount(), candidate.amount()));
        }
        if (control.stamp() != candidate.stamp()) {
            differences.add(Difference.of("stamp", control.stamp(), candidate.stamp()));
        }
        return differences;
    }

    @Test
    void tellsNoiseFromWhatTheCandidateDoes() {
        AtomicInteger stamp = new AtomicInteger();
        Experiment<Price> experiment = lab.scientist
                .<Price>experiment("noisy")
                .comparator(EvidencePublisherTest::compare)
                .baseline((request, input) -> true)
                .build();
        for (int i = 0; i < 60; i++) {
            int amount = i == 0 ? 8 : 7;
            experiment.run(() -> new Price(7, stamp.incrementAndGet()), () -> new Price(amount, -1));
            assertThat(lab.candidate("noisy").isNoise("stamp"))
                    .as("after %d runs", i + 1)
                    .isEqualTo(i >= 49);
        }

        CandidateEvidence candidate = lab.candidate("noisy");
        assertThat(candidate.differences())
                .extracting(DifferenceEvidence::signature, DifferenceEvidence::count, candidate::isNoise)
                .containsExactly(tuple("stamp", 59L, true), tuple("amount, stamp", 1L, false));
        assertThat(candidate.places()).containsExactly(entry("stamp", 60L), entry("amount", 1L));
        CandidateEvidence noise = lab.of("noisy").baseline();
        assertThat(noise).isNotNull();
        assertThat(noise.candidate()).isEqualTo(Experiment.CONTROL);
        assertThat(noise.mismatches()).isEqualTo(60);
        assertThat(noise.places()).containsExactly(entry("stamp", 60L));
        assertThat(candidate.baseline()).isNotNull();
    }

    @Test
    void whatIsIgnoredAsNoiseIsCountedApart() {
        AtomicInteger stamp = new AtomicInteger();
        Experiment<Price> experiment = lab.scientist
                .<Price>experiment("ignoring")
                .comparator(EvidencePublisherTest::compare)
                .baseline((request, input) -> true)
                .ignoringNoise()
                .build();
        for (int i = 0; i < 80; i++) {
            experiment.run(() -> new Price(7, stamp.incrementAndGet()), () -> new Price(7, -1));
        }

        CandidateEvidence candidate = lab.candidate("ignoring");
        assertThat(candidate.ignored()).containsExactly(entry(Comparison.NOISE, 30L));
        assertThat(candidate.mismatches()).as("before noise was known").isEqualTo(50);
        assertThat(candidate.trueMismatches()).isZero();
        assertThat(candidate.ignoredNoise()).isEqualTo(80);
        assertThat(candidate.ignoredByRules()).isZero();
    }

    /** A control that is a new object each time: of what the candidate returns nothing is seen. */
    @Test
    void whatIsNoiseAsAWholeCountsAsIgnored() {
        Experiment<Object> experiment = lab.scientist
                .experiment("whole")
                .baseline((request, input) -> true)
                .ignoringNoise()
                .build();
        for (int i = 0; i < 80; i++) {
            experiment.run(Object::new, Object::new);
        }

        CandidateEvidence candidate = lab.candidate("whole");
        assertThat(candidate.trueMismatches()).isEqualTo(50);
        assertThat(candidate.ignoredByRules()).isEqualTo(30);
    }

    @Test
    void theCostOfComparingIsMeasured() {
        Experiment<Integer> experiment = lab.scientist
                .<Integer>experiment("costly")
                .comparator((control, candidate) -> {
                    lab.after(20_000_000, 0);
                    return List.of();
                })
                .build();
        assertThat(meanComparing()).isNaN();
        for (int i = 0; i < 5; i++) {
            experiment.run(() -> 1, () -> 1);
        }

        assertThat(meanComparing()).isEqualTo(20_000_000);
        assertThat(new EvidenceReport(lab.evidence.evidence(), Tolerance.standard()).text())
                .contains("comparing took 20 ms on the mean");
    }

    private double meanComparing() {
        return lab.of("costly").candidates().stream()
                .mapToDouble(CandidateEvidence::meanComparingNanos)
                .findFirst()
                .orElse(Double.NaN);
    }

    enum Kind {
        ONE,
        TWO
    }

    @Test
    void fewDifferentInputsAreCounted() {
        Experiment<Object> few = lab.scientist.experiment("few-inputs").build();
        Experiment<Object> many = lab.scientist.experiment("many-inputs").build();
        Experiment<Object> unknown = lab.scientist.experiment("unknown-inputs").build();
        Experiment<Object> none = lab.scientist.experiment("no-inputs").build();
        for (int i = 0; i < 100; i++) {
            few.run(Kind.values()[i % 2], input -> 1, input -> 1);
            few.run("text", input -> 1, input -> 1);
            many.run(i, input -> 1, input -> 1);
            unknown.run(List.of(), input -> 1, input -> 1);
            none.run(() -> 1, () -> 1);
        }

        assertThat(lab.of("few-inputs").facts().inputs()).isEqualTo(3);
        assertThat(lab.of("many-inputs").facts().inputs()).isEqualTo(ExperimentEvidence.FEW_INPUTS + 1);
        assertThat(lab.of("unknown-inputs").facts().inputs()).isZero();
        assertThat(lab.of("no-inputs").facts().inputs()).isZero();
        assertThat(lab.candidate("few-inputs").conclusion(Tolerance.standard()).reason())
                .contains("all runs had one of the same 3 inputs");
    }

    @Test
    void theTimeSeenIsFromTheFirstRunToTheLast() {
        Experiment<Integer> experiment =
                lab.scientist.<Integer>experiment("seen").build();
        lab.millis.addAndGet(5_000);
        assertThat(lab.of("seen").seen()).isZero();
        experiment.run(() -> 1, () -> 1);
        lab.millis.addAndGet(90_000);
        experiment.run(() -> 1, () -> 1);
        lab.millis.addAndGet(70_000);

        assertThat(lab.of("seen").seen()).hasSeconds(90);
    }

    // ---- lately ----

    @Test
    void latelyIsTheLastFiveToTenThousandRuns() {
        Experiment<Integer> experiment =
                lab.scientist.<Integer>experiment("late").build();
        for (int i = 1; i <= 30_000; i++) {
            int run = i;
            experiment.run(() -> 1, () -> run == 12_345 ? 2 : 1);
            if (i % 1_000 == 0) {
                CandidateEvidence lately = lab.candidate("late").lately();
                assertThat(lately.runs()).as("after %d", i).isBetween(Math.min(i, 5_000L), 10_000L);
                assertThat(lab.candidate("late").runs()).isEqualTo(i);
            }
        }

        assertThat(lab.candidate("late").mismatches()).isEqualTo(1);
        assertThat(lab.candidate("late").lately().mismatches()).isZero();
    }

    @Test
    void latelyIsTheLastHalfHourToHour() {
        Experiment<Integer> experiment =
                lab.scientist.<Integer>experiment("slow").build();
        for (int minute = 0; minute < 300; minute++) {
            int now = minute;
            experiment.run(() -> 1, () -> now == 100 ? 2 : 1);
            long late = lab.candidate("slow").lately().runs();
            assertThat(late).as("minute %d", minute).isBetween(Math.min(30L, minute + 1), 61L);
            if (minute >= 100) {
                long mismatches = lab.candidate("slow").lately().mismatches();
                if (minute < 130) {
                    assertThat(mismatches).as("minute %d", minute).isEqualTo(1);
                } else if (minute > 160) {
                    assertThat(mismatches).as("minute %d", minute).isZero();
                }
            }
            lab.millis.addAndGet(60_000);
        }
        lab.millis.addAndGet(3_600_000);

        assertThat(lab.candidate("slow").lately().runs()).isZero();
        assertThat(lab.candidate("slow").conclusion(Tolerance.standard()).reason())
                .contains("any run in the last half hour");
    }

    @Test
    void droppedRunsAreCountedLatelyToo() {
        Experiment<Integer> experiment = lab.scientist
                .<Integer>experiment("dropped-lately")
                .snapshot(value -> {
                    if (value < 0) {
                        throw new IllegalStateException();
                    }
                    return value;
                })
                .build();
        experiment.run(() -> 1, () -> 1);
        experiment.run(() -> -1, () -> 1);
        assertThat(lab.candidate("dropped-lately").lately().drops()).containsExactly(entry(Drop.SNAPSHOT_FAILED, 1L));
        lab.millis.addAndGet(2 * 3_600_000);
        experiment.run(() -> 1, () -> 1);

        assertThat(lab.candidate("dropped-lately").lately().drops()).isEmpty();
        assertThat(lab.candidate("dropped-lately").drops()).containsExactly(entry(Drop.SNAPSHOT_FAILED, 1L));
    }

    // ---- the rest ----

    // ---- times ----

    @Test
    void comparesTheTimesOfWhicheverRanFirst() {
        Experiment<Integer> experiment =
                lab.scientist.<Integer>experiment("times").build();
        experiment.run(() -> 1, () -> 1);
        lab.warm();
        AtomicInteger first = new AtomicInteger();
        int controlFirst = 0;
        for (int i = 0; i < 3_000; i++) {
            // whatever runs second finds the cache warm
            first.set(0);
            experiment.run(() -> cached(first, 1, 1_000), () -> cached(first, 2, 2_000));
            controlFirst += first.get() == 1 ? 1 : 0;
        }

        CandidateEvidence candidate = lab.candidate("times");
        assertThat(candidate.timesUnfair()).isNull();
        assertThat(candidate.controlTimes().count()).isEqualTo(controlFirst);
        assertThat(candidate.candidateTimes().count()).isEqualTo(3_000 - controlFirst);
        for (double part : new double[] {0.5, 0.95, 0.99}) {
            Estimate ratio = candidate.timeRatio(part, 0.05);
            assertThat(ratio.value()).isCloseTo(2, within(0.04));
            assertThat(ratio.interval().contains(2)).isTrue();
            assertThat(ratio.interval().width()).isLessThan(0.1);
        }
        assertThat(candidate.meanTimeRatio()).isCloseTo(2, within(0.04));
        assertThat(candidate.conclusion(Tolerance.standard()).verdict()).isEqualTo(Conclusion.Verdict.NOT_READY);
    }

    private int cached(AtomicInteger first, int me, long nanos) {
        return first.compareAndSet(0, me) ? lab.after(nanos, 1) : lab.after(10, 1);
    }

    @Test
    void ofSeveralCandidatesThatWhichRanFirstIsTimed() {
        Experiment<Integer> experiment = lab.scientist
                .<Integer>experiment("several")
                .baseline((request, input) -> true)
                .build();
        experiment.run(() -> 1, () -> 1);
        lab.warm();
        AtomicInteger first = new AtomicInteger();
        int[] firsts = new int[4];
        for (int i = 0; i < 400; i++) {
            first.set(0);
            experiment
                    .control(() -> cached(first, 1, 100))
                    .candidate("a", () -> cached(first, 2, 200))
                    .candidate("b", () -> cached(first, 3, 300))
                    .run();
            firsts[first.get()]++;
        }

        CandidateEvidence a = named(lab.of("several").candidates(), "a");
        CandidateEvidence b = named(lab.of("several").candidates(), "b");
        assertThat(a.candidateTimes().count()).isEqualTo(firsts[2]).isPositive();
        assertThat(b.candidateTimes().count()).isEqualTo(firsts[3]).isPositive();
        // the control's second run came first in the rest
        assertThat(a.controlTimes().count()).isEqualTo(b.controlTimes().count()).isBetween(50L, firsts[1] - 50L);
        assertThat(a.timeRatio(0.5, 0.05).value()).isCloseTo(2, within(0.04));
        assertThat(b.timeRatio(0.5, 0.05).value()).isCloseTo(3, within(0.06));
    }

    @Test
    void theFirst5000RunsAreNotTimedNorThoseOfTheFirstTenMinutes() {
        Experiment<Integer> many = lab.scientist.<Integer>experiment("many").build();
        for (int i = 0; i < 5_200; i++) {
            many.run(() -> lab.after(10, 1), () -> lab.after(10, 1));
        }
        CandidateEvidence candidate = lab.candidate("many");
        assertThat(candidate.controlTimes().count() + candidate.candidateTimes().count())
                .isEqualTo(200);

        Experiment<Integer> few = lab.scientist.<Integer>experiment("few").build();
        for (int minute = 0; minute < 20; minute++) {
            few.run(() -> lab.after(10, 1), () -> lab.after(10, 1));
            lab.millis.addAndGet(60_000);
        }
        candidate = lab.candidate("few");
        assertThat(candidate.controlTimes().count() + candidate.candidateTimes().count())
                .isEqualTo(10);
    }

    /** Two stages overlap, whichever was started first. */
    @Test
    void timesOfStagesAreNotJudged() {
        Experiment<Integer> experiment =
                lab.scientist.<Integer>experiment("stages").build();
        experiment.runAsync(
                () -> java.util.concurrent.CompletableFuture.completedFuture(1),
                () -> java.util.concurrent.CompletableFuture.completedFuture(1));
        lab.scientist.close();

        assertThat(lab.candidate("stages").timesUnfair()).contains("stages");
    }

    @Test
    void whereTheOrderIsNotRandomTimesAreKeptAndNotJudged() {
        for (Execution execution : List.of(Execution.controlFirst())) {
            Experiment<Integer> experiment = lab.scientist
                    .<Integer>experiment(execution.toString())
                    .execution(execution)
                    .build();
            experiment.run(() -> 1, () -> 1);
            lab.warm();
            experiment.run(() -> lab.after(10, 1), () -> lab.after(20, 1));

            CandidateEvidence candidate = lab.candidate(execution.toString());
            assertThat(candidate.controlTimes().count()).isEqualTo(1);
            assertThat(candidate.candidateTimes().count()).isEqualTo(1);
            assertThat(candidate.conclusion(Tolerance.standard()).reason())
                    .endsWith("Not seen: whether it is as fast, since the candidate always runs "
                            + (execution == Execution.controlFirst() ? "after" : "before") + " the control.");
        }
    }

    @Test
    void knowsNothingOfTimesBeforeTheyAreMeasured() {
        lab.scientist.<Integer>experiment("few").build().run(() -> 1, () -> 1);

        assertThat(lab.candidate("few").timeRatio(0.5, 0.05).interval())
                .isEqualTo(new Interval(0, Double.POSITIVE_INFINITY));
        assertThat(lab.candidate("few").meanTimeRatio()).isNaN();
        Times none = new TimeHistogram().snapshot();
        assertThat(none.quantileNanos(0.5)).isNaN();
        assertThat(none.quantileNanos(0.5, 0.05).interval()).isEqualTo(new Interval(0, Double.POSITIVE_INFINITY));
    }

    @Test
    void aQuantileLiesBetweenTheRanksThatItsPartAllows() {
        TimeHistogram times = new TimeHistogram();
        for (int nanos = 1; nanos <= 120; nanos++) {
            times.add(nanos);
        }
        int fewest = 0;
        while (Intervals.anytimeUpper(fewest, 120, 0.025) < 0.5) {
            fewest++;
        }

        Estimate median = times.snapshot().quantileNanos(0.5, 0.05);
        assertThat(median.value()).isEqualTo(60);
        assertThat(median.interval()).isEqualTo(new Interval(fewest, 121 - fewest));
        assertThat(fewest).isBetween(30, 50);
    }

    @Test
    void theLongestTimesAreLeftOutOfTheMean() {
        TimeHistogram times = new TimeHistogram();
        for (int i = 0; i < 1_998; i++) {
            times.add(100);
        }
        times.add(1_000_000_000);
        times.add(1_000_000_000);

        assertThat(times.snapshot().usualMeanNanos()).isEqualTo(100);
        times.add(1_000_000);
        assertThat(times.snapshot().usualMeanNanos()).as("the three longest").isEqualTo(100);
        times.add(1_000_000);
        assertThat(times.snapshot().usualMeanNanos()).isCloseTo(600, within(10.0));
    }

    @Test
    void countsDropsByReason() {
        Experiment<Integer> experiment = lab.scientist
                .<Integer>experiment("dropped")
                .execution(Execution.background().on(task -> {
                    throw new RejectedExecutionException("full");
                }))
                .build();
        experiment.run(() -> 1, () -> 1);

        assertThat(lab.of("dropped").drops()).containsExactly(entry(Drop.REJECTED, 1L));
        assertThat(lab.of("dropped").results()).isZero();
    }

    @Test
    void abandonedCandidatesAreCountedApart() throws InterruptedException {
        CountDownLatch published = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        try (EvidenceLab real = new EvidenceLab(Rendering.cautious(), settings -> settings)) {
            Experiment<Integer> experiment = real.scientist
                    .<Integer>experiment("abandoned")
                    .execution(Execution.background().timeLimit(Duration.ofMillis(20)))
                    .afterRun(result -> published.countDown())
                    .build();
            experiment.run(() -> 1, () -> never.await(1, TimeUnit.MINUTES) ? 1 : 2);
            assertThat(published.await(30, TimeUnit.SECONDS)).isTrue();

            CandidateEvidence candidate = real.candidate("abandoned");
            assertThat(candidate.count(Outcome.ABANDONED)).isEqualTo(1);
            assertThat(candidate.compared()).isZero();
            assertThat(candidate.controlTimes().count()).isZero();
            assertThat(candidate.mismatchRate(0.05)).isEqualTo(new Estimate(Double.NaN, new Interval(0, 1)));
        }
    }

    @Test
    void aSnapshotDoesNotChange() {
        Experiment<Integer> experiment =
                lab.scientist.<Integer>experiment("snapshot").build();
        experiment.run(() -> 1, () -> 1);
        CandidateEvidence before = lab.candidate("snapshot");
        experiment.run(() -> 1, () -> 2);

        assertThat(before.runs()).isEqualTo(1);
        assertThat(before.differences()).isEmpty();
        assertThat(lab.candidate("snapshot").runs()).isEqualTo(2);
    }

    @Test
    void isBounded() {
        AtomicInteger place = new AtomicInteger();
        Experiment.Builder<String> builder = lab.scientist
                .<String>experiment("bounded")
                .clean(value -> value)
                .comparator((control, candidate) -> candidate.equals("same")
                        ? List.of()
                        : List.of(Difference.of("place" + place.incrementAndGet(), control, candidate)));
        for (int i = 0; i < 60; i++) {
            String reason = "reason " + i;
            builder.ignore(reason, (control, candidate) -> reason.equals(candidate));
        }
        Experiment<String> experiment = builder.build();
        String huge = "x".repeat(100_000);
        for (int i = 0; i < 250; i++) {
            experiment.run(() -> "control", () -> huge);
        }
        for (int i = 0; i < 60; i++) {
            String reason = "reason " + i;
            experiment.run(() -> "control", () -> reason);
        }
        for (Exception exception : exceptions()) {
            experiment.run(() -> "control", () -> {
                throw exception;
            });
        }
        for (int i = 0; i < 40; i++) {
            experiment
                    .control(() -> "control")
                    .candidate("candidate " + i, () -> "same")
                    .run();
        }

        List<CandidateEvidence> candidates = lab.of("bounded").candidates();
        assertThat(candidates).hasSize(EvidencePublisher.MAX_CANDIDATES + 1);
        assertThat(named(candidates, EvidencePublisher.OTHER).runs()).isEqualTo(41 - EvidencePublisher.MAX_CANDIDATES);
        CandidateEvidence candidate = named(candidates, Experiment.CANDIDATE);
        List<DifferenceEvidence> groups = candidate.differences();
        assertThat(groups).hasSize(EvidencePublisher.MAX_SIGNATURES + 1);
        assertThat(groups.get(0).signature()).isEqualTo(EvidencePublisher.OTHER_SIGNATURES);
        assertThat(groups.stream().mapToLong(DifferenceEvidence::count).sum()).isEqualTo(candidate.mismatches());
        assertThat(groups)
                .allSatisfy(group -> assertThat(group.examples())
                        .hasSizeBetween(1, EvidencePublisher.MAX_EXAMPLES)
                        .allSatisfy(example -> assertThat(
                                        (example.control() + example.candidate() + example.differences()).length())
                                .isLessThan(2_000)));
        assertThat(candidate.ignored()).hasSize(EvidencePublisher.MAX_IGNORE_REASONS + 1);
        assertThat(candidate.ignored())
                .containsEntry(EvidencePublisher.OTHER, 60L - EvidencePublisher.MAX_IGNORE_REASONS);
        assertThat(candidate.candidateExceptions())
                .hasSize(EvidencePublisher.MAX_EXCEPTION_TYPES + 1)
                .containsEntry(EvidencePublisher.OTHER, 2L);
    }

    private static CandidateEvidence named(List<CandidateEvidence> candidates, String name) {
        return candidates.stream()
                .filter(candidate -> candidate.candidate().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Two types more than are told apart. */
    private static List<Exception> exceptions() {
        return List.of(
                new IllegalStateException(),
                new IllegalArgumentException(),
                new ArithmeticException(),
                new NullPointerException(),
                new ClassCastException(),
                new UnsupportedOperationException(),
                new IndexOutOfBoundsException(),
                new java.io.IOException(),
                new java.util.concurrent.TimeoutException(),
                new NumberFormatException(),
                new CloneNotSupportedException(),
                new java.util.NoSuchElementException());
    }

    @Test
    void sumsAreExactFromSixteenThreads() throws Exception {
        int threads = 16;
        int runs = 3_000;
        try (EvidenceLab shared = new EvidenceLab()) {
            Experiment<Integer> experiment = shared.scientist
                    .<Integer>experiment("shared")
                    .comparator((a, b) -> a.equals(b) ? List.of() : List.of(Difference.of("place" + b % 200, a, b)))
                    .ignore("odd", (a, b) -> b % 2 == 1)
                    .build();
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            CountDownLatch go = new CountDownLatch(1);
            List<Future<?>> done = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int thread = t;
                done.add(pool.submit(() -> {
                    go.await();
                    for (int i = 0; i < runs; i++) {
                        // a third each: a match, a difference at one of 200 places, an ignored one
                        int value = i % 3 == 0 ? 0 : i % 3 == 1 ? 2 * (1 + (i + thread) % 200) : 2 * i + 1;
                        experiment.run(() -> shared.after(3, 0), () -> shared.after(5, value));
                    }
                    return null;
                }));
            }
            go.countDown();
            for (Future<?> future : done) {
                future.get(1, TimeUnit.MINUTES);
            }
            pool.shutdown();

            CandidateEvidence candidate = shared.candidate("shared");
            long third = (long) threads * runs / 3;
            assertThat(candidate.outcomes())
                    .containsAllEntriesOf(
                            Map.of(Outcome.MATCHED, third, Outcome.MISMATCHED, third, Outcome.IGNORED, third));
            assertThat(candidate.ignored()).containsExactly(entry("odd", third));
            assertThat(candidate.differences().stream()
                            .mapToLong(DifferenceEvidence::count)
                            .sum())
                    .isEqualTo(third);
            assertThat(candidate.differences()).hasSizeLessThanOrEqualTo(EvidencePublisher.MAX_SIGNATURES + 1);
            assertThat(candidate.candidateTimes().count()
                            + candidate.controlTimes().count())
                    .isEqualTo(3 * third - ExperimentCounters.WARM_UP_RUNS);
        }
    }

    /** Threads that meet new names at the same moment must neither take the room twice nor lose a count. */
    @Test
    void theLimitHoldsWhenSixteenThreadsMeetNewNamesAtOnce() throws Exception {
        Bounded<LongAdder> counters = new Bounded<>(10, "other", key -> new LongAdder());
        ExecutorService pool = Executors.newFixedThreadPool(16);
        CountDownLatch go = new CountDownLatch(1);
        List<Future<?>> done = new ArrayList<>();
        for (int t = 0; t < 16; t++) {
            int thread = t;
            done.add(pool.submit(() -> {
                go.await();
                for (int i = 0; i < 20_000; i++) {
                    counters.of("name " + (i * 7 + thread) % 40).increment();
                }
                return null;
            }));
        }
        go.countDown();
        for (Future<?> future : done) {
            future.get(1, TimeUnit.MINUTES);
        }
        pool.shutdown();

        List<String> names = new ArrayList<>();
        LongAdder sum = new LongAdder();
        counters.forEach((name, count) -> {
            names.add(name);
            sum.add(count.sum());
        });
        assertThat(names).hasSize(11).contains("other");
        assertThat(sum.sum()).isEqualTo(16 * 20_000);
    }

    @Test
    void bucketsAreNarrowAndInOrder() {
        for (long nanos = 0; nanos < 1L << 41; nanos += 1 + nanos / 1_000) {
            int bucket = TimeHistogram.bucket(nanos);
            double lower = TimeHistogram.lowerEdge(bucket);
            double upper = TimeHistogram.upperEdge(bucket);
            assertThat((double) nanos).as("bucket %d", bucket).isBetween(lower, upper);
            assertThat(upper - lower).isLessThanOrEqualTo(nanos / 63.0);
        }
        assertThat(TimeHistogram.upperEdge(TimeHistogram.bucket(Long.MAX_VALUE)))
                .isInfinite();
        assertThat(TimeHistogram.bucket(1L << 45)).isEqualTo(TimeHistogram.bucket(Long.MAX_VALUE));
        assertThat(TimeHistogram.bucket(-5)).isZero();
    }

    @Test
    void aGroupOfVeryManyPlacesIsKeptAndIsNoNoise() {
        Experiment<Integer> experiment = lab.scientist
                .<Integer>experiment("wide")
                .comparator((control, candidate) -> IntStream.range(0, 1_000)
                        .mapToObj(i -> Difference.of("place" + i, control, candidate))
                        .toList())
                .baseline((request, input) -> true)
                .build();
        experiment.run(() -> 1, () -> 2);

        DifferenceEvidence group = lab.candidate("wide").differences().get(0);
        assertThat(group.count()).isEqualTo(1);
        assertThat(group.places()).isEmpty();
        assertThat(lab.candidate("wide").isNoise(group)).isFalse();
        assertThat(lab.candidate("wide").places()).hasSize(101).containsEntry("(other places)", 900L);
        assertThat(group.signature()).hasSize(500).endsWith("…");
    }

    @Test
    void quantilesAreParts() {
        Times none = new TimeHistogram().snapshot();

        assertThat(none.quantileNanos(0)).isNaN();
        assertThat(none.quantileNanos(1)).isNaN();
        for (double part : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThatThrownBy(() -> none.quantileNanos(part))
                    .hasMessage("a quantile must be from 0 to 1, not " + part);
        }
        assertThatThrownBy(() -> none.quantileNanos(0, 0.05))
                .hasMessage("a quantile must be above 0 and below 1, not 0.0");
        assertThatThrownBy(() -> none.quantileNanos(0.5, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> none.quantileNanos(0.5, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whereAnExampleDiffersIsCutWhereItIsVeryLong() {
        Experiment<Integer> experiment = lab.scientist
                .<Integer>experiment("deep")
                .comparator((control, candidate) -> IntStream.range(0, 10)
                        .mapToObj(i -> Difference.of("place" + i + ".deeper".repeat(20), control, candidate))
                        .toList())
                .build();
        experiment.run(() -> 1, () -> 2);

        DifferenceEvidence.Example example =
                lab.candidate("deep").differences().get(0).examples().get(0);
        assertThat(example.differences())
                .hasSize(1_000)
                .startsWith("place0.deeper.deeper")
                .endsWith("…");
    }

    @Test
    void aTimeBeyondAllBucketsIsInTheLast() {
        TimeHistogram histogram = new TimeHistogram();
        histogram.add(100);
        histogram.add(Long.MAX_VALUE / 2);
        Times times = histogram.snapshot();

        assertThat(times.quantileNanos(0.5)).isCloseTo(100, within(3.0));
        assertThat(times.quantileNanos(1)).isEqualTo(TimeHistogram.lowerEdge(TimeHistogram.bucket(Long.MAX_VALUE)));
    }
}
