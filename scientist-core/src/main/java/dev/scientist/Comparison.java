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
    record Verdict(
            Outcome outcome,
            List<Difference> differences,
            @Nullable String reason,
            @Nullable Throwable failure) {

        static final Verdict MATCHED = new Verdict(Outcome.MATCHED, List.of(), null, null);
        static final Verdict ABANDONED = new Verdict(Outcome.ABANDONED, List.of(), null, null);

        static Verdict mismatched(List<Difference> differences) {
            return new Verdict(Outcome.MISMATCHED, differences, null, null);
        }

        static Verdict ignored(List<Difference> differences, String reason) {
            return new Verdict(Outcome.IGNORED, differences, reason, null);
        }

        static Verdict failed(Throwable failure) {
            return new Verdict(Outcome.FAILED, List.of(), null, failure);
        }
    }

    /** The {@linkplain #ignoredBecause() reason} of {@link Experiment.Builder#ignoringNoise()}. */
    public static final String NOISE = "noise: the control differs from itself there";

    /** How {@link #places} calls the value itself. */
    public static final String WHOLE_VALUE = "(whole value)";

    /** How long a {@link #signature} can be. */
    private static final int MAX_SIGNATURE_LENGTH = 500;

    private final Observation<T> control;
    private final Observation<T> candidate;
    private final Verdict verdict;
    private final long comparingNanos;

    Comparison(Observation<T> control, Observation<T> candidate, Verdict verdict, long comparingNanos) {
        this.control = control;
        this.candidate = candidate;
        this.verdict = verdict;
        this.comparingNanos = comparingNanos;
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

    /** Whether a caller who asked for raising is to see it: nothing is known where comparing failed either. */
    boolean isToBeRaised() {
        return outcome() != Outcome.MATCHED && outcome() != Outcome.IGNORED;
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
     * How long it took to compare, ignore rules included: what comparing costs whoever waits for it.
     *
     * @return nanoseconds by the scientist's clock; 0 where it is not measured: nothing was compared, or simple
     *     values and records by {@code equals}, which is faster than reading the clock
     */
    public long comparingNanos() {
        return comparingNanos;
    }

    /**
     * The places where the two differ, each once and in order, so that a list of a thousand elements that all differ in
     * their price differs at one place:
     *
     * <ul>
     *   <li>where both returned, {@link Difference#signature()} of each difference, such as {@code lines[*].price};
     *       {@link #WHOLE_VALUE} for the value itself;
     *   <li>where one threw, {@code (threw IOException)} or {@code (returned, control threw IOException)};
     *   <li>where both threw, {@code (threw IOException, control threw SQLException)}, and for one and the same class
     *       {@code (both threw IOException).message}.
     * </ul>
     *
     * It is made anew on each call.
     *
     * @return unmodifiable; empty if there are no differences
     */
    public List<String> places() {
        List<Difference> differences = verdict.differences();
        Throwable mine = candidate.throwable();
        Throwable theirs = control.throwable();
        if (differences.isEmpty()) {
            return List.of();
        }
        if (mine != null && theirs == null) {
            return List.of("(threw " + name(mine) + ")");
        }
        if (mine == null && theirs != null) {
            return List.of("(returned, control threw " + name(theirs) + ")");
        }
        if (mine != null && theirs != null && mine.getClass() != theirs.getClass()) {
            return List.of("(threw " + name(mine) + ", control threw " + name(theirs) + ")");
        }
        String both = mine == null ? "" : "(both threw " + name(mine) + ")";
        Set<String> places = new TreeSet<>();
        for (Difference difference : differences) {
            String place = difference.signature();
            places.add(
                    place.isEmpty()
                            ? both.isEmpty() ? WHOLE_VALUE : both
                            : both.isEmpty() ? place : both + "." + place);
        }
        return List.copyOf(places);
    }

    private static String name(Throwable throwable) {
        String name = throwable.getClass().getSimpleName();
        return Rendering.escaped(name.isEmpty() ? throwable.getClass().getName().replaceFirst(".*\\.", "") : name);
    }

    /**
     * What mismatches can be grouped by: the {@link #places}, such as {@code lines[*].price, total}. Comparisons that
     * differ in the same places and in the same way have the same signature. It is made anew on each call.
     *
     * @return at most 500 characters on one line; empty if there are no differences
     */
    public String signature() {
        String text = String.join(", ", places());
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
