package dev.scientist.junit;

import dev.scientist.Comparison;
import dev.scientist.Difference;
import dev.scientist.Observation;
import dev.scientist.Outcome;
import dev.scientist.Rendering;
import dev.scientist.Result;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.MultipleFailuresError;

/**
 * Why a test fails. Immutable and thread-safe.
 *
 * @param text what a person reads
 * @param comparison where expected and actual come from, null if there is nothing to put side by side
 * @param cause what was thrown, null if nothing was
 */
record Problem(
        String text,
        @Nullable Comparison<?> comparison,
        @Nullable Throwable cause) {

    private static final Rendering RENDERING = Rendering.showingValues().truncatedTo(500);
    private static final int MAX_DIFFERENCES = 50;

    static Problem of(String text) {
        return new Problem(text, null, null);
    }

    /** A comparison that is not what it should be, with all that is known of its run. */
    static Problem of(Result<?> result, Comparison<?> comparison) {
        String verdict = switch (comparison.outcome()) {
            case MATCHED -> "matched";
            case MISMATCHED -> "mismatched";
            case IGNORED -> "differs, ignored for a reason that is not allowed: '" + comparison.ignoredBecause() + "'";
            case FAILED -> "could not be compared";
            case ABANDONED -> "was abandoned, so nothing was compared";
        };
        String text = "experiment '" + result.experiment().name() + "': candidate '"
                + comparison.candidate().name() + "' " + verdict + details(result, comparison);
        Throwable failure = comparison.comparatorFailure();
        return new Problem(
                text,
                comparison.outcome() == Outcome.FAILED ? null : comparison,
                failure != null ? failure : comparison.candidate().throwable());
    }

    /** A whole result, matches too. */
    static String describe(Result<?> result) {
        StringBuilder text = new StringBuilder("experiment '")
                .append(result.experiment().name())
                .append("' in order ")
                .append(result.order());
        appendRun(text, result);
        appendOutcome(text, result.control());
        for (Comparison<?> comparison : result.comparisons()) {
            appendOutcome(text, comparison.candidate());
            text.append(": ").append(comparison.outcome());
            if (comparison.ignoredBecause() != null) {
                text.append(" because '").append(comparison.ignoredBecause()).append('\'');
            }
            appendDifferences(text, comparison);
        }
        return text.toString();
    }

    /** What is known of one comparison, a line each. */
    private static String details(Result<?> result, Comparison<?> comparison) {
        StringBuilder text = new StringBuilder();
        appendRun(text, result);
        appendOutcome(text, comparison.control());
        appendOutcome(text, comparison.candidate());
        appendDifferences(text, comparison);
        return text.toString();
    }

    private static void appendRun(StringBuilder text, Result<?> result) {
        if (result.input() != null) {
            text.append("\n  input: ").append(RENDERING.text(result.input()));
        }
        if (!result.context().isEmpty()) {
            text.append("\n  context: ").append(context(result.context()));
        }
    }

    private static void appendOutcome(StringBuilder text, Observation<?> observation) {
        text.append("\n  ").append(observation.name()).append(' ').append(RENDERING.outcome(observation));
    }

    private static void appendDifferences(StringBuilder text, Comparison<?> comparison) {
        String where = RENDERING.differences(comparison);
        if (!where.isEmpty()) {
            text.append("\n  differs at ").append(where);
        }
        Throwable failure = comparison.comparatorFailure();
        if (failure != null) {
            text.append("\n  the comparator threw ").append(RENDERING.throwable(failure));
        }
    }

    static String text(@Nullable Object value) {
        return RENDERING.text(value);
    }

    static String throwable(Throwable throwable) {
        return RENDERING.throwable(throwable);
    }

    private static String context(Map<String, @Nullable Object> context) {
        return context.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + text(entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    AssertionFailedError toError() {
        return comparison == null
                ? new AssertionFailedError(text, cause)
                : new AssertionFailedError(
                        text,
                        side(comparison, comparison.control(), Difference::control),
                        side(comparison, comparison.candidate(), Difference::candidate),
                        cause);
    }

    /**
     * One side of what IDEs show as a diff. Of differences with paths a line each, since whole objects would bury them;
     * else the value. Where a cleaner makes something else of the value, only that is shown.
     */
    private static @Nullable Object side(
            Comparison<?> comparison, Observation<?> observation, Function<Difference, @Nullable Object> side) {
        List<Difference> differences = comparison.differences();
        if (!observation.returned()) {
            return RENDERING.outcome(observation);
        }
        boolean hasPaths =
                differences.stream().anyMatch(difference -> !difference.path().isEmpty());
        if (!hasPaths || isCleaned(comparison.control()) || isCleaned(comparison.candidate())) {
            return observation.cleaned();
        }
        return differences.stream()
                .limit(MAX_DIFFERENCES)
                .map(difference -> difference.path() + ": " + text(side.apply(difference)))
                .collect(Collectors.joining("\n"));
    }

    private static boolean isCleaned(Observation<?> observation) {
        return observation.cleaned() != observation.value();
    }

    /** One error of several: each for itself, so that IDEs show each diff. */
    static AssertionError combined(String heading, List<Problem> problems, @Nullable String howToRepeat) {
        if (problems.size() == 1) {
            Problem only = problems.get(0);
            return (howToRepeat == null ? only : only.with(howToRepeat)).toError();
        }
        List<AssertionFailedError> errors =
                problems.stream().map(Problem::toError).toList();
        MultipleFailuresError all =
                new MultipleFailuresError(heading + (howToRepeat == null ? "" : " (" + howToRepeat + ")"), errors);
        errors.forEach(all::addSuppressed);
        return all;
    }

    /** The same with one more line. */
    Problem with(String line) {
        return new Problem(text + "\n  " + line, comparison, cause);
    }

    /** What it can be grouped by: where the sides differ. */
    String place() {
        String signature = comparison == null ? "" : comparison.signature();
        return signature.isEmpty() ? "(not compared)" : signature;
    }
}
