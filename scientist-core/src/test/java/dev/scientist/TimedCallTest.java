package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Control and candidate are timed alike: the clock is read right before and right after each call, and nothing else lies
 * between. Every part of the user's notes that it was called, the clock as well.
 */
@Timeout(30)
class TimedCallTest {

    private static final String CLOCK = "clock";

    /** What each thread called, in order. */
    private final Map<Thread, List<String>> called = new ConcurrentHashMap<>();

    private void note(String part) {
        called.computeIfAbsent(Thread.currentThread(), thread -> new ArrayList<>())
                .add(part);
    }

    private <V> V note(String part, V value) {
        note(part);
        return value;
    }

    static Stream<Execution> executions() {
        return Stream.of(Execution.inline(), Execution.controlFirst(), Execution.background(), Lab.concurrent());
    }

    private Lab lab() {
        return new Lab(settings -> settings.clock(() -> note(CLOCK, 0L))
                .random(new RandomGenerator() {
                    @Override
                    public long nextLong() {
                        return note("random", 0L);
                    }
                })
                .propagator(() -> note("capture", () -> note("open", () -> note("shut")))));
    }

    private Experiment<Integer> experiment(Lab lab, Execution execution, boolean measures) {
        return lab.<Integer>experiment()
                .execution(execution)
                .measureResources(measures)
                .gate((request, input) -> note("gate", true))
                .baseline((request, input) -> note("baseline", true))
                .beforeRun(() -> note("before"))
                .context(() -> note("context", Map.of()))
                .snapshot(value -> note("snapshot", value))
                .snapshotInput(String.class, input -> note("input", input))
                .matching((control, candidate) -> note("comparator", false))
                .ignore("never", (control, candidate) -> note("ignore", false))
                .clean(value -> note("cleaner", value))
                .publisher(result -> note("publisher", result.control().cleaned()))
                .afterRun(result -> note("after"))
                .build();
    }

    @ParameterizedTest
    @MethodSource("executions")
    void nothingButTheCallLiesBetweenTheTwoReads(Execution execution) {
        for (int i = 0; i < 20; i++) { // in different orders
            boolean measures = i % 2 == 0;
            called.clear();
            try (Lab lab = lab()) {
                experiment(lab, execution, measures)
                        .run("input", input -> note("*control", 1), input -> note("*candidate", 2));
            }
            assertEachCallIsTimedAlone(3); // the control once more, for the baseline
        }
    }

    @ParameterizedTest
    @MethodSource("executions")
    void norThoseOfATrial(Execution execution) {
        for (int i = 0; i < 20; i++) {
            boolean measures = i % 2 == 0;
            called.clear();
            try (Lab lab = lab()) {
                experiment(lab, execution, measures)
                        .control(() -> note("*control", 1))
                        .candidate("a", () -> note("*a", 2))
                        .candidate("b", () -> note("*b", "3"), text -> note("adapter", 3))
                        .candidate("c", () -> {
                            note("*c");
                            throw new IllegalStateException();
                        })
                        .run();
            }
            assertEachCallIsTimedAlone(5);
        }
    }

    private void assertEachCallIsTimedAlone(int behaviors) {
        int calls = 0;
        for (List<String> parts : called.values()) {
            for (int i = 0; i < parts.size(); i++) {
                if (parts.get(i).startsWith("*")) {
                    calls++;
                    assertThat(parts.subList(i - 1, i + 2)).containsExactly(CLOCK, parts.get(i), CLOCK);
                }
            }
        }
        assertThat(calls).as("%s", called).isEqualTo(behaviors);
    }
}
