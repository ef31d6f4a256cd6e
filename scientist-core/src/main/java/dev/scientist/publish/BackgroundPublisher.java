package dev.scientist.publish;

import dev.scientist.Drop;
import dev.scientist.Experiment;
import dev.scientist.Operation;
import dev.scientist.Publisher;
import dev.scientist.Result;
import dev.scientist.Workers;
import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Hands what it receives to another publisher, on a thread of its own, so that a slow one holds up nobody. What it hands
 * on comes in the order in which it was received, one after the other. MDC, context class loader and what
 * {@link dev.scientist.ContextPropagator}s carry go along.
 *
 * <p>At most so many events wait. What comes when the queue is full is lost: it is counted by {@link #lost()}, and where
 * it was a result that is reported as {@link Operation#PUBLISH}. What the other publisher throws is reported too.
 * {@link #close()} waits until all is handed on, within a limit, and then closes the other publisher.
 *
 * <p>Thread-safe. {@link #publish} is lock-free and never waits. The thread is a daemon, started when there is something
 * to hand on and ended after a minute without.
 */
public final class BackgroundPublisher implements Publisher {

    /** How many events can wait unless told otherwise. */
    public static final int DEFAULT_CAPACITY = 10_000;

    /** How long {@link #close()} waits unless told otherwise. */
    public static final Duration DEFAULT_CLOSE_LIMIT = Duration.ofSeconds(5);

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Made once: there may be many, and where it was made says nothing. */
    private static final class LostException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private LostException(String message) {
            super(message, null, false, false);
        }
    }

    /** What is done with the other publisher. */
    private interface Event {
        void handOn() throws Exception;
    }

    /** One event on its way. */
    private record Waiting(Experiment<?> experiment, Operation operation, Runnable handOver) {}

    private final Publisher publisher;
    private final int capacity;
    private final long closeLimitNanos;
    private final LostException queueFull;
    private final LostException closedAlready;

    private final Workers worker = new Workers("scientist-publisher", 1, 1);
    private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    /** True while the worker is to look at the queue, or does. */
    private final AtomicBoolean busy = new AtomicBoolean();

    private final LongAdder lost = new LongAdder();
    /** The thread that hands something on just now. */
    private volatile @Nullable Thread handingOn;
    /** Whether that is news of a failure: what goes wrong with those is not news again, or there would be no end. */
    private volatile boolean handingOnFailure;

    private volatile boolean closing;
    private volatile boolean closed;

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
        this.capacity = capacity;
        closeLimitNanos = closeLimit.toNanos();
        String lostOne = "a result did not reach " + publisher.getClass().getName() + ": ";
        queueFull = new LostException(lostOne + capacity + " events are waiting for it already");
        closedAlready = new LostException(lostOne + "the publisher is closed");
    }

    /** Hands on at once, on this thread: an experiment is defined before it has results. */
    @Override
    public void defined(Experiment<?> experiment) {
        publisher.defined(experiment);
    }

    @Override
    public void publish(Result<?> result) {
        Experiment<?> experiment = result.experiment();
        if (!add(experiment, Operation.PUBLISH, () -> publisher.publish(result))) {
            experiment.report(Operation.PUBLISH, closing ? closedAlready : queueFull);
        }
    }

    @Override
    public void dropped(Experiment<?> experiment, Drop reason) {
        add(experiment, Operation.NOTIFY, () -> publisher.dropped(experiment, reason));
    }

    @Override
    public void gateChanged(Experiment<?> experiment, String status) {
        add(experiment, Operation.NOTIFY, () -> publisher.gateChanged(experiment, status));
    }

    @Override
    public void failed(Experiment<?> experiment, Operation operation, Throwable failure) {
        boolean isOurs = failure == queueFull || failure == closedAlready;
        if (isOurs || (handingOnFailure && Thread.currentThread() == handingOn)) {
            return;
        }
        add(experiment, Operation.NOTIFY, () -> {
            handingOnFailure = true;
            try {
                publisher.failed(experiment, operation, failure);
            } catch (Throwable again) {
                experiment.report(Operation.NOTIFY, again);
            } finally {
                handingOnFailure = false;
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
        synchronized (worker) {
            if (closing) {
                return;
            }
            closing = true;
        }
        long deadline = System.nanoTime() + closeLimitNanos;
        boolean interrupted = false;
        while ((size.get() > 0 || busy.get()) && deadline - System.nanoTime() > 0 && !interrupted) {
            LockSupport.parkNanos(this, POLL_NANOS);
            interrupted = Thread.currentThread().isInterrupted();
        }
        closed = true;
        for (Waiting waiting = queue.poll(); waiting != null; waiting = queue.poll()) {
            lose(waiting);
        }
        Thread late = handingOn;
        if (late != null) {
            late.interrupt();
        }
        worker.close();
        publisher.close();
    }

    private void lose(Waiting waiting) {
        size.decrementAndGet();
        lost.increment();
        if (waiting.operation() == Operation.PUBLISH) {
            waiting.experiment().report(Operation.PUBLISH, closedAlready);
        }
    }

    private boolean add(Experiment<?> experiment, Operation operation, Event event) {
        // what comes of handing on the last ones is still taken
        if (closed || (closing && Thread.currentThread() != handingOn)) {
            lost.increment();
            return false;
        }
        if (size.incrementAndGet() > capacity) {
            size.decrementAndGet();
            lost.increment();
            return false;
        }
        Waiting waiting =
                new Waiting(experiment, operation, experiment.carrying(() -> handOn(experiment, operation, event)));
        queue.add(waiting);
        wake();
        // close() sets the flag first and empties the queue then, so one of us sees the other
        if (closed && queue.remove(waiting)) {
            lose(waiting);
        }
        return true;
    }

    private void wake() {
        if (!busy.get() && busy.compareAndSet(false, true) && !worker.offer(this::handOnAll)) {
            busy.set(false);
        }
    }

    private void handOnAll() {
        handingOn = Thread.currentThread();
        try {
            for (Waiting waiting = queue.poll(); waiting != null; waiting = queue.poll()) {
                try {
                    waiting.handOver().run();
                } finally {
                    size.decrementAndGet();
                }
            }
        } finally {
            handingOn = null;
            busy.set(false);
            if (!queue.isEmpty()) {
                wake();
            }
        }
    }

    private static void handOn(Experiment<?> experiment, Operation operation, Event event) {
        try {
            event.handOn();
        } catch (Throwable failure) {
            experiment.report(operation, failure);
        }
    }
}
