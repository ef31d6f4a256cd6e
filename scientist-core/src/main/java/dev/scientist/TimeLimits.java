package dev.scientist;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Looks, while anything is under way, for what is past its time limit, and ends it: one daemon thread of a scientist. A
 * limit is noticed within an eighth of the shortest one there is, or a millisecond if that is more. Thread-safe.
 *
 * <p>Not a {@code ScheduledThreadPoolExecutor}, which this was at first: a caller may be at the very end of its stack, and
 * where that gives out inside of that class's queue, the queue is broken, or its lock is never released, and the next
 * caller hangs. What a caller does here is to look at one field and, once in a while, to wake the thread; wherever that
 * ends, nothing is half done. And a run costs nothing more, since it need not be put in order by its deadline.
 */
final class TimeLimits implements Runnable {

    private static final int LOOKS_PER_LIMIT = 8;
    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long KEEP_ALIVE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private enum State {
        /** There is no thread. */
        NONE,
        /** The thread sleeps until it is woken. */
        RESTING,
        /** The thread will look before long. */
        LOOKING
    }

    private final List<Offload> offloads = new CopyOnWriteArrayList<>();

    /** Guards going to rest, waking and starting, and is what the thread waits on. */
    private final Object lock = new Object();

    private volatile State state = State.NONE;
    private long pause = LONGEST_PAUSE_NANOS;
    private boolean closed;

    /** Looks at what is pending there too. */
    void watch(Offload offload) {
        offloads.add(offload);
    }

    /** Says that there are time limits as short as this. */
    void expect(long limitNanos) {
        synchronized (lock) {
            pause = Math.min(pause, Math.max(SHORTEST_PAUSE_NANOS, limitNanos / LOOKS_PER_LIMIT));
            lock.notifyAll();
        }
    }

    /** Called when something is under way, so that it is looked at. */
    void begin() {
        // a thread that goes to rest says so first and looks once more then, so one of us sees the other
        if (state != State.LOOKING) {
            wake();
        }
    }

    /** In this order: what throws for want of stack or memory leaves the state as it was. */
    private void wake() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            if (state == State.RESTING) {
                lock.notifyAll();
                state = State.LOOKING;
            } else if (state == State.NONE) {
                // inherits no thread-locals and no context class loader: it outlives the caller that starts it
                Thread thread = new Thread(null, this, "scientist-time-limits", 0, false);
                thread.setDaemon(true);
                thread.setContextClassLoader(TimeLimits.class.getClassLoader());
                thread.start();
                state = State.LOOKING;
            }
        }
    }

    void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
    }

    /** What its thread does. */
    @Override
    public void run() {
        while (sleep()) {
            if (!endOverdue() && !rest()) {
                return;
            }
        }
    }

    /** Returns whether there is anything pending. */
    private boolean endOverdue() {
        boolean isAny = false;
        try {
            long now = System.nanoTime();
            for (Offload offload : offloads) {
                isAny |= offload.endOverdue(now);
            }
            return isAny;
        } catch (Throwable noRoom) {
            return true; // this thread must not end: it looks again after a pause
        }
    }

    private boolean isAnyPending() {
        try {
            return offloads.stream().anyMatch(Offload::isAnyPending);
        } catch (Throwable noRoom) {
            return true;
        }
    }

    /** Until it is time to look again. Returns false if the thread is to end. */
    private boolean sleep() {
        synchronized (lock) {
            if (!closed) {
                await(pause);
            }
            return isWanted();
        }
    }

    /** Until something is under way. Returns false if the thread is to end. */
    private boolean rest() {
        synchronized (lock) {
            state = State.RESTING;
            if (isAnyPending()) {
                state = State.LOOKING;
                return true;
            }
            long deadline = System.nanoTime() + KEEP_ALIVE_NANOS;
            while (state == State.RESTING && !closed) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    state = State.NONE;
                    return false;
                }
                await(left);
            }
            return isWanted();
        }
    }

    private boolean isWanted() {
        if (closed) {
            state = State.NONE;
        }
        return !closed;
    }

    private void await(long nanos) {
        try {
            TimeUnit.NANOSECONDS.timedWait(lock, nanos);
        } catch (InterruptedException e) {
            // nobody has a reason to interrupt this thread: it stays
        }
    }
}
