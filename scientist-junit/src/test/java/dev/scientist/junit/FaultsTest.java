package dev.scientist.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.scientist.Behavior;
import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.Gate;
import dev.scientist.InputBehavior;
import dev.scientist.Outcome;
import dev.scientist.Publisher;
import dev.scientist.Result;
import dev.scientist.ResultComparator;
import dev.scientist.Scientist;
import dev.scientist.publish.RecordingPublisher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FaultsTest {

    private static Faults always(Fault kind) {
        return Faults.of(1, 1, kind);
    }

    @Test
    void throwsAllSortsOfThings() {
        Faults faults = always(Fault.THROW);
        Behavior<Integer, RuntimeException> candidate = faults.candidate(() -> 1);
        Set<Class<?>> thrown = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            Throwable throwable = catchThrowable(candidate::call);
            assertThat(throwable).hasMessage("injected fault, seed 1");
            thrown.add(throwable.getClass());
        }
        assertThat(thrown).hasSize(6);
        assertThat(faults.strikes()).isEqualTo(200);
    }

    @Test
    void corruptsWhatPartsReturn() throws Exception {
        Faults faults = always(Fault.CORRUPT);
        assertThat(faults.candidate(() -> true).call()).isFalse();
        assertThat(faults.candidate(() -> 1).call()).isEqualTo(2);
        assertThat(faults.candidate(() -> 1L).call()).isEqualTo(2L);
        assertThat(faults.candidate(() -> -1.0).call()).isEqualTo(0.0);
        assertThat(faults.candidate(() -> Double.POSITIVE_INFINITY).call()).isNegative();
        assertThat(faults.candidate(() -> "x").call()).isEqualTo("x?");
        assertThat(faults.candidate(() -> List.of(1)).call()).isNull();
        InputBehavior<Integer, Integer, RuntimeException> candidate = faults.candidate(input -> input);
        assertThat(candidate.call(5)).isEqualTo(6);
        assertThat(faults.comparator(ResultComparator.<Integer>equality()).compare(1, 1))
                .isNull();
        assertThat(faults.gate((request, input) -> true).admits(null, null)).isFalse();
        assertThat(faults.gate((request, input) -> false).admits(null, null)).isTrue();
        List<Result<?>> published = new ArrayList<>();
        faults.publisher(published::add).publish(null);
        assertThat(published).isEmpty();
    }

    @Test
    void doesAsBeforeWhereItDoesNotStrike() throws Exception {
        Faults faults = Faults.of(1, 0);
        assertThat(faults.candidate(() -> 1).call()).isEqualTo(1);
        assertThat(faults.comparator(ResultComparator.<Integer>equality()).compare(1, 2))
                .hasSize(1);
        assertThat(faults.gate((request, input) -> true).admits(null, null)).isTrue();
        RecordingPublisher published = new RecordingPublisher();
        Result<Integer> result = Fabricated.<Integer>experiment("price")
                .result()
                .control(1, Duration.ZERO)
                .candidate("c", 1, Duration.ZERO)
                .build();
        faults.publisher(published).publish(result);
        assertThat(published.results()).hasSize(1).first().isSameAs(result);
        assertThat(faults.strikes()).isZero();
        assertThat(faults.chances()).isEqualTo(4);
    }

    @Test
    void handsOnWhatElseGatesAndPublishersAreTold() throws Exception {
        Faults faults = always(Fault.THROW);
        List<String> told = new ArrayList<>();
        Publisher publisher = faults.publisher(new Publisher() {
            @Override
            public void publish(Result<?> result) {}

            @Override
            public void defined(Experiment<?> experiment) {
                told.add("defined " + experiment.name());
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
                told.add("closed");
            }
        });
        assertThat(publisher.wants(null)).isFalse();
        assertThat(publisher.wantsDrops()).isFalse();
        assertThat(publisher.wantsFailures()).isFalse();
        Gate own = new Gate() {
            @Override
            public boolean admits(Request request, Object input) {
                return true;
            }

            @Override
            public Gate forExperiment(String experiment) {
                told.add("gate of " + experiment);
                return this;
            }

            @Override
            public String status() {
                return "fine";
            }
        };
        try (Scientist scientist = Scientist.builder()
                .publisher(publisher)
                .failureHandler((experiment, operation, failure) -> told.add(experiment + " " + operation))
                .build()) {
            Experiment<Integer> experiment = scientist
                    .<Integer>experiment("price")
                    .gate(faults.gate(own))
                    .build();
            assertThat(experiment.gateStatus()).isEqualTo("fine");
            assertThat(experiment.run(() -> 1, () -> 2)).isEqualTo(1);
        }
        assertThat(told).containsExactly("gate of price", "defined price", "price GATE", "closed");
    }

    @Test
    void strikesAsOftenAsAskedAndRepeats() {
        List<List<Boolean>> runs = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Faults faults = Faults.of(42, 0.3, Fault.CORRUPT);
            List<Boolean> struck = new ArrayList<>();
            for (int j = 0; j < 10_000; j++) {
                struck.add(faults.gate((request, input) -> false).admits(null, null));
            }
            assertThat(faults.strikes()).isBetween(2_800L, 3_200L);
            runs.add(struck);
        }
        assertThat(runs.get(0)).isEqualTo(runs.get(1));
    }

    @Test
    void hangsUntilClosed() throws Exception {
        Faults faults = always(Fault.HANG);
        FutureTask<Integer> task =
                new FutureTask<>(() -> faults.candidate(() -> 1).call());
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(task.isDone()).isFalse();
        faults.close();
        assertThat(task.get(1, TimeUnit.MINUTES)).isEqualTo(1);
        // and strikes no more
        assertThat(catchThrowable(() -> faults.candidate(() -> 1).call())).isNull();
        assertThat(faults.strikes()).isEqualTo(1);
    }

    @Test
    void ahangingCandidateIsAbandoned() throws Exception {
        Faults faults = always(Fault.HANG);
        RecordingPublisher results = new RecordingPublisher();
        try (faults;
                Scientist scientist = Scientist.builder().publisher(results).build()) {
            CountDownLatch begun = new CountDownLatch(1);
            Behavior<Integer, ?> hanging = faults.candidate(() -> 1);
            int value = scientist
                    .<Integer>experiment("slow")
                    .execution(Execution.concurrent(Duration.ofMillis(20)))
                    .build()
                    .run(
                            () -> {
                                begun.await();
                                return 1;
                            },
                            () -> {
                                begun.countDown();
                                return hanging.call();
                            });
            assertThat(value).isEqualTo(1);
        }
        ResultAssert.assertThat(results.results().get(0)).has(Outcome.ABANDONED);
    }

    @Test
    void delaysAndAllocates() throws Exception {
        assertThat(always(Fault.DELAY).candidate(() -> 1).call()).isEqualTo(1);
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThat(always(Fault.ALLOCATE).candidate(() -> 1).call()).isEqualTo(1);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isGreaterThan(8_000_000);
    }

    @Test
    void saysWhichProbabilityIsWrong() {
        for (double wrong : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThatThrownBy(() -> Faults.of(1, wrong))
                    .hasMessage("the probability of faults must be from 0 to 1, not " + wrong);
        }
    }

    @WithScientist
    static class Suites {
        @Test
        @WithFaults(probability = 0.5)
        void noticesNothing(Scientist scientist, Faults faults) {
            Experiment<Integer> experiment = scientist
                    .<Integer>experiment("price")
                    .comparator(faults.comparator(ResultComparator.equality()))
                    .build();
            for (int i = 0; i < 200; i++) {
                int number = i;
                assertThat(experiment.run(() -> number, faults.candidate(() -> number)))
                        .isEqualTo(number);
            }
            assertThat(faults.strikes()).isGreaterThan(100);
            assertThat(experiment.counts().started()).isBetween(100L, 190L);
        }

        @Test
        @WithFaults(value = Fault.HANG, probability = 1)
        void hangsInTheBackground(Scientist scientist, Faults faults) throws InterruptedException {
            Experiment<Integer> experiment = scientist
                    .<Integer>experiment("price")
                    .execution(Execution.background())
                    .build();
            CountDownLatch began = new CountDownLatch(1);
            Behavior<Integer, RuntimeException> hanging = faults.candidate(() -> 1);
            assertThat(experiment.run(() -> 1, () -> {
                        began.countDown();
                        return hanging.call();
                    }))
                    .isEqualTo(1);
            began.await();
            while (faults.strikes() == 0) {
                Thread.onSpinWait();
            }
        }

        @Test
        @WithFaults(probability = 0)
        void strikesNever(Scientist scientist, Faults faults) {
            scientist.<Integer>experiment("price").build().run(() -> 1, faults.candidate(() -> 1));
        }

        @Test
        void hasNone(Faults faults) {}

        @Test
        @WithFaults(value = Fault.CORRUPT, probability = 0.5, seed = 11)
        void repeats(Scientist scientist) {
            Experiment<Integer> experiment =
                    scientist.<Integer>experiment("price").build();
            StringBuilder struck = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                long before = experiment.counts().started();
                experiment.run(() -> 1, () -> 1);
                struck.append(experiment.counts().started() > before);
            }
            SEEN.add(struck.toString());
        }

        static final List<String> SEEN = new ArrayList<>();
    }

    @Test
    void aWholeTestGoesOnUnderFaults() {
        Suite.run(Suites.class, "noticesNothing").assertAllPassed(1);
        Suite.run(Suites.class, "hangsInTheBackground").assertAllPassed(1);
    }

    @Test
    void failsWhereNoFaultStruck() {
        assertThat(Suite.run(Suites.class, "strikesNever").failure())
                .hasMessageMatching("none of the faults \\[THROW, DELAY, CORRUPT, ALLOCATE] with probability 0.0, "
                        + "seed \\d+ has struck in \\d+ chances, so the test proves nothing");
    }

    @Test
    void saysThatFaultsMustBeAskedFor() {
        assertThat(Suite.run(Suites.class, "hasNone").failure())
                .hasMessageContaining("a test that takes Faults needs @WithFaults");
    }

    @Test
    void repeatsASeed() {
        Suites.SEEN.clear();
        Suite.run(Suites.class, "repeats").assertAllPassed(1);
        Suite.run(Suites.class, "repeats").assertAllPassed(1);
        Suite.run(Map.of("scientist.seed", "12"), Suites.class, "repeats").assertAllPassed(1);
        assertThat(Suites.SEEN.get(0)).isEqualTo(Suites.SEEN.get(1)).isNotEqualTo(Suites.SEEN.get(2));
    }
}
