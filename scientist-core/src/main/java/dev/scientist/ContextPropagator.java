package dev.scientist;

import java.util.function.Supplier;

/**
 * Carries what belongs to the caller's thread, such as a security or tracing context, to the thread on which a
 * background or concurrent candidate, its comparator and the publishers run. SLF4J's MDC and the context class loader
 * are carried without one.
 *
 * <p>Must be thread-safe. What it throws is reported as {@link Operation#PROPAGATE}, and the run goes on without.
 */
@FunctionalInterface
public interface ContextPropagator {

    /**
     * Captures the context of the caller, on the caller's thread.
     *
     * @return called on the other thread, sets the context there and returns what puts back what was there before;
     *     may be called several times, on several threads
     */
    Supplier<? extends AutoCloseable> capture();
}
