package dev.scientist.evidence;

/**
 * The values that the data leave possible, from lower to upper, both included. Immutable.
 *
 * @param lower the least
 * @param upper the greatest, maybe infinite
 */
public record Interval(double lower, double upper) {

    /** Checks that lower is not above upper. */
    public Interval {
        if (!(lower <= upper)) {
            throw new IllegalArgumentException("lower must not be above upper, but is " + lower + " with " + upper);
        }
    }

    /**
     * Whether a value is possible.
     *
     * @param value the value
     * @return true if it lies within, bounds included
     */
    public boolean contains(double value) {
        return lower <= value && value <= upper;
    }

    /**
     * How much is still open.
     *
     * @return upper minus lower
     */
    public double width() {
        return upper - lower;
    }
}
