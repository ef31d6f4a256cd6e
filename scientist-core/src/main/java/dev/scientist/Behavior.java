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
public interface Behavior<T extends @Nullable Object, X extends Throwable>
        extends InputBehavior<@Nullable Object, T, X> {

    /**
     * Does the work.
     *
     * @return the outcome, may be null
     * @throws X as the code behind it does
     */
    T call() throws X;

    /**
     * Does the work without an input.
     *
     * @param input not looked at
     * @return the outcome, may be null
     * @throws X as the code behind it does
     */
    @Override
    default T call(@Nullable Object input) throws X {
        return call();
    }
}
