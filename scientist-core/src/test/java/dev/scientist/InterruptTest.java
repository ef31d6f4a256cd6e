package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Interrupts survive: one that arrives while a candidate runs is seen by the control and the caller. */
class InterruptTest {

    /** What a candidate does about the interrupt that arrives while it blocks. */
    enum Reaction {
        THROWS {
            @Override
            String react(InterruptedException e) throws Exception {
                throw e;
            }
        },
        RESTORES {
            @Override
            String react(InterruptedException e) {
                Thread.currentThread().interrupt();
                return "restored";
            }
        };

        abstract String react(InterruptedException e) throws Exception;
    }

    private final Lab lab = new Lab(Lab::candidatesFirst);

    @BeforeEach
    void startUninterrupted() {
        Thread.interrupted();
    }

    @AfterEach
    void close() {
        Thread.interrupted();
        lab.close();
    }

    private static Stream<Arguments> ordersAndReactions() {
        return Stream.of(Execution.controlFirst(), Execution.inline())
                .flatMap(execution -> Stream.of(Reaction.values()).map(reaction -> Arguments.of(execution, reaction)));
    }

    /** Blocks until another thread, started here, interrupts this one. */
    private static String blockUntilInterrupted(Reaction reaction) throws Exception {
        Thread blocked = Thread.currentThread();
        Thread interrupter = new Thread(blocked::interrupt);
        interrupter.start();
        try {
            new CountDownLatch(1).await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupter.join(); // the call that interrupts is over
            return reaction.react(e);
        }
        return fail("no interrupt arrived");
    }

    @ParameterizedTest
    @MethodSource("ordersAndReactions")
    void anInterruptThatArrivesWhileACandidateBlocksIsSeenByTheCaller(Execution execution, Reaction reaction) {
        Experiment<String> experiment =
                lab.<String>experiment().execution(execution).build();
        List<Boolean> seenByControl = new ArrayList<>();

        String returned = experiment.run(
                () -> {
                    seenByControl.add(Thread.currentThread().isInterrupted());
                    return "control";
                },
                () -> blockUntilInterrupted(reaction));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(returned).isEqualTo("control");
        assertThat(seenByControl).containsExactly(execution == Execution.inline());
        assertThat(lab.results.received()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("ordersAndReactions")
    void aTrialsCandidatesAreWatchedToo(Execution execution, Reaction reaction) {
        Experiment<String> experiment =
                lab.<String>experiment().execution(execution).build();
        List<Boolean> seenByControl = new ArrayList<>();

        experiment
                .control(() -> {
                    seenByControl.add(Thread.currentThread().isInterrupted());
                    return "control";
                })
                .candidate("one", () -> blockUntilInterrupted(reaction))
                .candidate("other", () -> "control")
                .run();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(seenByControl).containsExactly(execution == Execution.inline());
    }

    /** The first candidate restores the interrupt, the second clears it: it is still the caller's. */
    @ParameterizedTest
    @EnumSource(
            value = Execution.Inline.class,
            names = {"CONTROL_FIRST", "RANDOM"})
    void aLaterCandidateCannotSwallowIt(Execution execution) {
        Experiment<String> experiment =
                lab.<String>experiment().execution(execution).build();
        List<String> ran = new ArrayList<>();
        Behavior<String, Exception> interruptsAndClears = () -> {
            ran.add("candidate");
            // whichever runs second finds the flag that the first left
            if (ran.size() == 1) {
                Thread.currentThread().interrupt();
                return "interrupted";
            }
            Thread.interrupted();
            return "cleared";
        };
        List<Boolean> seenByControl = new ArrayList<>();

        experiment
                .control(() -> {
                    seenByControl.add(Thread.currentThread().isInterrupted());
                    return "control";
                })
                .candidate("one", interruptsAndClears)
                .candidate("other", interruptsAndClears)
                .run();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(seenByControl).containsExactly(execution == Execution.inline());
    }

    /**
     * Symptom: an interrupt that arrived during the candidate was lost when a publisher cleared the flag, since only
     * what was pending when the control ended was put back. Rule: what is pending when the last behavior has ended is
     * the caller's.
     */
    @ParameterizedTest
    @MethodSource("ordersAndReactions")
    void noPartThatRunsAfterwardsCanSwallowIt(Execution execution, Reaction reaction) {
        Experiment<String> experiment = lab.<String>experiment()
                .execution(execution)
                .matching((control, candidate) -> Thread.interrupted())
                .publisher(result -> Thread.interrupted())
                .afterRun(result -> Thread.interrupted())
                .build();

        experiment.run(() -> "control", () -> blockUntilInterrupted(reaction));
        assertThat(Thread.interrupted()).isTrue();

        experiment
                .control(() -> "control")
                .candidate(() -> blockUntilInterrupted(reaction))
                .run();
        assertThat(Thread.interrupted()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = Execution.Inline.class,
            names = {"CONTROL_FIRST", "RANDOM"})
    void aCallerThatIsInterruptedAlreadyStaysSo(Execution execution) {
        Experiment<String> experiment = lab.<String>experiment()
                .execution(execution)
                .context(() -> {
                    Thread.interrupted();
                    return java.util.Map.of();
                })
                .beforeRun(Thread::interrupted)
                .matching((control, candidate) -> Thread.interrupted())
                .publisher(result -> Thread.interrupted())
                .afterRun(result -> Thread.interrupted())
                .build();
        List<Boolean> seenByControl = new ArrayList<>();
        Behavior<String, RuntimeException> control = () -> {
            seenByControl.add(Thread.currentThread().isInterrupted());
            return "control";
        };
        Behavior<String, RuntimeException> clearing = () -> {
            Thread.interrupted();
            return "cleared";
        };

        Thread.currentThread().interrupt();
        experiment.run(control, clearing);
        experiment
                .control(control)
                .candidate("a", clearing)
                .candidate("b", clearing)
                .run();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(seenByControl).containsExactly(true, true);
    }

    @ParameterizedTest
    @EnumSource(
            value = Execution.Inline.class,
            names = {"CONTROL_FIRST", "RANDOM"})
    void aCallerThatIsInterruptedAlreadyStaysSoWhenTheRunIsDropped(Execution execution) {
        for (boolean ofInput : new boolean[] {true, false}) {
            try (Lab own = new Lab(Lab::candidatesFirst)) {
                Experiment.Builder<String> builder =
                        own.<String>experiment().execution(execution).beforeRun(Thread::interrupted);
                Experiment<String> experiment = (ofInput
                                ? builder.snapshotInput(String.class, InterruptTest::clearAndFail)
                                : builder.snapshot(InterruptTest::clearAndFail))
                        .build();
                List<Boolean> seenByControl = new ArrayList<>();

                Thread.currentThread().interrupt();
                experiment.run(
                        "input",
                        input -> {
                            seenByControl.add(Thread.currentThread().isInterrupted());
                            return "control";
                        },
                        input -> "candidate");

                assertThat(Thread.interrupted()).isTrue();
                assertThat(seenByControl).containsExactly(true);
                assertThat(own.failedOperations()).containsExactly(Operation.SNAPSHOT);
            }
        }
    }

    @Test
    void aCallerThatIsInterruptedAlreadyStaysSoWhenTheRunIsShed() {
        List<Runnable> waiting = new ArrayList<>();
        Experiment<String> experiment = lab.<String>experiment()
                .execution(Execution.background().on(waiting::add))
                .queueCapacity(1)
                .publisher(new Publisher() {
                    @Override
                    public void publish(Result<?> result) {}

                    @Override
                    public void dropped(Experiment<?> experiment, Drop reason) {
                        Thread.interrupted();
                    }
                })
                .build();
        experiment.run(() -> "control", () -> "candidate");
        List<Boolean> seenByControl = new ArrayList<>();

        Thread.currentThread().interrupt();
        experiment.run(
                () -> {
                    seenByControl.add(Thread.currentThread().isInterrupted());
                    return "control";
                },
                () -> "candidate");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(seenByControl).containsExactly(true);
        waiting.forEach(Runnable::run);
    }

    private static String clearAndFail(String any) {
        Thread.interrupted();
        throw new IllegalStateException("snapshot");
    }

    @Test
    void aCallerThatIsInterruptedAlreadyStaysSoWhenItsGateFails() {
        try (Scientist swallowing = Scientist.builder()
                .failureHandler((name, operation, failure) -> Thread.interrupted())
                .build()) {
            Experiment<Integer> experiment = swallowing
                    .<Integer>experiment("test")
                    .gate((request, input) -> {
                        throw new IllegalStateException("the flag service is down");
                    })
                    .build();
            Thread.currentThread().interrupt();

            assertThat(experiment.run(() -> 1, () -> 1)).isEqualTo(1);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void whatTheControlClearsStaysClear() {
        Experiment<String> experiment =
                lab.<String>experiment().execution(Execution.controlFirst()).build();

        Thread.currentThread().interrupt();
        experiment.run(
                () -> {
                    Thread.interrupted();
                    return "control";
                },
                () -> "candidate");

        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void whatTheControlSetsStaysSet() {
        Experiment<String> experiment =
                lab.<String>experiment().execution(Execution.controlFirst()).build();

        experiment.run(
                () -> {
                    Thread.currentThread().interrupt();
                    return "control";
                },
                () -> {
                    Thread.interrupted();
                    return "candidate";
                });

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aRunWithoutInterruptLeavesNone() {
        Experiment<String> experiment = lab.<String>experiment().build();

        for (int i = 0; i < 20; i++) {
            experiment.run(() -> "control", () -> "candidate");
            experiment.control(() -> "control").candidate(() -> "candidate").run();
        }

        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aPartThatThrowsAnInterruptedExceptionLeavesTheInterruptPending() {
        Experiment<String> experiment = lab.<String>experiment()
                .publisher(result -> {
                    throw new InterruptedException();
                })
                .build();

        experiment.run(() -> "control", () -> "control");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(lab.failedOperations()).containsExactly(Operation.PUBLISH);
    }

    /** Whom it tells of is the thread that computed, not this one. */
    @Test
    void anInterruptOfAnotherThreadThatAPartHeardOfIsNotTheCallers() {
        Experiment<String> experiment = lab.<String>experiment()
                .publisher(result -> {
                    throw new CompletionException(new InterruptedException());
                })
                .build();

        experiment.run(() -> "control", () -> {
            throw new ExecutionException(new InterruptedException());
        });

        assertThat(Thread.interrupted()).isFalse();
        assertThat(lab.failedOperations()).containsExactly(Operation.PUBLISH);
    }

    @Test
    void anAdapterIsWatchedToo() {
        Experiment<String> experiment = lab.<String>experiment().build();

        experiment
                .control(() -> "control")
                .candidate("other", () -> 1, number -> {
                    try {
                        return blockUntilInterrupted(Reaction.RESTORES);
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                })
                .run();

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aCandidateOnAnInterruptedCallerSeesItsFlag() {
        // as the control would: whoever blocks is woken at once
        Experiment<String> experiment =
                lab.<String>experiment().execution(Execution.inline()).build();
        Thread.currentThread().interrupt();

        experiment.run(() -> "control", () -> {
            new CountDownLatch(1).await();
            return "candidate";
        });

        assertThat(Thread.interrupted()).isTrue();
        assertThat(lab.comparison().candidate().throwable()).isInstanceOf(InterruptedException.class);
    }
}
