package dev.scientist.evidence;

import dev.scientist.Comparison;
import dev.scientist.Drop;
import dev.scientist.Experiment;
import dev.scientist.Operation;
import dev.scientist.Rendering;
import dev.scientist.Result;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What is counted of one experiment. Lock-free for all that is known already. */
final class ExperimentCounters {

    private final Experiment<?> experiment;
    private final Instant since;
    private final LongAdder results = new LongAdder();
    private final Map<Drop, LongAdder> drops = new EnumMap<>(Drop.class);
    private final Map<Operation, LongAdder> failures = new EnumMap<>(Operation.class);
    private final Bounded<CandidateCounters> candidates =
            new Bounded<>(EvidencePublisher.MAX_CANDIDATES, EvidencePublisher.OTHER, CandidateCounters::new);
    /** Made when first needed: most experiments have none, and it takes 20 kB. */
    private final AtomicReference<@Nullable CandidateCounters> baseline = new AtomicReference<>();

    ExperimentCounters(Experiment<?> experiment, Instant since) {
        this.experiment = experiment;
        this.since = since;
        for (Drop reason : Drop.values()) {
            drops.put(reason, new LongAdder());
        }
        for (Operation operation : Operation.values()) {
            failures.put(operation, new LongAdder());
        }
    }

    void add(Result<?> result, Rendering rendering, InstantSource clock) {
        results.increment();
        for (Comparison<?> comparison : result.comparisons()) {
            candidates.of(comparison.candidate().name()).add(result, comparison, rendering, clock);
        }
        Comparison<?> again = result.baseline();
        if (again != null) {
            baseline().add(result, again, rendering, clock);
        }
    }

    private CandidateCounters baseline() {
        CandidateCounters known = baseline.get();
        if (known != null) {
            return known;
        }
        // of several at once the first stays
        baseline.compareAndSet(null, new CandidateCounters(Experiment.CONTROL));
        return Objects.requireNonNull(baseline.get());
    }

    void addDrop(Drop reason) {
        Objects.requireNonNull(drops.get(reason)).increment();
    }

    void addFailure(Operation operation) {
        Objects.requireNonNull(failures.get(operation)).increment();
    }

    ExperimentEvidence snapshot(Instant now) {
        CandidateCounters again = baseline.get();
        Set<String> noise = experiment.noise().keySet();
        CandidateEvidence control = again == null ? null : again.snapshot(null, noise);
        List<CandidateEvidence> all = new ArrayList<>();
        candidates.forEach((name, counters) -> all.add(counters.snapshot(control, noise)));
        all.sort(Comparator.comparing(CandidateEvidence::candidate));
        return new ExperimentEvidence(
                experiment.name(), since, now, results.sum(), sums(drops), sums(failures), all, control);
    }

    private static <K extends Enum<K>> Map<K, Long> sums(Map<K, LongAdder> counters) {
        Map<K, Long> sums = new TreeMap<>();
        counters.forEach((key, count) -> {
            if (count.sum() > 0) {
                sums.put(key, count.sum());
            }
        });
        return sums;
    }
}
