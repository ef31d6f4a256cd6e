package dev.scientist.compare;

import dev.scientist.compare.Shape.Form;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.Iterator;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that are the same for all that the walk takes as equal, so that elements can be looked up: made of what lies at
 * most a few levels deep. Where the rules leave out a place, or have it compared by a comparator, it adds nothing. One
 * use; not thread-safe.
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
    int[][] of(@Nullable Object[] control, @Nullable Object[] candidate, PathRules rules) {
        if (control.length == 0 || candidate.length == 0) {
            return new int[][] {new int[control.length], new int[candidate.length]};
        }
        int[][] hashes = {of(control, rules), of(candidate, rules)};
        if (guessed && (long) control.length * candidate.length <= FEW_PAIRS) {
            Arrays.fill(hashes[0], 0);
            Arrays.fill(hashes[1], 0);
        }
        return hashes;
    }

    private int[] of(@Nullable Object[] elements, PathRules rules) {
        int[] hashes = new int[elements.length];
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = hash(elements[i], rules, 0);
        }
        return hashes;
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
        if (resolved != value || value instanceof Managed.NotLoaded) {
            return resolved instanceof Managed.NotLoaded ? 0 : hash(resolved, rules, depth);
        }
        Form form = settings.form(value, shape);
        if (!settings.types().isEmpty() && settings.isRuled(value, form)) {
            return 0;
        }
        return switch (form) {
            case RECORD, GETTERS, FIELDS -> object(value, shape, form, rules, depth + 1);
            case TEXT -> text((CharSequence) value);
            case MAP -> map((Map<?, ?>) value, rules, depth + 1);
            case ENTRY -> hash(((Map.Entry<?, ?>) value).getValue(), rules.property("value"), depth + 1);
            case SET, BAG, SEQUENCE, OBJECTS, PRIMITIVES -> elements(value, form, rules, depth + 1);
            case HOLDER -> settings.acrossTypes() ? 0 : hash(Holders.held(value), rules, depth + 1);
            case THROWABLE -> value.getClass().hashCode();
            case VALUE -> value(value, shape, rules, depth + 1);
        };
    }

    private int object(Object value, Shape shape, Form form, PathRules rules, int depth) {
        if (shape.ownEquals || (settings.acrossTypes() && rules != PathRules.NONE)) {
            return 0;
        }
        if (shape.plain && rules == PathRules.NONE && settings.types().isEmpty() && !settings.acrossTypes()) {
            return value.hashCode();
        }
        int hash = 0;
        for (Shape.Property property : shape.properties(form)) {
            PathRules below = rules.property(property.name);
            if (!below.ignored) {
                int part = hash(Managed.read(property, value), below, depth);
                hash = settings.acrossTypes() ? hash + mixed(part) : hash * 31 + part;
            }
        }
        return hash;
    }

    private int map(Map<?, ?> map, PathRules rules, int depth) {
        if (map.size() > MAX_ELEMENTS) {
            return rules == PathRules.NONE && !settings.acrossTypes() ? map.size() : 0;
        }
        int hash = 0;
        if (!settings.acrossTypes() || rules == PathRules.NONE) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                // not the key, which the maps find as they like
                hash += mixed(hash(entry.getValue(), rules.key(entry.getKey()), depth));
            }
        }
        return hash;
    }

    private int elements(Object owner, Form form, PathRules rules, int depth) {
        boolean array = form == Form.OBJECTS || form == Form.PRIMITIVES;
        int size = array ? Array.getLength(owner) : ((Collection<?>) owner).size();
        boolean ordered = form != Form.SET && form != Form.BAG && !rules.anyOrder && rules.key == null;
        if (rules.byIndex || rules.key != null || (!ordered && size > MAX_ELEMENTS)) {
            return rules == PathRules.NONE ? size : 0;
        }
        int hash = rules == PathRules.NONE ? size : 0;
        int count = Math.min(size, MAX_ELEMENTS);
        PathRules below = rules.element();
        if (below.ignored) {
            return 0;
        }
        if (array) {
            for (int i = 0; i < count; i++) {
                int part = hash(Array.get(owner, i), below, depth);
                hash = ordered ? hash * 31 + part : hash + mixed(part);
            }
        } else {
            Iterator<?> elements = ((Collection<?>) owner).iterator();
            for (int i = 0; i < count; i++) {
                int part = hash(elements.next(), below, depth);
                hash = ordered ? hash * 31 + part : hash + mixed(part);
            }
        }
        return hash;
    }

    private int value(Object value, Shape shape, PathRules rules, int depth) {
        if (settings.acrossTypes()) {
            if (value instanceof Number number) {
                return Float.floatToIntBits((float) number.doubleValue() + 0f);
            }
            if (value instanceof Date date) {
                return Long.hashCode(date.getTime());
            }
            if (shape.named() != null) {
                return hasOwnEquals(value) ? 0 : object(value, shape, Form.GETTERS, rules, depth);
            }
        }
        if (value instanceof Pattern pattern) {
            return pattern.pattern().hashCode();
        }
        if (shape.plain || shape.ofJdk) {
            return value.hashCode();
        }
        if (!hasOwnEquals(value)) {
            return System.identityHashCode(value);
        }
        guessed = true;
        return value.hashCode();
    }

    private static boolean hasOwnEquals(Object value) {
        try {
            return value.getClass().getMethod("equals", Object.class).getDeclaringClass() != Object.class;
        } catch (NoSuchMethodException e) {
            return true;
        }
    }

    private static int text(CharSequence text) {
        int hash = 0;
        for (int i = 0; i < text.length(); i++) {
            hash = hash * 31 + text.charAt(i);
        }
        return hash;
    }

    /** Spreads what is added up, so that sums of different parts are seldom the same. */
    private static int mixed(int hash) {
        int mixed = (hash ^ (hash >>> 16)) * 0x45d9f3b;
        return mixed ^ (mixed >>> 16);
    }
}
