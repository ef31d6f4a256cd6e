package dev.scientist;

import java.util.List;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Says where a control's outcome and a candidate's differ. The same type compares values and throwables.
 *
 * <p>Must be thread-safe: an experiment runs on many threads. What it throws, or a null that it returns, makes the
 * comparison {@link Outcome#FAILED} and is reported as {@link Operation#COMPARE}.
 *
 * @param <V> what it compares
 */
@FunctionalInterface
public interface ResultComparator<V extends @Nullable Object> {

    /**
     * Compares.
     *
     * @param control the control's side; of values, what it returned (may be null); of throwables, what it threw, null
     *     if it returned
     * @param candidate the candidate's side, likewise
     * @return the differences, empty for a match; a match should allocate nothing ({@code List.of()})
     */
    List<Difference> compare(@Nullable V control, @Nullable V candidate);

    /**
     * The comparator that an experiment uses when it is given this one; asked once, when the experiment is built. One that
     * keeps a state, or finds out that its settings are wrong, returns a new one. By default the comparator itself.
     *
     * @param experiment the experiment's name
     * @param report tells the failure handler what is wrong with the comparator's settings, as
     *     {@link Operation#COMPARE}
     * @return the experiment's own comparator
     */
    default ResultComparator<V> forExperiment(String experiment, Consumer<Throwable> report) {
        return this;
    }

    /** Told that its experiment runs no more: the {@link Scientist} is closed. Does nothing by default. */
    default void experimentClosed() {}

    /**
     * Equality as {@link Objects#deepEquals} has it: {@code equals}, and arrays element by element. The default for
     * values. Fails for a persistence framework's lazy collection or reference that {@linkplain Borrowed belongs} to
     * another thread.
     *
     * @param <V> what is compared
     * @return the comparator
     */
    static <V extends @Nullable Object> ResultComparator<V> equality() {
        return matching(Borrowed::areEqual);
    }

    /**
     * A comparator from a plain predicate; where it does not hold, the whole value differs.
     *
     * @param predicate true where both sides match; handed nulls like the comparator itself
     * @param <V> what is compared
     * @return the comparator
     */
    static <V extends @Nullable Object> ResultComparator<V> matching(BiPredicate<? super V, ? super V> predicate) {
        Objects.requireNonNull(predicate, "predicate");
        return (control, candidate) ->
                predicate.test(control, candidate) ? List.of() : List.of(Difference.of("", control, candidate));
    }
}
