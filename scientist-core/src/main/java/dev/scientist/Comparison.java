package dev.scientist;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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

    /** How long a {@link #signature} can be. */
    private static final int MAX_SIGNATURE_LENGTH = 500;

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
     * Whether the control, compared with itself, was ever seen to differ at the same place: a difference that the
     * candidate cannot be blamed for. Asks the experiment as of now; needs {@link Experiment.Builder#baseline}.
     *
     * @param difference one of {@link #differences()}
     * @return true if noise was seen at {@link Difference#signature()}
     */
    public boolean isNoise(Difference difference) {
        return control.experiment().parts.noise.seenAt(difference.signature());
    }

    /**
     * What mismatches can be grouped by: the places where they differ, each once, sorted, indexes and map keys replaced
     * by {@code *}: {@code lines[*].price, total}. Comparisons that differ in the same places have the same signature. It
     * is made anew on each call.
     *
     * @return at most 500 characters on one line; {@code (whole value)} stands for the value
     *     itself; empty if there are no differences
     */
    public String signature() {
        List<Difference> differences = verdict.differences();
        if (differences.isEmpty()) {
            return "";
        }
        Set<String> places = new TreeSet<>();
        for (Difference difference : differences) {
            String place = difference.signature();
            places.add(place.isEmpty() ? "(whole value)" : place);
        }
        String text = String.join(", ", places);
        return text.length() <= MAX_SIGNATURE_LENGTH ? text : text.substring(0, MAX_SIGNATURE_LENGTH - 1) + "…";
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
