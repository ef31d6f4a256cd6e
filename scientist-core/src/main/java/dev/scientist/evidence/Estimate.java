package dev.scientist.evidence;

import java.util.Objects;

/**
 * A number that was measured and how sure it is. Immutable.
 *
 * @param value what was measured; NaN if there was nothing to measure yet
 * @param interval the values that the data leave possible
 */
public record Estimate(double value, Interval interval) {

    /** Checks that there is an interval. */
    public Estimate {
        Objects.requireNonNull(interval, "interval");
    }
}
