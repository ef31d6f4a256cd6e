package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values and inputs that change after the run, or while it goes on. */
@Timeout(30)
class SnapshotTest {

    private final Lab lab = new Lab();

    @AfterEach
    void close() {
        lab.close();
    }

    static Stream<Execution> executions() {
        return Stream.of(Execution.inline(), Execution.controlFirst(), Execution.background(), Lab.concurrent());
    }

    /** The caller clears its list as soon as it has it, and only then may the candidate begin. */
    @Test
    void withoutASnapshotACallerWhoChangesItsListMakesAFalseMismatch() {
        assertThat(outcomeIfTheCallerChangesItsList(lab.<List<Integer>>experiment()))
                .isEqualTo(Outcome.MISMATCHED);
    }

    @Test
    void withOneItDoesNot() {
        assertThat(outcomeIfTheCallerChangesItsList(
                        lab.<List<Integer>>experiment().snapshot(ArrayList::new)))
                .isEqualTo(Outcome.MATCHED);
        assertThat(lab.result().control().value()).isEqualTo(List.of(1, 2));
    }

    private Outcome outcomeIfTheCallerChangesItsList(Experiment.Builder<List<Integer>> settings) {
        CountDownLatch changed = new CountDownLatch(1);
        List<Integer> list = settings.execution(Execution.background())
                .build()
                .run(() -> new ArrayList<>(List.of(1, 2)), () -> {
                    changed.await();
                    return List.of(1, 2);
                });
        list.clear();
        changed.countDown();
        lab.close();
        return lab.outcome();
    }

    @ParameterizedTest
    @MethodSource("executions")
    void theCallerGetsTheOriginalAndTheResultTheCopy(Execution execution) {
        AtomicReference<Thread> takenOn = new AtomicReference<>();
        List<Integer> original = new ArrayList<>(List.of(1));
        Experiment<List<Integer>> experiment = lab.<List<Integer>>experiment()
                .execution(execution)
                .snapshot(list -> {
                    takenOn.set(Thread.currentThread());
                    return new ArrayList<>(list);
                })
                .build();

        assertThat(experiment.run(() -> original, () -> List.of(1))).isSameAs(original);
        lab.close();

        assertThat(lab.result().control().value()).isEqualTo(original).isNotSameAs(original);
        assertThat(takenOn).hasValue(Thread.currentThread());
    }

    @ParameterizedTest
    @MethodSource("executions")
    void theCandidateGetsACopyOfTheInputAndTheControlTheOriginal(Execution execution) {
        List<Integer> input = new ArrayList<>(List.of(1, 2));
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(execution)
                .snapshotInput(ArrayList.class, list -> new ArrayList<>((ArrayList<?>) list))
                .build();

        int sum = experiment.run(input, SnapshotTest::takeAll, SnapshotTest::takeAll);
        lab.close();

        assertThat(sum).isEqualTo(3);
        assertThat(input).isEmpty(); // as the control left it
        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
        assertThat(lab.result().input()).isNotSameAs(input);
    }

    private static int takeAll(List<Integer> list) {
        int sum = 0;
        while (!list.isEmpty()) {
            sum += list.remove(0);
        }
        return sum;
    }

    @Test
    void stagesHaveSnapshotsToo() {
        List<Integer> original = new ArrayList<>(List.of(1));
        CompletableFuture<List<Integer>> control = new CompletableFuture<>();
        CompletableFuture<List<Integer>> candidate = new CompletableFuture<>();
        Experiment<List<Integer>> experiment =
                lab.<List<Integer>>experiment().snapshot(ArrayList::new).build();
        experiment.runAsync(() -> control, () -> candidate);
        control.complete(original);
        original.clear();
        candidate.complete(List.of(1));
        lab.close();

        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
    }

    /** The one who completes the stage hands it to the caller: that is where the copy is taken, before dependents run. */
    @Test
    void aStagesSnapshotIsTakenByWhoCompletesIt() throws InterruptedException {
        AtomicReference<Thread> takenOn = new AtomicReference<>();
        CompletableFuture<List<Integer>> control = new CompletableFuture<>();
        Experiment<List<Integer>> experiment = lab.<List<Integer>>experiment()
                .snapshot(list -> {
                    takenOn.set(Thread.currentThread());
                    return new ArrayList<>(list);
                })
                .build();
        CompletableFuture<List<Integer>> returned =
                experiment.runAsync(() -> control, () -> CompletableFuture.completedFuture(List.of(1)));
        Thread completes = new Thread(() -> control.complete(new ArrayList<>(List.of(1))));
        completes.start();
        completes.join();
        returned.join().clear();
        lab.close();

        assertThat(takenOn).hasValue(completes);
        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
    }

    @Test
    void aStagesSnapshotThatFailsDropsTheRunAndTheStageIsServed() {
        Error failure = new StackOverflowError();
        CompletableFuture<Integer> control = new CompletableFuture<>();
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .snapshot(value -> {
                    throw failure;
                })
                .build();
        experiment.runAsync(() -> control, () -> CompletableFuture.completedFuture(2));
        control.complete(1);
        lab.close();

        assertThat(control.join()).isEqualTo(1);
        lab.assertOnlyFailure(Operation.SNAPSHOT, failure);
        assertThat(experiment.counts().dropped()).containsOnlyKeys(Drop.SNAPSHOT_FAILED);
    }

    @Test
    void theInputOfACandidateThatReturnsAStageIsACopy() {
        List<Integer> input = new ArrayList<>(List.of(1, 2));
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .snapshotInput(ArrayList.class, list -> new ArrayList<>((ArrayList<?>) list))
                .build();
        CompletableFuture<Integer> returned = experiment.runAsync(
                input,
                list -> CompletableFuture.completedFuture(takeAll(list)),
                list -> CompletableFuture.completedFuture(takeAll(list)));
        lab.close();

        assertThat(returned.join()).isEqualTo(3);
        assertThat(input).isEmpty();
        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
    }

    @Test
    void aSnapshotOfTheInputThatFailsLetsNoCandidateReturnAStage() {
        RuntimeException failure = new IllegalStateException("snapshot");
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .snapshotInput(String.class, text -> {
                    throw failure;
                })
                .build();
        CompletableFuture<Integer> returned =
                experiment.runAsync("input", text -> CompletableFuture.completedFuture(text.length()), text -> {
                    throw new AssertionError("started");
                });
        lab.close();

        assertThat(returned.join()).isEqualTo(5);
        lab.assertOnlyFailure(Operation.SNAPSHOT, failure);
        assertThat(experiment.counts().dropped()).containsOnlyKeys(Drop.SNAPSHOT_FAILED);
    }

    @ParameterizedTest
    @MethodSource("executions")
    void anInputOfAnotherTypeIsAFailedSnapshot(Execution execution) {
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(execution)
                .snapshotInput(String.class, text -> text)
                .build();

        assertThat(experiment.run((Object) 1, input -> 1, input -> 2)).isEqualTo(1);
        lab.close();

        assertThat(lab.failedOperations()).containsExactly(Operation.SNAPSHOT);
        assertThat(lab.failures.get(0).throwable()).isInstanceOf(ClassCastException.class);
        assertThat(experiment.counts().dropped()).containsOnlyKeys(Drop.SNAPSHOT_FAILED);
    }

    /** The input is copied before any behavior can change it, the value after the control and before the caller has it. */
    @ParameterizedTest
    @MethodSource("executions")
    void theInputIsCopiedBeforeTheControlAndTheValueAfterIt(Execution execution) {
        List<String> done = Collections.synchronizedList(new ArrayList<>());
        Experiment<String> experiment = lab.<String>experiment()
                .execution(execution)
                .snapshotInput(String.class, input -> {
                    done.add("input");
                    return input;
                })
                .snapshot(value -> {
                    done.add("value " + value);
                    return value;
                })
                .build();

        String value = experiment.run(
                "x",
                input -> {
                    done.add("control");
                    return "by control";
                },
                input -> "by candidate");
        done.add("caller");
        lab.close();

        assertThat(value).isEqualTo("by control");
        // the candidate's value is nobody else's, so it needs no copy
        assertThat(done).containsExactly("input", "control", "value by control", "caller");
    }

    @ParameterizedTest
    @MethodSource("executions")
    void aSnapshotOfTheValueThatFailsDropsTheRun(Execution execution) {
        Error failure = new StackOverflowError();
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(execution)
                .snapshot(value -> {
                    throw failure;
                })
                .build();

        assertThat(experiment.run(() -> 1, () -> 2)).isEqualTo(1);
        lab.close();

        lab.assertOnlyFailure(Operation.SNAPSHOT, failure);
        assertThat(lab.results.results()).isEmpty();
        assertThat(experiment.counts().dropped()).containsOnlyKeys(Drop.SNAPSHOT_FAILED);
        assertThat(experiment.counts().droppedInAll())
                .isEqualTo(experiment.counts().started());
    }

    /**
     * Symptom: a snapshot that cleared the caller's interrupt and then failed had it lost in the background, since the
     * way out of a dropped run did not put it back. Rule: every way out does.
     */
    @ParameterizedTest
    @MethodSource("executions")
    void aSnapshotThatFailsCannotSwallowAnInterrupt(Execution execution) {
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(execution)
                .snapshot(value -> {
                    Thread.interrupted();
                    throw new IllegalStateException("snapshot");
                })
                .build();

        int value = experiment.run(
                () -> {
                    Thread.currentThread().interrupt();
                    return 1;
                },
                () -> 1);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(value).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("executions")
    void aSnapshotOfTheInputThatFailsDropsTheRunAndTheControlRunsAlone(Execution execution) {
        RuntimeException failure = new IllegalStateException("snapshot");
        AtomicReference<Object> candidate = new AtomicReference<>();
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(execution)
                .snapshotInput(String.class, text -> {
                    throw failure;
                })
                .build();

        assertThat(experiment.run("input", String::length, input -> {
                    candidate.set(input);
                    return 5;
                }))
                .isEqualTo(5);
        lab.close();

        assertThat(candidate).hasValue(null);
        lab.assertOnlyFailure(Operation.SNAPSHOT, failure);
        assertThat(experiment.counts().dropped()).containsOnlyKeys(Drop.SNAPSHOT_FAILED);
    }

    @ParameterizedTest
    @MethodSource("executions")
    void whatTheControlThrowsNeedsNoSnapshot(Execution execution) {
        IllegalStateException failure = new IllegalStateException("control");
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(execution)
                .snapshot(value -> {
                    throw new AssertionError("asked");
                })
                .build();

        assertThatThrownBy(() -> experiment.run(
                        () -> {
                            throw failure;
                        },
                        () -> 1))
                .isSameAs(failure);
        lab.close();

        assertThat(lab.result().control().throwable()).isSameAs(failure);
        assertThat(lab.failures).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("executions")
    void nullIsNotCopied(Execution execution) {
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(execution)
                .snapshot(value -> {
                    throw new AssertionError("asked");
                })
                .snapshotInput(String.class, text -> {
                    throw new AssertionError("asked");
                })
                .build();

        assertThat(experiment.run((String) null, input -> null, input -> null)).isNull();
        lab.close();

        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
        assertThat(lab.failures).isEmpty();
    }
}
