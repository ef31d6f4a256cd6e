package dev.scientist;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What an experiment was built with. A builder changes a copy of its own; the copy that an experiment got is never
 * changed any more, lists included.
 *
 * @param <T> the type of the value
 */
final class Settings<T extends @Nullable Object> implements Cloneable {

    record IgnoreRule<T extends @Nullable Object>(String reason, Predicate<? super Mismatch<T>> holds) {}

    /** Says of which kind a run is, by its input and what the control did. */
    record Trait<T extends @Nullable Object>(
            String name, BiFunction<@Nullable Object, Observation<T>, @Nullable Object> label) {}

    /** Told from others by {@link Rendering#hint}. */
    static final ResultComparator<@Nullable Object> BY_EQUALS = ResultComparator.equality();

    Gate gate;

    @Nullable
    BooleanSupplier enabled;

    ResultComparator<? super T> comparator = BY_EQUALS;
    ResultComparator<? super Throwable> errorComparator = ErrorEquality.INSTANCE;
    List<IgnoreRule<T>> ignoreRules = List.of();

    List<Trait<T>> traits = List.of();

    @Nullable
    Function<? super T, ?> cleaner;

    List<Supplier<? extends Map<String, ?>>> context = List.of();
    List<Runnable> beforeRun = List.of();
    List<Consumer<? super Result<T>>> afterRun = List.of();

    boolean raises;

    @Nullable
    Function<? super Result<T>, ? extends Throwable> mismatchError;

    @Nullable
    Consumer<? super T> dispose;

    Execution execution = Execution.inline();
    int queueCapacity;
    boolean measuresResources;

    @Nullable
    Gate baseline;

    boolean ignoresNoise;
    String evidenceVersion = "";

    @Nullable
    UnaryOperator<T> valueSnapshot;

    @Nullable
    UnaryOperator<@Nullable Object> inputSnapshot;

    List<Publisher> publishers = List.of();

    /** The defaults, some of which are the scientist's. */
    Settings(Scientist scientist) {
        gate = scientist.defaultGate;
        queueCapacity = scientist.queueCapacity;
        raises = scientist.raises;
        mismatchError = scientist.mismatchError;
    }

    @SuppressWarnings("unchecked") // a clone is of the same class
    Settings<T> copy() {
        try {
            return (Settings<T>) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /** How values are compared and shown, with all else as it is by default. */
    Settings<T> comparisonFor(Scientist scientist) {
        Settings<T> comparison = new Settings<>(scientist);
        comparison.comparator = comparator;
        comparison.errorComparator = errorComparator;
        comparison.ignoreRules = ignoreRules;
        comparison.traits = traits;
        comparison.cleaner = cleaner;
        comparison.valueSnapshot = valueSnapshot;
        comparison.inputSnapshot = inputSnapshot;
        comparison.dispose = dispose;
        return comparison;
    }

    static <E> List<E> plus(List<E> list, E element) {
        List<E> longer = new ArrayList<>(list);
        longer.add(element);
        return List.copyOf(longer);
    }
}
