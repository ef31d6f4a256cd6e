package dev.scientist.evidence;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was counted of the runs with one value of a trait. Immutable.
 *
 * @param places in how many runs the two differed there
 */
record TraitCount(long compared, long mismatched, Map<String, Long> places) {

    TraitCount {
        places = Map.copyOf(places);
    }

    private TraitCount plus(TraitCount other) {
        return new TraitCount(compared + other.compared, mismatched + other.mismatched, Sums.sum(places, other.places));
    }

    /** Both added up, by trait and value. What is beyond the limit is counted together, the least frequent first. */
    static Map<String, Map<String, TraitCount>> sum(
            Map<String, Map<String, TraitCount>> some, Map<String, Map<String, TraitCount>> others) {
        Map<String, Map<String, TraitCount>> sum = new LinkedHashMap<>(some);
        others.forEach((trait, values) -> sum.merge(trait, values, TraitCount::sumOfValues));
        return sum;
    }

    private static Map<String, TraitCount> sumOfValues(Map<String, TraitCount> some, Map<String, TraitCount> others) {
        Map<String, TraitCount> sum = new LinkedHashMap<>(some);
        others.forEach((value, count) -> sum.merge(value, count, TraitCount::plus));
        sum.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(EvidencePublisher.OTHER))
                .sorted(Map.Entry.comparingByValue(
                        Comparator.comparingLong(TraitCount::compared).reversed()))
                .skip(EvidencePublisher.MAX_TRAIT_VALUES)
                .toList()
                .forEach(entry -> {
                    sum.remove(entry.getKey());
                    sum.merge(EvidencePublisher.OTHER, entry.getValue(), TraitCount::plus);
                });
        return sum;
    }
}
