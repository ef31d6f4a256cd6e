package dev.scientist.evidence;

import dev.scientist.Comparison;
import dev.scientist.Drop;
import dev.scientist.Outcome;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the runs of one candidate have shown so far; or those of the control against itself. Immutable.
 *
 * <p>Rates are of the runs that were {@linkplain #compared() compared}. One that {@link Outcome#FAILED} to compare, was
 * {@link Outcome#ABANDONED} or {@linkplain #drops() dropped} proves nothing either way: it is in no rate of mismatches,
 * but counted on its own, and too many of them stand against {@link Conclusion.Verdict#READY}.
 *
 * <p>All intervals assume independent runs: {@link Conclusion#CAVEAT}.
 */
public final class CandidateEvidence {

    private final ExperimentEvidence experiment;
    private final String candidate;
    private final Period period;
    private final Sums sums;
    private final @Nullable Period lately;

    CandidateEvidence(ExperimentEvidence experiment, String candidate, Period period, @Nullable Period lately) {
        this.experiment = experiment;
        this.candidate = candidate;
        this.period = period;
        this.lately = lately;
        sums = period.candidates().getOrDefault(candidate, Sums.NONE);
    }

    /**
     * The candidate's name.
     *
     * @return the name; {@link EvidencePublisher#OTHER} for all beyond the limit
     */
    public String candidate() {
        return candidate;
    }

    /**
     * How many comparisons had which outcome.
     *
     * @return every outcome, also those that never occurred
     */
    public Map<Outcome, Long> outcomes() {
        return sums.outcomes();
    }

    /**
     * How many comparisons had an outcome.
     *
     * @param outcome the outcome
     * @return the number
     */
    public long count(Outcome outcome) {
        return sums.count(outcome);
    }

    /**
     * How many runs the candidate had.
     *
     * @return {@link #compared()} and those that failed or were abandoned
     */
    public long runs() {
        return compared() + count(Outcome.FAILED) + count(Outcome.ABANDONED);
    }

    /**
     * How many runs were compared: those that matched, mismatched or were ignored.
     *
     * @return the number
     */
    public long compared() {
        return sums.compared();
    }

    /**
     * How many runs of the experiment ended without a result, for whatever candidate.
     *
     * @return counts by reason; reasons that never occurred are absent
     */
    public Map<Drop, Long> drops() {
        return period.drops();
    }

    /**
     * How many runs could not be compared: the comparator failed, the candidate was abandoned, or the run was dropped for
     * another reason than {@link Drop#SHED}.
     *
     * @return the number
     */
    public long notCompared() {
        return count(Outcome.FAILED) + count(Outcome.ABANDONED) + dropped() - shed();
    }

    long dropped() {
        return drops().values().stream().mapToLong(Long::longValue).sum();
    }

    long shed() {
        return drops().getOrDefault(Drop.SHED, 0L);
    }

    /**
     * How many runs mismatched; differences that were ignored are none.
     *
     * @return the number
     */
    public long mismatches() {
        return count(Outcome.MISMATCHED);
    }

    /**
     * How often the control threw what, in the runs of this candidate.
     *
     * @return counts by class name, the most frequent first, the types beyond the limit as
     *     {@link EvidencePublisher#OTHER}
     */
    public Map<String, Long> controlExceptions() {
        return sums.controlExceptions();
    }

    /**
     * How often the candidate threw what.
     *
     * @return counts by class name, the most frequent first, the types beyond the limit as
     *     {@link EvidencePublisher#OTHER}
     */
    public Map<String, Long> candidateExceptions() {
        return sums.candidateExceptions();
    }

    /**
     * How often differences were ignored, and why.
     *
     * @return counts by reason, the most frequent first, the reasons beyond the limit as
     *     {@link EvidencePublisher#OTHER}
     */
    public Map<String, Long> ignored() {
        return sums.ignored();
    }

    /**
     * In how many runs it mismatched where; a run that differs at two places counts at both.
     *
     * @return counts by place, as {@link Comparison#places()} names it, the most frequent first, the places beyond the
     *     limit as {@link EvidencePublisher#OTHER_SIGNATURES}
     */
    public Map<String, Long> places() {
        return sums.places();
    }

    /**
     * The mismatches, by where they differ.
     *
     * @return the most frequent first
     */
    public List<DifferenceEvidence> differences() {
        return sums.differences();
    }

    /**
     * Which inputs mismatch, where {@linkplain dev.scientist.Experiment.Builder#trait traits} tell.
     *
     * @return at most five, that which explains most of the mismatches first
     */
    public List<Hint> hints() {
        return Hint.of(sums.traits());
    }

    /**
     * Whether a place is noise: the control, compared with itself, differs there in at least 5% of at least 50 runs.
     *
     * @param place the place, as {@link Comparison#places()} names it
     * @return true if it is
     */
    public boolean isNoise(String place) {
        return Noise.isAt(place, experiment.all().baseline());
    }

    /** Whether all places of some mismatches are noise. */
    boolean isNoise(DifferenceEvidence group) {
        return !group.places().isEmpty() && group.places().stream().allMatch(this::isNoise);
    }

    /**
     * Differences that are ignored as noise: by the experiment, and those that it would have ignored had it known the
     * noise already, since it must see 50 runs first.
     */
    long ignoredNoise() {
        return sums.noise() + mismatchesAtNoise();
    }

    private long mismatchesAtNoise() {
        return !experiment.facts().ignoresNoise()
                ? 0
                : differences().stream()
                        .filter(group ->
                                isNoise(group) && group.places().stream().allMatch(Noise::isPartOfAValue))
                        .mapToLong(DifferenceEvidence::count)
                        .sum();
    }

    /** What counts against the candidate. */
    long trueMismatches() {
        return mismatches() - mismatchesAtNoise();
    }

    /** How many differences were ignored, noise apart. */
    long ignoredByRules() {
        return count(Outcome.IGNORED) - sums.noise();
    }

    /**
     * The control against itself.
     *
     * @return its counts, null if noise was never measured, and for the baseline itself
     */
    public @Nullable CandidateEvidence baseline() {
        return period.baseline() == null ? null : experiment.baseline();
    }

    /**
     * The same of late: of the last 5,000 to 10,000 runs, or of the last half an hour to an hour, whichever is less.
     *
     * @return what was seen of late, itself without a "lately"
     */
    public CandidateEvidence lately() {
        return lately == null ? this : new CandidateEvidence(experiment, candidate, lately, null);
    }

    /**
     * How long the control took.
     *
     * @return its times
     */
    public Times controlTimes() {
        return sums.control();
    }

    /**
     * How long the candidate took.
     *
     * @return its times
     */
    public Times candidateTimes() {
        return sums.candidate();
    }

    /**
     * Why the times say nothing about who is faster.
     *
     * @return such as "the candidate runs in the background"; null if they do
     */
    public @Nullable String timesUnfair() {
        return sums.timesUnfair();
    }

    /**
     * How long comparing took on the mean, ignore rules included: inline the caller waits for it.
     *
     * @return nanoseconds, NaN before the first comparison
     */
    public double meanComparingNanos() {
        long comparisons = compared() + count(Outcome.FAILED);
        return comparisons == 0 ? Double.NaN : (double) sums.comparingNanos() / comparisons;
    }

    /**
     * How many of the compared runs mismatch, bounded by {@link Intervals#anytimeRate}: valid however often one looks.
     *
     * @param alpha the probability of missing the truth at any time, such as {@link Intervals#DEFAULT_ALPHA}
     * @return mismatches per compared run
     * @throws IllegalArgumentException if alpha is not between 0 and 1
     */
    public Estimate mismatchRate(double alpha) {
        return rate(mismatches(), compared(), alpha);
    }

    /**
     * How many of all runs could not be compared, shed ones left out, bounded by {@link Intervals#anytimeRate}.
     *
     * @param alpha the probability of missing the truth at any time, such as {@link Intervals#DEFAULT_ALPHA}
     * @return the part of the runs
     * @throws IllegalArgumentException if alpha is not between 0 and 1
     */
    public Estimate notComparedRate(double alpha) {
        return rate(notCompared(), compared() + notCompared(), alpha);
    }

    private static Estimate rate(long hits, long trials, double alpha) {
        return new Estimate((double) hits / trials, Intervals.anytimeRate(hits, trials, alpha));
    }

    /**
     * A quantile of the candidate's times over that of the control's. The interval is made of
     * {@link Times#quantileNanos(double, double)} of both, with half the alpha each: valid for any distribution and
     * however often one looks.
     *
     * <p>Fair only where the two run on the caller's thread in random order, and then of the times of whichever ran first:
     * what runs second finds the caches warm. The first {@value ExperimentCounters#WARM_UP_RUNS} runs of a process are left
     * out, or those of its first ten minutes, whichever are fewer: they are those of code that is not compiled yet.
     * Elsewhere {@link #timesUnfair()} says why it means nothing.
     *
     * @param part above 0 and below 1, such as 0.5 for the median
     * @param alpha the probability of missing the truth at any time, such as {@link Intervals#DEFAULT_ALPHA}
     * @return 1 for equally fast, 2 for half as fast
     * @throws IllegalArgumentException if the part or alpha is not between 0 and 1
     */
    public Estimate timeRatio(double part, double alpha) {
        return Judge.timeRatio(this, part, alpha / 2);
    }

    /**
     * The mean of the candidate's times over that of the control's, the longest 0.1% of either left out: see
     * {@link Times#usualMeanNanos}.
     *
     * @return 1 for equally fast, 2 for half as fast; NaN if there are too few times
     */
    public double meanTimeRatio() {
        return candidateTimes().usualMeanNanos() / Math.max(1, controlTimes().usualMeanNanos());
    }

    /**
     * What all this means for cutting over.
     *
     * @param tolerance what the team can live with
     * @return the conclusion as of this evidence
     */
    public Conclusion conclusion(Tolerance tolerance) {
        return new Judge(this, tolerance).conclusion();
    }

    ExperimentEvidence experiment() {
        return experiment;
    }

    Sums sums() {
        return sums;
    }
}
