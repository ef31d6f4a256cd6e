package dev.scientist;

import org.jspecify.annotations.Nullable;

/**
 * A behavior that is handed its input instead of capturing it, so that a method reference such as
 * {@code Legacy::price} costs no allocation and the {@link Result} knows the input.
 *
 * @param <I> the input
 * @param <T> what it returns
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface InputBehavior<I extends @Nullable Object, T extends @Nullable Object, X extends Throwable> {

    /**
     * Does the work.
     *
     * @param input what the caller of {@code run} passed, may be null if the caller passed null
     * @return the outcome, may be null
     * @throws X as the code behind it does
     */
    T call(I input) throws X;
}
