package dev.scientist.evidence;

import org.jspecify.annotations.Nullable;

/**
 * Where the control differs from itself, by the sums of a baseline: the same rule as that of
 * {@link dev.scientist.Experiment.Builder#ignoringNoise()}.
 */
final class Noise {

    private static final double LEAST_PART = 0.05;
    private static final long FEWEST_RUNS = 50;

    private Noise() {}

    static boolean isAt(String place, @Nullable Sums baseline) {
        return baseline != null
                && baseline.compared() >= FEWEST_RUNS
                && baseline.places().getOrDefault(place, 0L) >= LEAST_PART * baseline.compared();
    }

    /** Not the whole of it, nor a throwable in its place. */
    static boolean isPartOfAValue(String place) {
        return !place.startsWith("(");
    }
}
