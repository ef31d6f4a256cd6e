package dev.scientist.evidence;

import dev.scientist.Comparison;
import dev.scientist.Observation;
import dev.scientist.Outcome;
import dev.scientist.Rendering;
import dev.scientist.Result;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What is counted of one candidate, or of the control against itself. Lock-free for all that is known already. */
final class CandidateCounters {

    private final String name;
    private final Map<Outcome, LongAdder> outcomes = new EnumMap<>(Outcome.class);
    private final Bounded<LongAdder> controlExceptions = counters(EvidencePublisher.MAX_EXCEPTION_TYPES);
    private final Bounded<LongAdder> candidateExceptions = counters(EvidencePublisher.MAX_EXCEPTION_TYPES);
    private final Bounded<LongAdder> ignored = counters(EvidencePublisher.MAX_IGNORE_REASONS);
    private final Bounded<DifferenceCounters> differences = new Bounded<>(
            EvidencePublisher.MAX_SIGNATURES, EvidencePublisher.OTHER_SIGNATURES, key -> new DifferenceCounters());
    private final TimeHistogram controlTimes = new TimeHistogram();
    private final TimeHistogram candidateTimes = new TimeHistogram();
    private final LogRatios.Adder logRatios = new LogRatios.Adder();

    CandidateCounters(String name) {
        this.name = name;
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(outcome, new LongAdder());
        }
    }

    private static Bounded<LongAdder> counters(int limit) {
        return new Bounded<>(limit, EvidencePublisher.OTHER, key -> new LongAdder());
    }

    void add(Result<?> result, Comparison<?> comparison, Rendering rendering, InstantSource clock) {
        Outcome outcome = comparison.outcome();
        Observation<?> control = comparison.control();
        Observation<?> candidate = comparison.candidate();
        Objects.requireNonNull(outcomes.get(outcome)).increment();
        addException(controlExceptions, control);
        addException(candidateExceptions, candidate);
        // a control is never abandoned
        if (control.returned() ? candidate.returned() : candidate.threw()) {
            controlTimes.add(control.nanos());
            candidateTimes.add(candidate.nanos());
            logRatios.add(control.nanos(), candidate.nanos());
        }
        String reason = comparison.ignoredBecause();
        if (reason != null) {
            ignored.of(reason).increment();
        }
        if (outcome == Outcome.MISMATCHED) {
            differences.of(comparison.signature()).add(result, comparison, rendering, clock.millis());
        }
    }

    private static void addException(Bounded<LongAdder> exceptions, Observation<?> observation) {
        Throwable thrown = observation.throwable();
        if (thrown != null) {
            exceptions.of(thrown.getClass().getName()).increment();
        }
    }

    /**
     * What was counted so far.
     *
     * @param noise the places where the control differed from itself
     */
    CandidateEvidence snapshot(@Nullable CandidateEvidence baseline, Set<String> noise) {
        Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
        outcomes.forEach((outcome, count) -> counts.put(outcome, count.sum()));
        List<DifferenceEvidence> groups = new ArrayList<>();
        differences.forEach((signature, group) -> groups.add(group.snapshot(signature, noise)));
        groups.removeIf(group -> group.count() == 0);
        groups.sort(Comparator.comparingLong(DifferenceEvidence::count)
                .reversed()
                .thenComparing(DifferenceEvidence::signature));
        return new CandidateEvidence(
                name,
                Collections.unmodifiableMap(counts),
                sums(controlExceptions),
                sums(candidateExceptions),
                sums(ignored),
                List.copyOf(groups),
                controlTimes.snapshot(),
                candidateTimes.snapshot(),
                logRatios.snapshot(),
                baseline);
    }

    /** The most frequent first. */
    private static Map<String, Long> sums(Bounded<LongAdder> counters) {
        Map<String, Long> unsorted = new LinkedHashMap<>();
        counters.forEach((key, count) -> unsorted.put(key, count.sum()));
        Map<String, Long> sums = new LinkedHashMap<>();
        unsorted.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .forEach(entry -> sums.put(entry.getKey(), entry.getValue()));
        return Collections.unmodifiableMap(sums);
    }
}
