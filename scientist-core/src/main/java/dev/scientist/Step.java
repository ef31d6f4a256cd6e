package dev.scientist;

import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What is done for a run on another thread. A {@link FutureTask}, so that an interrupt which is meant for it never hits
 * what its thread does next. Holds its permit, if it has one, until it has really returned. Thread-safe.
 */
final class Step extends FutureTask<@Nullable Void> {

    private enum State {
        WAITING,
        RUNNING,
        /** Given up, and not back yet. */
        STUCK,
        DONE
    }

    /** Null once it is given up: an executor that never runs it shall not hold the run. */
    private volatile @Nullable Ending<?> ending;

    private final Bulkhead bulkhead;
    /** Whether the sweep added it: without a permit, and on the scientist's own threads, whatever the executor. */
    private final boolean isExtra;

    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    /** Whether it takes one of the threads that its experiment can have at once. */
    private final AtomicBoolean hasTurn = new AtomicBoolean();

    private volatile @Nullable Thread thread;

    Step(Ending<?> ending, Runnable body, boolean isExtra) {
        super(body, null);
        this.ending = ending;
        bulkhead = ending.experiment.bulkhead;
        this.isExtra = isExtra;
    }

    Step inTurn() {
        hasTurn.set(true);
        return this;
    }

    void endTurn() {
        if (hasTurn.getAndSet(false)) {
            bulkhead.nextInTurn();
        }
    }

    @Override
    public void run() {
        try {
            runOnce();
        } finally {
            endTurn();
        }
    }

    private void runOnce() {
        if (!state.compareAndSet(State.WAITING, State.RUNNING)) {
            return; // given up, or run before by an executor that runs things twice
        }
        thread = Thread.currentThread();
        try {
            super.run();
        } finally {
            if (isCancelled()) {
                Thread.interrupted(); // the interrupt has arrived by now, and is not for others
            }
            thread = null;
            bulkhead.returned(state.getAndSet(State.DONE) == State.STUCK, isExtra);
        }
    }

    /** Its executor took it late, and then did not run it. */
    void refused(Throwable refusal) {
        Ending<?> ending = this.ending;
        if (ending != null) {
            ending.refused(refusal);
        }
    }

    boolean isWaiting() {
        return state.get() == State.WAITING;
    }

    /** The thread that it keeps busy, null if none. */
    @Nullable
    Thread thread() {
        return thread;
    }

    /** Ends the step: one that waits will not run, and the thread of one that runs is interrupted, unless it is this one. */
    void giveUp() {
        if (state.compareAndSet(State.WAITING, State.DONE)) {
            cancel(false);
            ending = null;
            bulkhead.returned(false, isExtra);
        } else if (thread != Thread.currentThread()
                && tryInterrupt()
                && state.compareAndSet(State.RUNNING, State.STUCK)) {
            bulkhead.stuck(isExtra);
            endTurn();
        }
    }

    /** Interrupts the thread. Returns false if the body is done. */
    private boolean tryInterrupt() {
        try {
            return cancel(true);
        } catch (Throwable failure) {
            return true; // a thread of the user's that cannot be interrupted
        }
    }
}
