package dev.scientist.evidence;

import dev.scientist.Drop;
import dev.scientist.Operation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the runs of one experiment have shown so far. Immutable. A snapshot: where runs are under way while it is taken,
 * its numbers need not add up to the last run.
 *
 * @param experiment the experiment's name
 * @param since when counting began
 * @param at when the snapshot was taken
 * @param results how many results were published
 * @param drops how many runs ended without a result, by reason; reasons that never occurred are absent
 * @param failures how many user-supplied parts failed, by what they were doing; what never failed is absent
 * @param candidates one for each candidate that was seen, by name
 * @param baseline the control against itself, null if it was never run twice; see
 *     {@link dev.scientist.Experiment.Builder#baseline}
 */
public record ExperimentEvidence(
        String experiment,
        Instant since,
        Instant at,
        long results,
        Map<Drop, Long> drops,
        Map<Operation, Long> failures,
        List<CandidateEvidence> candidates,
        @Nullable CandidateEvidence baseline) {

    /** Copies the collections. */
    public ExperimentEvidence {
        Objects.requireNonNull(experiment, "experiment");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(at, "at");
        drops = Map.copyOf(drops);
        failures = Map.copyOf(failures);
        candidates = List.copyOf(candidates);
    }
}
