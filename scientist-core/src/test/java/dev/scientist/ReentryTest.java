package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** No explosion: an experiment entered again on the same thread runs its control alone. */
class ReentryTest {

    private final Lab lab = new Lab();
    private final AtomicInteger controls = new AtomicInteger();
    private final AtomicInteger candidates = new AtomicInteger();

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void aRecursiveControlIsSampledOnceAtTheTop() {
        Factorial factorial = new Factorial(lab.<Long>experiment().build());

        assertThat(factorial.of(10)).isEqualTo(3_628_800);

        // at the top both run, below it each calls its way down through controls alone
        assertThat(factorial.controls).hasValue(10 + 9);
        assertThat(factorial.candidates).hasValue(1);
        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
        assertThat(factorial.experiment.counts()).isEqualTo(new Counts(1, 1, Map.of()));

        assertThat(factorial.of(3)).isEqualTo(6);
        assertThat(factorial.experiment.counts()).isEqualTo(new Counts(2, 2, Map.of()));
    }

    private static final class Factorial {
        final Experiment<Long> experiment;
        final AtomicInteger controls = new AtomicInteger();
        final AtomicInteger candidates = new AtomicInteger();

        Factorial(Experiment<Long> experiment) {
            this.experiment = experiment;
        }

        long of(long n) {
            return experiment.run(n, this::control, this::candidate);
        }

        private long control(long n) {
            controls.incrementAndGet();
            return n <= 1 ? 1 : n * of(n - 1);
        }

        private long candidate(long n) {
            candidates.incrementAndGet();
            return n <= 1 ? 1 : n * of(n - 1);
        }
    }

    private int count(Experiment<Integer> experiment) {
        return experiment.run(controls::incrementAndGet, candidates::incrementAndGet);
    }

    @Test
    void everyFormIsBarred() {
        Experiment<Integer> experiment = lab.<Integer>experiment().build();

        experiment.run(
                () -> {
                    count(experiment);
                    experiment.run("input", input -> controls.incrementAndGet(), input -> candidates.incrementAndGet());
                    experiment
                            .control(controls::incrementAndGet)
                            .candidate(candidates::incrementAndGet)
                            .candidate("other", candidates::incrementAndGet)
                            .run();
                    return 1;
                },
                () -> 1);

        assertThat(controls).hasValue(3);
        assertThat(candidates).hasValue(0);
        assertThat(lab.results.received()).isEqualTo(1);
    }

    @Test
    void aTrialsBehaviorsAreBarredToo() {
        Experiment<Integer> experiment = lab.<Integer>experiment().build();

        experiment
                .control(() -> count(experiment))
                .candidate(() -> count(experiment))
                .run();

        assertThat(controls).hasValue(2);
        assertThat(candidates).hasValue(0);
        assertThat(experiment.counts()).isEqualTo(new Counts(1, 1, Map.of()));
    }

    @Test
    void itIsBarredByWayOfAnotherExperimentToo() {
        Experiment<Integer> outer = lab.scientist.<Integer>experiment("outer").build();
        Experiment<Integer> inner = lab.scientist.<Integer>experiment("inner").build();

        outer.run(() -> inner.run(() -> count(outer), () -> 0), () -> 0);

        assertThat(controls).hasValue(1);
        assertThat(candidates).hasValue(0);
        assertThat(outer.counts()).isEqualTo(new Counts(1, 1, Map.of()));
        assertThat(inner.counts()).isEqualTo(new Counts(1, 1, Map.of()));
    }

    @Test
    void differentExperimentsNestInsideOfWhatIsServed() {
        Experiment<Integer> outer = lab.scientist.<Integer>experiment("outer").build();
        Experiment<Integer> inner = lab.scientist.<Integer>experiment("inner").build();

        outer.run(() -> count(inner), () -> 1);

        assertThat(controls).hasValue(1);
        assertThat(candidates).hasValue(1);
        assertThat(inner.counts()).isEqualTo(new Counts(1, 1, Map.of()));
        assertThat(outer.counts()).isEqualTo(new Counts(1, 1, Map.of()));
    }

    @Test
    void insideOfACandidateTheOthersRunTheirControlAlone() {
        Experiment<Integer> outer = lab.scientist.<Integer>experiment("outer").build();
        Experiment<Integer> inner = lab.scientist.<Integer>experiment("inner").build();

        outer.run(() -> 1, () -> count(inner));

        assertThat(controls).hasValue(1);
        assertThat(candidates).hasValue(0);
        assertThat(inner.counts()).isEqualTo(new Counts(0, 0, Map.of()));
    }

    @Test
    void publishersComparatorsAndHooksAreInsideToo() {
        AtomicReference<Experiment<Integer>> self = new AtomicReference<>();
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .context(() -> Map.of("count", count(self.get())))
                .beforeRun(() -> count(self.get()))
                .matching((control, candidate) -> count(self.get()) < 0)
                .ignore("never", (control, candidate) -> count(self.get()) < 0)
                .clean(value -> count(self.get()))
                .publisher(result -> result.control().cleaned())
                .afterRun(result -> count(self.get()))
                .build();
        self.set(experiment);

        assertThat(experiment.run(() -> 1, () -> 2)).isEqualTo(1);

        assertThat(controls).hasValue(6);
        assertThat(candidates).hasValue(0);
        assertThat(experiment.counts()).isEqualTo(new Counts(1, 1, Map.of()));
        assertThat(lab.failures).isEmpty();
    }

    @Test
    void aPublisherThatIsToldOfAFailingGateIsInsideToo() {
        AtomicReference<Experiment<Integer>> self = new AtomicReference<>();
        AtomicInteger told = new AtomicInteger();
        Publisher runsItself = new Publisher() {
            @Override
            public void publish(Result<?> result) {}

            @Override
            public void failed(Experiment<?> experiment, Operation operation, Throwable failure) {
                told.incrementAndGet();
                self.get().run(controls::incrementAndGet, () -> 0);
            }
        };
        self.set(lab.<Integer>experiment()
                .publisher(runsItself)
                .gate((request, input) -> {
                    throw new IllegalStateException("the flag service is down");
                })
                .build());
        self.get().run(controls::incrementAndGet, () -> 0);

        assertThat(told).hasValue(1);
        assertThat(controls).hasValue(2);
    }

    @Test
    void theControlsOutcomeOfABarredRunIsItsOwn() {
        Experiment<Object> experiment = lab.experiment().build();
        Object value = new Object();
        IllegalStateException thrown = new IllegalStateException();
        List<Object> seen = new ArrayList<>();

        experiment.run(
                () -> {
                    seen.add(experiment.run(() -> value, Object::new));
                    try {
                        experiment.run(
                                () -> {
                                    throw thrown;
                                },
                                Object::new);
                    } catch (IllegalStateException e) {
                        seen.add(e);
                    }
                    return 1;
                },
                () -> 1);

        assertThat(seen).hasSize(2);
        assertThat(seen.get(0)).isSameAs(value);
        assertThat(seen.get(1)).isSameAs(thrown);
    }

    @Test
    void itIsFreeAgainAfterARunThatThrew() {
        Experiment<Integer> experiment =
                lab.<Integer>experiment().raiseOnMismatch(true).build();
        for (int i = 0; i < 3; i++) {
            try {
                experiment.run(() -> 1, () -> 2);
            } catch (MismatchError expected) {
                // of no interest here
            }
            try {
                experiment.run(
                        () -> {
                            throw new StackOverflowError();
                        },
                        () -> 2);
            } catch (MismatchError expected) {
                // of no interest here
            }
        }

        assertThat(experiment.counts()).isEqualTo(new Counts(6, 6, Map.of()));
    }

    @Test
    void nestingTooDeepRunsTheControlAlone() {
        List<Experiment<Integer>> experiments = new ArrayList<>();
        for (int i = 0; i <= Nesting.MAX_NESTED; i++) {
            experiments.add(lab.scientist
                    .<Integer>experiment("experiment " + i)
                    .execution(Execution.controlFirst())
                    .build());
        }

        assertThat(nested(experiments, 0)).isEqualTo(42);

        for (int i = 0; i < Nesting.MAX_NESTED; i++) {
            assertThat(experiments.get(i).counts().started()).isEqualTo(1);
        }
        assertThat(experiments.get(Nesting.MAX_NESTED).counts().started()).isZero();
        assertThat(candidates).hasValue(Nesting.MAX_NESTED);
    }

    private int nested(List<Experiment<Integer>> experiments, int i) {
        return i == experiments.size()
                ? 42
                : experiments.get(i).run(() -> nested(experiments, i + 1), candidates::incrementAndGet);
    }

    @Test
    void anotherThreadIsNotBarred() throws Exception {
        Experiment<Integer> experiment =
                lab.<Integer>experiment().execution(Execution.controlFirst()).build();
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            experiment.run(
                    () -> {
                        Future<Integer> counted = other.submit((Callable<Integer>) () -> count(experiment));
                        try {
                            return counted.get(30, TimeUnit.SECONDS);
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    },
                    () -> 1);
        } finally {
            other.shutdownNow();
        }

        assertThat(candidates).hasValue(1);
        assertThat(experiment.counts()).isEqualTo(new Counts(2, 2, Map.of()));
    }

    @Test
    void manyThreadsRunOneExperimentAtOnceAndNothingIsLost() throws Exception {
        Experiment<Integer> experiment = lab.<Integer>experiment().build();
        int threads = 8;
        int runs = 2_000;
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Void>> futures = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                futures.add(executor.submit((Callable<Void>) () -> {
                    start.await();
                    for (int i = 0; i < runs; i++) {
                        Integer input = i + 1_000_000;
                        if (experiment.run(input, in -> in, in -> in + 1) != input) {
                            throw new AssertionError("not the control's value");
                        }
                    }
                    return null;
                }));
            }
            start.countDown();
            for (Future<Void> future : futures) {
                future.get(60, TimeUnit.SECONDS);
            }
        } finally {
            executor.shutdownNow();
        }

        assertThat(experiment.counts()).isEqualTo(new Counts(threads * runs, threads * runs, Map.of()));
        assertThat(lab.results.received()).isEqualTo(threads * runs);
    }

    @Test
    void nestingTooDeepRunsTheControlAloneInTheBackgroundToo() {
        List<Experiment<Integer>> experiments = new ArrayList<>();
        for (int i = 0; i <= Nesting.MAX_NESTED; i++) {
            experiments.add(lab.scientist
                    .<Integer>experiment("background " + i)
                    .execution(Execution.background())
                    .build());
        }

        assertThat(nested(experiments, 0)).isEqualTo(42);
        lab.close();

        assertThat(experiments.get(Nesting.MAX_NESTED - 1).counts().started()).isEqualTo(1);
        assertThat(experiments.get(Nesting.MAX_NESTED).counts().started()).isZero();
    }
}
