package dev.scientist;

import org.jspecify.annotations.Nullable;

/**
 * What a candidate on another thread did, to be disposed of once the run is over, the candidate is back, and it is known
 * which value is the caller's, whichever comes last. Thread-safe.
 *
 * @param <T> the type of the value
 */
final class Leftover<T extends @Nullable Object> {

    private final Run<T> run;
    private @Nullable Observation<T> back;
    private boolean isRunOver;
    private boolean isServedKnown;

    /** @param isServedKnown whether the served value is known before the run is over */
    Leftover(Run<T> run, boolean isServedKnown) {
        this.run = run;
        this.isServedKnown = isServedKnown;
    }

    void isBack(Observation<T> observation) {
        settle(observation, false, false);
    }

    void runIsOver() {
        settle(null, true, false);
    }

    void servedIsKnown() {
        settle(null, false, true);
    }

    private void settle(@Nullable Observation<T> observation, boolean isOver, boolean isKnown) {
        Observation<T> ready = null;
        synchronized (this) {
            back = observation == null ? back : observation;
            isRunOver |= isOver;
            isServedKnown |= isKnown;
            if (isRunOver && isServedKnown) {
                ready = back;
                back = null;
            }
        }
        if (ready != null) {
            run.experiment.parts.dispose(run, ready);
        }
    }
}
