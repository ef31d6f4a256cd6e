package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With a clock and randomness of the user's, times and order are exact. */
class ExactTest {

    private static final long SEED = Long.getLong("scientist.seed", 20_240_229L);

    private final Lab.ManualClock clock = new Lab.ManualClock();
    private final Lab lab = new Lab(builder -> builder.clock(clock));

    private Behavior<Integer, RuntimeException> taking(long nanos) {
        return () -> {
            clock.advance(nanos);
            return 1;
        };
    }

    // ---- time ----

    @ParameterizedTest
    @EnumSource(Execution.Inline.class)
    void aPairIsTimedExactly(Execution execution) {
        lab.<Integer>experiment().execution(execution).build().run(taking(1_001), taking(20_003));

        assertThat(lab.result().control().nanos()).isEqualTo(1_001);
        assertThat(lab.comparison().candidate().nanos()).isEqualTo(20_003);
        assertThat(lab.result().control().duration()).isEqualTo(Duration.ofNanos(1_001));
    }

    @ParameterizedTest
    @EnumSource(Execution.Inline.class)
    void aTrialIsTimedExactly(Execution execution) {
        lab.<Integer>experiment()
                .execution(execution)
                .measureResources(true)
                .build()
                .control(taking(5))
                .candidate("a", taking(70))
                .candidate("b", taking(900))
                .run();

        assertThat(lab.result().control().nanos()).isEqualTo(5);
        assertThat(lab.result().comparisons())
                .extracting(comparison -> comparison.candidate().nanos())
                .containsExactly(70L, 900L);
    }

    @ParameterizedTest
    @EnumSource(Execution.Inline.class)
    void whatThrowsIsTimedToo(Execution execution) {
        lab.<Integer>experiment().execution(execution).build().run(taking(5), () -> {
            clock.advance(30);
            throw new IllegalStateException();
        });

        assertThat(lab.comparison().candidate().nanos()).isEqualTo(30);
    }

    @ParameterizedTest
    @EnumSource(Execution.Inline.class)
    void userPartsAreNoBehaviorsTime(Execution execution) {
        lab.<Integer>experiment()
                .execution(execution)
                .gate((request, input) -> {
                    clock.advance(1_000);
                    return true;
                })
                .beforeRun(() -> clock.advance(1_000))
                .context(() -> {
                    clock.advance(1_000);
                    return Map.of();
                })
                .matching((control, candidate) -> {
                    clock.advance(1_000);
                    return true;
                })
                .publisher(result -> clock.advance(1_000))
                .afterRun(result -> clock.advance(1_000))
                .build()
                .run(taking(5), taking(30));

        assertThat(lab.result().control().nanos()).isEqualTo(5);
        assertThat(lab.comparison().candidate().nanos()).isEqualTo(30);
    }

    @ParameterizedTest
    @EnumSource(Execution.Inline.class)
    void snapshotsAreNoBehaviorsTime(Execution execution) {
        lab.<Integer>experiment()
                .execution(execution)
                .snapshot(value -> {
                    clock.advance(1_000);
                    return value;
                })
                .snapshotInput(String.class, input -> {
                    clock.advance(1_000);
                    return input;
                })
                .build()
                .run("input", input -> taking(5).call(), input -> taking(30).call());

        assertThat(lab.result().control().nanos()).isEqualTo(5);
        assertThat(lab.comparison().candidate().nanos()).isEqualTo(30);
    }

    @ParameterizedTest
    @EnumSource(Execution.Inline.class)
    void theClockIsReadFourTimesForAPairAndTwiceForComparingWhatIsNotSimple(Execution execution) {
        Experiment<Object> experiment =
                lab.<Object>experiment().execution(execution).build();

        experiment.run(taking(5), taking(30));
        assertThat(clock.reads()).isEqualTo(4);

        experiment.run(() -> List.of(1), () -> List.of(1));
        assertThat(clock.reads()).isEqualTo(4 + 4 + 2);
    }

    @Test
    void theClockIsNotReadWhenTheGateIsClosed() {
        lab.<Integer>experiment().enabled(() -> false).build().run(taking(5), taking(30));

        assertThat(clock.reads()).isZero();
    }

    @Test
    void withoutAClockOfTheUsersTimeIsReal() {
        try (Lab own = new Lab()) {
            long start = System.nanoTime();
            own.<Integer>experiment().build().run(() -> 1, () -> spin(2_000_000));
            long elapsed = System.nanoTime() - start;

            assertThat(own.comparison().candidate().nanos()).isBetween(2_000_000L, elapsed);
            assertThat(own.result().control().nanos()).isBetween(0L, elapsed - 2_000_000);
        }
    }

    private static int spin(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
        return 1;
    }

    // ---- order ----

    @Test
    void theUsersRandomnessDecidesTheOrder() {
        assertThat(orderOfAPair(Lab.always(0))).containsExactly("candidate", "control");
        assertThat(orderOfAPair(Lab.always(1))).containsExactly("control", "candidate");
    }

    private static List<String> orderOfAPair(java.util.random.RandomGenerator random) {
        try (Lab own = new Lab(builder -> builder.random(random))) {
            List<String> ran = new ArrayList<>();
            own.<Integer>experiment()
                    .build()
                    .run(
                            () -> {
                                ran.add("control");
                                return 1;
                            },
                            () -> {
                                ran.add("candidate");
                                return 1;
                            });
            assertThat(own.result().order()).isEqualTo(ran);
            return ran;
        }
    }

    @Test
    void theSameSeedGivesTheSameOrders() {
        assertThat(orders(20)).isEqualTo(orders(20));
    }

    private static List<List<String>> orders(int runs) {
        try (Lab own = new Lab(builder -> builder.random(new SplittableRandom(SEED)))) {
            Experiment<Integer> experiment = own.<Integer>experiment().build();
            for (int i = 0; i < runs; i++) {
                experiment
                        .control(() -> 1)
                        .candidate("a", () -> 1)
                        .candidate("b", () -> 1)
                        .run();
            }
            return own.results.results().stream().map(Result::order).toList();
        }
    }

    @Test
    void theOrderOfAPairIsFair() {
        int runs = 10_000;
        int candidateFirst = 0;
        for (String first : firsts(runs)) {
            candidateFirst += first.equals("candidate") ? 1 : 0;
        }

        // a binomial share of one half: five standard deviations
        assertThat(candidateFirst).as("seed %d", SEED).isBetween((int) (runs / 2.0 - 2.5 * Math.sqrt(runs)), (int)
                (runs / 2.0 + 2.5 * Math.sqrt(runs)));
    }

    private static List<String> firsts(int runs) {
        List<String> firsts = new ArrayList<>();
        Scientist scientist = Scientist.builder()
                .random(new SplittableRandom(SEED))
                .publisher(result -> firsts.add(result.order().get(0)))
                .build();
        Experiment<Integer> experiment = scientist.<Integer>experiment("test").build();
        for (int i = 0; i < runs; i++) {
            experiment.run(() -> 1, () -> 1);
        }
        scientist.close();
        return firsts;
    }

    @Test
    void everyOrderOfATrialIsEquallyLikely() {
        Map<List<String>, Integer> counts = countOrders(Execution.inline());

        assertThat(counts).hasSize(24);
        assertUniform(counts);
    }

    @Test
    void withTheControlFirstEveryOrderOfTheCandidatesIsEquallyLikely() {
        Map<List<String>, Integer> counts = countOrders(Execution.controlFirst());

        assertThat(counts).hasSize(6);
        assertThat(counts.keySet()).allSatisfy(order -> assertThat(order.get(0)).isEqualTo("control"));
        assertUniform(counts);
    }

    private static final int RUNS = 24_000;

    private static Map<List<String>, Integer> countOrders(Execution execution) {
        Map<List<String>, Integer> counts = new HashMap<>();
        Scientist scientist = Scientist.builder()
                .random(new SplittableRandom(SEED))
                .publisher(result -> counts.merge(result.order(), 1, Integer::sum))
                .build();
        Experiment<Integer> experiment =
                scientist.<Integer>experiment("test").execution(execution).build();
        for (int i = 0; i < RUNS; i++) {
            experiment
                    .control(() -> 1)
                    .candidate("a", () -> 1)
                    .candidate("b", () -> 1)
                    .candidate("c", () -> 1)
                    .run();
        }
        scientist.close();
        return counts;
    }

    private static void assertUniform(Map<List<String>, Integer> counts) {
        double share = 1.0 / counts.size();
        double expected = RUNS * share;
        double fiveDeviations = 5 * Math.sqrt(RUNS * share * (1 - share));
        assertThat(counts.values())
                .as("seed %d", SEED)
                .allSatisfy(count ->
                        assertThat((double) count).isBetween(expected - fiveDeviations, expected + fiveDeviations));
    }

    @Test
    void withoutRandomnessOfTheUsersBothOrdersOccur() {
        List<String> firsts = new ArrayList<>();
        Scientist scientist = Scientist.builder()
                .publisher(result -> firsts.add(result.order().get(0)))
                .build();
        Experiment<Integer> experiment = scientist.<Integer>experiment("test").build();
        // that one order does not occur in so many runs has a chance of 2^-199
        for (int i = 0; i < 200; i++) {
            experiment.run(() -> 1, () -> 1);
        }
        scientist.close();

        assertThat(firsts).contains("control", "candidate");
    }

    @Test
    void aGeneratorThatGoesOutOfBoundsIsReported() {
        java.util.random.RandomGenerator broken = new java.util.random.RandomGenerator() {
            @Override
            public long nextLong() {
                return 0;
            }

            @Override
            public int nextInt(int bound) {
                return bound;
            }
        };
        try (Lab own = new Lab(builder -> builder.random(broken))) {
            Experiment<Integer> experiment = own.<Integer>experiment().build();

            assertThat(experiment.run(() -> 1, () -> 1)).isEqualTo(1);
            assertThat(experiment.control(() -> 1).candidate(() -> 1).run()).isEqualTo(1);

            assertThat(own.failedOperations()).containsOnly(Operation.RANDOM).hasSize(2);
            assertThat(own.results.received()).isEqualTo(2);
        }
    }

    // ---- resources ----

    @ParameterizedTest
    @EnumSource(Execution.Inline.class)
    void processorTimeAndAllocatedBytesAreMeasuredOnRequest(Execution execution) {
        try (Lab own = new Lab()) {
            own.<Object>experiment()
                    .execution(execution)
                    .measureResources(true)
                    .build()
                    .run(() -> spin(20_000_000), () -> new byte[5_000_000].length);

            Observation<?> control = own.result().control();
            Observation<?> candidate = own.comparison().candidate();
            assertThat(candidate.allocatedBytes().getAsLong()).isBetween(5_000_000L, 6_000_000L);
            assertThat(control.allocatedBytes().getAsLong()).isBetween(0L, 1_000_000L);
            assertThat(control.cpuNanos().getAsLong()).isBetween(1L, 10 * control.nanos());
            assertThat(candidate.cpuNanos().getAsLong()).isNotNegative();
        }
    }

    /** Where the virtual machine does not measure, nothing is said: no 0 that would pass for a measurement. */
    @Test
    void resourcesThatTheVirtualMachineDoesNotMeasureAreUnknown() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        threads.setThreadCpuTimeEnabled(false);
        threads.setThreadAllocatedMemoryEnabled(false);
        try {
            Experiment<Integer> measured =
                    lab.<Integer>experiment().measureResources(true).build();

            measured.run(() -> 1, () -> 1);
            assertUnknown(lab.result().control());
            assertUnknown(lab.comparison().candidate());

            // it starts or stops while a behavior is under way: half a measurement is none
            lab.results.clear();
            measured.toBuilder("switched-on")
                    .execution(Execution.controlFirst())
                    .build()
                    .run(
                            () -> {
                                threads.setThreadCpuTimeEnabled(true);
                                threads.setThreadAllocatedMemoryEnabled(true);
                                return 1;
                            },
                            () -> {
                                threads.setThreadCpuTimeEnabled(false);
                                threads.setThreadAllocatedMemoryEnabled(false);
                                return 1;
                            });
            assertUnknown(lab.result().control());
            assertUnknown(lab.comparison().candidate());
        } finally {
            threads.setThreadCpuTimeEnabled(true);
            threads.setThreadAllocatedMemoryEnabled(true);
        }
    }

    private static void assertUnknown(Observation<?> observation) {
        assertThat(observation.cpuNanos()).isEmpty();
        assertThat(observation.allocatedBytes()).isEmpty();
    }

    @Test
    void resourcesAreNotMeasuredUnlessAskedFor() {
        lab.<Integer>experiment().build().run(taking(5), taking(30));

        assertThat(lab.result().control().cpuNanos()).isEmpty();
        assertThat(lab.result().control().allocatedBytes()).isEmpty();
        assertThat(lab.comparison().candidate().cpuNanos()).isEmpty();
        assertThat(lab.comparison().candidate().allocatedBytes()).isEmpty();
    }
}
