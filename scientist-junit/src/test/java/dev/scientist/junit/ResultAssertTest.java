package dev.scientist.junit;

import static dev.scientist.junit.ResultAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scientist.Execution;
import dev.scientist.Outcome;
import dev.scientist.Result;
import dev.scientist.Scientist;
import dev.scientist.compare.Comparators;
import dev.scientist.publish.RecordingPublisher;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ResultAssertTest {

    /** One that matched, one that mismatched at b, one whose difference was ignored, one that threw. */
    private static Result<?> result() {
        RecordingPublisher results = new RecordingPublisher();
        try (Scientist scientist = Scientist.builder().publisher(results).build()) {
            scientist
                    .<Map<String, Integer>>experiment("prices")
                    .execution(Execution.controlFirst())
                    .comparator(Comparators.structural().keysAreNames())
                    .ignore("known", (control, candidate) -> candidate.get("a") == 5)
                    .build()
                    .control(() -> Map.of("a", 1))
                    .candidate("same", () -> Map.of("a", 1))
                    .candidate("other", () -> Map.of("a", 2))
                    .candidate("known", () -> Map.of("a", 5))
                    .candidate("broken", () -> {
                        throw new IllegalStateException("down");
                    })
                    .context("user", "ann")
                    .input(7)
                    .run();
        }
        return results.results().get(0);
    }

    private static final String PATH = "[\"a\"]";

    static Stream<Arguments> holding() {
        return Stream.of(
                of("mismatched", it -> it.mismatched()),
                of("matched", it -> it.candidate("same").matched()),
                of("has", it -> it.has(Outcome.IGNORED).candidate("other").has(Outcome.MISMATCHED)),
                of(
                        "ignoredBecause",
                        it -> it.ignoredBecause("known").candidate("known").ignoredBecause("known")),
                of("differsAt", it -> it.differsAt(PATH).candidate("other").differsAt(PATH)),
                of("differsAt nothing", it -> it.candidate("same").differsAt()),
                of("controlReturned", it -> it.controlReturned(Map.of("a", 1))),
                of("candidateReturned", it -> it.candidateReturned(Map.of("a", 5))),
                of("candidateThrew", it -> it.candidate("broken").candidateThrew(RuntimeException.class)),
                of("hasInput", it -> it.hasInput(7)),
                of("hasContext", it -> it.hasContext("user", "ann")));
    }

    static Stream<Arguments> failing() {
        return Stream.of(
                of("expected every candidate to match,", it -> it.matched()),
                of(
                        "expected of candidate 'other' to match,",
                        it -> it.candidate("other").matched()),
                of(
                        "expected of candidate 'same' to be MISMATCHED,",
                        it -> it.candidate("same").mismatched()),
                of("expected a candidate to be ABANDONED,", it -> it.has(Outcome.ABANDONED)),
                of("expected to have a candidate 'none',", it -> it.candidate("none")),
                of("expected differences to be ignored because 'x',", it -> it.ignoredBecause("x")),
                of(
                        "expected of candidate 'other' differences to be ignored because 'known',",
                        it -> it.candidate("other").ignoredBecause("known")),
                of("expected differences at exactly [b],", it -> it.differsAt("b")),
                of("expected differences at exactly [[\"a\"], b],", it -> it.differsAt(PATH, "b")),
                of("expected the control to have returned 2,", it -> it.controlReturned(2)),
                of("expected the control to have returned null,", it -> it.controlReturned(null)),
                of("expected the control to have thrown java.lang.Error,", it -> it.controlThrew(Error.class)),
                of("expected a candidate to have returned 9,", it -> it.candidateReturned(9)),
                of("expected a candidate to have returned null,", it -> it.candidateReturned(null)),
                of("expected a candidate to have thrown java.lang.Error,", it -> it.candidateThrew(Error.class)),
                of("expected the input 8,", it -> it.hasInput(8)),
                of("expected the context user=bob,", it -> it.hasContext("user", "bob")),
                of("expected the context nobody=null,", it -> it.hasContext("nobody", null)),
                of("expected the order [same],", it -> it.ranInOrder("same")));
    }

    private static Arguments of(String text, Consumer<ResultAssert> assertion) {
        return Arguments.of(text, assertion);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void holding(String name, Consumer<ResultAssert> assertion) {
        ThrowingCallable call = () -> assertion.accept(assertThat(result()));
        assertThatCode(call).doesNotThrowAnyException();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void failing(String message, Consumer<ResultAssert> assertion) {
        assertThatThrownBy(() -> assertion.accept(assertThat(result())))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void tellsAllThatWasThere() {
        Result<?> result = result();
        assertThatThrownBy(() -> assertThat(result).as("the prices").matched())
                .satisfies(error -> Assertions.assertThat(error.getMessage().lines())
                        .containsExactly(
                                "[the prices] expected every candidate to match, but was:",
                                "experiment 'prices' in order " + result.order(),
                                "  input: 7",
                                "  context: user=ann",
                                "  control returned {a=1}",
                                "  same returned {a=1}: MATCHED",
                                "  other returned {a=2}: MISMATCHED",
                                "  differs at [\"a\"] (1 against 2)",
                                "  known returned {a=5}: IGNORED because 'known'",
                                "  differs at [\"a\"] (1 against 5)",
                                "  broken threw java.lang.IllegalStateException: down: MISMATCHED"));
    }

    @Test
    void keepsTheDescriptionWhereItIsNarrowed() {
        assertThatThrownBy(() ->
                        assertThat(result()).as("the prices").candidate("other").matched())
                .hasMessageStartingWith("[the prices] expected of candidate 'other'");
    }

    @Test
    void saysThatThereIsNoResult() {
        assertThatThrownBy(() -> assertThat((Result<?>) null).mismatched()).hasMessageContaining("not to be null");
    }
}
