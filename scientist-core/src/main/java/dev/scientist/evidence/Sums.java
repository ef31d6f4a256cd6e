package dev.scientist.evidence;

import dev.scientist.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that is counted of one candidate, or of the control against itself, over some period: what can be added up, over
 * restarts and over the instances of a fleet. Immutable.
 *
 * @param outcomes every outcome, also those that never occurred
 * @param noise how many of the ignored runs differed only at places of the value that are noise
 * @param places in how many runs the two differed there, ignored ones not counted
 * @param control the control's times
 * @param candidate the candidate's times
 * @param timesUnfair why these times say nothing about who is faster, null if they do
 * @param comparingNanos how long all comparing took
 * @param traits by trait and value
 */
record Sums(
        Map<Outcome, Long> outcomes,
        long noise,
        Map<String, Long> controlExceptions,
        Map<String, Long> candidateExceptions,
        Map<String, Long> ignored,
        Map<String, Long> places,
        List<DifferenceEvidence> differences,
        Times control,
        Times candidate,
        @Nullable String timesUnfair,
        long comparingNanos,
        Map<String, Map<String, TraitCount>> traits) {

    static final Sums NONE = new Sums(
            Map.of(), 0, Map.of(), Map.of(), Map.of(), Map.of(), List.of(), Times.NONE, Times.NONE, null, 0, Map.of());

    Sums {
        Map<Outcome, Long> all = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            all.put(outcome, outcomes.getOrDefault(outcome, 0L));
        }
        outcomes = Collections.unmodifiableMap(all);
        controlExceptions = mostFrequentFirst(controlExceptions);
        candidateExceptions = mostFrequentFirst(candidateExceptions);
        ignored = mostFrequentFirst(ignored);
        places = mostFrequentFirst(places);
        traits = Collections.unmodifiableMap(new LinkedHashMap<>(traits));
        differences = differences.stream()
                .sorted(Comparator.comparingLong(DifferenceEvidence::count)
                        .reversed()
                        .thenComparing(DifferenceEvidence::signature))
                .toList();
    }

    private static Map<String, Long> mostFrequentFirst(Map<String, Long> counts) {
        Map<String, Long> sorted = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return Collections.unmodifiableMap(sorted);
    }

    long count(Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }

    long compared() {
        return count(Outcome.MATCHED) + count(Outcome.MISMATCHED) + count(Outcome.IGNORED);
    }

    Sums plus(Sums other) {
        // times that are fair are not mixed with such as are not
        boolean mine = other.timesUnfair != null && timesUnfair == null && control.count() > 0;
        boolean theirs = timesUnfair != null && other.timesUnfair == null && other.control.count() > 0;
        return new Sums(
                sum(outcomes, other.outcomes),
                noise + other.noise,
                sum(controlExceptions, other.controlExceptions),
                sum(candidateExceptions, other.candidateExceptions),
                sum(ignored, other.ignored),
                sum(places, other.places),
                differences(other),
                mine ? control : theirs ? other.control : control.plus(other.control),
                mine ? candidate : theirs ? other.candidate : candidate.plus(other.candidate),
                mine || theirs ? null : timesUnfair != null ? timesUnfair : other.timesUnfair,
                comparingNanos + other.comparingNanos,
                TraitCount.sum(traits, other.traits));
    }

    static <K> Map<K, Long> sum(Map<K, Long> some, Map<K, Long> others) {
        Map<K, Long> sum = new LinkedHashMap<>(some);
        others.forEach((key, count) -> sum.merge(key, count, Long::sum));
        return sum;
    }

    private List<DifferenceEvidence> differences(Sums other) {
        Map<String, DifferenceEvidence> bySignature = new TreeMap<>();
        differences.forEach(group -> bySignature.put(group.signature(), group));
        other.differences.forEach(group -> bySignature.merge(group.signature(), group, DifferenceEvidence::plus));
        return new ArrayList<>(bySignature.values());
    }
}
