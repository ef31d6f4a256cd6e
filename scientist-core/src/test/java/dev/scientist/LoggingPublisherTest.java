package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.scientist.compare.Comparators;
import dev.scientist.rollout.Rollout;
import dev.scientist.rollout.Stage;
import dev.scientist.rollout.WayBack;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoggingPublisherTest {

    private static final long SECOND = 1_000_000_000L;

    private final LogLines log = new LogLines(LoggingPublisher.LOGGER_NAME);
    private final Lab.ManualClock clock = new Lab.ManualClock();
    private Scientist scientist = scientist(new LoggingPublisher(), builder -> builder);

    private Scientist scientist(LoggingPublisher publisher, UnaryOperator<Scientist.Builder> settings) {
        return settings.apply(Scientist.builder()
                        .publisher(publisher)
                        .clock(clock)
                        .failureHandler((experiment, operation, failure) -> {}))
                .build();
    }

    @AfterEach
    void close() {
        scientist.close();
        log.close();
    }

    private <T> Experiment.Builder<T> experiment() {
        return scientist.<T>experiment("test").execution(Execution.controlFirst());
    }

    private <T> T after(long nanos, T value) {
        clock.advance(nanos);
        return value;
    }

    private Map<String, Object> onlyKeyValues() {
        assertThat(log.events()).hasSize(1);
        return LogLines.keyValues(log.events().get(0));
    }

    @Test
    void aMismatchIsOneLineForAPersonAndPairsForAMachine() {
        this.<Boolean>experiment().build().run(() -> after(1_250_000, false), () -> after(2_500_000, true));

        assertThat(log.lines())
                .containsExactly("WARN experiment 'test': candidate mismatched: control returned false in 1.250 ms,"
                        + " candidate returned true in 2.500 ms; order control,candidate");
        assertThat(onlyKeyValues())
                .containsExactly(
                        Map.entry("event.name", "scientist.comparison"),
                        Map.entry("scientist.experiment.name", "test"),
                        Map.entry("scientist.candidate.name", "candidate"),
                        Map.entry("scientist.outcome", "mismatched"),
                        Map.entry("scientist.control.duration", 0.00125),
                        Map.entry("scientist.candidate.duration", 0.0025),
                        Map.entry("scientist.order", "control,candidate"),
                        Map.entry("scientist.difference.paths", ""),
                        Map.entry("scientist.signature", "(whole value)"));
    }

    @Test
    void theLevelTellsTheOutcome() throws InterruptedException {
        Experiment<Integer> experiment = this.<Integer>experiment()
                .ignore("small", (control, candidate) -> candidate - control == 1)
                .comparator((control, candidate) -> {
                    if (candidate == 13) {
                        throw new IllegalStateException("comparator");
                    }
                    return control.equals(candidate) ? List.of() : List.of(Difference.of("", control, candidate));
                })
                .build();
        experiment.run(() -> 1, () -> 1);
        experiment.run(() -> 1, () -> 2);
        experiment.run(() -> 1, () -> 3);
        experiment.run(() -> 1, () -> 13);
        CountDownLatch never = new CountDownLatch(1);
        Experiment<Integer> hangs = scientist
                .<Integer>experiment("hangs")
                .execution(Execution.concurrent(Duration.ofMillis(1)))
                .build();
        Lab.together(hangs, () -> 1, () -> {
            never.await();
            return 1;
        });

        assertThat(log.lines())
                .satisfiesExactly(
                        matched -> assertThat(matched).startsWith("DEBUG experiment 'test': candidate matched: "),
                        ignored ->
                                assertThat(ignored).startsWith("INFO experiment 'test': candidate ignored (small): "),
                        mismatched ->
                                assertThat(mismatched).startsWith("WARN experiment 'test': candidate mismatched: "),
                        failed -> assertThat(failed)
                                .startsWith("WARN experiment 'test': candidate failed"
                                        + " (the comparator threw java.lang.IllegalStateException): "),
                        abandoned -> assertThat(abandoned)
                                .startsWith("WARN experiment 'hangs': candidate abandoned: control returned 1 in")
                                .contains("candidate was abandoned in"));
        assertThat(log.events())
                .extracting(event -> LogLines.keyValues(event).get("scientist.outcome"))
                .containsExactly("matched", "ignored", "mismatched", "failed", "abandoned");
        assertThat(LogLines.keyValues(log.events().get(1))).containsEntry("scientist.ignored.reason", "small");
    }

    @Test
    void aRolloutTellsItsStageAndWhoWasServed() {
        Rollout<Integer> rollout = Rollout.of(this.<Integer>experiment().build())
                .canary((request, input) -> true)
                .wayBack(WayBack.standard().window(2).rescueRate(1).mismatchRate(1))
                .build();
        rollout.moveTo(Stage.CANARY);
        rollout.run(() -> 1, () -> 2);
        rollout.<RuntimeException>run(() -> 1, () -> {
            throw new IllegalStateException();
        });

        List<String> lines = log.lines();
        assertThat(lines).hasSize(5);
        assertThat(lines.get(0)).isEqualTo("INFO experiment 'test': stage CONTROL");
        assertThat(lines.get(1)).isEqualTo("INFO experiment 'test': stage CANARY");
        assertThat(lines.get(2)).endsWith("; order control,candidate; served candidate");
        assertThat(LogLines.keyValues(log.events().get(2))).containsEntry("scientist.served", "candidate");
        assertThat(lines.get(3))
                .isEqualTo("WARN experiment 'test': stage SHADOW, not CANARY: it fell back (2 mismatches in"
                        + " 2 runs; the limit is 2 in 2)");
        assertThat(LogLines.keyValues(log.events().get(3)))
                .containsExactly(
                        Map.entry("event.name", "scientist.stage"),
                        Map.entry("scientist.experiment.name", "test"),
                        Map.entry("scientist.stage", "shadow"));
        assertThat(lines.get(4)).contains("; served control, to the rescue");
        assertThat(LogLines.keyValues(log.events().get(4))).containsEntry("scientist.served", "control");
    }

    @Test
    void aLineThatNobodyWantsIsNotMade() {
        log.setLevel(Level.WARN);
        Experiment<Object> experiment = this.<Object>experiment()
                .clean(value -> {
                    throw new AssertionError("asked to clean");
                })
                .build();
        experiment.run(() -> 1, () -> 1);

        assertThat(log.lines()).isEmpty();
    }

    @Test
    void ofThrowablesTheTypesAreLogged() {
        Experiment<Integer> experiment = this.<Integer>experiment().build();
        assertThatThrownBy(() -> experiment.run(
                        () -> {
                            throw new IOException("secret 1");
                        },
                        () -> {
                            throw new IllegalStateException("secret 2");
                        }))
                .isInstanceOf(IOException.class);

        assertThat(onlyKeyValues())
                .containsEntry("scientist.control.error.type", "java.io.IOException")
                .containsEntry("scientist.candidate.error.type", "java.lang.IllegalStateException");
        assertThat(log.lines().get(0))
                .contains("control threw java.io.IOException in")
                .contains("candidate threw java.lang.IllegalStateException in")
                .doesNotContain("secret");
    }

    @Test
    void eachCandidateHasALineOfItsOwn() {
        this.<Integer>experiment()
                .build()
                .control(() -> 1)
                .candidate("a", () -> 2)
                .candidate("b", () -> 3)
                .run();

        assertThat(log.events())
                .extracting(event -> LogLines.keyValues(event).get("scientist.candidate.name"))
                .containsExactly("a", "b");
    }

    @Test
    void theFirstTwentyPathsAreNamed() {
        this.<List<Integer>>experiment()
                .comparator(Comparators.structural())
                .build()
                .run(
                        () -> IntStream.range(0, 30).boxed().toList(),
                        () -> IntStream.range(0, 30).map(i -> i + 100).boxed().toList());

        String paths = (String) onlyKeyValues().get("scientist.difference.paths");
        assertThat(paths.split(",", -1)).hasSizeLessThanOrEqualTo(20);
        assertThat(paths).startsWith("[0],[1]");
        assertThat(log.lines().get(0)).contains("; differs at [0], [1], ");
    }

    @Test
    void valuesInputAndContextAreNotLoggedUnlessAskedFor() {
        this.<String>experiment()
                .context("user", "secret user")
                .build()
                .run("secret input", input -> "secret control", input -> "secret candidate");

        assertThat(log.lines().get(0))
                .contains("control returned java.lang.String of length 14")
                .doesNotContain("secret");
        assertThat(onlyKeyValues().toString()).doesNotContain("secret");
    }

    @Test
    void onRequestValuesAreShown() {
        scientist = scientist(new LoggingPublisher().rendering(Rendering.showingValues()), builder -> builder);
        this.<String>experiment().build().run(() -> "old\nline", () -> "new");

        assertThat(log.lines().get(0))
                .contains("control returned old\\nline in")
                .contains("candidate returned new in");
    }

    @Test
    void aBaselineThatDiffersIsLoggedApart() {
        int[] calls = {0};
        Experiment<Integer> experiment = this.<Integer>experiment()
                .baseline((request, input) -> true)
                .matching((control, candidate) -> control.equals(candidate) || candidate == 100)
                .build();
        experiment.run(() -> ++calls[0], () -> 100);

        assertThat(log.lines())
                .hasSize(2)
                .last()
                .asString()
                .startsWith("INFO experiment 'test': control run again mismatched: ");
        assertThat(LogLines.keyValues(log.events().get(1)))
                .containsEntry("event.name", "scientist.baseline")
                .containsEntry("scientist.outcome", "mismatched");
    }

    @Test
    void aDroppedRunIsLogged() {
        this.<Integer>experiment()
                .snapshot(value -> {
                    throw new IllegalStateException("snapshot");
                })
                .build()
                .run(() -> 1, () -> 1);

        assertThat(log.lines()).containsExactly("WARN experiment 'test': run dropped: snapshot_failed");
        assertThat(onlyKeyValues())
                .containsEntry("event.name", "scientist.drop")
                .containsEntry("scientist.experiment.name", "test")
                .containsEntry("scientist.drop.reason", "snapshot_failed");
    }

    @Test
    void aSwitchIsLogged() {
        Experiment<Integer> experiment = this.<Integer>experiment().build();
        experiment.switchOff();
        experiment.switchOff(); // it is off already
        experiment.switchOn();

        assertThat(log.lines())
                .containsExactly("WARN experiment 'test': switched off", "WARN experiment 'test': switched on");
        assertThat(LogLines.keyValues(log.events().get(0)))
                .containsEntry("event.name", "scientist.switch")
                .containsEntry("scientist.switch", false);
    }

    /** As those are that a JVM throws again and again, and some that are made once. */
    @Test
    void aThrowableWithoutFramesIsLoggedToo() {
        class Bare extends RuntimeException {
            private static final long serialVersionUID = 1;

            Bare() {
                super("made once", null, false, false);
            }
        }
        this.<Integer>experiment().build().run(() -> 1, () -> {
            throw new Bare();
        });

        assertThat(log.lines())
                .singleElement()
                .satisfies(line -> assertThat(line).endsWith("; thrown: " + Bare.class.getName()));
    }

    @Test
    void aGateThatChangesIsLogged() {
        this.<Integer>experiment()
                .gate((request, input) -> {
                    request.changed("OPEN\nforged line");
                    return false;
                })
                .build()
                .run(() -> 1, () -> 1);

        assertThat(log.lines()).containsExactly("WARN experiment 'test': OPEN\\nforged line");
        assertThat(onlyKeyValues())
                .containsEntry("event.name", "scientist.gate")
                .containsEntry("scientist.gate.status", "OPEN\\nforged line");
    }

    @Test
    void aFloodIsHeldBackAndCountedForEachExperimentAndOutcome() {
        Experiment<Integer> experiment = this.<Integer>experiment().build();
        Experiment<Integer> other = scientist.<Integer>experiment("other").build();
        for (int i = 0; i < 25; i++) {
            experiment.run(() -> 1, () -> 2);
        }
        assertThat(log.lines()).hasSize(10);
        experiment.run(() -> 1, () -> 1);
        other.run(() -> 1, () -> 2);
        assertThat(log.lines()).hasSize(12);

        log.clear();
        clock.advance(SECOND);
        experiment.run(() -> 1, () -> 2);
        assertThat(log.lines().get(0)).endsWith(" (and 15 more like it held back)");
        assertThat(onlyKeyValues()).containsEntry("scientist.held_back", 15L);
    }

    @Test
    void theLimitCanBeSet() {
        scientist = scientist(new LoggingPublisher().linesPerSecond(2), builder -> builder);
        Experiment<Integer> experiment = this.<Integer>experiment().build();
        for (int i = 0; i < 5; i++) {
            experiment.run(() -> 1, () -> 2);
        }

        assertThat(log.lines()).hasSize(2);
        assertThatThrownBy(() -> new LoggingPublisher().linesPerSecond(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("lines per second must be at least 1, not 0");
    }

    @Test
    void whatWasHeldBackLastIsSaidAtTheEnd() {
        Experiment<Integer> experiment = this.<Integer>experiment().build();
        for (int i = 0; i < 13; i++) {
            experiment.run(() -> 1, () -> 2);
        }
        log.clear();
        scientist.close();

        assertThat(log.lines()).containsExactly("INFO experiment 'test': 3 more lines were held back: mismatched");
        assertThat(onlyKeyValues())
                .containsEntry("event.name", "scientist.held_back")
                .containsEntry("scientist.held_back", 3L);
    }

    @Test
    void aValueThatCannotBeShownDisturbsNobody() {
        scientist = scientist(new LoggingPublisher().rendering(Rendering.showingValues()), builder -> builder);
        Object hostile = new Object() {
            @Override
            public String toString() {
                throw new StackOverflowError();
            }
        };
        assertThat(this.<Object>experiment().build().run(() -> hostile, () -> 1))
                .isSameAs(hostile);

        assertThat(log.lines().get(0)).contains("its toString failed with java.lang.StackOverflowError");
    }

    @Test
    void theNameOfTheLoggerIsAPromise() {
        this.<Integer>experiment().build().run(() -> 1, () -> 2);

        assertThat(log.events()).extracting(ILoggingEvent::getLoggerName).containsExactly("dev.scientist.results");
    }

    @Test
    void ofEverySortItSaysAtTheEndWhatWasHeldBack() {
        Experiment<Object> noisy = this.<Object>experiment()
                .baseline((request, input) -> {
                    request.changed("as it was");
                    return true;
                })
                .build();
        Experiment<Integer> dropping = scientist
                .<Integer>experiment("dropping")
                .snapshot(value -> {
                    throw new IllegalStateException("snapshot");
                })
                .build();
        for (int i = 0; i < 12; i++) {
            noisy.run(Object::new, Object::new);
            dropping.run(() -> 1, () -> 1);
        }
        log.clear();
        scientist.close();

        assertThat(log.lines())
                .containsExactlyInAnyOrder(
                        "INFO experiment 'test': 2 more lines were held back: mismatched",
                        "INFO experiment 'test': 2 more lines were held back: control run again mismatched",
                        "INFO experiment 'test': 2 more lines were held back: gate changed",
                        "INFO experiment 'dropping': 2 more lines were held back: run dropped: snapshot_failed");
    }

    @Test
    void aBaselineThatMatchesIsForThoseWhoLookClosely() {
        Experiment<Integer> experiment =
                this.<Integer>experiment().baseline((request, input) -> true).build();
        log.setLevel(Level.DEBUG);
        experiment.run(() -> 1, () -> 1);
        assertThat(log.lines()).hasSize(2).allSatisfy(line -> assertThat(line).startsWith("DEBUG"));

        log.clear();
        log.setLevel(Level.INFO);
        experiment.run(() -> 1, () -> 1);
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void aFloodBeginsAnewWhenTheClockGoesBack() {
        FloodLimit limit = new FloodLimit(1);

        assertThat(limit.pass(1_000)).isZero();
        assertThat(limit.pass(1_001)).isEqualTo(FloodLimit.HOLD_BACK);
        assertThat(limit.pass(500)).isEqualTo(1);
    }
}
