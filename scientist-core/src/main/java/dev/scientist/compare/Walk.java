package dev.scientist.compare;

import dev.scientist.Difference;
import dev.scientist.Difference.Kind;
import dev.scientist.ResultComparator;
import dev.scientist.compare.Managed.NotLoaded;
import dev.scientist.compare.Shape.Form;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Function;
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
    private static final int LISTING_FACTOR = 3;
    /** A graph with so many objects below so many others may be one whose parts are shared. */
    private static final int MANY_DEEP = 20_000;

    private static final int DEEP = 8;
    /** Where the stack ends sooner, it is code of the user's that recurses. */
    private static final int MIN_DEPTH = 100;

    private static final int DEPTH_AT_FIRST = 10;

    /** Two objects at places that have the same rules. */
    private record Pair(Object control, Object candidate, PathRules rules) {

        @Override
        public boolean equals(@Nullable Object other) {
            Pair pair = (Pair) Objects.requireNonNull(other);
            return pair.control == control && pair.candidate == candidate && pair.rules == rules;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(control) * 31 + System.identityHashCode(candidate);
        }
    }

    private final Settings settings;
    private final Place place;
    private final boolean typeRules;
    /** The pairs that are being compared, from the outermost on: control and candidate in turn. */
    private @Nullable Object[] open = new @Nullable Object[2 * DEPTH_AT_FIRST];

    private int opened;
    /** How many more places may be looked at. */
    private int left;
    /** How many more objects may be looked at deep down before pairs are remembered. */
    private int deepLeft = MANY_DEEP;
    /** Pairs that were found equal, in that order; null until they are remembered. */
    private @Nullable Set<Pair> equalPairs;

    private List<Pair> equalInOrder = List.of();
    private List<Difference> listed = List.of();
    /** It is only asked whether there is a difference: the first one ends it. */
    private boolean trial = true;
    /** A limit made a trial fail that might have succeeded. */
    private boolean doubt;
    /** A limit was reached that ends the walk. */
    private boolean ended;

    Walk(Settings settings, Place.@Nullable Names names) {
        this.settings = settings;
        place = new Place(names);
        typeRules = !settings.types().isEmpty();
        left = settings.limits().nodes();
    }

    List<Difference> run(@Nullable Object control, @Nullable Object candidate, PathRules rules) {
        try {
            if (walk(control, candidate, rules)) {
                return listed;
            }
            trial = false;
            doubt = false;
            opened = 0;
            left = (int) Math.min((long) settings.limits().nodes() * LISTING_FACTOR, Integer.MAX_VALUE);
            equalPairs = null;
            equalInOrder = List.of();
            listed = new ArrayList<>();
            walk(control, candidate, rules);
        } catch (StackOverflowError e) {
            if (opened / 2 < MIN_DEPTH) {
                throw e;
            }
            // a limit like any other, set by the thread
            listed = new ArrayList<>(listed);
            listed.add(new Difference("", control, candidate, Kind.CUT_OFF));
        }
        if (doubt && listed.stream().noneMatch(difference -> difference.kind() == Kind.CUT_OFF)) {
            end(control, candidate);
        }
        return List.copyOf(listed);
    }

    /** Compares what lies at one place; lists the differences unless it is a trial. */
    private boolean walk(@Nullable Object control, @Nullable Object candidate, PathRules rules) {
        rules.meet();
        if (control == candidate || rules.ignored) {
            return true;
        }
        if (--left < 0) {
            return end(control, candidate);
        }
        ResultComparator<@Nullable Object> comparator = rules.comparator;
        if (control instanceof String && candidate instanceof String && comparator == null && !typeRules) {
            return control.equals(candidate) || report(control, candidate, Kind.VALUE);
        }
        if (rules == PathRules.NONE
                && !typeRules
                && control instanceof byte[] one
                && candidate instanceof byte[] two
                && Arrays.equals(one, two)) {
            return true; // a document or a picture, of more bytes than a walk goes to
        }
        if (control != null && candidate != null) {
            Class<?> type = control.getClass();
            if (type == candidate.getClass() && Holders.isOptional(type)) {
                return parts(Form.HOLDER, Shape.of(type), control, candidate, rules);
            }
            comparator = comparator == null && typeRules ? settings.comparator(control, candidate) : comparator;
        }
        if (comparator != null) {
            return adopt(comparator.compare(control, candidate));
        }
        if (control == null || candidate == null) {
            boolean unknown = control instanceof NotLoaded || candidate instanceof NotLoaded;
            return report(control, candidate, unknown ? Kind.CUT_OFF : Kind.VALUE);
        }
        Shape shape = Shape.of(control.getClass());
        Shape other = control.getClass() == candidate.getClass() ? shape : Shape.of(candidate.getClass());
        if (shape.managed != null || other.managed != null) {
            Object one = Managed.resolved(shape, control);
            Object two = Managed.resolved(other, candidate);
            if (one instanceof NotLoaded || two instanceof NotLoaded) {
                return NotLoaded.same(one, two) || report(one, two, NotLoaded.kind(one, two));
            }
            if (one != control || two != candidate) {
                return walk(one, two, rules);
            }
        }
        Form form = settings.form(control, shape);
        if (form != settings.form(candidate, other)) {
            return otherType(control, candidate, rules);
        }
        return switch (form) {
            case VALUE -> values(control, candidate, shape, rules);
            case TEXT ->
                CharSequence.compare((CharSequence) control, (CharSequence) candidate) == 0
                        || report(control, candidate, Kind.VALUE);
            // the classes of maps and of what holds elements do not matter
            case MAP, ENTRY, SET, BAG, SEQUENCE, OBJECTS -> parts(form, shape, control, candidate, rules);
            default ->
                shape.type == other.type
                        ? parts(form, shape, control, candidate, rules)
                        : otherType(control, candidate, rules);
        };
    }

    private boolean values(Object control, Object candidate, Shape shape, PathRules rules) {
        // constants of one enum may have different classes
        boolean sameType = (control instanceof Enum<?> one && candidate instanceof Enum<?> other)
                ? one.getDeclaringClass() == other.getDeclaringClass()
                : control.getClass() == candidate.getClass();
        // both are asked where their classes differ, as a Date equals its Timestamp, but not the reverse
        if (control.equals(candidate) && (sameType || candidate.equals(control))) {
            return true;
        }
        if (!sameType) {
            return otherType(control, candidate, rules);
        }
        return (settings.acrossTypes() && shape.named().length > 0)
                ? parts(null, shape, control, candidate, rules)
                : report(control, candidate, Kind.VALUE);
    }

    // ---- the same in another type ----

    @SuppressWarnings("JavaUtilDate") // others have them
    private boolean otherType(Object control, Object candidate, PathRules rules) {
        if (settings.acrossTypes()) {
            if (Holders.isHolder(control.getClass()) || Holders.isHolder(candidate.getClass())) {
                return parts(Form.HOLDER, Shape.of(control.getClass()), control, candidate, rules);
            }
            if (control instanceof Number one && candidate instanceof Number other) {
                return Tolerance.NONE.compare(one, other).isEmpty() || report(control, candidate, Kind.VALUE);
            }
            if (control instanceof Date one && candidate instanceof Date other) {
                // both are asked: only a Timestamp looks at its nanoseconds
                return (one.compareTo(other) == 0 && other.compareTo(one) == 0)
                        || report(control, candidate, Kind.VALUE);
            }
            if ((isSequence(control) && isSequence(candidate)) || (hasNames(control) && hasNames(candidate))) {
                return parts(null, Shape.of(control.getClass()), control, candidate, rules);
            }
        }
        return report(control, candidate, Kind.TYPE);
    }

    private static boolean isSequence(Object value) {
        Form form = Shape.of(value.getClass()).form;
        return form == Form.SEQUENCE || form == Form.OBJECTS || form == Form.PRIMITIVES;
    }

    private static boolean hasNames(Object value) {
        return value instanceof Map<?, ?> map
                ? map.keySet().stream().allMatch(String.class::isInstance)
                : Shape.of(value.getClass()).named().length > 0;
    }

    /** What an object is made of, by name, but for what is ignored. */
    private static Map<?, ?> contents(Object owner, PathRules rules) {
        if (owner instanceof Map<?, ?> map) {
            return map;
        }
        Map<String, @Nullable Object> contents = new LinkedHashMap<>();
        Shape.Property[] properties = Shape.of(owner.getClass()).named();
        rules.meetNames(properties);
        for (Shape.Property property : properties) {
            if (!rules.property(property.name).ignored) {
                contents.put(property.name, Managed.read(property, owner));
            }
        }
        return contents;
    }

    private boolean across(Object control, Object candidate, PathRules rules) {
        if (isSequence(control)) {
            return elements(Form.SEQUENCE, control, candidate, rules);
        }
        boolean same = maps(contents(control, rules), contents(candidate, rules), rules, true);
        if (!same || control.getClass() != candidate.getClass()) {
            return same;
        }
        // their equals said no, or they would not be walked
        return properties(Shape.of(control.getClass()).hidden(), control, candidate, rules);
    }

    // ---- what has parts ----

    /** Of two objects that have parts; the form is null where theirs differ. */
    private boolean parts(@Nullable Form form, Shape shape, Object control, Object candidate, PathRules rules) {
        if (shape.plain && form == Form.RECORD && rules == PathRules.NONE && !typeRules) {
            boolean same = control.equals(candidate);
            if (same || trial) {
                return same;
            }
        }
        if (opened >= 2 * settings.limits().depth()) {
            return cutOff(control, candidate);
        }
        for (int i = opened - 2; i >= 0; i -= 2) {
            if (open[i] == control && open[i + 1] == candidate) {
                return true;
            }
        }
        if (opened > 2 * DEEP && --deepLeft == 0) {
            equalPairs = new HashSet<>();
            equalInOrder = new ArrayList<>();
        }
        Pair pair = equalPairs == null ? null : new Pair(control, candidate, rules);
        if (equalPairs != null && equalPairs.contains(pair)) {
            return true;
        }
        int equalBefore = equalInOrder.size();
        if (opened == open.length) {
            open = Arrays.copyOf(open, opened * 2);
        }
        open[opened++] = control;
        open[opened++] = candidate;
        boolean same = form == null ? across(control, candidate, rules) : parts(form, shape, rules, control, candidate);
        opened -= 2;
        if (equalPairs != null && pair != null && same) {
            equalPairs.add(pair);
            equalInOrder.add(pair);
        }
        // what was found equal on the way may have been so only as long as this pair was taken as equal
        while (!same && equalPairs != null && equalInOrder.size() > equalBefore) {
            equalPairs.remove(equalInOrder.remove(equalInOrder.size() - 1));
        }
        return same;
    }

    private boolean parts(Form form, Shape shape, PathRules rules, Object control, Object candidate) {
        return switch (form) {
            case RECORD, GETTERS, FIELDS, ENTRY, THROWABLE -> properties(form, shape, control, candidate, rules);
            case MAP -> maps((Map<?, ?>) control, (Map<?, ?>) candidate, rules, false);
            case HOLDER -> {
                Object one = Holders.held(control);
                Object other = Holders.held(candidate);
                // both may be empty
                yield one == other || pair(one, other, rules);
            }
            default -> elements(form, control, candidate, rules);
        };
    }

    private boolean properties(Form form, Shape shape, Object control, Object candidate, PathRules rules) {
        if (shape.ownEquals && control.equals(candidate)) {
            return true;
        }
        Shape.Property[] properties = shape.properties(form);
        if (properties.length == 0 && form == Form.GETTERS) {
            throw new IllegalArgumentException(shape.type.getName() + " has no public getters to compare it by");
        }
        rules.meetNames(properties);
        if (!properties(properties, control, candidate, rules)) {
            return false;
        }
        return form != Form.GETTERS
                || settings.isNamed(control)
                || shape.hidden().length == 0
                || control.equals(candidate)
                || properties(shape.hidden(), control, candidate, rules);
    }

    private boolean properties(Shape.Property[] properties, Object control, Object candidate, PathRules rules) {
        boolean same = true;
        for (Shape.Property property : properties) {
            PathRules below = rules.property(property.name);
            if (below.ignored) {
                below.meet();
            } else if (property.primitive && below == PathRules.NONE && !typeRules && trial) {
                same = property.same(control, candidate);
            } else {
                at(property.name);
                same &= walk(Managed.read(property, control), Managed.read(property, candidate), below);
                back();
            }
            if (!same && stopped()) {
                return false;
            }
        }
        return same;
    }

    // ---- maps ----

    /** Compares maps by key, or what stands for objects by name. */
    private boolean maps(Map<?, ?> control, Map<?, ?> candidate, PathRules rules, boolean properties) {
        rules.meetElements();
        if (Math.max(control.size(), candidate.size()) > settings.limits().nodes()) {
            return cutOff();
        }
        if (trial && control.size() != candidate.size() && rules == PathRules.NONE) {
            return false;
        }
        boolean same = true;
        List<@Nullable Object> missing = List.of();
        for (Map.Entry<?, ?> entry : control.entrySet()) {
            Object key = entry.getKey();
            Object value = get(candidate, key);
            if (value == Holders.NOTHING) {
                missing = missing.isEmpty() ? new ArrayList<>() : missing;
                missing.add(key);
                continue;
            }
            same &= entry(key, entry.getValue(), value, rules, properties);
            if (!same && stopped()) {
                return false;
            }
        }
        // maps of one class find what equals has it; sorted ones have orders of their own
        boolean sameLookUp = !(control instanceof SortedMap) && control.getClass() == candidate.getClass();
        if (missing.isEmpty() && control.size() == candidate.size() && sameLookUp) {
            return same;
        }
        List<@Nullable Object> extra = List.of();
        for (Object key : candidate.keySet()) {
            if (get(control, key) == Holders.NOTHING) {
                extra = extra.isEmpty() ? new ArrayList<>() : extra;
                extra.add(key);
            }
        }
        if (missing.isEmpty() && extra.isEmpty()) {
            return same;
        }
        // keys may be equal that maps do not find: by what they hold, or by a type's rule
        Matching matching = match(missing, extra, hashes(missing, extra, PathRules.NONE), PathRules.NONE, false);
        if (matching == null) {
            return cutOff();
        }
        for (int i = 0; i < missing.size() + extra.size() && (same || !stopped()); i++) {
            int j = i < missing.size() ? matching.partner[i] : i - missing.size();
            Object key = i < missing.size() ? missing.get(i) : extra.get(j);
            Object one = i < missing.size() ? control.get(key) : Holders.NOTHING;
            Object two = j < 0 ? Holders.NOTHING : candidate.get(extra.get(j));
            // one that has a partner has been compared with it
            if (i < missing.size() || matching.candidatePartner[j] < 0) {
                same &= entry(key, one, two, rules, properties);
            }
        }
        return same;
    }

    private boolean entry(
            @Nullable Object key, @Nullable Object one, @Nullable Object two, PathRules rules, boolean name) {
        if (!trial) {
            place.add(name ? String.valueOf(key) : place.key(key));
        }
        boolean same = pair(one, two, name ? rules.property(String.valueOf(key)) : rules.key(key));
        back();
        return same;
    }

    /** Compares two values of which one may be {@link Holders#NOTHING}. */
    private boolean pair(@Nullable Object control, @Nullable Object candidate, PathRules rules) {
        if (control != Holders.NOTHING && candidate != Holders.NOTHING) {
            return walk(control, candidate, rules);
        }
        rules.meet();
        return rules.ignored
                || (control == Holders.NOTHING
                        ? report(null, candidate, Kind.EXTRA)
                        : report(control, null, Kind.MISSING));
    }

    /** What is under a key; {@link Holders#NOTHING} also where the map refuses a null or a key of another type. */
    private static @Nullable Object get(Map<?, ?> map, @Nullable Object key) {
        try {
            Object value = map.get(key);
            return value != null || map.containsKey(key) ? value : Holders.NOTHING;
        } catch (ClassCastException | NullPointerException refused) {
            return Holders.NOTHING;
        }
    }

    // ---- elements ----

    private boolean elements(Form form, Object control, Object candidate, PathRules rules) {
        rules.meetElements();
        int size = size(control);
        boolean sameSize = size == size(candidate);
        if (Math.max(size, size(candidate)) > settings.limits().nodes()) {
            return cutOff();
        }
        boolean bothCollections = control instanceof Collection && candidate instanceof Collection;
        boolean inOrder = form != Form.SET && form != Form.BAG && !rules.anyOrder && rules.key == null;
        if (trial && !sameSize && rules == PathRules.NONE) {
            return false;
        } else if (trial && form == Form.PRIMITIVES) {
            boolean same = Objects.deepEquals(control, candidate);
            if (same || (inOrder && rules == PathRules.NONE && !typeRules)) {
                return same;
            }
        } else if (trial && sameSize && (form != Form.SEQUENCE || bothCollections)) {
            boolean same = asTheyCome(control, candidate, size, rules);
            if (same || inOrder) {
                return same;
            }
        }
        List<?> one = list(control);
        List<?> two = list(candidate);
        if (rules.key != null) {
            return paired(one, two, rules.key, rules);
        }
        boolean noIndex = form == Form.SET || form == Form.BAG;
        return inOrder ? ordered(one, two, rules) : unordered(one, two, noIndex, rules.element());
    }

    private static int size(Object owner) {
        return owner instanceof Collection<?> collection ? collection.size() : Array.getLength(owner);
    }

    static List<?> list(Object owner) {
        if (owner instanceof Object[] array) {
            return Arrays.asList(array);
        }
        if (owner instanceof Collection<?> collection) {
            return Arrays.asList(collection.toArray());
        }
        @Nullable Object[] boxes = new @Nullable Object[Array.getLength(owner)];
        Arrays.setAll(boxes, i -> Array.get(owner, i));
        return Arrays.asList(boxes);
    }

    private static @Nullable Object element(Object owner, int index) {
        return owner instanceof List<?> list ? list.get(index) : ((@Nullable Object[]) owner)[index];
    }

    /** Equal element by element; elements of sets whose equals can be relied on may be anywhere in the other. */
    private boolean asTheyCome(Object control, Object candidate, int size, PathRules rules) {
        if (!(control instanceof Collection)
                || (control instanceof RandomAccess && candidate instanceof RandomAccess)) {
            for (int i = 0; i < size; i++) {
                if (!walk(element(control, i), element(candidate, i), rules.element(i))) {
                    return false;
                }
            }
            return true;
        }
        boolean set = control instanceof Set;
        boolean lookUp = set && !(control instanceof SortedSet) && control.getClass() == candidate.getClass();
        Iterator<?> one = ((Collection<?>) control).iterator();
        Iterator<?> other = ((Collection<?>) candidate).iterator();
        for (int i = 0; i < size; i++) {
            Object element = one.next();
            if (!walk(element, other.next(), set ? rules.element() : rules.element(i))) {
                boolean plain = lookUp && element != null && Shape.of(element.getClass()).plain;
                if (!plain || !((Set<?>) candidate).contains(element)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Aligns, then compares what has no partner run by run, position by position. */
    private boolean ordered(List<?> control, List<?> candidate, PathRules rules) {
        int start = 0;
        int end = control.size();
        int otherEnd = candidate.size();
        while (start < Math.min(end, otherEnd)
                && equal(control.get(start), candidate.get(start), rules.element(start))) {
            start++;
        }
        while (Math.min(end, otherEnd) > start
                && equal(control.get(end - 1), candidate.get(otherEnd - 1), rules.element(end - 1))) {
            end--;
            otherEnd--;
        }
        List<?> one = control.subList(start, end);
        List<?> two = candidate.subList(start, otherEnd);
        if (one.isEmpty() || two.isEmpty()) {
            return inTurn(one, two, start, start, rules);
        }
        // by an index of its own it matters where an element is
        int[][] hashes = rules.byIndex
                ? new int[][] {new int[one.size()], new int[two.size()]}
                : hashes(one, two, rules.element());
        if (!rules.byIndex
                && Arrays.stream(hashes[0]).sum() == Arrays.stream(hashes[1]).sum()) {
            Matching matching = match(one, two, hashes, rules.element(), true);
            if (matching != null && matching.isPerfect()) {
                return report(open[opened - 2], open[opened - 1], Kind.ORDER);
            }
        }
        int from = start;
        Alignment.Equality equality = (i, j) -> equal(one.get(i), two.get(j), rules.element(from + i));
        int[] partner = new int[one.size()];
        if (!Alignment.align(hashes[0], hashes[1], equality, MAX_EDITS, partner)) {
            int both = Math.min(one.size(), two.size());
            boolean same = inTurn(one.subList(0, both), two.subList(0, both), start, start, rules);
            // where all elements are ignored they are all equal, and so aligned
            return one.size() == two.size() ? same : report(open[opened - 2], open[opened - 1], Kind.SIZE);
        }
        boolean same = true;
        int i = 0;
        int j = 0;
        for (int k = 0; k <= one.size() && (same || !stopped()); k++) {
            if (k == one.size() || partner[k] >= 0) {
                int until = k == one.size() ? two.size() : partner[k];
                same &= inTurn(one.subList(i, k), two.subList(j, until), start + i, start + j, rules);
                i = k + 1;
                j = until + 1;
            }
        }
        return same;
    }

    /** Neighbours without partners: pairs them up by position, as changed; those left over are missing or extra. */
    private boolean inTurn(List<?> control, List<?> candidate, int from, int otherFrom, PathRules rules) {
        boolean same = true;
        for (int k = 0; k < Math.max(control.size(), candidate.size()) && (same || !stopped()); k++) {
            int index = (k < control.size() ? from : otherFrom) + k;
            at(index);
            same &= pair(control, candidate, k, rules.element(index));
            back();
        }
        return same;
    }

    private boolean pair(List<?> control, List<?> candidate, int index, PathRules rules) {
        Object one = index < control.size() ? control.get(index) : Holders.NOTHING;
        return pair(one, index < candidate.size() ? candidate.get(index) : Holders.NOTHING, rules);
    }

    private boolean unordered(List<?> control, List<?> candidate, boolean noIndex, PathRules below) {
        Matching matching = match(control, candidate, hashes(control, candidate, below), below, trial);
        if (matching == null) {
            return cutOff();
        }
        boolean same = true;
        for (int i = 0; i < control.size() + candidate.size() && (same || !stopped()); i++) {
            boolean missing = i < control.size();
            int index = missing ? i : i - control.size();
            if ((missing ? matching.partner : matching.candidatePartner)[index] < 0) {
                at(noIndex ? Place.ANY : (Object) index);
                same &= missing
                        ? pair(control.get(index), Holders.NOTHING, below)
                        : pair(Holders.NOTHING, candidate.get(index), below);
                back();
            }
        }
        return same;
    }

    /** Pairs up equal elements whatever their order; null if there are too many to try. */
    private @Nullable Matching match(List<?> control, List<?> candidate, int[][] hashes, PathRules below, boolean all) {
        Matching matching =
                new Matching(hashes[0], hashes[1], (i, j) -> equal(control.get(i), candidate.get(j), below));
        return matching.match(below == PathRules.NONE && !typeRules, all) && left > 0 ? matching : null;
    }

    private int[][] hashes(List<?> control, List<?> candidate, PathRules below) {
        return new StructuralHash(settings, Arrays.copyOf(open, opened)).of(control, candidate, below);
    }

    // ---- elements by a key ----

    private boolean paired(
            List<?> control, List<?> candidate, Function<Object, @Nullable Object> key, PathRules rules) {
        Map<@Nullable Object, List<@Nullable Object>> one = byKey(control, key);
        Map<@Nullable Object, List<@Nullable Object>> two = byKey(candidate, key);
        two.keySet().forEach(extra -> one.putIfAbsent(extra, List.of()));
        boolean same = true;
        for (Map.Entry<@Nullable Object, List<@Nullable Object>> entry : one.entrySet()) {
            if (!trial) {
                place.add(Place.chosenKey(entry.getKey()));
            }
            List<@Nullable Object> other = two.getOrDefault(entry.getKey(), List.of());
            same &= group(entry.getValue(), other, rules.key(entry.getKey()));
            back();
            if (!same && stopped()) {
                return false;
            }
        }
        return same;
    }

    private static Map<@Nullable Object, List<@Nullable Object>> byKey(
            List<?> elements, Function<Object, @Nullable Object> key) {
        Map<@Nullable Object, List<@Nullable Object>> byKey = new LinkedHashMap<>();
        for (Object element : elements) {
            byKey.computeIfAbsent(element == null ? null : key.apply(element), unknown -> new ArrayList<>(1))
                    .add(element);
        }
        return byKey;
    }

    /** Elements that share a key: equal ones belong together, the others one after the other. */
    private boolean group(List<@Nullable Object> control, List<@Nullable Object> candidate, PathRules below) {
        List<?> one = control;
        List<?> two = candidate;
        if (one.size() > 1 || two.size() > 1) {
            Matching matching = match(control, candidate, hashes(control, candidate, below), below, false);
            if (matching == null) {
                return cutOff();
            }
            one = Matching.lone(control, matching.partner);
            two = Matching.lone(candidate, matching.candidatePartner);
        }
        boolean same = true;
        for (int i = 0; i < Math.max(one.size(), two.size()) && (same || !stopped()); i++) {
            same &= pair(one, two, i, below);
        }
        return same;
    }

    // ---- what is found ----

    /** Whether two elements are equal, without listing where they differ. */
    private boolean equal(@Nullable Object control, @Nullable Object candidate, PathRules rules) {
        boolean before = trial;
        trial = true;
        boolean same = walk(control, candidate, rules);
        trial = before;
        return same;
    }

    /** The differences that a place's own comparator found lie below it. */
    private boolean adopt(List<Difference> below) {
        for (int i = 0; i < below.size() && !stopped(); i++) {
            add(place.of(below.get(i)));
        }
        return below.isEmpty();
    }

    private boolean report(@Nullable Object control, @Nullable Object candidate, Kind kind) {
        if (!trial) {
            add(place.difference(control, candidate, kind));
        }
        return false;
    }

    private void add(Difference difference) {
        if (listed.size() < settings.limits().differences()) {
            listed.add(difference);
        } else {
            end(difference.control(), difference.candidate());
        }
    }

    /** What lies below was not looked at for a limit. */
    private boolean cutOff(@Nullable Object control, @Nullable Object candidate) {
        doubt |= trial;
        return report(control, candidate, Kind.CUT_OFF);
    }

    private boolean cutOff() {
        return cutOff(open[opened - 2], open[opened - 1]);
    }

    /** Ends the walk at a limit; a trial it merely makes fail, as nothing was proven. */
    private boolean end(@Nullable Object control, @Nullable Object candidate) {
        doubt |= trial;
        if (!trial && !ended) {
            ended = true;
            listed.add(place.difference(control, candidate, Kind.CUT_OFF));
        }
        return false;
    }

    /** After a difference: whether there is nothing more to be found out. */
    private boolean stopped() {
        return trial || ended;
    }

    private void at(Object step) {
        if (!trial) {
            place.add(step);
        }
    }

    private void back() {
        if (!trial) {
            place.back();
        }
    }
}
