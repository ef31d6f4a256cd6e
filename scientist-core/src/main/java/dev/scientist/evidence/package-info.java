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
 * <table>
 * <caption>How often a verdict is wrong</caption>
 * <tr><th>situation</th><th>misses</th><th>false READY at the tolerance</th><th>at twice that</th><th>READY within 60,000 runs</th><th>half by</th><th>95% by</th></tr>
 * <tr><td>mismatch rate 0%</td><td>0.0%</td><td></td><td></td><td>100.0%</td><td>3,921</td><td>3,921</td></tr>
 * <tr><td>mismatch rate 0.01%</td><td>0.7%</td><td></td><td></td><td>100.0%</td><td>3,921</td><td>8,986</td></tr>
 * <tr><td>mismatch rate 0.1%</td><td>1.3%</td><td>1.3%</td><td></td><td></td><td></td><td></td></tr>
 * <tr><td>mismatch rate 0.2%</td><td>2.0%</td><td></td><td>0.0%</td><td></td><td></td><td></td></tr>
 * <tr><td>mismatch rate 5%</td><td>0.0%</td><td></td><td>0.0%</td><td></td><td></td><td></td></tr>
 * <tr><td>lognormal, sigma 1</td><td>0.0%</td><td>0.0%</td><td>0.0%</td><td>100.0%</td><td>11,468</td><td>16,136</td></tr>
 * <tr><td>lognormal, sigma 2</td><td>0.0%</td><td>0.0%</td><td>0.0%</td><td>99.3%</td><td>31,948</td><td>49,562</td></tr>
 * <tr><td>Pareto 1.5</td><td>0.0%</td><td>0.0%</td><td>0.0%</td><td>100.0%</td><td>15,368</td><td>23,840</td></tr>
 * <tr><td>pauses, 0.2% x 1,000</td><td>0.0%</td><td>0.0%</td><td>0.0%</td><td>99.3%</td><td>7,392</td><td>23,840</td></tr>
 * <tr><td>pauses, 0.1% x 10,000</td><td>0.0%</td><td>0.0%</td><td>0.0%</td><td>99.3%</td><td>7,040</td><td>8,986</td></tr>
 * <tr><td>drift to 3 times as long</td><td>0.0%</td><td>0.0%</td><td>0.0%</td><td>100.0%</td><td>11,468</td><td>15,368</td></tr>
 * <tr><td>shared cache, the first pays 100 us</td><td>0.0%</td><td>0.0%</td><td>0.0%</td><td>100.0%</td><td>6,082</td><td>7,040</td></tr>
 * <tr><td>coarse clock, 2.5 ticks in the median</td><td>0.0%</td><td>0.0%</td><td>0.0%</td><td>0.0%</td><td>&gt; 100,000</td><td>&gt; 100,000</td></tr>
 * <tr><td>coarse clock, a tick ends at the median</td><td>0.0%</td><td>0.0%</td><td>0.0%</td><td>0.0%</td><td>&gt; 100,000</td><td>&gt; 100,000</td></tr>
 * <tr><td>slower in the longest 2% only</td><td>0.0%</td><td>0.0%</td><td>0.0%</td><td>100.0%</td><td>11,468</td><td>16,136</td></tr>
 * <tr><td>control cold for 3,000 runs, 10 times</td><td>0.0%</td><td>0.0%</td><td>0.0%</td><td>100.0%</td><td>11,468</td><td>16,136</td></tr>
 * <tr><td>candidate cold for 3,000 runs, 10 times</td><td>0.0%</td><td>0.0%</td><td>0.0%</td><td>100.0%</td><td>11,468</td><td>16,136</td></tr>
 * <tr><td>control cold for 10,000 runs, 10 times</td><td>100.0%</td><td>100.0%</td><td>100.0%</td><td>100.0%</td><td>6,082</td><td>6,082</td></tr>
 * <tr><td>autocorrelated, 0.99 from run to run</td><td>0.0%</td><td>0.0%</td><td>0.0%</td><td>100.0%</td><td>11,468</td><td>18,680</td></tr>
 * <tr><td>a random id; the price wrong in 2%</td><td></td><td></td><td>0.0%</td><td></td><td></td><td></td></tr>
 * <tr><td>the same, ignoringNoise()</td><td></td><td></td><td>0.0%</td><td></td><td></td><td></td></tr>
 * <tr><td>dropped in the tenth where it is wrong</td><td></td><td></td><td>0.0%</td><td></td><td></td><td></td></tr>
 * <tr><td>75% of the runs shed</td><td></td><td></td><td>0.0%</td><td></td><td></td><td></td></tr>
 * <tr><td>all ignored by a rule that is too wide</td><td></td><td></td><td>0.0%</td><td></td><td></td><td></td></tr>
 * <tr><td>wrong in 1% from run 95,000 on</td><td></td><td></td><td>0.0%</td><td></td><td></td><td></td></tr>
 * <tr><td>10 times as long in 2% of the calls</td><td></td><td></td><td>0.0%</td><td></td><td></td><td></td></tr>
 * <tr><td>100 times as long in 2% of the calls</td><td></td><td></td><td>0.0%</td><td></td><td></td><td></td></tr>
 * <tr><td>1.5 times, the control cold for 3,000 runs</td><td></td><td></td><td>0.0%</td><td></td><td></td><td></td></tr>
 * <tr><td>1.45 times, a cache warmed by the first</td><td></td><td></td><td>0.0%</td><td></td><td></td><td></td></tr>
 * </table>
 *
 * <p>"Misses": how often an interval ever left out the truth. "False READY": how often READY was ever said of a candidate
 * whose truth is at the tolerance, or at twice that; in the situations at the end, of that candidate. "READY": how often
 * identical code was READY within 60,000 runs, and after how many in half of the repetitions and in 95% of them.
 */
@NullMarked
package dev.scientist.evidence;

import org.jspecify.annotations.NullMarked;
