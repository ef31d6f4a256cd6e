package dev.scientist.compare;

import dev.scientist.Difference;
import dev.scientist.Notice;
import dev.scientist.ResultComparator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Walks two object graphs side by side and names each place where they differ by its path: {@code lines[2].price}. Start
 * with {@link Comparators#structural()}. Immutable and thread-safe: each setting gives a new comparator.
 *
 * <p>What is compared how:
 *
 * <ul>
 *   <li>Records by their components, as their accessors give them. A record whose {@code equals} was written by hand is
 *       asked first, and taken as equal if it says so.
 *   <li>Lists and other ordered collections, and arrays, element by element. They are aligned along a longest common
 *       subsequence, so that one inserted element is one {@link Difference.Kind#EXTRA} and the elements behind it still
 *       match; elements between two aligned ones, and where nothing is in common all of them, are paired by position and
 *       compared in depth. The index in the path is the control's, of an extra element the candidate's. If only the order
 *       differs, that is one {@link Difference.Kind#ORDER}. Where aligning takes more than 256 insertions and removals of
 *       elements that both sides have, elements are compared position by position, and lists of different length have one
 *       {@link Difference.Kind#SIZE} more.
 *   <li>Sets, and queues that keep a heap: which elements are missing or extra, at {@code tags[*]}.
 *   <li>Maps by key, found as the maps themselves find keys; keys that they do not find, by what the keys hold, or by the
 *       comparator for their type. In a path, a key is {@code [*]}, unless it is an enum constant: it may be private. See
 *       {@link #keysAreNames()}.
 *   <li>Optionals, {@code AtomicReference} and the other classes of {@code java.util.concurrent.atomic} by what they
 *       hold, at the same path; an empty optional is a value that is missing or extra. Map entries by key and value.
 *   <li>Any {@link CharSequence} by its text; a {@link java.util.regex.Pattern} by its text and flags; throwables by class
 *       and message.
 *   <li>All else by its {@code equals}, both sides being asked where their classes differ: numbers, enums, dates, and
 *       classes of your own unless {@link #byGetters} or {@link #byFields} says otherwise. So {@code 1.0} and {@code 1.00}
 *       as {@link java.math.BigDecimal} differ, {@link Double#NaN} equals itself, and {@code 0.0} is not {@code -0.0}, as
 *       a {@code double} too; see {@link Comparators#tolerance} for other ways.
 * </ul>
 *
 * <p>The same object, or null, on both sides is equal to itself without a look at it. Objects of different kinds or
 * (records, beans, arrays of primitives) of different classes differ in {@link Difference.Kind#TYPE}, unless
 * {@link #acrossTypes()} was asked for. A class that a framework generated at run time as a subclass (a proxy) counts as
 * the class that it extends.
 *
 * <p>What Hibernate or EclipseLink has yet to load is never loaded by comparing: a lazy collection or reference is a
 * difference of kind {@link Difference.Kind#CUT_OFF}, unless both sides have yet to load the very same rows. References
 * to different rows differ. Nor is it touched on a thread to which it does not belong: see {@link #compare}.
 *
 * <p>Cycles end where a pair of objects is met again. Depth, nodes and differences are bounded. Where a limit, or the end
 * of the thread's stack, cuts the walk off, there is a difference of kind {@link Difference.Kind#CUT_OFF} at that place,
 * even if nothing else differs: what was not proven equal does not match. Memory and time grow with {@link #maxNodes} at
 * worst, except for what {@code equals} and accessors of your own do.
 *
 * <p>What accessors, {@code equals} and collections changed meanwhile throw is thrown by {@link #compare}. A match makes
 * no paths, and costs less than 200 bytes and the iterators of sets, maps and linked collections, unless graphs are deep,
 * order does not matter and differs, or rules look at primitives.
 *
 * @param <T> what it compares
 */
public final class StructuralComparator<T extends @Nullable Object> implements ResultComparator<T> {

    static final StructuralComparator<@Nullable Object> DEFAULT = new StructuralComparator<>(Settings.DEFAULT, null);

    private final Settings settings;
    private final PathRules rules;
    private final Place.@Nullable Names names;
    private final @Nullable Watch watch;

    private StructuralComparator(Settings settings, @Nullable Consumer<Throwable> report) {
        this.settings = settings;
        rules = PathRules.of(settings.rules());
        names = settings.keysAreNames() ? new Place.Names() : null;
        watch = report == null || settings.rules().isEmpty() ? null : new Watch(report);
    }

    static <T extends @Nullable Object> StructuralComparator<T> of(Class<?> root) {
        return new StructuralComparator<>(Settings.DEFAULT.withRoot(root), null);
    }

    /**
     * Leaves out what lies at some paths. A name is a record component, a property with a getter, or a field; {@code [*]}
     * is every element of a collection or array and every value of a map, {@code [2]} the element at one index,
     * {@code ["x"]} the value under the key whose {@code toString} is x, {@code **} any place: {@code **.updatedAt} is
     * that property at any depth. Elements and values that are missing or extra are left out too.
     *
     * <p>A path that never meets anything is said through the experiment's failure handler, once, with the names that are
     * where it ends: after 1,000 comparisons, or when the {@link dev.scientist.Scientist} is closed. With
     * {@link Comparators#structural(Class)} it is an error at once, as far as the type tells. That holds for all settings
     * that take a path.
     *
     * @param paths such as {@code lines[*].updatedAt}
     * @return a comparator that ignores them too
     * @throws IllegalArgumentException if a path is malformed or empty, or leads nowhere
     */
    public StructuralComparator<T> ignoring(String... paths) {
        if (Arrays.asList(paths).contains("")) {
            throw new IllegalArgumentException("an empty path is the whole value, which cannot be ignored");
        }
        return with(PathRules.Effect.IGNORE, paths);
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
        return with(new PathRules.Rule(
                pattern,
                PathRules.Effect.COMPARE,
                (ResultComparator<@Nullable Object>) comparator,
                element -> element));
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
        return with(settings.with(
                settings.rules(),
                Settings.plus(settings.types(), new Settings.TypeRule(type, (ResultComparator<@Nullable Object>)
                        comparator))));
    }

    /**
     * Compares the elements of the collections or arrays at some paths whatever their order: what is missing and what is
     * extra, each as often as it is. Ten thousand elements take milliseconds where something tells them apart; where a
     * tolerance or a comparator of your own decides about all that they are, they are tried each with each, up to one
     * million pairs, and beyond that the comparison is cut off. To see what changed in an element, use {@link #pairing}.
     *
     * @param paths such as {@code lines}; empty for the value itself
     * @return a comparator that does so
     * @throws IllegalArgumentException if a path is malformed or leads nowhere
     */
    public StructuralComparator<T> inAnyOrder(String... paths) {
        return with(PathRules.Effect.ANY_ORDER, paths);
    }

    /**
     * Pairs the elements of the collections or arrays at a path by a key, in whatever order they are. Elements with equal
     * keys are compared in depth: one that changed is {@code lines["b"].price: VALUE}. A key that only one side has is
     * missing or extra. Where a key occurs several times, equal elements belong together, then those in the order in
     * which they come; one too many is missing or extra at the key's path. The path shows the key's {@code toString}; in
     * signatures it is {@code [*]}.
     *
     * @param path of the elements, such as {@code lines[*]}
     * @param key what tells elements apart, by its {@code equals} and {@code hashCode}; not asked of null elements
     * @param <E> the elements; others make the comparison fail
     * @return a comparator that does so
     * @throws IllegalArgumentException if the path is malformed, does not end with {@code [*]} or leads nowhere
     */
    @SuppressWarnings("unchecked") // a path has no type: the user vouches for it
    public <E> StructuralComparator<T> pairing(String path, Function<? super E, ? extends @Nullable Object> key) {
        Objects.requireNonNull(key, "key");
        PathPattern collection = PathPattern.parse(path).collection();
        if (collection == null) {
            throw new IllegalArgumentException("path '" + path
                    + "' must end with '[*]', as it names the elements that are paired: '" + path + "[*]'");
        }
        return with(new PathRules.Rule(
                collection, PathRules.Effect.PAIR, ResultComparator.equality(), (Function<Object, @Nullable Object>)
                        (Function<?, ?>) key));
    }

    /**
     * Pairs the elements at a path by one of their properties: a record component, a getter's property, a field, or what
     * a map has under that key. Otherwise like {@link #pairing(String, Function)}.
     *
     * @param path of the elements, such as {@code lines[*]}
     * @param property such as {@code id}; comparing fails where an element lacks it
     * @return a comparator that does so
     * @throws IllegalArgumentException if the path is malformed, does not end with {@code [*]} or leads nowhere
     */
    public StructuralComparator<T> pairing(String path, String property) {
        return pairing(path, new NamedKey(Objects.requireNonNull(property, "property")));
    }

    /**
     * Compares what is in other types too, if it has the same contents: records, beans (by their public getters) and maps
     * with text as keys by their properties; lists and arrays; numbers of different classes by value; a
     * {@link java.util.Date} and its subclasses by the time they stand for; a holder, such as an optional, and what it
     * holds. A property that only one side has is missing or extra. It is the same in both directions. Objects of one
     * class of your own match if their {@code equals} says so, else by their properties; fields that no getter shows count
     * too, where the class has an {@code equals} or its getters are flags alone.
     *
     * @return a comparator that does so
     */
    public StructuralComparator<T> acrossTypes() {
        return with(settings.withAcrossTypes());
    }

    /**
     * Takes the keys of maps, where they are text or enum constants, as names like those of properties: in paths and in
     * signatures they are {@code ["price"]} and not {@code [*]}. For maps that stand for objects, as JSON libraries make
     * them: so differences group by the keys at which they are. In signatures, the first 50 different keys at a place are
     * told apart, further ones are {@code [*]}. Not for keys that are private, or that are identifiers.
     *
     * @return a comparator that does so
     */
    public StructuralComparator<T> keysAreNames() {
        return with(settings.withKeysAreNames());
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
        return by(Shape.Form.GETTERS, types);
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
        return by(Shape.Form.FIELDS, types);
    }

    /**
     * Bounds how deep the walk goes. Each level takes about one kilobyte of stack: where a high limit is too much for the
     * thread, the whole value is cut off.
     *
     * @param depth levels of nesting, at least 1; 200 unless set
     * @return a comparator with that limit
     * @throws IllegalArgumentException if it is less than 1
     */
    public StructuralComparator<T> maxDepth(int depth) {
        Settings.Limits limits = settings.limits();
        return with(settings.with(new Settings.Limits(depth, limits.nodes(), limits.differences())));
    }

    /**
     * Bounds how many values are looked at, elements of collections included; where values differ or form cycles, each
     * may be looked at several times, but no more than about four times this number in all.
     *
     * @param nodes the number, at least 1; one million unless set
     * @return a comparator with that limit
     * @throws IllegalArgumentException if it is less than 1
     */
    public StructuralComparator<T> maxNodes(int nodes) {
        Settings.Limits limits = settings.limits();
        return with(settings.with(new Settings.Limits(limits.depth(), nodes, limits.differences())));
    }

    /**
     * Bounds how many differences are listed; if there are more, one more of kind {@link Difference.Kind#CUT_OFF} says so.
     *
     * @param differences the number, at least 1; 100 unless set
     * @return a comparator with that limit
     * @throws IllegalArgumentException if it is less than 1
     */
    public StructuralComparator<T> maxDifferences(int differences) {
        Settings.Limits limits = settings.limits();
        return with(settings.with(new Settings.Limits(limits.depth(), limits.nodes(), differences)));
    }

    /**
     * Compares.
     *
     * @throws IllegalStateException on another thread than the caller's, without a snapshot, where the walk comes to what
     *     belongs to the caller's persistence session; says what to do
     */
    @Override
    public List<Difference> compare(@Nullable T control, @Nullable T candidate) {
        List<Difference> differences = new Walk(settings, names).run(control, candidate, rules);
        if (watch != null) {
            watch.compared();
        }
        return differences;
    }

    /** With a memory of its own of what its paths met and which keys there are. */
    @Override
    public ResultComparator<T> forExperiment(String experiment, Consumer<Throwable> report) {
        List<PathRules.Rule> own = new ArrayList<>();
        settings.rules()
                .forEach(rule -> own.add(new PathRules.Rule(
                        rule.pattern(),
                        rule.effect(),
                        rule.comparator().forExperiment(experiment, report),
                        rule.key())));
        List<Settings.TypeRule> ownTypes = new ArrayList<>();
        settings.types()
                .forEach(rule -> ownTypes.add(
                        new Settings.TypeRule(rule.type(), rule.comparator().forExperiment(experiment, report))));
        return new StructuralComparator<>(settings.with(own, ownTypes), report);
    }

    @Override
    public void experimentClosed() {
        settings.rules().forEach(rule -> rule.comparator().experimentClosed());
        settings.types().forEach(rule -> rule.comparator().experimentClosed());
        if (watch != null) {
            watch.say(true);
        }
    }

    /** Says once which paths never met anything. Thread-safe; comparisons are counted nearly. */
    private final class Watch {

        private static final int COMPARISONS = 1_000;

        private final Consumer<Throwable> report;
        private final AtomicBoolean said = new AtomicBoolean();
        private int comparisons;

        Watch(Consumer<Throwable> report) {
            this.report = report;
        }

        void compared() {
            if (comparisons < COMPARISONS && ++comparisons == COMPARISONS) {
                say(false);
            }
        }

        /** Says it, of few comparisons only where it is certain. */
        void say(boolean certain) {
            if (comparisons > 0 && said.compareAndSet(false, true)) {
                rules.unmet(certain).forEach(unmet -> report.accept(new Notice(unmet)));
            }
        }
    }

    private StructuralComparator<T> with(Settings wanted) {
        return new StructuralComparator<>(wanted, null);
    }

    private StructuralComparator<T> with(PathRules.Effect effect, String... paths) {
        StructuralComparator<T> wanted = this;
        for (String path : paths) {
            wanted = wanted.with(new PathRules.Rule(PathPattern.parse(path), effect));
        }
        return wanted;
    }

    private StructuralComparator<T> with(PathRules.Rule rule) {
        if (settings.root() != null) {
            TypedPaths.check(settings.root(), PathPattern.parse(rule.pattern().text()));
        }
        return with(settings.with(Settings.plus(settings.rules(), rule), settings.types()));
    }

    private StructuralComparator<T> by(Shape.Form form, Class<?>... types) {
        Settings wanted = settings;
        for (Class<?> type : types) {
            Shape shape = Shape.of(type);
            if (type.isPrimitive()
                    || type.isEnum()
                    || (shape.form != Shape.Form.VALUE && shape.form != Shape.Form.THROWABLE)) {
                throw new IllegalArgumentException(
                        type.getName() + " is not compared as a bean: it has a way of its own");
            }
            if (wanted.beans().stream().anyMatch(bean -> bean.type() == type)) {
                throw new IllegalArgumentException(type.getName() + " was already named");
            }
            if (form == Shape.Form.FIELDS) {
                shape.properties(form); // fails where they cannot be read
            }
            wanted = wanted.with(new Settings.Bean(type, form));
        }
        return with(wanted);
    }
}
