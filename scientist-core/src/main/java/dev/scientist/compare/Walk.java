package dev.scientist.compare;

import dev.scientist.Difference;
import dev.scientist.Difference.Kind;
import dev.scientist.ResultComparator;
import dev.scientist.compare.Shape.Form;
import java.lang.reflect.Array;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compares two object graphs: first whether they differ, which ends at the first difference and makes no paths; then, if
 * they do, the same once more, listing where. One comparison; not thread-safe.
 *
 * <p>A pair of objects that is being compared, further up, is taken as equal where it is met again, so that cycles end.
 * Where a graph is wide and deep, pairs that were found equal are remembered, so that parts that are shared many times
 * over are not walked each time.
 */
final class Walk {

    /** How many elements may be inserted and removed in a list that is aligned; a changed one counts as both. */
    static final int MAX_EDITS = 256;

    /** How many places may be looked at while differences are listed, for each that may be looked at before. */
    private static final int LISTING_FACTOR = 4;
    /** A graph that has many objects deeper than this may be one whose parts are shared. */
    private static final int SHALLOW = 8;

    private static final int MAX_DEEP = 20_000;
    /** Where the stack ends sooner, it is code of the user's that recurses. */
    private static final int MIN_DEPTH = 100;

    private static final int OPEN_AT_FIRST = 24;

    /** Two objects at places that have the same rules. */
    private record Pair(Object control, Object candidate, PathRules rules) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Pair pair
                    && pair.control == control
                    && pair.candidate == candidate
                    && pair.rules == rules;
        }

        @Override
        public int hashCode() {
            return (System.identityHashCode(control) * 31 + System.identityHashCode(candidate)) * 31
                    + System.identityHashCode(rules);
        }
    }

    private final Settings settings;
    private final boolean typeRules;
    /** The pairs that are being compared, from the outermost on: control and candidate in turn. */
    private @Nullable Object[] open = new @Nullable Object[OPEN_AT_FIRST];

    private int opened;
    /** How many more places may be looked at. */
    private int left;
    /** How many more objects may be looked at deep down before pairs are remembered. */
    private int deepLeft = MAX_DEEP;
    /** The pairs that were found equal, in that order. */
    private @Nullable LinkedHashMap<Pair, Pair> equalPairs;
    /** What was found; null while it is only asked whether there is a difference. */
    private @Nullable List<Difference> listed;

    private @Nullable Place place;
    /** What is listed is set aside while two elements are tried. */
    private boolean trial = true;
    /** A limit made a trial fail that might have succeeded. */
    private boolean doubt;
    /** A limit was reached that ends the walk. */
    private boolean ended;

    Walk(Settings settings) {
        this.settings = settings;
        typeRules = !settings.types().isEmpty();
        left = settings.limits().nodes();
    }

    List<Difference> run(
            @Nullable Object control, @Nullable Object candidate, PathRules rules, Place.@Nullable Names names) {
        try {
            if (walk(control, candidate, rules, 0)) {
                return List.of();
            }
            list(control, candidate, rules, names);
        } catch (StackOverflowError e) {
            if (opened / 2 < MIN_DEPTH) {
                throw e;
            }
            // a limit as any other, which the thread set
            place = new Place(names);
            listed = listed == null ? new ArrayList<>() : listed;
            trial = false;
            end(control, candidate);
        }
        return List.copyOf(Objects.requireNonNull(listed));
    }

    private void list(
            @Nullable Object control, @Nullable Object candidate, PathRules rules, Place.@Nullable Names names) {
        left = (int) Math.min((long) settings.limits().nodes() * LISTING_FACTOR, Integer.MAX_VALUE);
        opened = 0;
        doubt = false;
        equalPairs = null;
        listed = new ArrayList<>();
        place = new Place(names);
        trial = false;
        walk(control, candidate, rules, 0);
        if (doubt && listed.stream().noneMatch(difference -> difference.kind() == Kind.CUT_OFF)) {
            end(control, candidate);
        }
    }

    /** Compares what lies at one place; lists the differences unless it is a trial, which ends at the first. */
    private boolean walk(@Nullable Object control, @Nullable Object candidate, PathRules rules, int depth) {
        if (rules != PathRules.NONE) {
            rules.meet();
        }
        if (control == candidate || rules.ignored) {
            return true;
        }
        if (--left < 0) {
            return end(control, candidate);
        }
        ResultComparator<@Nullable Object> comparator = rules.comparator;
        if (control instanceof String text && candidate instanceof String && comparator == null && !typeRules) {
            return text.equals(candidate) || report(control, candidate, Kind.VALUE);
        }
        if (control != null && candidate != null) {
            Class<?> type = control.getClass();
            if (type == candidate.getClass() && Holders.isOptional(type)) {
                return held(control, candidate, rules, depth);
            }
            if (comparator == null && typeRules) {
                comparator = settings.comparator(control, candidate);
            }
        }
        if (comparator != null) {
            return adopt(comparator.compare(control, candidate));
        }
        if (control == null || candidate == null) {
            return report(control, candidate, Kind.VALUE);
        }
        Shape shape = Shape.of(control.getClass());
        Shape candidateShape = control.getClass() == candidate.getClass() ? shape : Shape.of(candidate.getClass());
        if (shape.managed != null || candidateShape.managed != null) {
            Object one = shape.managed == null ? control : shape.managed.resolved(control);
            Object other = candidateShape.managed == null ? candidate : candidateShape.managed.resolved(candidate);
            if (one instanceof Managed.NotLoaded || other instanceof Managed.NotLoaded) {
                return notLoaded(one, other, control, candidate);
            }
            if (one != control || other != candidate) {
                return walk(one, other, rules, depth);
            }
        }
        Form form = settings.form(control, shape);
        if (form != settings.form(candidate, candidateShape)) {
            return differentTypes(control, candidate, rules, depth);
        }
        return switch (form) {
            case VALUE -> values(control, candidate, shape, rules, depth);
            case TEXT ->
                CharSequence.compare((CharSequence) control, (CharSequence) candidate) == 0
                        || report(control, candidate, Kind.VALUE);
            case RECORD, GETTERS, FIELDS, PRIMITIVES, HOLDER, THROWABLE ->
                shape.type == candidateShape.type
                        ? parts(form, shape, control, candidate, rules, depth)
                        : differentTypes(control, candidate, rules, depth);
            // maps and what holds elements, whose classes do not matter
            default -> parts(form, shape, control, candidate, rules, depth);
        };
    }

    private boolean values(Object control, Object candidate, Shape shape, PathRules rules, int depth) {
        boolean sameType = type(control) == type(candidate);
        if (control instanceof Pattern one && candidate instanceof Pattern other) {
            return (one.pattern().equals(other.pattern()) && one.flags() == other.flags())
                    || report(control, candidate, Kind.VALUE);
        }
        // both are asked where their classes differ, as a Date equals its Timestamp, but not the reverse
        if (control.equals(candidate) && (sameType || candidate.equals(control))) {
            return true;
        }
        if (!sameType) {
            return differentTypes(control, candidate, rules, depth);
        }
        return settings.acrossTypes() && shape.named() != null
                ? parts(null, shape, control, candidate, rules, depth)
                : report(control, candidate, Kind.VALUE);
    }

    /** Enough of a type to tell a changed value from a changed type: constants of one enum may have different classes. */
    private static Class<?> type(Object value) {
        return value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass();
    }

    /** Compares what two holders hold, or a holder and what is none. */
    private boolean held(Object control, Object candidate, PathRules rules, int depth) {
        Object one = Holders.isHolder(control.getClass()) ? Holders.held(control) : control;
        Object other = Holders.isHolder(candidate.getClass()) ? Holders.held(candidate) : candidate;
        if (one == Holders.NOTHING || other == Holders.NOTHING) {
            return one == other
                    || (one == Holders.NOTHING ? report(null, other, Kind.EXTRA) : report(one, null, Kind.MISSING));
        }
        return depth >= settings.limits().depth() ? cutOff(control, candidate) : walk(one, other, rules, depth + 1);
    }

    /** Two references to the same row match; other than that nothing is known but the identifiers. */
    private boolean notLoaded(@Nullable Object one, @Nullable Object other, Object control, Object candidate) {
        if (one instanceof Managed.NotLoaded row && other instanceof Managed.NotLoaded otherRow) {
            return row.isSame(otherRow)
                    || (row.reference() && otherRow.reference()
                            ? report(control, candidate, Kind.VALUE)
                            : cutOff(control, candidate));
        }
        return cutOff(control, candidate);
    }

    // ---- the same in other types ----

    private boolean differentTypes(Object control, Object candidate, PathRules rules, int depth) {
        if (settings.acrossTypes()) {
            if (Holders.isHolder(control.getClass()) != Holders.isHolder(candidate.getClass())) {
                return held(control, candidate, rules, depth);
            }
            if (control instanceof Number one && candidate instanceof Number other) {
                return Tolerance.NONE.compare(one, other).isEmpty() || report(control, candidate, Kind.VALUE);
            }
            if (control instanceof Date one && candidate instanceof Date other) {
                return instant(one).equals(instant(other)) || report(control, candidate, Kind.VALUE);
            }
            if ((isSequence(control) && isSequence(candidate))
                    || (names(control) != null && names(candidate) != null)) {
                return parts(null, Shape.of(control.getClass()), control, candidate, rules, depth);
            }
        }
        return report(control, candidate, Kind.TYPE);
    }

    private static Instant instant(Date date) {
        try {
            return date.toInstant();
        } catch (UnsupportedOperationException dayOrTimeOfSql) {
            return Instant.ofEpochMilli(date.getTime());
        }
    }

    private static boolean isSequence(Object value) {
        Form form = Shape.of(value.getClass()).form;
        return form == Form.SEQUENCE || form == Form.OBJECTS || form == Form.PRIMITIVES;
    }

    /** The names of what an object is made of; null if it has none. */
    private @Nullable Collection<String> names(Object owner) {
        if (!(owner instanceof Map<?, ?> map)) {
            Shape.Property[] properties = named(owner);
            return properties == null
                    ? null
                    : Arrays.stream(properties).map(property -> property.name).toList();
        }
        List<String> names = new ArrayList<>();
        for (Object key : map.keySet()) {
            if (!(key instanceof String name)) {
                return null;
            }
            names.add(name);
        }
        return names;
    }

    private Shape.Property @Nullable [] named(Object owner) {
        Shape shape = Shape.of(owner.getClass());
        Form form = settings.form(owner, shape);
        return form == Form.GETTERS || form == Form.FIELDS ? shape.properties(form) : shape.named();
    }

    private @Nullable Object valueOf(Object owner, String name) {
        if (owner instanceof Map<?, ?> map) {
            return map.get(name);
        }
        for (Shape.Property property : Objects.requireNonNull(named(owner))) {
            if (property.name.equals(name)) {
                return read(property, owner);
            }
        }
        throw new IllegalStateException(owner.getClass().getName() + " has no " + name);
    }

    private boolean across(Object control, Object candidate, PathRules rules, int depth) {
        if (isSequence(control)) {
            return elements(
                    Shape.of(control.getClass()).form,
                    Shape.of(candidate.getClass()).form,
                    control,
                    candidate,
                    rules,
                    depth);
        }
        Set<String> all = new LinkedHashSet<>(Objects.requireNonNull(names(control)));
        Set<String> candidateNames = new LinkedHashSet<>(Objects.requireNonNull(names(candidate)));
        Set<String> controlNames = Set.copyOf(all);
        all.addAll(candidateNames);
        rules.meetNames(all);
        boolean same = true;
        for (String name : all) {
            PathRules below = rules.property(name);
            below.meet();
            if (!below.ignored) {
                atProperty(name);
                Object one = controlNames.contains(name) ? valueOf(control, name) : null;
                Object other = candidateNames.contains(name) ? valueOf(candidate, name) : null;
                same &= !controlNames.contains(name)
                        ? report(null, other, Kind.EXTRA)
                        : !candidateNames.contains(name)
                                ? report(one, null, Kind.MISSING)
                                : values(one, other, control, candidate, below, depth);
                back();
                if (!same && stopped()) {
                    return false;
                }
            }
        }
        return same;
    }

    // ---- what has parts ----

    /** Of two objects that have parts; the form is null where it differs. */
    private boolean parts(
            @Nullable Form form, Shape shape, Object control, Object candidate, PathRules rules, int depth) {
        if (shape.plain && form == Form.RECORD && rules == PathRules.NONE && !typeRules) {
            if (control.equals(candidate)) {
                return true;
            }
            if (trial) {
                return false;
            }
        }
        if (depth >= settings.limits().depth()) {
            return cutOff(control, candidate);
        }
        for (int i = opened - 2; i >= 0; i -= 2) {
            if (open[i] == control && open[i + 1] == candidate) {
                return true;
            }
        }
        Pair pair = null;
        if (depth > SHALLOW && deepLeft > 0 && --deepLeft == 0) {
            equalPairs = new LinkedHashMap<>();
        }
        if (equalPairs != null) {
            pair = new Pair(control, candidate, rules);
            if (equalPairs.containsKey(pair)) {
                return true;
            }
        }
        if (opened == open.length) {
            open = Arrays.copyOf(open, opened * 2);
        }
        open[opened++] = control;
        open[opened++] = candidate;
        int equalBefore = equalPairs == null ? 0 : equalPairs.size();
        boolean same = form == null
                ? across(control, candidate, rules, depth + 1)
                : switch (form) {
                    case RECORD, GETTERS, FIELDS -> properties(form, shape, control, candidate, rules, depth + 1);
                    case MAP -> maps((Map<?, ?>) control, (Map<?, ?>) candidate, rules, depth + 1);
                    case ENTRY -> entries((Map.Entry<?, ?>) control, (Map.Entry<?, ?>) candidate, rules, depth + 1);
                    case THROWABLE -> throwables((Throwable) control, (Throwable) candidate, rules, depth + 1);
                    case HOLDER -> held(control, candidate, rules, depth + 1);
                    default -> elements(form, form, control, candidate, rules, depth + 1);
                };
        opened -= 2;
        if (equalPairs != null && pair != null) {
            if (same) {
                equalPairs.put(pair, pair);
            } else {
                forget(equalPairs, equalBefore);
            }
        }
        return same;
    }

    /** What was found equal on the way may have been so only as long as this pair was taken as equal. */
    private static void forget(LinkedHashMap<Pair, Pair> pairs, int before) {
        if (pairs.size() > before) {
            Iterator<Pair> all = pairs.keySet().iterator();
            for (int i = 0; all.hasNext(); i++) {
                all.next();
                if (i >= before) {
                    all.remove();
                }
            }
        }
    }

    private boolean properties(Form form, Shape shape, Object control, Object candidate, PathRules rules, int depth) {
        if (shape.ownEquals && control.equals(candidate)) {
            return true;
        }
        Shape.Property[] properties = shape.properties(form);
        if (!rules.knowsNames()) {
            rules.meetNames(
                    Arrays.stream(properties).map(property -> property.name).toList());
        }
        boolean same = true;
        for (Shape.Property property : properties) {
            PathRules below = rules.property(property.name);
            if (below.ignored) {
                below.meet();
            } else if (property.primitive && below == PathRules.NONE && !typeRules && trial) {
                same = property.sameBits(control, candidate);
            } else {
                atProperty(property.name);
                same &= values(read(property, control), read(property, candidate), control, candidate, below, depth);
                back();
            }
            if (!same && stopped()) {
                return false;
            }
        }
        return same;
    }

    /** Compares what was read of two owners. */
    private boolean values(
            @Nullable Object one,
            @Nullable Object other,
            Object control,
            Object candidate,
            PathRules rules,
            int depth) {
        if (one instanceof Managed.NotLoaded || other instanceof Managed.NotLoaded) {
            rules.meet();
            return notLoaded(one, other, control, candidate);
        }
        return walk(one, other, rules, depth);
    }

    /** What a property holds, or that it is yet to be loaded. */
    private static @Nullable Object read(Shape.Property property, Object owner) {
        Managed managed = Shape.of(owner.getClass()).managed;
        Managed.NotLoaded unread = managed == null ? null : managed.unread(owner, property.name);
        return unread == null ? property.of(owner) : unread;
    }

    private boolean entries(Map.Entry<?, ?> control, Map.Entry<?, ?> candidate, PathRules rules, int depth) {
        boolean same = named("key", control.getKey(), candidate.getKey(), rules, depth);
        return (same || !stopped()) && named("value", control.getValue(), candidate.getValue(), rules, depth) && same;
    }

    private boolean throwables(Throwable control, Throwable candidate, PathRules rules, int depth) {
        return named("message", control.getMessage(), candidate.getMessage(), rules, depth);
    }

    private boolean named(
            String name, @Nullable Object control, @Nullable Object candidate, PathRules rules, int depth) {
        atProperty(name);
        boolean same = walk(control, candidate, rules.property(name), depth);
        back();
        return same;
    }

    // ---- maps ----

    private boolean maps(Map<?, ?> control, Map<?, ?> candidate, PathRules rules, int depth) {
        if (rules != PathRules.NONE) {
            rules.meetElements();
        }
        int size = control.size();
        if (size > settings.limits().nodes()
                || candidate.size() > settings.limits().nodes()) {
            return cutOff(control, candidate);
        }
        if (trial && size != candidate.size() && rules == PathRules.NONE) {
            return false;
        }
        boolean same = true;
        List<@Nullable Object> missing = null;
        for (Map.Entry<?, ?> entry : control.entrySet()) {
            Object key = entry.getKey();
            Object value = get(candidate, key);
            if (value == null && !containsKey(candidate, key)) {
                missing = missing == null ? new ArrayList<>() : missing;
                missing.add(key);
                continue;
            }
            atMapKey(key);
            same &= walk(entry.getValue(), value, rules.key(key), depth);
            back();
            if (!same && stopped()) {
                return false;
            }
        }
        // maps of one class find what equals has it; sorted ones have orders of their own
        boolean sameLookUp = !(control instanceof SortedMap) && control.getClass() == candidate.getClass();
        if (missing == null && size == candidate.size() && sameLookUp) {
            return same;
        }
        List<@Nullable Object> extra = new ArrayList<>();
        for (Object key : candidate.keySet()) {
            if (!containsKey(control, key)) {
                extra.add(key);
            }
        }
        return same & keys(control, candidate, missing == null ? List.of() : missing, extra, rules, depth);
    }

    /** Keys that the other map does not find: they may be equal all the same, by what they hold or by a type's rule. */
    private boolean keys(
            Map<?, ?> control,
            Map<?, ?> candidate,
            List<@Nullable Object> missing,
            List<@Nullable Object> extra,
            PathRules rules,
            int depth) {
        @Nullable Object[] keys = missing.toArray();
        @Nullable Object[] candidateKeys = extra.toArray();
        Matching matching = match(keys, candidateKeys, PathRules.NONE, depth, false);
        if (matching == null) {
            return cutOff(control, candidate);
        }
        boolean same = true;
        for (int i = 0; i < keys.length && (same || !stopped()); i++) {
            Object value = control.get(keys[i]);
            PathRules below = rules.key(keys[i]);
            int partner = matching.partner[i];
            atMapKey(keys[i]);
            same &= partner < 0
                    ? lone(value, null, below, Kind.MISSING)
                    : walk(value, candidate.get(candidateKeys[partner]), below, depth);
            back();
        }
        for (int j = 0; j < candidateKeys.length && (same || !stopped()); j++) {
            if (matching.candidatePartner[j] < 0) {
                atMapKey(candidateKeys[j]);
                same &= lone(null, candidate.get(candidateKeys[j]), rules.key(candidateKeys[j]), Kind.EXTRA);
                back();
            }
        }
        return same;
    }

    // ---- elements ----

    private boolean elements(
            Form form, Form candidateForm, Object control, Object candidate, PathRules rules, int depth) {
        if (rules != PathRules.NONE) {
            rules.meetElements();
        }
        int size = size(form, control);
        int candidateSize = size(candidateForm, candidate);
        if (size > settings.limits().nodes()
                || candidateSize > settings.limits().nodes()) {
            return cutOff(control, candidate);
        }
        boolean inOrder = form != Form.SET && form != Form.BAG && !rules.anyOrder && rules.key == null;
        if (trial && form == candidateForm) {
            if (size != candidateSize && rules == PathRules.NONE) {
                return false;
            }
            if (form == Form.PRIMITIVES) {
                boolean same = Objects.deepEquals(control, candidate);
                if (same || (inOrder && rules == PathRules.NONE && !typeRules)) {
                    return same;
                }
            } else if (size == candidateSize) {
                boolean same = form == Form.SET
                        ? sets((Set<?>) control, (Set<?>) candidate, rules, depth)
                        : form == Form.OBJECTS
                                ? arrays((Object[]) control, (Object[]) candidate, rules, depth)
                                : sequences((Collection<?>) control, (Collection<?>) candidate, rules, depth);
                if (same || inOrder) {
                    return same;
                }
            }
        }
        @Nullable Object[] one = elements(form, control);
        @Nullable Object[] other = elements(candidateForm, candidate);
        if (rules.key != null) {
            return paired(one, other, rules.key, rules, depth);
        }
        return inOrder
                ? ordered(one, other, rules, depth, control, candidate)
                : unordered(form == Form.SET || form == Form.BAG, one, other, rules, depth, control, candidate);
    }

    private static int size(Form form, Object owner) {
        return form == Form.OBJECTS || form == Form.PRIMITIVES
                ? Array.getLength(owner)
                : ((Collection<?>) owner).size();
    }

    private static @Nullable Object[] elements(Form form, Object owner) {
        if (form == Form.OBJECTS) {
            return (@Nullable Object[]) owner;
        }
        if (form != Form.PRIMITIVES) {
            return ((Collection<?>) owner).toArray();
        }
        @Nullable Object[] boxes = new @Nullable Object[Array.getLength(owner)];
        for (int i = 0; i < boxes.length; i++) {
            boxes[i] = Array.get(owner, i);
        }
        return boxes;
    }

    private boolean sequences(Collection<?> control, Collection<?> candidate, PathRules rules, int depth) {
        int size = control.size();
        if (control instanceof RandomAccess && candidate instanceof RandomAccess) {
            List<?> one = (List<?>) control;
            List<?> other = (List<?>) candidate;
            for (int i = 0; i < size; i++) {
                if (!walk(one.get(i), other.get(i), rules.element(i), depth)) {
                    return false;
                }
            }
            return true;
        }
        Iterator<?> one = control.iterator();
        Iterator<?> other = candidate.iterator();
        for (int i = 0; i < size; i++) {
            if (!walk(one.next(), other.next(), rules.element(i), depth)) {
                return false;
            }
        }
        return true;
    }

    private boolean arrays(@Nullable Object[] control, @Nullable Object[] candidate, PathRules rules, int depth) {
        for (int i = 0; i < control.length; i++) {
            if (!walk(control[i], candidate[i], rules.element(i), depth)) {
                return false;
            }
        }
        return true;
    }

    /** Elements as they come; where that fails, those whose equals can be relied on by look-up. */
    private boolean sets(Set<?> control, Set<?> candidate, PathRules rules, int depth) {
        boolean lookUp = !(control instanceof SortedSet) && control.getClass() == candidate.getClass();
        Iterator<?> one = control.iterator();
        Iterator<?> other = candidate.iterator();
        for (int i = control.size(); i > 0; i--) {
            Object element = one.next();
            boolean found = walk(element, other.next(), rules.element(), depth)
                    || (lookUp
                            && element != null
                            && Shape.of(element.getClass()).plain
                            && contains(candidate, element));
            if (!found) {
                return false;
            }
        }
        return true;
    }

    /** Aligns, then compares what has no partner run by run, position by position. */
    private boolean ordered(
            @Nullable Object[] control,
            @Nullable Object[] candidate,
            PathRules rules,
            int depth,
            Object controlOwner,
            Object candidateOwner) {
        int common = Math.min(control.length, candidate.length);
        int start = 0;
        while (start < common && equal(control[start], candidate[start], rules.element(start), depth)) {
            start++;
        }
        int end = 0;
        while (end < common - start
                && equal(
                        control[control.length - 1 - end],
                        candidate[candidate.length - 1 - end],
                        rules.element(control.length - 1 - end),
                        depth)) {
            end++;
        }
        if (start + end == control.length && start + end == candidate.length) {
            return true;
        }
        int from = start;
        @Nullable Object[] middle = Arrays.copyOfRange(control, start, control.length - end);
        @Nullable Object[] candidateMiddle = Arrays.copyOfRange(candidate, start, candidate.length - end);
        int[] partner = new int[middle.length];
        Arrays.fill(partner, -1);
        boolean aligned = true;
        if (middle.length > 0 && candidateMiddle.length > 0) {
            // else it matters what is at which index
            boolean sameRules = true;
            for (int i = 0; rules.byIndex && i < middle.length; i++) {
                sameRules &= rules.element(start + i) == rules.element();
            }
            int[][] hashes = sameRules
                    ? hashes(middle, candidateMiddle, rules.element())
                    : new int[][] {new int[middle.length], new int[candidateMiddle.length]};
            if (sameRules && reordered(middle, candidateMiddle, hashes, rules.element(), depth)) {
                return report(controlOwner, candidateOwner, Kind.ORDER);
            }
            aligned = Alignment.align(
                    hashes[0],
                    hashes[1],
                    (i, j) -> equal(middle[i], candidateMiddle[j], rules.element(from + i), depth),
                    MAX_EDITS,
                    partner);
        }
        if (!aligned) {
            int both = Math.min(middle.length, candidateMiddle.length);
            boolean same = run(control, start, start + both, candidate, start, start + both, rules, depth);
            // where all elements are ignored they are all equal, and so aligned
            return control.length == candidate.length ? same : report(controlOwner, candidateOwner, Kind.SIZE);
        }
        boolean same = true;
        int i = start;
        int j = start;
        for (int k = 0; k <= middle.length && (same || !stopped()); k++) {
            boolean last = k == middle.length;
            if (last || partner[k] >= 0) {
                int candidateEnd = last ? start + candidateMiddle.length : start + partner[k];
                same &= run(control, i, start + k, candidate, j, candidateEnd, rules, depth);
                i = start + k + 1;
                j = candidateEnd + 1;
            }
        }
        return same;
    }

    /** Neighbours without partners: pairs them up by position, as changed; those left over are missing or extra. */
    private boolean run(
            @Nullable Object[] control,
            int controlStart,
            int controlEnd,
            @Nullable Object[] candidate,
            int candidateStart,
            int candidateEnd,
            PathRules rules,
            int depth) {
        boolean same = true;
        int i = controlStart;
        int j = candidateStart;
        while ((same || !stopped()) && i < controlEnd) {
            atIndex(i);
            same &= j < candidateEnd
                    ? walk(control[i], candidate[j++], rules.element(i), depth)
                    : lone(control[i], null, rules.element(i), Kind.MISSING);
            back();
            i++;
        }
        while ((same || !stopped()) && j < candidateEnd) {
            atIndex(j);
            same &= lone(null, candidate[j], rules.element(j), Kind.EXTRA);
            back();
            j++;
        }
        return same;
    }

    private boolean reordered(
            @Nullable Object[] control, @Nullable Object[] candidate, int[][] hashes, PathRules below, int depth) {
        int sum = 0;
        for (int hash : hashes[0]) {
            sum += hash;
        }
        for (int hash : hashes[1]) {
            sum -= hash;
        }
        if (control.length != candidate.length || sum != 0) {
            return false;
        }
        Matching matching = new Matching(hashes[0], hashes[1], (i, j) -> equal(control[i], candidate[j], below, depth));
        return matching.match(isTransitive(below), true)
                && Arrays.stream(matching.partner).allMatch(partner -> partner >= 0);
    }

    private boolean unordered(
            boolean noIndex,
            @Nullable Object[] control,
            @Nullable Object[] candidate,
            PathRules rules,
            int depth,
            Object controlOwner,
            Object candidateOwner) {
        PathRules below = rules.element();
        if (below.ignored) {
            below.meet();
            return true;
        }
        Matching matching = match(control, candidate, below, depth, trial);
        if (matching == null) {
            return cutOff(controlOwner, candidateOwner);
        }
        boolean same = true;
        for (int i = 0; i < control.length && (same || !stopped()); i++) {
            if (matching.partner[i] < 0) {
                same = lone(noIndex ? -1 : i, control[i], null, Kind.MISSING);
            }
        }
        for (int j = 0; j < candidate.length && (same || !stopped()); j++) {
            if (matching.candidatePartner[j] < 0) {
                same = lone(noIndex ? -1 : j, null, candidate[j], Kind.EXTRA);
            }
        }
        return same;
    }

    private boolean lone(int index, @Nullable Object control, @Nullable Object candidate, Kind kind) {
        atIndex(index);
        report(control, candidate, kind);
        back();
        return false;
    }

    /** Pairs up equal elements whatever their order; null if there are too many to try. */
    private @Nullable Matching match(
            @Nullable Object[] control, @Nullable Object[] candidate, PathRules below, int depth, boolean all) {
        int[][] hashes = control.length == 0 || candidate.length == 0
                ? new int[][] {new int[control.length], new int[candidate.length]}
                : hashes(control, candidate, below);
        Matching matching = new Matching(hashes[0], hashes[1], (i, j) -> equal(control[i], candidate[j], below, depth));
        return matching.match(isTransitive(below), all) && left > 0 ? matching : null;
    }

    private int[][] hashes(@Nullable Object[] control, @Nullable Object[] candidate, PathRules below) {
        return new StructuralHash(settings, Arrays.copyOf(open, opened)).of(control, candidate, below);
    }

    private boolean isTransitive(PathRules below) {
        return below == PathRules.NONE && !typeRules;
    }

    // ---- elements by a key ----

    /** The elements of one key. */
    private record Group(List<@Nullable Object> control, List<@Nullable Object> candidate) {}

    private boolean paired(
            @Nullable Object[] control,
            @Nullable Object[] candidate,
            Function<Object, @Nullable Object> key,
            PathRules rules,
            int depth) {
        Map<@Nullable Object, Group> groups = new LinkedHashMap<>();
        for (Object element : control) {
            group(groups, element, key).control.add(element);
        }
        for (Object element : candidate) {
            group(groups, element, key).candidate.add(element);
        }
        boolean same = true;
        for (Map.Entry<@Nullable Object, Group> entry : groups.entrySet()) {
            PathRules below = rules.key(entry.getKey());
            Group group = entry.getValue();
            atChosenKey(entry.getKey());
            same &= group.control.size() == 1 && group.candidate.size() == 1
                    ? walk(group.control.get(0), group.candidate.get(0), below, depth)
                    : ofOneKey(group.control.toArray(), group.candidate.toArray(), below, depth);
            back();
            if (!same && stopped()) {
                return false;
            }
        }
        return same;
    }

    private static Group group(
            Map<@Nullable Object, Group> groups, @Nullable Object element, Function<Object, @Nullable Object> key) {
        return groups.computeIfAbsent(
                element == null ? null : key.apply(element),
                unknown -> new Group(new ArrayList<>(1), new ArrayList<>(1)));
    }

    /** Elements that share a key, or have no partner: equal ones belong together, then one after the other. */
    private boolean ofOneKey(@Nullable Object[] control, @Nullable Object[] candidate, PathRules below, int depth) {
        Matching matching = match(control, candidate, below, depth, false);
        if (matching == null) {
            return cutOff(control, candidate);
        }
        boolean same = true;
        int j = 0;
        for (int i = 0; i < control.length && (same || !stopped()); i++) {
            if (matching.partner[i] < 0) {
                j = free(matching, j);
                same &= j < candidate.length
                        ? walk(control[i], candidate[j++], below, depth)
                        : lone(control[i], null, below, Kind.MISSING);
            }
        }
        for (j = free(matching, j); j < candidate.length && (same || !stopped()); j = free(matching, j + 1)) {
            same &= lone(null, candidate[j], below, Kind.EXTRA);
        }
        return same;
    }

    private static int free(Matching matching, int from) {
        int j = from;
        while (j < matching.candidatePartner.length && matching.candidatePartner[j] >= 0) {
            j++;
        }
        return j;
    }

    // ---- what is found ----

    /** Whether two elements are equal, without listing where they differ. */
    private boolean equal(@Nullable Object control, @Nullable Object candidate, PathRules rules, int depth) {
        boolean before = trial;
        trial = true;
        boolean same = walk(control, candidate, rules, depth);
        trial = before;
        return same;
    }

    /** The differences that a place's own comparator found lie below it. */
    private boolean adopt(List<Difference> below) {
        if (trial || below.isEmpty()) {
            return below.isEmpty();
        }
        String path = place().path();
        String here = place().place();
        for (Difference difference : below) {
            Difference placed = difference.below(path);
            add(
                    here == null
                            ? placed
                            : new Difference(
                                    placed.path(),
                                    placed.control(),
                                    placed.candidate(),
                                    placed.kind(),
                                    Difference.of(difference.place(), null, null)
                                            .below(here)
                                            .path()));
            if (ended) {
                break;
            }
        }
        return false;
    }

    private boolean lone(@Nullable Object control, @Nullable Object candidate, PathRules rules, Kind kind) {
        rules.meet();
        return rules.ignored || report(control, candidate, kind);
    }

    private boolean report(@Nullable Object control, @Nullable Object candidate, Kind kind) {
        if (!trial) {
            add(new Difference(place().path(), control, candidate, kind, place().place()));
        }
        return false;
    }

    private void add(Difference difference) {
        List<Difference> all = Objects.requireNonNull(listed);
        if (all.size() < settings.limits().differences()) {
            all.add(difference);
        } else {
            end(difference.control(), difference.candidate());
        }
    }

    /** What lies below was not looked at for a limit. */
    private boolean cutOff(@Nullable Object control, @Nullable Object candidate) {
        doubt |= trial;
        return report(control, candidate, Kind.CUT_OFF);
    }

    /** Ends the walk at a limit; a trial it merely makes fail, as nothing was proven. */
    private boolean end(@Nullable Object control, @Nullable Object candidate) {
        if (trial) {
            doubt = true;
        } else if (!ended) {
            ended = true;
            Objects.requireNonNull(listed)
                    .add(new Difference(place().path(), control, candidate, Kind.CUT_OFF, place().place()));
        }
        return false;
    }

    /** After a difference: whether there is nothing more to be found out. */
    private boolean stopped() {
        return trial || ended;
    }

    private Place place() {
        return Objects.requireNonNull(place);
    }

    private void atProperty(String name) {
        if (!trial) {
            place().property(name);
        }
    }

    /** At an element; at any if the index is -1. */
    private void atIndex(int index) {
        if (!trial) {
            if (index < 0) {
                place().anyElement();
            } else {
                place().index(index);
            }
        }
    }

    private void atMapKey(@Nullable Object key) {
        if (!trial) {
            place().mapKey(key);
        }
    }

    private void atChosenKey(@Nullable Object key) {
        if (!trial) {
            place().chosenKey(key);
        }
    }

    private void back() {
        if (!trial) {
            place().back();
        }
    }

    /** Like {@link Set#contains}, which may refuse a null or an element of another type. */
    private static boolean contains(Set<?> set, @Nullable Object element) {
        try {
            return set.contains(element);
        } catch (ClassCastException | NullPointerException refused) {
            return false;
        }
    }

    private static boolean containsKey(Map<?, ?> map, @Nullable Object key) {
        try {
            return map.containsKey(key);
        } catch (ClassCastException | NullPointerException refused) {
            return false;
        }
    }

    private static @Nullable Object get(Map<?, ?> map, @Nullable Object key) {
        try {
            return map.get(key);
        } catch (ClassCastException | NullPointerException refused) {
            return null;
        }
    }
}
