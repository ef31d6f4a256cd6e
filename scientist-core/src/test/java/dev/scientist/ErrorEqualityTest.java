package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Throwables by default: class and message, where the message says how it failed and not which code did. */
class ErrorEqualityTest {

    private record Order(String customer, int[] prices) {}

    private record Pair(String name, Behavior<?, ?> control, Behavior<?, ?> candidate) {
        @Override
        public String toString() {
            return name;
        }
    }

    private final Lab lab = new Lab();

    @AfterEach
    void close() {
        lab.close();
    }

    @SuppressWarnings({"cast", "ConstantConditions", "DataFlowIssue"})
    private static Stream<Pair> sameFailureOfOtherCode() {
        Order none = null;
        Order empty = new Order(null, null);
        Object text = "text";
        Object[] integers = new Integer[1];
        int zero = Integer.parseInt("0");
        return Stream.of(
                new Pair(
                        "null",
                        () -> none.customer().length(),
                        () -> empty.customer().isEmpty()),
                new Pair("null array", () -> empty.prices()[0], () -> empty.prices().length),
                new Pair("null and a bare one", () -> none.customer(), () -> {
                    throw new NullPointerException();
                }),
                new Pair("null and required", () -> none.customer(), () -> Objects.requireNonNull(none)),
                new Pair("cast", () -> (Integer) text, () -> (Long) text),
                new Pair("cast by class", () -> (Integer) text, () -> Integer.class.cast(text)),
                new Pair(
                        "index",
                        () -> new ArrayList<>(List.of(1)).get(5),
                        () -> List.of(1).get(7)),
                new Pair(
                        "index of lists",
                        () -> new ArrayList<>(List.of(1)).get(5),
                        () -> new LinkedList<>(List.of(1)).get(5)),
                new Pair("text", () -> "abc".charAt(7), () -> "ab".charAt(9)),
                new Pair("division", () -> 1 / zero, () -> 1L % zero),
                new Pair("division of big ones", () -> 1 / zero, () -> BigInteger.ONE.divide(BigInteger.ZERO)),
                new Pair("overflow", () -> Math.addExact(Integer.MAX_VALUE, 1), () -> Math.addExact(Long.MAX_VALUE, 1)),
                new Pair("size", () -> new int[zero - 1], () -> new long[zero - 2]),
                new Pair("store", () -> integers[0] = "a", () -> integers[0] = new Order(null, null)),
                new Pair(
                        "store by copy",
                        () -> integers[0] = "a",
                        () -> Arrays.asList(integers).set(0, 1L)));
    }

    @ParameterizedTest
    @MethodSource("sameFailureOfOtherCode")
    void theMessageThatTheJvmWordsDoesNotCount(Pair pair) {
        run(pair);
        assertThat(lab.comparison().control().threw()).isTrue();
        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
    }

    private static Stream<Pair> otherFailures() {
        Object none = null;
        return Stream.of(
                new Pair(
                        "messages of users",
                        () -> Objects.requireNonNull(none, "customer"),
                        () -> Objects.requireNonNull(none, "order")),
                new Pair(
                        "a message of the user's and the JVM's",
                        () -> Objects.requireNonNull(none, "customer"),
                        () -> none.hashCode()),
                new Pair(
                        "Cannot",
                        () -> fail(new NullPointerException("Cannot ship without an order")),
                        () -> fail(new NullPointerException("Cannot ship without a customer"))),
                new Pair(
                        "text of other classes",
                        () -> fail(new IllegalStateException("index 5")),
                        () -> fail(new IllegalStateException("index 6"))),
                new Pair("classes", () -> none.hashCode(), () -> fail(new IllegalStateException())),
                new Pair(
                        "no message",
                        () -> fail(new IllegalStateException("gone")),
                        () -> fail(new IllegalStateException())));
    }

    private static Object fail(RuntimeException failure) {
        throw failure;
    }

    @ParameterizedTest
    @MethodSource("otherFailures")
    void theUsersOwnMessageCounts(Pair pair) {
        run(pair);
        assertThat(lab.outcome()).isEqualTo(Outcome.MISMATCHED);
    }

    private void run(Pair pair) {
        try {
            lab.<Object>experiment().build().run(pair.control()::call, pair.candidate()::call);
        } catch (Throwable asTheControlDid) {
            assertThat(asTheControlDid).isSameAs(lab.comparison().control().throwable());
        }
    }

    @Test
    void anyErrorMatchesAnyButNoValue() {
        Experiment<Object> experiment = lab.experiment()
                .errorComparator(dev.scientist.compare.Comparators.anyError())
                .build();
        run(experiment, new IllegalStateException("a"));
        experiment.run(() -> 1, () -> fail(new IllegalStateException()));

        assertThat(lab.results.results().stream()
                        .map(result -> result.comparisons().get(0).outcome()))
                .containsExactly(Outcome.MATCHED, Outcome.MISMATCHED);
    }

    private static void run(Experiment<Object> experiment, RuntimeException control) {
        try {
            experiment.run(() -> fail(control), () -> fail(new IllegalArgumentException("b")));
        } catch (IllegalStateException asTheControlDid) {
            assertThat(asTheControlDid).isSameAs(control);
        }
    }
}
