package dev.scientist.junit;

import dev.scientist.Comparison;
import dev.scientist.Difference;
import dev.scientist.Observation;
import dev.scientist.Outcome;
import dev.scientist.Result;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on what one run found. What fails tells all that was found. With several candidates, an assertion on a
 * comparison asks whether there is one that it holds for, unless it says otherwise; {@link #candidate} narrows them to
 * one. Not thread-safe.
 */
public final class ResultAssert extends AbstractAssert<ResultAssert, Result<?>> {

    /** The candidate that is looked at, null for all. */
    private final @Nullable String candidate;

    private ResultAssert(@Nullable Result<?> actual, @Nullable String candidate) {
        super(actual, ResultAssert.class);
        this.candidate = candidate;
    }

    /**
     * Starts assertions on a result.
     *
     * @param actual the result
     * @return the assertions
     */
    public static ResultAssert assertThat(@Nullable Result<?> actual) {
        return new ResultAssert(actual, null);
    }

    /**
     * Narrows what follows to one candidate.
     *
     * @param name its name
     * @return assertions on the same result, that look at this candidate only
     */
    public ResultAssert candidate(String name) {
        isNotNull();
        check(
                actual.comparisons().stream().anyMatch(comparison -> isNamed(comparison, name)),
                "to have a candidate '" + name + "'");
        ResultAssert narrowed = new ResultAssert(actual, name);
        narrowed.info.description(info.description());
        return narrowed;
    }

    /**
     * Verifies that every candidate matched.
     *
     * @return this
     */
    public ResultAssert matched() {
        isNotNull();
        return check(
                comparisons().stream().allMatch(comparison -> comparison.outcome() == Outcome.MATCHED),
                candidate == null ? "every candidate to match" : "to match");
    }

    /**
     * Verifies that at least one candidate mismatched and no ignore rule held.
     *
     * @return this
     */
    public ResultAssert mismatched() {
        return has(Outcome.MISMATCHED);
    }

    /**
     * Verifies that at least one candidate has an outcome.
     *
     * @param outcome the outcome
     * @return this
     */
    public ResultAssert has(Outcome outcome) {
        return hasComparison(
                comparison -> comparison.outcome() == outcome,
                candidate == null ? "a candidate to be " + outcome : "to be " + outcome);
    }

    /**
     * Verifies that the differences of at least one candidate were ignored for a reason.
     *
     * @param reason the reason that was given to the ignore rule
     * @return this
     */
    public ResultAssert ignoredBecause(String reason) {
        return hasComparison(
                comparison -> reason.equals(comparison.ignoredBecause()),
                "differences to be ignored because '" + reason + "'");
    }

    /**
     * Verifies that at least one candidate differs at exactly these places, ignored or not.
     *
     * @param paths as in {@link Difference#path()}, such as {@code lines[2].price}; the empty string for the whole value
     * @return this
     */
    public ResultAssert differsAt(String... paths) {
        Set<String> wanted = Set.of(paths);
        return hasComparison(
                comparison -> comparison.differences().stream()
                        .map(Difference::path)
                        .collect(Collectors.toSet())
                        .equals(wanted),
                "differences at exactly " + List.of(paths));
    }

    /**
     * Verifies that the control returned a value.
     *
     * @param value equal to the one expected, may be null
     * @return this
     */
    public ResultAssert controlReturned(@Nullable Object value) {
        isNotNull();
        return check(returned(actual.control(), value), "the control to have returned " + Problem.text(value));
    }

    /**
     * Verifies that the control threw.
     *
     * @param type the class of what it threw, or one that this extends
     * @return this
     */
    public ResultAssert controlThrew(Class<? extends Throwable> type) {
        isNotNull();
        return check(type.isInstance(actual.control().throwable()), "the control to have thrown " + type.getName());
    }

    /**
     * Verifies that at least one candidate returned a value.
     *
     * @param value equal to the one expected, may be null
     * @return this
     */
    public ResultAssert candidateReturned(@Nullable Object value) {
        return hasComparison(
                comparison -> returned(comparison.candidate(), value),
                "a candidate to have returned " + Problem.text(value));
    }

    /**
     * Verifies that at least one candidate threw.
     *
     * @param type the class of what it threw, or one that this extends
     * @return this
     */
    public ResultAssert candidateThrew(Class<? extends Throwable> type) {
        return hasComparison(
                comparison -> type.isInstance(comparison.candidate().throwable()),
                "a candidate to have thrown " + type.getName());
    }

    /**
     * Verifies the run's input.
     *
     * @param input equal to the one expected, may be null
     * @return this
     */
    public ResultAssert hasInput(@Nullable Object input) {
        isNotNull();
        return check(Objects.deepEquals(actual.input(), input), "the input " + Problem.text(input));
    }

    /**
     * Verifies that the run's context has an entry.
     *
     * @param key the key
     * @param value equal to the one expected, may be null
     * @return this
     */
    public ResultAssert hasContext(String key, @Nullable Object value) {
        isNotNull();
        Map<String, @Nullable Object> context = actual.context();
        return check(
                context.containsKey(key) && Objects.deepEquals(context.get(key), value),
                "the context " + key + "=" + Problem.text(value));
    }

    /**
     * Verifies the order in which the behaviors were started.
     *
     * @param names the names of all of them
     * @return this
     */
    public ResultAssert ranInOrder(String... names) {
        isNotNull();
        return check(actual.order().equals(List.of(names)), "the order " + List.of(names));
    }

    private List<? extends Comparison<?>> comparisons() {
        return actual.comparisons().stream()
                .filter(comparison -> candidate == null || isNamed(comparison, candidate))
                .toList();
    }

    private static boolean isNamed(Comparison<?> comparison, String name) {
        return comparison.candidate().name().equals(name);
    }

    private static boolean returned(Observation<?> observation, @Nullable Object value) {
        return observation.returned() && Objects.deepEquals(observation.value(), value);
    }

    private ResultAssert hasComparison(Predicate<Comparison<?>> condition, String expected) {
        isNotNull();
        return check(comparisons().stream().anyMatch(condition), expected);
    }

    private ResultAssert check(boolean holds, String expected) {
        if (!holds) {
            failWithMessage("expected%s %s, but was:%n%s", whose(), expected, Problem.describe(actual));
        }
        return this;
    }

    private String whose() {
        return candidate == null ? "" : " of candidate '" + candidate + "'";
    }
}
