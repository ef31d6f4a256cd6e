package dev.scientist;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * What of the caller's thread goes with a run to other threads: SLF4J's MDC, the context class loader, and what
 * {@link ContextPropagator}s add. Immutable.
 */
final class Carried {

    private final Experiment<?> experiment;
    private final @Nullable Map<String, String> mdc;
    private final @Nullable ClassLoader classLoader;
    private final List<Supplier<? extends AutoCloseable>> others;

    private Carried(
            Experiment<?> experiment,
            @Nullable Map<String, String> mdc,
            @Nullable ClassLoader classLoader,
            List<Supplier<? extends AutoCloseable>> others) {
        this.experiment = experiment;
        this.mdc = mdc;
        this.classLoader = classLoader;
        this.others = others;
    }

    /** What there is to carry in general, so that it need not be made for each run: the class loader. */
    static Carried usual(Experiment<?> experiment) {
        return new Carried(experiment, null, Thread.currentThread().getContextClassLoader(), List.of());
    }

    /** Captures, on the caller's thread. What fails is reported and left out. */
    static Carried capture(Experiment<?> experiment) {
        List<ContextPropagator> propagators = experiment.scientist().propagators();
        List<Supplier<? extends AutoCloseable>> others = List.of();
        if (!propagators.isEmpty()) {
            others = new ArrayList<>(propagators.size());
            for (ContextPropagator propagator : propagators) {
                try {
                    others.add(Objects.requireNonNull(propagator.capture(), "a context propagator captured null"));
                } catch (Throwable failure) {
                    experiment.failed(Operation.PROPAGATE, failure);
                }
            }
        }
        Map<String, String> mdc = currentMdc(experiment);
        ClassLoader classLoader = Thread.currentThread().getContextClassLoader();
        Carried usual = experiment.usuallyCarried();
        return mdc == null && others.isEmpty() && usual.classLoader == classLoader
                ? usual
                : new Carried(experiment, mdc, classLoader, others);
    }

    /** Runs something on this thread within what was carried, and puts back afterwards what was there before. */
    void around(Runnable action) {
        Thread thread = Thread.currentThread();
        ClassLoader classLoaderBefore = thread.getContextClassLoader();
        Map<String, String> mdcBefore = currentMdc(experiment);
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            setClassLoader(thread, classLoader);
            setMdc(mdc);
            for (Supplier<? extends AutoCloseable> other : others) {
                try {
                    opened.push(Objects.requireNonNull(other.get(), "a context propagator opened null"));
                } catch (Throwable failure) {
                    experiment.failed(Operation.PROPAGATE, failure);
                }
            }
            action.run();
        } finally {
            for (AutoCloseable scope : opened) {
                try {
                    scope.close();
                } catch (Throwable failure) {
                    experiment.failed(Operation.PROPAGATE, failure);
                }
            }
            setMdc(mdcBefore);
            setClassLoader(thread, classLoaderBefore);
        }
    }

    private void setClassLoader(Thread thread, @Nullable ClassLoader wanted) {
        try {
            if (thread.getContextClassLoader() != wanted) {
                thread.setContextClassLoader(wanted);
            }
        } catch (Throwable failure) {
            // some threads of user's pools refuse
            experiment.failed(Operation.PROPAGATE, failure);
        }
    }

    private static @Nullable Map<String, String> currentMdc(Experiment<?> experiment) {
        try {
            return MDC.getCopyOfContextMap();
        } catch (Throwable failure) {
            experiment.failed(Operation.PROPAGATE, failure);
            return null;
        }
    }

    private void setMdc(@Nullable Map<String, String> wanted) {
        try {
            if (wanted == null) {
                MDC.clear();
            } else {
                MDC.setContextMap(wanted);
            }
        } catch (Throwable failure) {
            experiment.failed(Operation.PROPAGATE, failure);
        }
    }
}
