package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.publish.RecordingPublisher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Runs that start where the stack is nearly used up, at every depth there is, so that it gives out at every place of
 * the engine in turn. Then too: once the control has returned, its value is the caller's; and every run that was
 * started is counted once as published or dropped.
 */
class WantOfStackTest {

    private static final int ENOUGH = 2_000;

    /** What is wrong, since an assertion at such a depth would itself overflow. */
    private final List<String> wrong = new ArrayList<>();

    private final Object value = new Object();
    private final CompletableFuture<Object> stage = CompletableFuture.completedFuture(value);
    private int controls;
    private int handedBack;

    @Test
    void aControlThatReturnedIsHandedBackAndEveryRunIsCountedOnce() throws InterruptedException {
        RecordingPublisher results = new RecordingPublisher();
        try (Scientist scientist = Scientist.builder()
                .publisher(results)
                .failureHandler((experiment, operation, failure) -> {})
                .build()) {
            Experiment<Object> pair = scientist.experiment("pair").build();
            Experiment<Object> trial =
                    scientist.experiment("trial").measureResources(true).build();
            // every class is loaded and initialized, every lambda linked, where there is room
            for (int i = 0; i < 100; i++) {
                run(pair);
                run(trial);
            }

            // again and again, since it depends on what is compiled by then where exactly the stack gives out
            for (int round = 0; round < 20; round++) {
                handedBack = 0;
                Thread thread = new Thread(null, () -> descend(pair, trial), "deep", 512 * 1024);
                thread.setUncaughtExceptionHandler((deep, throwable) -> wrong.add(throwable.toString()));
                thread.start();
                thread.join(60_000);

                assertThat(thread.isAlive()).isFalse();
                assertThat(wrong).isEmpty();
                assertThat(handedBack).isGreaterThanOrEqualTo(ENOUGH);
                for (Experiment<Object> experiment : List.of(pair, trial)) {
                    Counts counts = experiment.counts();
                    assertThat(counts.published() + counts.droppedInAll())
                            .as("%s in round %d: %s", experiment, round, counts)
                            .isEqualTo(counts.started());
                    assertThat(counts.dropped().keySet()).isSubsetOf(Drop.BROKEN);
                    // no level of the stack left an experiment entered
                    assertThat(counts.started()).isGreaterThan((round + 1) * (ENOUGH / 2 - 100L));
                }
            }
        }
    }

    /**
     * What was seen: the run that found no room even to be ended was neither published nor dropped, its place was taken
     * for good, and its experiment stayed entered on the thread. Now it leaves by hand, and a later one ends it. And, on a
     * busy machine, in one JVM of five: the queue of the timer, a ScheduledThreadPoolExecutor, was broken where the stack gave
     * out inside of it, so that the caller hung in its lock for ever, or saw its NullPointerException; and threads of workers
     * were counted that nobody had started, so that no task was looked at any more.
     */
    @Test
    void aRunElsewhereIsCountedOnceTooAndLeavesItsExperiment() throws InterruptedException {
        Scientist scientist = Scientist.builder()
                .publisher(result -> {})
                .failureHandler((experiment, operation, failure) -> {})
                .queueCapacity(1_000_000)
                .build();
        Experiment<Object> background = scientist
                .experiment("background")
                .execution(Execution.background())
                .build();
        Experiment<Object> async = scientist
                .experiment("async")
                .execution(Execution.background().timeLimit(Duration.ofSeconds(1)))
                .build();
        for (int i = 0; i < 100; i++) {
            run(background);
            runAsync(async);
        }

        for (int round = 0; round < 20; round++) {
            handedBack = 0;
            Thread thread = new Thread(
                    null,
                    () -> {
                        descendElsewhere(background, async);
                        for (Experiment<Object> experiment : List.of(background, async)) {
                            if (Reentry.isBarred(experiment)) {
                                wrong.add(experiment.name() + " stayed entered");
                            }
                        }
                    },
                    "deep",
                    512 * 1024);
            thread.setUncaughtExceptionHandler((deep, throwable) -> wrong.add(throwable.toString()));
            thread.start();
            thread.join(60_000);

            assertThat(thread.isAlive()).isFalse();
            assertThat(wrong).isEmpty();
            assertThat(handedBack).isGreaterThanOrEqualTo(ENOUGH);
        }
        // what found no room is ended by a later run, or by the time limit, and hardly any waits for closing
        run(background);
        runAsync(async);
        long start = System.nanoTime();
        while (underWay(background) + underWay(async) > 0 && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(5)) {
            Thread.onSpinWait();
        }
        assertThat(underWay(background) + underWay(async))
                .as("%s, %s", background.counts(), async.counts())
                .isLessThanOrEqualTo(async.counts().started() / 1_000);
        scientist.close();
        for (Experiment<Object> experiment : List.of(background, async)) {
            Counts counts = experiment.counts();
            assertThat(counts.published() + counts.droppedInAll())
                    .as("%s: %s", experiment, counts)
                    .isEqualTo(counts.started());
            // a stage that found no room to tell that it is complete leaves its run for the time limit, or for closing
            assertThat(counts.dropped().keySet()).isSubsetOf(Drop.BROKEN, Drop.UNFINISHED, Drop.CLOSED);
        }
        assertThat(scientist.offload(null).pendingCount()).isZero();
    }

    private static long underWay(Experiment<?> experiment) {
        Counts counts = experiment.counts();
        return counts.started() - counts.published() - counts.droppedInAll();
    }

    private void descendElsewhere(Experiment<Object> background, Experiment<Object> async) {
        try {
            descendElsewhere(background, async);
        } catch (StackOverflowError end) {
            // from here on upwards
        }
        if (handedBack < ENOUGH) {
            run(background);
            runAsync(async);
        }
    }

    private void runAsync(Experiment<Object> experiment) {
        try {
            CompletableFuture<Object> returned = experiment.runAsync(() -> stage, () -> stage);
            handedBack++;
            if (returned != stage) {
                wrong.add("another stage than the control's");
            }
        } catch (StackOverflowError noRoomForTheControl) {
            // it is that of a call
        }
    }

    /** To the very end of the stack, and a run at each level on the way back. */
    private void descend(Experiment<Object> pair, Experiment<Object> trial) {
        try {
            descend(pair, trial);
        } catch (StackOverflowError end) {
            // from here on upwards
        }
        // where there is room again for anything, another run tells nothing new
        if (handedBack < ENOUGH) {
            run(pair);
            run(trial);
        }
    }

    private void run(Experiment<Object> experiment) {
        int before = controls;
        Object returned = null;
        try {
            returned = experiment.run(
                    () -> {
                        controls++;
                        return value;
                    },
                    () -> value);
        } catch (StackOverflowError noRoomForTheControl) {
            if (controls != before) {
                wrong.add("the control returned and the caller got a StackOverflowError");
            }
            return;
        }
        handedBack++;
        if (returned != value) {
            wrong.add("another value than the control's");
        }
        if (controls != before + 1) {
            wrong.add("the control ran " + (controls - before) + " times");
        }
    }
}
