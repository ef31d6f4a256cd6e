package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Experiments that are defined where they are used. */
class InlineDefinitionTest {

    private final Lab lab = new Lab();
    private final AtomicInteger definitions = new AtomicInteger();

    @AfterEach
    void close() {
        lab.close();
    }

    private Experiment<Integer> here() {
        return lab.scientist.<Integer>experiment("here", e -> {
            definitions.incrementAndGet();
            e.matching((control, candidate) -> control + 1 == candidate);
        });
    }

    @Test
    void theFirstCallDefinesAndTheOthersFind() {
        Experiment<Integer> first = here();
        Experiment<Integer> second = here();

        assertThat(second).isSameAs(first);
        assertThat(lab.scientist.find("here")).containsSame(first);
        assertThat(definitions).hasValue(1);
        assertThat(first.run(() -> 1, () -> 2)).isEqualTo(1);
        assertThat(lab.result().matched()).isTrue();
        assertThat(lab.failures).isEmpty();
    }

    @Test
    void alsoWhatIsCapturedIsTheSamePlace() {
        for (int i = 0; i < 10; i++) {
            int context = i;
            lab.scientist.<Integer>experiment("capturing", e -> e.context("first", context));
        }

        assertThat(lab.failures).isEmpty();
    }

    @Test
    void anotherPlaceThatDefinesTheSameNameIsToldOnceAndGetsTheFirst() {
        Experiment<Integer> first = here();
        for (int i = 0; i < 10; i++) {
            Experiment<Integer> other = lab.scientist.experiment("here", e -> e.raiseOnMismatch(true));
            assertThat(other).isSameAs(first);
        }

        assertThat(lab.failedOperations()).containsExactly(Operation.DEFINE);
        assertThat(lab.failures.get(0).throwable()).hasMessageContaining("'here' is defined in two places");
    }

    @Test
    void aDefinitionThatFailsIsReportedOnceAndTheControlRunsAlone() {
        IllegalStateException failure = new IllegalStateException();
        AtomicInteger candidates = new AtomicInteger();
        for (int i = 0; i < 10; i++) {
            Experiment<Integer> experiment = lab.scientist.experiment("failing", e -> {
                throw failure;
            });
            assertThat(experiment.run(() -> 1, candidates::incrementAndGet)).isEqualTo(1);
        }

        assertThat(lab.failures).containsExactly(new Lab.Failure("failing", Operation.DEFINE, failure));
        assertThat(candidates).hasValue(0);
    }

    @Test
    void nothingThatIsWrongIsThrownAtTheCaller() {
        lab.scientist.<Integer>experiment("built").build();

        assertRunsTheControl(lab.scientist.experiment(null, e -> {}));
        assertRunsTheControl(lab.scientist.experiment("\u202e", e -> {}));
        assertRunsTheControl(lab.scientist.experiment("no definition", null));
        assertRunsTheControl(lab.scientist.experiment("built", e -> {}));
        lab.scientist.close();
        assertRunsTheControl(lab.scientist.experiment("late", e -> {}));

        assertThat(lab.failedOperations()).hasSize(5).containsOnly(Operation.DEFINE);
        assertThat(lab.results.received()).isZero();
    }

    private static void assertRunsTheControl(Experiment<Integer> experiment) {
        assertThat(experiment.run(() -> 1, () -> 2)).isEqualTo(1);
    }

    @Test
    void aDefinitionMayDefineAnother() {
        Experiment<Integer> outer = lab.scientist.experiment("outer", e -> lab.scientist.experiment("inner", f -> {}));

        assertThat(outer.run(() -> 1, () -> 1)).isEqualTo(1);
        assertThat(lab.scientist.experiments())
                .extracting(Experiment::name)
                .containsExactlyInAnyOrder("outer", "inner");
        assertThat(lab.failures).isEmpty();
    }

    @Test
    void namesThatAreMadeFromDataAreBoundedAndReportedOnce() {
        for (int i = 0; i < Scientist.MAX_EXPERIMENTS + 100; i++) {
            assertRunsTheControl(lab.scientist.experiment("user " + i, e -> {}));
        }

        assertThat(lab.scientist.experiments()).hasSize(Scientist.MAX_EXPERIMENTS);
        assertThat(lab.failedOperations()).containsExactly(Operation.DEFINE);
    }

    @Test
    void aScientistForUnitTestsRunsControlsAlone() {
        AtomicInteger candidates = new AtomicInteger();
        Experiment<Integer> experiment =
                Scientist.controlOnly().<Integer>experiment("test").build();

        assertThat(experiment.run(() -> 1, candidates::incrementAndGet)).isEqualTo(1);
        experiment.switchOn();
        assertThat(experiment
                        .control(() -> 1)
                        .candidate(candidates::incrementAndGet)
                        .run())
                .isEqualTo(1);
        assertThat(candidates).hasValue(0);
        assertThat(experiment.counts().started()).isZero();
    }

    /** A scientist per request costs its threads and what its publishers hold. */
    @Test
    void scientistsThatAreMadeAgainAndAgainAreNoticedOnce() {
        int open = Scientist.OPEN.getAndSet(0);
        try (LogLines log = new LogLines(Scientist.class.getName())) {
            for (int i = 0; i < 1_000; i++) {
                Scientist.builder().build().close();
                Scientist.controlOnly();
            }
            assertThat(log.lines()).isEmpty();
            Scientist.OPEN.set(0);
            for (int i = 0; i < 150; i++) {
                Scientist.builder().build();
            }
            assertThat(log.lines())
                    .containsExactly("WARN 100 scientists are open: make one, share it, and close it when the"
                            + " application stops");
        } finally {
            Scientist.OPEN.set(open);
        }
    }
}
