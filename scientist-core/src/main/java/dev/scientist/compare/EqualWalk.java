package dev.scientist.compare;

import dev.scientist.ResultComparator;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.RandomAccess;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Proves that two object graphs are equal, and allocates nothing for it: the way of a match. What it cannot prove, for a
 * cycle or a limit, it leaves to {@link DifferenceWalk}. Immutable and thread-safe.
 *
 * <p>A verdict and what is left of the budget of nodes travel in one number, as there is no other place for both that
 * costs no allocation: see {@link #same}.
 */
final class EqualWalk {

    private static final int VERDICT_BITS = 2;
    private static final long SAME = 0;
    private static final long DIFFERENT = 1;
    private static final long UNKNOWN = 2;

    private final Settings settings;
    private final boolean typeRules;

    EqualWalk(Settings settings) {
        this.settings = settings;
        typeRules = !settings.types().isEmpty();
    }

    static boolean isSame(long verdict) {
        return (verdict & UNKNOWN) == 0 && (verdict & DIFFERENT) == 0;
    }

    static boolean isUnknown(long verdict) {
        return (verdict & UNKNOWN) != 0;
    }

    static long budget(long verdict) {
        return verdict >> VERDICT_BITS;
    }

    private static long verdict(boolean same, long budget) {
        return budget << VERDICT_BITS | (same ? SAME : DIFFERENT);
    }

    private static long unknown(long budget) {
        return budget << VERDICT_BITS | UNKNOWN;
    }

    /**
     * Compares two places of the graphs.
     *
     * @param budget how many places may be looked at
     * @return the verdict with what is left of the budget
     */
    long same(@Nullable Object control, @Nullable Object candidate, PathRules rules, int depth, long budget) {
        if (budget <= 0) {
            return unknown(0);
        }
        long left = budget - 1;
        if (control == candidate || rules.ignored) {
            return verdict(true, left);
        }
        if (control instanceof Optional<?> one && candidate instanceof Optional<?> other) {
            if (depth >= settings.maxDepth()) {
                return unknown(left);
            }
            return one.isPresent() == other.isPresent()
                    ? same(one.orElse(null), other.orElse(null), rules, depth + 1, left)
                    : verdict(false, left);
        }
        if (rules.comparator != null) {
            return verdict(PathRules.pass(rules.comparator, control, candidate), left);
        }
        if (control == null || candidate == null) {
            return verdict(false, left);
        }
        if (typeRules) {
            ResultComparator<@Nullable Object> comparator = settings.comparator(control, candidate);
            if (comparator != null) {
                return verdict(PathRules.pass(comparator, control, candidate), left);
            }
        }
        if (control instanceof String && candidate instanceof String) {
            return verdict(control.equals(candidate), left);
        }
        Settings.Form form = settings.form(control);
        if (form != settings.form(candidate)) {
            return verdict(false, left);
        }
        if (form != Settings.Form.VALUE && depth >= settings.maxDepth()) {
            return unknown(left);
        }
        return switch (form) {
            case VALUE -> verdict(control.equals(candidate), left);
            case RECORD -> records(control, candidate, rules, depth + 1, left);
            case TEXT -> verdict(CharSequence.compare((CharSequence) control, (CharSequence) candidate) == 0, left);
            case MAP -> maps((Map<?, ?>) control, (Map<?, ?>) candidate, rules, depth + 1, left);
            case SET -> sets((Set<?>) control, (Set<?>) candidate, rules, depth + 1, left);
            case SEQUENCE -> sequences((Collection<?>) control, (Collection<?>) candidate, rules, depth + 1, left);
            case OBJECTS -> arrays((Object[]) control, (Object[]) candidate, rules, depth + 1, left);
            case PRIMITIVES -> primitives(control, candidate, rules, left);
            case GETTERS ->
                control.getClass() == candidate.getClass()
                        ? properties(Shape.ofGetters(control.getClass()), control, candidate, rules, depth + 1, left)
                        : verdict(false, left);
            case FIELDS ->
                control.getClass() == candidate.getClass()
                        ? properties(Shape.ofFields(control.getClass()), control, candidate, rules, depth + 1, left)
                        : verdict(false, left);
        };
    }

    private long records(Object control, Object candidate, PathRules rules, int depth, long budget) {
        if (control.getClass() != candidate.getClass()) {
            return verdict(false, budget);
        }
        Shape shape = Shape.ofRecord(control.getClass());
        if (shape.plain && rules == PathRules.NONE && !typeRules) {
            return verdict(control.equals(candidate), budget);
        }
        if (shape.ownEquals && control.equals(candidate)) {
            return verdict(true, budget);
        }
        return properties(shape, control, candidate, rules, depth, budget);
    }

    private long properties(Shape shape, Object control, Object candidate, PathRules rules, int depth, long budget) {
        long left = budget;
        for (Shape.Property property : shape.properties) {
            PathRules below = rules.property(property.name);
            if (below.ignored) {
                continue;
            }
            if (property.primitive && below == PathRules.NONE && !typeRules) {
                if (!property.sameBits(control, candidate)) {
                    return verdict(false, left);
                }
                continue;
            }
            long verdict = same(property.of(control), property.of(candidate), below, depth, left);
            if (!isSame(verdict)) {
                return verdict;
            }
            left = budget(verdict);
        }
        return verdict(true, left);
    }

    private long sequences(Collection<?> control, Collection<?> candidate, PathRules rules, int depth, long budget) {
        int size = control.size();
        if (size != candidate.size()) {
            return differing(rules, budget);
        }
        if (size > budget) {
            return unknown(budget);
        }
        long left = budget;
        if (control instanceof RandomAccess && candidate instanceof RandomAccess) {
            List<?> one = (List<?>) control;
            List<?> other = (List<?>) candidate;
            for (int i = 0; i < size; i++) {
                long verdict = same(one.get(i), other.get(i), rules.element(i), depth, left);
                if (!isSame(verdict)) {
                    return rules.anyOrder ? unknown(budget(verdict)) : verdict;
                }
                left = budget(verdict);
            }
        } else {
            Iterator<?> one = control.iterator();
            Iterator<?> other = candidate.iterator();
            for (int i = 0; i < size; i++) {
                long verdict = same(one.next(), other.next(), rules.element(i), depth, left);
                if (!isSame(verdict)) {
                    return rules.anyOrder ? unknown(budget(verdict)) : verdict;
                }
                left = budget(verdict);
            }
        }
        return verdict(true, left);
    }

    private long arrays(Object[] control, Object[] candidate, PathRules rules, int depth, long budget) {
        if (control.length != candidate.length) {
            return differing(rules, budget);
        }
        long left = budget;
        for (int i = 0; i < control.length; i++) {
            long verdict = same(control[i], candidate[i], rules.element(i), depth, left);
            if (!isSame(verdict)) {
                return rules.anyOrder ? unknown(budget(verdict)) : verdict;
            }
            left = budget(verdict);
        }
        return verdict(true, left);
    }

    private long primitives(Object control, Object candidate, PathRules rules, long budget) {
        if (Objects.deepEquals(control, candidate)) {
            return verdict(true, budget);
        }
        return typeRules && control.getClass() == candidate.getClass() ? unknown(budget) : differing(rules, budget);
    }

    /** Elements as they come; where that fails, those whose equals can be relied on by look-up. */
    private long sets(Set<?> control, Set<?> candidate, PathRules rules, int depth, long budget) {
        int size = control.size();
        if (size != candidate.size()) {
            return differing(rules, budget);
        }
        if (size > budget) {
            return unknown(budget);
        }
        boolean lookUp = sameLookUp(control, candidate, control instanceof SortedSet);
        long left = budget;
        Iterator<?> one = control.iterator();
        Iterator<?> other = candidate.iterator();
        for (int i = 0; i < size; i++) {
            Object element = one.next();
            long verdict = same(element, other.next(), rules.element(), depth, left);
            left = budget(verdict);
            boolean found = isSame(verdict)
                    || (lookUp && element != null && Shape.isPlain(element.getClass()) && contains(candidate, element));
            if (!found) {
                return unknown(left);
            }
        }
        return verdict(true, left);
    }

    private long maps(Map<?, ?> control, Map<?, ?> candidate, PathRules rules, int depth, long budget) {
        int size = control.size();
        if (size != candidate.size()) {
            return differing(rules, budget);
        }
        if (size > budget) {
            return unknown(budget);
        }
        if (!sameLookUp(control, candidate, control instanceof SortedMap)) {
            for (Object key : candidate.keySet()) {
                if (!containsKey(control, key)) {
                    return differing(rules, budget);
                }
            }
        }
        long left = budget;
        Iterator<? extends Map.Entry<?, ?>> entries = control.entrySet().iterator();
        for (int i = 0; i < size; i++) {
            Map.Entry<?, ?> entry = entries.next();
            Object key = entry.getKey();
            Object value = get(candidate, key);
            if (value == null && !containsKey(candidate, key)) {
                return differing(rules, left);
            }
            long verdict = same(entry.getValue(), value, rules.key(key), depth, left);
            if (!isSame(verdict)) {
                return verdict;
            }
            left = budget(verdict);
        }
        return verdict(true, left);
    }

    /** What is missing or extra may be ignored by a rule: then only the other walk can tell. */
    private static long differing(PathRules rules, long budget) {
        return rules == PathRules.NONE ? verdict(false, budget) : unknown(budget);
    }

    /** Sets and maps of one class find what equals has it; sorted ones have orders of their own. */
    private static boolean sameLookUp(Object control, Object candidate, boolean sorted) {
        return !sorted && control.getClass() == candidate.getClass();
    }

    /** Like {@link Set#contains}, which may refuse a null or an element of another type. */
    static boolean contains(Set<?> set, @Nullable Object element) {
        try {
            return set.contains(element);
        } catch (ClassCastException | NullPointerException refused) {
            return false;
        }
    }

    static boolean containsKey(Map<?, ?> map, @Nullable Object key) {
        try {
            return map.containsKey(key);
        } catch (ClassCastException | NullPointerException refused) {
            return false;
        }
    }

    static @Nullable Object get(Map<?, ?> map, @Nullable Object key) {
        try {
            return map.get(key);
        } catch (ClassCastException | NullPointerException refused) {
            return null;
        }
    }
}
