package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Runs that start where the stack is nearly used up, at every depth there is, so that it gives out at every place of
 * the engine in turn. Once the control has returned, its value is the caller's. The experiment works on afterwards,
 * nobody hangs, and nothing stays entered or taken. The counts of such runs may be missing.
 */
class WantOfStackTest {

    private static final int ENOUGH = 2_000;
    /** It depends on what is compiled by then where exactly the stack gives out. */
    private static final int ROUNDS = 20;

    /** What is wrong, since an assertion at such a depth would itself overflow. */
    private final List<String> wrong = new ArrayList<>();

    private final Object value = new Object();
    private final CompletableFuture<Object> stage = CompletableFuture.completedFuture(value);
    private int controls;
    private int handedBack;

    @Test
    void aRunOnTheCallersThread() throws InterruptedException {
        atEveryDepth(Execution.inline(), this::run);
    }

    @Test
    void aRunInTheBackground() throws InterruptedException {
        atEveryDepth(Execution.background(), this::run);
    }

    @Test
    void aRunThatTheCallerWaitsFor() throws InterruptedException {
        atEveryDepth(Execution.concurrent(Duration.ofMillis(20)), this::run);
    }

    @Test
    void aRunOfStages() throws InterruptedException {
        atEveryDepth(Execution.background(), this::runAsync);
    }

    private void atEveryDepth(Execution execution, Consumer<Experiment<Object>> run) throws InterruptedException {
        try (Lab lab = new Lab()) {
            Experiment<Object> experiment =
                    lab.experiment().execution(execution).measureResources(true).build();
            // every class is loaded and initialized, every lambda linked, where there is room
            for (int i = 0; i < 1_000; i++) {
                run.accept(experiment);
            }
            for (int round = 0; round < ROUNDS; round++) {
                handedBack = 0;
                Thread thread = new Thread(null, () -> roundOf(experiment, run), "deep", 512 * 1024);
                thread.setUncaughtExceptionHandler((deep, throwable) -> wrong.add(throwable.toString()));
                thread.start();
                thread.join(60_000);

                assertThat(thread.isAlive()).as("it hangs").isFalse();
                assertThat(wrong).isEmpty();
                assertThat(handedBack).isGreaterThanOrEqualTo(ENOUGH);
            }
            lab.scientist.close();
            assertThat(experiment.bulkhead.isIdle()).isTrue();
        }
    }

    private void roundOf(Experiment<Object> experiment, Consumer<Experiment<Object>> run) {
        descend(experiment, run);
        if (Nesting.bars(Nesting.here(), experiment.id)) {
            wrong.add("the experiment stayed entered");
        }
        long started = experiment.counts().started();
        run.accept(experiment);
        if (experiment.counts().started() != started + 1) {
            wrong.add("the experiment does not work on");
        }
    }

    /** To the very end of the stack, and a run at each level on the way back. */
    private void descend(Experiment<Object> experiment, Consumer<Experiment<Object>> run) {
        try {
            descend(experiment, run);
        } catch (StackOverflowError end) {
            // from here on upwards
        }
        // where there is room again for anything, another run tells nothing new
        if (handedBack < ENOUGH) {
            try {
                run.accept(experiment);
            } catch (StackOverflowError noRoomForTheControl) {
                // it is that of a call
            }
        }
    }

    private void runAsync(Experiment<Object> experiment) {
        int before = controls;
        CompletableFuture<Object> returned;
        try {
            returned = experiment.runAsync(
                    () -> {
                        controls++;
                        return stage;
                    },
                    () -> stage);
        } catch (StackOverflowError noRoomForTheControl) {
            check(before, controls == before ? stage : null);
            return;
        }
        handedBack++;
        check(before + 1, returned);
    }

    private void run(Experiment<Object> experiment) {
        int before = controls;
        Object returned;
        try {
            returned = experiment.run(
                    () -> {
                        controls++;
                        return value;
                    },
                    () -> value);
        } catch (StackOverflowError noRoomForTheControl) {
            check(before, controls == before ? value : null);
            return;
        }
        handedBack++;
        check(before + 1, returned);
    }

    private void check(int expectedControls, Object returned) {
        if (returned != value && returned != stage) {
            wrong.add("another value than the control's, or none though it returned");
        }
        if (controls != expectedControls) {
            wrong.add("the control ran another number of times than once");
        }
    }
}
