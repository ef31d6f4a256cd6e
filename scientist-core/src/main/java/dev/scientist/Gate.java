package dev.scientist;

import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether the candidates of a run are run at all. Asked on every run, so it should be cheap and must be
 * thread-safe. One that throws is reported as {@link Operation#GATE} and counts as closed.
 *
 * <p>For a plain on/off flag, give the builder a {@code BooleanSupplier} instead.
 */
@FunctionalInterface
public interface Gate {

    /** What a gate may look at. One object serves many runs: do not keep it. */
    interface Request {
        /**
         * The experiment's name.
         *
         * @return the name
         */
        String experiment();

        /**
         * The context of this run: asks the context suppliers, so a gate that does not need it should not call it.
         *
         * @return an unmodifiable map, maybe empty
         */
        Map<String, @Nullable Object> context();

        /**
         * Randomness: the {@link Scientist}'s.
         *
         * @return the generator to sample with, on this thread only
         */
        RandomGenerator random();

        /**
         * Time: the {@link Scientist}'s clock.
         *
         * @return nanoseconds from an arbitrary origin
         */
        long nanoTime();

        /**
         * Tells the failure handler of something wrong that the gate could cope with, such as a percentage of -3.
         *
         * @param failure what is wrong
         */
        void report(Throwable failure);

        /**
         * Tells the publishers that the gate is in another state now, such as a circuit breaker that opens.
         *
         * @param status what {@link Gate#status} says now: one line, without private values
         */
        void changed(String status);
    }

    /**
     * Decides about one run.
     *
     * @param request what a gate may look at
     * @param input the input of the run, null if there is none
     * @return true to run the candidates
     */
    boolean admits(Request request, @Nullable Object input);

    /**
     * Told of every result of the experiment that it gates, before the publishers are; a gate that learns from results
     * (a circuit breaker) overrides it. Of a run that it admitted and that was dropped it is not told. Does nothing by
     * default.
     *
     * @param request what a gate may look at; the context is not that of the run, which is in the result
     * @param result the result
     */
    default void learn(Request request, Result<?> result) {}

    /**
     * The gate that an experiment uses when it is given this one; asked once, when the experiment is built. A gate that
     * keeps a state returns a new one, so that one gate can be given to many experiments, as the default gate of a
     * {@link Scientist} is. By default the gate itself.
     *
     * @param experiment the experiment's name
     * @return the experiment's own gate
     */
    default Gate forExperiment(String experiment) {
        return this;
    }

    /**
     * What state the gate is in, for people who ask why candidates do not run: {@link Experiment#gateStatus()}.
     *
     * @return one line, null if there is nothing to say, as by default
     */
    default @Nullable String status() {
        return null;
    }

    /**
     * Whether the gate keeps every run out for now by its own state, as a circuit breaker that is not closed: for
     * metrics and alerts.
     *
     * @return false by default
     */
    default boolean isShut() {
        return false;
    }
}
