package dev.scientist;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Two behaviors that return stages. Both are started on the caller's thread, in random order, and the caller gets the
 * control's own stage. Whichever stage completes last has the run compared and published elsewhere; nothing waits.
 *
 * @param <T> the type of what the stages complete with
 */
final class StagedRun<T extends @Nullable Object> extends Run<T> implements Ending.Subject<T> {

    private final Observation<T> candidateCall;
    private final boolean candidateFirst;
    private final Side control = new Side(Experiment.CONTROL);
    private final Side candidate = new Side(Experiment.CANDIDATE);
    /** What the control's stage completed with, the very object. */
    private volatile @Nullable Object servedValue;

    private final Step finish;
    private final Ending<T> ending;

    /** Makes the run. There is a permit for the candidate. */
    StagedRun(
            Experiment<T> experiment,
            @Nullable Object input,
            InputBehavior<?, ?, ?> control,
            InputBehavior<?, ?, ?> candidate) {
        super(experiment, experiment.observation(Experiment.CONTROL, control), null, input, null);
        candidateCall = experiment.observation(Experiment.CANDIDATE, candidate);
        candidateFirst = experiment.parts.randomBelow(2) == 0;
        ending = new Ending<>(experiment, this, false, 2);
        finish = ending.step(ending::finish);
        endsBy(ending);
    }

    @Override
    void before() {
        ending.begin();
        if (candidateFirst) {
            startCandidate();
        }
    }

    @Override
    @Nullable
    Throwable after() {
        ending.startLimit();
        control.follow(served);
        if (!candidateFirst) {
            startCandidate();
        }
        return null;
    }

    private void startCandidate() {
        observe(candidateCall);
        candidate.follow(candidateCall);
    }

    @Override
    public void abandon() {
        candidate.awaited.abandon();
    }

    @Override
    void dispose() {
        if (!control.awaited.hasBegun()) { // given up before; the candidate's value may be the caller's all the same
            control.follow(served);
        }
    }

    @Override
    public void over() {
        candidate.awaited.runIsOver();
    }

    @Override
    boolean isCallers(Object value) {
        return super.isCallers(value) || value == servedValue;
    }

    @Override
    public boolean hasControl() {
        return control.awaited.isIn();
    }

    @Override
    public Result<T> result(@Nullable Throwable comparatorFailure) {
        Comparison<T> comparison = experiment.parts.compare(
                this, control.awaited.outcome(), candidate.awaited.outcome(), comparatorFailure);
        return Result.ofPair(input, context(), comparison, candidateFirst, Result.Kind.STAGES);
    }

    /** One of the two behaviors. */
    private final class Side {
        private final String name;
        private final Awaited<T> awaited;
        private long begunAt;

        Side(String name) {
            this.name = name;
            awaited = new Awaited<>(StagedRun.this, name, System::nanoTime, false);
        }

        /** Waits, without blocking, for the stage that a behavior returned; takes what it threw as it is. */
        void follow(Observation<T> call) {
            begunAt = experiment.parts.nanoTime() - call.nanos();
            awaited.begins();
            try {
                CompletionStage<?> stage = call.<@Nullable CompletionStage<?>, Throwable>handBack(null);
                Objects.requireNonNull(stage, "returned null in place of a stage")
                        .whenComplete(this::completed);
            } catch (Throwable failure) { // what the behavior threw, or what the stage did
                completed(null, failure);
            }
        }

        private void completed(@Nullable Object value, @Nullable Throwable thrown) {
            if (this == control) {
                servedValue = value;
            }
            try {
                observed(value, thrown);
            } finally {
                if (this == control) {
                    candidate.awaited.servedIsKnown();
                }
            }
        }

        private void observed(@Nullable Object value, @Nullable Throwable thrown) {
            long nanos = experiment.parts.nanoTime() - begunAt;
            Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : null;
            Throwable own = cause == null ? thrown : cause;
            if (this == control && own instanceof CancellationException) {
                ending.drop(Drop.UNFINISHED); // the caller wants nothing any more
                return;
            }
            Observation<T> seen = own == null
                    ? Observation.returned(experiment, name, value, nanos)
                    : Observation.threw(experiment, name, own, nanos);
            try {
                UnaryOperator<T> snapshot = this == control ? experiment.settings.valueSnapshot : null;
                if (awaited.comesBack(seen.snapshot(snapshot)) && ending.arrived()) {
                    ending.handOver(finish);
                }
            } catch (Throwable failure) {
                snapshotFailed(failure);
            }
        }
    }
}
