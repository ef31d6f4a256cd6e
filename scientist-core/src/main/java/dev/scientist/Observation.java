package dev.scientist;

import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What one behavior did in one run: its value or its throwable, and how long it took. Immutable, as far as the value
 * is.
 *
 * <p>Exactly one of {@link #returned()}, {@link #threw()} and {@link #abandoned()} is true.
 *
 * @param <T> the type of the value
 */
public sealed class Observation<T extends @Nullable Object> permits Observation.Measured {

    /** Stands in the place of a value where there is none, so that an observation needs no further field for it. */
    private record Thrown(Throwable throwable, boolean byAdapter) {}

    private static final Object ABANDONED = new Object();

    /** Stands for the input of behaviors that take none: null is an input like any other. */
    static final Object NO_INPUT = new Object();

    private final Experiment<T> experiment;
    private final String name;
    private final @Nullable Object outcome;
    private final long nanos;

    private Observation(Experiment<T> experiment, String name, @Nullable Object outcome, long nanos) {
        this.experiment = experiment;
        this.name = name;
        this.outcome = outcome;
        this.nanos = Math.max(nanos, 0); // a user's clock may fail, or run backwards
    }

    /** Calls a behavior that must not disturb the caller. Returns what it returned, or a stand-in for what it threw. */
    static @Nullable Object outcomeOf(Object behavior, @Nullable Object input) {
        try {
            return call(behavior, input);
        } catch (Throwable thrown) {
            return thrown(thrown);
        }
    }

    /** Calls a behavior in the form it was given in. */
    @SuppressWarnings("unchecked")
    static @Nullable Object call(Object behavior, @Nullable Object input) throws Throwable {
        return input == NO_INPUT
                ? ((Behavior<?, ?>) behavior).call()
                : ((InputBehavior<@Nullable Object, ?, ?>) behavior).call(input);
    }

    static Object thrown(Throwable throwable) {
        return new Thrown(throwable, false);
    }

    static Object thrownByAdapter(Throwable throwable) {
        return new Thrown(throwable, true);
    }

    static @Nullable Throwable throwableOf(@Nullable Object outcome) {
        return outcome instanceof Thrown thrown ? thrown.throwable() : null;
    }

    static <T extends @Nullable Object> Observation<T> of(
            Experiment<T> experiment, String name, @Nullable Object outcome, long nanos) {
        return new Observation<>(experiment, name, outcome, nanos);
    }

    static <T extends @Nullable Object> Observation<T> abandoned(Experiment<T> experiment, String name, long nanos) {
        return new Observation<>(experiment, name, ABANDONED, nanos);
    }

    /** The same with what it used; of its own class, so that the usual observation stays at 32 bytes. */
    Observation<T> measured(@Nullable Resources used) {
        return used == null ? this : new Measured<>(this, used.cpuNanos(), used.allocatedBytes());
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
        return outcome instanceof Thrown thrown ? thrown.throwable() : null;
    }

    /**
     * Whether it returned, a null included.
     *
     * @return true if it returned
     */
    public boolean returned() {
        return !(outcome instanceof Thrown) && outcome != ABANDONED;
    }

    /**
     * Whether it threw.
     *
     * @return true if it threw
     */
    public boolean threw() {
        return outcome instanceof Thrown;
    }

    /**
     * Whether it was stopped at its time limit, or cancelled, before it had an outcome.
     *
     * @return true if it was; {@link #nanos()} says how long it had run
     */
    public boolean abandoned() {
        return outcome == ABANDONED;
    }

    /**
     * Whether the candidate itself returned, but the adapter that turns its value into the control's type threw.
     *
     * @return true if {@link #throwable()} is the adapter's
     */
    public boolean adapterFailed() {
        return outcome instanceof Thrown thrown && thrown.byAdapter();
    }

    /**
     * How long the behavior took, an adapter not counted.
     *
     * @return nanoseconds by the scientist's clock
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
     * The value as the experiment's cleaner makes it fit to be kept and shown; the cleaner is asked anew on each call.
     * A null is not cleaned. With no cleaner it is the value itself, which {@link Rendering} then keeps private. Where
     * the cleaner throws, that is reported and the value is withheld: the result is an object that says so.
     *
     * @return the cleaned value, null if {@link #value()} is null
     */
    public @Nullable Object cleaned() {
        T value = value();
        return value == null ? null : experiment.cleaned(value);
    }

    Experiment<T> experiment() {
        return experiment;
    }

    /** Names no value: it may be private. */
    @Override
    public String toString() {
        return name + " " + Rendering.cautious().outcome(this) + " in " + nanos + " ns";
    }

    /** With what it used. */
    static final class Measured<T extends @Nullable Object> extends Observation<T> {
        private final long cpuNanos;
        private final long allocatedBytes;

        private Measured(Observation<T> plain, long cpuNanos, long allocatedBytes) {
            super(plain.experiment, plain.name, plain.outcome, plain.nanos);
            this.cpuNanos = cpuNanos;
            this.allocatedBytes = allocatedBytes;
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
