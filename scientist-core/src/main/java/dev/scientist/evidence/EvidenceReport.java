package dev.scientist.evidence;

import java.util.List;
import java.util.Objects;

/**
 * The evidence of some experiments as text, for people and for programs. Immutable and thread-safe.
 *
 * @param experiments what to report on
 * @param tolerance what the conclusions are for
 */
public record EvidenceReport(List<ExperimentEvidence> experiments, Tolerance tolerance) {

    /** Copies the list. */
    public EvidenceReport {
        experiments = List.copyOf(experiments);
        Objects.requireNonNull(tolerance, "tolerance");
    }

    /**
     * For people: plain text, lines of moderate length.
     *
     * @return lines that end with a newline
     */
    public String text() {
        return new TextReport(tolerance).of(experiments);
    }

    /**
     * For programs: JSON. Times are in nanoseconds, moments in ISO 8601, rates are parts of one; what is unknown or
     * infinite is null.
     *
     * @return one object
     */
    public String json() {
        return new JsonReport(tolerance).of(experiments);
    }
}
