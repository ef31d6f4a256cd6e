package dev.scientist.junit;

import dev.scientist.Drop;
import dev.scientist.Experiment;
import dev.scientist.Operation;
import dev.scientist.Publisher;
import dev.scientist.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Lets tests see what the experiments of an application's own {@link dev.scientist.Scientist} find: give it to that
 * scientist as one more publisher, and name it in the tests with {@link ScientistExtension#watching}. Keeps nothing
 * while no test watches. Thread-safe.
 *
 * <p>What is published on the thread of a test that watches belongs to that test; what is published on any other
 * thread, such as that of a background experiment, belongs to every test that watches at that time. So tests that watch
 * the same background experiments should not run in parallel.
 */
public final class Watch implements Publisher {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final long POLL_NANOS = 1_000_000;

    private final List<Session> sessions = new CopyOnWriteArrayList<>();
    /** How many ends of runs arrived here, by experiment. */
    private final Map<Experiment<?>, LongAdder> ended = new ConcurrentHashMap<>();

    /** A watch that no test has named yet. */
    public Watch() {}

    @Override
    public void defined(Experiment<?> experiment) {
        ended.put(experiment, new LongAdder());
    }

    @Override
    public void publish(Result<?> result) {
        tell(session -> session.publish(result));
        end(result.experiment());
    }

    @Override
    public void dropped(Experiment<?> experiment, Drop reason) {
        tell(session -> session.dropped(experiment, reason));
        end(experiment);
    }

    @Override
    public void failed(Experiment<?> experiment, Operation operation, Throwable failure) {
        tell(session -> session.failed(experiment.name(), operation, failure));
    }

    void add(Session session) {
        sessions.add(session);
    }

    void remove(Session session) {
        sessions.remove(session);
    }

    boolean isWatched() {
        return !sessions.isEmpty();
    }

    private void tell(Consumer<Session> what) {
        Session here = Session.current();
        if (here != null && sessions.contains(here)) {
            what.accept(here);
        } else {
            sessions.forEach(what);
        }
    }

    private void end(Experiment<?> experiment) {
        ended.computeIfAbsent(experiment, key -> new LongAdder()).increment();
    }

    /**
     * Waits until the runs that were started so far have ended here. Counting here and not by the experiment's counts
     * makes sure that the results have arrived too.
     *
     * @return what has not ended within the limit, a text each
     */
    List<String> await() {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        List<String> unfinished = new ArrayList<>();
        ended.forEach((experiment, count) -> {
            long started = experiment.counts().started();
            while (count.sum() < started
                    && System.nanoTime() < deadline
                    && !Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(this, POLL_NANOS);
            }
            long left = started - count.sum();
            if (left > 0) {
                unfinished.add("experiment '" + experiment.name() + "': " + left
                        + " runs were still under way when the waiting ended, at most " + LIMIT.toSeconds()
                        + " seconds after the test");
            }
        });
        return unfinished;
    }
}
