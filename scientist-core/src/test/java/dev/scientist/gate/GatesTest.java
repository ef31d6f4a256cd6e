package dev.scientist.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scientist.Experiment;
import dev.scientist.Gate;
import dev.scientist.Operation;
import dev.scientist.Scientist;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ready-made gates, seen through the experiments that they guard. */
class GatesTest {

    private static final long SEED = Long.getLong("scientist.seed", 20_240_229L);
    private static final int RUNS = 10_000;

    private final List<Operation> operations = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();

    private int admitted(Gate gate, int runs) {
        AtomicInteger candidates = new AtomicInteger();
        try (Scientist scientist = Scientist.builder()
                .publisher(result -> {})
                .random(new SplittableRandom(SEED))
                .failureHandler((experiment, operation, failure) -> {
                    operations.add(operation);
                    failures.add(failure);
                })
                .build()) {
            Experiment<Integer> experiment =
                    scientist.<Integer>experiment("test").gate(gate).build();
            for (int i = 0; i < runs; i++) {
                assertThat(experiment.run(() -> 1, candidates::incrementAndGet)).isEqualTo(1);
            }
            assertThat(experiment.counts().started()).isEqualTo(candidates.get());
        }
        return candidates.get();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 10, 50, 99.5})
    void aShareOfTheRunsIsAdmitted(double percent) {
        double share = percent / 100;
        double expected = RUNS * share;
        double fiveDeviations = 5 * Math.sqrt(RUNS * share * (1 - share));

        assertThat((double) admitted(Gates.percent(percent), RUNS))
                .as("seed %d", SEED)
                .isBetween(expected - fiveDeviations, expected + fiveDeviations);
        assertThat((double) admitted(Gates.percent(() -> percent), RUNS))
                .as("seed %d", SEED)
                .isBetween(expected - fiveDeviations, expected + fiveDeviations);
        assertThat(failures).isEmpty();
    }

    @Test
    void zeroIsNeverAndHundredIsAlways() {
        assertThat(admitted(Gates.percent(0), RUNS)).isZero();
        assertThat(admitted(Gates.percent(100), RUNS)).isEqualTo(RUNS);
        assertThat(admitted(Gates.percent(() -> 0), RUNS)).isZero();
        assertThat(admitted(Gates.percent(() -> 100), RUNS)).isEqualTo(RUNS);
        assertThat(failures).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 100.1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void aNumberThatIsNoPercentageIsAnError(double percent) {
        assertThatThrownBy(() -> Gates.percent(percent))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("percent must be from 0 to 100, not " + percent);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, Double.NaN, Double.NEGATIVE_INFINITY})
    void aSupplierBelowZeroOrWithoutANumberCountsAsZeroAndIsReported(double percent) {
        assertThat(admitted(Gates.percent(() -> percent), 10)).isZero();
        assertReportedEachTime(percent);
    }

    @ParameterizedTest
    @ValueSource(doubles = {100.1, 1e300, Double.POSITIVE_INFINITY})
    void aSupplierAboveHundredCountsAsHundredAndIsReported(double percent) {
        assertThat(admitted(Gates.percent(() -> percent), 10)).isEqualTo(10);
        assertReportedEachTime(percent);
    }

    private void assertReportedEachTime(double percent) {
        assertThat(operations).hasSize(10).containsOnly(Operation.GATE);
        assertThat(failures)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("percent must be from 0 to 100, not " + percent));
    }

    @Test
    void aSupplierIsAskedOnEveryRun() {
        AtomicInteger asked = new AtomicInteger();

        // open for the first three
        assertThat(admitted(Gates.percent(() -> asked.incrementAndGet() <= 3 ? 100 : 0), 10))
                .isEqualTo(3);
        assertThat(asked).hasValue(10);
    }

    @Test
    void aSupplierThatThrowsIsReportedAndCountsAsClosed() {
        Error failure = new LinkageError("flag system");

        assertThat(admitted(
                        Gates.percent(() -> {
                            throw failure;
                        }),
                        1))
                .isZero();
        assertThat(operations).containsExactly(Operation.GATE);
        assertThat(failures.get(0)).isSameAs(failure);
    }

    @Test
    void aMissingSupplierIsAnError() {
        assertThatThrownBy(() -> Gates.percent(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("percent");
    }
}
