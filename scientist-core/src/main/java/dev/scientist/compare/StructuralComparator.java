package dev.scientist.compare;

import dev.scientist.Difference;
import dev.scientist.ResultComparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Walks two object graphs side by side and names each place where they differ by its path: {@code lines[2].price},
 * {@code headers["x"]}. Start with {@link Comparators#structural()}. Immutable and thread-safe: each setting gives a new
 * comparator.
 *
 * <p>What is compared how:
 *
 * <ul>
 *   <li>Records by their components, as their accessors give them. A record whose {@code equals} was written by hand is
 *       asked first, and taken as equal if it says so.
 *   <li>Lists and other ordered collections, and arrays, element by element. They are aligned along a longest common
 *       subsequence, so that one inserted element is one {@link Difference.Kind#EXTRA} and the elements behind it still
 *       match; elements between two aligned ones are paired by position and compared in depth. The index in the path is
 *       the control's, of an extra element the candidate's. If only the order differs, that is one
 *       {@link Difference.Kind#ORDER}. Up to 256 insertions and removals (a changed element counts as both) are
 *       aligned, in lists of any length; beyond that, elements are compared position by position, and lists of
 *       different length have one {@link Difference.Kind#SIZE} more.
 *   <li>Sets: which elements are missing or extra, at {@code tags[*]}.
 *   <li>Maps by key, found as the maps themselves find keys. In a path, a key is its {@code toString} in quotes, at most
 *       64 characters of it.
 *   <li>An {@link java.util.Optional} is its value, at the same path; an empty one is a value that is missing or extra.
 *   <li>Any {@link CharSequence} by its text.
 *   <li>All else by its {@code equals}, the control's being asked: numbers, enums, dates, and classes of your own unless
 *       {@link #byGetters} or {@link #byFields} says otherwise. So {@code 1.0} and {@code 1.00} as
 *       {@link java.math.BigDecimal} differ, {@link Double#NaN} equals itself, and {@code 0.0} is not {@code -0.0}, as a
 *       {@code double} too; see {@link Comparators#tolerance} for other ways.
 * </ul>
 *
 * <p>The same object, or null, on both sides is equal to itself without a look at it. Objects of different kinds or
 * (records, beans, arrays of primitives) of different classes differ in {@link Difference.Kind#TYPE}.
 *
 * <p>Cycles end where a pair of objects is met again. Depth, nodes and differences are bounded. Where a limit cuts the
 * walk off, there is a difference of kind {@link Difference.Kind#CUT_OFF} at that place, even if nothing else differs:
 * what was not proven equal does not match. Memory and time grow with {@link #maxNodes} at worst, except for what
 * {@code equals} and accessors of your own do.
 *
 * <p>What accessors, {@code equals} and collections changed meanwhile throw is thrown by {@link #compare}. Equal values
 * cost no allocation but the iterators of sets, maps and linked collections, the boxes of primitives that rules apply
 * to, and where objects form a cycle or sets hold values without order.
 *
 * @param <T> what it compares
 */
public final class StructuralComparator<T extends @Nullable Object> implements ResultComparator<T> {

    static final StructuralComparator<@Nullable Object> DEFAULT = new StructuralComparator<>(Settings.DEFAULT);

    private final Settings settings;
    private final PathRules rules;
    private final EqualWalk equalWalk;

    private StructuralComparator(Settings settings) {
        this.settings = settings;
        rules = PathRules.of(settings.rules());
        equalWalk = new EqualWalk(settings);
    }

    /**
     * Leaves out what lies at some paths. A name is a record component, a property with a getter, or a field; {@code [*]}
     * is every element of a collection or array and every value of a map, {@code [2]} the element at one index,
     * {@code ["x"]} the value under the key whose {@code toString} is x. Elements and values that are missing or extra
     * are left out too.
     *
     * @param paths such as {@code lines[*].updatedAt}
     * @return a comparator that ignores them too
     * @throws IllegalArgumentException if a path is malformed or empty
     */
    public StructuralComparator<T> ignoring(String... paths) {
        Settings wanted = settings;
        for (String path : paths) {
            PathPattern pattern = PathPattern.parse(path);
            if (pattern.steps().isEmpty()) {
                throw new IllegalArgumentException("an empty path is the whole value, which cannot be ignored");
            }
            wanted = wanted.with(new PathRules.Rule(pattern, PathRules.Effect.IGNORE, null));
        }
        return new StructuralComparator<>(wanted);
    }

    /**
     * Compares what lies at a path by a comparator of its own, whose differences are placed below that path. It is handed
     * null where a side is null; it is not asked where both sides are the same object. Where several paths name one
     * place, the path given last wins; an ignored path stays ignored.
     *
     * @param path such as {@code lines[*].price}
     * @param comparator takes what lies there; a value of another type makes the comparison fail
     * @param <V> what lies there
     * @return a comparator that uses it
     * @throws IllegalArgumentException if the path is malformed or was already given a comparator
     */
    @SuppressWarnings("unchecked") // a path has no type: the user vouches for it
    public <V extends @Nullable Object> StructuralComparator<T> at(String path, ResultComparator<V> comparator) {
        Objects.requireNonNull(comparator, "comparator");
        PathPattern pattern = PathPattern.parse(path);
        for (PathRules.Rule rule : settings.rules()) {
            if (rule.effect() == PathRules.Effect.COMPARE && rule.pattern().equals(pattern)) {
                throw new IllegalArgumentException("path '" + path + "' was already given a comparator");
            }
        }
        return new StructuralComparator<>(settings.with(new PathRules.Rule(
                pattern, PathRules.Effect.COMPARE, (ResultComparator<@Nullable Object>) comparator)));
    }

    /**
     * Compares all values of a type by a comparator of their own, wherever both sides are of it; primitives count as
     * their boxes. Where several types fit, the one given first wins; a comparator for the path wins over all.
     *
     * @param type the type; its subtypes count
     * @param comparator takes the values, never null
     * @param <V> the type
     * @return a comparator that uses it
     * @throws IllegalArgumentException if the type is primitive or was already given a comparator
     */
    @SuppressWarnings("unchecked") // only ever handed instances of the type
    public <V> StructuralComparator<T> forType(Class<V> type, ResultComparator<? super V> comparator) {
        Objects.requireNonNull(comparator, "comparator");
        if (type.isPrimitive()) {
            throw new IllegalArgumentException(
                    "values of type " + type + " are compared as boxes: name the class of the box");
        }
        for (Settings.TypeRule rule : settings.types()) {
            if (rule.type() == type) {
                throw new IllegalArgumentException(type.getName() + " was already given a comparator");
            }
        }
        return new StructuralComparator<>(
                settings.with(new Settings.TypeRule(type, (ResultComparator<@Nullable Object>) comparator)));
    }

    /**
     * Compares the elements of the collections or arrays at some paths whatever their order: what is missing and what is
     * extra, each as often as it is. Elements that are not plain values are tried each with each, up to 250 000 pairs;
     * beyond that the comparison is cut off.
     *
     * @param paths such as {@code lines}; empty for the value itself
     * @return a comparator that does so
     * @throws IllegalArgumentException if a path is malformed
     */
    public StructuralComparator<T> inAnyOrder(String... paths) {
        Settings wanted = settings;
        for (String path : paths) {
            wanted = wanted.with(new PathRules.Rule(PathPattern.parse(path), PathRules.Effect.ANY_ORDER, null));
        }
        return new StructuralComparator<>(wanted);
    }

    /**
     * Compares objects of some classes by what their public getters ({@code getX()}, {@code isX()}) return rather than by
     * their {@code equals}.
     *
     * @param types the classes; subclasses count, but those of the JDK only if named themselves; {@code Object.class}
     *     for all of your own
     * @return a comparator that does so
     * @throws IllegalArgumentException if a class is an array, a record, an enum or of the kinds that are compared
     *     otherwise in any case
     */
    public StructuralComparator<T> byGetters(Class<?>... types) {
        Settings wanted = settings;
        for (Class<?> type : types) {
            wanted = wanted.withGetters(checkBean(type));
        }
        return new StructuralComparator<>(wanted);
    }

    /**
     * Compares objects of some classes by their fields, inherited and transient ones too, rather than by
     * their {@code equals}.
     *
     * @param types the classes; subclasses count, but those of the JDK only if named themselves; {@code Object.class}
     *     for all of your own
     * @return a comparator that does so
     * @throws IllegalArgumentException if a class is an array, a record, an enum or of the kinds that are compared
     *     otherwise in any case
     * @throws IllegalStateException if the class's module does not let its fields be read; of a subclass, comparing throws
     *     it. The message names the option of Java that would help
     */
    public StructuralComparator<T> byFields(Class<?>... types) {
        Settings wanted = settings;
        for (Class<?> type : types) {
            Shape.ofFields(checkBean(type));
            wanted = wanted.withFields(type);
        }
        return new StructuralComparator<>(wanted);
    }

    /**
     * Bounds how deep the walk goes. Each level takes about one kilobyte of stack: where a high limit is too much for the
     * thread, comparing throws a {@link StackOverflowError}, and an experiment reports the comparison as failed.
     *
     * @param depth levels of nesting, at least 1; 200 unless set
     * @return a comparator with that limit
     * @throws IllegalArgumentException if it is less than 1
     */
    public StructuralComparator<T> maxDepth(int depth) {
        return new StructuralComparator<>(settings.withMaxDepth(atLeastOne("depth", depth)));
    }

    /**
     * Bounds how many values are looked at, elements of collections included; where values differ or form cycles, each
     * may be looked at several times, but no more than about five times this number in all.
     *
     * @param nodes the number, at least 1; one million unless set
     * @return a comparator with that limit
     * @throws IllegalArgumentException if it is less than 1
     */
    public StructuralComparator<T> maxNodes(int nodes) {
        return new StructuralComparator<>(settings.withMaxNodes(atLeastOne("nodes", nodes)));
    }

    /**
     * Bounds how many differences are listed; if there are more, one more of kind {@link Difference.Kind#CUT_OFF} says so.
     *
     * @param differences the number, at least 1; 100 unless set
     * @return a comparator with that limit
     * @throws IllegalArgumentException if it is less than 1
     */
    public StructuralComparator<T> maxDifferences(int differences) {
        return new StructuralComparator<>(settings.withMaxDifferences(atLeastOne("differences", differences)));
    }

    @Override
    public List<Difference> compare(@Nullable T control, @Nullable T candidate) {
        long verdict = equalWalk.same(control, candidate, rules, 0, settings.maxNodes());
        return EqualWalk.isSame(verdict)
                ? List.of()
                : new DifferenceWalk(settings, equalWalk).run(control, candidate, rules);
    }

    private Class<?> checkBean(Class<?> type) {
        if (type.isArray() || type.isPrimitive() || type.isRecord() || type.isEnum() || isWalked(type)) {
            throw new IllegalArgumentException(type.getName() + " is not compared as a bean: it has a way of its own");
        }
        for (List<Class<?>> chosen : List.of(settings.byGetters(), settings.byFields())) {
            if (chosen.contains(type)) {
                throw new IllegalArgumentException(type.getName() + " was already named");
            }
        }
        return type;
    }

    private static boolean isWalked(Class<?> type) {
        return CharSequence.class.isAssignableFrom(type)
                || java.util.Collection.class.isAssignableFrom(type)
                || java.util.Map.class.isAssignableFrom(type)
                || type == java.util.Optional.class;
    }

    private static int atLeastOne(String what, int number) {
        if (number < 1) {
            throw new IllegalArgumentException("max " + what + " must be at least 1, not " + number);
        }
        return number;
    }
}
