package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.publish.RecordingPublisher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An experiment of one scientist that compares as one of another does, as suites want it. */
class LikeAnotherExperimentTest {

    @Test
    void takesOverHowItComparesAndNothingElse() {
        List<String> elsewhere = new ArrayList<>();
        Scientist production = Scientist.builder()
                .publisher(result -> elsewhere.add("published"))
                .raiseOnMismatch(true)
                .build();
        Experiment<String> like = production
                .<String>experiment("like")
                .matching((control, candidate) -> control.equalsIgnoreCase(candidate))
                .matchingErrors((control, candidate) -> true)
                .ignore("known", (control, candidate) -> candidate.isEmpty())
                .clean(text -> "cleaned")
                .snapshotInput(StringBuilder.class, StringBuilder::new)
                .enabled(() -> false)
                .context("host", "production")
                .beforeRun(() -> elsewhere.add("before"))
                .afterRun(result -> elsewhere.add("after"))
                .publisher(result -> elsewhere.add("own"))
                .baseline((request, input) -> true)
                .execution(Execution.concurrent(java.time.Duration.ofSeconds(1)))
                .build();

        RecordingPublisher results = new RecordingPublisher();
        Scientist other = Scientist.builder().publisher(results).build();
        Experiment<String> experiment = like.toBuilder("test", other)
                .execution(Execution.controlFirst())
                .build();
        experiment.run(() -> "A", () -> "a");
        experiment.run(() -> "A", () -> "");
        experiment.run(() -> "A", () -> "b");
        experiment.run(
                new StringBuilder("a"),
                input -> input.append("x").toString(),
                input -> input.append("x").toString());

        assertThat(results.results().stream()
                        .map(result -> result.comparisons().get(0).outcome()))
                .containsExactly(Outcome.MATCHED, Outcome.IGNORED, Outcome.MISMATCHED, Outcome.MATCHED);
        assertThat(results.results()).allSatisfy(result -> {
            assertThat(result.control().cleaned()).isEqualTo("cleaned");
            assertThat(result.context()).isEqualTo(Map.of());
            assertThat(result.order()).containsExactly("control", "candidate");
            assertThat(result.baseline()).isNull();
        });
        assertThat(elsewhere).isEmpty();
        assertThat(production.experiments()).containsExactly(like);
        assertThat(other.find("test")).containsSame(experiment);
    }
}
