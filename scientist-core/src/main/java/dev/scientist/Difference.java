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
 * @param place the path without what varies from run to run; null for {@code path} with every index and key replaced by
 *     {@code *}
 */
public record Difference(
        String path,
        @Nullable Object control,
        @Nullable Object candidate,
        Kind kind,
        @Nullable String place) {

    /** How long a {@link #signature} can be: it names groups and labels. */
    private static final int MAX_SIGNATURE_LENGTH = 200;

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
     * A difference whose place is its path with every index and key replaced by {@code *}.
     *
     * @param path where, such as {@code lines[2].price}; empty for the whole value
     * @param control the control's side, null if it is null or missing
     * @param candidate the candidate's side, null if it is null or missing
     * @param kind what sort of difference it is
     */
    public Difference(String path, @Nullable Object control, @Nullable Object candidate, Kind kind) {
        this(path, control, candidate, kind, null);
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

    /**
     * The same difference seen from further up: its path continues the one given.
     *
     * @param parent the path of the whole that this difference's path starts at, such as {@code order}; may be empty
     * @return a difference at {@code order.lines[2].price} where this one is at {@code lines[2].price}
     */
    public Difference below(String parent) {
        if (parent.isEmpty()) {
            return this;
        }
        return new Difference(
                joined(parent, path),
                control,
                candidate,
                kind,
                place == null ? null : joined(withoutIndexes(parent), place));
    }

    private static String joined(String parent, String path) {
        return path.isEmpty() || path.startsWith("[") ? parent + path : parent + "." + path;
    }

    /**
     * The path without what varies from run to run: {@code lines[*].price}. Differences at places of the same sort share
     * it.
     *
     * @return the place as the comparator named it, else the path with every index and map key replaced by {@code *}
     */
    @Override
    public String place() {
        return place == null ? withoutIndexes(path) : place;
    }

    /**
     * The {@link #place} as a name for groups and labels.
     *
     * @return one line, cut after 200 characters; empty for the whole value
     */
    public String signature() {
        String text = Rendering.escaped(place());
        return text.length() <= MAX_SIGNATURE_LENGTH ? text : text.substring(0, MAX_SIGNATURE_LENGTH) + "…";
    }

    private static String withoutIndexes(String path) {
        int open = path.indexOf('[');
        if (open < 0) {
            return path;
        }
        StringBuilder text = new StringBuilder(path.length());
        int from = 0;
        while (open >= 0) {
            int close = closing(path, open);
            if (close < 0) {
                break;
            }
            text.append(path, from, open).append("[*]");
            from = close + 1;
            open = path.indexOf('[', from);
        }
        return text.append(path, from, path.length()).toString();
    }

    /** The bracket that closes the one given; those in a quoted key do not count. */
    private static int closing(String path, int open) {
        boolean quoted = false;
        for (int i = open + 1; i < path.length(); i++) {
            char c = path.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ']' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    /** Names place and kind only: the sides may be private. */
    @Override
    public String toString() {
        return (path.isEmpty() ? "(whole value)" : path) + ": " + kind;
    }
}
