package dev.scientist.junit;

import dev.scientist.evidence.CandidateEvidence;
import dev.scientist.evidence.Conclusion;
import dev.scientist.evidence.EvidenceReport;
import dev.scientist.evidence.ExperimentEvidence;
import dev.scientist.evidence.Hint;
import dev.scientist.evidence.Tolerance;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on what the runs of one experiment have shown. What fails tells all the evidence. Not thread-safe. */
public final class EvidenceAssert extends AbstractAssert<EvidenceAssert, ExperimentEvidence> {

    private EvidenceAssert(@Nullable ExperimentEvidence actual) {
        super(actual, EvidenceAssert.class);
    }

    /**
     * Starts assertions on evidence.
     *
     * @param actual the evidence
     * @return the assertions
     */
    public static EvidenceAssert assertThat(@Nullable ExperimentEvidence actual) {
        return new EvidenceAssert(actual);
    }

    /**
     * Verifies that the experiment has run often enough.
     *
     * @param results the least number of results
     * @return this
     */
    public EvidenceAssert hasAtLeastResults(long results) {
        isNotNull();
        return check(
                actual.results() >= results, "at least " + results + " results, but there were " + actual.results());
    }

    /**
     * Verifies that there was a result, no candidate mismatched, and every run of every candidate was compared.
     *
     * @return this
     */
    public EvidenceAssert matchedThroughout() {
        hasAtLeastResults(1);
        for (CandidateEvidence candidate : actual.candidates()) {
            check(
                    candidate.mismatches() == 0 && candidate.notCompared() == 0,
                    "candidate '" + candidate.candidate() + "' to match throughout, but of " + candidate.runs()
                            + " runs " + candidate.mismatches() + " mismatched and " + candidate.notCompared()
                            + " were not compared");
        }
        return this;
    }

    /**
     * Verifies how often a candidate mismatched.
     *
     * @param candidate its name
     * @param mismatches the number
     * @return this
     */
    public EvidenceAssert hasMismatches(String candidate, long mismatches) {
        long seen = evidenceOf(candidate).mismatches();
        return check(seen == mismatches, mismatches + " mismatches of '" + candidate + "', but there were " + seen);
    }

    /**
     * Verifies that no value of a trait has more of a candidate's mismatches than its share of the runs explains.
     *
     * @param candidate its name
     * @return this
     */
    public EvidenceAssert hintsAtNothing(String candidate) {
        List<Hint> hints = evidenceOf(candidate).hints();
        return check(hints.isEmpty(), "no hints to inputs that mismatch, but there were " + hints);
    }

    /**
     * Verifies which runs mismatch, as the {@linkplain dev.scientist.Experiment.Builder#trait traits} tell.
     *
     * @param candidate its name
     * @param trait the trait's name
     * @param value the value that explains mismatches
     * @return this
     */
    public EvidenceAssert hintsAt(String candidate, String trait, String value) {
        List<Hint> hints = evidenceOf(candidate).hints();
        return check(
                hints.stream()
                        .anyMatch(hint ->
                                hint.trait().equals(trait) && hint.value().equals(value)),
                "a hint to " + trait + " = " + value + ", but there were " + hints);
    }

    /**
     * Verifies that no run was dropped and no user-supplied part failed.
     *
     * @return this
     */
    public EvidenceAssert hasNothingLost() {
        isNotNull();
        return check(
                actual.drops().isEmpty() && actual.failures().isEmpty(),
                "no drops and no failures, but there were " + actual.drops() + " and " + actual.failures());
    }

    /**
     * Verifies what the evidence says about cutting over.
     *
     * @param candidate the candidate's name
     * @param verdict the verdict
     * @param tolerance what one can live with
     * @return this
     */
    public EvidenceAssert concludes(String candidate, Conclusion.Verdict verdict, Tolerance tolerance) {
        Conclusion conclusion = evidenceOf(candidate).conclusion(tolerance);
        return check(
                conclusion.verdict() == verdict,
                "'" + candidate + "' to be " + verdict + ", but it is " + conclusion.verdict() + ": "
                        + conclusion.reason());
    }

    private CandidateEvidence evidenceOf(String candidate) {
        isNotNull();
        return actual.candidates().stream()
                .filter(evidence -> evidence.candidate().equals(candidate))
                .findFirst()
                .orElseThrow(() -> error("a candidate '" + candidate + "', but there were "
                        + actual.candidates().stream()
                                .map(CandidateEvidence::candidate)
                                .toList()));
    }

    private EvidenceAssert check(boolean holds, String expected) {
        if (!holds) {
            throw error(expected);
        }
        return this;
    }

    private AssertionError error(String expected) {
        return failure(
                "expected of experiment '%s' %s%n%s",
                actual.experiment(), expected, new EvidenceReport(List.of(actual), Tolerance.standard()).text());
    }
}
