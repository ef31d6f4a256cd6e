package dev.scientist;

import org.jspecify.annotations.Nullable;

/**
 * A piece of code that an experiment can run: the control or a candidate.
 *
 * <p>Called on the caller's thread unless the experiment's {@link Execution} says otherwise. May return null.
 *
 * @param <T> what it returns
 * @param <X> what it may throw; {@code run} declares exactly what the control declares
 */
@FunctionalInterface
public interface Behavior<T extends @Nullable Object, X extends Throwable> {

    /**
     * Does the work.
     *
     * @return the outcome, may be null
     * @throws X as the code behind it does
     */
    T call() throws X;
}
