package dev.scientist.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scientist.Behavior;
import dev.scientist.Drop;
import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.Gate;
import dev.scientist.InputBehavior;
import dev.scientist.Outcome;
import dev.scientist.Publisher;
import dev.scientist.Result;
import dev.scientist.Scientist;
import dev.scientist.Serving;
import dev.scientist.compare.Comparators;
import dev.scientist.evidence.EvidencePage;
import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.evidence.ExperimentEvidence;
import dev.scientist.evidence.Tolerance;
import dev.scientist.gate.Gates;
import dev.scientist.publish.RecordingPublisher;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RolloutTest {

    private static final Gate EVERYBODY = (request, input) -> true;

    private final RecordingPublisher results = new RecordingPublisher();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final List<String> stages = new CopyOnWriteArrayList<>();
    private final AtomicBoolean enabled = new AtomicBoolean(true);
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Scientist scientist = scientist(settings -> settings);

    private Scientist scientist(UnaryOperator<Scientist.Builder> settings) {
        return settings.apply(Scientist.builder()
                        .publisher(results)
                        .publisher(new Publisher() {
                            @Override
                            public void publish(Result<?> result) {}

                            @Override
                            public void stageChanged(Experiment<?> experiment, Serving serving) {
                                stages.add(serving.stage() + (serving.fellBack() ? " fell back" : ""));
                            }
                        })
                        .enabled(enabled::get)
                        .failureHandler((experiment, operation, failure) ->
                                failures.add(operation + " " + failure.getMessage())))
                .build();
    }

    @AfterEach
    void close() {
        scientist.close();
    }

    private Rollout<String> in(Stage stage, Gate canary) {
        return in(stage, canary, experiment -> experiment);
    }

    private Rollout<String> in(Stage stage, Gate canary, UnaryOperator<Experiment.Builder<String>> settings) {
        Rollout<String> rollout = Rollout.of(
                        settings.apply(scientist.<String>experiment("test")).build())
                .canary(canary)
                .build();
        rollout.moveTo(stage);
        return rollout;
    }

    private String called(String who) {
        calls.add(who);
        return who;
    }

    private String run(Rollout<String> rollout) {
        return rollout.run(() -> called("control"), () -> called("candidate"));
    }

    private Result<?> result() {
        assertThat(results.results()).hasSize(1);
        return results.results().get(0);
    }

    // ---- stages ----

    @Test
    void startsWithTheControlAlone() {
        Rollout<String> rollout =
                Rollout.of(scientist.<String>experiment("test").build()).build();

        assertThat(run(rollout)).isEqualTo("control");
        assertThat(calls).containsExactly("control");
        assertThat(rollout.stage()).isEqualTo(Stage.CONTROL);
    }

    @Test
    void servesTheControlInTheShadow() {
        Rollout<String> rollout = in(Stage.SHADOW, EVERYBODY);

        assertThat(run(rollout)).isEqualTo("control");
        assertThat(calls).containsExactlyInAnyOrder("control", "candidate");
        assertThat(result().served()).isSameAs(result().control());
        assertThat(result().rescued()).isFalse();
    }

    @Test
    void theShadowIsByTheExperimentsGate() {
        Rollout<String> rollout = in(Stage.SHADOW, EVERYBODY, experiment -> experiment.gate((r, i) -> false));

        assertThat(run(rollout)).isEqualTo("control");
        assertThat(calls).containsExactly("control");
    }

    @Test
    void servesTheCandidateToThoseInTheCanaryAndComparesAll() {
        Rollout<String> rollout =
                in(Stage.CANARY, Gates.stickyPercent(50, Integer.class, key -> key), experiment -> experiment);
        int candidates = 0;
        for (int key = 0; key < 200; key++) {
            String first = rollout.run(key, any -> "control", any -> "candidate");
            assertThat(rollout.run(key, any -> "control", any -> "candidate")).isEqualTo(first);
            candidates += first.equals("candidate") ? 1 : 0;
            if (rollout.stage() != Stage.CANARY) {
                rollout.acknowledge(); // all mismatch
            }
        }

        assertThat(candidates).isBetween(70, 130);
        assertThat(results.results()).hasSize(400);
    }

    /** The gate is closed and the execution another thread, but those in the canary are compared all the same. */
    @Test
    void inTheCanaryBothRunOnTheCallersThread() {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        Rollout<String> rollout = in(
                Stage.CANARY,
                EVERYBODY,
                experiment -> experiment.gate((r, i) -> false).execution(Execution.background()));

        assertThat(rollout.<RuntimeException>run(
                        () -> {
                            threads.add(Thread.currentThread());
                            return "same";
                        },
                        () -> {
                            threads.add(Thread.currentThread());
                            return "same";
                        }))
                .isEqualTo("same");
        assertThat(threads).containsExactly(Thread.currentThread(), Thread.currentThread());
        assertThat(result().matched()).isTrue();
        assertThat(result().served().name()).isEqualTo("candidate");
        assertThat(result().order()).containsExactlyInAnyOrder("control", "candidate");
    }

    @Test
    void theOrderInTheCanaryIsRandomUnlessTheControlIsToBeFirst() {
        Rollout<String> random = in(Stage.CANARY, EVERYBODY, e -> e.matching((a, b) -> true));
        Rollout<String> first = Rollout.of(scientist
                        .<String>experiment("control first")
                        .execution(Execution.controlFirst())
                        .matching((a, b) -> true)
                        .build())
                .canary(EVERYBODY)
                .build();
        first.moveTo(Stage.CANARY);
        for (int i = 0; i < 100; i++) {
            run(random);
        }
        assertThat(results.results().stream().map(r -> r.startedFirst().name())).contains("control", "candidate");
        calls.clear();
        for (int i = 0; i < 30; i++) {
            run(first);
        }
        assertThat(calls.get(0) + calls.get(2) + calls.get(4) + calls.get(6) + calls.get(8))
                .isEqualTo("control".repeat(5));
    }

    @Test
    void theCandidateIsAloneAtTheEnd() {
        Rollout<String> rollout = in(Stage.CANDIDATE, EVERYBODY);

        assertThat(run(rollout)).isEqualTo("candidate");
        assertThat(calls).containsExactly("candidate");
        assertThat(results.results()).isEmpty();
        assertThatThrownBy(() -> rollout.run(() -> "control", () -> {
                    throw new IOException("the candidate's");
                }))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aCanaryWithoutAGateServesNobodyAndSaysSo() {
        Rollout<String> rollout =
                Rollout.of(scientist.<String>experiment("test").build()).build();
        rollout.moveTo(Stage.CANARY);

        assertThat(run(rollout)).isEqualTo("control");
        assertThat(failures).singleElement().asString().contains("GATE", "there is no canary gate");
    }

    @Test
    void aCanaryGateThatFailsServesTheControl() {
        Rollout<String> rollout = in(Stage.CANARY, Gates.stickyPercent(100, Integer.class, key -> key));

        assertThat(run(rollout)).isEqualTo("control");
        assertThat(failures).singleElement().asString().contains("hand it on with run(input, control, candidate)");
    }

    // ---- off ----

    @ParameterizedTest
    @EnumSource(Stage.class)
    void theControlIsServedInEveryStageWhileItIsNotEnabled(Stage stage) {
        Rollout<String> rollout = in(stage, EVERYBODY);
        enabled.set(false);

        assertThat(run(rollout)).isEqualTo("control");
        assertThat(rollout.run(1, any -> called("control"), any -> called("candidate")))
                .isEqualTo("control");
        assertThat(calls).containsExactly("control", "control");
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void theControlIsServedInEveryStageWhileTheExperimentIsSwitchedOff(Stage stage) {
        Rollout<String> rollout = in(stage, EVERYBODY);
        scientist.find("test").orElseThrow().switchOff();

        assertThat(run(rollout)).isEqualTo("control");
        scientist.close(); // what a person has switched off is not switched on by closing
        assertThat(run(rollout)).isEqualTo("control");
        assertThat(calls).containsExactly("control", "control");
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void aClosedScientistStillServesByStage(Stage stage) {
        Rollout<String> rollout = in(stage, EVERYBODY);
        scientist.close();

        String served = stage == Stage.CANARY || stage == Stage.CANDIDATE ? "candidate" : "control";
        assertThat(run(rollout)).isEqualTo(served);
        assertThat(calls).containsExactly(served);
        scientist.switchOn();
        assertThat(run(rollout)).isEqualTo(served);
        assertThat(results.results()).isEmpty();
    }

    @Test
    void controlsAloneInUnitTests() {
        Rollout<String> rollout = Rollout.of(
                        Scientist.controlOnly().<String>experiment("test").build())
                .stage(() -> Stage.CANDIDATE)
                .build();

        assertThat(run(rollout)).isEqualTo("control");
    }

    // ---- copies that fail, callers that are interrupted ----

    /** A candidate must not be served alone, with nobody to rescue its callers, because a copy fails. */
    @Test
    void whereTheInputCannotBeCopiedTheControlIsServed() {
        Rollout<String> rollout = in(
                Stage.CANARY,
                EVERYBODY,
                experiment -> experiment.snapshotInput(Integer.class, input -> {
                    throw new IllegalStateException("no copy");
                }));

        String served = rollout.run(1, any -> "control", any -> {
            throw new IllegalStateException("broken");
        });

        assertThat(served).isEqualTo("control");
        assertThat(results.results()).isEmpty();
    }

    @Test
    void rescuesCountForTheWayBackWhereTheValueCannotBeCopied() {
        Rollout<String> rollout = in(
                Stage.CANARY,
                EVERYBODY,
                experiment -> experiment.snapshot(value -> {
                    throw new IllegalStateException("no copy");
                }));
        for (int i = 0; i < 2_000 && rollout.stage() == Stage.CANARY; i++) {
            assertThat(rollout.<Integer, RuntimeException>run(1, any -> "control", any -> {
                        throw new IllegalStateException("broken");
                    }))
                    .isEqualTo("control");
        }

        assertThat(rollout.stage()).isEqualTo(Stage.SHADOW);
    }

    /** A pool that is shut down interrupts its callers: that says nothing of the candidate. */
    @Test
    void interruptedCallersAreNoReasonToFallBack() throws Exception {
        Rollout<String> rollout = in(Stage.CANARY, EVERYBODY);
        for (int i = 0; i < 100; i++) {
            String served = rollout.<Integer, Exception>run(1, any -> "control", any -> {
                throw new InterruptedException();
            });
            assertThat(served).isEqualTo("control");
            assertThat(Thread.interrupted()).as("pending for the caller").isTrue();
        }

        assertThat(rollout.stage()).isEqualTo(Stage.CANARY);
    }

    // ---- rescue ----

    @Test
    void theControlComesToTheRescue() {
        Rollout<String> rollout = in(Stage.CANARY, EVERYBODY);

        assertThat(rollout.<RuntimeException>run(() -> called("control"), () -> {
                    called("candidate");
                    throw new IllegalStateException("no such table");
                }))
                .isEqualTo("control");
        assertThat(calls).containsExactlyInAnyOrder("control", "candidate"); // nothing a second time
        assertThat(result().rescued()).isTrue();
        assertThat(result().served()).isSameAs(result().control());
        assertThat(result().mismatched()).isTrue();
    }

    @Test
    void whatBothThrowIsTheCandidates() {
        Rollout<String> rollout = in(Stage.CANARY, EVERYBODY);
        IOException candidates = new IOException("not found");

        assertThatThrownBy(() -> rollout.run(
                        () -> {
                            throw new IOException("not found");
                        },
                        () -> {
                            throw candidates;
                        }))
                .isSameAs(candidates);
        assertThat(result().rescued()).isFalse();
        assertThat(result().served().throwable()).isSameAs(candidates);
    }

    @Test
    void anExceptionThatTheControlDidNotThrowIsReplacedByTheControls() {
        Rollout<String> rollout = in(Stage.CANARY, EVERYBODY);
        IOException controls = new IOException("not found");

        assertThatThrownBy(() -> rollout.run(
                        () -> {
                            throw controls;
                        },
                        () -> {
                            throw new IllegalStateException("no such table");
                        }))
                .isSameAs(controls);
        assertThat(result().rescued()).isTrue();
    }

    @Test
    void aControlThatThrewIsNoReasonToWithholdTheCandidatesValue() {
        Rollout<String> rollout = in(Stage.CANARY, EVERYBODY);

        assertThat(rollout.<RuntimeException>run(
                        () -> {
                            throw new IllegalStateException("the old bug");
                        },
                        () -> "candidate"))
                .isEqualTo("candidate");
        assertThat(result().mismatched()).isTrue();
    }

    @Test
    void theRescueNeedsNoComparator() {
        Rollout<String> rollout = in(
                Stage.CANARY,
                EVERYBODY,
                e -> e.errorComparator(Comparators.anyError()).snapshot(value -> {
                    throw new IllegalStateException("no snapshot");
                }));

        assertThat(rollout.<RuntimeException>run(() -> "control", () -> {
                    throw new IllegalStateException("no such table");
                }))
                .isEqualTo("control");
        assertThat(results.results()).isEmpty();
        assertThat(scientist.find("test").orElseThrow().counts().dropped()).containsKey(Drop.SNAPSHOT_FAILED);
    }

    @Test
    void anInterruptThatWasPendingBeforeTheCandidateIsPendingAfterTheRescue() {
        Rollout<String> rollout = in(Stage.CANARY, EVERYBODY);
        Thread.currentThread().interrupt();
        String served = rollout.run(() -> "control", () -> {
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return "candidate";
        });

        assertThat(served).isEqualTo("control");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void anInterruptThatEndedTheCandidateIsPendingAfterTheRescue() throws Exception {
        Rollout<String> rollout = in(Stage.CANARY, EVERYBODY);
        Behavior<String, InterruptedException> interrupted = () -> {
            throw new InterruptedException("by the pool");
        };

        assertThat(rollout.<Exception>run(() -> "control", interrupted)).isEqualTo("control");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void valuesThatTheCallerDoesNotGetAreDisposedOf() {
        List<String> disposed = new ArrayList<>();
        Rollout<String> rollout = in(Stage.CANARY, EVERYBODY, experiment -> experiment.dispose(disposed::add));

        run(rollout);
        assertThat(disposed).containsExactly("control");

        disposed.clear();
        rollout.<RuntimeException>run(() -> "control", () -> {
            throw new IllegalStateException();
        });
        assertThat(disposed).isEmpty();
    }

    /** What a caller changes afterwards is not seen by those who keep results. */
    @Test
    void whatIsServedIsCopiedForTheResult() {
        Rollout<List<Integer>> rollout = Rollout.of(scientist
                        .<List<Integer>>experiment("lists")
                        .snapshot(ArrayList::new)
                        .build())
                .canary(EVERYBODY)
                .build();
        rollout.moveTo(Stage.CANARY);

        rollout.run(() -> new ArrayList<>(List.of(1)), () -> new ArrayList<>(List.of(1)))
                .clear();
        assertThat(result().served().value()).isEqualTo(List.of(1));
        results.clear();
        rollout.<RuntimeException>run(() -> new ArrayList<>(List.of(1)), () -> {
                    throw new IllegalStateException();
                })
                .clear();
        assertThat(result().served().value()).isEqualTo(List.of(1));
    }

    // ---- the way back ----

    private void mismatch(Rollout<String> rollout, int times) {
        for (int i = 0; i < times; i++) {
            rollout.run(i, any -> "control", any -> "wrong");
        }
    }

    private void match(Rollout<String> rollout, int times) {
        for (int i = 0; i < times; i++) {
            rollout.run(i, any -> "same", any -> "same");
        }
    }

    private Rollout<String> watched(WayBack wayBack, List<String> told) {
        Rollout<String> rollout = Rollout.of(
                        scientist.<String>experiment("test").build())
                .canary(EVERYBODY)
                .wayBack(wayBack)
                .onWayBack(told::add)
                .build();
        rollout.moveTo(Stage.CANARY);
        return rollout;
    }

    @Test
    void tooManyMismatchesMakeItFallBackAtOnceAndEverybodyIsTold() {
        List<String> told = new ArrayList<>();
        Rollout<String> rollout = watched(WayBack.standard(), told);
        match(rollout, 90);
        mismatch(rollout, 9);
        assertThat(rollout.stage()).isEqualTo(Stage.CANARY);

        mismatch(rollout, 1);
        assertThat(rollout.stage()).isEqualTo(Stage.SHADOW);
        assertThat(rollout.fellBackBecause()).isEqualTo("10 mismatches in 100 runs; the limit is 10 in 1,000");
        assertThat(told).containsExactly(rollout.fellBackBecause());
        assertThat(rollout)
                .hasToString("rollout of experiment 'test' in SHADOW, since it fell back (10 mismatches in 100 runs;"
                        + " the limit is 10 in 1,000)");
        assertThat(stages).containsExactly("control", "canary", "shadow fell back");
        assertThat(rollout.run(1, any -> "control", any -> "wrong")).isEqualTo("control");
    }

    @Test
    void itDoesNotGoForwardAgainUntilThatIsAcknowledged() {
        List<String> told = new ArrayList<>();
        Rollout<String> rollout = watched(WayBack.standard(), told);
        mismatch(rollout, 10);

        rollout.moveTo(Stage.SHADOW);
        rollout.moveTo(Stage.CANARY);
        rollout.moveTo(Stage.CANDIDATE);
        assertThat(rollout.stage()).isEqualTo(Stage.SHADOW);
        rollout.moveTo(Stage.CONTROL); // back is always possible
        assertThat(rollout.stage()).isEqualTo(Stage.CONTROL);
        rollout.moveTo(Stage.CANARY);
        assertThat(rollout.stage()).isEqualTo(Stage.SHADOW);

        rollout.acknowledge();
        assertThat(rollout.stage()).isEqualTo(Stage.CANARY);
        assertThat(rollout.fellBackBecause()).isNull();
        mismatch(rollout, 9); // counted anew
        assertThat(rollout.stage()).isEqualTo(Stage.CANARY);
        mismatch(rollout, 1);
        assertThat(rollout.stage()).isEqualTo(Stage.SHADOW);
        assertThat(told).hasSize(2);
    }

    @Test
    void fewMismatchesInEachWindowAreNotTooMany() {
        Rollout<String> rollout = watched(WayBack.standard().window(100).mismatchRate(0.05), new ArrayList<>());
        for (int window = 0; window < 20; window++) {
            mismatch(rollout, 4);
            match(rollout, 96);
        }
        assertThat(rollout.stage()).isEqualTo(Stage.CANARY);
        mismatch(rollout, 5);
        assertThat(rollout.stage()).isEqualTo(Stage.SHADOW);
    }

    @Test
    void rescuesHaveALimitOfTheirOwn() {
        Rollout<String> rollout = watched(WayBack.standard(), new ArrayList<>());
        for (int i = 0; i < 5; i++) {
            rollout.<RuntimeException>run(() -> "control", () -> {
                throw new IllegalStateException("no such table");
            });
        }
        assertThat(rollout.fellBackBecause()).isEqualTo("5 rescues in 5 runs; the limit is 5 in 1,000");
    }

    @Test
    void exceptionsThatBothThrowAreNoHarm() {
        Rollout<String> rollout = watched(WayBack.standard(), new ArrayList<>());
        Behavior<String, IllegalStateException> notFound = () -> {
            throw new IllegalStateException("not found");
        };
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> rollout.run(notFound, notFound)).hasMessage("not found");
        }
        assertThat(rollout.stage()).isEqualTo(Stage.CANARY);
    }

    @Test
    void aComparatorThatFailsCountsAsMismatches() {
        Rollout<String> rollout = in(
                Stage.CANARY,
                EVERYBODY,
                experiment -> experiment.matching((a, b) -> {
                    throw new IllegalStateException("cannot compare");
                }));
        match(rollout, 10);
        assertThat(rollout.stage()).isEqualTo(Stage.SHADOW);
    }

    @Test
    void aSlowCandidateMakesItFallBackButAPauseDoesNot() {
        AtomicReference<Long> now = new AtomicReference<>(0L);
        try (Scientist timed = scientist(settings -> settings.clock(now::get))) {
            Rollout<String> rollout = Rollout.of(
                            timed.<String>experiment("slow").build())
                    .canary(EVERYBODY)
                    .build();
            rollout.moveTo(Stage.CANARY);
            InputBehavior<Integer, String, RuntimeException> takes = millis -> {
                now.set(now.get() + millis * 1_000_000L);
                return "same";
            };
            rollout.run(1, takes, any -> takes.call(60_000)); // a minute
            for (int i = 0; i < 3_000; i++) {
                rollout.run(10, takes, takes);
            }
            assertThat(rollout.stage()).isEqualTo(Stage.CANARY);

            int runs = 0;
            for (; rollout.stage() == Stage.CANARY; runs++) {
                rollout.run(10, takes, any -> takes.call(30));
            }
            assertThat(runs).isLessThanOrEqualTo(1_000);
            assertThat(rollout.fellBackBecause()).contains("times as long as the control");
        }
    }

    @Test
    void microsecondsAreNotJudged() {
        AtomicReference<Long> now = new AtomicReference<>(0L);
        try (Scientist timed = scientist(settings -> settings.clock(now::get))) {
            Rollout<String> rollout = Rollout.of(
                            timed.<String>experiment("cold").build())
                    .canary(EVERYBODY)
                    .build();
            rollout.moveTo(Stage.CANARY);
            for (int i = 0; i < 2_000; i++) {
                rollout.run(i, any -> "same", any -> {
                    now.set(now.get() + 100_000); // 0.1 ms against nothing
                    return "same";
                });
            }
            assertThat(rollout.stage()).isEqualTo(Stage.CANARY);
        }
    }

    /** A canary of tenants for whom the candidate is made; it is wrong for others, and they are not served it. */
    @Test
    void whatTheShadowShowsIsNotCounted() {
        Rollout<String> rollout = in(Stage.CANARY, (request, input) -> input instanceof Integer key && key < 0);
        mismatch(rollout, 100);
        assertThat(results.results()).hasSize(100);
        assertThat(rollout.stage()).isEqualTo(Stage.CANARY);
    }

    @Test
    void aListenerThatFailsIsReported() {
        Rollout<String> rollout = Rollout.of(
                        scientist.<String>experiment("test").build())
                .canary(EVERYBODY)
                .onWayBack(reason -> {
                    throw new IllegalStateException("no flags");
                })
                .build();
        rollout.moveTo(Stage.CANARY);
        mismatch(rollout, 20);
        assertThat(rollout.stage()).isEqualTo(Stage.SHADOW);
        assertThat(failures).containsExactly("GATE no flags");
    }

    // ---- where the stage comes from ----

    @Test
    void aSourceThatFailsKeepsTheLastStage() {
        AtomicReference<Stage> flag = new AtomicReference<>();
        Rollout<String> rollout = Rollout.of(
                        scientist.<String>experiment("test").build())
                .stage(flag::get)
                .build();
        assertThat(run(rollout)).isEqualTo("control");
        assertThat(calls).containsExactly("control");
        assertThat(failures)
                .isNotEmpty()
                .allMatch(failure -> failure.contains("the source of the stage returned null"));

        flag.set(Stage.CANDIDATE);
        assertThat(run(rollout)).isEqualTo("candidate");
        flag.set(null);
        assertThat(run(rollout)).isEqualTo("candidate");
        assertThat(stages).containsExactly("control", "candidate");
    }

    @Test
    void aSourceIsNotOverruled() {
        Rollout<String> rollout = Rollout.of(
                        scientist.<String>experiment("test").build())
                .stage(() -> Stage.SHADOW)
                .build();
        assertThatThrownBy(() -> rollout.moveTo(Stage.CANARY))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("rollout of experiment 'test': the stage comes from its source: change it there");
        assertThat(stages).containsExactly("shadow", "shadow");
    }

    @Test
    void anInstanceSaysThatItFellBackAgainstTheFlag() {
        AtomicReference<Stage> flag = new AtomicReference<>(Stage.CANARY);
        Experiment<String> experiment = scientist.<String>experiment("test").build();
        Rollout<String> rollout =
                Rollout.of(experiment).stage(flag::get).canary(EVERYBODY).build();
        mismatch(rollout, 10);
        assertThat(experiment.serving().fellBack()).isTrue();
        assertThat(experiment.serving().status())
                .isEqualTo(
                        "stage SHADOW, not CANARY: it fell back (10 mismatches in 10 runs; the limit is 10 in 1,000)");
        flag.set(Stage.SHADOW); // as the flag says now
        run(rollout);
        assertThat(experiment.serving().fellBack()).isFalse();
    }

    @Test
    void stagesHaveNames() {
        assertThat(Stage.of(" canary\n")).isEqualTo(Stage.CANARY);
        assertThatThrownBy(() -> Stage.of("all"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no stage 'all', only [control, shadow, canary, candidate]");
    }

    // ---- nested ----

    @ParameterizedTest
    @EnumSource(Stage.class)
    void insideABehaviorThatIsNotServedOnlyThatRunsWhichWouldBeServed(Stage stage) {
        Rollout<String> inner = in(stage, EVERYBODY);
        Experiment<String> outer = scientist.<String>experiment("outer").build();

        outer.run(() -> "control", () -> run(inner));

        assertThat(calls).containsExactly(stage == Stage.CANARY || stage == Stage.CANDIDATE ? "candidate" : "control");
        assertThat(results.results()).hasSize(1);
    }

    @Test
    void layersOfRolloutsCallTheInnermostCodeOnceMoreForEach() {
        AtomicInteger innermost = new AtomicInteger();
        List<Rollout<Integer>> layers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Rollout<Integer> layer = Rollout.of(scientist
                            .<Integer>experiment("layer " + i)
                            .matching((a, b) -> true)
                            .build())
                    .canary(EVERYBODY)
                    .build();
            layer.moveTo(Stage.CANARY);
            layers.add(layer);
        }
        call(layers, 0, innermost);
        assertThat(innermost).hasValue(11);
    }

    private static int call(List<Rollout<Integer>> layers, int layer, AtomicInteger innermost) {
        return layer == layers.size()
                ? innermost.incrementAndGet()
                : layers.get(layer)
                        .run(() -> call(layers, layer + 1, innermost), () -> call(layers, layer + 1, innermost));
    }

    // ---- what people see ----

    @Test
    void whatFellBackIsNotReadyUntilAPersonHasLookedAtIt() {
        EvidencePublisher evidence = new EvidencePublisher();
        try (Scientist seen = Scientist.builder().publisher(evidence).build()) {
            Rollout<String> rollout = Rollout.of(seen.<String>experiment("test").build())
                    .canary(EVERYBODY)
                    .wayBack(WayBack.standard())
                    .build();
            rollout.moveTo(Stage.CANARY);
            mismatch(rollout, 10);
            Tolerance tolerance = Tolerance.standard()
                    .maxMismatchRate(0.999)
                    .fewestRuns(1)
                    .shortestTime(Duration.ZERO)
                    .maxSlowDown(Double.POSITIVE_INFINITY)
                    .confidence(0.5);
            EvidencePage page = new EvidencePage(seen, evidence, tolerance);

            assertThat(page.html(Map.of("experiment", "test")))
                    .contains("<span class=\"state shut\">stage SHADOW, not CANARY: it fell back 0 s ago</span>"
                            + " <span class=\"small\">10 mismatches in 10 runs; the limit is 10 in 1,000</span>")
                    .contains("then call the rollout&#39;s acknowledge().")
                    .doesNotContain(">READY<");
            rollout.acknowledge();
            assertThat(page.html(Map.of("experiment", "test"))).doesNotContain("acknowledge()");
        }
    }

    @Test
    void thePageShowsTheStageInOneLine() {
        EvidencePublisher evidence = new EvidencePublisher();
        try (Scientist seen = Scientist.builder().publisher(evidence).build()) {
            Rollout<String> rollout =
                    Rollout.of(seen.<String>experiment("test").build()).build();
            rollout.moveTo(Stage.SHADOW);
            EvidencePage page = new EvidencePage(seen, evidence, Tolerance.standard());
            assertThat(page.html()).contains("<span class=\"state on\">stage SHADOW</span>");
            assertThat(page.html(Map.of("experiment", "test")))
                    .contains("<span class=\"state on\">stage SHADOW</span>")
                    .contains("<td>stage SHADOW</td>");
        }
    }

    @Test
    void anExperimentHasOneRollout() {
        Experiment<String> experiment = scientist.<String>experiment("test").build();
        Rollout.of(experiment).build();
        assertThatThrownBy(() -> Rollout.of(experiment).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("experiment 'test' has a rollout already");
    }

    @Test
    void wrongSettingsAreNamed() {
        Rollout.Builder<String> builder =
                Rollout.of(scientist.<String>experiment("test").build()).canary(EVERYBODY);
        assertThatThrownBy(() -> builder.canary(EVERYBODY))
                .hasMessage("rollout of experiment 'test': canary was already set");
        assertThatThrownBy(() -> WayBack.standard().window(0))
                .hasMessage("way back: window must be from 1 to 10000 runs, not 0");
        assertThatThrownBy(() -> WayBack.standard().mismatchRate(1.5))
                .hasMessage("way back: mismatch rate must be above 0 and at most 1, not 1.5");
        assertThatThrownBy(() -> WayBack.standard().rescueRate(Double.NaN)).hasMessageContaining("rescue rate");
        assertThatThrownBy(() -> WayBack.standard().slowDown(1)).hasMessageContaining("slow-down");
        Rollout<String> rollout = builder.build();
        assertThatThrownBy(() -> rollout.run(null, () -> "candidate"))
                .hasMessage("experiment 'test': control must not be null");
        assertThatThrownBy(() -> rollout.run(() -> "control", null))
                .hasMessage("experiment 'test': candidate must not be null");
        rollout.moveTo(Stage.SHADOW);
        assertThat(rollout.advice((ExperimentEvidence) null, Tolerance.standard()))
                .isEqualTo("test is in SHADOW: CANARY is not backed: no run was seen");
        rollout.moveTo(Stage.CONTROL);
        assertThat(rollout).hasToString("rollout of experiment 'test' in CONTROL");
    }

    // ---- advice ----

    @Test
    void adviceSaysWhetherTheNextStageIsBacked() {
        EvidencePublisher evidence = new EvidencePublisher();
        Tolerance tolerance = Tolerance.standard().shortestTime(Duration.ZERO);
        try (Scientist seen = Scientist.builder().publisher(evidence).build()) {
            Rollout<String> rollout = Rollout.of(seen.<String>experiment("pricing")
                            .execution(Execution.controlFirst())
                            .build())
                    .canary(EVERYBODY)
                    .build();
            assertThat(rollout.advice(evidence, tolerance))
                    .isEqualTo("pricing is in CONTROL: SHADOW serves nobody the candidate, so it needs no evidence");
            rollout.moveTo(Stage.SHADOW);
            assertThat(rollout.advice(evidence, tolerance))
                    .isEqualTo("pricing is in SHADOW: CANARY is not backed: no run was seen");
            match(rollout, 100);
            assertThat(rollout.advice(evidence, tolerance))
                    .startsWith("pricing is in SHADOW: CANARY is not backed yet: ");
            match(rollout, 6_000);
            assertThat(rollout.advice(evidence, tolerance))
                    .startsWith("pricing is in SHADOW: CANARY is backed by what was seen: ")
                    .doesNotContain("\n");
            rollout.moveTo(Stage.CANARY);
            assertThat(rollout.advice(evidence, tolerance))
                    .isEqualTo("pricing is in CANARY: CANDIDATE is not backed yet: nobody was served the candidate in"
                            + " this JVM");
            match(rollout, 500);
            assertThat(rollout.advice(evidence, tolerance))
                    .startsWith("pricing is in CANARY: CANDIDATE is backed by what was seen: ")
                    .endsWith(" In the canary of this JVM 0 of 500 runs mismatched or were not compared.");
            mismatch(rollout, 1);
            assertThat(rollout.advice(evidence, tolerance))
                    .as("many runs of the shadow do not hide it")
                    .isEqualTo("pricing is in CANARY: CANDIDATE is not backed, what was seen speaks against it:"
                            + " In the canary of this JVM 1 of 501 runs mismatched or were not compared");
            mismatch(rollout, 500);
            assertThat(rollout.advice(evidence, tolerance))
                    .startsWith("pricing is in SHADOW, since it fell back (10 mismatches in");
            rollout.acknowledge();
            assertThat(rollout.advice(evidence, tolerance))
                    .startsWith("pricing is in CANARY: CANDIDATE is not backed, what was seen speaks against it: ");
            rollout.moveTo(Stage.CANDIDATE);
            assertThat(rollout.advice(evidence, tolerance)).startsWith("pricing is in CANDIDATE, the last stage");
            assertThat(evidence.evidence("pricing")
                            .orElseThrow()
                            .candidates()
                            .get(0)
                            .count(Outcome.MATCHED))
                    .isEqualTo(6_600);
        }
    }
}
