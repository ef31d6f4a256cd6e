package dev.scientist.compare;

import dev.scientist.compare.Shape.Form;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that are the same for all that the walk takes as equal, so that elements can be looked up: made of what lies at
 * most a few levels deep. What rules leave out, or comparators decide about, adds nothing. One use; not thread-safe.
 */
final class StructuralHash {

    private static final int MAX_DEPTH = 4;
    /** Of longer collections the first elements count, or where there is no order only the size. */
    private static final int MAX_ELEMENTS = 16;
    /** Up to so many pairs are tried whatever the hash codes of classes of one's own say. */
    private static final int FEW_PAIRS = 10_000;

    private final Settings settings;
    /** What lies around the elements: a way back to it adds nothing, as it is the same for all. */
    private final @Nullable Object[] around;

    private boolean guessed;

    StructuralHash(Settings settings, @Nullable Object[] around) {
        this.settings = settings;
        this.around = around;
    }

    /** For the elements of two sides; all the same where hash codes may be wrong and there are few elements. */
    int[][] of(List<?> control, List<?> candidate, PathRules rules) {
        int[][] hashes = {new int[control.size()], new int[candidate.size()]};
        if (!control.isEmpty() && !candidate.isEmpty()) {
            Arrays.setAll(hashes[0], i -> hash(control.get(i), rules, 0));
            Arrays.setAll(hashes[1], i -> hash(candidate.get(i), rules, 0));
        }
        return guessed && (long) control.size() * candidate.size() <= FEW_PAIRS
                ? new int[][] {new int[control.size()], new int[candidate.size()]}
                : hashes;
    }

    private int hash(@Nullable Object value, PathRules rules, int depth) {
        if (value == null || rules.ignored || rules.comparator != null || depth > MAX_DEPTH) {
            return 0;
        }
        if (value instanceof String && settings.types().isEmpty()) {
            return value.hashCode();
        }
        for (Object outer : around) {
            if (outer == value) {
                return 0;
            }
        }
        Shape shape = Shape.of(value.getClass());
        Object resolved = Managed.resolved(shape, value);
        if (resolved instanceof Managed.NotLoaded) {
            return 0;
        }
        if (resolved != value) {
            return hash(resolved, rules, depth);
        }
        Form form = settings.form(value, shape);
        if (!settings.types().isEmpty() && settings.isRuled(value, form)) {
            return 0;
        }
        // what has names may be compared with a map, which has the same under other rules
        boolean unknown = settings.acrossTypes() && rules != PathRules.NONE;
        return switch (form) {
            case RECORD, GETTERS, FIELDS, ENTRY ->
                unknown ? 0 : object(value, shape, shape.properties(form), rules, depth + 1);
            case TEXT -> value.toString().hashCode();
            case MAP -> unknown ? 0 : map((Map<?, ?>) value, rules, depth + 1);
            case SET, BAG -> elements((Collection<?>) value, false, rules, depth + 1);
            case SEQUENCE, OBJECTS, PRIMITIVES ->
                elements(Walk.list(value), !rules.anyOrder && rules.key == null, rules, depth + 1);
            // at the same depth as what is not in a holder
            case HOLDER -> hash(Holders.held(value), rules, value instanceof AtomicReference ? depth + 1 : depth);
            case THROWABLE -> value.getClass().hashCode();
            case VALUE -> unknown ? 0 : value(value, shape, depth + 1);
        };
    }

    private int object(Object value, Shape shape, Shape.Property[] properties, PathRules rules, int depth) {
        if (settings.acrossTypes() ? properties.length > MAX_ELEMENTS : shape.ownEquals) {
            return 0;
        }
        guessed |= shape.ownEquals || (shape.form == Form.VALUE && !shape.byIdentity);
        int hash = 0;
        for (Shape.Property property : properties) {
            PathRules below = rules.property(property.name);
            int part = below.ignored ? 0 : hash(Managed.read(property, value), below, depth);
            hash = add(hash, part, !settings.acrossTypes());
        }
        return hash;
    }

    /** Without the keys, which maps find as they like. */
    private int map(Map<?, ?> map, PathRules rules, int depth) {
        int hash = 0;
        if (map.size() <= MAX_ELEMENTS) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                hash = add(hash, hash(entry.getValue(), rules.key(entry.getKey()), depth), false);
            }
        }
        return hash;
    }

    private int elements(Collection<?> elements, boolean ordered, PathRules rules, int depth) {
        PathRules below = rules.element();
        int hash = rules == PathRules.NONE ? elements.size() : 0;
        if (!rules.byIndex && rules.key == null && !below.ignored && (ordered || elements.size() <= MAX_ELEMENTS)) {
            Iterator<?> some = elements.iterator();
            for (int i = Math.min(elements.size(), MAX_ELEMENTS); i > 0; i--) {
                hash = add(hash, hash(some.next(), below, depth), ordered);
            }
        }
        return hash;
    }

    @SuppressWarnings("JavaUtilDate") // others have them
    private int value(Object value, Shape shape, int depth) {
        if (settings.acrossTypes() && value instanceof Number number) {
            return Float.floatToIntBits((float) number.doubleValue() + 0f);
        }
        if (settings.acrossTypes() && value instanceof Date date) {
            return Long.hashCode(date.getTime());
        }
        if (settings.acrossTypes() && shape.named().length > 0) {
            return object(value, shape, shape.named(), PathRules.NONE, depth);
        }
        if (value instanceof UUID id) {
            // its own is the same for many that are made by counting
            return add(
                    add(0, Long.hashCode(id.getMostSignificantBits()), true), (int) id.getLeastSignificantBits(), true);
        }
        guessed |= !shape.plain && !shape.ofJdk && !shape.byIdentity;
        return value.hashCode();
    }

    /** Spreads, so that what is made of different parts seldom has the same. */
    private static int add(int hash, int part, boolean ordered) {
        int mixed = (part ^ (part >>> 16)) * 0x45d9f3b;
        return ordered ? (Integer.rotateLeft(hash, 5) ^ part) * 0x27220a95 : hash + (mixed ^ (mixed >>> 16));
    }
}
