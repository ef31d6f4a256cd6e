package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Hooks run before and after, only when the experiment runs. */
class HooksTest {

    private final List<String> events = new ArrayList<>();
    private final Lab lab = new Lab(builder -> builder.publisher(result -> events.add("publish")));

    @AfterEach
    void close() {
        lab.close();
    }

    private Experiment.Builder<Integer> withHooks() {
        return lab.<Integer>experiment()
                .execution(Execution.controlFirst())
                .beforeRun(() -> events.add("before 1"))
                .beforeRun(() -> events.add("before 2"))
                .matching((control, candidate) -> events.add("compare"))
                .afterRun(result -> events.add("after 1"))
                .afterRun(result -> events.add("after 2"));
    }

    private Integer run(Experiment<Integer> experiment) {
        return experiment.run(
                () -> {
                    events.add("control");
                    return 1;
                },
                () -> {
                    events.add("candidate");
                    return 2;
                });
    }

    @Test
    void hooksRunBeforeTheBehaviorsAndAfterPublishingInTheOrderGiven() {
        run(withHooks().build());

        assertThat(events)
                .containsExactly(
                        "before 1", "before 2", "control", "candidate", "compare", "publish", "after 1", "after 2");
    }

    @Test
    void trialsRunThemTheSame() {
        withHooks()
                .build()
                .control(() -> 1)
                .candidate("a", () -> 1)
                .candidate("b", () -> 1)
                .run();

        assertThat(events)
                .containsExactly("before 1", "before 2", "compare", "compare", "publish", "after 1", "after 2");
    }

    @Test
    void noHookRunsWhenTheExperimentDoesNot() {
        Experiment<Integer> closed = withHooks().enabled(() -> false).build();
        run(closed);
        closed.control(() -> 1).candidate(() -> 1).run();

        assertThat(events).containsExactly("control");
    }

    @Test
    void afterRunIsHandedTheResultThatWasPublished() {
        List<Result<?>> seen = new ArrayList<>();
        lab.<Integer>experiment().afterRun(seen::add).build().run(() -> 1, () -> 2);

        assertThat(seen).hasSize(1);
        assertThat((Object) seen.get(0)).isSameAs(lab.result());
    }

    @Test
    void hooksRunWhenTheControlThrows() {
        IllegalStateException thrown = new IllegalStateException();

        assertThat(catchThrowable(() -> withHooks()
                        .build()
                        .run(
                                () -> {
                                    throw thrown;
                                },
                                () -> 1)))
                .isSameAs(thrown);

        assertThat(events).containsExactly("before 1", "before 2", "publish", "after 1", "after 2");
    }

    @Test
    void aHookThatThrowsIsReportedAndTheRunGoesOn() {
        Error before = new LinkageError("before");
        Error after = new StackOverflowError("after");
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .beforeRun(() -> {
                    throw before;
                })
                .beforeRun(() -> events.add("before"))
                .afterRun(result -> {
                    throw after;
                })
                .afterRun(result -> events.add("after"))
                .build();

        assertThat(run(experiment)).isEqualTo(1);

        assertThat(events).contains("before", "control", "candidate", "publish", "after");
        assertThat(lab.failures)
                .containsExactly(
                        new Lab.Failure("test", Operation.BEFORE_RUN, before),
                        new Lab.Failure("test", Operation.AFTER_RUN, after));
        assertThat(lab.results.received()).isEqualTo(1);
    }
}
