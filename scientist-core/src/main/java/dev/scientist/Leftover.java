package dev.scientist;

import org.jspecify.annotations.Nullable;

/**
 * What a candidate on another thread did, to be disposed of once the run is over and the candidate is back, whichever
 * comes last. Thread-safe.
 *
 * @param <T> the type of the value
 */
final class Leftover<T extends @Nullable Object> {

    private final Run<T> run;
    private @Nullable Observation<T> back;
    private boolean isRunOver;

    Leftover(Run<T> run) {
        this.run = run;
    }

    void isBack(Observation<T> observation) {
        settle(observation, false);
    }

    void runIsOver() {
        settle(null, true);
    }

    private void settle(@Nullable Observation<T> observation, boolean isOver) {
        Observation<T> ready = null;
        synchronized (this) {
            back = observation == null ? back : observation;
            isRunOver |= isOver;
            if (isRunOver) {
                ready = back;
                back = null;
            }
        }
        if (ready != null) {
            run.experiment.parts.dispose(run, ready);
        }
    }
}
