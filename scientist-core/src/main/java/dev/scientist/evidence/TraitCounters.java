package dev.scientist.evidence;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of one candidate by the traits of its runs. Lock-free for all that is known already. */
final class TraitCounters {

    static final TraitCounters NONE = new TraitCounters(List.of());

    private final List<String> names;
    private final List<Bounded<ValueCounters>> byTrait;

    private static final class ValueCounters {
        private final LongAdder compared = new LongAdder();
        private final LongAdder mismatched = new LongAdder();
        private final Bounded<LongAdder> places = new Bounded<>(
                EvidencePublisher.MAX_TRAIT_VALUES, EvidencePublisher.OTHER_SIGNATURES, key -> new LongAdder());

        private TraitCount snapshot() {
            Map<String, Long> at = new HashMap<>();
            places.forEach((place, count) -> at.put(place, count.sum()));
            return new TraitCount(compared.sum(), mismatched.sum(), at);
        }
    }

    TraitCounters(List<String> names) {
        this.names = names;
        byTrait = names.stream()
                .map(name -> new Bounded<>(
                        EvidencePublisher.MAX_TRAIT_VALUES, EvidencePublisher.OTHER, key -> new ValueCounters()))
                .toList();
    }

    /**
     * Counts a run that was compared.
     *
     * @param labels one for each trait; others are those of an experiment of the same name, and passed over
     * @param differing where it mismatched, empty if it did not
     */
    void add(List<String> labels, List<String> differing) {
        if (labels.size() != byTrait.size()) {
            return;
        }
        for (int i = 0; i < labels.size(); i++) {
            ValueCounters value = byTrait.get(i).of(labels.get(i));
            value.compared.increment();
            if (!differing.isEmpty()) {
                value.mismatched.increment();
                differing.forEach(place -> value.places.of(place).increment());
            }
        }
    }

    /** By trait and value. */
    Map<String, Map<String, TraitCount>> snapshot() {
        Map<String, Map<String, TraitCount>> all = new LinkedHashMap<>();
        for (int i = 0; i < byTrait.size(); i++) {
            Map<String, TraitCount> values = new HashMap<>();
            byTrait.get(i).forEach((value, counters) -> values.put(value, counters.snapshot()));
            all.put(names.get(i), values);
        }
        return all;
    }
}
