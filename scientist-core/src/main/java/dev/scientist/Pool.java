package dev.scientist;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The scientist's own threads: for the background, for candidates whose callers wait, and one that sweeps what is past
 * its limit. All are daemons, started when there is work, and end after a minute without. Thread-safe.
 */
final class Pool {

    /** How many threads take the places of stuck ones at most. */
    static final int MAX_EXTRA_THREADS = 8;
    /** How many candidates of callers who wait can run at once, stuck ones not counted. */
    static final int MAX_CONCURRENT = 32;

    private static final long KEEP_ALIVE_SECONDS = 60;
    private static final AtomicLong THREAD_NUMBER = new AtomicLong();

    private final int threads;
    /** What waits here is bounded by the permits of the experiments. */
    private final ThreadPoolExecutor background;

    private final ThreadPoolExecutor concurrent;
    private final ScheduledThreadPoolExecutor sweeper;
    private int stuck;

    Pool(int threads) {
        this.threads = threads;
        background = daemons(threads, threads + MAX_EXTRA_THREADS, new LinkedBlockingQueue<>(), "scientist-worker-");
        background.allowCoreThreadTimeOut(true);
        concurrent = daemons(0, MAX_CONCURRENT, new SynchronousQueue<>(), "scientist-concurrent-");
        sweeper = new ScheduledThreadPoolExecutor(1, named("scientist-sweeper-"));
        sweeper.setKeepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
        sweeper.allowCoreThreadTimeOut(true);
        sweeper.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    private static ThreadPoolExecutor daemons(int core, int most, BlockingQueue<Runnable> queue, String prefix) {
        return new ThreadPoolExecutor(core, most, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, queue, named(prefix));
    }

    /** Threads that inherit neither thread-locals nor class loader of the caller who happens to start them. */
    private static ThreadFactory named(String prefix) {
        return task -> {
            Thread thread = new Thread(null, task, prefix + THREAD_NUMBER.incrementAndGet(), 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(Pool.class.getClassLoader());
            return thread;
        };
    }

    /** How many threads one experiment can have at once: half of them, so that one that hangs leaves the others theirs. */
    int threadsPerExperiment(boolean atOnce) {
        return atOnce ? MAX_CONCURRENT / 2 : Math.max(1, threads / 2);
    }

    /** @throws RejectedExecutionException if it is to run at once and no thread is free */
    void execute(Runnable task, boolean atOnce) {
        (atOnce ? concurrent : background).execute(task);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a sweep throws nothing but for want of memory, and is tried again
    void sweepAfter(long nanos, Runnable sweep) {
        try {
            sweeper.schedule(sweep, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            // closing ends what is under way
        }
    }

    /** So many more threads are stuck, or fewer. */
    synchronized void stuck(int more) {
        stuck += more;
        int extra = Math.max(0, Math.min(stuck, MAX_EXTRA_THREADS)); // one may be back before it is counted
        concurrent.setMaximumPoolSize(MAX_CONCURRENT + extra);
        background.setCorePoolSize(threads + extra);
    }

    /** Sweeps no more. A sweep that is under way is waited for: it is short, since it runs no code of users. */
    void stopSweeping() throws InterruptedException {
        sweeper.shutdown();
        sweeper.awaitTermination(1, TimeUnit.SECONDS);
    }

    /** Takes nothing more, and waits until what was handed over is done, until the deadline. */
    void awaitIdle(long deadline) throws InterruptedException {
        concurrent.shutdown();
        background.shutdown();
        background.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    /** Ends the threads. What is still to be published is published on this thread. */
    void endRest() {
        List<Runnable> left = background.shutdownNow();
        concurrent.shutdownNow();
        left.forEach(Runnable::run);
    }
}
