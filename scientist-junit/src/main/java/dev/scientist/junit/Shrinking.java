package dev.scientist.junit;

import dev.scientist.Comparison;
import dev.scientist.Outcome;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/** Reduces one failing input, greedily. Not thread-safe. */
final class Shrinking<I extends @Nullable Object> {

    static final int MAX_TRIES = 1_000;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Shrinker<I> shrinker;
    private final Check<I, ?> check;
    private final long deadline = System.nanoTime() + LIMIT_NANOS;
    private int tries;

    Shrinking(Shrinker<I> shrinker, Check<I, ?> check) {
        this.shrinker = shrinker;
        this.check = check;
    }

    /** An input that fails, and how. */
    record Found<I extends @Nullable Object>(I input, List<Problem> problems) {}

    /** Returns the smallest input found that fails with the same outcome. */
    Found<I> reduce(I input, List<Problem> problems) {
        Outcome outcome = outcome(problems);
        if (outcome == null) {
            return new Found<>(input, problems); // a part failed, which says little of the input
        }
        Found<I> smallest = new Found<>(input, problems);
        int steps = 0;
        String note = "";
        try {
            for (Found<I> found = smaller(input, outcome); found != null; found = smaller(found.input(), outcome)) {
                smallest = found;
                steps++;
            }
        } catch (RuntimeException failure) {
            note = "; the shrinker threw " + Problem.throwable(failure);
        }
        String text = steps == 0
                ? (note.isEmpty() ? "" : "not reduced" + note)
                : "reduced in " + steps + (steps == 1 ? " step" : " steps") + " from: " + Problem.text(input) + note;
        return text.isEmpty()
                ? smallest
                : new Found<>(
                        smallest.input(),
                        smallest.problems().stream()
                                .map(problem -> problem.with(text))
                                .toList());
    }

    private @Nullable Found<I> smaller(I input, Outcome outcome) {
        try (Stream<? extends I> candidates = shrinker.smaller(input)) {
            Iterator<? extends I> iterator = candidates.iterator();
            while (iterator.hasNext() && tries++ < MAX_TRIES && System.nanoTime() < deadline) {
                I next = iterator.next();
                List<Problem> problems = check(next);
                if (outcome(problems) == outcome) {
                    return new Found<>(next, problems);
                }
            }
        }
        return null;
    }

    private List<Problem> check(I input) {
        try {
            List<Problem> problems = check.of(Input.of(input));
            return problems == null ? List.of() : problems;
        } catch (TestAbortedException assumption) {
            return List.of();
        }
    }

    private static @Nullable Outcome outcome(List<Problem> problems) {
        return problems.stream()
                .flatMap(problem -> Stream.ofNullable(problem.comparison()))
                .map(Comparison::outcome)
                .findFirst()
                .orElse(null);
    }
}
