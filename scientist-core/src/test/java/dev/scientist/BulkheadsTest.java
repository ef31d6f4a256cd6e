package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One experiment that hangs: the others go on, its own runs end, and somebody says who it is. */
@Timeout(60)
class BulkheadsTest {

    private static final Duration SHORT = Duration.ofMillis(20);

    /** What hangs, whatever interrupts it. */
    enum Hanging {
        CANDIDATE,
        COMPARATOR,
        PUBLISHER
    }

    private final CountDownLatch release = new CountDownLatch(1);
    private final Lab lab = new Lab(settings -> settings.closeLimit(Duration.ofSeconds(20)));

    @AfterEach
    void close() {
        release.countDown();
        lab.close();
    }

    /** Where it hangs, as the failure's stack trace is to say. */
    private void hangHere() {
        boolean released = false;
        while (!released) {
            try {
                released = release.await(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                // it does not care
            }
        }
    }

    private Experiment<Integer> guilty(Hanging what, CountDownLatch hanging) {
        Runnable hang = () -> {
            hanging.countDown();
            hangHere();
        };
        Experiment.Builder<Integer> builder =
                lab.<Integer>experiment().execution(Execution.background().timeLimit(SHORT));
        if (what == Hanging.COMPARATOR) {
            builder.matching((control, candidate) -> {
                hang.run();
                return true;
            });
        } else if (what == Hanging.PUBLISHER) {
            builder.publisher(result -> hang.run());
        }
        return builder.build();
    }

    private static Integer candidateOf(Hanging what, CountDownLatch hanging, Runnable hang) {
        if (what == Hanging.CANDIDATE) {
            hanging.countDown();
            hang.run();
        }
        return 1;
    }

    @ParameterizedTest
    @EnumSource(Hanging.class)
    void ofTenExperimentsTheNineThatDoNotHangPublishAllTheirRuns(Hanging what) throws InterruptedException {
        int runs = 50;
        CountDownLatch hanging = new CountDownLatch(1);
        Experiment<Integer> guilty = guilty(what, hanging);
        for (int i = 0; i < runs; i++) {
            assertThat(guilty.run(() -> 1, () -> candidateOf(what, hanging, this::hangHere)))
                    .isEqualTo(1);
        }
        hanging.await();

        CountDownLatch published = new CountDownLatch(9 * runs);
        List<Experiment<Integer>> innocents = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            innocents.add(lab.scientist
                    .<Integer>experiment("innocent " + i)
                    .execution(Execution.background())
                    .afterRun(result -> published.countDown())
                    .build());
        }
        for (int i = 0; i < runs; i++) {
            for (Experiment<Integer> innocent : innocents) {
                innocent.run(() -> 1, () -> 1);
                guilty.run(() -> 1, () -> candidateOf(what, hanging, this::hangHere));
            }
        }

        assertThat(published.await(30, TimeUnit.SECONDS)).isTrue(); // though nothing is released
        assertThat(innocents)
                .allSatisfy(innocent -> assertThat(innocent.counts()).isEqualTo(new Counts(runs, runs, Map.of())));
        release.countDown();
        lab.close();
        Counts counts = guilty.counts();
        assertThat(counts.started()).isEqualTo(10L * runs);
        assertThat(counts.published() + counts.droppedInAll()).isEqualTo(counts.started());
        assertThat(counts.dropped()).containsOnlyKeys(Drop.SHED);
        assertThat(guilty.bulkhead.isIdle()).isTrue();
    }

    /** What waited when the experiment got stuck is not begun: it would only get stuck as well. */
    @Test
    void whatWaitsBehindStuckCandidatesIsShed() throws InterruptedException {
        int runs = 50;
        AtomicInteger begun = new AtomicInteger();
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.background().timeLimit(SHORT))
                .build();
        for (int i = 0; i < runs; i++) {
            experiment.run(() -> 1, () -> {
                begun.incrementAndGet();
                hangHere();
                return 1;
            });
        }
        while (begun.get() + experiment.counts().droppedInAll() < runs) {
            TimeUnit.MILLISECONDS.sleep(1);
        }

        // the first that is stuck gives its place on before the second is, so one or two more may begin
        assertThat(begun.get()).isBetween(Bulkhead.MAX_STUCK, 2 * Bulkhead.MAX_STUCK);
        assertThat(experiment.counts().dropped()).containsOnlyKeys(Drop.SHED);
    }

    @Test
    void oneThatIsBackIsEnoughForTheExperimentToGoOn() throws InterruptedException {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch hanging = new CountDownLatch(Bulkhead.MAX_STUCK);
        AtomicInteger number = new AtomicInteger();
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.background().timeLimit(SHORT))
                .build();
        for (int i = 0; i < Bulkhead.MAX_STUCK; i++) {
            experiment.run(() -> 1, () -> {
                hanging.countDown();
                if (number.getAndIncrement() == 0) {
                    while (first.getCount() > 0) {
                        Thread.onSpinWait();
                    }
                } else {
                    hangHere();
                }
                return 1;
            });
        }
        Lab.await(hanging);
        while (experiment.counts().droppedInAll() == 0) {
            experiment.run(() -> 1, () -> 1);
            TimeUnit.MILLISECONDS.sleep(1);
        }

        first.countDown();
        long published = experiment.counts().published();
        while (experiment.counts().published() == published) {
            experiment.run(() -> 1, () -> 1);
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    @Test
    void aStuckCandidateIsSaidOnceWithTheStackTraceOfItsThread() throws InterruptedException {
        BlockingQueue<Result<?>> published = new ArrayBlockingQueue<>(10);
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.background().timeLimit(SHORT))
                .publisher(published::add)
                .build();
        for (int i = 0; i < 2; i++) {
            experiment.run(() -> 1, () -> {
                hangHere();
                return 1;
            });
            Result<?> result = published.poll(20, TimeUnit.SECONDS);
            assertThat(result.comparisons().get(0).outcome()).isEqualTo(Outcome.ABANDONED);
        }

        assertStuck(Operation.EXECUTE, "experiment 'test': a candidate did not return within PT0.02S, on thread");
    }

    private void assertStuck(Operation operation, String message) {
        List<Lab.Failure> stuck = lab.failures.stream()
                .filter(failure -> failure.throwable() instanceof Notice)
                .toList();
        assertThat(stuck).hasSize(1);
        assertThat(stuck.get(0).experiment()).isEqualTo("test");
        assertThat(stuck.get(0).operation()).isEqualTo(operation);
        assertThat(stuck.get(0).throwable()).hasMessageStartingWith(message).hasMessageContaining("scientist-worker");
        assertThat(stuck.get(0).throwable().getStackTrace())
                .extracting(StackTraceElement::getMethodName)
                .contains("hangHere");
    }

    @Test
    void aComparatorThatHangsIsOneThatFailed() throws InterruptedException {
        BlockingQueue<Result<?>> published = new ArrayBlockingQueue<>(10);
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.background().timeLimit(SHORT))
                .matching((control, candidate) -> {
                    hangHere();
                    return true;
                })
                .publisher(published::add)
                .build();
        experiment.run(() -> 1, () -> 2);

        Result<?> result = published.poll(20, TimeUnit.SECONDS);
        Comparison<?> comparison = result.comparisons().get(0);
        assertThat(comparison.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(comparison.comparatorFailure()).isInstanceOf(Notice.class);
        assertThat(comparison.candidate().value()).isEqualTo(2); // it was in
        assertStuck(Operation.COMPARE, "experiment 'test': the comparator did not return within PT0.02S, on thread");
        release.countDown();
        lab.close();
        assertThat(experiment.counts()).isEqualTo(new Counts(1, 1, Map.of()));
        assertThat(published).isEmpty();
    }

    @Test
    void aPublisherThatHangsIsInterruptedAndItsResultCountedOnce() {
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicInteger next = new AtomicInteger();
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.background().timeLimit(SHORT))
                .publisher(result -> {
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        interrupted.countDown();
                    }
                })
                .afterRun(result -> next.incrementAndGet())
                .build();
        experiment.run(() -> 1, () -> 1);
        Lab.await(interrupted);
        lab.close();

        assertThat(experiment.counts()).isEqualTo(new Counts(1, 1, Map.of()));
        assertThat(next).hasValue(1);
        assertThat(lab.failures)
                .filteredOn(failure -> failure.throwable() instanceof Notice)
                .singleElement()
                .satisfies(failure -> {
                    assertThat(failure.operation()).isEqualTo(Operation.PUBLISH);
                    assertThat(failure.throwable()).hasMessageContaining("a publisher did not return within PT0.02S");
                });
    }

    /** The comparators of stages run in the background, where an experiment has half of the threads, not all. */
    @Test
    void whoHasConcurrentCandidatesDoesNotTakeAllThreadsOfTheBackground() {
        int candidates = 3;
        int stages = 8;
        CountDownLatch begun = new CountDownLatch(candidates);
        Experiment<Integer> greedy = lab.<Integer>experiment()
                .execution(Execution.concurrent(Duration.ofHours(1)))
                .matching((control, candidate) -> {
                    hangHere();
                    return true;
                })
                .build();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < candidates; i++) {
            Thread caller = new Thread(() -> greedy.run(
                    () -> {
                        Lab.await(begun);
                        return 1;
                    },
                    () -> {
                        begun.countDown();
                        hangHere();
                        return 1;
                    }));
            caller.start();
            callers.add(caller);
        }
        Lab.await(begun);
        for (int i = 0; i < stages; i++) {
            greedy.runAsync(() -> CompletableFuture.completedFuture(1), () -> CompletableFuture.completedFuture(1));
        }

        assertOthersPublish(lab); // though nothing is released
        callers.forEach(Thread::interrupt);
    }

    private static void assertOthersPublish(Lab lab) {
        CountDownLatch published = new CountDownLatch(1);
        Experiment<Integer> other = lab.scientist
                .<Integer>experiment("other")
                .execution(Execution.background())
                .afterRun(result -> published.countDown())
                .build();
        other.run(() -> 1, () -> 1);
        Lab.await(published);
    }

    /** The comparator gives in to its interrupt once another thread goes on for it; that one is watched all the same. */
    @Test
    void aPublisherThatHangsAfterTheComparatorDidIsSaidToo() throws InterruptedException {
        CountDownLatch hanging = new CountDownLatch(1);
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.background().timeLimit(Duration.ofMillis(300)))
                .matching((control, candidate) -> {
                    try {
                        return release.await(1, TimeUnit.MINUTES);
                    } catch (InterruptedException e) {
                        while (hanging.getCount() > 0) {
                            Thread.onSpinWait();
                        }
                        return true;
                    }
                })
                .publisher(result -> {
                    hanging.countDown();
                    hangHere();
                })
                .build();
        experiment.run(() -> 1, () -> 1);
        Lab.await(hanging);

        while (lab.failures.stream()
                .noneMatch(failure ->
                        String.valueOf(failure.throwable().getMessage()).contains("a publisher did not return"))) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    /** What the sweep finds to be done runs on the scientist's own threads, whatever executor the experiment has. */
    @Test
    void aPublisherThatHangsInPlaceOfAUsersExecutorLeavesTheOthersAThread() throws InterruptedException {
        CountDownLatch hanging = new CountDownLatch(1);
        try (Lab narrow = new Lab(settings -> settings.workers(1).closeLimit(Duration.ofMillis(1)))) {
            Experiment<Integer> guilty = narrow.<Integer>experiment()
                    .execution(Execution.background()
                            .on(task -> new Thread(task).start())
                            .timeLimit(SHORT))
                    .publisher(result -> {
                        hanging.countDown();
                        hangHere();
                    })
                    .build();
            guilty.run(() -> 1, () -> {
                hangHere();
                return 1;
            });
            Lab.await(hanging);

            assertOthersPublish(narrow);
        } finally {
            release.countDown();
        }
    }

    /** Dispose comes after the publishers, also after one that is late. */
    @Test
    void aValueIsNotDisposedOfWhileAPublisherThatHangsMayUseIt() throws InterruptedException {
        CountDownLatch disposed = new CountDownLatch(1);
        try (Lab narrow = new Lab(settings -> settings.workers(1).closeLimit(Duration.ofSeconds(20)))) {
            Experiment<String> experiment = narrow.<String>experiment()
                    .execution(Execution.background().timeLimit(SHORT))
                    .publisher(result -> hangHere())
                    .dispose(value -> disposed.countDown())
                    .build();
            experiment.run(() -> "a", () -> "b");
            while (narrow.failures.isEmpty()) { // until it is said
                TimeUnit.MILLISECONDS.sleep(1);
            }
            assertOthersPublish(narrow); // on the only free thread, so after all that was done for the one that hangs

            assertThat(disposed.getCount()).isEqualTo(1);
            release.countDown();
            Lab.await(disposed);
        } finally {
            release.countDown();
        }
    }

    @Test
    void stagesHaveTheSameLimitForTheirComparator() throws InterruptedException {
        BlockingQueue<Result<?>> published = new ArrayBlockingQueue<>(10);
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Execution.background().timeLimit(SHORT))
                .matching((control, candidate) -> {
                    hangHere();
                    return true;
                })
                .publisher(published::add)
                .build();
        experiment.runAsync(() -> CompletableFuture.completedFuture(1), () -> CompletableFuture.completedFuture(1));

        Result<?> result = published.poll(20, TimeUnit.SECONDS);
        assertThat(result.comparisons().get(0).outcome()).isEqualTo(Outcome.FAILED);
        assertStuck(Operation.COMPARE, "experiment 'test': the comparator did not return");
    }

    /** Each candidate that waits holds its input: so by default there are a hundred at most, and of each experiment. */
    @Test
    void byDefaultEachExperimentHoldsAHundredInputsAtMost() {
        List<Runnable> waiting = Collections.synchronizedList(new ArrayList<>());
        for (String name : List.of("one", "other")) {
            Experiment<Integer> experiment = lab.scientist
                    .<Integer>experiment(name)
                    .execution(Execution.background().on(waiting::add))
                    .build();
            for (int i = 0; i < 250; i++) {
                experiment.run(new byte[1], body -> body.length, body -> body.length);
            }
            assertThat(experiment.counts().dropped()).isEqualTo(Map.of(Drop.SHED, 150L));
        }

        assertThat(waiting).hasSize(200);
        waiting.forEach(Runnable::run);
    }

    @Test
    void howManyItHoldsIsSetForAllOrForOne() {
        List<Runnable> waiting = Collections.synchronizedList(new ArrayList<>());
        try (Lab own = new Lab(settings -> settings.queueCapacity(3))) {
            Experiment<Integer> asTheOthers = own.<Integer>experiment()
                    .execution(Execution.background().on(waiting::add))
                    .build();
            Experiment<Integer> wider =
                    asTheOthers.toBuilder("wider").queueCapacity(5).build();
            Experiment<Integer> derived = wider.toBuilder("derived").build();
            Stream.of(asTheOthers, wider, derived).forEach(experiment -> {
                for (int i = 0; i < 10; i++) {
                    experiment.run(() -> 1, () -> 1);
                }
            });

            assertThat(asTheOthers.counts().droppedInAll()).isEqualTo(7);
            assertThat(wider.counts().droppedInAll()).isEqualTo(5);
            assertThat(derived.counts().droppedInAll()).isEqualTo(5);
            waiting.forEach(Runnable::run);
        }
    }
}
