package dev.scientist.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.scientist.Difference;
import dev.scientist.Drop;
import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.Gate;
import dev.scientist.Operation;
import dev.scientist.Outcome;
import dev.scientist.Publisher;
import dev.scientist.Result;
import dev.scientist.Scientist;
import dev.scientist.Serving;
import dev.scientist.Trial;
import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.evidence.Tolerance;
import dev.scientist.gate.Gates;
import dev.scientist.rollout.Rollout;
import dev.scientist.rollout.Stage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MicrometerPublisherTest {

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final MicrometerPublisher publisher = new MicrometerPublisher(registry);
    private final MetersLab lab = new MetersLab(publisher);

    @AfterEach
    void close() {
        lab.close();
        assertThat(lab.failures).isEmpty();
    }

    private Map<String, Double> counted() {
        return MetersLab.counted(registry);
    }

    @Test
    void everythingKnownIsThereAtZeroBeforeTheFirstRun() {
        lab.experiment();

        List<String> expected = new ArrayList<>(List.of(
                "scientist.runs[sampled, test]",
                "scientist.behavior[control, test]",
                "scientist.behavior[candidate, test]",
                "scientist.switch[test]"));
        for (Drop drop : Drop.values()) {
            expected.add("scientist.runs[" + drop.name().toLowerCase(Locale.ROOT) + ", test]");
        }
        for (Outcome outcome : Outcome.values()) {
            expected.add(
                    "scientist.comparisons[candidate, test, " + outcome.name().toLowerCase(Locale.ROOT) + "]");
        }
        for (Operation operation : Operation.values()) {
            expected.add("scientist.failures[test, " + operation.name().toLowerCase(Locale.ROOT) + "]");
        }
        assertThat(registry.getMeters().stream()
                        .map(meter -> meter.getId().getName()
                                + meter.getId().getTags().stream()
                                        .map(tag -> tag.getValue())
                                        .sorted()
                                        .toList()))
                .containsExactlyInAnyOrderElementsOf(expected.stream()
                        .map(MicrometerPublisherTest::withSortedTags)
                        .toList());
        assertThat(registry.getMeters()).hasSize(35);
        assertThat(registry.get("scientist.switch").gauge().value()).isEqualTo(1);
        assertThat(counted()).isEmpty();
    }

    @Test
    void thereIsNoRowOfACandidateThatThereIsNot() {
        Experiment<Integer> experiment = lab.experiment();
        experiment.control(() -> 1).candidate("sql", () -> 2).run();

        assertThat(MetersLab.meters(registry))
                .hasSize(35 + 1) // and where they differ
                .doesNotContainKeys(
                        "scientist.comparisons[candidate, test, matched]", "scientist.behavior[candidate, test]")
                .containsEntry("scientist.comparisons[sql, test, matched]", 0.0)
                .containsEntry("scientist.comparisons[sql, test, mismatched]", 1.0);

        experiment.run(() -> 1, () -> 1);
        assertThat(counted())
                .containsEntry("scientist.comparisons[candidate, test, matched]", 1.0)
                .containsEntry("scientist.behavior[candidate, test]", 1.0);
    }

    @Test
    void theUsualCandidateStaysOnceItRan() {
        Experiment<Integer> experiment = lab.experiment();
        experiment.run(() -> 1, () -> 1);
        experiment.control(() -> 1).candidate("sql", () -> 1).run();

        assertThat(counted())
                .containsEntry("scientist.comparisons[candidate, test, matched]", 1.0)
                .containsEntry("scientist.comparisons[sql, test, matched]", 1.0);
    }

    @Test
    void switchAndGateAreGauges() {
        Gate breaker = publisher.countingSkipped(Gates.all(
                Gates.percent(100), Gates.circuitBreaker().failuresInARow(2).build()));
        Experiment<Integer> experiment =
                lab.scientist.<Integer>experiment("test").gate(breaker).build();
        assertThat(gauge("scientist.switch")).isEqualTo(1);
        assertThat(gauge("scientist.gate")).isEqualTo(1);

        for (int i = 0; i < 2; i++) {
            experiment.run(() -> 1, () -> {
                throw new IllegalStateException();
            });
        }
        assertThat(gauge("scientist.gate")).as("the breaker is open").isZero();
        assertThat(gauge("scientist.switch")).isEqualTo(1);

        experiment.switchOff();
        assertThat(gauge("scientist.switch")).isZero();
    }

    private double gauge(String name) {
        return registry.get(name).tags("experiment", "test").gauge().value();
    }

    @Test
    void theGaugesOfASecondScientistTakeOver() {
        lab.experiment();
        MetersLab second = new MetersLab(new MicrometerPublisher(registry));
        Experiment<Integer> next = second.experiment();
        next.switchOff();
        assertThat(gauge("scientist.switch")).isZero();

        lab.close();
        assertThat(gauge("scientist.switch"))
                .as("the first one's is gone already")
                .isZero();
        second.close();
        assertThat(registry.find("scientist.switch").gauges()).isEmpty();
    }

    private static String withSortedTags(String meter) {
        int start = meter.indexOf('[');
        String[] tags = meter.substring(start + 1, meter.length() - 1).split(", ");
        Arrays.sort(tags);
        return meter.substring(0, start) + Arrays.toString(tags);
    }

    @Test
    void everyMeterHasTheTagsTheTypeAndTheDescriptionThatAreDocumented() {
        Experiment<Integer> experiment = lab.scientist
                .<Integer>experiment("test")
                .baseline(Gates.percent(0))
                .publisher(publisher.counting("other", result -> {}))
                .publisher(new EvidenceMeters(registry, new EvidencePublisher(), Tolerance.standard()))
                .gate(Gates.circuitBreaker().build())
                .ignore("three is fine", (control, candidate) -> candidate == 3)
                .build();
        experiment.run(() -> 1, () -> 2);
        experiment.run(() -> 1, () -> 3);
        experiment.run(() -> 1, () -> {
            throw new IllegalStateException();
        });
        Rollout.of(experiment).build();

        for (ScientistMeter documented : ScientistMeter.values()) {
            List<Meter> meters = List.copyOf(registry.find(documented.getName()).meters());
            assertThat(meters).as(documented.name()).isNotEmpty().allSatisfy(meter -> {
                assertThat(meter.getId().getType()).isEqualTo(documented.getType());
                assertThat(meter.getId().getDescription()).isEqualTo(documented.description());
                assertThat(meter.getId().getTags().stream().map(tag -> tag.getKey()))
                        .containsExactlyInAnyOrderElementsOf(Arrays.stream(documented.getKeyNames())
                                .map(key -> key.asString())
                                .toList());
            });
        }
        assertThat(registry.getMeters().stream()
                        .map(meter -> meter.getId().getName())
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ScientistMeter.values())
                        .map(ScientistMeter::getName)
                        .toList());
    }

    @Test
    void aMatchCountsOnceAndIsTimed() {
        Experiment<Integer> experiment = lab.experiment();

        experiment.run(
                () -> {
                    lab.clock.advanceMillis(3);
                    return 1;
                },
                () -> {
                    lab.clock.advanceMillis(5);
                    return 1;
                });

        assertThat(counted())
                .containsOnly(
                        entry("scientist.runs[sampled, test]", 1.0),
                        entry("scientist.comparisons[candidate, test, matched]", 1.0),
                        entry("scientist.behavior[control, test]", 1.0),
                        entry("scientist.behavior[candidate, test]", 1.0));
        assertThat(timer("control").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(3);
        assertThat(timer("candidate").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(5);
    }

    private Timer timer(String behavior) {
        return registry.get("scientist.behavior")
                .tags("experiment", "test", "behavior", behavior)
                .timer();
    }

    private double count(String meter, String... tags) {
        return registry.get(meter).tags(tags).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Test
    void eachOutcomeIsCountedAsItself() {
        Experiment<Integer> experiment = lab.scientist
                .<Integer>experiment("test")
                .comparator((control, candidate) -> {
                    if (candidate == 13) {
                        throw new IllegalStateException("unlucky");
                    }
                    return control.equals(candidate) ? List.of() : List.of(Difference.of("", control, candidate));
                })
                .ignore("three is fine", (control, candidate) -> candidate == 3)
                .build();

        for (int candidate : new int[] {1, 1, 1, 2, 2, 3, 13}) {
            experiment.run(() -> 1, () -> candidate);
        }

        assertThat(count("scientist.comparisons", "outcome", "matched")).isEqualTo(3);
        assertThat(count("scientist.comparisons", "outcome", "mismatched")).isEqualTo(2);
        assertThat(count("scientist.comparisons", "outcome", "ignored")).isEqualTo(1);
        assertThat(count("scientist.comparisons", "outcome", "failed")).isEqualTo(1);
        assertThat(count("scientist.failures", "operation", "compare")).isEqualTo(1);
        assertThat(count("scientist.ignored", "reason", "three is fine")).isEqualTo(1);
        assertThat(count("scientist.differences", "path", "(whole value)")).isEqualTo(2);
        lab.failures.clear();
    }

    @Test
    void differencesAreCountedOnceAPlaceAndWithoutMapKeys() {
        Experiment<Integer> experiment = lab.scientist
                .<Integer>experiment("test")
                .comparator((control, candidate) -> List.of(
                        Difference.of("lines[0].price", 1, 2),
                        Difference.of("lines[1].price", 3, 4),
                        Difference.of("total", 4, 6)))
                .build();

        experiment.run(() -> 1, () -> 2);

        assertThat(counted())
                .containsEntry("scientist.differences[candidate, test, lines[*].price]", 1.0)
                .containsEntry("scientist.differences[candidate, test, total]", 1.0);
    }

    @Test
    void exceptionsAreCountedByTheSimpleNameOfTheirClass() {
        Experiment<Integer> experiment = lab.experiment();

        for (int i = 0; i < 3; i++) {
            experiment.run(() -> 1, () -> {
                throw new IllegalStateException("private");
            });
        }
        experiment.run(() -> 1, () -> {
            throw new RuntimeException("anonymous") {
                private static final long serialVersionUID = 1;
            };
        });

        assertThat(counted())
                .containsEntry("scientist.exceptions[candidate, IllegalStateException, test]", 3.0)
                .containsEntry("scientist.exceptions[candidate, MicrometerPublisherTest$1, test]", 1.0);
    }

    @Test
    void whatTheControlThrowsIsCountedToo() {
        Experiment<Integer> experiment = lab.experiment();

        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> experiment.run(
                        () -> {
                            throw new UnsupportedOperationException();
                        },
                        () -> 1)))
                .isInstanceOf(UnsupportedOperationException.class);

        assertThat(counted()).containsEntry("scientist.exceptions[control, UnsupportedOperationException, test]", 1.0);
    }

    @Test
    void theControlComparedWithItselfIsNoCandidateAndNotTimedTwice() {
        int[] calls = {0};
        Experiment<Integer> experiment = lab.scientist
                .<Integer>experiment("test")
                .baseline((request, input) -> true)
                .build();

        experiment.run(() -> calls[0]++, () -> 0);

        assertThat(count("scientist.baseline.comparisons", "outcome", "mismatched"))
                .isEqualTo(1);
        assertThat(count("scientist.comparisons")).isEqualTo(1);
        assertThat(timer("control").count()).isEqualTo(1);
    }

    @Test
    void droppedRunsAreCountedByReason() {
        try (MetersLab full = new MetersLab(
                publisher,
                builder -> builder.executor(task -> {
                    throw new java.util.concurrent.RejectedExecutionException();
                }))) {
            Experiment<Integer> experiment = full.scientist
                    .<Integer>experiment("full")
                    .execution(Execution.background())
                    .build();

            experiment.run(() -> 1, () -> 1);

            assertThat(counted())
                    .containsEntry("scientist.runs[rejected, full]", 1.0)
                    .containsEntry("scientist.failures[full, execute]", 1.0)
                    .doesNotContainKey("scientist.runs[sampled, full]");
        }
    }

    @Test
    void candidatesWithNamesOfTheirOwnHaveAllOutcomesFromTheirFirstRunOn() {
        Experiment<Integer> experiment = lab.experiment();

        experiment
                .control("old", () -> 1)
                .candidate("api", () -> 1)
                .candidate("sql", () -> 2)
                .run();

        assertThat(MetersLab.meters(registry))
                .containsEntry("scientist.comparisons[api, test, matched]", 1.0)
                .containsEntry("scientist.comparisons[api, test, mismatched]", 0.0)
                .containsEntry("scientist.comparisons[sql, test, mismatched]", 1.0)
                .containsEntry("scientist.behavior[old, test]", 1.0)
                .containsEntry("scientist.behavior[sql, test]", 1.0);
    }

    @Test
    void noExperimentHasMoreMetersThanDocumented() {
        int[] run = {0};
        Experiment<Integer> experiment = lab.scientist
                .<Integer>experiment("test")
                .gate(publisher.countingSkipped((request, input) -> true))
                .comparator((control, candidate) -> List.of(Difference.of("field" + run[0], control, candidate)))
                .errorComparator((control, candidate) -> List.of())
                .build();
        Experiment<Integer> ignoring = ignoringForManyReasons();
        List<Throwable> throwables = manyKindsOfThrowable();

        for (run[0] = 0; run[0] < 200; run[0]++) {
            int number = run[0];
            Trial<Integer, ?> trial = experiment.control("control " + number, () -> 1);
            for (int i = 0; i < 40; i++) {
                trial.candidate("candidate " + i, () -> {
                    if (number >= 100) {
                        throw sneaky(throwables.get(number % throwables.size()));
                    }
                    return 2;
                });
            }
            runQuietly(trial);
            ignoring.run(() -> 1, () -> number);
        }

        List<Meter> ofTest = registry.getMeters().stream()
                .filter(meter -> "test".equals(meter.getId().getTag("experiment")))
                .toList();
        assertThat(ofTest).hasSizeGreaterThan(300).hasSizeLessThanOrEqualTo(754);
        assertThat(distinct(ofTest, "scientist.comparisons", "candidate"))
                .hasSize(12)
                .contains("candidate 0", "candidate 10", "other")
                .doesNotContain("candidate");
        assertThat(distinct(ofTest, "scientist.behavior", "behavior")).hasSize(23);
        assertThat(count("scientist.comparisons", "experiment", "test")).isEqualTo(200 * 40);
        assertThat(ofTest.stream()
                        .filter(meter -> meter.getId().getName().equals("scientist.behavior"))
                        .mapToDouble(meter -> ((Timer) meter).count())
                        .sum())
                .as("of the runs in which they ended alike")
                .isEqualTo(100 * 41);
        assertThat(count("scientist.differences", "experiment", "test")).isEqualTo(200 * 40);
        assertThat(registry.get("scientist.differences")
                        .tags("experiment", "test", "candidate", "candidate 0")
                        .counters())
                .hasSize(21);
        assertThat(registry.get("scientist.exceptions")
                        .tags("experiment", "test", "behavior", "candidate 0")
                        .counters())
                .hasSize(11);
        assertThat(count("scientist.exceptions", "experiment", "test")).isEqualTo(100 * 40);
        assertThat(registry.get("scientist.ignored")
                        .tags("experiment", "ignoring")
                        .counters())
                .hasSize(11);
        assertThat(count("scientist.ignored", "experiment", "ignoring")).isEqualTo(199);
    }

    private Experiment<Integer> ignoringForManyReasons() {
        Experiment.Builder<Integer> builder = lab.scientist.experiment("ignoring");
        IntStream.range(0, 20).forEach(i -> builder.ignore("reason " + i, (control, candidate) -> candidate % 20 == i));
        return builder.build();
    }

    private static List<String> distinct(List<Meter> meters, String name, String tag) {
        return meters.stream()
                .filter(meter -> meter.getId().getName().equals(name))
                .map(meter -> meter.getId().getTag(tag))
                .distinct()
                .toList();
    }

    private static List<Throwable> manyKindsOfThrowable() {
        return List.of(
                new IllegalStateException(),
                new IllegalArgumentException(),
                new UnsupportedOperationException(),
                new ArithmeticException(),
                new ClassCastException(),
                new NullPointerException(),
                new IndexOutOfBoundsException(),
                new NegativeArraySizeException(),
                new ArrayStoreException(),
                new java.io.IOException(),
                new java.util.NoSuchElementException(),
                new java.util.ConcurrentModificationException(),
                new StackOverflowError(),
                new AssertionError());
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> RuntimeException sneaky(Throwable throwable) throws X {
        throw (X) throwable;
    }

    private static void runQuietly(Trial<Integer, ?> trial) {
        try {
            trial.run();
        } catch (Throwable unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    @Test
    void aHistogramIsThereOnRequestOnly() {
        lab.experiment().run(() -> 1, () -> 1);
        assertThat(timer("control").takeSnapshot().histogramCounts()).isEmpty();

        MeterRegistry other = new io.micrometer.prometheusmetrics.PrometheusMeterRegistry(
                io.micrometer.prometheusmetrics.PrometheusConfig.DEFAULT);
        try (MetersLab histograms = new MetersLab(new MicrometerPublisher(other).histogram())) {
            histograms.experiment().run(() -> 1, () -> {
                histograms.clock.advanceMillis(2);
                return 1;
            });
            var counts = other.get("scientist.behavior")
                    .tags("behavior", "candidate")
                    .timer()
                    .takeSnapshot()
                    .histogramCounts();
            assertThat(counts).hasSizeBetween(90, 120);
            assertThat(counts[0].bucket(TimeUnit.MICROSECONDS)).isEqualTo(10);
            assertThat(counts[counts.length - 1].bucket(TimeUnit.SECONDS)).isEqualTo(30);
            assertThat(counts[counts.length - 1].count()).isEqualTo(1);
        }
    }

    @Test
    void aCountedPublisherIsCountedByItsOutcomeAndFailsAsBefore() {
        List<Result<?>> handed = new ArrayList<>();
        IllegalStateException failure = new IllegalStateException();
        Publisher failsOnTheSecond = result -> {
            handed.add(result);
            if (handed.size() == 2) {
                throw failure;
            }
        };
        try (MetersLab counted = new MetersLab(
                publisher, builder -> builder.publisher(publisher.counting("database", failsOnTheSecond)))) {
            Experiment<Integer> experiment =
                    counted.scientist.<Integer>experiment("counted").build();
            assertThat(MetersLab.meters(registry))
                    .containsEntry("scientist.publications[counted, success, database]", 0.0)
                    .containsEntry("scientist.publications[counted, failure, database]", 0.0);

            for (int i = 0; i < 3; i++) {
                experiment.run(() -> 1, () -> 1);
            }

            assertThat(handed).hasSize(3);
            assertThat(counted.failures).containsExactly(new MetersLab.Failure(Operation.PUBLISH, failure));
            assertThat(counted())
                    .containsEntry("scientist.publications[counted, success, database]", 2.0)
                    .containsEntry("scientist.publications[counted, failure, database]", 1.0)
                    .containsEntry("scientist.failures[counted, publish]", 1.0);
        }
    }

    @Test
    void aCountedPublisherIsToldAllThatItWouldBeToldUncounted() throws Exception {
        List<String> told = new ArrayList<>();
        Publisher target = new Publisher() {
            @Override
            public void publish(Result<?> result) {
                told.add("publish");
            }

            @Override
            public void defined(Experiment<?> experiment) {
                told.add("defined");
            }

            @Override
            public void dropped(Experiment<?> experiment, Drop reason) {
                told.add("dropped " + reason);
            }

            @Override
            public void failed(Experiment<?> experiment, Operation operation, Throwable failure) {
                told.add("failed " + operation);
            }

            @Override
            public void gateChanged(Experiment<?> experiment, String status) {
                told.add("gateChanged " + status);
            }

            @Override
            public void switched(Experiment<?> experiment, boolean on) {
                told.add("switched " + on);
            }

            @Override
            public void stageChanged(Experiment<?> experiment, Serving serving) {
                told.add("stageChanged " + serving.stage());
            }

            @Override
            public boolean wants(Result<?> result) {
                return false;
            }

            @Override
            public boolean wantsDrops() {
                return false;
            }

            @Override
            public boolean wantsFailures() {
                return false;
            }

            @Override
            public void close() {
                told.add("close");
            }
        };
        Experiment<Integer> experiment = lab.experiment();
        Publisher counting = publisher.counting("target", target);

        counting.defined(experiment);
        counting.dropped(experiment, Drop.SHED);
        counting.failed(experiment, Operation.CLEAN, new IllegalStateException());
        counting.gateChanged(experiment, "open");
        counting.switched(experiment, false);
        Rollout.of(experiment).build();
        counting.stageChanged(experiment, experiment.serving());
        counting.close();

        assertThat(told)
                .containsExactly(
                        "defined",
                        "dropped SHED",
                        "failed CLEAN",
                        "gateChanged open",
                        "switched false",
                        "stageChanged control",
                        "close");
        assertThat(counting.wants(null)).isFalse();
        assertThat(counting.wantsDrops()).isFalse();
        assertThat(counting.wantsFailures()).isFalse();
        // a method added to Publisher must be handed on too
        assertThat(Arrays.stream(Publisher.class.getMethods()).map(method -> method.getName()))
                .containsExactlyInAnyOrder(
                        "publish",
                        "wants",
                        "wantsDrops",
                        "wantsFailures",
                        "defined",
                        "dropped",
                        "failed",
                        "gateChanged",
                        "switched",
                        "stageChanged",
                        "close");
    }

    @Test
    void aRolloutHasItsStageWhetherItFellBackAndRescues() {
        Experiment<Integer> experiment = lab.experiment();
        int without = registry.getMeters().size();
        Rollout<Integer> rollout =
                Rollout.of(experiment).canary((request, input) -> true).build();
        assertThat(registry.getMeters()).hasSize(without + 6);
        assertThat(gauges("scientist.rollout.stage")).containsExactly("control");
        rollout.moveTo(Stage.SHADOW);
        assertThat(gauges("scientist.rollout.stage")).containsExactly("shadow");
        rollout.moveTo(Stage.CANARY);
        for (int i = 0; i < 4; i++) {
            rollout.<RuntimeException>run(() -> 1, () -> {
                throw new IllegalStateException("no such table");
            });
        }
        assertThat(gauges("scientist.rollout.stage")).containsExactly("canary");
        assertThat(gauges("scientist.rollout.fallen.back")).isEmpty();
        assertThat(counted()).containsEntry("scientist.rollout.rescues[test]", 4.0);

        rollout.<RuntimeException>run(() -> 1, () -> {
            throw new IllegalStateException("once more");
        });
        assertThat(gauges("scientist.rollout.stage")).containsExactly("shadow");
        assertThat(gauges("scientist.rollout.fallen.back")).containsExactly("test");

        lab.close();
        assertThat(registry.find("scientist.rollout.stage").gauges()).isEmpty();
    }

    /** The last tags of the gauges that are 1. */
    private List<String> gauges(String name) {
        return registry.find(name).gauges().stream()
                .filter(gauge -> gauge.value() == 1)
                .map(gauge -> gauge.getId().getTags())
                .map(tags -> tags.get(tags.size() - 1).getValue())
                .toList();
    }

    @Test
    void skippedRunsAreCountedOnRequest() {
        int[] asked = {0};
        Gate everySecond = (request, input) -> asked[0]++ % 2 == 0;
        Experiment<Integer> experiment = lab.scientist
                .<Integer>experiment("test")
                .gate(publisher.countingSkipped(everySecond))
                .build();
        assertThat(MetersLab.meters(registry)).containsEntry("scientist.runs[skipped, test]", 0.0);

        for (int i = 0; i < 5; i++) {
            experiment.run(() -> 1, () -> 1);
        }

        assertThat(asked[0]).isEqualTo(5);
        assertThat(counted())
                .containsEntry("scientist.runs[skipped, test]", 2.0)
                .containsEntry("scientist.runs[sampled, test]", 3.0);
    }

    @Test
    void aCountedGateKeepsWhatTheGateIsAndLearns() {
        List<String> told = new ArrayList<>();
        Gate own = new Gate() {
            @Override
            public boolean admits(Request request, Object input) {
                return true;
            }

            @Override
            public void learn(Request request, Result<?> result) {
                told.add("learn");
            }

            @Override
            public String status() {
                return "half open";
            }
        };
        Gate shared = new Gate() {
            @Override
            public boolean admits(Request request, Object input) {
                throw new AssertionError("the experiment has a gate of its own");
            }

            @Override
            public Gate forExperiment(String experiment) {
                told.add(experiment);
                return own;
            }
        };
        Experiment<Integer> experiment = lab.scientist
                .<Integer>experiment("test")
                .gate(publisher.countingSkipped(shared))
                .build();

        experiment.run(() -> 1, () -> 1);

        assertThat(experiment.gateStatus()).isEqualTo("half open");
        assertThat(told).containsExactly("test", "learn");
    }

    @Test
    void resultsOfAnExperimentItWasNotToldOfCountAsWell() {
        try (Scientist other = Scientist.builder().publisher(publisher::publish).build()) {
            other.<Integer>experiment("untold").build().run(() -> 1, () -> 1);
        }

        assertThat(counted()).containsEntry("scientist.runs[sampled, untold]", 1.0);
    }

    @Test
    void manyThreadsLoseNoCount() throws InterruptedException {
        Experiment<Integer> experiment = lab.experiment();
        List<Thread> threads = IntStream.range(0, 4)
                .mapToObj(thread -> new Thread(() -> {
                    for (int i = 0; i < 5_000; i++) {
                        int number = i;
                        experiment
                                .control(() -> 1)
                                .candidate("candidate " + number % 30, () -> number % 10 == 0 ? 2 : 1)
                                .run();
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(count("scientist.runs", "decision", "sampled")).isEqualTo(20_000);
        assertThat(count("scientist.comparisons", "outcome", "mismatched")).isEqualTo(2_000);
        assertThat(count("scientist.comparisons", "outcome", "matched")).isEqualTo(18_000);
        assertThat(registry.get("scientist.comparisons").counters()).hasSize(12 * Outcome.values().length);
    }
}
