package dev.scientist;

import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once for an experiment that control and candidate handed back the very object that they were handed: where they
 * change it in place, each changes the other's value too, and they match whatever they did. Thread-safe.
 */
final class InputHandedBack {

    private static final Logger LOGGER = LoggerFactory.getLogger(Experiment.class);

    private volatile boolean isSaid;

    void check(Result<?> result) {
        Object input = result.input();
        if (input == null || isSaid || result.control().value() != input || isUnchangeable(input)) {
            return;
        }
        for (Comparison<?> comparison : result.comparisons()) {
            if (comparison.candidate().value() == input) {
                isSaid = true;
                LOGGER.warn(
                        "experiment '{}': control and candidate '{}' returned the very object that they were handed, {}."
                                + " If they change it, they match whatever they do: have snapshotInput(..) copy it for"
                                + " the candidate. Said once for each experiment.",
                        result.experiment().name(),
                        comparison.candidate().name(),
                        input.getClass().getTypeName());
                return;
            }
        }
    }

    private static boolean isUnchangeable(Object value) {
        if (value instanceof Enum<?> || value instanceof Record || value instanceof UUID) {
            return true;
        }
        String type = value.getClass().getName();
        return (type.startsWith("java.lang.") && !(value instanceof Appendable))
                || type.startsWith("java.math.")
                || type.startsWith("java.time.");
    }
}
