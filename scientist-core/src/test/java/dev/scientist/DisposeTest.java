package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What candidates open, somebody closes. */
class DisposeTest {

    private final Lab lab = new Lab();
    private final Semaphore pool = new Semaphore(10);
    private final List<Object> disposed = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        lab.close();
    }

    private Stream<String> query() {
        if (!pool.tryAcquire()) {
            throw new IllegalStateException("connection pool exhausted");
        }
        return Stream.of("row").onClose(pool::release);
    }

    private static Stream<Execution> executions() {
        return Stream.of(
                Execution.inline(),
                Execution.controlFirst(),
                Lab.concurrent(),
                Execution.background().on(task -> new Thread(task).start()));
    }

    @ParameterizedTest
    @MethodSource("executions")
    void whatCandidatesOpenIsClosedSoThatThePoolNeverRunsDry(Execution execution) {
        try (Lab own = new Lab(builder -> builder.queueCapacity(5))) {
            Experiment<Stream<String>> rows = own.<Stream<String>>experiment()
                    .execution(execution)
                    .matching((control, candidate) -> true)
                    .dispose(Stream::close)
                    .build();
            for (int i = 0; i < 100; i++) {
                try (Stream<String> served = rows.run(this::query, this::query)) {
                    assertThat(served).containsExactly("row");
                }
            }
            assertThat(own.failures).isEmpty();
        }
        assertThat(pool.availablePermits()).isEqualTo(10);
    }

    private Experiment.Builder<Object> disposing() {
        return lab.experiment().dispose(disposed::add);
    }

    @Test
    void onceForEachValueThatIsNotServedAfterThePublishers() {
        disposing()
                .publisher(result -> assertThat(disposed).isEmpty())
                .afterRun(result -> assertThat(disposed).isEmpty())
                .build()
                .control(() -> "control")
                .candidate("one", () -> "1")
                .candidate("other", () -> "2")
                .candidate("throws", () -> {
                    throw new IllegalStateException();
                })
                .candidate("null", () -> null)
                .run();

        assertThat(disposed).containsExactlyInAnyOrder("1", "2");
        assertThat(lab.failures).isEmpty();
    }

    @Test
    void theControlsSecondValueOfABaseline() {
        AtomicInteger controls = new AtomicInteger();
        Object served = disposing()
                .baseline((request, input) -> true)
                .build()
                .run(() -> "control " + controls.incrementAndGet(), () -> "candidate");

        assertThat(disposed).hasSize(2).contains("candidate").doesNotContain(served);
    }

    @Test
    void neverWhatTheCallerHas() {
        List<String> shared = new ArrayList<>();
        StringBuilder input = new StringBuilder();
        Experiment<Object> experiment = disposing().build();
        experiment.run(() -> shared, () -> shared);
        experiment.run(input, in -> "control", in -> in);

        assertThat(disposed).isEmpty();
    }

    @Test
    void theControlsWhereACandidateIsServed() {
        Object served = disposing()
                .build()
                .control(() -> "control")
                .candidate("candidate", () -> "candidate")
                .run("candidate");

        assertThat(served).isEqualTo("candidate");
        assertThat(disposed).containsExactly("control");
    }

    @Test
    void whereTheRunIsDroppedOrRaises() {
        Experiment<Object> dropped = disposing()
                .snapshot(value -> {
                    throw new IllegalStateException();
                })
                .execution(Execution.controlFirst())
                .build();
        dropped.run(() -> "control", () -> "candidate");
        Experiment<Object> raising = lab.scientist
                .experiment("raising")
                .raiseOnMismatch(true)
                .dispose(disposed::add)
                .build();
        assertThatThrownBy(() -> raising.run(() -> "control", () -> "raised")).isInstanceOf(MismatchError.class);

        assertThat(disposed).contains("raised").doesNotContain("control");
    }

    @Test
    void whatComesAfterTheRunWasGivenUp() throws InterruptedException {
        CountDownLatch late = new CountDownLatch(1);
        CountDownLatch isDisposed = new CountDownLatch(1);
        Experiment<Object> experiment = lab.experiment()
                .execution(Execution.concurrent(Duration.ofMillis(5)))
                .dispose(value -> {
                    disposed.add(value);
                    isDisposed.countDown();
                })
                .build();
        Lab.together(experiment, () -> "control", () -> {
            boolean isThere = false;
            while (!isThere) {
                try {
                    late.await();
                    isThere = true;
                } catch (InterruptedException ignored) {
                    // a candidate that takes no notice
                }
            }
            return "late";
        });
        assertThat(lab.outcome()).isEqualTo(Outcome.ABANDONED);
        assertThat(disposed).isEmpty();

        late.countDown();
        Lab.await(isDisposed);
        assertThat(disposed).containsExactly("late");
    }

    @Test
    void whatAStageCompletesWith() {
        CompletableFuture<Object> control = new CompletableFuture<>();
        CompletableFuture<Object> candidate = new CompletableFuture<>();
        CountDownLatch isDisposed = new CountDownLatch(1);
        Experiment<Object> experiment = lab.experiment()
                .dispose(value -> {
                    disposed.add(value);
                    isDisposed.countDown();
                })
                .build();
        experiment.runAsync(() -> control, () -> candidate);
        control.complete("control");
        candidate.complete("candidate");

        Lab.await(isDisposed);
        assertThat(disposed).containsExactly("candidate");
    }

    /** What a cache holds is returned by both: it is the caller's, however late he gets it. */
    @Test
    void neverWhatBothStagesCompleteWithThoughTheControlComesLast() {
        Object shared = new Object();
        CompletableFuture<Object> control = new CompletableFuture<>();
        Experiment<Object> experiment = disposing()
                .execution(Execution.background().timeLimit(Duration.ofMillis(5)))
                .build();
        experiment.runAsync(() -> control, () -> CompletableFuture.completedFuture(shared));
        lab.close(); // waits until the run is given up
        assertThat(experiment.counts()).isEqualTo(new Counts(1, 0, Map.of(Drop.UNFINISHED, 1L)));
        assertThat(disposed).as("it is not known whose it is").isEmpty();

        control.complete(shared);
        assertThat(disposed).isEmpty();
    }

    @Test
    void butWhatIsTheCandidatesAloneIsThenDisposedOf() {
        CompletableFuture<Object> control = new CompletableFuture<>();
        Experiment<Object> experiment = disposing()
                .execution(Execution.background().timeLimit(Duration.ofMillis(5)))
                .build();
        experiment.runAsync(() -> control, () -> CompletableFuture.completedFuture("candidate"));
        lab.close(); // waits until the run is given up
        assertThat(experiment.counts()).isEqualTo(new Counts(1, 0, Map.of(Drop.UNFINISHED, 1L)));
        assertThat(disposed).isEmpty();

        control.complete("control");
        assertThat(disposed).containsExactly("candidate");
    }

    @Test
    void whereTheCallerCancelsTheCandidatesIsDisposedOf() {
        CompletableFuture<Object> control = new CompletableFuture<>();
        Experiment<Object> experiment = disposing().build();
        experiment.runAsync(() -> control, () -> CompletableFuture.completedFuture("candidate"));
        control.cancel(true);

        assertThat(disposed).containsExactly("candidate");
    }

    /** The result has a copy, the caller the object itself. */
    @Test
    void neverTheCallersWhereTheResultHasASnapshotOfIt() {
        List<String> shared = List.of("a");
        CompletableFuture<List<String>> control = new CompletableFuture<>();
        CompletableFuture<List<String>> candidate = new CompletableFuture<>();
        try (Lab own = new Lab()) {
            Experiment<List<String>> experiment = own.<List<String>>experiment()
                    .snapshot(ArrayList::new)
                    .dispose(disposed::add)
                    .build();
            experiment.runAsync(() -> control, () -> candidate);
            control.complete(shared);
            candidate.complete(shared);
        } // closing waits for the run

        assertThat(disposed).isEmpty();
    }

    @Test
    void whatItThrowsIsReportedAndTheCallerGetsTheControl() {
        IllegalStateException failure = new IllegalStateException();
        Experiment<Object> experiment = lab.experiment()
                .dispose(value -> {
                    throw failure;
                })
                .build();

        assertThat(experiment.run(() -> 1, () -> 2)).isEqualTo(1);
        lab.assertOnlyFailure(Operation.DISPOSE, failure);
    }
}
