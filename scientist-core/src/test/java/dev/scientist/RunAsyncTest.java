package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Behaviors that return stages. The executor does nothing until the test says so. */
@Timeout(30)
class RunAsyncTest {

    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final Lab lab = new Lab();
    private final CompletableFuture<Integer> control = new CompletableFuture<>();
    private final CompletableFuture<Integer> candidate = new CompletableFuture<>();

    @AfterEach
    void close() {
        lab.close();
    }

    private Experiment<Integer> experiment() {
        return experiment(Duration.ofSeconds(20));
    }

    private Experiment<Integer> experiment(Duration timeLimit) {
        return lab.<Integer>experiment()
                .execution(Execution.background().on(waiting::add).timeLimit(timeLimit))
                .build();
    }

    private void runWaiting() throws InterruptedException {
        Thread thread = new Thread(() -> {
            for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
                task.run();
            }
        });
        thread.start();
        thread.join();
    }

    @Test
    void theCallerGetsTheControlsOwnStageAtOnce() throws InterruptedException {
        CompletableFuture<Integer> returned = experiment().runAsync(() -> control, () -> candidate);

        assertThat(returned).isSameAs(control).isNotDone();
        control.complete(1);
        assertThat(waiting).isEmpty();
        candidate.complete(2);
        assertThat(waiting).hasSize(1);
        assertThat(lab.results.results()).isEmpty();
        runWaiting();
        assertThat(lab.outcome()).isEqualTo(Outcome.MISMATCHED);
        assertThat(lab.result().control().value()).isEqualTo(1);
        assertThat(lab.comparison().candidate().value()).isEqualTo(2);
    }

    @Test
    void itDoesNotMatterWhoCompletesFirst() throws InterruptedException {
        experiment().runAsync(() -> control, () -> candidate);

        candidate.complete(1);
        assertThat(waiting).isEmpty();
        control.complete(1);
        runWaiting();

        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
    }

    @Test
    void stagesThatAreCompleteAlreadyAreComparedToo() throws InterruptedException {
        control.complete(1);
        candidate.complete(1);
        experiment().runAsync(() -> control, () -> candidate);
        runWaiting();

        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
    }

    @Test
    void theInputIsHandedOnAndKept() throws InterruptedException {
        experiment()
                .runAsync(
                        "input",
                        input -> {
                            control.complete(input.length());
                            return control;
                        },
                        input -> CompletableFuture.completedFuture(input.length()));
        runWaiting();

        assertThat(lab.result().input()).isEqualTo("input");
        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
    }

    @Test
    void cancellingTheStageCancelsTheControlAndThereIsNothingToCompare() throws InterruptedException {
        Experiment<Integer> experiment = experiment();
        CompletableFuture<Integer> returned = experiment.runAsync(() -> control, () -> candidate);

        returned.cancel(true);

        assertThat(control).isCancelled();
        assertThat(candidate.isDone()).isFalse(); // others may wait for it
        runWaiting();
        assertThat(lab.results.results()).isEmpty();
        assertThat(experiment.counts().dropped()).containsOnlyKeys(Drop.UNFINISHED);
    }

    @Test
    void aControlThatCompletesExceptionallyIsCompared() throws InterruptedException {
        IllegalStateException failure = new IllegalStateException("both");
        CompletableFuture<Integer> returned = experiment().runAsync(() -> control, () -> candidate.thenApply(v -> v));

        control.completeExceptionally(failure);
        candidate.completeExceptionally(new IllegalStateException("both"));
        runWaiting();

        assertThatThrownBy(returned::join)
                .isInstanceOf(CompletionException.class)
                .hasCause(failure);
        // what a stage of a stage wraps is unwrapped: by itself it says nothing
        assertThat(lab.comparison().candidate().throwable()).isInstanceOf(IllegalStateException.class);
        assertThat(lab.result().control().throwable()).isSameAs(failure);
        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
    }

    @Test
    void aCandidateWhoseStageIsCancelledMismatches() throws InterruptedException {
        experiment().runAsync(() -> control, () -> candidate);
        candidate.cancel(true);
        control.complete(1);
        runWaiting();

        assertThat(lab.comparison().candidate().throwable()).isInstanceOf(CancellationException.class);
        assertThat(lab.outcome()).isEqualTo(Outcome.MISMATCHED);
    }

    @Test
    void aControlThatThrowsBeforeItReturnsAStageThrowsThat() throws InterruptedException {
        IllegalStateException failure = new IllegalStateException("control");

        assertThatThrownBy(() -> experiment()
                        .runAsync(
                                () -> {
                                    throw failure;
                                },
                                () -> candidate))
                .isSameAs(failure);
        candidate.complete(1);
        runWaiting();

        assertThat(lab.result().control().throwable()).isSameAs(failure);
    }

    @Test
    void aCandidateThatThrowsBeforeItReturnsAStageIsObserved() throws InterruptedException {
        Error failure = new StackOverflowError();

        assertThat(experiment().runAsync(() -> control, () -> {
                    throw failure;
                }))
                .isSameAs(control);
        control.complete(1);
        runWaiting();

        assertThat(lab.comparison().candidate().throwable()).isSameAs(failure);
    }

    @Test
    void aBehaviorThatReturnsNullInPlaceOfAStageIsObserved() throws InterruptedException {
        CompletableFuture<Integer> returned = experiment().runAsync(() -> null, () -> candidate);
        candidate.complete(1);
        runWaiting();

        assertThat(returned).isNull();
        assertThat(lab.result().control().throwable())
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("in place of a stage");

        lab.results.clear();
        control.complete(1);
        lab.scientist
                .<Integer>experiment("null candidate")
                .execution(Execution.background().on(waiting::add))
                .build()
                .runAsync(() -> control, () -> null);
        runWaiting();
        assertThat(lab.comparison().candidate().throwable()).isInstanceOf(NullPointerException.class);
    }

    @Test
    void aCandidateThatNeverCompletesIsAbandoned() {
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.background().timeLimit(Duration.ofMillis(20)))
                .build();
        control.complete(1); // before the time is up, however slow this machine is
        experiment.runAsync(() -> control, () -> candidate);

        lab.close(); // waits for the run
        assertThat(lab.outcome()).isEqualTo(Outcome.ABANDONED);
        assertThat(lab.comparison().candidate().nanos()).isGreaterThanOrEqualTo(20_000_000);
    }

    @Test
    void aControlThatNeverCompletesDropsTheRunAndIsLeftAlone() {
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.background().timeLimit(Duration.ofMillis(20)))
                .build();
        experiment.runAsync(() -> control, () -> candidate);

        lab.close(); // waits for the run
        assertThat(control).isNotDone();
        assertThat(experiment.counts().dropped()).containsOnlyKeys(Drop.UNFINISHED);
        // its time comes: the caller is served
        control.complete(1);
        assertThat(control.join()).isEqualTo(1);
    }

    /** Not all stages are futures that can be asked, and the last is no CompletableFuture. */
    static Stream<UnaryOperator<CompletionStage<Integer>>> kinds() {
        return Stream.of(
                future -> future,
                future -> ((CompletableFuture<Integer>) future).copy(),
                future -> ((CompletableFuture<Integer>) future).minimalCompletionStage(),
                RunAsyncTest::plainStage);
    }

    /** A stage of another library's: it is a {@link CompletionStage} and nothing else. */
    @SuppressWarnings("unchecked")
    private static CompletionStage<Integer> plainStage(CompletionStage<Integer> of) {
        return (CompletionStage<Integer>) Proxy.newProxyInstance(
                RunAsyncTest.class.getClassLoader(),
                new Class<?>[] {CompletionStage.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("toCompletableFuture")) {
                        throw new UnsupportedOperationException("not this one");
                    }
                    return method.invoke(of, arguments);
                });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void stagesOfAnyKindWillDo(UnaryOperator<CompletionStage<Integer>> kind) throws InterruptedException {
        CompletionStage<Integer> own = kind.apply(control);
        CompletionStage<Integer> returned = experiment().runAsync(() -> own, () -> kind.apply(candidate));
        assertThat(returned == own).isTrue();
        control.complete(1);
        candidate.complete(2);
        runWaiting();

        assertThat(lab.result().control().value()).isEqualTo(1);
        assertThat(lab.comparison().candidate().value()).isEqualTo(2);
        assertThat(lab.outcome()).isEqualTo(Outcome.MISMATCHED);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatFailsIsUnwrappedWhateverTheKind(UnaryOperator<CompletionStage<Integer>> kind) throws InterruptedException {
        IllegalStateException ofControl = new IllegalStateException("both");
        IllegalStateException ofCandidate = new IllegalStateException("both");
        experiment().runAsync(() -> kind.apply(control), () -> kind.apply(candidate));
        control.completeExceptionally(ofControl);
        candidate.completeExceptionally(ofCandidate);
        runWaiting();

        assertThat(lab.result().control().throwable()).isSameAs(ofControl);
        assertThat(lab.comparison().candidate().throwable()).isSameAs(ofCandidate);
        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
    }

    /**
     * What a stage says past its time is not heard. It is not cancelled: with an asynchronous cache, say, the control or
     * other requests wait for the very same stage.
     */
    @ParameterizedTest
    @MethodSource("kinds")
    void aCandidateOfAnyKindThatNeverCompletesIsAbandoned(UnaryOperator<CompletionStage<Integer>> kind) {
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.background().timeLimit(Duration.ofMillis(5)))
                .build();
        control.complete(1); // before the time is up, however slow this machine is
        experiment.runAsync(() -> control, () -> kind.apply(candidate));
        lab.close(); // waits for the run

        assertThat(candidate.complete(1)).isTrue();
        assertThat(lab.outcome()).isEqualTo(Outcome.ABANDONED);
        assertThat(lab.comparison().candidate().abandoned()).isTrue();
        assertThat(lab.failures).isEmpty();
        assertThat(experiment.counts().published()).isEqualTo(1);
    }

    /** A broken stage may call back as often as it likes: the first word counts. */
    @Test
    void aStageThatCompletesTwiceIsHeardOnce() throws InterruptedException {
        Experiment<Integer> experiment = experiment();
        experiment.runAsync(() -> control, () -> new CompletableFuture<Integer>() {
            @Override
            public CompletableFuture<Integer> whenComplete(BiConsumer<? super Integer, ? super Throwable> action) {
                action.accept(1, null);
                action.accept(2, null);
                action.accept(null, new IllegalStateException("third"));
                return this;
            }
        });
        assertThat(waiting).isEmpty();
        control.complete(1);
        runWaiting();

        assertThat(lab.comparison().candidate().value()).isEqualTo(1);
        assertThat(experiment.counts().published()).isEqualTo(1);
    }

    @Test
    void bothAreStartedOnTheCallersThreadInRandomOrder() throws InterruptedException {
        for (int random = 0; random < 2; random++) {
            int number = random;
            List<String> started = new ArrayList<>();
            try (Lab fixed = new Lab(settings -> settings.random(Lab.always(number)))) {
                fixed.<Integer>experiment()
                        .execution(Execution.background().on(waiting::add))
                        .build()
                        .runAsync(
                                () -> {
                                    started.add(
                                            "control " + Thread.currentThread().getId());
                                    return CompletableFuture.completedFuture(1);
                                },
                                () -> {
                                    started.add("candidate "
                                            + Thread.currentThread().getId());
                                    return CompletableFuture.completedFuture(1);
                                });
                runWaiting();
                List<String> order = number == 0 ? List.of("candidate", "control") : List.of("control", "candidate");
                assertThat(fixed.result().order()).isEqualTo(order);
                long caller = Thread.currentThread().getId();
                assertThat(started).containsExactly(order.get(0) + " " + caller, order.get(1) + " " + caller);
            }
        }
    }

    /** The times are from the start of each to its completion, whoever was first. */
    @Test
    void timesEndWhenTheStagesDo() throws InterruptedException {
        Lab.ManualClock clock = new Lab.ManualClock();
        try (Lab exact = new Lab(settings -> settings.clock(clock).random(Lab.always(1)))) {
            exact.<Integer>experiment()
                    .execution(Execution.background().on(waiting::add))
                    .build()
                    .runAsync(
                            () -> {
                                clock.advance(10);
                                return control;
                            },
                            () -> {
                                clock.advance(100);
                                return candidate;
                            });
            clock.advance(1_000);
            candidate.complete(1);
            clock.advance(10_000);
            control.complete(1);
            clock.advance(100_000);
            runWaiting();

            assertThat(exact.result().control().nanos()).isEqualTo(11_110);
            assertThat(exact.comparison().candidate().nanos()).isEqualTo(1_100);
        }
    }

    /** A candidate that blocks before it returns its stage may be interrupted: that is the caller's to see. */
    @Test
    void anInterruptOfTheCallerSurvives() throws InterruptedException {
        try (Lab first = new Lab(Lab::candidatesFirst)) {
            Experiment<Integer> experiment = first.<Integer>experiment()
                    .execution(Execution.background().on(waiting::add))
                    .build();
            AtomicReference<Boolean> seenByControl = new AtomicReference<>();
            experiment.runAsync(
                    () -> {
                        seenByControl.set(Thread.currentThread().isInterrupted());
                        return control;
                    },
                    () -> {
                        Thread.currentThread().interrupt();
                        Thread.sleep(1); // throws at once
                        return candidate;
                    });

            assertThat(Thread.interrupted()).isTrue();
            assertThat(seenByControl).hasValue(true);
            control.complete(1);
            runWaiting();
            assertThat(first.comparison().candidate().throwable()).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void raisingNeedsACallerWhoWaits() {
        try (Lab raising = new Lab(settings -> settings.raiseOnMismatch(true))) {
            Experiment<Integer> experiment = raising.<Integer>experiment().build();

            assertThatThrownBy(() -> experiment.runAsync(() -> control, () -> candidate))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("raise on mismatch");
            assertThatThrownBy(() -> experiment.runAsync(1, input -> control, input -> candidate))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(experiment.counts().started()).isZero();
        }
    }

    @Test
    void anExecutorThatRefusesTheComparisonDropsTheRunAndTheStageIsServed() {
        RejectedExecutionException refusal = new RejectedExecutionException("full");
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.background().on(task -> {
                    throw refusal;
                }))
                .build();
        experiment.runAsync(() -> control, () -> candidate);
        candidate.complete(1);

        assertThat(control.complete(1)).isTrue();

        assertThat(control.join()).isEqualTo(1);
        lab.assertOnlyFailure(Operation.EXECUTE, refusal);
        assertThat(experiment.counts().dropped()).containsOnlyKeys(Drop.REJECTED);
    }

    @Test
    void aStageThatDoesNotWantToBeWatchedIsObservedAsFailed() throws InterruptedException {
        IllegalStateException failure = new IllegalStateException("whenComplete");
        FutureOfTheTest stubborn = new FutureOfTheTest(failure);

        assertThat(experiment().runAsync(() -> stubborn, () -> candidate)).isSameAs(stubborn);
        candidate.complete(1);
        runWaiting();

        assertThat(lab.result().control().throwable()).isSameAs(failure);
    }

    private static final class FutureOfTheTest extends CompletableFuture<Integer> {
        private final RuntimeException failure;

        private FutureOfTheTest(RuntimeException failure) {
            this.failure = failure;
        }

        @Override
        public CompletableFuture<Integer> whenComplete(BiConsumer<? super Integer, ? super Throwable> action) {
            throw failure;
        }
    }

    /** The thread that completes the control's stage may be the caller's event loop. */
    @Test
    void whoeverCompletesAStageDoesNotHaveToCompare() throws InterruptedException {
        AtomicReference<Thread> comparedOn = new AtomicReference<>();
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.background().on(waiting::add))
                .matching((a, b) -> {
                    comparedOn.set(Thread.currentThread());
                    return true;
                })
                .build();
        experiment.runAsync(() -> control, () -> candidate);
        candidate.complete(1);
        control.complete(1);

        assertThat(comparedOn).hasValue(null);
        runWaiting();
        assertThat(comparedOn.get()).isNotNull().isNotSameAs(Thread.currentThread());
    }

    @Test
    void aClosedGateStartsTheControlAlone() {
        Experiment<Integer> off = lab.<Integer>experiment().enabled(() -> false).build();

        assertThat(off.runAsync(() -> control, () -> {
                    throw new AssertionError("started");
                }))
                .isSameAs(control);
        assertThat(off.counts().started()).isZero();
    }

    @Test
    void aFullQueueStartsTheControlAlone() {
        try (Lab small = new Lab(settings -> settings.queueCapacity(1))) {
            Experiment<Integer> experiment = small.<Integer>experiment().build();
            experiment.runAsync(() -> control, () -> candidate);
            CompletableFuture<Integer> second = new CompletableFuture<>();

            assertThat(experiment.runAsync(() -> second, () -> {
                        throw new AssertionError("started");
                    }))
                    .isSameAs(second);

            assertThat(experiment.counts().dropped()).containsEntry(Drop.SHED, 1L);
            CompletableFuture<Integer> third = experiment.runAsync("input", input -> second, input -> {
                throw new AssertionError("started");
            });
            assertThat(third).isSameAs(second);
            assertThat(experiment.counts().dropped()).containsEntry(Drop.SHED, 2L);
            control.complete(1);
            candidate.complete(1);
        }
    }

    @Test
    void anExperimentIsNotEnteredAgainByWhatItsBehaviorsStart() {
        Experiment<Integer> experiment = experiment();
        experiment.runAsync(
                () -> control,
                () -> experiment.runAsync(() -> candidate, () -> {
                    throw new AssertionError("nested");
                }));

        assertThat(experiment.counts().started()).isEqualTo(1);
        control.complete(1);
        candidate.complete(1);
        waiting.forEach(task -> new Thread(task).start());
    }

    /** As where both ask the same cache, which has one stage for those who ask for the same. */
    @Test
    void aCandidateThatReturnsTheControlsOwnStageCannotHaveItCancelled() throws Exception {
        Lab closed = new Lab(settings -> settings.closeLimit(Duration.ofMillis(5)));
        closed.<Integer>experiment().build().runAsync(() -> control, () -> control);
        closed.close();
        assertThat(control).isNotDone();

        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.background().timeLimit(Duration.ofMillis(5)))
                .build();
        CountDownLatch ended = new CountDownLatch(1);
        Experiment<Integer> limited = experiment.toBuilder("limited")
                .publisher(new Publisher() {
                    @Override
                    public void publish(Result<?> result) {}

                    @Override
                    public void dropped(Experiment<?> dropped, Drop reason) {
                        ended.countDown();
                    }
                })
                .build();
        limited.runAsync(() -> control, () -> control);
        assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(control).isNotDone();
    }

    @Test
    void aCallerThatIsInterruptedAlreadyStaysSoWhateverTheCandidateDoes() {
        Experiment<Integer> experiment = lab.<Integer>experiment().build();
        for (int i = 0; i < 40; i++) { // in both orders
            Thread.currentThread().interrupt();
            experiment.runAsync(() -> control, () -> {
                assertThat(Thread.interrupted()).isTrue();
                return candidate;
            });
            assertThat(Thread.interrupted()).isTrue();
        }
        control.complete(1);
        candidate.complete(1);
    }

    @Test
    void aCallerThatIsInterruptedAlreadyStaysSoWhateverASnapshotOrAStageDoes() {
        class Clearing extends CompletableFuture<Integer> {
            Clearing() {
                complete(1);
            }

            @Override
            public CompletableFuture<Integer> whenComplete(BiConsumer<? super Integer, ? super Throwable> action) {
                Thread.interrupted();
                return super.whenComplete(action);
            }
        }
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .snapshotInput(String.class, text -> {
                    Thread.interrupted();
                    return text;
                })
                .build();
        List<Boolean> seenByControl = new ArrayList<>();
        for (int i = 0; i < 40; i++) { // in both orders
            Thread.currentThread().interrupt();
            experiment.runAsync(
                    "input",
                    input -> {
                        seenByControl.add(Thread.currentThread().isInterrupted());
                        return new Clearing();
                    },
                    input -> new Clearing());
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(seenByControl).hasSize(40).doesNotContain(false);
        lab.close();
        assertThat(lab.results.received()).isEqualTo(40);
    }

    @Test
    void aMissingBehaviorIsAnErrorThatNamesIt() {
        Experiment<Integer> experiment = lab.<Integer>experiment().build();

        assertThatThrownBy(() -> experiment.runAsync(null, () -> candidate)).hasMessageContaining("control");
        assertThatThrownBy(() -> experiment.runAsync(() -> control, null)).hasMessageContaining("candidate");
        assertThatThrownBy(() -> experiment.runAsync(1, null, input -> candidate))
                .hasMessageContaining("control");
        assertThatThrownBy(() -> experiment.runAsync(1, input -> control, null)).hasMessageContaining("candidate");
    }

    @Test
    void closingDropsWhatIsNotComplete() {
        Lab short_ = new Lab(settings -> settings.closeLimit(Duration.ofMillis(5)));
        Experiment<Integer> experiment = short_.<Integer>experiment().build();
        experiment.runAsync(() -> control, () -> candidate);

        short_.close();

        assertThat(experiment.counts().dropped()).containsOnlyKeys(Drop.CLOSED);
        assertThat(control).isNotDone();
        assertThat(candidate).isNotDone();
    }
}
