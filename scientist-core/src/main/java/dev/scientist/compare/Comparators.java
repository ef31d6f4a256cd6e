package dev.scientist.compare;

import dev.scientist.Difference;
import dev.scientist.ResultComparator;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Ready-made comparators, for values and for throwables. They compose: {@link #by(String, Function, ResultComparator)}
 * looks at a part of a value, {@link #allOf} joins several, and {@link #structural()} takes any of them for a path or a
 * type.
 *
 * <p>All are immutable and thread-safe if what they are made of is. Null matches null only. What a user's function or
 * {@code equals} throws is thrown by the comparator.
 */
public final class Comparators {

    private Comparators() {}

    /**
     * Equality as {@link Objects#deepEquals} has it: {@code equals}, and arrays element by element. By it
     * {@link Double#NaN} equals itself, {@code 0.0} is not {@code -0.0}, and {@code 1.0} is not {@code 1.00} as
     * {@link java.math.BigDecimal}.
     *
     * @param <V> what is compared
     * @return the comparator
     */
    public static <V extends @Nullable Object> ResultComparator<V> equality() {
        return ResultComparator.equality();
    }

    /**
     * Walks records, maps, collections and arrays and says by path where they differ.
     *
     * @param <V> what is compared
     * @return the comparator, to be told more: paths to ignore, comparators for paths and types, beans, limits
     */
    @SuppressWarnings("unchecked") // it takes any value
    public static <V extends @Nullable Object> StructuralComparator<V> structural() {
        return (StructuralComparator<V>) StructuralComparator.DEFAULT;
    }

    /**
     * The same for values of a known type: a path that the type does not have is an error at once, as far as it can be
     * told: records, their components' types, elements, and final classes.
     *
     * @param type what is compared
     * @param <V> what is compared
     * @return the comparator, to be told more
     */
    public static <V extends @Nullable Object> StructuralComparator<V> structural(Class<V> type) {
        return StructuralComparator.of(Objects.requireNonNull(type, "type"));
    }

    /**
     * Compares by what one or more functions make of the values, in depth as {@link #equality()} does. A difference is one
     * of the whole value, its sides are what the function made of them.
     *
     * @param projections what to look at; never handed null
     * @param <V> what is compared
     * @return the comparator
     * @throws IllegalArgumentException if there is no projection
     */
    @SafeVarargs
    public static <V extends @Nullable Object> ResultComparator<V> by(
            Function<? super V, ? extends @Nullable Object>... projections) {
        if (projections.length == 0) {
            throw new IllegalArgumentException("there must be at least one projection");
        }
        List<ResultComparator<? super V>> parts = new ArrayList<>();
        for (Function<? super V, ? extends @Nullable Object> projection : projections) {
            parts.add(new Projection<V, @Nullable Object>("", projection, equality()));
        }
        return new AllOf<>(parts);
    }

    /**
     * Compares by what a function makes of the values, by a comparator of its own.
     *
     * @param path names the part in the differences' paths, such as {@code total}
     * @param projection what to look at; never handed null
     * @param comparator for what the projection returns
     * @param <V> what is compared
     * @param <P> what the projection returns
     * @return the comparator
     */
    public static <V extends @Nullable Object, P extends @Nullable Object> ResultComparator<V> by(
            String path, Function<? super V, ? extends P> projection, ResultComparator<? super P> comparator) {
        return new Projection<V, P>(path, projection, comparator);
    }

    /**
     * Matches where all match; the differences are those of all, in their order.
     *
     * @param comparators at least one
     * @param <V> what is compared
     * @return the comparator
     * @throws IllegalArgumentException if there is none
     */
    @SafeVarargs
    public static <V extends @Nullable Object> ResultComparator<V> allOf(ResultComparator<? super V>... comparators) {
        if (comparators.length == 0) {
            throw new IllegalArgumentException("there must be at least one comparator");
        }
        List<ResultComparator<? super V>> all = new ArrayList<>();
        for (ResultComparator<? super V> comparator : comparators) {
            all.add(Objects.requireNonNull(comparator, "comparator"));
        }
        return new AllOf<>(all);
    }

    /**
     * Collections with equal elements, each as often, in whatever order; the elements are compared as
     * {@link #structural()} does. The differences say what is missing, with the control's index, and what is extra, with
     * the candidate's.
     *
     * @param <E> the elements
     * @return the comparator
     */
    public static <E extends @Nullable Object> ResultComparator<Collection<? extends E>> inAnyOrder() {
        return Comparators.<Collection<? extends E>>structural().inAnyOrder("");
    }

    /**
     * Collections with matching elements, each as often, in whatever order. As many are paired as can be, also by a
     * comparator that is not transitive, such as a tolerance.
     *
     * @param elements compares elements
     * @param <E> the elements
     * @return the comparator
     */
    public static <E extends @Nullable Object> ResultComparator<Collection<? extends E>> inAnyOrder(
            ResultComparator<E> elements) {
        return Comparators.<Collection<? extends E>>structural().inAnyOrder("").at("[*]", elements);
    }

    /**
     * Numbers of any types by their value: {@code 1.0} and {@code 1.00} as {@link java.math.BigDecimal} match, and so do
     * {@code 1}, {@code 1L} and {@code 1.0}. The same as a {@link #tolerance} of zero.
     *
     * @return the comparator
     */
    public static ResultComparator<Number> numericValue() {
        return Tolerance.NONE;
    }

    /**
     * Numbers of any types that are apart by no more than so much. Decided in decimals, as numbers are written: 1.01 is
     * within 0.01 of 1.00, as {@code double} too. {@link Double#NaN} matches NaN only, an infinity itself only, and
     * {@code 0.0} matches {@code -0.0}.
     *
     * @param absolute the largest difference that is allowed, zero or more
     * @return the comparator
     * @throws IllegalArgumentException if the tolerance is negative, infinite or NaN
     */
    public static ResultComparator<Number> tolerance(double absolute) {
        return new Tolerance(absolute, 0);
    }

    /**
     * Numbers of any types that are apart by no more than a share of the larger one, sign aside. Otherwise like
     * {@link #tolerance}.
     *
     * @param share the largest relative difference that is allowed, such as 0.01 for one percent, zero or more
     * @return the comparator
     * @throws IllegalArgumentException if the share is negative, infinite or NaN
     */
    public static ResultComparator<Number> relativeTolerance(double share) {
        return new Tolerance(0, share);
    }

    /**
     * Text in which upper and lower case are the same, letter by letter as {@link String#equalsIgnoreCase} has it.
     *
     * @return the comparator
     */
    public static ResultComparator<CharSequence> ignoringCase() {
        return new TextRules(true, false);
    }

    /**
     * Text without regard to white space, wherever it stands: {@code "a b"} matches {@code "ab\n"}. White space is what
     * {@link Character#isWhitespace(char)} or {@link Character#isSpaceChar(char)} says it is.
     *
     * @return the comparator
     */
    public static ResultComparator<CharSequence> ignoringWhiteSpace() {
        return new TextRules(false, true);
    }

    /**
     * Text without regard to case and white space.
     *
     * @return the comparator
     */
    public static ResultComparator<CharSequence> ignoringCaseAndWhiteSpace() {
        return new TextRules(true, true);
    }

    /**
     * Any two throwables: it is enough that both behaviors threw.
     *
     * @return the comparator
     */
    public static ResultComparator<Throwable> anyError() {
        return (control, candidate) -> List.of();
    }

    /**
     * Throwables of the same class, whatever their messages.
     *
     * @return the comparator
     */
    public static ResultComparator<Throwable> errorsByClass() {
        return new ErrorRules(Map.of(), false);
    }

    /**
     * Throwables of the same class with the same message, even one that the JVM worded, which an
     * experiment leaves out unless told otherwise.
     *
     * @return the comparator
     */
    public static ResultComparator<Throwable> errorsByClassAndMessage() {
        return new ErrorRules(Map.of(), true);
    }

    /**
     * Throwables whose classes were replaced by others, whatever their messages. The control's class, or else the nearest
     * of its superclasses, is looked up; the candidate's throwable must be of the class found there or of a subclass. A
     * class that is not found must be the same on both sides.
     *
     * @param renamed from the control's classes to the candidate's
     * @return the comparator
     */
    public static ResultComparator<Throwable> errorsByClass(
            Map<Class<? extends Throwable>, Class<? extends Throwable>> renamed) {
        return new ErrorRules(renamed, false);
    }

    private record Projection<V extends @Nullable Object, P extends @Nullable Object>(
            String path, Function<? super V, ? extends P> projection, ResultComparator<? super P> comparator)
            implements ResultComparator<V> {

        Projection {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(projection, "projection");
            Objects.requireNonNull(comparator, "comparator");
        }

        @Override
        public List<Difference> compare(@Nullable V control, @Nullable V candidate) {
            if (control == null || candidate == null) {
                return control == candidate ? List.of() : List.of(Difference.of("", control, candidate));
            }
            List<Difference> below = comparator.compare(projection.apply(control), projection.apply(candidate));
            if (below.isEmpty() || path.isEmpty()) {
                return below;
            }
            return below.stream().map(difference -> difference.below(path)).toList();
        }

        @Override
        public ResultComparator<V> forExperiment(String experiment, Consumer<Throwable> report) {
            return new Projection<>(path, projection, comparator.forExperiment(experiment, report));
        }

        @Override
        public void experimentClosed() {
            comparator.experimentClosed();
        }
    }

    private record AllOf<V extends @Nullable Object>(List<ResultComparator<? super V>> comparators)
            implements ResultComparator<V> {

        @Override
        public List<Difference> compare(@Nullable V control, @Nullable V candidate) {
            List<Difference> all = List.of();
            for (int i = 0; i < comparators.size(); i++) {
                List<Difference> some = comparators.get(i).compare(control, candidate);
                if (all.isEmpty()) {
                    all = some;
                } else if (!some.isEmpty()) {
                    all = new ArrayList<>(all);
                    all.addAll(some);
                }
            }
            return all;
        }

        @Override
        public ResultComparator<V> forExperiment(String experiment, Consumer<Throwable> report) {
            List<ResultComparator<? super V>> own = new ArrayList<>();
            comparators.forEach(comparator -> own.add(comparator.forExperiment(experiment, report)));
            return new AllOf<>(own);
        }

        @Override
        public void experimentClosed() {
            comparators.forEach(ResultComparator::experimentClosed);
        }
    }
}
