package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.scientist.publish.RecordingPublisher;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every failure of a user-supplied part is reported with its operation, once, and never ends the run. */
class FailureHandlerTest {

    /** Throws a given throwable at one seam. What it needs of the scientist and of the experiment. */
    private record Seam(
            String name,
            Operation operation,
            BiFunction<Scientist.Builder, Throwable, Scientist.Builder> scientist,
            BiFunction<Experiment.Builder<Integer>, Throwable, Experiment.Builder<Integer>> experiment) {

        static Seam ofScientist(
                String name,
                Operation operation,
                BiFunction<Scientist.Builder, Throwable, Scientist.Builder> scientist) {
            return new Seam(name, operation, scientist, (builder, failure) -> builder);
        }

        static Seam ofExperiment(
                String name,
                Operation operation,
                BiFunction<Experiment.Builder<Integer>, Throwable, Experiment.Builder<Integer>> experiment) {
            return new Seam(name, operation, (builder, failure) -> builder, experiment);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final Set<Operation> NOT_ON_THE_CALLERS_THREAD =
            EnumSet.of(Operation.PROPAGATE, Operation.EXECUTE, Operation.RUN);

    private static Stream<Seam> seams() {
        return Stream.of(
                Seam.ofExperiment(
                        "gate",
                        Operation.GATE,
                        (builder, failure) -> builder.gate((request, input) -> {
                            throw Lab.sneaky(failure);
                        })),
                Seam.ofExperiment(
                        "flag",
                        Operation.GATE,
                        (builder, failure) -> builder.enabled(() -> {
                            throw Lab.sneaky(failure);
                        })),
                Seam.ofScientist(
                        "flag of all",
                        Operation.GATE,
                        (builder, failure) -> builder.enabled(() -> {
                            throw Lab.sneaky(failure);
                        })),
                Seam.ofScientist(
                        "default gate",
                        Operation.GATE,
                        (builder, failure) -> builder.defaultGate((request, input) -> {
                            throw Lab.sneaky(failure);
                        })),
                Seam.ofExperiment(
                        "learning gate",
                        Operation.GATE,
                        (builder, failure) -> builder.gate(new Gate() {
                            @Override
                            public boolean admits(Request request, Object input) {
                                return true;
                            }

                            @Override
                            public void learn(Request request, Result<?> result) {
                                throw Lab.sneaky(failure);
                            }
                        })),
                Seam.ofExperiment(
                        "before-run hook",
                        Operation.BEFORE_RUN,
                        (builder, failure) -> builder.beforeRun(() -> {
                            throw Lab.sneaky(failure);
                        })),
                Seam.ofExperiment(
                        "context",
                        Operation.CONTEXT,
                        (builder, failure) -> builder.context(() -> {
                            throw Lab.sneaky(failure);
                        })),
                Seam.ofScientist(
                        "default context",
                        Operation.CONTEXT,
                        (builder, failure) -> builder.context(() -> {
                            throw Lab.sneaky(failure);
                        })),
                Seam.ofScientist("clock", Operation.CLOCK, (builder, failure) -> builder.clock(once(failure)::run)),
                Seam.ofScientist(
                        "random",
                        Operation.RANDOM,
                        (builder, failure) -> builder.random(new RandomGenerator() {
                            @Override
                            public long nextLong() {
                                throw Lab.sneaky(failure);
                            }
                        })),
                Seam.ofExperiment(
                        "comparator",
                        Operation.COMPARE,
                        (builder, failure) -> builder.comparator((a, b) -> {
                            throw Lab.sneaky(failure);
                        })),
                Seam.ofExperiment(
                        "predicate",
                        Operation.COMPARE,
                        (builder, failure) -> builder.matching((a, b) -> {
                            throw Lab.sneaky(failure);
                        })),
                Seam.ofExperiment(
                        "ignore rule",
                        Operation.IGNORE,
                        (builder, failure) -> builder.ignore("r", (a, b) -> {
                            throw Lab.sneaky(failure);
                        })),
                Seam.ofExperiment(
                        "ignore rule on observations",
                        Operation.IGNORE,
                        (builder, failure) -> builder.ignoreWhere("r", run -> {
                            throw Lab.sneaky(failure);
                        })),
                Seam.ofExperiment(
                        "cleaner",
                        Operation.CLEAN,
                        (builder, failure) -> builder.clean(value -> {
                                    throw Lab.sneaky(failure);
                                })
                                .publisher(result -> result.control().cleaned())),
                Seam.ofExperiment(
                        "dispose",
                        Operation.DISPOSE,
                        (builder, failure) -> builder.dispose(value -> {
                            throw Lab.sneaky(failure);
                        })),
                Seam.ofExperiment(
                        "trait",
                        Operation.TRAIT,
                        (builder, failure) -> builder.trait("size", value -> {
                            throw Lab.sneaky(failure);
                        })),
                Seam.ofExperiment(
                        "publisher",
                        Operation.PUBLISH,
                        (builder, failure) -> builder.publisher(result -> {
                            throw Lab.sneaky(failure);
                        })),
                Seam.ofScientist(
                        "default publisher",
                        Operation.PUBLISH,
                        (builder, failure) -> builder.publisher(result -> {
                            throw Lab.sneaky(failure);
                        })),
                Seam.ofExperiment(
                        "after-run hook",
                        Operation.AFTER_RUN,
                        (builder, failure) -> builder.afterRun(r -> {
                            throw Lab.sneaky(failure);
                        })),
                Seam.ofExperiment(
                        "input snapshot",
                        Operation.SNAPSHOT,
                        (builder, failure) -> builder.snapshotInput(Integer.class, input -> {
                            throw Lab.sneaky(failure);
                        })),
                Seam.ofExperiment(
                        "value snapshot",
                        Operation.SNAPSHOT,
                        (builder, failure) -> builder.snapshot(value -> {
                            throw Lab.sneaky(failure);
                        })),
                Seam.ofExperiment(
                        "publisher told of a definition",
                        Operation.NOTIFY,
                        (builder, failure) -> builder.publisher(new Publisher() {
                            @Override
                            public void publish(Result<?> result) {}

                            @Override
                            public void defined(Experiment<?> experiment) {
                                throw Lab.sneaky(failure);
                            }
                        })));
    }

    private interface Ticks {
        long run();
    }

    /** A clock that fails on its first read only. */
    private static Ticks once(Throwable failure) {
        AtomicInteger reads = new AtomicInteger();
        return () -> {
            if (reads.incrementAndGet() == 1) {
                throw Lab.sneaky(failure);
            }
            return reads.get();
        };
    }

    /** Nothing can be asked of it without another failure. */
    private static final class Unaskable extends Error {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("getMessage");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("getCause");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("toString");
        }
    }

    private static List<Throwable> failures() {
        return List.of(
                new IllegalStateException("seam"),
                new Exception("checked"),
                new StackOverflowError("seam"),
                new OutOfMemoryError("seam"),
                new LinkageError("seam"),
                new ThreadDeath(),
                new Unaskable());
    }

    @ParameterizedTest
    @MethodSource("seams")
    void everySeamThatFailsIsReportedOnceAndTheCallerCannotTell(Seam seam) {
        for (Throwable failure : failures()) {
            for (Execution execution : List.of(Execution.inline(), Execution.controlFirst())) {
                assertReportedOnce(seam, failure, execution);
            }
        }
    }

    private static void assertReportedOnce(Seam seam, Throwable failure, Execution execution) {
        List<Lab.Failure> told = new ArrayList<>();
        Publisher listener = new Publisher() {
            @Override
            public void publish(Result<?> result) {}

            @Override
            public void failed(Experiment<?> experiment, Operation operation, Throwable throwable) {
                told.add(new Lab.Failure(experiment.name(), operation, throwable));
            }
        };
        try (Lab lab =
                new Lab(builder -> seam.scientist().apply(builder, failure).publisher(listener))) {
            Experiment<Integer> experiment = seam.experiment()
                    .apply(lab.<Integer>experiment().execution(execution), failure)
                    .build();
            AtomicInteger controls = new AtomicInteger();
            Integer value = 1_000_000;

            assertThat(experiment.run(
                            7,
                            input -> {
                                controls.incrementAndGet();
                                return value;
                            },
                            input -> 2))
                    .isSameAs(value);

            assertThat(controls).hasValue(1);
            if (seam.operation() == Operation.RANDOM && execution == Execution.controlFirst()) {
                assertThat(lab.failures).isEmpty();
                return;
            }
            assertThat(lab.failures).hasSize(1);
            Lab.Failure handled = lab.failures.get(0);
            assertThat(handled.experiment()).isEqualTo("test");
            assertThat(handled.operation()).isEqualTo(seam.operation());
            assertThat(handled.throwable() == failure).isTrue();
            assertThat(told).hasSize(1);
            assertThat(told.get(0).operation()).isEqualTo(seam.operation());
            assertThat(told.get(0).throwable() == failure).isTrue();

            Counts counts = experiment.counts();
            assertThat(counts.started()).isEqualTo(counts.published() + counts.droppedInAll());
            assertThat(lab.results.received()).isEqualTo(counts.published());
            assertThat(lab.results.drops()).isEqualTo(counts.dropped());
            assertThat(counts.dropped().keySet()).isSubsetOf(Drop.SNAPSHOT_FAILED);
        }
    }

    @Test
    void everyOperationThatCanOccurOnTheCallersThreadIsAmongTheSeams() {
        Set<Operation> tested = EnumSet.of(
                Operation.RUN_IF, Operation.RAISE, Operation.DEFINE); // in GateTest, RaisingTest, InlineDefinitionTest
        seams().forEach(seam -> tested.add(seam.operation()));

        assertThat(tested).isEqualTo(EnumSet.complementOf(EnumSet.copyOf(NOT_ON_THE_CALLERS_THREAD)));
    }

    @ParameterizedTest
    @MethodSource("seams")
    void aHandlerThatThrowsChangesNothing(Seam seam) {
        RecordingPublisher results = new RecordingPublisher();
        AtomicInteger asked = new AtomicInteger();
        Scientist scientist = seam.scientist()
                .apply(Scientist.builder().publisher(results), new LinkageError("seam"))
                .failureHandler((experiment, operation, failure) -> {
                    asked.incrementAndGet();
                    throw new StackOverflowError("handler");
                })
                .build();
        Experiment<Integer> experiment = seam.experiment()
                .apply(scientist.experiment("test"), new LinkageError("seam"))
                .build();

        assertThat(experiment.run(7, input -> 1, input -> 2)).isEqualTo(1);

        assertThat(asked).hasValue(1);
        Counts counts = experiment.counts();
        assertThat(counts.started()).isEqualTo(counts.published() + counts.droppedInAll());
        scientist.close();
    }

    @Test
    void aPublisherThatFailsDoesNotKeepTheOthersFromTheResult() {
        Error failure = new StackOverflowError("publisher");
        RecordingPublisher later = new RecordingPublisher();
        Publisher failing = result -> {
            throw failure;
        };
        try (Lab lab = new Lab(builder -> builder.publisher(failing))) {
            lab.experiment().publisher(later).build().run(() -> 1, () -> 1);

            assertThat(lab.results.received()).isEqualTo(1);
            assertThat(later.results()).isEqualTo(lab.results.results());
            lab.assertOnlyFailure(Operation.PUBLISH, failure);
        }
    }

    @Test
    void aPublisherThatFailsWhenToldOfAFailureIsReportedToTheHandlerAlone() {
        Error failure = new LinkageError("publish");
        Error again = new LinkageError("failed");
        Publisher failing = new Publisher() {
            @Override
            public void publish(Result<?> result) {
                throw failure;
            }

            @Override
            public void failed(Experiment<?> experiment, Operation operation, Throwable throwable) {
                throw again;
            }
        };
        try (Lab lab = new Lab(builder -> builder.publisher(failing))) {
            assertThat(lab.experiment().build().run(() -> 1, () -> 1)).isEqualTo(1);

            assertThat(lab.failures)
                    .containsExactly(
                            new Lab.Failure("test", Operation.PUBLISH, failure),
                            new Lab.Failure("test", Operation.NOTIFY, again));
        }
    }

    @Test
    void aPublisherThatFailsWhenToldOfADropIsReportedAndTheOthersAreTold() {
        Error failure = new LinkageError("dropped");
        Publisher failing = new Publisher() {
            @Override
            public void publish(Result<?> result) {}

            @Override
            public void dropped(Experiment<?> experiment, Drop reason) {
                throw failure;
            }
        };
        RecordingPublisher later = new RecordingPublisher();
        try (Lab lab = new Lab(builder -> builder.publisher(failing).publisher(later))) {
            Experiment<Integer> experiment = lab.<Integer>experiment()
                    .snapshot(value -> {
                        throw new IllegalStateException("snapshot");
                    })
                    .build();

            assertThat(experiment.run(() -> 1, () -> 1)).isEqualTo(1);

            assertThat(lab.failedOperations()).containsExactly(Operation.SNAPSHOT, Operation.NOTIFY);
            assertThat(later.drops()).isEqualTo(Map.of(Drop.SNAPSHOT_FAILED, 1L));
            assertThat(experiment.counts()).isEqualTo(new Counts(1, 0, Map.of(Drop.SNAPSHOT_FAILED, 1L)));
        }
    }

    @Test
    void aPublisherThatFailsToCloseIsReported() {
        Exception failure = new Exception("close");
        Publisher failing = new Publisher() {
            @Override
            public void publish(Result<?> result) {}

            @Override
            public void close() throws Exception {
                throw failure;
            }
        };
        Lab lab = new Lab(builder -> builder.publisher(failing));
        lab.close();

        assertThat(lab.failedOperations()).containsExactly(Operation.NOTIFY);
        assertThat(lab.failures.get(0).throwable()).isSameAs(failure);
    }

    @Test
    void aCandidatesThrowableIsNoFailure() {
        try (Lab lab = new Lab()) {
            lab.experiment().build().run(() -> 1, () -> {
                throw new Exception();
            });

            assertThat(lab.failures).isEmpty();
        }
    }

    @Test
    void partsThatWorkElsewhereCanReport() {
        try (Lab lab = new Lab()) {
            Exception failure = new Exception();
            Experiment<?> experiment = lab.experiment().build();
            experiment.report(Operation.PUBLISH, failure);

            lab.assertOnlyFailure(Operation.PUBLISH, failure);
            assertThatThrownBy(() -> experiment.report(null, failure))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("operation");
            assertThatThrownBy(() -> experiment.report(Operation.PUBLISH, null))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("failure");
        }
    }

    @Test
    void allSeamsFailingAtOnceChangeNothing() {
        Error failure = new LinkageError("seam");
        Lab lab = new Lab(builder -> builder.context(() -> {
                    throw failure;
                })
                .publisher(result -> {
                    throw failure;
                })
                .random(new RandomGenerator() {
                    @Override
                    public long nextLong() {
                        throw failure;
                    }
                })
                .clock(() -> {
                    throw failure;
                }));
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .beforeRun(() -> {
                    throw failure;
                })
                .matching((control, candidate) -> false)
                .ignore("rule", (control, candidate) -> {
                    throw failure;
                })
                .clean(value -> {
                    throw failure;
                })
                .afterRun(result -> {
                    throw failure;
                })
                .build();
        IllegalStateException thrown = new IllegalStateException("control");

        assertThat(experiment.run(() -> 1, () -> {
                    throw failure;
                }))
                .isEqualTo(1);
        assertThat(catchThrowable(() -> experiment.run(
                        () -> {
                            throw thrown;
                        },
                        () -> {
                            throw failure;
                        })))
                .isSameAs(thrown);
        assertThat(experiment.counts()).isEqualTo(new Counts(2, 2, Map.of()));
        lab.close();
    }
}
