package dev.scientist;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An executor with the bounds around it: how many candidates can be under way, and how many of them can be stuck past
 * their time limit. Thread-safe.
 */
final class Offload {

    /** How many candidates may have run past their time limit and not come back; then further runs are shed. */
    static final int MAX_STUCK = 8;

    /** What is under way and can be ended. */
    interface Pending {
        /** Ends it as {@link Drop#CLOSED}. Afterwards it is counted, whoever ended it. */
        void cancel();

        /**
         * Ends it if it is past its time limit, or if an executor that is not ours has not started it within that: it may
         * have forgotten it, as one with a discard policy does.
         *
         * @param now real time, by {@link System#nanoTime()}
         */
        void endIfOverdue(long now);
    }

    /** What is handed to the executor. */
    interface Step extends Pending, Runnable {}

    private static final long CLOSE_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Executor executor;
    /** The executor, if it is the scientist's own: {@link Workers} of the user's are an executor like any other. */
    private final @Nullable Workers workers;

    private final Room room;
    private final TimeLimits timeLimits;

    private final AtomicInteger stuck = new AtomicInteger();
    /**
     * What {@link #close} must end: candidates from their start until their run is counted, and of an executor that is
     * not ours those that wait there too, since it might forget them.
     */
    private final Set<Pending> pending = ConcurrentHashMap.newKeySet();

    private volatile boolean closing;
    private volatile boolean closed;

    Offload(Executor executor, @Nullable Workers workers, int capacity, TimeLimits timeLimits) {
        this.executor = executor;
        this.workers = workers;
        room = new Room(capacity);
        this.timeLimits = timeLimits;
        timeLimits.watch(this);
    }

    /**
     * Reserves room for the candidates of one run, before anything is timed or allocated.
     *
     * @return false if the run is to be shed
     */
    boolean reserve(int candidates) {
        return !closing && stuck.get() < MAX_STUCK && room.take(candidates);
    }

    void release(int candidates) {
        room.giveBack(candidates);
    }

    /** Whether the executor is not ours, so that it might forget what it was handed. */
    boolean mayForget() {
        return workers == null;
    }

    /** @throws RuntimeException or an error if the executor refuses */
    void submit(Step step, boolean urgent) {
        if (workers != null) {
            if (!(urgent ? workers.offerUrgent(step) : workers.offer(step))) {
                throw new RejectedExecutionException("the workers took no more tasks");
            }
            if (closed) {
                step.cancel(); // it may have come to the workers after close() had looked there
            }
        } else {
            boolean accepted = false;
            try {
                // before the flag is looked at: close() sets that first, so one of us sees the other
                add(step);
                if (closed) {
                    throw new RejectedExecutionException("the scientist is closed");
                }
                executor.execute(step);
                accepted = true;
            } finally {
                if (!accepted) {
                    pending.remove(step);
                }
            }
        }
    }

    void began(Pending what) {
        add(what);
        if (closed) {
            what.cancel();
        }
    }

    private void add(Pending what) {
        pending.add(what);
        timeLimits.begin();
    }

    void ended(Pending what) {
        pending.remove(what);
    }

    /** What was not started is not wanted any more. */
    void takeBack(Step step) {
        pending.remove(step);
        if (workers != null) {
            workers.takeBack(step);
        }
    }

    /** Returns whether there is anything pending. */
    boolean endOverdue(long now) {
        boolean isAny = false;
        for (Pending what : pending) {
            isAny = true;
            try {
                what.endIfOverdue(now);
            } catch (Throwable noRoom) {
                // it is looked at again
            }
        }
        return isAny;
    }

    /** Not by the set's own count, which a thread without stack may leave wrong. */
    boolean isAnyPending() {
        return pending.iterator().hasNext();
    }

    /** A candidate went past its time limit. Another thread takes its place, within the limit of stuck ones. */
    void isStuck(Thread thread) {
        if (stuck.incrementAndGet() <= MAX_STUCK && workers != null) {
            try {
                workers.replace(thread);
            } catch (OutOfMemoryError noThread) {
                // its place is free then, and the next task tries again; the candidate is still to be interrupted
            }
        }
    }

    void cameBack() {
        stuck.decrementAndGet();
    }

    /** How many candidates are past their time limit, or not wanted any more, and have not come back. */
    int stuck() {
        return stuck.get();
    }

    /** How many steps and stages closing would have to end. */
    int pendingCount() {
        return pending.size();
    }

    boolean isClosed() {
        return closed;
    }

    /** From now on every run is shed. */
    void startClosing() {
        closing = true;
    }

    /** Waits for what is under way until the deadline, by {@link System#nanoTime()}, then ends the rest. */
    void close(long deadline) {
        boolean interrupted = false;
        while (room.inUse() > 0 && deadline - System.nanoTime() > 0 && !interrupted) {
            LockSupport.parkNanos(this, CLOSE_POLL_NANOS);
            interrupted = Thread.currentThread().isInterrupted();
        }
        closed = true;
        if (workers != null) {
            List<Runnable> unfinished = workers.drain();
            for (Runnable task : unfinished) {
                if (task instanceof Pending candidate) {
                    candidate.cancel();
                }
            }
        }
        pending.forEach(Pending::cancel);
    }
}
