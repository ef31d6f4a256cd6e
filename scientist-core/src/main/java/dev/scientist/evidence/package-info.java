/**
 * What the runs of an experiment prove: {@link dev.scientist.evidence.EvidencePublisher} counts,
 * {@link dev.scientist.evidence.CandidateEvidence} has the mismatch rate and the time ratio with bounds that hold however
 * often one looks, {@link dev.scientist.evidence.Conclusion} says it in words.
 */
@NullMarked
package dev.scientist.evidence;

import org.jspecify.annotations.NullMarked;
