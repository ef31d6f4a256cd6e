package dev.scientist;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One run of behaviors that return stages. Both are started on the caller's thread, in random order, and the caller
 * gets the control's own stage. Whoever completes last has the run published elsewhere; nothing waits.
 *
 * @param <T> the type of what the stages complete with
 */
final class AsyncRun<T extends @Nullable Object> extends PendingRun<T> implements Offload.Pending {

    private final @Nullable Object input;
    private @Nullable Object candidateInput;
    private @Nullable Object shownInput;
    private final boolean candidateFirst;

    private long @Nullable [] nesting;
    private final Side control = new Side(Experiment.CONTROL);
    private final Side candidate = new Side(Experiment.CANDIDATE);
    /** How many sides have not arrived. What they did is written before it goes down. */
    private final AtomicInteger out = new AtomicInteger(2);

    /** Real time from which the time limit counts; 0 as long as it does not. */
    private volatile long limitedSince;

    private AsyncRun(Experiment<T> experiment, Offload offload, @Nullable Object input) {
        super(experiment, offload, 1);
        this.input = input;
        candidateInput = input;
        shownInput = Experiment.visible(input);
        candidateFirst = experiment.randomBelow(2) == 1;
    }

    /**
     * Starts both behaviors. Room for the candidate is reserved.
     *
     * @param input handed to the behaviors, {@link Observation#NO_INPUT} if they take none
     * @return what the control returned
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // the behaviors are those of S and X
    static <T extends @Nullable Object, S extends @Nullable Object, X extends Throwable> S run(
            Experiment<T> experiment, Offload offload, @Nullable Object input, Object control, Object candidate)
            throws X {
        AsyncRun<T> run = null;
        try {
            run = new AsyncRun<>(experiment, offload, input);
            run.beforeControl(candidate);
        } catch (Throwable noRoom) {
            if (run == null) {
                offload.release(1);
            } else if (noRoom instanceof StackOverflowError) {
                // by hand, since not one more call may find room
                synchronized (experiment.tally) {
                    if (!run.isLeftBehind) {
                        run.isLeftBehind = true;
                        run.nextLeftBehind = experiment.leftBehind;
                        experiment.leftBehind = run;
                    }
                }
            } else {
                run.breakOff(noRoom);
            }
        }

        Object stage = null;
        Throwable thrown = null;
        try {
            stage = Observation.call(control, input);
        } catch (Throwable t) {
            thrown = t;
        }

        if (run != null) {
            try {
                if (!run.isLeftBehind) {
                    run.afterControl(stage, thrown, candidate);
                }
            } catch (StackOverflowError noRoom) {
                // not even for one more call; the control's outcome is the caller's all the same
                synchronized (experiment.tally) {
                    if (!run.isLeftBehind) {
                        run.isLeftBehind = true;
                        run.nextLeftBehind = experiment.leftBehind;
                        experiment.leftBehind = run;
                    }
                }
            } catch (Throwable noRoom) {
                run.breakOff(noRoom);
            }
            // by hand, as for a pair
            if (run.nesting != null) {
                for (int i = 0; i < run.nesting.length; i++) {
                    if (run.nesting[i] == experiment.id) {
                        run.nesting[i] = 0;
                        break;
                    }
                }
            }
            run.callerIsInside = false;
        }
        // by hand, since a call might find no room on the stack, and the control has returned
        if (thrown != null) {
            throw (X) thrown;
        }
        return (S) stage;
    }

    private void beforeControl(Object candidateBehavior) {
        Thread thread = Thread.currentThread();
        boolean interrupted = thread.isInterrupted();
        nesting = Reentry.enter(experiment);
        begin(null);
        offload.began(this);
        try {
            candidateInput = experiment.snapshotOfInput(input);
            shownInput = Experiment.visible(candidateInput);
        } catch (Throwable failure) {
            experiment.failed(Operation.SNAPSHOT, failure);
            drop(Drop.SNAPSHOT_FAILED);
        }
        if (candidateFirst && !hasEnded()) {
            startCandidate(candidateBehavior);
        }
        if (interrupted && !thread.isInterrupted()) {
            thread.interrupt();
        }
        control.start = experiment.nanoTime();
    }

    private void afterControl(@Nullable Object stage, @Nullable Throwable thrown, Object candidateBehavior) {
        if (hasEnded()) {
            // now it is known which stage is the caller's
            control.stage = stage;
            if (control.claim()) {
                candidate.cancelStage();
            }
            return;
        }
        Thread thread = Thread.currentThread();
        boolean interrupted = thread.isInterrupted();
        control.follow(thrown == null ? stage : Observation.thrown(thrown));
        if (!candidateFirst && !hasEnded()) {
            startCandidate(candidateBehavior);
        }
        if (out.get() > 0 && !hasEnded()) {
            limitedSince = System.nanoTime();
        }
        if (interrupted && !thread.isInterrupted()) {
            thread.interrupt();
        }
    }

    private void startCandidate(Object behavior) {
        candidate.start = experiment.nanoTime();
        candidate.follow(experiment.observe(behavior, candidateInput));
    }

    @Override
    public void endIfOverdue(long now) {
        long since = limitedSince;
        if (since == 0 || now - since <= experiment.timeLimitNanos) {
            return;
        }
        if (control.isPending()) {
            cancel(Drop.UNFINISHED);
        } else if (candidate.claim()) {
            candidate.abandoned = true;
            candidate.nanos = experiment.nanoTime() - candidate.start;
            candidate.cancelStage();
            arrived();
        }
    }

    /** Ends the run, since the scientist is closed. */
    @Override
    public void cancel() {
        cancel(Drop.CLOSED);
        awaitCount();
    }

    private void cancel(Drop reason) {
        drop(reason);
        if (candidate.claim()) {
            candidate.cancelStage();
        }
    }

    @Override
    void onEnd() {
        offload.ended(this);
    }

    private void arrived() {
        if (out.decrementAndGet() == 0 && !hasEnded()) {
            publishElsewhere();
        }
    }

    @Override
    Result<T> result() {
        Observation<T> controlObservation = control.observation();
        Observation<T> candidateObservation = candidate.observation();
        return Result.ofPair(
                shownInput,
                context,
                candidate.abandoned
                        ? Comparison.abandoned(controlObservation, candidateObservation)
                        : experiment.compare(controlObservation, candidateObservation),
                candidateFirst);
    }

    /** What became of one behavior. */
    private final class Side {
        private final String name;
        private final AtomicBoolean claimed = new AtomicBoolean();
        private long start;
        private volatile @Nullable Object stage;
        // written by whoever claimed the side, before it arrives
        private @Nullable Object outcome;
        private long nanos;
        private boolean abandoned;

        Side(String name) {
            this.name = name;
        }

        boolean isPending() {
            return !claimed.get();
        }

        /** Only one may say what became of the behavior: a stage might complete twice, or after its time. */
        boolean claim() {
            return claimed.compareAndSet(false, true);
        }

        /** Waits, without blocking, for what a behavior returned; takes what it threw as it is. */
        void follow(@Nullable Object returned) {
            if (returned instanceof CompletionStage<?> pending) {
                stage = pending;
                try {
                    pending.whenComplete(this::completed);
                } catch (Throwable failure) {
                    completed(null, failure);
                }
                if (this == candidate && hasEnded()) {
                    cancelStage(); // the run was dropped before there was a stage to cancel
                }
            } else if (returned == null) {
                completed(null, new NullPointerException("returned null in place of a stage"));
            } else {
                completed(null, Observation.throwableOf(returned));
            }
        }

        private void completed(@Nullable Object value, @Nullable Throwable thrown) {
            if (!claim()) {
                return;
            }
            try {
                completedOnce(value, thrown);
            } catch (StackOverflowError noRoom) {
                // a stage swallows it; by hand, since not one more call may find room
                synchronized (experiment.tally) {
                    if (!isLeftBehind) {
                        isLeftBehind = true;
                        nextLeftBehind = experiment.leftBehind;
                        experiment.leftBehind = AsyncRun.this;
                    }
                }
            }
        }

        private void completedOnce(@Nullable Object value, @Nullable Throwable thrown) {
            try {
                nanos = experiment.nanoTime() - start;
                Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : null;
                Throwable own = cause == null ? thrown : cause;
                if (own == null) {
                    outcome = this == control ? experiment.snapshotOfValue(value) : value;
                } else if (this == control && own instanceof CancellationException) {
                    // the caller wants nothing any more, so there is nothing to compare with
                    cancel(Drop.UNFINISHED);
                } else {
                    outcome = Observation.thrown(own);
                }
            } catch (Throwable failure) {
                experiment.failed(Operation.SNAPSHOT, failure);
                drop(Drop.SNAPSHOT_FAILED);
            }
            arrived();
        }

        /** Not while it may be the one that the control returns, or has returned, to the caller. */
        void cancelStage() {
            boolean isCallersUnknown = control.stage == null && control.isPending();
            if (!isCallersUnknown && stage != control.stage && stage instanceof Future<?> future) {
                try {
                    future.cancel(true);
                } catch (Throwable failure) {
                    // a candidate that cannot be cancelled runs on; it was given up anyway
                }
            }
        }

        Observation<T> observation() {
            return abandoned
                    ? Observation.abandoned(experiment, name, nanos)
                    : Observation.of(experiment, name, outcome, nanos);
        }
    }
}
