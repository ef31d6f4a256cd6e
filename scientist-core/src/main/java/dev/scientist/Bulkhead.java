package dev.scientist;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what one experiment does on other threads from starving the others: how many candidates can be under way, how
 * many threads of the scientist's it can have at once, how many can be stuck past their time limit. Thread-safe.
 */
final class Bulkhead {

    /** While as many steps were given up and are not back, further runs are shed. */
    static final int MAX_STUCK = 2;

    private static final int PROBED_FRAMES = 200;

    private static final long LONGEST_PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long SHORTEST_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Pool pool;
    /** The executor of the user's, null for the scientist's own threads. */
    private final @Nullable Executor executor;

    private final int capacity;
    private final Semaphore permits;
    private final AtomicInteger stuck = new AtomicInteger();

    /** Steps that wait until the experiment has fewer threads; guards {@link #running}. */
    private final Queue<Step> waiting = new ArrayDeque<>();
    /** How many threads it has. A step that ends hands its thread to the one that has waited longest. */
    private int running;

    private final Set<Ending<?>> underWay = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private final long periodNanos;
    private final Set<String> said = ConcurrentHashMap.newKeySet();
    private volatile boolean closing;
    private volatile boolean closed;

    Bulkhead(Pool pool, @Nullable Executor executor, int capacity, long timeLimitNanos) {
        this.pool = pool;
        this.executor = executor;
        this.capacity = capacity;
        permits = new Semaphore(capacity);
        periodNanos = Math.max(SHORTEST_PERIOD_NANOS, Math.min(LONGEST_PERIOD_NANOS, timeLimitNanos / 8));
    }

    /**
     * Whether the caller's stack has room to hand something over. Where it gave out inside of a lock of
     * {@code java.util.concurrent}, that would stay taken for ever.
     */
    static boolean hasStack() {
        try {
            return descend(PROBED_FRAMES, 1, 2, 3) != 0;
        } catch (StackOverflowError noRoom) {
            return false;
        }
    }

    /** Uses the stack, in a way that no compiler makes a loop of. */
    private static long descend(int frames, long a, long b, long c) {
        return frames == 0 ? a | 1 : descend(frames - 1, b ^ frames, c + a, a) | c;
    }

    /** Takes a permit for each candidate of a run; false if the run is to be shed. */
    boolean tryEnter(int candidates) {
        return !isFull() && permits.tryAcquire(candidates);
    }

    boolean isFull() {
        return closing || isBlocked() || permits.availablePermits() == 0;
    }

    void leave(int candidates) {
        permits.release(candidates);
    }

    /** Whether so much is stuck that nothing more is to begin. */
    boolean isBlocked() {
        return stuck.get() >= MAX_STUCK;
    }

    boolean isClosing() {
        return closing;
    }

    /** Whether the executor is the user's: it may forget what it was handed, as one with a discard policy does. */
    boolean isUsersExecutor() {
        return executor != null;
    }

    /** From here on the run is ended by whoever is first: a step of its own, the sweep, or closing. */
    void add(Ending<?> ending) {
        underWay.add(ending);
        if (closed) {
            ending.drop(Drop.CLOSED); // closing may not have seen it
        }
        sweepLater();
    }

    void remove(Ending<?> ending) {
        underWay.remove(ending);
    }

    /** Ends what is past its limit, as long as anything is under way. Runs no code of users. */
    private void sweep() {
        try {
            long now = System.nanoTime();
            underWay.forEach(ending -> ending.endIfOverdue(now));
        } finally { // also where memory or threads are used up
            sweeping.set(false);
            if (!underWay.isEmpty()) {
                sweepLater();
            }
        }
    }

    private void sweepLater() {
        if (sweeping.get() || !sweeping.compareAndSet(false, true)) {
            return;
        }
        try {
            pool.sweepAfter(periodNanos, this::sweep);
        } catch (Throwable noThread) {
            sweeping.set(false);
            throw noThread;
        }
    }

    /**
     * Hands over a candidate, or what follows on it.
     *
     * @param atOnce whether it is refused, and does not wait, where no thread is free
     * @throws RuntimeException or an error if the executor refuses
     */
    void submit(Step step, boolean atOnce) {
        if (executor != null) {
            executor.execute(step);
            return;
        }
        synchronized (waiting) {
            if (running >= pool.threadsPerExperiment(atOnce)) {
                if (atOnce) {
                    throw new RejectedExecutionException();
                }
                waiting.add(step);
                return;
            }
            running++;
        }
        try {
            pool.execute(step.inTurn(), atOnce);
        } catch (Throwable refusal) {
            step.endTurn();
            throw refusal;
        }
    }

    /** A thread of the experiment's is free, or given up: the step that has waited longest may have one. */
    void nextInTurn() {
        while (true) {
            Step next;
            synchronized (waiting) {
                next = waiting.poll();
                if (next == null) {
                    running--;
                    return;
                }
            }
            try {
                pool.execute(next.inTurn(), false);
                return;
            } catch (Throwable refusal) {
                next.refused(refusal);
            }
        }
    }

    /** Hands over what the sweep found to be done, on the scientist's own threads. */
    void submitExtra(Step step) {
        try {
            pool.execute(step, false);
        } catch (RejectedExecutionException poolIsClosed) {
            step.run(); // closing waits for it
        }
    }

    /** Whether this is the first time that something is to be said of the experiment. */
    boolean noteOnce(String notice) {
        return said.add(notice);
    }

    /** A step is past its limit, and its thread not back: another one takes its place. */
    void stuck(boolean isExtra) {
        countStuck(1, isExtra);
    }

    /** A step has returned, or will never run. */
    void returned(boolean wasStuck, boolean isExtra) {
        if (!isExtra) {
            permits.release();
        }
        if (wasStuck) {
            countStuck(-1, isExtra);
        }
    }

    private void countStuck(int more, boolean isExtra) {
        stuck.addAndGet(more);
        if (executor == null || isExtra) {
            pool.stuck(more);
        }
    }

    /** Whether nothing is under way, or stuck. */
    boolean isIdle() {
        return underWay.isEmpty() && permits.availablePermits() == capacity;
    }

    // ---- closing ----

    /** From now on every run is dropped as closed. */
    void startClosing() {
        closing = true;
    }

    /** Waits for what is under way, until the deadline by {@link System#nanoTime()}. */
    void awaitIdle(long deadline) throws InterruptedException {
        if (permits.tryAcquire(capacity, deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            permits.release(capacity);
        }
    }

    /** Ends what is still under way. */
    void endRest() {
        closed = true;
        underWay.forEach(ending -> ending.drop(Drop.CLOSED));
    }
}
