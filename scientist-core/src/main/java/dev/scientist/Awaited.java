package dev.scientist;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a behavior that does not run within its caller's call: its outcome, or that it was given up. It may
 * still come back after that. Its value is disposed of once it is back, the run is over, and it is known which value is
 * the caller's, whichever comes last. Thread-safe.
 *
 * @param <T> the type of the value
 */
final class Awaited<T extends @Nullable Object> {

    private final Run<T> run;
    private final String name;
    private final LongSupplier clock;
    private long begunAt;
    private volatile boolean hasBegun;

    private final AtomicReference<@Nullable Observation<T>> outcome = new AtomicReference<>();
    private final AtomicReference<@Nullable Observation<T>> undisposed = new AtomicReference<>();
    private volatile boolean isRunOver;
    private volatile boolean isServedKnown;

    /**
     * Makes it.
     *
     * @param clock real time where the sweep may give it up, which runs no code of users
     * @param isServedKnown whether the caller's value is known before the run is over
     */
    Awaited(Run<T> run, String name, LongSupplier clock, boolean isServedKnown) {
        this.run = run;
        this.name = name;
        this.clock = clock;
        this.isServedKnown = isServedKnown;
    }

    void begins() {
        begunAt = clock.getAsLong();
        hasBegun = true;
    }

    boolean hasBegun() {
        return hasBegun;
    }

    /** It is back. Returns whether what it did is its outcome: it may have been given up before. */
    boolean comesBack(Observation<T> observation) {
        boolean isOutcome = outcome.compareAndSet(null, observation);
        undisposed.set(observation);
        dispose();
        return isOutcome;
    }

    /** Gives it up, unless its outcome is in. */
    void abandon() {
        if (!isIn()) {
            long ran = hasBegun ? clock.getAsLong() - begunAt : 0;
            outcome.compareAndSet(null, Observation.abandoned(run.experiment, name, ran));
        }
    }

    boolean isIn() {
        return outcome.get() != null;
    }

    /** The outcome, which is in. */
    Observation<T> outcome() {
        return Objects.requireNonNull(outcome.get());
    }

    void runIsOver() {
        isRunOver = true;
        dispose();
    }

    void servedIsKnown() {
        isServedKnown = true;
        dispose();
    }

    /** By whoever is last: each of the three writes what it knows before it looks at the others. */
    private void dispose() {
        Observation<T> ready = isRunOver && isServedKnown ? undisposed.getAndSet(null) : null;
        if (ready != null) {
            run.experiment.parts.dispose(run, ready);
        }
    }
}
