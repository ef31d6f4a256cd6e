package dev.scientist;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What one behavior did in one run: its value or its throwable, and how long it took. A result's observations do not
 * change any more, as far as the values do not.
 *
 * <p>Exactly one of {@link #returned()}, {@link #threw()} and {@link #abandoned()} is true.
 *
 * @param <T> the type of the value
 */
public sealed class Observation<T extends @Nullable Object> implements Cloneable permits Observation.Measured {

    private enum End {
        /** It has not been called, or has not come back. */
        PENDING,
        RETURNED,
        THREW,
        /** It returned, and its adapter threw. */
        ADAPTER_THREW,
        ABANDONED
    }

    private final Experiment<T> experiment;
    private final String name;
    /**
     * Before the call its {@link InputBehavior}, afterwards null, and later what is to be shown of the
     * value, once that is made: one field, since there are two of these for every run, and results may be kept.
     */
    private @Nullable Object behaviorOrShown;
    // written by the thread that runs the behavior, before it hands the observation on
    private End end = End.PENDING;
    /** The value or the throwable. */
    private @Nullable Object outcome;

    private long nanos;

    /** A behavior that is still to be called. */
    Observation(Experiment<T> experiment, String name, @Nullable InputBehavior<?, ?, ?> behavior) {
        this.experiment = experiment;
        this.name = name;
        this.behaviorOrShown = behavior;
    }

    private Observation(Experiment<T> experiment, String name, End end, @Nullable Object outcome, long nanos) {
        this(experiment, name, null);
        this.end = end;
        this.outcome = outcome;
        this.nanos = nanos;
    }

    static <T extends @Nullable Object> Observation<T> returned(
            Experiment<T> experiment, String name, @Nullable Object value, long nanos) {
        return new Observation<>(experiment, name, End.RETURNED, value, nanos);
    }

    static <T extends @Nullable Object> Observation<T> threw(
            Experiment<T> experiment, String name, Throwable thrown, long nanos) {
        return new Observation<>(experiment, name, End.THREW, thrown, nanos);
    }

    static <T extends @Nullable Object> Observation<T> abandoned(Experiment<T> experiment, String name, long nanos) {
        return new Observation<>(experiment, name, End.ABANDONED, null, nanos);
    }

    /**
     * Calls the behavior on this thread, once. The one place where behaviors are called and timed: nothing but the call
     * lies between the two looks at the clock.
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // it is there until it is called
    void call(@Nullable Object input) {
        InputBehavior<@Nullable Object, ?, ?> behavior = (InputBehavior<@Nullable Object, ?, ?>) behaviorOrShown;
        behaviorOrShown = null;
        long start = experiment.parts.nanoTime();
        try {
            outcome = behavior.call(input);
            end = End.RETURNED;
        } catch (Throwable thrown) {
            outcome = thrown;
            end = End.THREW;
        }
        nanos = Math.max(experiment.parts.nanoTime() - start, 0); // a user's clock may fail, or run backwards
    }

    /** Makes the value of a behavior of another type one of the control's type, when no behavior's time is running. */
    void adapt(@Nullable Function<@Nullable Object, ?> adapter) {
        if (adapter == null || end != End.RETURNED) {
            return;
        }
        try {
            outcome = adapter.apply(outcome);
        } catch (Throwable thrown) {
            outcome = thrown;
            end = End.ADAPTER_THREW;
        }
    }

    /** The same with a copy of the value, for those who look at it later. Throws what the snapshot throws. */
    @SuppressWarnings("unchecked")
    Observation<T> snapshot(@Nullable UnaryOperator<T> snapshot) throws CloneNotSupportedException {
        if (snapshot == null || end != End.RETURNED || outcome == null) {
            return this;
        }
        Observation<T> copy = (Observation<T>) clone();
        copy.outcome = snapshot.apply((T) outcome);
        return copy;
    }

    /**
     * Hands the outcome back to the caller.
     *
     * @param broken what kept the behavior from being called, if it was not
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // it is a throwable of X where it threw
    <R extends @Nullable Object, X extends Throwable> R handBack(@Nullable Throwable broken) throws X {
        if (end == End.RETURNED) {
            return (R) outcome;
        }
        throw (X) (end == End.PENDING ? broken : outcome);
    }

    /**
     * The behavior's name.
     *
     * @return {@code "control"}, {@code "candidate"}, or the name it was given
     */
    public String name() {
        return name;
    }

    /**
     * What the behavior returned, raw. Not for eyes: see {@link #cleaned()}.
     *
     * @return the value; null if it returned null, threw, or was abandoned
     */
    @SuppressWarnings("unchecked")
    public @Nullable T value() {
        return returned() ? (T) outcome : null;
    }

    /**
     * What the behavior threw.
     *
     * @return the throwable, null if it did not throw
     */
    public @Nullable Throwable throwable() {
        return threw() ? (Throwable) outcome : null;
    }

    /**
     * Whether it returned, a null included.
     *
     * @return true if it returned
     */
    public boolean returned() {
        return end == End.RETURNED;
    }

    /**
     * Whether it threw.
     *
     * @return true if it threw
     */
    public boolean threw() {
        return end == End.THREW || end == End.ADAPTER_THREW;
    }

    /**
     * Whether it was stopped at its time limit, or cancelled, before it had an outcome.
     *
     * @return true if it was; {@link #nanos()} says how long it had run
     */
    public boolean abandoned() {
        return end == End.ABANDONED;
    }

    /**
     * Whether the candidate itself returned, but the adapter that turns its value into the control's type threw.
     *
     * @return true if {@link #throwable()} is the adapter's
     */
    public boolean adapterFailed() {
        return end == End.ADAPTER_THREW;
    }

    /**
     * How long the behavior took, an adapter not counted.
     *
     * @return nanoseconds by the scientist's clock; of one that was abandoned, by real time, where nobody waited for it
     */
    public long nanos() {
        return nanos;
    }

    /**
     * How long the behavior took, an adapter not counted.
     *
     * @return the same as {@link #nanos()}
     */
    public Duration duration() {
        return Duration.ofNanos(nanos);
    }

    /**
     * The processor time that the behavior used on its thread.
     *
     * @return nanoseconds; empty unless the experiment measures resources and the JVM can
     */
    public OptionalLong cpuNanos() {
        return OptionalLong.empty();
    }

    /**
     * The bytes that the behavior allocated on its thread.
     *
     * @return bytes; empty unless the experiment measures resources and the JVM can
     */
    public OptionalLong allocatedBytes() {
        return OptionalLong.empty();
    }

    /**
     * The value as the experiment's cleaner makes it fit to be kept and shown. The cleaner is asked once, by whoever wants
     * this first; a publisher that hands results to another thread calls {@link Result#keepShown()} before. A null is not
     * cleaned. With no cleaner it is the value itself, which {@link Rendering} then keeps private. Where the cleaner
     * throws, that is reported and the value is withheld: the result is a text that says so.
     *
     * @return the cleaned value, null if {@link #value()} is null
     */
    public @Nullable Object cleaned() {
        return experiment.settings.cleaner == null ? value() : shown().cleaned();
    }

    /** What is shown of the value, made once. */
    synchronized Shown shown() {
        if (!(behaviorOrShown instanceof Shown)) {
            T value = value();
            Function<? super T, ?> cleaner = experiment.settings.cleaner;
            behaviorOrShown = cleaner == null
                    ? new Shown(null, Rendering.description(value))
                    : new Shown(value == null ? null : cleanedBy(cleaner, value), "");
        }
        return (Shown) behaviorOrShown;
    }

    private @Nullable Object cleanedBy(Function<? super T, ?> cleaner, T value) {
        return experiment.parts.<@Nullable Object>guarded(
                Operation.CLEAN, () -> cleaner.apply(value), "(withheld: the cleaner failed)");
    }

    /** A cleaned value, or the description of one that has no cleaner. */
    record Shown(@Nullable Object cleaned, String description) {}

    Experiment<T> experiment() {
        return experiment;
    }

    /** Names no value: it may be private. */
    @Override
    public String toString() {
        return name + " " + Rendering.cautious().outcome(this) + " in " + nanos + " ns";
    }

    /** With what it used; of its own class, so that the usual observation stays small. */
    static final class Measured<T extends @Nullable Object> extends Observation<T> {
        private long cpuNanos = Resources.UNKNOWN;
        private long allocatedBytes = Resources.UNKNOWN;

        Measured(Experiment<T> experiment, String name, InputBehavior<?, ?, ?> behavior) {
            super(experiment, name, behavior);
        }

        @Override
        void call(@Nullable Object input) {
            long cpuBefore = Resources.cpuNanos();
            long allocatedBefore = Resources.allocatedBytes();
            super.call(input);
            allocatedBytes = Resources.since(allocatedBefore, Resources.allocatedBytes());
            cpuNanos = Resources.since(cpuBefore, Resources.cpuNanos());
        }

        @Override
        public OptionalLong cpuNanos() {
            return cpuNanos < 0 ? OptionalLong.empty() : OptionalLong.of(cpuNanos);
        }

        @Override
        public OptionalLong allocatedBytes() {
            return allocatedBytes < 0 ? OptionalLong.empty() : OptionalLong.of(allocatedBytes);
        }
    }
}
