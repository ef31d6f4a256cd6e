package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
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
                new Pair("division of decimals", () -> 1 / zero, () -> BigDecimal.ONE.divide(BigDecimal.ZERO)),
                new Pair(
                        "zero by zero",
                        () -> zero / zero,
                        () -> BigDecimal.ZERO.divide(BigDecimal.ZERO, RoundingMode.HALF_UP)),
                new Pair(
                        "scaled division",
                        () -> BigDecimal.ONE.divide(BigDecimal.ZERO, 2, RoundingMode.HALF_UP),
                        () -> BigDecimal.ONE.divide(BigDecimal.ZERO, MathContext.DECIMAL64)),
                new Pair(
                        "a decimal without an end",
                        () -> BigDecimal.ONE.divide(BigDecimal.valueOf(3)),
                        () -> BigDecimal.TEN.setScale(-2, RoundingMode.UNNECESSARY)),
                new Pair(
                        "exact int",
                        () -> Math.toIntExact(Long.MAX_VALUE),
                        () -> BigInteger.TWO.pow(80).intValueExact()),
                new Pair("unboxing", () -> (int) none(Integer.class), () -> (long) none(Long.class)),
                new Pair("loop", () -> sum(none(List.class)), () -> sumOfArray(none(int[].class))),
                new Pair(
                        "switch",
                        () -> word(none(String.class)),
                        () -> none(String.class).length()),
                new Pair(
                        "lock",
                        () -> locked(none(Object.class)),
                        () -> none(Object.class).hashCode()),
                new Pair(
                        "null as key",
                        () -> new ConcurrentHashMap<>(Map.of()).get(none(String.class)),
                        () -> new TreeMap<>(Map.of("a", 1)).get(none(String.class))),
                new Pair(
                        "null in a list",
                        () -> List.of(none(String.class)),
                        () -> List.copyOf(Arrays.asList("a", null))),
                new Pair(
                        "Kotlin's parameters",
                        () -> fail(new NullPointerException(
                                "Parameter specified as non-null is null: method shop.Legacy.price, parameter item")),
                        () -> fail(new NullPointerException(
                                "Parameter specified as non-null is null: method shop.Rewrite.quote, parameter name"))),
                new Pair(
                        "Kotlin's casts",
                        () -> fail(new NullPointerException("null cannot be cast to non-null type kotlin.String")),
                        () -> fail(new NullPointerException("null cannot be cast to non-null type shop.Name"))),
                new Pair("substring", () -> "abc".substring(2, 9), () -> "abc".substring(7)),
                new Pair("sequence", () -> "abc".subSequence(-1, 2), () -> new StringBuilder("abc").substring(1, 9)),
                new Pair("code point", () -> "abc".codePointAt(9), () -> new StringBuilder("abc").charAt(9)),
                new Pair(
                        "builder",
                        () -> new StringBuilder("abc").deleteCharAt(5),
                        () -> new StringBuilder("abc").insert(9, "x")),
                new Pair("vector", () -> new Vector<>(List.of(1)).elementAt(5), () -> new Vector<>(List.of(1)).get(5)),
                new Pair(
                        "part of a list",
                        () -> new ArrayList<>(List.of(1)).subList(0, 5),
                        () -> List.of(1).subList(0, 5)),
                new Pair("adding", () -> new ArrayList<>().addAll(5, List.of(1)), () -> {
                    new LinkedList<>().add(5, 1);
                    return 1;
                }),
                new Pair("bits", () -> new BitSet().get(zero - 1), () -> new ArrayList<>().get(0)),
                new Pair("overflow", () -> Math.addExact(Integer.MAX_VALUE, 1), () -> Math.addExact(Long.MAX_VALUE, 1)),
                new Pair("size", () -> new int[zero - 1], () -> new long[zero - 2]),
                new Pair("store", () -> integers[0] = "a", () -> integers[0] = new Order(null, null)),
                new Pair(
                        "store by copy",
                        () -> integers[0] = "a",
                        () -> Arrays.asList(integers).set(0, 1L)));
    }

    /** What a field, a map or a database has none of. */
    private static <V> V none(Class<V> type) {
        return type.cast(null);
    }

    private static int sum(List<?> numbers) {
        int sum = 0;
        for (Object number : numbers) {
            sum += number.hashCode();
        }
        return sum;
    }

    private static int sumOfArray(int[] numbers) {
        int sum = 0;
        for (int number : numbers) {
            sum += number;
        }
        return sum;
    }

    private static int word(String text) {
        return switch (text) {
            case "one" -> 1;
            default -> 2;
        };
    }

    private static int locked(Object lock) {
        synchronized (lock) {
            return 1;
        }
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

    @Test
    void nothingIsEqualToNothingAlone() {
        assertThat(ErrorEquality.INSTANCE.compare(null, null)).isEmpty();
        assertThat(ErrorEquality.INSTANCE.compare(null, new Error())).hasSize(1);
        assertThat(ErrorEquality.INSTANCE.compare(new Error(), null)).hasSize(1);
    }
}
