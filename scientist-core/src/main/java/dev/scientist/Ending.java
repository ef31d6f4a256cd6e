package dev.scientist;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The ending of a run that outlives the call which started it. A step of the run, the sweep and closing may all want to
 * end it: whoever comes first decides how, and counts it. Thread-safe.
 *
 * @param <T> the type of the value
 */
final class Ending<T extends @Nullable Object> {

    /** The run that is to end. */
    interface Subject<T extends @Nullable Object> {

        /**
         * Makes the result.
         *
         * @param comparatorFailure null to compare; else stands for that, and no code of users is run
         */
        Result<T> result(@Nullable Throwable comparatorFailure);

        /** Whether there is something to compare with: else the run is dropped at its limit. */
        boolean hasControl();

        /** What has not come back is abandoned. Runs no code of users. */
        void abandon();

        /** Called when the run is dropped, or its result published: its values are needed no more. */
        void over();
    }

    final Experiment<T> experiment;
    private final Subject<T> subject;
    private final boolean callerWaits;
    private final List<Step> steps = new ArrayList<>();
    private @Nullable Carried carried;
    private final AtomicInteger missing;

    /**
     * Real time since when the limit counts, 0 while it does not: since the first step began, on an executor of the
     * user's since it was handed over, of stages since the control has returned its own, of what the sweep hands on since
     * that began.
     */
    private volatile long since;
    /** Whether a step of the subject's was handed to the executor. */
    private volatile boolean isHandedOver;
    /** Whether any step has begun. */
    private volatile boolean hasBegun;
    /** Who compares and publishes, if that is none of the subject's own steps. */
    private volatile @Nullable Step finisher;

    private boolean over;
    /** How often the sweep gave up whoever was to finish the run, and put another in charge. */
    private int charge;
    /** Whether it was said that a publisher hangs; the sweep's own. */
    private boolean isLateSaid;

    private final Thread caller = Thread.currentThread();
    /** Whether the call that started the run has not returned; looked at on its own thread only. */
    private boolean callerIsInside = true;

    /**
     * Makes the ending, on the caller's thread.
     *
     * @param callerWaits whether the caller waits and keeps to the limit, so that the sweep leaves the run alone
     * @param missing how many outcomes are awaited
     */
    Ending(Experiment<T> experiment, Subject<T> subject, boolean callerWaits, int missing) {
        this.experiment = experiment;
        this.subject = subject;
        this.callerWaits = callerWaits;
        this.missing = new AtomicInteger(missing);
    }

    /** Adds something to be done for the run on another thread, as the caller would see it. It has a permit. */
    Step step(Runnable body) {
        Step step = new Step(
                this,
                () -> {
                    if (mayBegin()) {
                        carried().around(body);
                    }
                },
                false);
        steps.add(step);
        return step;
    }

    /** Captures what goes along. From now on the sweep and closing look at the run. */
    void begin() {
        carried = new Carried(experiment);
        experiment.bulkhead.add(this);
    }

    private Carried carried() {
        return Objects.requireNonNull(carried);
    }

    /** Ends the run unless it has ended: counts it as dropped for a reason, or as published. */
    synchronized boolean end(@Nullable Drop reason) {
        if (over) {
            return false;
        }
        over = true;
        if (reason == null) {
            experiment.tally.published();
        } else {
            experiment.tally.dropped(reason);
        }
        return true;
    }

    synchronized boolean isOver() {
        return over;
    }

    /** Ends the run without a result, unless it has ended. What still runs for it is interrupted. */
    void drop(Drop reason) {
        if (end(reason)) {
            try {
                experiment.parts.dropped(reason); // before permits are given back, which closing waits for
            } finally {
                giveUp();
                subject.over();
            }
        }
    }

    /** Ends the run with a result, unless it has ended: for a caller who waits, and publishes himself. */
    boolean endHere() {
        boolean isFirst = end(null);
        giveUp();
        return isFirst;
    }

    /** The call that started the run is about to return. */
    void callerLeaves() {
        callerIsInside = false;
    }

    /** From now on the limit counts, unless the caller sees to it. */
    void startLimit() {
        since = callerWaits ? 0 : System.nanoTime();
    }

    /** An outcome is in. Returns whether it is the last one, so that the run is to be finished. */
    boolean arrived() {
        return missing.decrementAndGet() == 0;
    }

    /** Hands a step of the subject's over. Where the executor refuses, the run is dropped. */
    void handOver(Step step) {
        Bulkhead bulkhead = experiment.bulkhead;
        if (isOver()) {
            return; // a stage that completes after its run was given up
        }
        try {
            if (!isHandedOver) { // a user's executor may forget the step; in our own queue waiting is free
                isHandedOver = true;
                since = bulkhead.isUsersExecutor() && !callerWaits ? System.nanoTime() : 0;
            }
            bulkhead.submit(step, callerWaits);
        } catch (Throwable refusal) {
            refused(refusal);
        }
    }

    /** The executor does not take a step: the run ends. */
    void refused(Throwable refusal) {
        if (experiment.bulkhead.isClosing()) {
            drop(Drop.CLOSED);
        } else if (callerWaits && !experiment.bulkhead.isUsersExecutor()) {
            drop(Drop.SHED); // no thread is free, and the caller does not wait for one
        } else {
            experiment.parts.failed(Operation.EXECUTE, refusal);
            drop(Drop.REJECTED);
        }
    }

    /** Whether a step that was handed over may begin, on this thread. */
    private boolean mayBegin() {
        if (isOver()) {
            return false;
        }
        if (Thread.currentThread() == caller && callerIsInside) {
            // an executor with a caller-runs policy, or a control that pumps its queue: it could hold up the caller
            experiment.parts.failed(
                    Operation.EXECUTE, new Notice("the executor would have run a candidate on the caller's thread"));
            drop(Drop.REJECTED);
            return false;
        }
        if (experiment.bulkhead.isBlocked()) {
            drop(Drop.SHED);
            return false;
        }
        if (!hasBegun) {
            hasBegun = true;
            startLimit();
        }
        return true;
    }

    /** Compares and publishes, on a thread of the pool. */
    void finish() {
        if (isOver()) {
            return;
        }
        try {
            Result<T> result = compared();
            if (end(null)) {
                try {
                    experiment.parts.announce(result);
                } finally {
                    subject.over();
                }
            }
        } catch (Throwable broken) { // the memory or the stack is used up
            drop(Drop.BROKEN);
            experiment.parts.failed(Operation.RUN, broken);
        } finally {
            leave(0);
        }
    }

    /** Compares on a thread that is not the caller's, who may be using the values. */
    private Result<T> compared() {
        if (experiment.settings.valueSnapshot == null) {
            Borrowed.begin();
        }
        try {
            return subject.result(null);
        } finally {
            Borrowed.end();
        }
    }

    /** Gives up on what is past the limit. Runs no code of users: a thread of the pool does. */
    void endIfOverdue(long now) {
        long from = since;
        if (from == 0 || now - from <= experiment.timeLimitNanos) {
            return;
        }
        Parts<T> parts = experiment.parts;
        if (isOver() && isLateSaid) {
            since = 0;
            giveUp(); // the report hangs too
        } else if (isOver()) {
            isLateSaid = true;
            Notice late = overdue("a publisher did not return");
            elsewhere(() -> parts.failed(Operation.PUBLISH, late));
        } else if (isHandedOver && steps.stream().allMatch(Step::isWaiting)) {
            Notice late = overdue("the executor did not start what it was handed");
            dropElsewhere(Drop.REJECTED, () -> parts.failed(Operation.EXECUTE, late));
        } else if (!subject.hasControl()) {
            dropElsewhere(Drop.UNFINISHED, () -> {});
        } else if (missing.getAndSet(0) > 0) { // from now on no other outcome is the last one
            boolean isNews = busy() != null && experiment.bulkhead.noteOnce("a candidate is stuck");
            Notice late = overdue("a candidate did not return");
            elsewhere(() -> {
                if (isNews) {
                    parts.failed(Operation.EXECUTE, late);
                }
                finish();
            });
        } else {
            Notice late = overdue("the comparator did not return");
            Result<T> result = subject.result(late);
            if (end(null)) {
                elsewhere(() -> {
                    parts.failed(Operation.COMPARE, late);
                    parts.announce(result);
                    subject.over();
                });
            }
        }
    }

    private void dropElsewhere(Drop reason, Runnable report) {
        if (end(reason)) {
            elsewhere(() -> {
                report.run();
                experiment.parts.dropped(reason);
                subject.over();
            });
        }
    }

    /** Does what is still to be done for the run, with a limit of its own. All else that is done for it is given up. */
    private void elsewhere(Runnable body) {
        since = 0;
        giveUp();
        int charge = nextCharge();
        Step step = new Step(
                this,
                () -> {
                    startLimit();
                    try {
                        carried().around(body);
                    } finally {
                        leave(charge);
                    }
                },
                true);
        finisher = step;
        experiment.bulkhead.add(this); // giving up has removed it
        experiment.bulkhead.submitExtra(step);
    }

    private synchronized int nextCharge() {
        return ++charge;
    }

    /** The sweep need not look at the run any more, unless it has given up whoever says so and put another in charge. */
    private synchronized void leave(int charge) {
        if (this.charge == charge) {
            experiment.bulkhead.remove(this);
        }
    }

    /** Interrupts whatever is done for the run on other threads. Nothing more is awaited. */
    private void giveUp() {
        experiment.bulkhead.remove(this);
        subject.abandon();
        steps.forEach(Step::giveUp);
        if (finisher != null && !finisher.isWaiting()) { // one that waits has still to publish or to report
            finisher.giveUp();
        }
    }

    /** A thread that the run keeps busy, null if none. */
    private @Nullable Thread busy() {
        Stream<Step> all = finisher == null ? steps.stream() : Stream.of(finisher);
        return all.map(Step::thread).filter(Objects::nonNull).findFirst().orElse(null);
    }

    private Notice overdue(String what) {
        Thread busy = busy();
        String where = busy == null ? "" : ", on thread " + busy.getName();
        Notice late =
                new Notice(experiment + ": " + what + " within " + Duration.ofNanos(experiment.timeLimitNanos) + where);
        if (busy != null) {
            late.setStackTrace(busy.getStackTrace()); // where it hangs
        }
        return late;
    }
}
