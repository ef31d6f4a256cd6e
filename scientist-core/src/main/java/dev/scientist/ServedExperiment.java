package dev.scientist;

import org.jspecify.annotations.Nullable;

/**
 * An experiment whose candidate may be served: made by {@link Experiment#serveBy}, for
 * {@code dev.scientist.rollout.Rollout}. Immutable and thread-safe.
 *
 * @param <T> the type of the value
 */
public final class ServedExperiment<T extends @Nullable Object> {

    private final Experiment<T> experiment;
    private final Serving serving;

    ServedExperiment(Experiment<T> experiment, Serving serving) {
        this.experiment = experiment;
        this.serving = serving;
    }

    Serving serving() {
        return serving;
    }

    /**
     * Whether a candidate may be called at all.
     *
     * @return false while the experiment is switched off, or {@code enabled} of it or its scientist is false; the closing
     *     of the scientist does not count
     */
    public boolean isEnabled() {
        return experiment.isEnabled();
    }

    /**
     * Runs both behaviors on the caller's thread, whatever the experiment's gate and execution say, and serves the
     * candidate, if {@link Serving#admits} says so. Where the candidate threw what the control did not, the control's
     * outcome is served: see {@link Result#rescued()}. Where both cannot be run, as inside a behavior that is not served,
     * the candidate is called alone; where the input cannot be copied, the control. For all others it is {@link Experiment#run(Object, InputBehavior, InputBehavior)}.
     *
     * @param input handed to all of them; may be null
     * @param control the old code
     * @param candidate the new code
     * @param <I> the input
     * @param <X> what either may throw
     * @return what the served behavior returned
     * @throws X what the served behavior threw, the very same
     */
    public <I extends @Nullable Object, X extends Throwable> T run(
            I input,
            InputBehavior<? super I, ? extends T, ? extends X> control,
            InputBehavior<? super I, ? extends T, ? extends X> candidate)
            throws X {
        if (!isEnabled()) {
            return control.call(input);
        }
        if (!experiment.parts.admits(serving, experiment.parts.request, input)) {
            return experiment.run(input, control, candidate);
        }
        Run<T> run = experiment.servingCandidate(serving, input, control, candidate);
        return run == null ? candidate.call(input) : run.<T, X>call();
    }

    /** Tells the publishers of the stage: {@link Publisher#stageChanged}. */
    public void stageChanged() {
        experiment.parts.stageChanged(serving);
    }
}
