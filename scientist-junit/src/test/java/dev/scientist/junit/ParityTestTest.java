package dev.scientist.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.Result;
import dev.scientist.Scientist;
import dev.scientist.compare.Comparators;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.MultipleFailuresError;

class ParityTestTest {

    /** Two ways to tell how long a text is; they differ for what is not in the basic plane. */
    static int units(String text) {
        return text.length();
    }

    static int points(String text) {
        return text.codePointCount(0, text.length());
    }

    static class Sources {
        @ParityTest
        @ValueSource(strings = {"a", "bc"})
        void values(Parity<String, Integer> parity) {
            parity.run(ParityTestTest::units, ParityTestTest::points);
        }

        @ParityTest
        @MethodSource("texts")
        void method(Parity<String, Integer> parity) {
            parity.run(ParityTestTest::units, ParityTestTest::points);
        }

        static Stream<Named<String>> texts() {
            return Stream.of(Named.of("short", "a"), Named.of("long", "abc"));
        }

        @ParityTest
        @MethodSource
        void namedLikeTheTest(Parity<Integer, Integer> parity) {
            parity.run(Math::abs, number -> number < 0 ? -number : number);
        }

        static IntStream namedLikeTheTest() {
            return IntStream.range(-2, 2);
        }

        @ParityTest
        @CsvSource({"1,2", "3,4"})
        @CsvSource("5,6")
        void csv(Parity<List<String>, Integer> parity) {
            parity.run(
                    pair -> Integer.parseInt(pair.get(0)) + Integer.parseInt(pair.get(1)),
                    pair -> pair.stream().mapToInt(Integer::parseInt).sum());
        }

        @ParityTest
        @EnumSource
        void enums(Parity<TimeUnit, Long> parity) {
            parity.run(
                    unit -> unit.toNanos(1),
                    unit -> unit.toChronoUnit().getDuration().toNanos());
        }

        @ParityTest
        @NullSource
        @ValueSource(strings = "a")
        void nulls(Parity<String, Boolean> parity) {
            parity.run(text -> text == null, text -> !(text != null));
        }

        @ParityTest(inputs = "fromRandom")
        void ownMethod(Parity<Integer, Integer> parity) {
            parity.run(Math::abs, number -> number < 0 ? -number : number);
        }

        private static IntStream fromRandom(RandomGenerator random) {
            return random.ints(5);
        }

        @ParityTest(inputs = "list")
        void iterable(Parity<String, Integer> parity) {
            parity.run(ParityTestTest::units, ParityTestTest::points);
        }

        static List<String> list() {
            return List.of("a", "b");
        }

        @ParityTest(inputs = "anIterator")
        void iterator(Parity<String, Integer> parity) {
            parity.run(ParityTestTest::units, ParityTestTest::points);
        }

        static Iterator<String> anIterator() {
            return List.of("a", "b").iterator();
        }

        @ParityTest(inputs = "anArray")
        void array(Parity<Integer, Integer> parity) {
            parity.run(Math::abs, number -> number < 0 ? -number : number);
        }

        static int[] anArray() {
            return new int[] {-1, 1};
        }
    }

    @Test
    void takesInputsFromAnySource() {
        Map<String, Integer> tests = Map.of(
                "values", 2,
                "method", 2,
                "namedLikeTheTest", 4,
                "csv", 3,
                "enums", 7,
                "nulls", 2,
                "ownMethod", 5,
                "iterable", 2,
                "iterator", 2,
                "array", 2);
        tests.forEach((method, number) -> {
            Suite suite = Suite.run(Sources.class, method);
            assertThat(suite.failures()).as(method).isEmpty();
            assertThat(suite.passed()).as(method).hasSize(number);
        });
    }

    @Test
    void namesTestsByTheirInputs() {
        assertThat(Suite.run(Sources.class, "values").passed()).containsExactly("[1] a", "[2] bc");
        assertThat(Suite.run(Sources.class, "csv").passed()).containsExactly("[1] [1, 2]", "[2] [3, 4]", "[3] [5, 6]");
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class PerClass {
        private int setUps;

        @BeforeEach
        void setUp() {
            setUps++;
        }

        @ParityTest(inputs = "numbers")
        void test(Parity<Integer, Integer> parity) {
            assertThat(setUps).isPositive();
            parity.run(Math::abs, number -> number);
        }

        Stream<Integer> numbers() {
            return Stream.of(1, 2);
        }
    }

    @Test
    void takesAnInstanceMethodWhereTheInstanceIsShared() {
        assertThat(Suite.run(PerClass.class).passed()).hasSize(2);
    }

    static class Failing {
        @ParityTest
        @ValueSource(strings = {"a", "😀", "b"})
        void each(Parity<String, Integer> parity) {
            parity.run(ParityTestTest::units, ParityTestTest::points);
        }

        @ParityTest(together = true)
        @ValueSource(strings = {"a", "😀", "b", "x😀"})
        void together(Parity<String, Integer> parity) {
            parity.run(ParityTestTest::units, ParityTestTest::points);
        }

        @ParityTest(together = true)
        @ValueSource(strings = {"a", "😀"})
        void togetherOnce(Parity<String, Integer> parity) {
            parity.run(ParityTestTest::units, ParityTestTest::points);
        }

        @ParityTest(together = true, inputs = "thousand")
        void togetherOften(Parity<Integer, Integer> parity) {
            parity.run(number -> number, number -> -1);
        }

        static IntStream thousand() {
            return IntStream.range(0, 1_000);
        }

        @ParityTest
        @ValueSource(strings = "some text with 😀 in it")
        void shrinks(Parity<String, Integer> parity) {
            parity.shrinking(Shrinker.strings()).run(ParityTestTest::units, ParityTestTest::points);
        }

        @ParityTest
        @ValueSource(ints = 7)
        void shrinkerFails(Parity<Integer, Integer> parity) {
            parity.shrinking(number -> {
                        throw new IllegalStateException("no idea");
                    })
                    .run(number -> number, number -> -1);
        }

        @ParityTest
        @ValueSource(ints = 1_000_000)
        void shrinksWithoutEnd(Parity<Integer, Integer> parity) {
            parity.shrinking(number -> Stream.of(number + 1)).run(number -> number, number -> -1);
        }

        @ParityTest
        @ValueSource(strings = "x")
        void throwsDifferently(Parity<String, Integer> parity) {
            parity.run(Integer::parseInt, text -> {
                throw new IllegalStateException(text);
            });
        }

        @ParityTest
        @ValueSource(strings = {"x", "1"})
        void throwsAlike(Parity<String, Integer> parity) {
            parity.run(Integer::parseInt, Integer::valueOf);
        }

        @ParityTest
        @ValueSource(strings = "x")
        void hasSettings(Parity<String, List<Integer>> parity) {
            parity.experiment(builder -> builder.comparator(Comparators.structural()))
                    .run(text -> List.of(1, 2), text -> List.of(1, 3));
        }

        @ParityTest
        @ValueSource(strings = "x")
        @AllowIgnored("known")
        void ignores(Parity<String, Integer> parity) {
            parity.experiment(builder -> builder.ignore("unknown", (control, candidate) -> true))
                    .run(text -> 1, text -> 2);
        }

        @ParityTest(together = true)
        @ValueSource(ints = {1, 2, 3})
        void inTheBackground(Parity<Integer, Integer> parity) {
            parity.experiment(builder -> builder.execution(Execution.background()))
                    .run(number -> number, number -> number == 2 ? 0 : number);
        }

        @ParityTest
        @ValueSource(strings = "x")
        void partFails(Parity<String, Integer> parity) {
            parity.experiment(builder -> builder.beforeRun(() -> {
                        throw new IllegalStateException("hook");
                    }))
                    .run(text -> 1, text -> 1);
        }
    }

    @Test
    void makesATestOfEachInput() {
        Suite suite = Suite.run(Map.of("scientist.seed", "5"), Failing.class, "each");
        assertThat(suite.passed()).containsExactly("[1] a", "[3] b");
        assertThat(suite.failed()).containsExactly("[2] 😀");
        assertThat(suite.failure())
                .isExactlyInstanceOf(AssertionFailedError.class)
                .hasMessage("""
                        experiment 'each': candidate 'candidate' mismatched
                          input: 😀
                          control returned 2
                          candidate returned 1""");
    }

    @Test
    void listsTheInputsThatFailTogether() {
        Suite suite = Suite.run(Failing.class, "together");
        assertThat(suite.failed()).containsExactly("[1] all inputs");
        MultipleFailuresError error = (MultipleFailuresError) suite.failure();
        assertThat(error)
                .hasMessageStartingWith("parity of 'together': 2 of 4 inputs fail, by place: {(whole value)=2}");
        assertThat(error.getFailures())
                .extracting(failure -> failure.getMessage().lines().toList().get(1))
                .containsExactly("  input: 😀", "  input: x😀");
    }

    @Test
    void saysHowManyFailWhereItIsOne() {
        assertThat(Suite.run(Failing.class, "togetherOnce").failure())
                .isExactlyInstanceOf(AssertionFailedError.class)
                .hasMessageEndingWith("\n  1 of 2 inputs fail");
    }

    @Test
    void namesAThousandFailingInputsInBounds() {
        MultipleFailuresError error = (MultipleFailuresError)
                Suite.run(Failing.class, "togetherOften").failure();
        assertThat(error).hasMessageContaining("1000 of 1000 inputs fail");
        assertThat(error.getFailures()).hasSize(21);
        assertThat(error.getFailures().get(20).getMessage().lines())
                .startsWith("and 980 more inputs:", "  20", "  21")
                .endsWith("  519", "  … and 480 more")
                .hasSize(502);
    }

    @Test
    void reducesWhatFails() {
        assertThat(Suite.run(Failing.class, "shrinks").failure())
                .hasMessageContaining("\n  input: 😀\n")
                .hasMessageEndingWith(" from: some text with 😀 in it");
    }

    @Test
    void survivesAShrinkerThatFails() {
        assertThat(Suite.run(Failing.class, "shrinkerFails").failure())
                .hasMessageContaining("\n  input: 7\n")
                .hasMessageContaining("not reduced; the shrinker threw java.lang.IllegalStateException: no idea");
    }

    @Test
    void endsReducing() {
        assertThat(Suite.run(Failing.class, "shrinksWithoutEnd").failure())
                .hasMessageContaining("reduced in 1000 steps from: 1000000");
    }

    @Test
    void comparesWhatIsThrown() {
        assertThat(Suite.run(Failing.class, "throwsAlike").passed()).hasSize(2);
        assertThat(Suite.run(Failing.class, "throwsDifferently").failure())
                .hasMessageContaining("control threw java.lang.NumberFormatException")
                .hasMessageContaining("candidate threw java.lang.IllegalStateException: x");
    }

    @Test
    void setsUpTheExperiment() {
        assertThat(Suite.run(Failing.class, "hasSettings").failure())
                .hasMessageContaining("differs at [1] (2 against 3)");
        assertThat(Suite.run(Failing.class, "ignores").failure())
                .hasMessageContaining("ignored for a reason that is not allowed: 'unknown'");
        assertThat(Suite.run(Failing.class, "partFails").failure())
                .hasMessageStartingWith("experiment 'partFails': BEFORE_RUN failed with");
    }

    @Test
    void awaitsEachRunInTheBackground() {
        assertThat(Suite.run(Failing.class, "inTheBackground").failure())
                .hasMessageContaining("\n  input: 2\n")
                .hasMessageEndingWith("\n  1 of 3 inputs fail");
    }

    /** An application with an experiment that a suite is to repeat. */
    static final class Production {
        static final List<Result<?>> PUBLISHED = new ArrayList<>();
        static final Scientist SCIENTIST =
                Scientist.builder().publisher(PUBLISHED::add).build();
        static final Experiment<String> GREETING = SCIENTIST
                .<String>experiment("greeting")
                .enabled(() -> false)
                .execution(Execution.background())
                .beforeRun(() -> {
                    throw new IllegalStateException("only in production");
                })
                .comparator(Comparators.ignoringCase())
                .ignore("known", (control, candidate) -> candidate.isEmpty())
                .clean(text -> "cleaned")
                .build();
    }

    static class LikeProduction {
        @ParityTest
        @ValueSource(strings = {"x", "", "y"})
        void using(Parity<String, String> parity) {
            parity.using(Production.GREETING).run(text -> text.toUpperCase(Locale.ROOT), text -> text);
        }

        @ParityTest
        @ValueSource(strings = "x")
        void usingAndMore(Parity<String, String> parity) {
            parity.using(Production.GREETING)
                    .experiment(builder -> builder.execution(Execution.background()))
                    .run(text -> "a", text -> "b");
        }

        @ParityTest
        @ValueSource(strings = "x")
        void builderOfAnother(Parity<String, String> parity) {
            parity.experiment(builder -> Production.GREETING.toBuilder("replay"))
                    .run(text -> "a", text -> "b");
        }
    }

    @Test
    void comparesAsAnExperimentOfTheApplication() {
        assertThat(Suite.run(LikeProduction.class, "using").passed()).hasSize(3);
        assertThat(Suite.run(LikeProduction.class, "usingAndMore").failure())
                .hasMessageContaining("control returned cleaned")
                .hasMessageContaining("candidate returned cleaned");
        assertThat(Production.PUBLISHED).isEmpty();
        assertThat(Production.GREETING.counts().started()).isZero();
    }

    /** It once waited for a minute, and then was green. */
    @Test
    void anExperimentOfAnotherScientistIsAnError() {
        assertThat(Suite.run(LikeProduction.class, "builderOfAnother").failure())
                .hasMessage(
                        "parity of 'builderOfAnother': experiment 'replay' belongs to another Scientist, so what it finds"
                                + " does not reach the test. Return the builder that experiment(..) is handed; to compare as an"
                                + " experiment of the application does, use parity.using(experiment)");
    }

    /** Has no equals, and can be changed. */
    static final class Basket {
        private final List<String> items = new ArrayList<>();

        Basket(String... items) {
            this.items.addAll(List.of(items));
        }

        Basket(Basket other) {
            items.addAll(other.items);
        }

        Basket with(String item) {
            items.add(item);
            return this;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Basket basket && items.equals(basket.items);
        }

        @Override
        public int hashCode() {
            return items.hashCode();
        }

        @Override
        public String toString() {
            return items.toString();
        }
    }

    record Held(Basket basket) {}

    static class InPlace {
        static Stream<Basket> baskets() {
            return Stream.of(new Basket("a"));
        }

        @ParityTest
        @MethodSource("baskets")
        void shared(Parity<Basket, Basket> parity) {
            parity.run(basket -> basket.with("old"), basket -> basket.with("new"));
        }

        @ParityTest
        @MethodSource("baskets")
        void copied(Parity<Basket, Basket> parity) {
            parity.copying(Basket::new).run(basket -> basket.with("old"), basket -> basket.with("new"));
        }

        @ParityTest
        @MethodSource("baskets")
        void copiedByTheExperiment(Parity<Basket, Basket> parity) {
            parity.experiment(builder -> builder.snapshotInput(Basket.class, Basket::new))
                    .run(basket -> basket.with("old"), basket -> basket.with("new"));
        }

        @ParityTest
        @MethodSource("baskets")
        void nobodyChangesIt(Parity<Basket, Basket> parity) {
            parity.copying(basket -> basket).run(basket -> basket, basket -> basket);
        }

        @ParityTest
        @MethodSource("several")
        void oneOfSeveral(Parity<List<Object>, Object> parity) {
            parity.run(arguments -> arguments.get(0), arguments -> arguments.get(0));
        }

        static Stream<Arguments> several() {
            return Stream.of(Arguments.of(new Basket("a"), 1));
        }

        @ParityTest
        @MethodSource("held")
        void partOfARecord(Parity<Held, Held> parity) {
            parity.run(held -> held, held -> held);
        }

        static Stream<Held> held() {
            return Stream.of(new Held(new Basket("a")));
        }

        @ParityTest
        @MethodSource("unchangeable")
        void unchangeable(Parity<Object, Object> parity) {
            parity.run(value -> value, value -> value);
        }

        static Stream<Object> unchangeable() {
            return Stream.of(
                    "text",
                    1,
                    TimeUnit.DAYS,
                    List.of("a", 1),
                    Map.of("a", List.of()),
                    Optional.of("x"),
                    java.time.LocalDate.EPOCH,
                    new java.math.BigDecimal("1.0"),
                    new Named2("a", 1),
                    new java.util.UUID(1, 2));
        }

        record Named2(String text, int number) {}
    }

    /** Each sees what the other did to the same object: they once matched whatever they did. */
    @Test
    void whatIsChangedInPlaceIsCopiedOrAnError() {
        assertThat(Suite.run(InPlace.class, "shared").failure())
                .hasMessageStartingWith(
                        "control and candidate returned the very object that they were handed, so they match"
                                + " whatever they did to it. Hand each its own: parity.copying(input -> a copy)")
                .hasMessageContaining("input: ");
        assertThat(Suite.run(InPlace.class, "oneOfSeveral").failure())
                .hasMessageStartingWith("control and candidate returned the very object");
        assertThat(Suite.run(InPlace.class, "partOfARecord").failure())
                .hasMessageStartingWith("control and candidate returned the very object");
        assertThat(Suite.run(InPlace.class, "copied").failure())
                .hasMessageContaining("input: [a]")
                .hasMessageContaining("control returned [a, old]")
                .hasMessageContaining("candidate returned [a, new]");
        assertThat(Suite.run(InPlace.class, "copiedByTheExperiment").failure())
                .hasMessageContaining("control returned [a, old]")
                .hasMessageContaining("candidate returned [a, new]");
        Suite.run(InPlace.class, "nobodyChangesIt").assertAllPassed(1);
        Suite.run(InPlace.class, "unchangeable").assertAllPassed(10);
    }

    static class Waiting {
        @ParityTest
        @ValueSource(ints = 1)
        void longerThanALimit(Parity<Integer, Integer> parity) {
            parity.experiment(
                            builder -> builder.execution(Execution.background().timeLimit(Duration.ofMillis(20))))
                    .run(number -> number, number -> {
                        new CountDownLatch(1).await();
                        return number;
                    });
        }

        @ParityTest(together = true)
        @ValueSource(ints = {1, 2})
        void interrupted(Parity<Integer, Integer> parity) {
            parity.experiment(builder -> builder.execution(
                            Execution.background().on(task -> {}).timeLimit(Duration.ofMinutes(5))))
                    .run(
                            number -> {
                                Thread.currentThread().interrupt();
                                return number;
                            },
                            number -> number);
        }

        @ParityTest(together = true)
        @ValueSource(ints = {1, 2, 3, 4})
        void gateClosedForSome(Parity<Integer, Integer> parity) {
            parity.experiment(builder -> builder.gate((request, input) -> (int) input > 1))
                    .run(number -> number, number -> number);
        }
    }

    @Test
    void whatIsNotComparedFailsTheTest() {
        assertThat(Suite.run(Waiting.class, "longerThanALimit").failure())
                .hasMessageContaining("candidate 'candidate' was abandoned, so nothing was compared");
        Throwable interrupted = Suite.run(Waiting.class, "interrupted").failure();
        Thread.interrupted();
        assertThat(interrupted)
                .hasMessageContaining("experiment 'interrupted': 1 of 1 runs had not ended when the waiting was"
                        + " interrupted, so what they find is not known")
                .hasMessageContaining("a run had not ended: the rest of the inputs was not compared");
        assertThat(Suite.run(Waiting.class, "gateClosedForSome").failure())
                .hasMessageStartingWith(
                        "the gate of parity of 'gateClosedForSome' was closed for 1 of 4 inputs, so nothing was"
                                + " compared there: leave the gate open");
    }

    static class Seeded {
        static final List<List<Integer>> INPUTS = new ArrayList<>();
        static final List<Integer> SEEN = new ArrayList<>();

        @ParityTest(inputs = "numbers", together = true)
        void fresh(Parity<Integer, Integer> parity) {
            SEEN.clear();
            parity.run(
                    number -> {
                        SEEN.add(number);
                        return number;
                    },
                    number -> number);
            INPUTS.add(List.copyOf(SEEN));
        }

        @ParityTest(inputs = "numbers", together = true, seed = 3)
        void fixed(Parity<Integer, Integer> parity) {
            fresh(parity);
        }

        static IntStream numbers(RandomGenerator random) {
            return random.ints(10);
        }
    }

    private static List<Integer> inputs(Map<String, String> parameters, String method) {
        Seeded.INPUTS.clear();
        Suite suite = Suite.run(parameters, Seeded.class, method);
        suite.assertAllPassed(1);
        assertThat(suite.reports())
                .hasSize(1)
                .first()
                .satisfies(entry -> assertThat(entry).containsOnlyKeys("scientist.seed"));
        return Seeded.INPUTS.get(0);
    }

    @Test
    void repeatsASeed() {
        Map<String, String> none = Map.of();
        Map<String, String> given = Map.of("scientist.seed", "9");
        assertThat(inputs(none, "fresh")).hasSize(10).isNotEqualTo(inputs(none, "fresh"));
        assertThat(inputs(none, "fixed")).isEqualTo(inputs(none, "fixed"));
        assertThat(inputs(given, "fresh")).isEqualTo(inputs(given, "fixed")).isNotEqualTo(inputs(none, "fixed"));
    }

    @Test
    void reportsTheSeedThatRepeats() {
        Seeded.INPUTS.clear();
        Suite first = Suite.run(Map.of(), Seeded.class, "fresh");
        String seed = first.reports().get(0).get("scientist.seed");
        assertThat(inputs(Map.of("scientist.seed", seed), "fresh")).isEqualTo(Seeded.INPUTS.get(0));
        assertThat(Seeded.INPUTS).hasSize(1);
    }

    static class Assuming {
        @ParityTest
        @ValueSource(ints = {1, 2})
        void each(Parity<Integer, Integer> parity) {
            run(parity, 1);
        }

        @ParityTest(together = true)
        @ValueSource(ints = {1, 2, 3})
        void together(Parity<Integer, Integer> parity) {
            run(parity, 1);
        }

        @ParityTest(together = true)
        @ValueSource(ints = {1, 2, 3})
        void none(Parity<Integer, Integer> parity) {
            run(parity, 9);
        }

        private static void run(Parity<Integer, Integer> parity, int least) {
            parity.run(
                    number -> {
                        Assumptions.assumeTrue(number >= least + 1);
                        return number;
                    },
                    number -> number);
        }
    }

    @Test
    void leavesOutInputsThatFailAnAssumption() {
        Suite.run(Assuming.class, "together").assertAllPassed(1);
        assertThat(Suite.run(Assuming.class, "each").aborted()).containsExactly("[1] 1");
        assertThat(Suite.run(Assuming.class, "none").aborted()).containsExactly("[1] all inputs");
    }

    static class Wrong {
        @ParityTest
        void noInputs(Parity<String, Integer> parity) {}

        @ParityTest(inputs = "texts")
        @ValueSource(strings = "a")
        void twoSources(Parity<String, Integer> parity) {}

        @ParityTest(inputs = "missing")
        void missing(Parity<String, Integer> parity) {}

        @ParityTest(inputs = "texts")
        void notStatic(Parity<String, Integer> parity) {}

        List<String> texts() {
            return List.of("a");
        }

        @ParityTest(inputs = "number")
        void notInputs(Parity<String, Integer> parity) {}

        static int number() {
            return 1;
        }

        @ParityTest
        @ValueSource(strings = "a")
        void noParity(String input) {}

        @ParityTest
        @ValueSource(strings = "a")
        void noRun(Parity<String, Integer> parity) {}

        @ParityTest(together = true, inputs = "none")
        void empty(Parity<String, Integer> parity) {
            parity.run(ParityTestTest::units, ParityTestTest::points);
        }

        static List<String> none() {
            return List.of();
        }

        @ParityTest
        @ValueSource(strings = "a")
        void closed(Parity<String, Integer> parity) {
            parity.experiment(builder -> builder.enabled(() -> false))
                    .run(ParityTestTest::units, ParityTestTest::points);
        }

        @ParityTest
        @MethodSource("fails")
        void sourceFails(Parity<String, Integer> parity) {}

        static Stream<String> fails() {
            throw new IllegalStateException("no source");
        }
    }

    @Test
    void saysWhatIsWrong() {
        Map<String, String> messages = Map.of(
                "noInputs", "@ParityTest method noInputs has no inputs: name a method",
                "twoSources", "@ParityTest method twoSources has two sources of inputs",
                "missing", "'missing' is not a method of",
                "notStatic", "'texts' must be static, unless all tests of the class share one instance",
                "notInputs",
                        "'number' must return a stream, an iterable, an iterator or an array, not java.lang.Integer",
                "noParity", "@ParityTest method noParity must take a Parity<Input, Value>",
                "noRun", "the test compared nothing: it must call run(control, candidate) of its Parity",
                "empty", "parity of 'empty' compared nothing",
                "closed", "parity of 'closed' compared nothing",
                "sourceFails", "no source");
        messages.forEach((method, message) ->
                assertThat(Suite.run(Wrong.class, method).failure()).as(method).hasMessageContaining(message));
    }
}
