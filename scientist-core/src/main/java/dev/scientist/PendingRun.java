package dev.scientist;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run that outlives the call that started it: what sees to it that it ends exactly once, as a published result or as
 * a drop, and gives back the room that was reserved for it. Thread-safe.
 *
 * @param <T> the type of the value
 */
abstract class PendingRun<T extends @Nullable Object> {

    final Experiment<T> experiment;
    final Offload offload;
    final Thread caller = Thread.currentThread();
    /** Whether it is counted as started; written before the run is handed to any other thread. */
    private boolean isStarted;
    /** Whether it is one of {@link Experiment#leftBehind}, or was: a run that is there twice makes it endless. */
    boolean isLeftBehind;
    /** The next one of {@link Experiment#leftBehind}. */
    @Nullable
    PendingRun<?> nextLeftBehind;

    Map<String, @Nullable Object> context = Map.of();
    private @Nullable Carried carried;

    private final int reserved;
    /** True until the call that started the run has returned; read on the caller's thread only. */
    boolean callerIsInside = true;

    private static final int OPEN = 0;
    /** Somebody ends the run, and is about to count it. */
    private static final int ENDING = 1;
    /** The run is counted; who ended it may still be telling publishers. */
    private static final int COUNTED = 2;
    /** Somebody gives back the room that the run had. */
    private static final int RELEASING = 3;

    private static final int RELEASED = 4;

    /**
     * {@link #OPEN} at first; whoever ends the run takes it from there, so that it ends once. A plain field with a handle,
     * as all here: each object costs the caller.
     */
    private volatile int end;

    private static final VarHandle END = handle(MethodHandles.lookup(), PendingRun.class, "end", int.class);

    static VarHandle handle(MethodHandles.Lookup lookup, Class<?> owner, String field, Class<?> type) {
        try {
            return lookup.findVarHandle(owner, field, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    PendingRun(Experiment<T> experiment, Offload offload, int reserved) {
        this.experiment = experiment;
        this.offload = offload;
        this.reserved = reserved;
    }

    /** Starts the run on the caller's thread. From here on it has to end. */
    final void begin(@Nullable Map<String, @Nullable Object> trialContext) {
        experiment.tally().started();
        isStarted = true;
        context = experiment.begin(trialContext);
        carried = Carried.capture(experiment);
    }

    /** Called when the run has ended; once more if there was no room for it. Must not throw for another reason. */
    void onEnd() {}

    /** Called when the run has ended without a result, before {@link #onEnd}, and as often. Must not throw likewise. */
    void onDrop() {}

    /** Makes the result, once all is in. */
    abstract Result<T> result();

    final boolean hasEnded() {
        return end != OPEN;
    }

    /** Whether it has ended and is counted. */
    final boolean isCounted() {
        return end >= COUNTED;
    }

    /** Ends the run with its result, unless it has ended. Returns what is to be thrown at a caller who waits. */
    final @Nullable Throwable publish() {
        if (hasEnded()) {
            awaitCount();
            return null;
        }
        Result<T> result = null;
        Throwable broken = null;
        try {
            result = result();
        } catch (Throwable noRoom) {
            broken = noRoom;
        }
        // only now, so that closing can still end a run whose comparator hangs
        if (!END.compareAndSet(this, OPEN, ENDING)) {
            awaitCount();
            return null;
        }
        Throwable mismatch = null;
        try {
            if (result != null) {
                experiment.tally.published();
                end = COUNTED;
                mismatch = experiment.announce(result);
            }
        } catch (Throwable noRoom) {
            broken = noRoom;
        }
        try {
            if (!isCounted()) {
                experiment.tally.dropped(Drop.BROKEN);
                end = COUNTED;
                experiment.tellDropped(Drop.BROKEN, broken);
            }
        } catch (Throwable noRoom) {
            if (end == ENDING) {
                experiment.tally.brokenWithoutRoom++;
            }
        } finally {
            if (end == ENDING) {
                end = COUNTED;
            }
            release();
            onEnd();
        }
        return mismatch;
    }

    /** Ends the run without a result, unless it has ended. */
    final void drop(Drop reason) {
        if (END.compareAndSet(this, OPEN, ENDING)) {
            try {
                if (isStarted) {
                    experiment.tally.dropped(reason);
                    end = COUNTED;
                    experiment.tellDropped(reason, null);
                }
            } catch (Throwable noRoom) {
                if (end == ENDING) {
                    experiment.tally.brokenWithoutRoom++;
                }
            } finally {
                if (end == ENDING) {
                    end = COUNTED;
                }
                cleanUp();
            }
        }
    }

    /**
     * What is to be done once a run is counted without a result; or again, by another thread, for one that ended where there
     * was no room to do all of it.
     */
    final void cleanUp() {
        // first, so that those that are stuck are counted before there is room for others
        onDrop();
        release();
        onEnd();
    }

    private void release() {
        if (END.compareAndSet(this, COUNTED, RELEASING)) {
            try {
                offload.release(reserved);
                end = RELEASED;
            } finally {
                if (end == RELEASING) {
                    end = COUNTED; // for another try
                }
            }
        }
    }

    /** Waits while a thread has ended the run and not counted it yet: it does nothing else in between. */
    final void awaitCount() {
        while (end == ENDING) {
            Thread.onSpinWait();
        }
    }

    /** Ends the run, unless it has ended, since the executor did not start what it was handed in time. */
    final void dropAsForgotten(String what) {
        if (!hasEnded()) {
            experiment.failed(
                    Operation.EXECUTE,
                    new IllegalStateException("the executor did not start " + what + " within its time limit"));
            drop(Drop.REJECTED);
        }
        awaitCount();
    }

    /** Ends the run for want of memory or stack, unless it has ended. Must not throw. */
    final void breakOff(Throwable broken) {
        try {
            if (!hasEnded()) {
                experiment.failed(Operation.RUN, broken);
            }
            drop(Drop.BROKEN);
        } catch (Throwable noRoom) {
            // not even for that; by hand, since not one more call may find room
            synchronized (experiment.tally) {
                if (!isLeftBehind) {
                    isLeftBehind = true;
                    nextLeftBehind = experiment.leftBehind;
                    experiment.leftBehind = this;
                }
            }
        }
    }

    /** A step of a run that has ended is over: not before the run is counted, since closing finds it by its steps. */
    final void ended(Offload.Step step) {
        awaitCount();
        offload.ended(step);
    }

    /** Has the run published on another thread than this one, which may be the caller's. */
    final void publishElsewhere() {
        handOver(new Finish(), false);
    }

    /** Hands something to the executor. Where that refuses, it is reported and the run is dropped. */
    final void handOver(Offload.Step step, boolean urgent) {
        try {
            offload.submit(step, urgent);
        } catch (StackOverflowError noRoom) {
            throw noRoom; // it is not the executor that refuses
        } catch (Throwable refusal) {
            if (!hasEnded()) {
                if (offload.isClosed()) {
                    drop(Drop.CLOSED);
                } else {
                    experiment.failed(Operation.EXECUTE, refusal);
                    drop(Drop.REJECTED);
                }
            }
            awaitCount();
        }
    }

    /**
     * Whether an executor runs on the caller's own thread what it was handed, while the caller is still inside: at once,
     * as one with a caller-runs policy would, or from within a control that pumps its queue or helps its pool. That could
     * hold up the caller, so the run is dropped instead.
     */
    final boolean isRefusedHere() {
        if (Thread.currentThread() != caller || !callerIsInside) {
            return false;
        }
        if (!hasEnded()) {
            experiment.failed(
                    Operation.EXECUTE,
                    new IllegalStateException("the executor would have run a candidate on the caller's thread"));
            drop(Drop.REJECTED);
        }
        return true;
    }

    /** Does something on this thread as the caller would see it, and so that the experiment is not entered again. */
    final void asCaller(Runnable action) {
        long[] nesting = Reentry.enter(experiment);
        try {
            experiment.endLeftBehind();
            if (carried == null) {
                action.run();
            } else {
                carried.around(action);
            }
        } finally {
            Reentry.leave(nesting, experiment);
        }
    }

    /** The last step of a run. */
    final class Finish implements Offload.Step {
        /** Real time; 0 where nobody will ask. */
        private final long handedOverAt = offload.mayForget() ? System.nanoTime() : 0;

        private volatile boolean started;

        @Override
        public void run() {
            started = true;
            if (isRefusedHere()) {
                ended(this);
                return;
            }
            try {
                offload.began(this);
                asCaller(PendingRun.this::publish);
            } catch (Throwable noRoom) {
                breakOff(noRoom);
            } finally {
                ended(this);
            }
        }

        @Override
        public void cancel() {
            drop(Drop.CLOSED);
            ended(this);
        }

        @Override
        public void endIfOverdue(long now) {
            if (!started && offload.mayForget() && now - handedOverAt > experiment.timeLimitNanos) {
                dropAsForgotten("the comparison");
                ended(this);
            }
        }
    }
}
