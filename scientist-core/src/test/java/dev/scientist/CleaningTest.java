package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Values are made fit to be shown, and are withheld where that fails. */
class CleaningTest {

    private final Lab lab = new Lab();

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void theCleanerMakesTheValuesThatAreShown() {
        Experiment<List<String>> experiment =
                lab.<List<String>>experiment().clean(List::size).build();
        List<String> value = List.of("secret", "secret too");

        assertThat(experiment.run(() -> value, List::of)).isSameAs(value);

        assertThat(lab.result().control().cleaned()).isEqualTo(2);
        assertThat(lab.comparison().candidate().cleaned()).isEqualTo(0);
        assertThat((Object) lab.result().control().value()).isSameAs(value);
    }

    @Test
    void withoutACleanerTheValueIsTheCleanedValue() {
        Object value = new Object();
        lab.experiment().build().run(() -> value, () -> value);

        assertThat(lab.result().control().cleaned()).isSameAs(value);
    }

    @Test
    void nullIsNotCleanedAndFalseIs() {
        List<Object> seen = new ArrayList<>();
        Experiment<Boolean> experiment = lab.<Boolean>experiment()
                .clean(value -> {
                    seen.add(value);
                    return "cleaned " + value;
                })
                .build();

        experiment.run(() -> false, () -> null);

        assertThat(lab.result().control().cleaned()).isEqualTo("cleaned false");
        assertThat(lab.comparison().candidate().cleaned()).isNull();
        assertThat(seen).containsExactly(false);
    }

    @Test
    void whatThrewHasNothingToClean() {
        AtomicInteger asked = new AtomicInteger();
        Experiment<String> experiment =
                lab.<String>experiment().clean(value -> asked.incrementAndGet()).build();

        catchThrowable(() -> experiment.run(
                () -> {
                    throw new IllegalStateException();
                },
                () -> {
                    throw new IllegalStateException();
                }));

        assertThat(lab.result().control().cleaned()).isNull();
        assertThat(asked).hasValue(0);
    }

    @Test
    void aCleanerMayReturnNull() {
        lab.<String>experiment().clean(value -> null).build().run(() -> "a", () -> "a");

        assertThat(lab.result().control().cleaned()).isNull();
        assertThat(lab.failures).isEmpty();
    }

    @Test
    void aCleanerThatThrowsIsReportedAndTheValueIsWithheld() {
        Error failure = new StackOverflowError("cleaner");
        Experiment<String> experiment = lab.<String>experiment()
                .clean(value -> {
                    throw failure;
                })
                .build();

        assertThat(experiment.run(() -> "secret", () -> "secret")).isEqualTo("secret");

        assertThat(lab.failures).isEmpty();
        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
        Object cleaned = lab.result().control().cleaned();
        assertThat(cleaned).isNotNull();
        assertThat(cleaned.toString())
                .isEqualTo("(withheld: the cleaner failed)")
                .doesNotContain("secret");
        lab.assertOnlyFailure(Operation.CLEAN, failure);
    }

    @Test
    void comparatorsAndIgnoreRulesSeeTheRawValue() {
        List<Object> seen = new ArrayList<>();
        lab.<String>experiment()
                .clean(value -> "cleaned")
                .matching((control, candidate) -> {
                    seen.add(control);
                    return false;
                })
                .ignore("never", (control, candidate) -> {
                    seen.add(candidate);
                    return false;
                })
                .build()
                .run(() -> "raw control", () -> "raw candidate");

        assertThat(seen).containsExactly("raw control", "raw candidate");
    }

    @Test
    void theTextOfResultsAndTheirPartsShowsNoPrivateValue() {
        lab.<String>experiment().build().run(() -> "secret one", () -> "secret two");

        assertThat(lab.result().toString()).doesNotContain("secret");
        assertThat(lab.comparison().toString()).doesNotContain("secret");
        assertThat(lab.result().control().toString()).doesNotContain("secret").contains("control");
        assertThat(lab.comparison().differences().toString()).doesNotContain("secret");
    }

    @Test
    void theTextOfAnObservationShowsABoolean() {
        lab.<Boolean>experiment().build().run(() -> true, () -> false);

        assertThat(lab.result().control().toString()).contains("returned true");
        assertThat(lab.comparison().candidate().toString()).contains("returned false");
    }
}
