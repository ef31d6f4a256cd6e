package dev.scientist.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.scientist.Difference;
import dev.scientist.Drop;
import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.Operation;
import dev.scientist.Outcome;
import dev.scientist.Publisher;
import dev.scientist.Rendering;
import dev.scientist.Result;
import dev.scientist.Scientist;
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
import java.util.concurrent.atomic.AtomicReference;
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
        assertThat(candidate.controlTimes().count()).as("runs that ended alike").isEqualTo(3);
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
                        DifferenceEvidence::lastSeen,
                        DifferenceEvidence::noise)
                .containsExactly(
                        tuple("amount", 5L, after(1), after(5), false), tuple("stamp", 1L, after(6), after(6), false));
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
        for (int i = 0; i < 4; i++) {
            int amount = i == 0 ? 8 : 7;
            experiment.run(() -> new Price(7, stamp.incrementAndGet()), () -> new Price(amount, -1));
        }

        CandidateEvidence candidate = lab.candidate("noisy");
        assertThat(candidate.differences())
                .extracting(DifferenceEvidence::signature, DifferenceEvidence::count, DifferenceEvidence::noise)
                .containsExactly(tuple("stamp", 3L, true), tuple("amount, stamp", 1L, false));
        CandidateEvidence noise = lab.of("noisy").baseline();
        assertThat(noise).isNotNull();
        assertThat(noise.candidate()).isEqualTo(Experiment.CONTROL);
        assertThat(noise.mismatches()).isEqualTo(4);
        assertThat(noise.differences())
                .extracting(DifferenceEvidence::signature, DifferenceEvidence::count)
                .containsExactly(tuple("stamp", 4L));
        assertThat(candidate.baseline()).isNotNull();
        assertThat(candidate.excessOverNoise(0.05).value()).isZero();
    }

    /** The clock is looked at when a group is there, and its first mismatch not counted yet. */
    @Test
    void aGroupWhoseFirstMismatchIsOnItsWayIsNotShownYet() {
        List<DifferenceEvidence> early = new ArrayList<>();
        AtomicReference<Runnable> meanwhile = new AtomicReference<>();
        EvidencePublisher evidence = new EvidencePublisher(Rendering.cautious(), () -> {
            Runnable once = meanwhile.getAndSet(null);
            if (once != null) {
                once.run();
            }
            return EvidenceLab.START;
        });
        try (Scientist scientist = Scientist.builder().publisher(evidence).build()) {
            Experiment<Integer> experiment =
                    scientist.<Integer>experiment("price").build();
            meanwhile.set(() -> early.addAll(differencesOf(evidence)));
            experiment.run(() -> 1, () -> 2);
        }

        assertThat(meanwhile.get()).isNull();
        assertThat(early).isEmpty();
        assertThat(differencesOf(evidence))
                .extracting(DifferenceEvidence::count, DifferenceEvidence::noise)
                .containsExactly(tuple(1L, false));
    }

    private static List<DifferenceEvidence> differencesOf(EvidencePublisher evidence) {
        return evidence.evidence("price").orElseThrow().candidates().get(0).differences();
    }

    @Test
    void comparesTimes() {
        Experiment<Integer> experiment =
                lab.scientist.<Integer>experiment("times").build();
        for (int i = 0; i < 600; i++) {
            long base = 1_000 * (1 + i % 7);
            experiment.run(() -> lab.after(base, 1), () -> lab.after(2 * base, 1));
        }

        CandidateEvidence candidate = lab.candidate("times");
        Estimate ratio = candidate.timeRatio(0.05);
        assertThat(ratio.value()).isCloseTo(2, within(1e-5));
        assertThat(ratio.interval().contains(ratio.value())).isTrue();
        assertThat(candidate.controlTimes().count()).isEqualTo(600);
        assertThat(candidate.candidateTimes().totalNanos())
                .isEqualTo(2 * candidate.controlTimes().totalNanos());
        assertThat(candidate.controlTimes().quantileNanos(0.5)).isCloseTo(4_000, within(80.0));
        assertThat(candidate.controlTimes().quantileNanos(1)).isCloseTo(7_000, within(140.0));
        Estimate ofMedians = candidate.timeRatioOfMedians(0.05);
        assertThat(ofMedians.value()).isCloseTo(2, within(0.1));
        assertThat(ofMedians.interval().contains(2)).isTrue();
        assertThat(ofMedians.interval().width()).isLessThan(3);
    }

    @Test
    void knowsNothingOfTimesBeforeTheyAreMeasured() {
        lab.scientist.<Integer>experiment("few").build().run(() -> 1, () -> 1);

        assertThat(lab.candidate("few").timeRatio(0.05))
                .isEqualTo(new Estimate(1, new Interval(0, Double.POSITIVE_INFINITY)));
        assertThat(lab.candidate("few").timeRatioOfMedians(0.05).interval().upper())
                .isInfinite();
        Times none = new TimeHistogram().snapshot();
        assertThat(none.quantileNanos(0.5)).isNaN();
        assertThat(none.medianNanos(0.05).interval()).isEqualTo(new Interval(0, Double.POSITIVE_INFINITY));
    }

    @Test
    void theMedianLiesBetweenTheRanksThatOneHalfAllows() {
        TimeHistogram times = new TimeHistogram();
        for (int nanos = 1; nanos <= 60; nanos++) {
            times.add(nanos);
        }
        int fewest = 0;
        while (!Intervals.anytimeRate(fewest, 60, 0.05).contains(0.5)) {
            fewest++;
        }

        Estimate median = times.snapshot().medianNanos(0.05);
        assertThat(median.value()).isEqualTo(30);
        assertThat(median.interval()).isEqualTo(new Interval(fewest, 61 - fewest));
        assertThat(fewest).isBetween(10, 25);
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
        assertThat(before.controlTimes().count()).isEqualTo(1);
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
        LongAdder controlNanos = new LongAdder();
        LongAdder candidateNanos = new LongAdder();
        Publisher witness = new Publisher() {
            @Override
            public void publish(Result<?> result) {
                controlNanos.add(result.control().nanos());
                candidateNanos.add(result.comparisons().get(0).candidate().nanos());
            }
        };
        try (EvidenceLab shared = new EvidenceLab(Rendering.cautious(), settings -> settings.publisher(witness))) {
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
            assertThat(candidate.controlTimes().totalNanos()).isEqualTo(controlNanos.sum());
            assertThat(candidate.candidateTimes().totalNanos()).isEqualTo(candidateNanos.sum());
            assertThat(candidate.candidateTimes().count()).isEqualTo(3 * third);
            assertThat(candidate.logRatios().count()).isEqualTo(3 * third);
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
            assertThat(upper - lower).isLessThanOrEqualTo(nanos / 31.0);
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
        assertThat(group.noise()).isFalse();
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
        assertThatThrownBy(() -> none.medianNanos(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> none.medianNanos(1)).isInstanceOf(IllegalArgumentException.class);
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
        assertThat(times.quantileNanos(1)).isInfinite();
    }
}
