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
 * What of the caller's thread goes along to other threads: SLF4J's MDC, the context class loader, what
 * {@link ContextPropagator}s add, that the thread is inside of the experiment, and whether inside of a behavior that is
 * not served. Immutable.
 */
final class Carried {

    private final Experiment<?> experiment;
    private final @Nullable Map<String, String> mdc;
    private final @Nullable ClassLoader classLoader = Thread.currentThread().getContextClassLoader();
    private final List<Supplier<? extends AutoCloseable>> others;
    private final long[] nested = Nesting.here().clone();

    /** Captures, on the caller's thread. What fails is reported and left out. */
    Carried(Experiment<?> experiment) {
        this.experiment = experiment;
        mdc = currentMdc();
        List<ContextPropagator> propagators = experiment.scientist.propagators;
        others = new ArrayList<>(propagators.size());
        for (ContextPropagator propagator : propagators) {
            guarded(() ->
                    others.add(Objects.requireNonNull(propagator.capture(), "a context propagator captured null")));
        }
    }

    /** Runs something on this thread within what was carried, and puts back afterwards what was there before. */
    void around(Runnable action) {
        Thread thread = Thread.currentThread();
        ClassLoader classLoaderBefore = thread.getContextClassLoader();
        Map<String, String> mdcBefore = currentMdc();
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        long[] here = Nesting.here();
        long[] before = here.clone();
        try {
            setClassLoader(thread, classLoader);
            setMdc(mdc);
            for (Supplier<? extends AutoCloseable> other : others) {
                guarded(() -> opened.push(Objects.requireNonNull(other.get(), "a context propagator opened null")));
            }
            System.arraycopy(nested, 0, here, 0, here.length);
            Nesting.enterAgain(here, experiment.id);
            here[Nesting.UNSERVED] |= before[Nesting.UNSERVED];
            action.run();
        } finally {
            System.arraycopy(before, 0, here, 0, here.length);
            for (AutoCloseable scope : opened) {
                guarded(scope::close);
            }
            setMdc(mdcBefore);
            setClassLoader(thread, classLoaderBefore);
        }
    }

    private void setClassLoader(Thread thread, @Nullable ClassLoader wanted) {
        guarded(() -> thread.setContextClassLoader(wanted)); // some threads of users' pools refuse
    }

    private @Nullable Map<String, String> currentMdc() {
        return experiment.parts.<@Nullable Map<String, String>>guarded(
                Operation.PROPAGATE, MDC::getCopyOfContextMap, null);
    }

    private void setMdc(@Nullable Map<String, String> wanted) {
        guarded(() -> MDC.setContextMap(wanted == null ? Map.of() : wanted));
    }

    private void guarded(Parts.Call call) {
        experiment.parts.guarded(Operation.PROPAGATE, call);
    }
}
