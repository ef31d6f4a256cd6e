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
     * Told of every result of the experiments that it gates, before the publishers are; a gate that learns from results
     * (a circuit breaker) overrides it. Does nothing by default.
     *
     * @param result the result
     */
    default void learn(Result<?> result) {}
}
