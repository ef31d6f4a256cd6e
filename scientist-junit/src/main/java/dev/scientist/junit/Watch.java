package dev.scientist.junit;

import dev.scientist.Drop;
import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.Operation;
import dev.scientist.Publisher;
import dev.scientist.Result;
import dev.scientist.Scientist;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets the tests of {@link ScientistExtension} see what the experiments of every {@link Scientist} find: each scientist
 * has one, since it is found by the {@code ServiceLoader}. Nobody else has a use for it. Keeps no result. Thread-safe.
 *
 * <p>What is published on the thread of a test belongs to that test; what is published on any other thread, such as that
 * of a background experiment, belongs to every test that runs at that time.
 */
public final class Watch implements Publisher {

    /** How long to wait for a run, beyond its time limit. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final long POLL_NANOS = 100_000;

    private static final Set<Watch> ALL = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    private static final CopyOnWriteArrayList<Session> SESSIONS = new CopyOnWriteArrayList<>();
    /** Set while a scientist of this library is made, which the tests are not to see like this. */
    private static final ThreadLocal<Boolean> MAKING_OWN = ThreadLocal.withInitial(() -> false);

    /** Whose results these are, if they are nobody else's. */
    private final @Nullable Session owner;

    private final boolean isBlind;
    /** How many ends of runs arrived here, by experiment. */
    private final Map<Experiment<?>, LongAdder> ended = new ConcurrentHashMap<>();

    /** For the {@code ServiceLoader}. */
    public Watch() {
        owner = null;
        isBlind = MAKING_OWN.get();
        if (!isBlind) {
            ALL.add(this);
        }
    }

    /** For the scientist of one session. */
    Watch(Session owner) {
        this.owner = owner;
        isBlind = false;
    }

    /** Makes a scientist that tests do not see, but those that have a publisher of it. */
    static Scientist unseen(Scientist.Builder builder) {
        MAKING_OWN.set(true);
        try {
            return builder.build();
        } finally {
            MAKING_OWN.remove();
        }
    }

    @Override
    public void defined(Experiment<?> experiment) {
        if (!isBlind) {
            ended.put(experiment, new LongAdder());
            if (owner != null) {
                owner.defined();
            }
        }
    }

    @Override
    public void publish(Result<?> result) {
        if (!isBlind) {
            tell(session -> session.publish(result));
            end(result.experiment());
        }
    }

    @Override
    public void dropped(Experiment<?> experiment, Drop reason) {
        if (!isBlind) {
            tell(session -> session.dropped(experiment, reason));
            end(experiment);
        }
    }

    @Override
    public void failed(Experiment<?> experiment, Operation operation, Throwable failure) {
        if (!isBlind && owner == null) { // an owner is the failure handler too
            tell(session -> session.failed(experiment.name(), operation, failure));
        }
    }

    static void add(Session session) {
        SESSIONS.addIfAbsent(session); // an extension may be registered twice
    }

    static void remove(Session session) {
        SESSIONS.remove(session);
    }

    private void tell(Consumer<Session> what) {
        if (owner != null) {
            what.accept(owner);
            return;
        }
        Session here = Session.current();
        if (here != null) {
            what.accept(here);
        } else {
            SESSIONS.forEach(what);
        }
    }

    private void end(Experiment<?> experiment) {
        ended.computeIfAbsent(experiment, key -> new LongAdder()).increment();
    }

    boolean knows(Experiment<?> experiment) {
        return ended.containsKey(experiment);
    }

    /** Those of scientists that are nobody's own. */
    private static List<Watch> all() {
        synchronized (ALL) {
            return List.copyOf(ALL);
        }
    }

    /** How many runs of each experiment were started so far, of scientists that are nobody's own. */
    static Map<Experiment<?>, Long> startedSoFar() {
        Map<Experiment<?>, Long> started = new HashMap<>();
        for (Watch watch : all()) {
            watch.ended
                    .keySet()
                    .forEach(experiment ->
                            started.put(experiment, experiment.counts().started()));
        }
        return started;
    }

    /** Waits as {@link #await} for the runs that were started since, of scientists that are nobody's own. */
    static List<String> awaitAll(Map<Experiment<?>, Long> startedBefore) {
        List<String> unfinished = new ArrayList<>();
        all().forEach(watch -> unfinished.addAll(watch.await(startedBefore)));
        return unfinished;
    }

    /**
     * Waits until the runs that were started so far have ended here: as long as a candidate may take, and a little
     * longer. Counting here and not by the experiment's counts makes sure that the results have arrived too.
     *
     * @param startedBefore experiments to leave out if no more runs were started since
     * @return what has not ended, a text each
     */
    List<String> await(Map<Experiment<?>, Long> startedBefore) {
        List<String> unfinished = new ArrayList<>();
        ended.forEach((experiment, count) -> {
            long started = experiment.counts().started();
            if (started == startedBefore.getOrDefault(experiment, 0L)) {
                return;
            }
            Duration limit = PATIENCE;
            if (experiment.execution() instanceof Execution.Elsewhere elsewhere) {
                limit = limit.plus(elsewhere.timeLimit());
            }
            long deadline = System.nanoTime() + limit.toNanos();
            boolean isInterrupted = false;
            while (count.sum() < started && System.nanoTime() < deadline && !isInterrupted) {
                LockSupport.parkNanos(this, POLL_NANOS);
                isInterrupted = Thread.currentThread().isInterrupted();
            }
            long left = started - count.sum();
            if (left > 0) {
                unfinished.add("experiment '" + experiment.name() + "': " + left + " of " + started
                        + " runs had not ended when the waiting "
                        + (isInterrupted ? "was interrupted" : "ended after " + limit.toSeconds() + " seconds")
                        + ", so what they find is not known");
            }
        });
        return unfinished;
    }
}
