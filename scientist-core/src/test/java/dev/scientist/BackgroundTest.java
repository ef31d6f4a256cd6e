package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Candidates in the background, mostly on an executor that does nothing until the test says so. */
@Timeout(30)
class BackgroundTest {

    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final Execution.Background whenTold = Execution.background().on(waiting::add);
    private final Lab lab = new Lab();

    @AfterEach
    void close() {
        lab.close();
    }

    private Experiment<Integer> experiment() {
        return lab.<Integer>experiment().execution(whenTold).build();
    }

    /** Runs all that waits, and what that brings with it, on another thread. */
    private void runWaiting() throws InterruptedException {
        Thread thread = new Thread(
                () -> {
                    for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
                        task.run();
                    }
                },
                "background");
        thread.start();
        thread.join();
    }

    @Test
    void theOrderIsTheControlAndThenTheOthersAsGiven() {
        lab.<Integer>experiment()
                .execution(Execution.background())
                .baseline((request, input) -> true)
                .build()
                .control("old", () -> 1)
                .candidate("a", () -> 1)
                .candidate("b", () -> 2)
                .run();
        lab.close();

        assertThat(lab.result().order()).containsExactly("old", "a", "b", "old");
        assertThat(lab.result().comparisons())
                .extracting(comparison -> comparison.candidate().name() + " " + comparison.outcome())
                .containsExactly("a MATCHED", "b MISMATCHED");
        assertThat(lab.result().baseline().outcome()).isEqualTo(Outcome.MATCHED);
    }

    @Test
    void anInterruptThatACandidateLeavesPendingDoesNotReachPublishers() {
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        Lab lab = new Lab();
        lab.<Integer>experiment()
                .execution(Execution.background())
                .afterRun(result -> interrupted.set(Thread.currentThread().isInterrupted()))
                .build()
                .run(() -> 1, () -> {
                    Thread.currentThread().interrupt();
                    return 1;
                });
        lab.close();

        assertThat(lab.result().matched()).isTrue();
        assertThat(interrupted).hasValue(false);
    }

    @Test
    void theCallerWaitsForNothing() throws InterruptedException {
        Object value = new Object();
        Experiment<Object> experiment = lab.<Object>experiment()
                .execution(whenTold)
                .matching((control, candidate) -> true)
                .build();

        assertThat(experiment.run(() -> value, Object::new)).isSameAs(value);

        assertThat(lab.results.results()).isEmpty();
        runWaiting();
        assertThat(lab.result().control().value()).isSameAs(value);
        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
    }

    @Test
    void theControlRunsOnTheCallersThreadAndAllElseOnAnother() throws InterruptedException {
        List<String> threads = Collections.synchronizedList(new ArrayList<>());
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(whenTold)
                .matching((control, candidate) -> threads.add("comparator on " + thread()))
                .afterRun(result -> threads.add("published on " + thread()))
                .build();

        experiment.run(
                () -> {
                    threads.add("control on " + thread());
                    return 1;
                },
                () -> {
                    threads.add("candidate on " + thread());
                    return 1;
                });
        runWaiting();

        assertThat(threads)
                .containsExactly(
                        "control on " + thread(),
                        "candidate on background",
                        "comparator on background",
                        "published on background");
    }

    private static String thread() {
        return Thread.currentThread().getName();
    }

    @Test
    void theScientistsOwnThreadsDoItUnlessToldOtherwise() {
        AtomicReference<Thread> runner = new AtomicReference<>();
        Experiment<Integer> experiment =
                lab.<Integer>experiment().execution(Execution.background()).build();

        experiment.run(() -> 1, () -> {
            runner.set(Thread.currentThread());
            return 1;
        });
        lab.close();

        assertThat(lab.result().matched()).isTrue();
        assertThat(runner.get().getName()).startsWith("scientist");
        assertThat(runner.get().isDaemon()).isTrue();
    }

    @Test
    void whatTheControlThrowsIsComparedAndThrown() throws InterruptedException {
        IllegalStateException failure = new IllegalStateException("control");

        assertThatThrownBy(() -> experiment()
                        .run(
                                () -> {
                                    throw failure;
                                },
                                () -> 1))
                .isSameAs(failure);
        runWaiting();

        assertThat(lab.result().control().throwable()).isSameAs(failure);
        assertThat(lab.outcome()).isEqualTo(Outcome.MISMATCHED);
    }

    @Test
    void whateverTheCandidateThrowsIsObserved() throws InterruptedException {
        for (Throwable thrown : List.of(
                new StackOverflowError(), new OutOfMemoryError(), new LinkageError(), new InterruptedException())) {
            lab.results.clear();
            Experiment<Integer> experiment = lab.scientist
                    .<Integer>experiment("throws " + thrown)
                    .execution(whenTold)
                    .build();
            assertThat(experiment.run(() -> 1, () -> {
                        throw thrown;
                    }))
                    .isEqualTo(1);
            runWaiting();
            assertThat(lab.comparison().candidate().throwable()).isSameAs(thrown);
        }
        assertThat(lab.failures).isEmpty();
    }

    /** Whatever the dice say. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void nothingIsHandedOverBeforeTheControlHasReturned(int random) throws InterruptedException {
        try (Lab own = new Lab(settings -> settings.random(Lab.always(random)))) {
            Experiment<Integer> experiment =
                    own.<Integer>experiment().execution(whenTold).build();

            experiment.run(() -> waiting.size(), () -> 0);

            assertThat(waiting).hasSize(1);
            runWaiting();
            assertThat(own.outcome()).isEqualTo(Outcome.MATCHED);
            assertThat(own.result().order()).containsExactly("control", "candidate");
        }
    }

    /**
     * Old code looks up one element after the other, new code sorts the caller's list first: were both to run at once,
     * callers would get a ConcurrentModificationException.
     */
    @Test
    void theCandidateNeverRunsDuringTheControl() {
        AtomicBoolean inControl = new AtomicBoolean();
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.background())
                .queueCapacity(200)
                .build();
        for (int i = 0; i < 200; i++) {
            List<Integer> ids = new ArrayList<>(List.of(3, 2, 1));
            AtomicBoolean inThisControl = new AtomicBoolean();
            assertThat(experiment.run(
                            ids,
                            list -> {
                                inThisControl.set(true);
                                int sum = 0;
                                for (int id : list) {
                                    Thread.yield();
                                    sum += id;
                                }
                                inThisControl.set(false);
                                return sum;
                            },
                            list -> {
                                inControl.compareAndSet(false, inThisControl.get());
                                Collections.sort(list);
                                return 6;
                            }))
                    .isEqualTo(6);
        }
        lab.close();

        assertThat(inControl).isFalse();
        assertThat(experiment.counts().published()).isEqualTo(200);
    }

    @Test
    void aFullQueueShedsTheRunBeforeAnythingIsDone() throws InterruptedException {
        Lab.ManualClock clock = new Lab.ManualClock();
        List<String> done = new ArrayList<>();
        try (Lab small =
                new Lab(settings -> settings.queueCapacity(2).clock(clock).context(() -> {
                    done.add("context");
                    return Map.of();
                }))) {
            Experiment<Integer> experiment = small.<Integer>experiment()
                    .execution(whenTold)
                    .beforeRun(() -> done.add("hook"))
                    .build();
            experiment.run(() -> 1, () -> 1);
            experiment.run(() -> 1, () -> 1);
            int reads = clock.reads();
            done.clear();

            assertThat(experiment.run(() -> 1, () -> done.add("candidate") ? 1 : 0))
                    .isEqualTo(1);

            assertThat(done).isEmpty();
            assertThat(clock.reads()).isEqualTo(reads);
            assertThat(waiting).hasSize(2);
            assertThat(experiment.counts().started()).isEqualTo(3);
            assertThat(experiment.counts().dropped())
                    .containsOnlyKeys(Drop.SHED)
                    .containsEntry(Drop.SHED, 1L);
            assertThat(small.results.drops()).isEqualTo(Map.of(Drop.SHED, 1L));

            runWaiting();
            experiment.run(() -> 1, () -> 1);
            runWaiting();
            assertThat(experiment.counts().published()).isEqualTo(3);
        }
    }

    @Test
    void allOfARunsCandidatesFitOrNone() {
        try (Lab small = new Lab(settings -> settings.queueCapacity(2))) {
            Experiment<Integer> experiment =
                    small.<Integer>experiment().execution(whenTold).build();
            experiment
                    .control(() -> 1)
                    .candidate("a", () -> 1)
                    .candidate("b", () -> 1)
                    .candidate("c", () -> 1)
                    .run();

            assertThat(waiting).isEmpty();
            assertThat(experiment.counts().dropped()).containsEntry(Drop.SHED, 1L);

            experiment
                    .control(() -> 1)
                    .candidate("a", () -> 1)
                    .candidate("b", () -> 1)
                    .run();
            assertThat(waiting).hasSize(2);
            waiting.forEach(task -> new Thread(task).start());
        }
    }

    @Test
    void severalCandidatesEachRunAndAreComparedOnceAllAreDone() throws InterruptedException {
        experiment()
                .control("old", () -> 1)
                .candidate("same", () -> 1)
                .candidate("text", () -> "1", Integer::valueOf)
                .candidate("broken adapter", () -> "one", Integer::valueOf)
                .candidate("other", () -> 2)
                .context("user", "u")
                .run();
        waiting.poll().run();
        assertThat(lab.results.results()).isEmpty();
        runWaiting();

        Result<?> result = lab.result();
        assertThat(result.comparisons())
                .extracting(comparison -> comparison.candidate().name() + " " + comparison.outcome())
                .containsExactly("same MATCHED", "text MATCHED", "broken adapter MISMATCHED", "other MISMATCHED");
        assertThat(result.comparisons().get(2).candidate().adapterFailed()).isTrue();
        assertThat(result.control().name()).isEqualTo("old");
        assertThat(result.context()).isEqualTo(Map.of("user", "u"));
    }

    @Test
    void aNamedBehaviorTakesTheControlsPlace() throws InterruptedException {
        int value = experiment().candidate("a", () -> 1).candidate("b", () -> 2).run("b");
        runWaiting();

        assertThat(value).isEqualTo(2);
        assertThat(lab.result().control().name()).isEqualTo("b");
        assertThat(lab.comparison().candidate().name()).isEqualTo("a");
    }

    @Test
    void aCandidateThatRunsTheExperimentAgainRunsItsControlAlone() throws InterruptedException {
        Experiment<Integer> experiment = experiment();
        AtomicInteger inner = new AtomicInteger();

        experiment.run(
                () -> 1, () -> experiment.run(() -> inner.addAndGet(10), () -> inner.addAndGet(100)) == 10 ? 1 : 2);
        runWaiting();

        assertThat(inner).hasValue(10);
        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
        assertThat(experiment.counts().started()).isEqualTo(1);
    }

    /** The comparator, the publishers and the hooks are on another thread, and inside of the experiment there too. */
    @Test
    void noPartEntersTheExperimentAgain() throws InterruptedException {
        AtomicReference<Experiment<Integer>> self = new AtomicReference<>();
        AtomicInteger controls = new AtomicInteger();
        Runnable again = () -> self.get().run(controls::incrementAndGet, () -> {
            throw new AssertionError("the candidate of a nested run");
        });
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(whenTold)
                .beforeRun(again)
                .context(() -> {
                    again.run();
                    return Map.of();
                })
                .matching((control, candidate) -> {
                    again.run();
                    return false;
                })
                .ignore("never", (control, candidate) -> {
                    again.run();
                    return false;
                })
                .publisher(result -> again.run())
                .afterRun(result -> again.run())
                .build();
        self.set(experiment);

        experiment.run(() -> 1, () -> 2);
        runWaiting();

        assertThat(controls).hasValue(6);
        assertThat(experiment.counts().started()).isEqualTo(1);
        assertThat(lab.failures).isEmpty();
    }

    @Test
    void anotherExperimentInsideOfACandidateRunsItsControlAlone() throws InterruptedException {
        Experiment<Integer> inner = lab.scientist.<Integer>experiment("inner").build();

        experiment()
                .run(
                        () -> 1,
                        () -> inner.run(() -> 1, () -> {
                            throw new AssertionError("the candidate of a candidate");
                        }));
        runWaiting();

        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
        assertThat(inner.counts().started()).isZero();
    }

    @Test
    void hooksRunBeforeTheControlOnTheCallersThreadAndAfterAllElsewhere() throws InterruptedException {
        List<String> done = Collections.synchronizedList(new ArrayList<>());
        lab.<Integer>experiment()
                .execution(whenTold)
                .beforeRun(() -> done.add("before on " + thread()))
                .publisher(result -> done.add("published"))
                .afterRun(result -> done.add("after on " + thread()))
                .build()
                .run(
                        () -> {
                            done.add("control");
                            return 1;
                        },
                        () -> 1);
        runWaiting();

        assertThat(done).containsExactly("before on " + thread(), "control", "published", "after on background");
    }

    @Test
    void hooksThatFailAreReportedAndChangeNothing() throws InterruptedException {
        Error before = new StackOverflowError();
        Error after = new LinkageError();
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(whenTold)
                .beforeRun(() -> {
                    throw before;
                })
                .afterRun(result -> {
                    throw after;
                })
                .build();

        assertThat(experiment.run(() -> 1, () -> 1)).isEqualTo(1);
        runWaiting();

        assertThat(lab.failures)
                .containsExactly(
                        new Lab.Failure("test", Operation.BEFORE_RUN, before),
                        new Lab.Failure("test", Operation.AFTER_RUN, after));
        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
    }

    /** Gates that learn, such as a circuit breaker, learn of what was in the background as well. */
    @Test
    void theGateLearnsFromTheResult() throws InterruptedException {
        List<Outcome> learnt = new ArrayList<>();
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(whenTold)
                .gate(new Gate() {
                    @Override
                    public boolean admits(Request request, Object input) {
                        return true;
                    }

                    @Override
                    public void learn(Request request, Result<?> result) {
                        learnt.add(result.comparisons().get(0).outcome());
                    }
                })
                .build();

        experiment.run(() -> 1, () -> 2);
        assertThat(learnt).isEmpty();
        runWaiting();

        assertThat(learnt).containsExactly(Outcome.MISMATCHED);
    }

    @Test
    void theInputIsHandedToBothAndKept() throws InterruptedException {
        Object input = new Object();
        List<Object> handed = new ArrayList<>();
        experiment()
                .run(
                        input,
                        control -> {
                            handed.add(control);
                            return 1;
                        },
                        candidate -> {
                            handed.add(candidate);
                            return 1;
                        });
        runWaiting();

        assertThat(handed).hasSize(2).allMatch(each -> each == input);
        assertThat(lab.result().input()).isSameAs(input);
    }

    @Test
    void aClosedGateHandsNothingOver() {
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(whenTold)
                .enabled(() -> false)
                .build();

        experiment.run(() -> 1, () -> 1);

        assertThat(waiting).isEmpty();
        assertThat(experiment.counts().started()).isZero();
    }

    @Test
    void pastItsTimeLimitACandidateIsInterruptedAndAbandoned() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.background().timeLimit(Duration.ofMillis(20)))
                .build();

        experiment.run(() -> 1, () -> {
            try {
                new CountDownLatch(1).await();
                return 1;
            } finally {
                interrupted.countDown();
            }
        });

        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        lab.close();
        assertThat(lab.outcome()).isEqualTo(Outcome.ABANDONED);
        Observation<?> candidate = lab.comparison().candidate();
        assertThat(candidate.abandoned()).isTrue();
        assertThat(candidate.nanos()).isBetween(20_000_000L, 20_000_000_000L);
        assertThat(lab.result().control().value()).isEqualTo(1);
    }

    @Test
    void theThreadOfAnAbandonedCandidateTakesNoInterruptAlong() throws InterruptedException {
        List<Boolean> interrupts = Collections.synchronizedList(new ArrayList<>());
        try (Lab one = new Lab(settings -> settings.workers(1))) {
            Experiment<Integer> experiment = one.<Integer>experiment()
                    .execution(Execution.background().timeLimit(Duration.ofMillis(5)))
                    .build();
            // with time enough to begin, also on a machine that is busy
            Experiment<Integer> after = experiment.toBuilder("after")
                    .execution(Execution.background())
                    .build();
            for (int i = 0; i < 20; i++) {
                CountDownLatch next = new CountDownLatch(1);
                experiment.run(() -> 1, () -> {
                    while (!Thread.currentThread().isInterrupted()) {
                        Thread.onSpinWait();
                    }
                    return 1;
                });
                after.run(() -> 1, () -> {
                    interrupts.add(Thread.currentThread().isInterrupted());
                    next.countDown();
                    return 1;
                });
                assertThat(next.await(20, TimeUnit.SECONDS)).isTrue();
            }
        }
        assertThat(interrupts).hasSize(20).containsOnly(false);
    }

    /** Past the limit of stuck ones no run gets a candidate, and once they came back runs do again. */
    @Test
    void candidatesThatIgnoreTheInterruptAreNotReplacedWithoutEnd() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.background().timeLimit(Duration.ofMillis(5)))
                .build();
        AtomicInteger hanging = new AtomicInteger();
        while (experiment.counts().droppedInAll() == 0) {
            assertThat(experiment.run(() -> 1, () -> {
                        hanging.incrementAndGet();
                        boolean released = false;
                        while (!released) {
                            try {
                                released = release.await(1, TimeUnit.MINUTES);
                            } catch (InterruptedException e) {
                                // it ignores that
                            }
                        }
                        return 1;
                    }))
                    .isEqualTo(1);
            TimeUnit.MILLISECONDS.sleep(1); // time that the candidates take to get stuck
        }

        // threads that were free when the limit was reached may still have started one each
        assertThat(hanging.get()).isBetween(Bulkhead.MAX_STUCK, Bulkhead.MAX_STUCK + 4);
        assertThat(experiment.counts().dropped()).containsOnlyKeys(Drop.SHED);

        release.countDown();
        long published = experiment.counts().published();
        while (experiment.counts().published() == published) {
            experiment.run(() -> 1, () -> 1);
            TimeUnit.MILLISECONDS.sleep(1);
        }
        lab.close();
        assertThat(experiment.counts().published() + experiment.counts().droppedInAll())
                .isEqualTo(experiment.counts().started());
    }

    @Test
    void aCallerThatIsInterruptedAlreadyStaysSoWhateverSnapshotsAndTheExecutorDo() throws InterruptedException {
        List<Boolean> seenByControl = new ArrayList<>();
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.background().on(task -> {
                    Thread.interrupted();
                    waiting.add(task);
                }))
                .snapshotInput(String.class, text -> {
                    Thread.interrupted();
                    return text;
                })
                .build();

        Thread.currentThread().interrupt();
        experiment.run(
                "input",
                input -> {
                    seenByControl.add(Thread.currentThread().isInterrupted());
                    return 1;
                },
                input -> 1);
        assertThat(Thread.interrupted()).isTrue();
        runWaiting();

        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
        assertThat(seenByControl).containsExactly(true);
    }

    @Test
    void measuredResourcesAreThoseOfEachThread() throws InterruptedException {
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(whenTold)
                .measureResources(true)
                .build();

        experiment.run(() -> 1, () -> new byte[1_000_000].length == 0 ? 2 : 1);
        runWaiting();

        assertThat(lab.comparison().candidate().allocatedBytes().orElseThrow()).isGreaterThanOrEqualTo(1_000_000);
        assertThat(lab.result().control().allocatedBytes().orElseThrow()).isLessThan(1_000_000);
    }

    @Test
    void aBaselineRunsTheControlOnceMoreInTheBackground() throws InterruptedException {
        AtomicInteger controls = new AtomicInteger();
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(whenTold)
                .baseline((request, input) -> true)
                .build();

        assertThat(experiment.run(controls::incrementAndGet, () -> 1)).isEqualTo(1);
        assertThat(controls).hasValue(1);
        runWaiting();

        assertThat(controls).hasValue(2);
        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
        assertThat(lab.result().baseline().outcome()).isEqualTo(Outcome.MISMATCHED);
    }

    @Test
    void raisingNeedsACallerWhoWaits() {
        assertThatThrownBy(() -> lab.<Integer>experiment()
                        .execution(Execution.background())
                        .raiseOnMismatch(true)
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'test'")
                .hasMessageContaining("a caller who waits");
    }

    /** Whoever asks: raising needs a caller who waits. */
    @Test
    void raisingThatTheScientistAskedForIsAnErrorToo() {
        try (Lab raising = new Lab(settings -> settings.raiseOnMismatch(true))) {
            assertThatThrownBy(() ->
                            raising.<Integer>experiment().execution(whenTold).build())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("raiseOnMismatch(false)");
            Experiment<Integer> inline = raising.<Integer>experiment().build();
            assertThatThrownBy(() ->
                            inline.toBuilder("derived").execution(whenTold).build())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("'derived'");
            raising.scientist
                    .<Integer>experiment("calm")
                    .execution(whenTold)
                    .raiseOnMismatch(false)
                    .build();
        }
    }

    @Test
    void aTimeLimitThatCannotBeIsAnError() {
        assertThatThrownBy(() -> Execution.background().timeLimit(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("time limit must be more than zero, not PT0S");
        assertThatThrownBy(() -> Execution.concurrent(Duration.ofMillis(-1))).hasMessageContaining("PT-0.001S");
        assertThatThrownBy(() -> Execution.concurrent(Duration.ofDays(2))).hasMessageContaining("at most a day");
    }

    @Test
    void aBrokenPublisherDoesNotKeepTheOthersFromTheResult() throws InterruptedException {
        Error failure = new LinkageError("publisher");
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(whenTold)
                .publisher(result -> {
                    throw failure;
                })
                .build();
        experiment.run(() -> 1, () -> 1);
        runWaiting();

        assertThat(lab.result().matched()).isTrue();
        lab.assertOnlyFailure(Operation.PUBLISH, failure);
    }
}
