package dev.scientist;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The control and one candidate of a run side by side. Immutable.
 *
 * @param <T> the type of the value
 */
public final class Comparison<T extends @Nullable Object> {

    /** All that is not a plain match, kept apart so that a match needs no room for it. */
    private record Verdict(
            Outcome outcome,
            List<Difference> differences,
            @Nullable String reason,
            @Nullable Throwable failure) {}

    private static final Verdict MATCHED = new Verdict(Outcome.MATCHED, List.of(), null, null);
    private static final Verdict ABANDONED = new Verdict(Outcome.ABANDONED, List.of(), null, null);

    private final Observation<T> control;
    private final Observation<T> candidate;
    private final Verdict verdict;

    private Comparison(Observation<T> control, Observation<T> candidate, Verdict verdict) {
        this.control = control;
        this.candidate = candidate;
        this.verdict = verdict;
    }

    static <T extends @Nullable Object> Comparison<T> matched(Observation<T> control, Observation<T> candidate) {
        return new Comparison<>(control, candidate, MATCHED);
    }

    static <T extends @Nullable Object> Comparison<T> mismatched(
            Observation<T> control, Observation<T> candidate, List<Difference> differences) {
        return new Comparison<>(control, candidate, new Verdict(Outcome.MISMATCHED, differences, null, null));
    }

    static <T extends @Nullable Object> Comparison<T> ignored(
            Observation<T> control, Observation<T> candidate, List<Difference> differences, String reason) {
        return new Comparison<>(control, candidate, new Verdict(Outcome.IGNORED, differences, reason, null));
    }

    static <T extends @Nullable Object> Comparison<T> failed(
            Observation<T> control, Observation<T> candidate, Throwable failure) {
        return new Comparison<>(control, candidate, new Verdict(Outcome.FAILED, List.of(), null, failure));
    }

    static <T extends @Nullable Object> Comparison<T> abandoned(Observation<T> control, Observation<T> candidate) {
        return new Comparison<>(control, candidate, ABANDONED);
    }

    /**
     * What the control did.
     *
     * @return the control's observation
     */
    public Observation<T> control() {
        return control;
    }

    /**
     * What the candidate did.
     *
     * @return the candidate's observation
     */
    public Observation<T> candidate() {
        return candidate;
    }

    /**
     * How they compared.
     *
     * @return the outcome
     */
    public Outcome outcome() {
        return verdict.outcome();
    }

    /**
     * Where they differ.
     *
     * @return the differences that the comparator found, unmodifiable; empty unless mismatched or ignored
     */
    public List<Difference> differences() {
        return verdict.differences();
    }

    /**
     * Why the differences do not count.
     *
     * @return the reason of the ignore rule that held, null unless ignored
     */
    public @Nullable String ignoredBecause() {
        return verdict.reason();
    }

    /**
     * How the comparator failed.
     *
     * @return what it threw, null unless failed
     */
    public @Nullable Throwable comparatorFailure() {
        return verdict.failure();
    }

    /** Names no value: it may be private. */
    @Override
    public String toString() {
        String text = candidate.name() + " " + verdict.outcome();
        if (verdict.reason() != null) {
            text += " (" + verdict.reason() + ")";
        }
        return verdict.differences().isEmpty() ? text : text + " " + verdict.differences();
    }
}
