package dev.scientist.publish;

import dev.scientist.Drop;
import dev.scientist.Experiment;
import dev.scientist.Operation;
import dev.scientist.Publisher;
import dev.scientist.Result;
import dev.scientist.Serving;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Hands what it receives to another publisher, on a thread of its own, so that a slow one holds up nobody. What it hands
 * on comes in the order in which it was received, one after the other. MDC, context class loader and what
 * {@link dev.scientist.ContextPropagator}s carry go along.
 *
 * <p>At most so many events wait; what the other publisher does not {@linkplain Publisher#wants want} takes no place.
 * What comes when the queue is full is lost: it is counted by {@link #lost()}, and where it was a result that is reported
 * as {@link Operation#PUBLISH}. What the other publisher throws is reported too. {@link #close()} waits until all is
 * handed on, within a limit, and then closes the other publisher.
 *
 * <p>Thread-safe. {@link #publish} never waits. The thread is a daemon, started when there is something to hand on and
 * ended after a minute without.
 */
public final class BackgroundPublisher implements Publisher {

    /** How many events can wait unless told otherwise. */
    public static final int DEFAULT_CAPACITY = 10_000;

    /** How long {@link #close()} waits unless told otherwise. */
    public static final Duration DEFAULT_CLOSE_LIMIT = Duration.ofSeconds(5);

    /** Made once: there may be many, and where it was made says nothing. */
    private static final class LostException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private LostException(String message) {
            super(message, null, false, false);
        }
    }

    /** What is done with the other publisher. */
    private interface Call {
        void make() throws Exception;
    }

    /** One event on its way. */
    private record Event(Experiment<?> experiment, Operation operation, Runnable handOn) implements Runnable {
        @Override
        public void run() {
            handOn.run();
        }
    }

    private final Publisher publisher;
    private final Duration closeLimit;
    private final LostException queueFull;
    private final LostException closedAlready;
    private final ThreadPoolExecutor thread;
    private final LongAdder lost = new LongAdder();
    /** The thread, while it hands on news of a failure: what goes wrong then is not news again, or there would be no end. */
    private volatile @Nullable Thread handingOnFailure;

    /**
     * Moves a publisher to a thread of its own, with the default limits.
     *
     * @param publisher what to hand everything on to
     */
    public BackgroundPublisher(Publisher publisher) {
        this(publisher, DEFAULT_CAPACITY, DEFAULT_CLOSE_LIMIT);
    }

    /**
     * Moves a publisher to a thread of its own.
     *
     * @param publisher what to hand everything on to
     * @param capacity how many events can wait, at least 1
     * @param closeLimit how long {@link #close()} waits for them, not negative
     * @throws IllegalArgumentException if a limit is out of range
     */
    public BackgroundPublisher(Publisher publisher, int capacity, Duration closeLimit) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1, not " + capacity);
        }
        if (closeLimit.isNegative() || closeLimit.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("close limit must be from zero to a day, not " + closeLimit);
        }
        this.publisher = Objects.requireNonNull(publisher, "publisher");
        this.closeLimit = closeLimit;
        String lostOne = "a result did not reach " + publisher.getClass().getName() + ": ";
        queueFull = new LostException(lostOne + capacity + " events are waiting for it already");
        closedAlready = new LostException(lostOne + "the publisher is closed");
        thread = new ThreadPoolExecutor(
                1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(capacity), BackgroundPublisher::thread);
        thread.allowCoreThreadTimeOut(true);
    }

    /** A thread that inherits neither thread-locals nor class loader of the caller who happens to start it. */
    private static Thread thread(Runnable task) {
        Thread thread = new Thread(null, task, "scientist-publisher", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(BackgroundPublisher.class.getClassLoader());
        return thread;
    }

    /** Hands on at once, on this thread: an experiment is defined before it has results. */
    @Override
    public void defined(Experiment<?> experiment) {
        publisher.defined(experiment);
    }

    @Override
    public boolean wants(Result<?> result) {
        return publisher.wants(result);
    }

    @Override
    public boolean wantsDrops() {
        return publisher.wantsDrops();
    }

    @Override
    public boolean wantsFailures() {
        return publisher.wantsFailures();
    }

    @Override
    public void publish(Result<?> result) {
        if (publisher.wants(result)) {
            Experiment<?> experiment = result.experiment();
            result.keepShown();
            if (!add(experiment, Operation.PUBLISH, () -> publisher.publish(result))) {
                reportLost(experiment);
            }
        }
    }

    @Override
    public void dropped(Experiment<?> experiment, Drop reason) {
        if (publisher.wantsDrops()) {
            add(experiment, Operation.NOTIFY, () -> publisher.dropped(experiment, reason));
        }
    }

    @Override
    public void switched(Experiment<?> experiment, boolean on) {
        add(experiment, Operation.NOTIFY, () -> publisher.switched(experiment, on));
    }

    @Override
    public void gateChanged(Experiment<?> experiment, String status) {
        add(experiment, Operation.NOTIFY, () -> publisher.gateChanged(experiment, status));
    }

    @Override
    public void stageChanged(Experiment<?> experiment, Serving serving) {
        add(experiment, Operation.NOTIFY, () -> publisher.stageChanged(experiment, serving));
    }

    @Override
    public void failed(Experiment<?> experiment, Operation operation, Throwable failure) {
        boolean isOurs = failure == queueFull || failure == closedAlready;
        if (isOurs || handingOnFailure == Thread.currentThread() || !publisher.wantsFailures()) {
            return;
        }
        add(experiment, Operation.NOTIFY, () -> {
            handingOnFailure = Thread.currentThread();
            try {
                publisher.failed(experiment, operation, failure);
            } catch (Throwable again) {
                experiment.report(Operation.NOTIFY, again);
            } finally {
                handingOnFailure = null;
            }
        });
    }

    /**
     * How many events did not reach the other publisher, since the queue was full or this one closed.
     *
     * @return the number of results, drops and failures, as of now
     */
    public long lost() {
        return lost.sum();
    }

    /**
     * Takes no more, waits until all that was taken is handed on, and closes the other publisher. Past the limit the rest
     * is lost and counted, and the thread interrupted if it is still at one. Has no effect the second time.
     *
     * @throws Exception what closing the other publisher throws
     */
    @Override
    public void close() throws Exception {
        synchronized (thread) {
            if (thread.isShutdown()) {
                return;
            }
            thread.shutdown();
        }
        boolean interrupted = false;
        try {
            thread.awaitTermination(closeLimit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            interrupted = true; // closing goes on, without waiting
        }
        for (Runnable left : thread.shutdownNow()) {
            Event event = (Event) left;
            lost.increment();
            if (event.operation() == Operation.PUBLISH) {
                reportLost(event.experiment());
            }
        }
        try {
            publisher.close();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void reportLost(Experiment<?> experiment) {
        experiment.report(Operation.PUBLISH, thread.isShutdown() ? closedAlready : queueFull);
    }

    private boolean add(Experiment<?> experiment, Operation operation, Call call) {
        Runnable handOn = experiment.carrying(() -> {
            try {
                call.make();
            } catch (Throwable failure) {
                experiment.report(operation, failure);
            }
        });
        try {
            thread.execute(new Event(experiment, operation, handOn));
            return true;
        } catch (RejectedExecutionException e) {
            lost.increment();
            return false;
        }
    }
}
