/**
 * What the runs of an experiment prove. {@link dev.scientist.evidence.EvidencePublisher} counts, over restarts if it is
 * given a file; {@link dev.scientist.evidence.CandidateEvidence} has rates and quantiles with bounds that hold however
 * often one looks; {@link dev.scientist.evidence.Conclusion} says whether one can cut over, within a
 * {@link dev.scientist.evidence.Tolerance}, and names everything that was not seen;
 * {@link dev.scientist.evidence.FleetEvidence} does so for all instances together, and
 * {@link dev.scientist.evidence.EvidencePage} shows it.
 *
 * <p>How often a verdict is wrong, by simulation (150 repetitions of 100,000 runs, looked at whenever there are 5% more;
 * {@code SimulationTest} in the sources repeats it):
 *
 * TABLE
 *
 * <p>"Misses": how often an interval ever left out the truth. "False READY": how often READY was ever said of a candidate
 * whose truth is at the tolerance, or at twice that; in the situations at the end, of that candidate. "READY": how often
 * identical code was READY within 60,000 runs, and after how many in half of the repetitions and in 95% of them.
 */
@NullMarked
package dev.scientist.evidence;

import org.jspecify.annotations.NullMarked;
