package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What experiments share, and their register. */
class ScientistTest {

    private final Lab lab = new Lab();

    @AfterEach
    void close() {
        lab.close();
    }

    /** Remembers what it is told, in order. */
    private static final class Listener implements Publisher {
        final List<String> told = new ArrayList<>();

        @Override
        public void publish(Result<?> result) {
            told.add("publish " + result.experiment().name());
        }

        @Override
        public void defined(Experiment<?> experiment) {
            told.add("defined " + experiment.name());
        }

        @Override
        public void close() {
            told.add("close");
        }
    }

    // ---- register ----

    @Test
    void itKnowsItsExperimentsByName() {
        Experiment<Integer> a = lab.scientist.<Integer>experiment("a").build();
        Experiment<String> b = lab.scientist.<String>experiment("b").build();

        assertThat(lab.scientist.experiments()).containsExactlyInAnyOrder(a, b);
        assertThat(lab.scientist.find("a").orElseThrow() == a).isTrue();
        assertThat(lab.scientist.find("c")).isEmpty();
        assertThatThrownBy(() -> lab.scientist.experiments().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void anExperimentIsKnownOnceItIsBuilt() {
        Experiment.Builder<Integer> builder = lab.experiment();
        assertThat(lab.scientist.experiments()).isEmpty();

        Experiment<Integer> experiment = builder.build();
        assertThat(lab.scientist.experiments()).containsExactly(experiment);
        assertThat(experiment).hasToString("experiment 'test'");
    }

    @Test
    void aNameThatIsDefinedTwiceIsAnErrorThatSaysWhatToDo() {
        Listener listener = new Listener();
        Experiment<Integer> first =
                lab.<Integer>experiment().publisher(listener).build();

        assertThatThrownBy(() -> lab.experiment().publisher(listener).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("experiment 'test' was already defined: define it once, keep it in a field, and run it"
                        + " from there");

        assertThat(lab.scientist.experiments()).containsExactly(first);
        assertThat(listener.told).containsExactly("defined test");
    }

    @Test
    void twoScientistsHaveNamesOfTheirOwn() {
        lab.experiment().build();
        try (Lab other = new Lab()) {
            assertThat(other.experiment().build().name()).isEqualTo("test");
        }
    }

    @Test
    void thereAreNoMoreExperimentsThanTheLimit() {
        try (Lab own = new Lab()) {
            for (int i = 0; i < Scientist.MAX_EXPERIMENTS; i++) {
                own.scientist.experiment("experiment " + i).build();
            }

            assertThatThrownBy(() -> own.scientist.experiment("user 4711").build())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("experiment 'user 4711' would be one more than the 10000 that a scientist can have: are"
                            + " names made from data?");
            assertThat(own.scientist.experiments()).hasSize(Scientist.MAX_EXPERIMENTS);
        }
    }

    @Test
    void anExperimentCanBeDerivedFromAnother() {
        AtomicInteger hooks = new AtomicInteger();
        Experiment<Integer> base = lab.<Integer>experiment()
                .matching((control, candidate) -> Math.abs(control - candidate) < 10)
                .ignore("a hundred", (control, candidate) -> candidate == 100)
                .clean(value -> "cleaned " + value)
                .context("key", "base")
                .execution(Execution.controlFirst())
                .beforeRun(hooks::incrementAndGet)
                .afterRun(result -> hooks.incrementAndGet())
                .build();
        Experiment<Integer> derived = base.toBuilder("derived")
                .context("more", 1)
                .raiseOnMismatch(true)
                .build();

        assertThat(derived.run(() -> 1, () -> 2)).isEqualTo(1);
        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
        assertThat(lab.result().experiment().name()).isEqualTo("derived");
        assertThat(lab.result().context()).isEqualTo(Map.of("key", "base", "more", 1));
        assertThat(lab.result().control().cleaned()).isEqualTo("cleaned 1");
        assertThat(lab.result().order()).containsExactly("control", "candidate");
        assertThat(hooks).hasValue(2);

        lab.results.clear();
        derived.run(() -> 1, () -> 100);
        assertThat(lab.comparison().ignoredBecause()).isEqualTo("a hundred");

        lab.results.clear();
        assertThatThrownBy(() -> derived.run(() -> 1, () -> 50)).isInstanceOf(MismatchError.class);
        lab.results.clear();
        assertThat(base.run(() -> 1, () -> 50)).isEqualTo(1);
        assertThat(lab.result().context()).isEqualTo(Map.of("key", "base"));
    }

    @Test
    void aDerivedExperimentMaySettleEverythingAnew() {
        Experiment<Integer> base = lab.<Integer>experiment()
                .enabled(() -> false)
                .matching((control, candidate) -> false)
                .clean(value -> "base")
                .build();

        base.toBuilder("derived")
                .enabled(() -> true)
                .matching((control, candidate) -> true)
                .clean(value -> "derived")
                .build()
                .run(() -> 1, () -> 2);

        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
        assertThat(lab.result().control().cleaned()).isEqualTo("derived");
    }

    // ---- publishers ----

    @Test
    void publishersAreToldOfDefinitionsBeforeTheFirstRunAndClosedAtTheEnd() {
        Listener shared = new Listener();
        Listener own = new Listener();
        Scientist scientist = Scientist.builder().publisher(shared).build();
        Experiment<Integer> a =
                scientist.<Integer>experiment("a").publisher(own).build();
        Experiment<Integer> b = scientist.<Integer>experiment("b").build();
        a.run(() -> 1, () -> 1);
        b.run(() -> 1, () -> 1);
        scientist.close();

        assertThat(shared.told).containsExactly("defined a", "defined b", "publish a", "publish b", "close");
        assertThat(own.told).containsExactly("defined a", "publish a", "close");
    }

    @Test
    void aPublisherOfSeveralExperimentsIsClosedOnce() {
        Listener listener = new Listener();
        Scientist scientist = Scientist.builder().publisher(listener).build();
        scientist.experiment("a").publisher(listener).build();
        scientist.experiment("b").publisher(listener).build();
        scientist.close();

        assertThat(listener.told.stream().filter("close"::equals)).hasSize(1);
    }

    @Test
    void publishersAreHandedTheResultInTheOrderGivenTheScientistsFirst() {
        List<String> order = new ArrayList<>();
        Scientist scientist = Scientist.builder()
                .publisher(result -> order.add("scientist 1"))
                .publisher(result -> order.add("scientist 2"))
                .build();
        scientist
                .experiment("a")
                .publisher(result -> order.add("experiment 1"))
                .publisher(result -> order.add("experiment 2"))
                .build()
                .run(() -> 1, () -> 1);
        scientist.close();

        assertThat(order).containsExactly("scientist 1", "scientist 2", "experiment 1", "experiment 2");
    }

    // ---- closing ----

    @Test
    void onceClosedRunsArePlainCallsOfTheControl() {
        Experiment<Integer> experiment = lab.<Integer>experiment().build();
        AtomicInteger candidates = new AtomicInteger();
        lab.scientist.close();

        assertThat(experiment.run(() -> 1, candidates::incrementAndGet)).isEqualTo(1);
        experiment.switchOn();
        lab.scientist.switchOn();
        assertThat(experiment.run(() -> 1, candidates::incrementAndGet)).isEqualTo(1);

        assertThat(candidates).hasValue(0);
        assertThat(experiment.isOn()).isFalse();
        assertThat(lab.results.received()).isZero();
    }

    @Test
    void definingOnOneThatIsClosedIsAnError() {
        lab.scientist.close();
        lab.scientist.switchOn();

        assertThatThrownBy(() -> lab.<Integer>experiment().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("experiment 'test' cannot be defined: its scientist is closed");
    }

    @Test
    void closingTwiceClosesPublishersOnce() {
        Listener listener = new Listener();
        Scientist scientist = Scientist.builder().publisher(listener).build();
        scientist.close();
        scientist.close();

        assertThat(listener.told).containsExactly("close");
    }

    @Test
    void aRunThatIsUnderWayOnTheCallersThreadIsFinished() {
        Experiment<Integer> experiment =
                lab.<Integer>experiment().execution(Execution.controlFirst()).build();

        experiment.run(
                () -> {
                    lab.scientist.close();
                    return 1;
                },
                () -> 1);

        assertThat(experiment.counts()).isEqualTo(new Counts(1, 1, Map.of()));
    }

    // ---- settings ----

    private static Stream<Map.Entry<String, UnaryOperator<Scientist.Builder>>> settings() {
        return Stream.of(
                Map.entry("failure handler", b -> b.failureHandler((experiment, operation, failure) -> {})),
                Map.entry("enabled", b -> b.enabled(() -> true)),
                Map.entry("clock", b -> b.clock(() -> 0)),
                Map.entry("random", b -> b.random(Lab.always(0))),
                Map.entry("executor", b -> b.executor(Runnable::run)));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void aSettingThatIsGivenTwiceIsAnError(Map.Entry<String, UnaryOperator<Scientist.Builder>> setting) {
        Scientist.Builder builder = setting.getValue().apply(Scientist.builder());

        assertThatThrownBy(() -> setting.getValue().apply(builder))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(setting.getKey() + " was already set");
    }

    private static Stream<Map.Entry<String, UnaryOperator<Experiment.Builder<Integer>>>> experimentSettings() {
        return Stream.of(
                Map.entry("enabled", b -> b.enabled(() -> true)),
                Map.entry("gate", b -> b.gate((request, input) -> true)),
                Map.entry("comparator", b -> b.comparator(ResultComparator.equality())),
                Map.entry("comparator", b -> b.matching((control, candidate) -> true)),
                Map.entry("error comparator", b -> b.errorComparator(ResultComparator.equality())),
                Map.entry("error comparator", b -> b.matchingErrors((control, candidate) -> true)),
                Map.entry("cleaner", b -> b.clean(value -> value)),
                Map.entry("raise on mismatch", b -> b.raiseOnMismatch(false)),
                Map.entry("mismatch error", b -> b.mismatchError(MismatchError::new)),
                Map.entry("dispose", b -> b.dispose(value -> {})),
                Map.entry("execution", b -> b.execution(Execution.inline())),
                Map.entry("measure resources", b -> b.measureResources(false)),
                Map.entry("snapshot", b -> b.snapshot(value -> value)),
                Map.entry("input snapshot", b -> b.snapshotInput(String.class, input -> input)));
    }

    @ParameterizedTest
    @MethodSource("experimentSettings")
    void aSettingOfAnExperimentThatIsGivenTwiceIsAnErrorThatNamesBoth(
            Map.Entry<String, UnaryOperator<Experiment.Builder<Integer>>> setting) {
        Experiment.Builder<Integer> builder = setting.getValue().apply(lab.experiment());

        assertThatThrownBy(() -> setting.getValue().apply(builder))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("experiment 'test': " + setting.getKey() + " was already set");
    }

    @Test
    void aPredicateAndAComparatorAreTheSameSetting() {
        assertThatThrownBy(() -> lab.<Integer>experiment()
                        .matching((control, candidate) -> true)
                        .comparator(ResultComparator.equality()))
                .hasMessage("experiment 'test': comparator was already set");
    }

    private static Stream<Map.Entry<String, UnaryOperator<Experiment.Builder<Integer>>>> missingSettings() {
        return Stream.of(
                Map.entry("gate", b -> b.gate(null)),
                Map.entry("enabled", b -> b.enabled(null)),
                Map.entry("comparator", b -> b.comparator(null)),
                Map.entry("comparator", b -> b.matching(null)),
                Map.entry("error comparator", b -> b.errorComparator(null)),
                Map.entry("error comparator", b -> b.matchingErrors(null)),
                Map.entry("ignore rule", b -> b.ignore("reason", null)),
                Map.entry("ignore rule", b -> b.ignoreWhere("reason", null)),
                Map.entry("cleaner", b -> b.clean(null)),
                Map.entry("context", b -> b.context(null)),
                Map.entry("before-run hook", b -> b.beforeRun(null)),
                Map.entry("after-run hook", b -> b.afterRun(null)),
                Map.entry("execution", b -> b.execution(null)),
                Map.entry("snapshot", b -> b.snapshot(null)),
                Map.entry("publisher", b -> b.publisher(null)));
    }

    @ParameterizedTest
    @MethodSource("missingSettings")
    void aSettingThatIsNullIsAnErrorThatNamesIt(Map.Entry<String, UnaryOperator<Experiment.Builder<Integer>>> setting) {
        assertThatThrownBy(() -> setting.getValue().apply(lab.experiment()))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("experiment 'test': " + setting.getKey());
    }

    @Test
    void numbersOutOfBoundsAreErrorsThatNameTheSetting() {
        assertThatThrownBy(() -> Scientist.builder().workers(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("workers must be at least 1, not 0");
        assertThatThrownBy(() -> Scientist.builder().queueCapacity(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("queue capacity must be at least 1, not -1");
        assertThatThrownBy(() -> Scientist.builder().closeLimit(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("close limit must be from zero to a day, not PT-1S");
        assertThatThrownBy(() -> Scientist.builder().closeLimit(Duration.ofDays(2)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
