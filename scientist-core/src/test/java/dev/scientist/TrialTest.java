package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs that are put together: names, several candidates, adapters, context, the named behavior's outcome. */
class TrialTest {

    private final Lab.ManualClock clock = new Lab.ManualClock();
    private final Lab lab = new Lab(builder -> builder.clock(clock));

    @AfterEach
    void close() {
        lab.close();
    }

    // ---- names and candidates ----

    @Test
    void allCandidatesRunOnceAndTheControlsOutcomeIsReturned() {
        List<String> ran = new ArrayList<>();
        String value = new String("value");

        String returned = lab.<String>experiment()
                .build()
                .control(() -> {
                    ran.add("control");
                    return value;
                })
                .candidate(() -> {
                    ran.add("candidate");
                    return "value";
                })
                .candidate("second", () -> {
                    ran.add("second");
                    throw new IOException();
                })
                .candidate("third", () -> {
                    ran.add("third");
                    return "other";
                })
                .run();

        assertThat(returned).isSameAs(value);
        assertThat(ran).containsExactlyInAnyOrder("control", "candidate", "second", "third");
        assertThat(lab.result().order()).isEqualTo(ran);
        assertThat(lab.result().comparisons())
                .extracting(comparison -> comparison.candidate().name())
                .containsExactly("candidate", "second", "third");
    }

    @Test
    void theControlMayHaveANameOfItsOwn() {
        lab.<Integer>experiment()
                .build()
                .control("legacy", () -> 1)
                .candidate("control", () -> 2)
                .run();

        assertThat(lab.result().control().name()).isEqualTo("legacy");
        assertThat((Object) lab.result().control().value()).isEqualTo(1);
        assertThat(lab.comparison().candidate().name()).isEqualTo("control");
    }

    @Test
    void aNameTwiceIsAnErrorThatNamesExperimentAndBehavior() {
        Trial<Integer, RuntimeException> trial =
                lab.<Integer>experiment().build().control(() -> 1).candidate("x", () -> 1);

        assertThatThrownBy(() -> trial.candidate("x", () -> 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("experiment 'test': candidate 'x' was already defined");
        assertThatThrownBy(() -> trial.candidate("control", () -> 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("experiment 'test': candidate 'control' was already defined");
        assertThatThrownBy(() -> trial.candidate("x", () -> 2, (Integer value) -> value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("experiment 'test': candidate 'x' was already defined");
    }

    @Test
    void aMissingBehaviorIsAnErrorThatNamesIt() {
        Experiment<Integer> experiment = lab.<Integer>experiment().build();

        assertThatThrownBy(() -> experiment.control(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("experiment 'test': control 'control' must not be null");
        assertThatThrownBy(() -> experiment.control(() -> 1).candidate("x", null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("experiment 'test': candidate 'x' must not be null");
        assertThatThrownBy(() -> experiment.control(() -> 1).candidate("x", () -> 1, null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("experiment 'test': adapter of candidate 'x' must not be null");
        assertThatThrownBy(() -> experiment.control(() -> 1).runIf(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("experiment 'test': condition");
    }

    @Test
    void aTrialWithoutAControlNeedsAName() {
        Trial<Integer, RuntimeException> trial =
                lab.<Integer>experiment().build().candidate("a", () -> 1);

        assertThatThrownBy(trial::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("experiment 'test': there is no control: start with control(…), or name the behavior whose"
                        + " outcome is wanted: run(name)");
    }

    @Test
    void withoutACandidateItIsAPlainCallOfTheControl() {
        AtomicInteger asked = new AtomicInteger();
        Experiment<String> experiment = lab.<String>experiment()
                .enabled(() -> asked.incrementAndGet() > 0)
                .beforeRun(asked::incrementAndGet)
                .build();
        String value = new String("value");
        IOException thrown = new IOException();

        assertThat(experiment.control(() -> value).run()).isSameAs(value);
        assertThat(catchThrowable(() -> experiment
                        .control(() -> {
                            throw thrown;
                        })
                        .run()))
                .isSameAs(thrown);

        assertThat(lab.results.received()).isZero();
        assertThat(experiment.counts().started()).isZero();
        assertThat(asked).hasValue(0);
        assertThat(clock.reads()).isZero();
    }

    @Test
    void manyCandidatesAreRunOnceEach() {
        List<Integer> ran = new ArrayList<>();
        Trial<Integer, RuntimeException> trial =
                lab.<Integer>experiment().build().control(() -> 1);
        for (int i = 0; i < 50; i++) {
            int candidate = i;
            trial.candidate("candidate " + i, () -> {
                ran.add(candidate);
                return 1;
            });
        }

        trial.run();

        assertThat(ran).hasSize(50).doesNotHaveDuplicates();
        assertThat(lab.result().comparisons()).hasSize(50);
        assertThat(lab.result().matched()).isTrue();
    }

    // ---- run(name) ----

    @Test
    void theNamedBehaviorsOutcomeIsReturnedAndTheOthersAreComparedWithIt() {
        Experiment<String> experiment = lab.<String>experiment().build();
        String value = new String("b");

        assertThat(experiment
                        .candidate("a", () -> "a")
                        .candidate("b", () -> value)
                        .candidate("c", () -> "b")
                        .run("b"))
                .isSameAs(value);

        assertThat(lab.result().control().name()).isEqualTo("b");
        assertThat(lab.result().comparisons())
                .extracting(comparison -> comparison.candidate().name(), Comparison::outcome)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("a", Outcome.MISMATCHED),
                        org.assertj.core.groups.Tuple.tuple("c", Outcome.MATCHED));
    }

    @Test
    void theControlIsComparedWhenACandidateIsNamed() {
        Experiment<String> experiment = lab.<String>experiment().build();

        assertThat(experiment.control(() -> "old").candidate(() -> "new").run("candidate"))
                .isEqualTo("new");

        assertThat(lab.result().control().name()).isEqualTo("candidate");
        assertThat(lab.comparison().candidate().name()).isEqualTo("control");
    }

    @Test
    void theNamedBehaviorsThrowableIsThrownAsItIs() {
        IOException thrown = new IOException();
        Experiment<String> experiment = lab.<String>experiment().build();

        assertThat(catchThrowable(() -> experiment
                        .control(() -> "old")
                        .candidate("new", () -> {
                            throw thrown;
                        })
                        .run("new")))
                .isSameAs(thrown);
        assertThat(lab.result().control().throwable()).isSameAs(thrown);
    }

    @Test
    void theNamedBehaviorRunsAloneWhenTheGateIsClosed() {
        List<String> ran = new ArrayList<>();
        Experiment<String> experiment =
                lab.<String>experiment().enabled(() -> false).build();

        assertThat(experiment
                        .control(() -> {
                            ran.add("control");
                            return "old";
                        })
                        .candidate("new", () -> 7, number -> "new " + number)
                        .run("new"))
                .isEqualTo("new 7");
        assertThat(ran).isEmpty();
    }

    @Test
    void oneNamedCandidateAloneIsAPlainCall() {
        assertThat(lab.<String>experiment().build().candidate("a", () -> "a").run("a"))
                .isEqualTo("a");
        assertThat(lab.results.received()).isZero();
    }

    @Test
    void anUnknownNameIsAnErrorThatListsTheBehaviors() {
        Trial<Integer, RuntimeException> trial =
                lab.<Integer>experiment().build().control("old", () -> 1).candidate("new", () -> 1);

        assertThatThrownBy(() -> trial.run("newer"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("experiment 'test': there is no behavior 'newer', only [old, new]");
        assertThatThrownBy(() -> trial.run(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("experiment 'test': there is no behavior 'null', only [old, new]");
    }

    @Test
    void anUnknownNameWhereThereIsNoControlIsAnErrorToo() {
        Trial<Integer, RuntimeException> trial =
                lab.<Integer>experiment().build().candidate("a", () -> 1);

        assertThatThrownBy(() -> trial.candidate("b", () -> 1).run("c"))
                .hasMessage("experiment 'test': there is no behavior 'c', only [a, b]");
    }

    // ---- adapters ----

    @Test
    void aCandidateOfAnotherTypeIsAdaptedAndTheAdaptersTimeIsNotCounted() {
        Experiment<String> experiment = lab.<String>experiment().build();

        String returned = experiment
                .control(() -> {
                    clock.advance(10);
                    return "7";
                })
                .candidate(
                        "number",
                        () -> {
                            clock.advance(20);
                            return 7;
                        },
                        number -> {
                            clock.advance(1_000);
                            return String.valueOf(number);
                        })
                .candidate("text", () -> {
                    clock.advance(30);
                    return "7";
                })
                .run();

        assertThat(returned).isEqualTo("7");
        assertThat(lab.result().matched()).isTrue();
        assertThat(lab.result().control().nanos()).isEqualTo(10);
        assertThat(lab.result().comparisons().get(0).candidate().nanos()).isEqualTo(20);
        assertThat(lab.result().comparisons().get(1).candidate().nanos()).isEqualTo(30);
        assertThat((Object) lab.result().comparisons().get(0).candidate().value())
                .isEqualTo("7");
    }

    @Test
    void theTimeOfANamedBehaviorsAdapterIsNotCountedEither() {
        lab.<String>experiment()
                .execution(Execution.controlFirst())
                .build()
                .candidate("text", () -> {
                    clock.advance(30);
                    return "7";
                })
                .candidate(
                        "number",
                        () -> {
                            clock.advance(20);
                            return 7;
                        },
                        number -> {
                            clock.advance(1_000);
                            return String.valueOf(number);
                        })
                .run("number");

        assertThat(lab.result().control().nanos()).isEqualTo(20);
        assertThat(lab.comparison().candidate().nanos()).isEqualTo(30);
    }

    @Test
    void anAdapterThatThrowsIsTheCandidatesFailureAndMarkedAsSuch() {
        Error failure = new LinkageError("adapter");
        Experiment<String> experiment = lab.<String>experiment().build();

        assertThat(experiment
                        .control(() -> "7")
                        .candidate("number", () -> 7, number -> {
                            throw failure;
                        })
                        .run())
                .isEqualTo("7");

        Observation<?> candidate = lab.comparison().candidate();
        assertThat(candidate.threw()).isTrue();
        assertThat(candidate.adapterFailed()).isTrue();
        assertThat(candidate.throwable()).isSameAs(failure);
        assertThat(lab.result().control().adapterFailed()).isFalse();
        assertThat(lab.outcome()).isEqualTo(Outcome.MISMATCHED);
    }

    @Test
    void anAdapterOfTheNamedBehaviorThatThrowsIsMarkedAsSuch() {
        assertAdapterOfTheNamedBehaviorIsMarked(Execution.inline());
        lab.results.clear();
        assertAdapterOfTheNamedBehaviorIsMarked(Lab.concurrent());
    }

    private void assertAdapterOfTheNamedBehaviorIsMarked(Execution execution) {
        Error failure = new LinkageError("adapter");
        Experiment<String> experiment = lab.scientist
                .<String>experiment(execution.toString())
                .execution(execution)
                .build();

        assertThat(catchThrowable(() -> experiment
                        .candidate("text", () -> "7")
                        .candidate("number", () -> 7, number -> {
                            throw failure;
                        })
                        .run("number")))
                .isSameAs(failure);

        assertThat(lab.result().control().throwable()).isSameAs(failure);
        assertThat(lab.result().control().adapterFailed()).isTrue();
    }

    @Test
    void aCandidateThatThrowsIsNotAdapted() {
        AtomicInteger adapted = new AtomicInteger();
        IOException thrown = new IOException();
        lab.<String>experiment()
                .build()
                .control(() -> "7")
                .candidate(
                        "number",
                        () -> {
                            throw thrown;
                        },
                        number -> "adapted " + adapted.incrementAndGet())
                .run();

        assertThat(adapted).hasValue(0);
        assertThat(lab.comparison().candidate().throwable()).isSameAs(thrown);
        assertThat(lab.comparison().candidate().adapterFailed()).isFalse();
    }

    @Test
    void anAdapterIsHandedNullAndMayReturnNull() {
        lab.<String>experiment()
                .build()
                .control(() -> null)
                .candidate("number", () -> (Integer) null, number -> number == null ? null : "not null")
                .run();

        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
    }

    // ---- context and input ----

    @Test
    void contextIsThatOfScientistExperimentAndTrialTheLaterOneWinning() {
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("b", "supplied");
        more.put("c", "supplied");
        try (Lab own = new Lab(builder ->
                builder.context("a", "scientist").context("b", "scientist").context(() -> Map.of("z", "scientist")))) {
            own.<Integer>experiment()
                    .context(() -> more)
                    .context("d", "experiment")
                    .build()
                    .control(() -> 1)
                    .candidate(() -> 1)
                    .context("c", "trial")
                    .context("e", null)
                    .run();

            assertThat(own.result().context())
                    .hasSize(6)
                    .containsEntry("a", "scientist")
                    .containsEntry("z", "scientist")
                    .containsEntry("b", "supplied")
                    .containsEntry("c", "trial")
                    .containsEntry("d", "experiment")
                    .containsEntry("e", null);
        }
    }

    @Test
    void contextCannotBeChangedThroughTheResultNorThroughTheTrialAfterTheRun() {
        Trial<Integer, RuntimeException> trial = lab.<Integer>experiment()
                .build()
                .control(() -> 1)
                .candidate(() -> 1)
                .context("a", 1);
        trial.run();
        trial.context("a", 2);

        Map<String, ?> context = lab.result().context();
        assertThat((Object) context.get("a")).isEqualTo(1);
        assertThatThrownBy(() -> context.remove("a")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void contextSuppliersAreAskedOncePerRunThatIsSampled() {
        AtomicInteger asked = new AtomicInteger();
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .context(() -> Map.of("asked", asked.incrementAndGet()))
                .build();

        experiment.run(() -> 1, () -> 1);
        experiment.switchOff();
        experiment.run(() -> 1, () -> 1);

        assertThat(asked).hasValue(1);
        assertThat(lab.result().context()).isEqualTo(Map.of("asked", 1));
    }

    @Test
    void withoutAnyContextItIsEmpty() {
        lab.<Integer>experiment().build().run(() -> 1, () -> 1);

        assertThat(lab.result().context()).isEmpty();
    }

    @Test
    void aContextSupplierThatFailsIsReportedAndTheRunGoesOnWithTheOthers() {
        Error failure = new LinkageError("context");
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .context(() -> {
                    throw failure;
                })
                .context(() -> null)
                .context(() -> Map.of("bad\nkey", 1))
                .context("good", 1)
                .build();

        assertThat(experiment.run(() -> 1, () -> 1)).isEqualTo(1);

        assertThat(lab.result().context()).isEqualTo(Map.of("good", 1));
        assertThat(lab.failedOperations()).containsExactly(Operation.CONTEXT, Operation.CONTEXT, Operation.CONTEXT);
        assertThat(lab.failures.get(0).throwable()).isSameAs(failure);
        assertThat(lab.failures.get(1).throwable()).isInstanceOf(NullPointerException.class);
        assertThat(lab.failures.get(2).throwable())
                .hasMessage(
                        "experiment 'test': context key must not contain control or invisible characters, but 'bad\\nkey' has"
                                + " U+000A at index 3");
    }

    @Test
    void aTrialsInputIsKeptAndNotHandedToTheBehaviors() {
        Object input = new Object();
        lab.<Integer>experiment()
                .build()
                .control(() -> 1)
                .candidate(() -> 1)
                .input(input)
                .run();

        assertThat(lab.result().input()).isSameAs(input);
    }

    // ---- execution ----

    @Test
    void theControlFirstExecutionHoldsForSeveralCandidates() {
        for (int i = 0; i < 20; i++) {
            assertThat(orderOf(Execution.controlFirst(), i).get(0)).isEqualTo("control");
        }
    }

    private static List<String> orderOf(Execution execution, int seed) {
        try (Lab own = new Lab(builder -> builder.random(new java.util.SplittableRandom(seed)))) {
            own.<Integer>experiment()
                    .execution(execution)
                    .build()
                    .control(() -> 1)
                    .candidate("a", () -> 1)
                    .candidate("b", () -> 1)
                    .candidate("c", () -> 1)
                    .run();
            assertThat(own.result().order()).containsExactlyInAnyOrder("control", "a", "b", "c");
            return own.result().order();
        }
    }
}
