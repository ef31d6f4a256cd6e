package dev.scientist.evidence;

import dev.scientist.Drop;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What is counted of one experiment over some period. Lock-free for all that is known already. */
final class PeriodCounters {

    final long sinceMillis;
    final AtomicLong results = new AtomicLong();
    private final int examples;
    private final Map<Drop, LongAdder> drops = new EnumMap<>(Drop.class);
    final Bounded<CandidateCounters> candidates;
    /** Made when first needed: most experiments have none. */
    private final AtomicReference<@Nullable CandidateCounters> baseline = new AtomicReference<>();

    PeriodCounters(long sinceMillis, int examples, List<String> traits) {
        this.sinceMillis = sinceMillis;
        this.examples = examples;
        candidates = new Bounded<>(
                EvidencePublisher.MAX_CANDIDATES,
                EvidencePublisher.OTHER,
                name -> new CandidateCounters(examples, traits));
        for (Drop reason : Drop.values()) {
            drops.put(reason, new LongAdder());
        }
    }

    CandidateCounters baseline() {
        CandidateCounters known = baseline.get();
        if (known != null) {
            return known;
        }
        // of several at once the first stays
        baseline.compareAndSet(null, new CandidateCounters(examples, List.of()));
        return Objects.requireNonNull(baseline.get());
    }

    void addDrop(Drop reason) {
        Objects.requireNonNull(drops.get(reason)).increment();
    }

    Period snapshot(@Nullable String timesUnfair) {
        Map<String, Sums> sums = new HashMap<>();
        candidates.forEach((name, counters) -> sums.put(name, counters.snapshot(timesUnfair)));
        CandidateCounters again = baseline.get();
        return new Period(
                Instant.ofEpochMilli(sinceMillis),
                results.get(),
                ExperimentCounters.seen(drops),
                sums,
                again == null ? null : again.snapshot(timesUnfair));
    }
}
