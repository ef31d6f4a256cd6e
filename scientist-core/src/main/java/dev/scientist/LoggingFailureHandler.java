package dev.scientist;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The default: logs failures of user-supplied parts at ERROR to {@code dev.scientist.failures}, at most
 * {@value #LINES_PER_SECOND} a second for each experiment and operation. Thread-safe.
 */
final class LoggingFailureHandler implements FailureHandler {

    private static final int LINES_PER_SECOND = 3;

    private static final Logger LOGGER = LoggerFactory.getLogger("dev.scientist.failures");

    /** By experiment and operation; bounded by the experiments of the scientist. No records, as in LoggingPublisher. */
    private final Map<String, Map<Operation, FloodLimit>> limits = new ConcurrentHashMap<>();

    @Override
    public void handle(String experiment, Operation operation, Throwable failure) {
        long heldBack = limits.computeIfAbsent(experiment, any -> new ConcurrentHashMap<>())
                .computeIfAbsent(operation, any -> new FloodLimit(LINES_PER_SECOND))
                .pass(System.nanoTime());
        if (heldBack == FloodLimit.HOLD_BACK) {
            return;
        }
        // a notice is our own; the message of any other may hold what is private
        String what = failure instanceof Notice notice
                ? ": " + Rendering.escaped(String.valueOf(notice.getMessage()))
                : ": " + Rendering.frames(failure);
        LOGGER.atError()
                .addKeyValue("event.name", "scientist.failure")
                .addKeyValue("scientist.experiment.name", experiment)
                .addKeyValue("scientist.operation", operation.name())
                .addKeyValue("scientist.error.type", failure.getClass().getName())
                .addKeyValue("scientist.held_back", heldBack)
                .log("experiment '{}': {} failed{}{}", experiment, operation, LoggingPublisher.more(heldBack), what);
    }

    /** For a handler, or a logger, that failed itself: says so without anything that could fail the same way. */
    static void handlerFailed(String experiment, Operation operation, Throwable failure) {
        try {
            LOGGER.error(
                    "experiment '{}': {} failed, and so did handling it, with {}",
                    experiment,
                    operation,
                    failure.getClass().getName());
        } catch (Throwable nothingLeftToTry) {
            // the caller must not notice, and there is nobody left to tell
        }
    }
}
