package dev.scientist.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.scientist.Difference;
import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.Scientist;
import dev.scientist.compare.Comparators;
import dev.scientist.publish.RecordingPublisher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.MultipleFailuresError;

class ScientistExtensionTest {

    record Line(String product, int price) {}

    record Order(String id, List<Line> lines) {}

    private static final Order OLD = new Order("o1", List.of(new Line("tea", 10)));
    private static final Order NEW = new Order("o1", List.of(new Line("tea", 11)));

    @WithScientist
    static class Passing {
        @Test
        void matches(Scientist scientist) {
            Experiment<Integer> experiment =
                    scientist.<Integer>experiment("price").build();
            assertThat(experiment.run(() -> 1, () -> 1)).isEqualTo(1);
        }

        @Test
        void ignores(Scientist scientist) {
            scientist
                    .<Integer>experiment("price")
                    .ignore("rounding", (control, candidate) -> true)
                    .build()
                    .run(() -> 1, () -> 2);
        }

        @Test
        void hasNothingToDoWithExperiments() {}

        @Test
        void onlyLooksAtItsScientist(Scientist scientist) {
            assertThat(scientist.experiments()).isEmpty();
        }
    }

    @Test
    void passesWhereEverythingMatchesOrIsIgnored() {
        Suite.run(Passing.class).assertAllPassed(4);
    }

    @ExtendWith(ScientistExtension.class)
    static class Failing {
        @Test
        void mismatches(Scientist scientist) {
            Experiment<Integer> experiment =
                    scientist.<Integer>experiment("price").build();
            int value = experiment
                    .control(() -> 10)
                    .candidate("rewrite", () -> 11)
                    .context("user", "ann")
                    .input("order 7")
                    .run();
            assertThat(value).isEqualTo(10);
        }

        @Test
        void mismatchesAtPaths(Scientist scientist) {
            scientist
                    .<Order>experiment("orders")
                    .comparator(Comparators.structural())
                    .build()
                    .run(() -> OLD, () -> NEW);
        }

        @Test
        void mismatchesWithCleaner(Scientist scientist) {
            scientist
                    .<Order>experiment("orders")
                    .comparator(Comparators.structural())
                    .clean(Order::id)
                    .build()
                    .run(() -> OLD, () -> NEW);
        }

        @Test
        void candidateThrows(Scientist scientist) {
            scientist.<Integer>experiment("price").build().run(() -> 10, () -> {
                throw new IllegalStateException("no price");
            });
        }

        @Test
        void twice(Scientist scientist) {
            scientist.<Integer>experiment("a").build().run(() -> 1, () -> 2);
            scientist.<Integer>experiment("b").build().run(() -> 3, () -> 4);
        }

        @Test
        void often(Scientist scientist) {
            Experiment<Integer> experiment =
                    scientist.<Integer>experiment("price").build();
            for (int i = 0; i < 100; i++) {
                experiment.run(() -> 1, () -> 2);
            }
        }

        @Test
        void comparatorFails(Scientist scientist) {
            scientist
                    .<Integer>experiment("price")
                    .matching((control, candidate) -> {
                        throw new IllegalStateException("cannot compare");
                    })
                    .build()
                    .run("order 7", input -> 10, input -> 10);
        }

        @Test
        void gateFails(Scientist scientist) {
            scientist
                    .<Integer>experiment("price")
                    .enabled(() -> {
                        throw new IllegalStateException("no flags");
                    })
                    .build()
                    .run(() -> 10, () -> 10);
        }

        @Test
        void publisherFails(Scientist scientist) {
            scientist
                    .<Integer>experiment("price")
                    .publisher(result -> {
                        throw new IllegalStateException("disk full");
                    })
                    .build()
                    .run(() -> 10, () -> 10);
        }

        @Test
        void neverRuns(Scientist scientist) {
            Experiment<Integer> experiment =
                    scientist.<Integer>experiment("price").enabled(() -> false).build();
            experiment.run(() -> 10, () -> 11);
        }

        @Test
        void neverRunsSinceItFails(Scientist scientist) {
            scientist.<Integer>experiment("price").build();
            throw new IllegalStateException("the test's own");
        }

        @Test
        void mismatchesAndFails(Scientist scientist) {
            scientist.<Integer>experiment("price").build().run(() -> 10, () -> 11);
            throw new IllegalStateException("the test's own");
        }

        @Test
        void abandoned(Scientist scientist) throws InterruptedException {
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch never = new CountDownLatch(1);
            scientist
                    .<Integer>experiment("slow")
                    .execution(Execution.concurrent(Duration.ofMillis(50)))
                    .build()
                    .run(
                            () -> {
                                begun.await();
                                return 10;
                            },
                            () -> {
                                begun.countDown();
                                never.await();
                                return 10;
                            });
        }

        @Test
        void mismatchesInTheBackground(Scientist scientist) {
            CountDownLatch controlReturned = new CountDownLatch(1);
            Experiment<Integer> experiment = scientist
                    .<Integer>experiment("price")
                    .execution(Execution.background())
                    .build();
            experiment.run(() -> 10, () -> {
                controlReturned.await();
                return 11;
            });
            controlReturned.countDown();
        }
    }

    private static AssertionFailedError failing(String method) {
        Throwable failure =
                Suite.run(Map.of("scientist.seed", "42"), Failing.class, method).failure();
        assertThat(failure).isExactlyInstanceOf(AssertionFailedError.class);
        return (AssertionFailedError) failure;
    }

    @Test
    void tellsAllAboutAMismatch() {
        AssertionFailedError error = failing("mismatches");
        assertThat(error).hasMessage("""
                        experiment 'price': candidate 'rewrite' mismatched
                          input: order 7
                          context: user=ann
                          control returned 10
                          rewrite returned 11
                          seed 42: repeat with -Dscientist.seed=42""");
        assertThat(error.getExpected().getValue()).isEqualTo(10);
        assertThat(error.getActual().getValue()).isEqualTo(11);
    }

    @Test
    void showsDifferencesByPath() {
        AssertionFailedError error = failing("mismatchesAtPaths");
        assertThat(error.getMessage()).contains("\n  differs at lines[0].price (10 against 11)\n");
        assertThat(error.getExpected().getValue()).isEqualTo("lines[0].price: 10");
        assertThat(error.getActual().getValue()).isEqualTo("lines[0].price: 11");
    }

    @Test
    void showsNothingThatACleanerTakesAway() {
        AssertionFailedError error = failing("mismatchesWithCleaner");
        assertThat(error.getMessage())
                .contains("control returned o1")
                .contains("differs at lines[0].price\n")
                .doesNotContain("tea")
                .doesNotContain("against");
        assertThat(error.getExpected().getValue()).isEqualTo("o1");
        assertThat(error.getActual().getValue()).isEqualTo("o1");
    }

    @Test
    void hasWhatTheCandidateThrewAsCause() {
        AssertionFailedError error = failing("candidateThrows");
        assertThat(error)
                .cause()
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("no price");
        assertThat(error.getExpected().getValue()).isEqualTo(10);
        assertThat(error.getActual().getValue()).isEqualTo("threw java.lang.IllegalStateException: no price");
    }

    @Test
    void tellsOfSeveralProblemsEach() {
        Throwable failure = Suite.run(Map.of("scientist.seed", "42"), Failing.class, "twice")
                .failure();
        assertThat(failure)
                .isInstanceOf(MultipleFailuresError.class)
                .hasMessageContaining("seed 42: repeat with -Dscientist.seed=42")
                .hasMessageContaining("experiment 'a'")
                .hasMessageContaining("experiment 'b'");
        assertThat(((MultipleFailuresError) failure).getFailures())
                .extracting(error -> ((AssertionFailedError) error).getActual().getValue())
                .containsExactly(2, 4);
    }

    @Test
    void countsWhatIsTooMuchToTell() {
        MultipleFailuresError error =
                (MultipleFailuresError) Suite.run(Failing.class, "often").failure();
        assertThat(error.getFailures())
                .hasSize(21)
                .last()
                .extracting(Throwable::getMessage)
                .isEqualTo("and 80 more like these");
    }

    @Test
    void tellsWhatAComparatorThrew() {
        assertThat(failing("comparatorFails"))
                .hasMessageStartingWith("experiment 'price': candidate 'candidate' could not be compared")
                .hasMessageContaining("input: order 7")
                .hasMessageContaining("the comparator threw java.lang.IllegalStateException: cannot compare")
                .hasCauseExactlyInstanceOf(IllegalStateException.class);
    }

    @Test
    void tellsOfFailuresOfUserSuppliedParts() {
        assertThat(failing("publisherFails"))
                .hasMessage("experiment 'price': PUBLISH failed with java.lang.IllegalStateException: disk full")
                .cause()
                .hasMessage("disk full");
        assertThat(Suite.run(Failing.class, "gateFails").failure())
                .hasMessageContaining("experiment 'price': GATE failed with java.lang.IllegalStateException: no flags")
                .hasMessageContaining("no experiment of this test has run");
    }

    @Test
    void failsWhereNothingRan() {
        assertThat(failing("neverRuns"))
                .hasMessage("no experiment of this test has run, so it proves nothing: is a gate closed? "
                        + "If that is meant, say @AtLeastRuns(0)");
    }

    @Test
    void leavesATestThatFailsByItselfAlone() {
        Throwable failure = Suite.run(Failing.class, "neverRunsSinceItFails").failure();
        assertThat(failure).hasMessage("the test's own");
        assertThat(failure.getSuppressed()).isEmpty();
    }

    @Test
    void addsMismatchesToATestThatFailsByItself() {
        Throwable failure = Suite.run(Failing.class, "mismatchesAndFails").failure();
        assertThat(failure).hasMessage("the test's own");
        assertThat(failure.getSuppressed())
                .singleElement()
                .extracting(Throwable::getMessage)
                .asString()
                .startsWith("experiment 'price': candidate 'candidate' mismatched");
    }

    @Test
    void failsWhereACandidateWasAbandoned() {
        assertThat(failing("abandoned"))
                .hasMessageStartingWith("experiment 'slow': candidate 'candidate' was abandoned");
    }

    @Test
    void awaitsBackgroundRuns() {
        assertThat(failing("mismatchesInTheBackground")).hasMessageContaining("candidate returned 11");
    }

    @WithScientist
    static class Annotated {
        @Test
        @ExpectMismatch
        void expectsAnyAndSeesIt(Scientist scientist) {
            scientist.<Integer>experiment("price").build().run(() -> 1, () -> 2);
        }

        @Test
        @ExpectMismatch("price")
        void expectsAnotherExperimentsMismatch(Scientist scientist) {
            scientist.<Integer>experiment("price").build().run(() -> 1, () -> 1);
            scientist.<Integer>experiment("stock").build().run(() -> 1, () -> 2);
        }

        @Test
        @ExpectMismatch(value = "orders", at = "lines[*].price")
        void expectsMismatchAtItsPlace(Scientist scientist) {
            scientist
                    .<Order>experiment("orders")
                    .comparator(Comparators.structural())
                    .build()
                    .run(() -> OLD, () -> NEW);
        }

        @Test
        @ExpectMismatch(at = "id")
        void expectsMismatchElsewhere(Scientist scientist) {
            scientist
                    .<Order>experiment("orders")
                    .comparator(Comparators.structural())
                    .build()
                    .run(() -> OLD, () -> NEW);
        }

        @Test
        @ExpectMismatch("a")
        @ExpectMismatch("b")
        void expectsTwo(Scientist scientist) {
            scientist.<Integer>experiment("a").build().run(() -> 1, () -> 2);
            scientist.<Integer>experiment("b").build().run(() -> 1, () -> 1);
        }

        @Test
        @AllowIgnored("rounding")
        void ignoresForAnAllowedReason(Scientist scientist) {
            ignoring(scientist, "rounding");
        }

        @Test
        @AllowIgnored("rounding")
        void ignoresForAnotherReason(Scientist scientist) {
            ignoring(scientist, "laziness");
        }

        @Test
        @AllowIgnored
        void ignoresWhereNothingMayBe(Scientist scientist) {
            ignoring(scientist, "rounding");
        }

        private static void ignoring(Scientist scientist, String reason) {
            scientist
                    .<Integer>experiment("price")
                    .ignore(reason, (control, candidate) -> true)
                    .build()
                    .run(() -> 1, () -> 2);
        }

        @Test
        @AtLeastRuns(value = 3, experiment = "price")
        void runsTooSeldom(Scientist scientist) {
            Experiment<Integer> experiment =
                    scientist.<Integer>experiment("price").build();
            experiment.run(() -> 1, () -> 1);
            experiment.run(() -> 1, () -> 1);
        }

        @Test
        @AtLeastRuns(2)
        void runsOftenEnough(Scientist scientist) {
            scientist.<Integer>experiment("a").build().run(() -> 1, () -> 1);
            scientist.<Integer>experiment("b").build().run(() -> 1, () -> 1);
        }

        @Test
        @AtLeastRuns(0)
        void needNotRun(Scientist scientist) {
            scientist.<Integer>experiment("price").build();
        }

        @Test
        @AtLeastRuns(1)
        void definesNothing() {}
    }

    @Test
    void followsAnnotations() {
        Map<String, Throwable> outcomes = Suite.run(Annotated.class).outcomes();
        assertThat(outcomes).hasSize(12);
        assertThat(outcomes.entrySet().stream().filter(entry -> entry.getValue() == null))
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrder(
                        "expectsAnyAndSeesIt(Scientist)",
                        "expectsMismatchAtItsPlace(Scientist)",
                        "ignoresForAnAllowedReason(Scientist)",
                        "runsOftenEnough(Scientist)",
                        "needNotRun(Scientist)");
        assertThat(outcomes.get("expectsAnotherExperimentsMismatch(Scientist)"))
                .hasMessageContaining("experiment 'stock': candidate 'candidate' mismatched")
                .hasMessageContaining("expected a mismatch of experiment 'price', but there was none; "
                        + "results by experiment: {price=1, stock=1}");
        assertThat(outcomes.get("expectsMismatchElsewhere(Scientist)"))
                .hasMessageContaining("differs at lines[0].price")
                .hasMessageContaining("expected a mismatch of any experiment at nothing but id, but there was none");
        assertThat(outcomes.get("expectsTwo(Scientist)"))
                .hasMessage("expected a mismatch of experiment 'b', but there was none; "
                        + "results by experiment: {a=1, b=1}");
        assertThat(outcomes.get("ignoresForAnotherReason(Scientist)"))
                .hasMessageStartingWith("experiment 'price': candidate 'candidate' differs, "
                        + "ignored for a reason that is not allowed: 'laziness'");
        assertThat(outcomes.get("ignoresWhereNothingMayBe(Scientist)")).hasMessageContaining("'rounding'");
        assertThat(outcomes.get("runsTooSeldom(Scientist)"))
                .hasMessage("expected at least 3 results of experiment 'price', but there were 2; "
                        + "results by experiment: {price=2}");
        assertThat(outcomes.get("definesNothing()"))
                .hasMessage("expected at least 1 results of any experiment, but there were 0; no experiment has run");
    }

    @WithScientist
    @ExpectMismatch("price")
    static class Nesting {
        private final Scientist fromConstructor;
        private Experiment<Integer> price;

        Nesting(Scientist scientist) {
            fromConstructor = scientist;
        }

        @BeforeEach
        void define(Scientist scientist) {
            assertThat(scientist).isSameAs(fromConstructor);
            price = scientist.<Integer>experiment("price").build();
        }

        @Test
        void onTheOutside(Scientist scientist) {
            assertThat(scientist).isSameAs(fromConstructor);
            price.run(() -> 1, () -> 2);
        }

        @Nested
        class Inner {
            @Test
            void takesTheRulesOfTheOuterClass() {
                price.run(() -> 1, () -> 2);
            }

            @Test
            @ExpectMismatch("stock")
            void hasRulesOfItsOwn(Scientist scientist) {
                price.run(() -> 1, () -> 1);
                scientist.<Integer>experiment("stock").build().run(() -> 1, () -> 2);
            }
        }
    }

    @Test
    void worksWithConstructorsAndNestedClasses() {
        Suite.run(Nesting.class).assertAllPassed(3);
    }

    @WithScientist
    static class Lifecycle {
        @AfterEach
        void mismatch(Scientist scientist) {
            scientist.<Integer>experiment("late").build().run(() -> 1, () -> 2);
        }

        @Test
        void test() {}
    }

    @Test
    void seesWhatRunsInAfterEach() {
        assertThat(Suite.run(Lifecycle.class).failure()).hasMessageContaining("experiment 'late'");
    }

    @WithScientist
    static class TooEarly {
        @BeforeAll
        static void take(Scientist scientist) {}

        @Test
        void test() {}
    }

    @Test
    void saysWhereAScientistCanBeTaken() {
        assertThat(Suite.run(TooEarly.class).failure())
                .isInstanceOf(ParameterResolutionException.class)
                .hasMessageContaining("a Scientist belongs to one test: take it in the test");
    }

    @WithScientist
    @org.junit.jupiter.api.parallel.Execution(ExecutionMode.CONCURRENT)
    static class Parallel {
        private static final CountDownLatch BOTH = new CountDownLatch(2);

        @Test
        void matches(Scientist scientist) throws InterruptedException {
            run(scientist, 1);
        }

        @Test
        void mismatches(Scientist scientist) throws InterruptedException {
            run(scientist, 2);
        }

        private static void run(Scientist scientist, int candidate) throws InterruptedException {
            Experiment<Integer> experiment =
                    scientist.<Integer>experiment("price").build();
            BOTH.countDown();
            BOTH.await();
            experiment.run(() -> 1, () -> candidate);
        }
    }

    private static final Map<String, String> PARALLEL = Map.of(
            "junit.jupiter.execution.parallel.enabled", "true",
            "junit.jupiter.execution.parallel.config.strategy", "fixed",
            "junit.jupiter.execution.parallel.config.fixed.parallelism", "2");

    @Test
    void keepsParallelTestsApart() {
        Suite suite = Suite.run(PARALLEL, selectClass(Parallel.class));
        assertThat(suite.passed()).containsExactly("matches(Scientist)");
        assertThat(suite.failed()).containsExactly("mismatches(Scientist)");
    }

    @WithScientist
    static class Recording {
        @Test
        void results(Scientist scientist, RecordingPublisher results) {
            scientist.<Integer>experiment("price").build().run(() -> 1, () -> 1);
            assertThat(results.results())
                    .singleElement()
                    .satisfies(result -> assertThat(result.matched()).isTrue());
        }
    }

    @Test
    void handsOutTheResults() {
        Suite.run(Recording.class).assertAllPassed(1);
    }

    static class Orders {
        @RegisterExtension
        static final ScientistExtension SCIENTIST =
                ScientistExtension.with(builder -> builder.context("suite", "orders"));

        @RepeatedTest(2)
        void order(Scientist scientist, RecordingPublisher results) {
            Experiment<Integer> experiment =
                    scientist.<Integer>experiment("price").build();
            for (int i = 0; i < 64; i++) {
                experiment.run(() -> 1, () -> 1);
            }
            assertThat(results.results().get(0).context()).isEqualTo(Map.of("suite", "orders"));
            SEEN.add(results.results().stream()
                    .map(result -> result.order().get(0))
                    .toList());
        }

        private static final List<List<String>> SEEN = new ArrayList<>();
    }

    @Test
    void takesSettingsAndRepeatsTheOrderOfASeed() {
        Orders.SEEN.clear();
        Suite.run(Map.of("scientist.seed", "7"), Orders.class, "order").assertAllPassed(2);
        assertThat(Orders.SEEN.get(0)).isEqualTo(Orders.SEEN.get(1)).contains("control", "candidate");

        Orders.SEEN.clear();
        Suite.run(Orders.class, "order").assertAllPassed(2);
        assertThat(Orders.SEEN.get(0)).isNotEqualTo(Orders.SEEN.get(1));
    }

    @Test
    void saysWhatIsWrongWithASeed() {
        assertThat(Suite.run(Map.of("scientist.seed", "x"), Orders.class, "order")
                        .failures())
                .allSatisfy(failure ->
                        assertThat(failure).hasMessageContaining("scientist.seed must be a whole number, not 'x'"));
    }

    /** An application with a scientist of its own. */
    static final class Application implements AutoCloseable {
        final Scientist scientist = Scientist.builder()
                .failureHandler((name, operation, failure) -> {})
                .build();
        final Experiment<Integer> price = scientist.<Integer>experiment("price").build();
        final Experiment<Integer> stock = scientist
                .<Integer>experiment("stock")
                .execution(Execution.background())
                .build();
        final Experiment<Integer> broken = scientist
                .<Integer>experiment("broken")
                .ignore("rounding", (control, candidate) -> {
                    throw new IllegalStateException("no rule");
                })
                .comparator((control, candidate) -> List.of(Difference.of("", control, candidate)))
                .build();

        @Override
        public void close() {
            scientist.close();
        }
    }

    @WithScientist
    static class Production {
        static final Application APPLICATION = new Application();

        @Test
        void matches() {
            APPLICATION.price.run(() -> 1, () -> 1);
        }

        @Test
        void mismatches() {
            APPLICATION.price.run(() -> 1, () -> 2);
        }

        @Test
        void mismatchesInTheBackground() {
            CountDownLatch controlReturned = new CountDownLatch(1);
            APPLICATION.stock.run(() -> 3, () -> {
                controlReturned.await();
                return 4;
            });
            controlReturned.countDown();
        }

        @Test
        void fails() {
            APPLICATION.broken.run(() -> 1, () -> 1);
        }

        @Test
        @AtLeastRuns(value = 1, experiment = "price")
        void runsAnother(RecordingPublisher results) {
            APPLICATION.stock.run(() -> 1, () -> 1);
        }
    }

    @Test
    void judgesByTheApplicationsOwnScientist() {
        // outside of any test: nobody's
        Production.APPLICATION.price.run(() -> 1, () -> 2);
        Map<String, Throwable> outcomes = Suite.run(Production.class).outcomes();
        assertThat(outcomes).hasSize(5);
        assertThat(outcomes.get("matches()")).isNull();
        assertThat(outcomes.get("mismatches()"))
                .hasMessageStartingWith("experiment 'price'")
                .hasMessageContaining("candidate returned 2");
        assertThat(outcomes.get("mismatchesInTheBackground()"))
                .hasMessageStartingWith("experiment 'stock'")
                .hasMessageContaining("candidate returned 4");
        assertThat(outcomes.get("fails()"))
                .hasMessageContaining(
                        "experiment 'broken': IGNORE failed with java.lang.IllegalStateException: no rule")
                .hasMessageContaining("experiment 'broken': candidate 'candidate' mismatched");
        assertThat(outcomes.get("runsAnother(RecordingPublisher)"))
                .hasMessage("expected at least 1 results of experiment 'price', but there were 0; "
                        + "results by experiment: {stock=1}");
        // after the tests: nobody's
        Production.APPLICATION.price.run(() -> 1, () -> 2);
        Production.APPLICATION.close();
    }

    @WithScientist
    static class TwoScientists {
        static final Application APPLICATION = new Application();

        @Test
        void runsTheOther(Scientist scientist) {
            scientist.<Integer>experiment("own").build().run(() -> 1, () -> 1);
            APPLICATION.price.run(() -> 1, () -> 2);
        }

        @Test
        void startsARunThatIsNotEndedAfterIt(Scientist scientist) throws Exception {
            CountDownLatch isOver = new CountDownLatch(1);
            scientist
                    .<Integer>experiment("own")
                    .execution(Execution.background().timeLimit(Duration.ofMinutes(5)))
                    .build()
                    .run(() -> 1, () -> {
                        // longer than closing waits
                        isOver.await(6, java.util.concurrent.TimeUnit.SECONDS);
                        return 2;
                    });
        }

        @Test
        void losesARun(Scientist scientist) {
            APPLICATION
                    .scientist
                    .<Integer>experiment("lost")
                    .execution(Execution.background().on(task -> {}).timeLimit(Duration.ofMillis(50)))
                    .build()
                    .run(() -> 1, () -> 1);
        }
    }

    /** A test that was handed a scientist was green whatever that of the application found. */
    @Test
    void seesEveryScientistToTheEndOfEachRun() {
        Map<String, Throwable> outcomes = Suite.run(TwoScientists.class).outcomes();
        assertThat(outcomes.get("runsTheOther(Scientist)"))
                .hasMessageStartingWith("experiment 'price': candidate 'candidate' mismatched");
        assertThat(outcomes.get("startsARunThatIsNotEndedAfterIt(Scientist)"))
                .hasMessageStartingWith("experiment 'own': candidate 'candidate' mismatched");
        assertThat(outcomes.get("losesARun(Scientist)"))
                .hasMessageContaining("experiment 'lost': a run was dropped as REJECTED, so nothing was compared");
        TwoScientists.APPLICATION.close();
    }

    @WithScientist
    @org.junit.jupiter.api.parallel.Execution(ExecutionMode.CONCURRENT)
    static class ParallelProduction {
        static final Application APPLICATION = new Application();

        private static final CyclicBarrier BOTH = new CyclicBarrier(2);

        @Test
        void matches() throws Exception {
            run(1);
        }

        @Test
        void mismatches() throws Exception {
            run(2);
        }

        private static void run(int candidate) throws Exception {
            BOTH.await();
            APPLICATION.price.run(() -> 1, () -> candidate);
            BOTH.await();
        }
    }

    @Test
    void keepsParallelTestsOfOneApplicationApart() {
        Suite suite = Suite.run(PARALLEL, selectClass(ParallelProduction.class));
        assertThat(suite.passed()).containsExactly("matches()");
        assertThat(suite.failed()).containsExactly("mismatches()");
        ParallelProduction.APPLICATION.close();
    }
}
