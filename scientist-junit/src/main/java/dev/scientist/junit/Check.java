package dev.scientist.junit;

import dev.scientist.Experiment;
import dev.scientist.InputBehavior;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/** Runs one input at a time, and says what is wrong with it. Not thread-safe. */
final class Check<I extends @Nullable Object, T extends @Nullable Object> {

    /** Longer than a candidate in the background may run. */
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final long POLL_NANOS = 100_000;

    private final Session session;
    private final Experiment<T> experiment;
    private final InputBehavior<? super I, ? extends T, ?> control;
    private final InputBehavior<? super I, ? extends T, ?> candidate;

    Check(
            Session session,
            Experiment<T> experiment,
            InputBehavior<? super I, ? extends T, ?> control,
            InputBehavior<? super I, ? extends T, ?> candidate) {
        this.session = session;
        this.experiment = experiment;
        this.control = control;
        this.candidate = candidate;
    }

    /**
     * Runs one input.
     *
     * @return what is wrong, empty if nothing is, null if nothing was compared since the gate was closed
     * @throws TestAbortedException if the control says so
     */
    @Nullable
    List<Problem> of(I input) {
        long before = experiment.counts().started();
        Throwable thrown = null;
        try {
            experiment.run(input, control, candidate);
        } catch (Throwable t) {
            thrown = t;
        }
        await();
        List<Problem> problems = session.drain();
        if (thrown instanceof TestAbortedException aborted) {
            throw aborted;
        }
        boolean ran = experiment.counts().started() > before;
        return ran || !problems.isEmpty() ? problems : null;
    }

    /** Waits for the result of a run in the background; else it is there already. */
    private void await() {
        long started = experiment.counts().started();
        if (session.ended() >= started) {
            return;
        }
        long deadline = System.nanoTime() + LIMIT_NANOS;
        while (session.ended() < started
                && System.nanoTime() < deadline
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(this, POLL_NANOS);
        }
    }
}
