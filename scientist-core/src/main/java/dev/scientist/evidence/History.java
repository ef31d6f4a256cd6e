package dev.scientist.evidence;

import java.time.Instant;
import java.util.List;

/**
 * What happened of late, in this process. Immutable.
 *
 * @param minutes of the last hour, in order
 * @param quarters of the last day, a quarter of an hour each, in order
 */
record History(List<Point> minutes, List<Point> quarters) {

    static final History NONE = new History(List.of(), List.of());

    /**
     * Some time of it.
     *
     * @param runs those that ended, whether compared or not
     * @param mismatches those in which any candidate mismatched
     * @param notCompared those in which none was compared: failed, abandoned or dropped
     */
    record Point(Instant from, long runs, long mismatches, long notCompared) {}

    History {
        minutes = List.copyOf(minutes);
        quarters = List.copyOf(quarters);
    }
}
