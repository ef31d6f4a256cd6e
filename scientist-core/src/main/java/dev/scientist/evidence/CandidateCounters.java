package dev.scientist.evidence;

import dev.scientist.Comparison;
import dev.scientist.Observation;
import dev.scientist.Outcome;
import dev.scientist.Rendering;
import dev.scientist.Result;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What is counted of one candidate, or of the control against itself, over some period. Lock-free for all that is known
 * already.
 */
final class CandidateCounters {

    private final Map<Outcome, LongAdder> outcomes = new EnumMap<>(Outcome.class);
    private final LongAdder noise = new LongAdder();
    private final Bounded<LongAdder> controlExceptions = counters(EvidencePublisher.MAX_EXCEPTION_TYPES);
    private final Bounded<LongAdder> candidateExceptions = counters(EvidencePublisher.MAX_EXCEPTION_TYPES);
    private final Bounded<LongAdder> ignored = counters(EvidencePublisher.MAX_IGNORE_REASONS);
    private final Bounded<LongAdder> places =
            new Bounded<>(EvidencePublisher.MAX_SIGNATURES, EvidencePublisher.OTHER_SIGNATURES, key -> new LongAdder());
    private final Bounded<DifferenceCounters> differences;
    private final TimeHistogram controlTimes = new TimeHistogram();
    private final TimeHistogram candidateTimes = new TimeHistogram();
    private final LongAdder comparingNanos = new LongAdder();
    private final TraitCounters traits;

    /**
     * Nothing yet.
     *
     * @param examples how many are kept for each signature
     * @param traits by what runs are told apart
     */
    CandidateCounters(int examples, List<String> traits) {
        this.traits = traits.isEmpty() ? TraitCounters.NONE : new TraitCounters(traits);
        differences = new Bounded<>(
                EvidencePublisher.MAX_SIGNATURES,
                EvidencePublisher.OTHER_SIGNATURES,
                key -> new DifferenceCounters(examples));
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(outcome, new LongAdder());
        }
    }

    private static Bounded<LongAdder> counters(int limit) {
        return new Bounded<>(limit, EvidencePublisher.OTHER, key -> new LongAdder());
    }

    /** @param timed whose times count in this run */
    void add(Result<?> result, Comparison<?> comparison, Timed timed, Rendering rendering, long now) {
        Observation<?> control = comparison.control();
        Observation<?> candidate = comparison.candidate();
        addOutcome(comparison.outcome());
        addException(controlExceptions, control);
        addException(candidateExceptions, candidate);
        comparingNanos.add(comparison.comparingNanos());
        // a control is never abandoned
        if (control.returned() ? candidate.returned() : candidate.threw()) {
            addTimes(timed, control.nanos(), candidate.nanos());
        }
        String reason = comparison.ignoredBecause();
        if (reason != null) {
            ignored.of(reason).increment();
            // of a value that is noise as a whole, or was not returned, nothing was seen
            if (reason.equals(Comparison.NOISE) && comparison.places().stream().allMatch(Noise::isPartOfAValue)) {
                noise.increment();
            }
        }
        List<String> differing = comparison.outcome() == Outcome.MISMATCHED ? comparison.places() : List.of();
        if (comparison.outcome().isCompared()) {
            traits.add(result.traits(), differing);
        }
        if (comparison.outcome() == Outcome.MISMATCHED) {
            differing.forEach(place -> places.of(place).increment());
            differences.of(comparison.signature()).add(result, comparison, differing, rendering, now);
        }
    }

    void addOutcome(Outcome outcome) {
        Objects.requireNonNull(outcomes.get(outcome)).increment();
    }

    void addTimes(Timed timed, long control, long candidate) {
        if (timed == Timed.CONTROL || timed == Timed.BOTH) {
            controlTimes.add(control);
        }
        if (timed == Timed.CANDIDATE || timed == Timed.BOTH) {
            candidateTimes.add(candidate);
        }
    }

    private static void addException(Bounded<LongAdder> exceptions, Observation<?> observation) {
        Throwable thrown = observation.throwable();
        if (thrown != null) {
            exceptions.of(thrown.getClass().getName()).increment();
        }
    }

    /** What was counted so far. */
    Sums snapshot(@Nullable String timesUnfair) {
        Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
        outcomes.forEach((outcome, count) -> counts.put(outcome, count.sum()));
        List<DifferenceEvidence> groups = new ArrayList<>();
        differences.forEach((signature, group) -> groups.add(group.snapshot(signature)));
        groups.removeIf(group -> group.count() == 0);
        return new Sums(
                counts,
                noise.sum(),
                sums(controlExceptions),
                sums(candidateExceptions),
                sums(ignored),
                sums(places),
                groups,
                controlTimes.snapshot(),
                candidateTimes.snapshot(),
                timesUnfair,
                comparingNanos.sum(),
                traits.snapshot());
    }

    private static Map<String, Long> sums(Bounded<LongAdder> counters) {
        Map<String, Long> sums = new HashMap<>();
        counters.forEach((key, count) -> sums.put(key, count.sum()));
        return sums;
    }

    /** Whose times of a run count. */
    enum Timed {
        NEITHER,
        CONTROL,
        CANDIDATE,
        BOTH
    }
}
