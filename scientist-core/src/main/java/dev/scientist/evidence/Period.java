package dev.scientist.evidence;

import dev.scientist.Drop;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that is counted of one experiment over some period. Immutable.
 *
 * @param since when it began
 * @param results how many results were published
 * @param drops how many runs ended without one; reasons that never occurred are absent
 * @param candidates by name
 * @param baseline the control against itself, null if it was never run twice
 */
record Period(
        Instant since,
        long results,
        Map<Drop, Long> drops,
        Map<String, Sums> candidates,
        @Nullable Sums baseline) {

    Period {
        drops = Map.copyOf(drops);
        candidates = Map.copyOf(candidates);
    }

    static Period none(Instant since) {
        return new Period(since, 0, Map.of(), Map.of(), null);
    }

    Period plus(Period other) {
        Map<String, Sums> all = new TreeMap<>(candidates);
        other.candidates.forEach((name, sums) -> all.merge(name, sums, Sums::plus));
        Sums theirs = other.baseline;
        return new Period(
                since.isBefore(other.since) ? since : other.since,
                results + other.results,
                Sums.sum(drops, other.drops),
                all,
                baseline == null ? theirs : theirs == null ? baseline : baseline.plus(theirs));
    }
}
