package dev.scientist;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Where a control could not repeat itself, and in how many runs. Bounded and thread-safe. */
final class Noise {

    /** How many places are told apart; what is seen at further ones is not kept. */
    static final int MAX_PLACES = 200;

    /** A place is noise if the control differs there from itself in so large a part of so many runs. */
    private static final double LEAST_PART = 0.05;

    private static final long FEWEST_RUNS = 50;

    private final Map<String, LongAdder> places = new ConcurrentHashMap<>();
    private final LongAdder runs = new LongAdder();

    void add(Comparison<?> baseline) {
        if (!baseline.outcome().isCompared()) {
            return;
        }
        runs.increment();
        for (String place : baseline.places()) {
            LongAdder seen = places.get(place);
            if (seen == null && places.size() < MAX_PLACES) {
                seen = places.computeIfAbsent(place, key -> new LongAdder());
            }
            if (seen != null) {
                seen.increment();
            }
        }
    }

    /** Whether all of some places are noise. */
    boolean explains(List<String> differing) {
        long compared = runs.sum();
        return compared >= FEWEST_RUNS
                && differing.stream().allMatch(place -> {
                    LongAdder seen = places.get(place);
                    return seen != null && seen.sum() >= LEAST_PART * compared;
                });
    }

    Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        places.forEach((place, seen) -> counts.put(place, seen.sum()));
        return counts;
    }
}
