package dev.scientist.evidence;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The mismatches that differ in the same places. Immutable.
 *
 * @param signature the places, as {@link dev.scientist.Comparison#signature()} names them;
 *     {@link EvidencePublisher#OTHER_SIGNATURES} for all that came after the limit was reached
 * @param places the places one by one, empty if there are too many or not always the same
 * @param count how many mismatches
 * @param firstSeen when the first was published
 * @param lastSeen when the last was published
 * @param examples the first few, at most {@link EvidencePublisher#MAX_EXAMPLES}
 */
public record DifferenceEvidence(
        String signature,
        List<String> places,
        long count,
        Instant firstSeen,
        Instant lastSeen,
        List<Example> examples) {

    /**
     * One mismatch as text for people: cleaned values, bounded, without control characters. See
     * {@link dev.scientist.Rendering}.
     *
     * @param at when it was published
     * @param input the run's input, null if it had none
     * @param control what the control did
     * @param candidate what the candidate did
     * @param thrown where the candidate's throwable was thrown, as {@link dev.scientist.Rendering#frames} shows it, null
     *     if it threw nothing
     * @param differences where they differ, and how as far as it may be shown; for values that look alike, why
     */
    public record Example(
            Instant at,
            @Nullable String input,
            String control,
            String candidate,
            @Nullable String thrown,
            String differences) {

        /** Checks that all but the input and what was thrown are there. */
        public Example {
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(control, "control");
            Objects.requireNonNull(candidate, "candidate");
            Objects.requireNonNull(differences, "differences");
        }
    }

    /** Copies the lists. */
    public DifferenceEvidence {
        Objects.requireNonNull(signature, "signature");
        Objects.requireNonNull(firstSeen, "first seen");
        Objects.requireNonNull(lastSeen, "last seen");
        places = List.copyOf(places);
        examples = List.copyOf(examples);
    }

    /** Both added up; the signature is the same. */
    DifferenceEvidence plus(DifferenceEvidence other) {
        return new DifferenceEvidence(
                signature,
                places,
                count + other.count,
                firstSeen.isBefore(other.firstSeen) ? firstSeen : other.firstSeen,
                lastSeen.isAfter(other.lastSeen) ? lastSeen : other.lastSeen,
                Stream.concat(examples.stream(), other.examples.stream())
                        .limit(EvidencePublisher.MAX_EXAMPLES)
                        .toList());
    }
}
