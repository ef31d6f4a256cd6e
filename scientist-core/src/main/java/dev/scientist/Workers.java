package dev.scientist;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A few daemon threads behind a bounded queue, made so that handing over a task costs the caller next to nothing: no
 * lock, and in general no waking of a thread.
 *
 * <p>Waking a parked thread costs the one who wakes it microseconds, many times what a short control takes. So while
 * there is work now and then, one thread looks for it by itself, in pauses that grow from
 * {@value #SHORTEST_PAUSE_NANOS} ns to {@value #LONGEST_PAUSE_NANOS} ns. Not more often: a queue that is looked at all
 * the time is in the other processor's cache whenever the caller needs it, which measured twice the cost for the
 * caller; and a few hundred looks a second are well under a hundredth of a core. After a second without a task the
 * thread sleeps and costs nothing; the next task has to wake it. A thread that slept for a minute ends.
 *
 * <p>A task may take long, or hang. So whoever takes one sees to it that another thread looks at the queue meanwhile, as
 * long as there are any left; and further ones join when there is a backlog.
 *
 * <p>Thread-safe. {@link #offer} never blocks.
 */
public final class Workers implements Executor, AutoCloseable {

    private static final long SHORTEST_PAUSE_NANOS = 1_000_000;
    private static final long LONGEST_PAUSE_NANOS = 5_000_000;
    private static final long LOOK_AROUND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long KEEP_ALIVE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final AtomicLong THREAD_NUMBER = new AtomicLong();

    private final String name;
    private final int maxThreads;
    private final int capacity;

    private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
    /** Null where whoever hands over tasks sees to it that there are not too many. */
    private final @Nullable Room room;
    /** How many of the threads that are awake are not at a task. Each counts itself. */
    private final AtomicInteger watching = new AtomicInteger();
    /** All threads, stuck ones too. */
    private final List<Worker> workers = new CopyOnWriteArrayList<>();

    /**
     * Guards going to sleep, waking and starting, which are rare. Who hands over a task may be at the end of its stack: what
     * it does under the lock are plain writes, after all that could throw.
     */
    private final Object lock = new Object();

    /** How many threads look at the queue by themselves; never more than {@link #maxThreads}. Written under the lock. */
    private volatile int awake;

    private int sleeping;
    private int wakeUps;

    private volatile boolean closed;

    /**
     * Makes the pool; threads are started when there is work.
     *
     * @param name what the threads' names begin with
     * @param threads how many threads there are at most, stuck ones not counted; at least 1
     * @param capacity how many tasks can wait; at least 1
     */
    public Workers(String name, int threads, int capacity) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, not " + threads);
        }
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1, not " + capacity);
        }
        this.name = Names.check("name of workers", name);
        this.maxThreads = threads;
        this.capacity = capacity;
        room = new Room(capacity);
    }

    /** For an {@link Offload} that has them to itself, and whose {@link Room} bounds what can wait here. */
    Workers(String name, int threads) {
        this.name = name;
        maxThreads = threads;
        capacity = Integer.MAX_VALUE;
        room = null;
    }

    /**
     * Hands a task over, to be started within a few milliseconds if a thread is free.
     *
     * @param task what it throws is passed to the thread's uncaught exception handler
     * @return false if the queue is full or the pool closed: the task will not be run
     */
    public boolean offer(Runnable task) {
        if (closed || (room != null && !room.take(1))) {
            return false;
        }
        queue.add(task);
        // a thread that falls asleep counts itself out first and looks at the queue then, so one of us sees the other
        if (awake == 0) {
            wakeAnother(0);
        }
        // close() sets the flag first and clears the queue then: the same
        return !closed || !takeBack(task);
    }

    private void giveBack() {
        if (room != null) {
            room.giveBack(1);
        }
    }

    /** Takes a task back. Returns false if it does not wait here (any more). */
    boolean takeBack(Runnable task) {
        boolean taken = queue.remove(task);
        if (taken) {
            giveBack();
        }
        return taken;
    }

    /**
     * As {@link #offer}, but wakes a thread if need be, so that the task is started at once: for a caller who will wait
     * for it.
     *
     * @param task the task
     * @return false if the queue is full or the pool closed
     */
    boolean offerUrgent(Runnable task) {
        boolean accepted = offer(task);
        if (accepted) {
            for (Worker worker : workers) {
                if (worker.pausing) {
                    LockSupport.unpark(worker);
                    break;
                }
            }
        }
        return accepted;
    }

    /**
     * As {@link #offer}.
     *
     * @throws RejectedExecutionException if the queue is full or the pool closed
     */
    @Override
    public void execute(Runnable task) {
        if (!offer(task)) {
            throw new RejectedExecutionException(
                    closed ? name + " is closed" : name + " has " + capacity + " tasks waiting already");
        }
    }

    /** Makes one more thread look at the queue, unless their number has changed from what the caller saw. */
    private void wakeAnother(int seenAwake) {
        boolean isComing = false;
        synchronized (lock) {
            if (awake != seenAwake || seenAwake >= maxThreads) {
                return;
            }
            if (sleeping > wakeUps) {
                lock.notify();
                wakeUps++;
                isComing = true;
            }
            awake = seenAwake + 1;
        }
        try {
            if (!isComing) {
                new Worker().start();
                isComing = true;
            }
        } finally {
            if (!isComing) {
                // out of threads, or of stack: the next task tries again
                synchronized (lock) {
                    awake = awake - 1;
                }
            }
        }
    }

    /**
     * Gives up on a thread that is stuck in its task: another one takes its place at the queue, and it ends when it
     * returns. No effect if the thread is none of these, or was given up already.
     */
    void replace(Thread thread) {
        if (thread instanceof Worker worker && workers.contains(worker) && !worker.givenUp) {
            worker.givenUp = true;
            if (!closed) {
                synchronized (lock) {
                    awake = awake - 1;
                }
                wakeAnother(awake);
            }
        }
    }

    /**
     * Takes no more tasks and forgets those that wait; the threads end after the tasks that they are at.
     */
    @Override
    public void close() {
        drain();
    }

    /** Closes and returns the tasks that were still waiting, and those that threads are at. */
    List<Runnable> drain() {
        closed = true;
        List<Runnable> unfinished = new ArrayList<>();
        for (Runnable task = queue.poll(); task != null; task = queue.poll()) {
            giveBack();
            unfinished.add(task);
        }
        for (Worker worker : workers) {
            while (worker.taking) {
                Thread.onSpinWait();
            }
            Runnable task = worker.current;
            if (task != null) {
                unfinished.add(task);
            }
        }
        synchronized (lock) {
            lock.notifyAll();
        }
        workers.forEach(LockSupport::unpark);
        return unfinished;
    }

    private final class Worker extends Thread {

        /** Set before {@link Workers#replace} lets the stuck task know, so the worker sees it when that returns. */
        private volatile boolean givenUp;

        private volatile boolean pausing;

        /** True from before a task leaves the queue until it is {@link #current}: else close() might see it nowhere. */
        private volatile boolean taking;

        private volatile @Nullable Runnable current;

        Worker() {
            // inherits no thread-locals and no context class loader: it outlives the caller that happens to start it
            super(null, null, name + "-" + THREAD_NUMBER.incrementAndGet(), 0, false);
            setDaemon(true);
            setContextClassLoader(Workers.class.getClassLoader());
        }

        @Override
        public void run() {
            boolean isListed = false;
            try {
                workers.add(this);
                isListed = true;
            } finally {
                if (!isListed) {
                    synchronized (lock) {
                        awake = awake - 1;
                    }
                }
            }
            watching.incrementAndGet();
            try {
                work();
            } finally {
                workers.remove(this);
            }
        }

        private void work() {
            long pause = SHORTEST_PAUSE_NANOS;
            long lastTask = System.nanoTime();
            while (true) {
                Runnable task = take();
                if (task != null) {
                    giveBack();
                    boolean lastToWatch = watching.decrementAndGet() == 0;
                    if (lastToWatch || !queue.isEmpty()) {
                        try {
                            wakeAnother(awake);
                        } catch (OutOfMemoryError noThread) {
                            // this one looks at the queue again after its task
                        }
                    }
                    perform(task);
                    if (givenUp) {
                        return; // its place is taken
                    }
                    watching.incrementAndGet();
                    pause = SHORTEST_PAUSE_NANOS;
                    lastTask = 0;
                } else if (closed) {
                    watching.decrementAndGet();
                    synchronized (lock) {
                        awake = awake - 1;
                    }
                    return;
                } else {
                    long now = System.nanoTime();
                    if (lastTask == 0) {
                        lastTask = now;
                    }
                    // two look around, one for the time that the other is at a task; further ones are gone at once
                    if (now - lastTask > (watching.get() > 2 ? LONGEST_PAUSE_NANOS : LOOK_AROUND_NANOS)) {
                        if (!sleep()) {
                            return;
                        }
                        lastTask = 0;
                        pause = SHORTEST_PAUSE_NANOS;
                    } else {
                        pausing = true;
                        if (queue.isEmpty()) {
                            LockSupport.parkNanos(Workers.this, pause);
                        }
                        pausing = false;
                        pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
                    }
                }
            }
        }

        private @Nullable Runnable take() {
            taking = true;
            try {
                Runnable task = queue.poll();
                current = task;
                return task;
            } finally {
                taking = false;
            }
        }

        private void perform(Runnable task) {
            try {
                task.run();
            } catch (Throwable failure) {
                try {
                    getUncaughtExceptionHandler().uncaughtException(this, failure);
                } catch (Throwable again) {
                    // nobody else to tell, and other tasks wait
                }
            } finally {
                current = null;
                // whatever interrupted the task was not meant for the next one
                Thread.interrupted();
            }
        }

        /** Sleeps until woken. Returns false if the thread is to end. */
        private boolean sleep() {
            long deadline = System.nanoTime() + KEEP_ALIVE_NANOS;
            synchronized (lock) {
                watching.decrementAndGet();
                awake = awake - 1;
                boolean othersAreAtTasks = awake > 0;
                // asked after that, since one that took a task meanwhile could not wake another while we counted as
                // awake
                boolean nobodyWatches = watching.get() == 0;
                if (((nobodyWatches && othersAreAtTasks) || !queue.isEmpty() || closed) && awake < maxThreads) {
                    awake = awake + 1;
                    watching.incrementAndGet();
                    return true;
                }
                sleeping++;
                try {
                    while (wakeUps == 0 && !closed) {
                        long left = deadline - System.nanoTime();
                        if (left <= 0) {
                            return false;
                        }
                        try {
                            TimeUnit.NANOSECONDS.timedWait(lock, left);
                        } catch (InterruptedException e) {
                            // nobody has a reason to interrupt an idle worker: it stays
                        }
                    }
                    if (wakeUps == 0) {
                        return false;
                    }
                    wakeUps--; // who woke it has counted it as awake
                    watching.incrementAndGet();
                    return true;
                } finally {
                    sleeping--;
                }
            }
        }
    }
}
