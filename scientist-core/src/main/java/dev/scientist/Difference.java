package dev.scientist;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One place where control and candidate differ. Immutable as far as its two sides are.
 *
 * <p>The sides are the very objects that were compared: publishers show them only when asked to.
 *
 * @param path where, such as {@code lines[2].price}; empty for the whole value
 * @param control the control's side, null if it is null or missing
 * @param candidate the candidate's side, null if it is null or missing
 * @param kind what sort of difference it is
 */
public record Difference(
        String path, @Nullable Object control, @Nullable Object candidate, Kind kind) {

    /** What sort of difference it is. */
    public enum Kind {
        /** Both sides are there and their values differ. */
        VALUE,
        /** The candidate lacks what the control has. */
        MISSING,
        /** The candidate has what the control lacks. */
        EXTRA,
        /** The sides are of different types. */
        TYPE,
        /** The sides differ in their number of elements, where the elements could not be told apart. */
        SIZE,
        /** The same elements stand in another order. */
        ORDER,
        /** The comparison was cut off at a limit, so that more may differ here. */
        CUT_OFF
    }

    /** Checks that path and kind are there. */
    public Difference {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(kind, "kind");
    }

    /**
     * A difference in value.
     *
     * @param path where; empty for the whole value
     * @param control the control's side
     * @param candidate the candidate's side
     * @return the difference
     */
    public static Difference of(String path, @Nullable Object control, @Nullable Object candidate) {
        return new Difference(path, control, candidate, Kind.VALUE);
    }

    /** Names place and kind only: the sides may be private. */
    @Override
    public String toString() {
        return (path.isEmpty() ? "(whole value)" : path) + ": " + kind;
    }
}
