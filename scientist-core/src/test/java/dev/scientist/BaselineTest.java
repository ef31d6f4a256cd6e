package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scientist.compare.Comparators;
import dev.scientist.publish.RecordingPublisher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BaselineTest {

    private static final Gate ALWAYS = (request, input) -> true;
    private static final Gate NEVER = (request, input) -> false;

    record Price(int amount, int stamp) {}

    private final AtomicInteger controlRuns = new AtomicInteger();
    private final RecordingPublisher published = new RecordingPublisher();
    private final Scientist scientist = Scientist.builder().publisher(published).build();

    /** A control that cannot repeat its stamp. */
    private Price control() {
        return new Price(7, controlRuns.incrementAndGet());
    }

    private Experiment.Builder<Price> experiment(String name) {
        return scientist.<Price>experiment(name).comparator(Comparators.structural());
    }

    @Test
    void comparesTheControlWithItselfApartFromTheCandidates() {
        Experiment<Price> experiment = experiment("admitted").baseline(ALWAYS).build();

        Price returned = experiment.run(this::control, () -> new Price(8, -1));

        Result<?> result = published.results().get(0);
        assertThat(controlRuns).hasValue(2);
        assertThat(returned).isSameAs(result.control().value());
        assertThat(result.comparisons()).hasSize(1);
        assertThat(result.comparisons().get(0).candidate().name()).isEqualTo("candidate");
        assertThat(result.baseline()).isNotNull();
        assertThat(result.baseline().candidate().name()).isEqualTo("control");
        assertThat(result.baseline().differences()).extracting(Difference::path).containsExactly("stamp");
        assertThat(result.order()).containsExactlyInAnyOrder("control", "control", "candidate");
    }

    @Test
    void listsWhereTheControlDiffersFromItself() {
        Experiment<Price> experiment = experiment("noisy").baseline(ALWAYS).build();

        experiment.run(this::control, () -> new Price(8, -1));

        assertThat(experiment.noise()).containsExactly(Map.entry("stamp", 1L));
    }

    /** A comparator tells of three lines that differ: one place, in one run. */
    @Test
    void countsThePlacesOfARunOnce() {
        Experiment<List<Integer>> experiment = scientist
                .<List<Integer>>experiment("lines")
                .comparator(Comparators.structural())
                .baseline(ALWAYS)
                .build();

        experiment.run(() -> List.of(controlRuns.incrementAndGet(), controlRuns.incrementAndGet()), List::of);

        assertThat(experiment.noise()).containsExactly(Map.entry("[*]", 1L));
    }

    @Test
    void ignoringNoiseIgnoresDifferencesAtNoisyPlacesAloneOnceTheyAreKnown() {
        Experiment<Price> experiment =
                experiment("ignoring-noise").baseline(ALWAYS).ignoringNoise().build();

        for (int i = 0; i < 50; i++) {
            experiment.run(this::control, () -> new Price(7, -1));
        }
        assertThat(published.results()).allMatch(Result::mismatched);

        experiment.run(this::control, () -> new Price(7, -1));
        experiment.run(this::control, () -> new Price(8, -1));

        Result<?> stampAlone = published.results().get(50);
        assertThat(stampAlone.ignored()).isTrue();
        assertThat(stampAlone.comparisons().get(0).ignoredBecause()).isEqualTo(Comparison.NOISE);
        assertThat(published.results().get(51).mismatched())
                .as("the amount differs too")
                .isTrue();
        assertThat(stampAlone.baseline()).isNotNull();
        assertThat(stampAlone.baseline().outcome()).isEqualTo(Outcome.MISMATCHED);
    }

    @Test
    void aPlaceWhereTheControlRarelyDiffersFromItselfIsNoNoise() {
        AtomicInteger runs = new AtomicInteger();
        Experiment<Price> experiment =
                experiment("rare").baseline(ALWAYS).ignoringNoise().build();
        for (int i = 0; i < 100; i++) {
            // two runs of the control for each: the second differs in 4 of 100
            experiment.run(() -> new Price(7, runs.getAndIncrement() % 50 == 1 ? 1 : 0), () -> new Price(7, 0));
        }
        experiment.run(() -> new Price(7, 0), () -> new Price(7, 9));

        assertThat(experiment.noise()).containsExactly(Map.entry("stamp", 4L));
        assertThat(published.results().get(100).mismatched()).isTrue();
    }

    @Test
    void throwingIsAPlaceOfItsOwnThatNoiseElsewhereDoesNotExcuse() {
        Experiment<Price> experiment =
                experiment("throws").baseline(ALWAYS).ignoringNoise().build();
        for (int i = 0; i < 60; i++) {
            experiment.run(this::control, () -> new Price(7, -1));
        }
        experiment.run(this::control, () -> {
            throw new java.io.IOException();
        });

        Comparison<?> threw = published.results().get(60).comparisons().get(0);
        assertThat(threw.outcome()).isEqualTo(Outcome.MISMATCHED);
        assertThat(threw.signature()).isEqualTo("(threw IOException)");
    }

    @Test
    void ignoringNoiseNeedsABaseline() {
        assertThatThrownBy(() -> experiment("none").ignoringNoise().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("experiment 'none': ignoring noise needs a baseline");
    }

    @Test
    void aNoisyBaselineIsNoMismatch() {
        Experiment<Price> experiment = experiment("ignored")
                .ignore("stamps differ", (a, b) -> a.amount() == b.amount())
                .baseline(ALWAYS)
                .build();

        experiment.run(this::control, () -> new Price(7, 0));

        assertThat(published.results().get(0).mismatched()).isFalse();
        assertThat(published.results().get(0).ignored()).isTrue();
    }

    @Test
    void runsTheControlOnceWhereTheBaselineGateIsClosed() {
        Experiment<Price> experiment = experiment("closed").baseline(NEVER).build();

        experiment.run(this::control, () -> new Price(7, 1));

        assertThat(controlRuns).hasValue(1);
        assertThat(published.results().get(0).baseline()).isNull();
    }

    @Test
    void runsTheControlOnceWhereTheExperimentIsClosed() {
        Experiment<Price> experiment =
                experiment("gate-closed").gate(NEVER).baseline(ALWAYS).build();

        experiment.run(this::control, () -> new Price(7, 1));

        assertThat(controlRuns).hasValue(1);
        assertThat(published.results()).isEmpty();
    }

    @Test
    void servesSeveralCandidates() {
        Experiment<Price> experiment = experiment("several").baseline(ALWAYS).build();

        experiment
                .control(this::control)
                .candidate("a", () -> new Price(7, 1))
                .candidate("b", () -> new Price(7, 2))
                .run();

        Result<?> result = published.results().get(0);
        assertThat(result.comparisons())
                .extracting(comparison -> comparison.candidate().name())
                .containsExactly("a", "b");
        assertThat(result.baseline()).isNotNull();
        assertThat(result.order()).hasSize(4);
    }

    @Test
    void runsInTheBackgroundToo() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        Experiment<Price> experiment = experiment("background")
                .execution(Execution.background().timeLimit(Duration.ofMinutes(1)))
                .baseline(ALWAYS)
                .afterRun(result -> done.countDown())
                .build();

        experiment.run(this::control, () -> new Price(8, -1));

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        Result<?> result = published.results().get(0);
        assertThat(result.comparisons()).hasSize(1);
        assertThat(result.baseline()).isNotNull();
        assertThat(result.baseline().differences()).extracting(Difference::path).containsExactly("stamp");
        assertThat(List.of("control", "control", "candidate")).containsExactlyInAnyOrderElementsOf(result.order());
        scientist.close();
    }

    @Test
    void placesOfNoiseAreBounded() {
        AtomicInteger place = new AtomicInteger();
        Experiment<Price> experiment = scientist
                .<Price>experiment("wide")
                .comparator((control, candidate) ->
                        List.of(Difference.of("place" + place.incrementAndGet() % 500, control, candidate)))
                .baseline(ALWAYS)
                .build();
        for (int i = 0; i < 1_000; i++) {
            experiment.run(this::control, () -> new Price(8, -1));
        }

        assertThat(experiment.noise()).hasSize(Noise.MAX_PLACES);
        assertThat(experiment.noise().values())
                .allSatisfy(times -> assertThat(times).isBetween(1L, 4L));
    }
}
