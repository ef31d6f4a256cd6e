package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A service calls a service, and so on, and each layer has an experiment. Were candidates to run candidates, the
 * innermost code would be called 2^n times.
 */
@Timeout(30)
class NestedLayersTest {

    private static final int LAYERS = 10;

    private final Lab lab = new Lab();
    private final List<Experiment<Integer>> layers = new ArrayList<>();
    private final AtomicInteger innermost = new AtomicInteger();

    @AfterEach
    void close() {
        lab.close();
    }

    static Stream<Execution> executions() {
        return Stream.of(Execution.inline(), Execution.controlFirst(), Execution.background(), Lab.concurrent());
    }

    private void define(Execution execution) {
        for (int i = 0; i < LAYERS; i++) {
            layers.add(lab.scientist
                    .<Integer>experiment("layer " + i)
                    .execution(execution)
                    .build());
        }
    }

    private void assertEveryLayerPublishedOnce() {
        assertThat(layers).allSatisfy(layer -> {
            assertThat(layer.counts().started()).isEqualTo(1);
            assertThat(layer.counts().published()).isEqualTo(1);
        });
    }

    private int call(int layer) {
        return layer == LAYERS
                ? innermost.incrementAndGet()
                : layers.get(layer).run(() -> call(layer + 1), () -> call(layer + 1));
    }

    @ParameterizedTest
    @MethodSource("executions")
    void tenLayersCallTheInnermostCodeElevenTimes(Execution execution) {
        define(execution);

        call(0);
        lab.close();

        assertThat(innermost).hasValue(LAYERS + 1);
        assertEveryLayerPublishedOnce();
    }

    private int callTrial(int layer) {
        return layer == LAYERS
                ? innermost.incrementAndGet()
                : layers.get(layer)
                        .candidate("old", () -> callTrial(layer + 1))
                        .candidate("new", () -> callTrial(layer + 1))
                        .candidate("newer", () -> callTrial(layer + 1))
                        .run("new");
    }

    /** Whatever is served, the others are the ones that count. */
    @ParameterizedTest
    @MethodSource("executions")
    void withTwoCandidatesEachItIsTwiceAsMany(Execution execution) {
        define(execution);

        callTrial(0);
        lab.close();

        assertThat(innermost).hasValue(2 * LAYERS + 1);
        assertEveryLayerPublishedOnce();
    }

    private CompletableFuture<Integer> callAsync(int layer) {
        return layer == LAYERS
                ? CompletableFuture.completedFuture(innermost.incrementAndGet())
                : layers.get(layer).runAsync(() -> callAsync(layer + 1), () -> callAsync(layer + 1));
    }

    @Test
    void layersOfStagesDoToo() {
        define(Execution.background());

        callAsync(0);
        lab.close();

        assertThat(innermost).hasValue(LAYERS + 1);
        assertEveryLayerPublishedOnce();
    }

    /** That one is not served: what it runs is run for the comparison only. */
    @ParameterizedTest
    @MethodSource("executions")
    void theSecondControlOfABaselineRunsControlsAlone(Execution execution) {
        Experiment<Integer> inner = lab.scientist.<Integer>experiment("inner").build();
        Experiment<Integer> outer = lab.<Integer>experiment()
                .execution(execution)
                .baseline((request, input) -> true)
                .build();

        outer.run(() -> inner.run(() -> 1, () -> 1), () -> 1);
        lab.close();

        assertThat(inner.counts().started()).isEqualTo(1);
        assertThat(lab.results.results()).hasSize(2);
    }

    /** A candidate with threads of its own takes the mark along with the rest of the context, where it is asked to. */
    @Test
    void theMarkGoesAlongToOtherThreads() throws InterruptedException {
        Experiment<Integer> outer = lab.scientist.<Integer>experiment("outer").build();
        Experiment<Integer> inner = lab.scientist.<Integer>experiment("inner").build();
        Experiment<Integer> carrier =
                lab.scientist.<Integer>experiment("carrier").build();

        outer.run(() -> 1, () -> {
            Thread thread = new Thread(carrier.carrying(() -> inner.run(() -> 1, () -> 2)));
            thread.start();
            thread.join();
            return 1;
        });
        assertThat(inner.counts().started()).isZero();

        outer.run(
                () -> {
                    Thread thread = new Thread(carrier.carrying(() -> inner.run(() -> 1, () -> 2)));
                    thread.start();
                    thread.join();
                    return 1;
                },
                () -> 1);
        assertThat(inner.counts().started()).isEqualTo(1);
    }

    @Test
    void afterACandidateTheThreadIsAsBefore() {
        Experiment<Integer> outer = lab.scientist.<Integer>experiment("outer").build();
        Experiment<Integer> inner = lab.scientist.<Integer>experiment("inner").build();

        outer.run(() -> 1, () -> {
            throw new StackOverflowError("by a candidate");
        });
        inner.run(() -> 1, () -> 1);

        assertThat(inner.counts().started()).isEqualTo(1);
    }
}
