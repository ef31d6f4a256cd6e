package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Gates decide about each run; what is closed or off is a plain call of the control. */
class GateTest {

    private final Lab lab = new Lab();
    private final AtomicInteger candidates = new AtomicInteger();

    @AfterEach
    void close() {
        lab.close();
    }

    private Integer run(Experiment<Integer> experiment) {
        return experiment.run(() -> 1, candidates::incrementAndGet);
    }

    @Test
    void aClosedGateLeavesTheControlAlone() throws IOException {
        Experiment<Integer> experiment =
                lab.<Integer>experiment().enabled(() -> false).build();
        IOException thrown = new IOException();

        assertThat(run(experiment)).isEqualTo(1);
        assertThat(experiment.run("input", input -> 2, input -> candidates.incrementAndGet()))
                .isEqualTo(2);
        assertThat(experiment
                        .control(() -> 3)
                        .candidate(candidates::incrementAndGet)
                        .run())
                .isEqualTo(3);
        assertThat(catchThrowable(() -> experiment.run(
                        () -> {
                            throw thrown;
                        },
                        candidates::incrementAndGet)))
                .isSameAs(thrown);
        assertThat(catchThrowable(() -> experiment
                        .control(() -> {
                            throw thrown;
                        })
                        .candidate(candidates::incrementAndGet)
                        .run()))
                .isSameAs(thrown);

        assertThat(candidates).hasValue(0);
        assertThat(lab.results.received()).isZero();
        assertThat(experiment.counts()).isEqualTo(new Counts(0, 0, Map.of()));
    }

    @Test
    void theGateIsAskedOnEveryRun() {
        AtomicBoolean open = new AtomicBoolean();
        Experiment<Integer> experiment =
                lab.<Integer>experiment().gate((request, input) -> open.get()).build();

        run(experiment);
        open.set(true);
        run(experiment);
        open.set(false);
        run(experiment);

        assertThat(candidates).hasValue(1);
        assertThat(experiment.counts()).isEqualTo(new Counts(1, 1, Map.of()));
    }

    @Test
    void aGateSeesExperimentInputAndContextOfTheRun() {
        List<Object> seen = new ArrayList<>();
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .context("static", 1)
                .gate((request, input) -> {
                    seen.add(request.experiment());
                    seen.add(input);
                    seen.add(Map.copyOf(request.context()));
                    return true;
                })
                .build();

        experiment.run("input", input -> 1, input -> 1);
        experiment
                .control(() -> 1)
                .candidate(() -> 1)
                .input("other")
                .context("user", "me")
                .run();

        assertThat(seen)
                .containsExactly(
                        "test", "input", Map.of("static", 1), "test", "other", Map.of("static", 1, "user", "me"));
    }

    @Test
    void aGateSeesTheScientistsClockAndRandomness() {
        Lab.ManualClock clock = new Lab.ManualClock();
        java.util.random.RandomGenerator random = Lab.always(0);
        List<Object> seen = new ArrayList<>();
        try (Lab own = new Lab(builder -> builder.clock(clock).random(random))) {
            own.<Integer>experiment()
                    .gate((request, input) -> {
                        seen.add(request.nanoTime());
                        seen.add(request.random());
                        return false;
                    })
                    .build()
                    .run(() -> 1, () -> 1);
        }

        assertThat(seen).containsExactly(1_000_000L, random);
    }

    @Test
    void aGateThatThrowsIsReportedAndCountsAsClosed() {
        Error failure = new StackOverflowError("gate");
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .gate((request, input) -> {
                    throw failure;
                })
                .build();

        assertThat(run(experiment)).isEqualTo(1);

        assertThat(candidates).hasValue(0);
        lab.assertOnlyFailure(Operation.GATE, failure);
        assertThat(experiment.counts().started()).isZero();
    }

    @Test
    void aGateCanReportWhatItCopedWith() {
        Exception odd = new Exception("odd");
        run(lab.<Integer>experiment()
                .gate((request, input) -> {
                    request.report(odd);
                    return true;
                })
                .build());

        assertThat(candidates).hasValue(1);
        lab.assertOnlyFailure(Operation.GATE, odd);
    }

    @Test
    void aGateLearnsTheResultBeforeThePublishersDo() {
        List<String> events = new ArrayList<>();
        List<Result<?>> learned = new ArrayList<>();
        Gate gate = new Gate() {
            @Override
            public boolean admits(Request request, Object input) {
                return true;
            }

            @Override
            public void learn(Request request, Result<?> result) {
                events.add("learn");
                learned.add(result);
            }
        };
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .gate(gate)
                .publisher(result -> events.add("publish"))
                .build();

        run(experiment);

        assertThat(events).containsExactly("learn", "publish");
        assertThat((Object) learned.get(0)).isSameAs(lab.result());
    }

    @Test
    void aGateThatFailsToLearnIsReportedAndTheResultIsPublished() {
        Error failure = new LinkageError("learn");
        Gate gate = new Gate() {
            @Override
            public boolean admits(Request request, Object input) {
                return true;
            }

            @Override
            public void learn(Request request, Result<?> result) {
                throw failure;
            }
        };

        run(lab.<Integer>experiment().gate(gate).build());

        assertThat(lab.results.received()).isEqualTo(1);
        lab.assertOnlyFailure(Operation.GATE, failure);
    }

    // ---- the condition of one run ----

    @Test
    void aConditionDecidesAboutOneRun() {
        Experiment<Integer> experiment = lab.<Integer>experiment().build();

        assertThat(experiment
                        .control(() -> 1)
                        .candidate(candidates::incrementAndGet)
                        .runIf(() -> false)
                        .run())
                .isEqualTo(1);
        assertThat(candidates).hasValue(0);
        assertThat(experiment.counts().started()).isZero();

        experiment
                .control(() -> 1)
                .candidate(candidates::incrementAndGet)
                .runIf(() -> true)
                .run();
        assertThat(candidates).hasValue(1);
    }

    @Test
    void aConditionIsNotAskedWhileTheGateIsClosed() {
        AtomicInteger asked = new AtomicInteger();
        lab.<Integer>experiment()
                .enabled(() -> false)
                .build()
                .control(() -> 1)
                .candidate(() -> 1)
                .runIf(() -> asked.incrementAndGet() > 0)
                .run();

        assertThat(asked).hasValue(0);
    }

    @Test
    void aConditionThatThrowsIsReportedAndCountsAsFalse() {
        Error failure = new LinkageError("condition");
        assertThat(lab.<Integer>experiment()
                        .build()
                        .control(() -> 1)
                        .candidate(candidates::incrementAndGet)
                        .runIf(() -> {
                            throw failure;
                        })
                        .run())
                .isEqualTo(1);

        assertThat(candidates).hasValue(0);
        lab.assertOnlyFailure(Operation.RUN_IF, failure);
    }

    // ---- switching ----

    @Test
    void anExperimentIsSwitchedOffAndOnWhileRunning() {
        AtomicInteger asked = new AtomicInteger();
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .enabled(() -> asked.incrementAndGet() > 0)
                .build();
        assertThat(experiment.isOn()).isTrue();

        experiment.switchOff();
        assertThat(experiment.isOn()).isFalse();
        assertThat(run(experiment)).isEqualTo(1);
        assertThat(experiment
                        .control(() -> 1)
                        .candidate(candidates::incrementAndGet)
                        .run())
                .isEqualTo(1);
        assertThat(candidates).hasValue(0);
        assertThat(asked).hasValue(0);

        experiment.switchOn();
        assertThat(experiment.isOn()).isTrue();
        run(experiment);
        assertThat(candidates).hasValue(1);
        assertThat(asked).hasValue(1);
    }

    @Test
    void switchingOnDoesNotOpenTheGate() {
        Experiment<Integer> experiment =
                lab.<Integer>experiment().enabled(() -> false).build();
        experiment.switchOff();
        experiment.switchOn();

        run(experiment);

        assertThat(candidates).hasValue(0);
    }

    @Test
    void switchingOneOffLeavesTheOthersOn() {
        Experiment<Integer> off = lab.scientist.<Integer>experiment("off").build();
        Experiment<Integer> on = lab.scientist.<Integer>experiment("on").build();
        off.switchOff();

        run(off);
        assertThat(candidates).hasValue(0);
        run(on);
        assertThat(candidates).hasValue(1);
    }

    @Test
    void allAreSwitchedOffAndOnThoseDefinedMeanwhileToo() {
        Experiment<Integer> before = lab.scientist.<Integer>experiment("before").build();
        lab.scientist.switchOff();
        Experiment<Integer> meanwhile =
                lab.scientist.<Integer>experiment("meanwhile").build();

        assertThat(before.isOn()).isFalse();
        assertThat(meanwhile.isOn()).isFalse();
        run(before);
        run(meanwhile);
        assertThat(candidates).hasValue(0);

        lab.scientist.switchOn();
        run(before);
        run(meanwhile);
        run(lab.scientist.<Integer>experiment("after").build());
        assertThat(candidates).hasValue(3);
    }

    @Test
    void aRunThatIsSwitchedOffInItsMiddleIsFinished() {
        Experiment<Integer> experiment =
                lab.<Integer>experiment().execution(Execution.controlFirst()).build();

        experiment.run(
                () -> {
                    experiment.switchOff();
                    return 1;
                },
                () -> 1);

        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
    }

    @Test
    void anExperimentsOwnGateReplacesTheDefault() {
        try (Lab own = new Lab(builder -> builder.defaultGate((request, input) -> false))) {
            run(own.scientist.<Integer>experiment("default").build());
            run(own.scientist
                    .<Integer>experiment("own")
                    .gate((request, input) -> true)
                    .build());

            assertThat(own.result().experiment().name()).isEqualTo("own");
        }
    }

    @Test
    void theSwitchOfAllAndTheExperimentsOwnHoldWhateverTheGateSays() {
        AtomicBoolean all = new AtomicBoolean();
        AtomicBoolean one = new AtomicBoolean();
        try (Lab own = new Lab(builder -> builder.enabled(all::get))) {
            Experiment<Integer> experiment = own.scientist
                    .<Integer>experiment("own")
                    .gate((request, input) -> true)
                    .enabled(one::get)
                    .build();
            for (int i = 0; i < 4; i++) {
                all.set(i >= 2);
                one.set(i % 2 == 1);
                run(experiment);
            }

            assertThat(candidates).hasValue(1);
            assertThat(experiment.counts().started()).isEqualTo(1);
        }
    }

    @Test
    void aSwitchThatThrowsIsReportedAndOff() {
        IllegalStateException failure = new IllegalStateException("no flags");
        try (Lab own = new Lab(builder -> builder.enabled(() -> {
            throw failure;
        }))) {
            run(own.<Integer>experiment().build());

            assertThat(candidates).hasValue(0);
            own.assertOnlyFailure(Operation.GATE, failure);
        }
    }

    /** Switched off as a whole, or told not to raise: what a scientist's builder says holds unless told otherwise. */
    @Test
    void notRaisingCanBeSaidToo() {
        try (Lab own = new Lab(builder -> builder.raiseOnMismatch(false))) {
            Experiment<Integer> experiment =
                    own.scientist.<Integer>experiment("calm").build();

            assertThat(experiment.run(() -> 1, () -> 2)).isEqualTo(1);
            assertThat(own.result().mismatched()).isTrue();
        }
    }

    @Test
    void aGateThatCannotSayWhatStateItIsInSaysNothing() {
        Gate gate = new Gate() {
            @Override
            public boolean admits(Request request, Object input) {
                return true;
            }

            @Override
            public String status() {
                throw new IllegalStateException("no status");
            }
        };
        try (Lab own = new Lab()) {
            Experiment<Integer> experiment =
                    own.scientist.<Integer>experiment("test").gate(gate).build();

            assertThat(experiment.gateStatus()).isNull();
            assertThat(own.failedOperations()).containsExactly(Operation.GATE);
        }
    }
}
