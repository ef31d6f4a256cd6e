package dev.scientist;

/**
 * Receives results. Called by many threads at once; by default on the thread that ran the experiment, so a slow
 * publisher delays the caller ({@code BackgroundPublisher} moves it away). What it throws is reported and goes no
 * further: the next publisher is called all the same.
 *
 * <p>What it shows to people should be the cleaned values: see {@link Rendering}.
 *
 * <p>Publishers that {@link java.util.ServiceLoader} finds beside this library are added to every {@link Scientist}. That
 * is how a test kit sees what the experiments of an application find.
 */
@FunctionalInterface
public interface Publisher {

    /**
     * Receives one result.
     *
     * @param result what one run found
     * @throws Exception whatever goes wrong; reported as {@link Operation#PUBLISH}
     */
    void publish(Result<?> result) throws Exception;

    /**
     * Whether the publisher would do anything with a result: asked on the thread of the run before a
     * {@code BackgroundPublisher} takes a place in its queue for it.
     *
     * @param result what one run found
     * @return true, as by default, to have it
     */
    default boolean wants(Result<?> result) {
        return true;
    }

    /**
     * The same for runs that end without a result.
     *
     * @return true, as by default, to be told of them
     */
    default boolean wantsDrops() {
        return true;
    }

    /**
     * The same for failures of user-supplied parts.
     *
     * @return true, as by default, to be told of them
     */
    default boolean wantsFailures() {
        return true;
    }

    /**
     * Told of an experiment when it is built, so that counters can exist at zero before the first run.
     *
     * @param experiment the new experiment
     */
    default void defined(Experiment<?> experiment) {}

    /**
     * Told of a run that ends without a result.
     *
     * @param experiment whose run it was
     * @param reason why
     */
    default void dropped(Experiment<?> experiment, Drop reason) {}

    /**
     * Told of a failure of a user-supplied part, after the {@link FailureHandler}.
     *
     * @param experiment where it failed
     * @param operation what the part was doing
     * @param failure what it threw
     */
    default void failed(Experiment<?> experiment, Operation operation, Throwable failure) {}

    /**
     * Told of a gate that changed its state by itself, such as a circuit breaker that opened.
     *
     * @param experiment whose gate it is
     * @param status what {@link Experiment#gateStatus()} says now
     */
    default void gateChanged(Experiment<?> experiment, String status) {}

    /**
     * Told of an experiment that was switched on or off; not of those that closing switches off.
     *
     * @param experiment which one
     * @param on whether it is on now
     */
    default void switched(Experiment<?> experiment, boolean on) {}

    /**
     * Told of the stage of a rollout: when that is built, when its stage changes, and when it falls back.
     *
     * @param experiment whose rollout it is
     * @param serving says the stage
     */
    default void stageChanged(Experiment<?> experiment, Serving serving) {}

    /**
     * Told to write out what it holds, when its {@link Scientist} is closed.
     *
     * @throws Exception whatever goes wrong; reported as {@link Operation#NOTIFY}
     */
    default void close() throws Exception {}
}
