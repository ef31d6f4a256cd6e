package dev.scientist;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One run whose candidates are elsewhere than on the caller's thread: in the background, or concurrent with a caller
 * who waits. Control and candidates each arrive with what they did. In the background, whoever arrives last has the run
 * published; a caller who waits does it himself.
 *
 * @param <T> the type of the value
 */
final class OffloadedRun<T extends @Nullable Object> extends PendingRun<T> {

    private static final int CONTROL = 0;

    // real time, whatever the scientist's clock is; 0 where nobody will ask, since a clock read costs the caller
    private final long startedAt;
    private long handedOverAt;

    private final boolean callerWaits;
    private final boolean candidatesFirst;

    /** The control and then the candidates. */
    private final List<Run.Named> behaviors;

    private final Task[] tasks;
    private @Nullable Object candidateInput;
    private @Nullable Object shownInput;

    private long @Nullable [] nesting;
    private long controlStart;
    private @Nullable Resources controlUsed;
    private boolean controlEnded;
    private long controlNanos;
    private @Nullable Object controlOutcome;

    /** How many behaviors have not arrived. What they did is written before it goes down. */
    private volatile int out;

    private static final VarHandle OUT = handle(MethodHandles.lookup(), OffloadedRun.class, "out", int.class);
    private static final VarHandle RUNNER =
            handle(MethodHandles.lookup(), OffloadedRun.Task.class, "runner", Thread.class);
    private static final VarHandle STATE = handle(MethodHandles.lookup(), OffloadedRun.Task.class, "state", int.class);

    private OffloadedRun(
            Experiment<T> experiment,
            Offload offload,
            List<Run.Named> behaviors,
            @Nullable Object input,
            @Nullable Object shownInput) {
        super(experiment, offload, behaviors.size() - 1);
        callerWaits = experiment.execution() instanceof Execution.Concurrent;
        startedAt = callerWaits ? System.nanoTime() : 0;
        candidatesFirst = callerWaits || experiment.randomBelow(2) == 1;
        this.behaviors = behaviors;
        this.candidateInput = input;
        this.shownInput = shownInput;
        OUT.set(this, behaviors.size()); // a plain write, since a volatile one is a barrier, and nobody else looks yet
        @SuppressWarnings({"unchecked", "rawtypes"})
        Task[] made = (Task[]) new OffloadedRun.Task[behaviors.size() - 1];
        tasks = made;
        for (int i = 0; i < tasks.length; i++) {
            tasks[i] = new Task(behaviors.get(i + 1));
        }
    }

    /**
     * Runs the behaviors, the first of which is the control. Room for the candidates is reserved.
     *
     * @param input handed to the behaviors, {@link Observation#NO_INPUT} if they take none
     * @param shownInput the result's input
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // the behaviors are those of T and X
    static <T extends @Nullable Object, X extends Throwable> T run(
            Experiment<T> experiment,
            Offload offload,
            List<Run.Named> behaviors,
            @Nullable Object input,
            @Nullable Object shownInput,
            @Nullable Map<String, @Nullable Object> trialContext)
            throws X {
        OffloadedRun<T> run = null;
        try {
            run = new OffloadedRun<>(experiment, offload, behaviors, input, shownInput);
            run.beforeControl(trialContext);
        } catch (Throwable noRoom) {
            if (run == null) {
                offload.release(behaviors.size() - 1);
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

        Run.Named control = behaviors.get(CONTROL);
        Object value = null;
        Throwable thrown = null;
        try {
            value = Observation.call(control.behavior(), input);
            if (control.adapter() != null) {
                if (run != null) {
                    run.controlEnded();
                }
                value = control.adapter().apply(value);
            }
        } catch (Throwable t) {
            thrown = t;
        }

        Throwable mismatch = null;
        if (run != null) {
            try {
                if (!run.isLeftBehind) {
                    mismatch = run.afterControl(value, thrown);
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
        if (mismatch != null) {
            throw (X) mismatch;
        }
        if (thrown != null) {
            throw (X) thrown;
        }
        return (T) value;
    }

    private void beforeControl(@Nullable Map<String, @Nullable Object> trialContext) {
        Thread thread = Thread.currentThread();
        boolean interrupted = thread.isInterrupted();
        nesting = Reentry.enter(experiment);
        begin(trialContext);
        if (candidateInput != Observation.NO_INPUT && experiment.snapshotsInput()) {
            try {
                candidateInput = experiment.snapshotOfInput(candidateInput);
                shownInput = candidateInput;
            } catch (Throwable failure) {
                snapshotFailed(failure);
            }
        }
        if (candidatesFirst) {
            submit();
        }
        if (interrupted && !thread.isInterrupted()) {
            thread.interrupt();
        }
        if (experiment.measuresResources()) {
            controlUsed = Resources.start();
        }
        controlStart = experiment.nanoTime();
    }

    /** Called on the way of the caller, so it must not throw. */
    private void controlEnded() {
        try {
            controlNanos = experiment.nanoTime() - controlStart;
            if (controlUsed != null) {
                controlUsed.stop();
            }
            controlEnded = true;
        } catch (Throwable noRoom) {
            breakOff(noRoom);
        }
    }

    private @Nullable Throwable afterControl(@Nullable Object value, @Nullable Throwable thrown) {
        // the control had ended before this only where an adapter was still to come
        boolean byAdapter = controlEnded;
        if (!controlEnded) {
            controlEnded();
        }
        if (hasEnded()) {
            return null;
        }
        Thread thread = Thread.currentThread();
        boolean interrupted = thread.isInterrupted();
        try {
            if (thrown != null) {
                controlOutcome = byAdapter ? Observation.thrownByAdapter(thrown) : Observation.thrown(thrown);
            } else {
                try {
                    controlOutcome = experiment.snapshotOfValue(value);
                } catch (Throwable failure) {
                    snapshotFailed(failure);
                    return null;
                }
            }
            if (candidatesFirst) {
                arrived(false);
            } else {
                OUT.set(this, tasks.length); // a plain write: nobody else looks yet
                submit();
            }
            if (!callerWaits) {
                return null;
            }
            awaitCandidates(thread);
            // what arrived meanwhile is the caller's too, whatever publishers do
            interrupted |= thread.isInterrupted();
            return publish();
        } finally {
            if (interrupted && !thread.isInterrupted()) {
                thread.interrupt();
            }
        }
    }

    private void snapshotFailed(Throwable failure) {
        experiment.failed(Operation.SNAPSHOT, failure);
        drop(Drop.SNAPSHOT_FAILED);
    }

    @Override
    void onDrop() {
        // nobody wants them any more, and the room that they had is given back
        for (Task task : tasks) {
            task.abandon();
        }
        if (callerWaits && Thread.currentThread() != caller) {
            LockSupport.unpark(caller);
        }
    }

    /** Not before: closing finds a run by what is pending of it. */
    @Override
    void onEnd() {
        for (Task task : tasks) {
            offload.ended(task);
        }
    }

    private void submit() {
        if (offload.mayForget()) {
            handedOverAt = System.nanoTime();
        }
        for (int i = 0; i < tasks.length && !hasEnded(); i++) {
            Task task = tasks[i];
            handOver(task, callerWaits);
            if (isCounted()) {
                offload.ended(task); // it ended meanwhile, and may not have known of this one
            }
        }
    }

    /** Waits until all candidates have arrived, the time limit is over, or somebody wants the caller to stop waiting. */
    private void awaitCandidates(Thread thread) {
        long deadline = startedAt + experiment.timeLimitNanos;
        while (out > 0 && !thread.isInterrupted() && !hasEnded()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                break;
            }
            LockSupport.parkNanos(this, left);
        }
        for (Task task : tasks) {
            task.abandon();
        }
    }

    private void arrived(boolean canPublishHere) {
        if ((int) OUT.getAndAdd(this, -1) > 1 || hasEnded()) {
            return;
        }
        if (callerWaits) {
            LockSupport.unpark(caller);
        } else if (canPublishHere) {
            publish();
        } else {
            publishElsewhere();
        }
    }

    @Override
    Result<T> result() {
        Observation<T> control = Observation.of(
                        experiment, behaviors.get(CONTROL).name(), controlOutcome, controlNanos)
                .measured(controlUsed);
        if (tasks.length == 1) { // with a baseline there are two
            return Result.ofPair(shownInput, context, tasks[0].compare(control), candidatesFirst);
        }
        boolean hasBaseline = Run.Named.hasBaseline(behaviors);
        @SuppressWarnings({"unchecked", "rawtypes"})
        Comparison<T>[] comparisons = new Comparison[tasks.length - (hasBaseline ? 1 : 0)];
        Comparison<T> baseline = null;
        int[] order = new int[behaviors.size()];
        for (int i = 0; i < tasks.length; i++) {
            if (i < comparisons.length) {
                comparisons[i] = tasks[i].compare(control);
            } else {
                baseline = tasks[i].compare(control);
            }
            order[candidatesFirst ? i : i + 1] = i + 1;
        }
        order[candidatesFirst ? tasks.length : 0] = CONTROL;
        return Result.ofSeveral(shownInput, context, control, comparisons, baseline, order);
    }

    /** One candidate on its way. */
    final class Task implements Offload.Step {
        private static final int NEW = 0;
        private static final int RUNNING = 1;
        private static final int DONE = 2;
        private static final int INTERRUPTING = 3;
        private static final int ABANDONED = 4;

        private final Run.Named candidate;
        /** {@link #NEW} at first: not said by an initializer, which would be a volatile write, and a barrier. */
        private volatile int state;
        /** Set once, by the first thread that is to run it: an executor may hand it to two. */
        private @Nullable Thread runner;
        // written before the state is RUNNING: the scientist's time, and real time
        private long start;
        private long since;
        // written before the state is DONE or ABANDONED
        private @Nullable Object outcome;
        private long nanos;
        private @Nullable Resources used;

        Task(Run.Named candidate) {
            this.candidate = candidate;
        }

        @Override
        public void run() {
            if (state != NEW) {
                return; // given up, or started before by an executor that runs things twice
            }
            if (hasEnded() || isRefusedHere()) {
                ended(this);
                return;
            }
            if (!RUNNER.compareAndSet(this, null, Thread.currentThread())) {
                return;
            }
            since = System.nanoTime();
            start = experiment.nanoTime(since);
            if (!STATE.compareAndSet(this, NEW, RUNNING)) {
                return;
            }
            try {
                offload.began(this);
                asCaller(this::observe);
            } catch (Throwable noRoom) {
                cameBack();
                breakOff(noRoom);
            } finally {
                if (hasEnded()) {
                    ended(this); // it may have ended before this began
                }
            }
        }

        private void observe() {
            try {
                if (state == RUNNING) { // closing may have ended it just now
                    callCandidate();
                }
            } finally {
                cameBack();
            }
            if (state == DONE) {
                // the flag that a candidate left set is not meant for comparators and publishers
                boolean interrupted = Thread.interrupted();
                try {
                    arrived(true);
                } finally {
                    if (interrupted) {
                        Thread.currentThread().interrupt();
                    }
                }
            }
        }

        /** Called on the candidate's thread, when it is done with it; no effect when called again. */
        private void cameBack() {
            if (!STATE.compareAndSet(this, RUNNING, DONE) && state != DONE && runner != null) {
                // an interrupt is on its way to this thread: it must not hit whatever the thread does next
                while (state != ABANDONED) {
                    Thread.onSpinWait();
                }
                runner = null;
                Thread.interrupted();
                offload.cameBack();
            }
        }

        private void callCandidate() {
            Resources resources = experiment.measuresResources() ? Resources.start() : null;
            long begun = experiment.nanoTime();
            Object observed = Observation.outcomeOf(candidate.behavior(), candidateInput);
            long took = experiment.nanoTime() - begun;
            if (resources != null) {
                resources.stop();
            }
            Function<@Nullable Object, ?> adapter = candidate.adapter();
            if (adapter != null && Observation.throwableOf(observed) == null) {
                try {
                    observed = adapter.apply(observed);
                } catch (Throwable failure) {
                    observed = Observation.thrownByAdapter(failure);
                }
            }
            if (state == RUNNING) {
                outcome = observed;
                nanos = took;
                used = resources;
            }
        }

        /** Gives up on the candidate, unless it is done. */
        void abandon() {
            if (STATE.compareAndSet(this, NEW, ABANDONED)) {
                offload.takeBack(this);
                arrived(false);
            } else if (STATE.compareAndSet(this, RUNNING, INTERRUPTING)) {
                Thread thread = runner;
                try {
                    nanos = experiment.nanoTime() - start;
                    if (thread != null) {
                        offload.isStuck(thread);
                        thread.interrupt();
                    }
                } catch (Throwable failure) {
                    // a thread of a user's own that cannot be interrupted
                    experiment.failed(Operation.EXECUTE, failure);
                } finally {
                    state = ABANDONED;
                    arrived(false);
                }
            }
        }

        /** Ends the whole run, since the scientist is closed. */
        @Override
        public void cancel() {
            drop(Drop.CLOSED);
            abandon();
            awaitCount();
        }

        @Override
        public void endIfOverdue(long now) {
            if (callerWaits) {
                return; // he gives up by himself
            }
            if (state == NEW) {
                if (offload.mayForget() && now - handedOverAt > experiment.timeLimitNanos) {
                    dropAsForgotten("a candidate");
                    abandon();
                }
            } else if (now - since > experiment.timeLimitNanos) {
                abandon();
            }
        }

        Comparison<T> compare(Observation<T> control) {
            String name = candidate.name();
            return state == DONE
                    ? experiment.compare(
                            control,
                            Observation.of(experiment, name, outcome, nanos).measured(used))
                    : Comparison.abandoned(control, Observation.abandoned(experiment, name, nanos));
        }
    }
}
