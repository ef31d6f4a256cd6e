package dev.scientist;

import java.util.Map;

/**
 * How many runs an experiment started and how they ended. Immutable. When nothing is under way,
 * {@code started == published + droppedInAll()}.
 *
 * @param started runs whose candidates were to run; a run whose gate was closed is none
 * @param published runs that ended as a result, handed to every publisher
 * @param dropped runs that ended without one, by reason; reasons that never occurred are absent
 */
public record Counts(long started, long published, Map<Drop, Long> dropped) {

    /** Copies the map. */
    public Counts {
        dropped = Map.copyOf(dropped);
    }

    /**
     * The sum over all reasons.
     *
     * @return the number of dropped runs
     */
    public long droppedInAll() {
        return dropped.values().stream().mapToLong(Long::longValue).sum();
    }
}
