package dev.scientist;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Where a control could not repeat itself, and how often. Bounded and thread-safe. */
final class Noise {

    /** How many places are told apart; what is seen at further ones is not kept. */
    static final int MAX_PLACES = 200;

    private final Map<String, LongAdder> places = new ConcurrentHashMap<>();

    void add(Comparison<?> baseline) {
        for (Difference difference : baseline.differences()) {
            String place = difference.signature();
            LongAdder seen = places.get(place);
            if (seen == null && places.size() < MAX_PLACES) {
                seen = places.computeIfAbsent(place, key -> new LongAdder());
            }
            if (seen != null) {
                seen.increment();
            }
        }
    }

    boolean seenAt(String place) {
        return places.containsKey(place);
    }

    Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        places.forEach((place, seen) -> counts.put(place, seen.sum()));
        return counts;
    }
}
