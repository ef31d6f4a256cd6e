package dev.scientist.evidence;

import dev.scientist.Outcome;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the runs of one candidate have shown so far; or those of the control against itself. Immutable.
 *
 * <p>Rates are of the runs that were {@linkplain #compared() compared}. One that {@link Outcome#FAILED} to compare or
 * was {@link Outcome#ABANDONED} proves nothing either way: it is in no rate of mismatches, but {@linkplain
 * #notCompared() counted} on its own, and too many of them stand against {@link Conclusion.Verdict#READY}.
 *
 * <p>All intervals assume independent runs. Mismatches that come in bursts make every bound too optimistic.
 */
public final class CandidateEvidence {

    /**
     * Fewer say nothing about times, whose interval holds for many: where one run in twenty pauses, as by garbage
     * collection, it misses the truth too often before.
     */
    static final int FEWEST_TIMES = 500;

    private final String candidate;
    private final Map<Outcome, Long> outcomes;
    private final Map<String, Long> controlExceptions;
    private final Map<String, Long> candidateExceptions;
    private final Map<String, Long> ignored;
    private final List<DifferenceEvidence> differences;
    private final Times controlTimes;
    private final Times candidateTimes;
    private final LogRatios logRatios;
    private final @Nullable CandidateEvidence baseline;

    /** Takes over the collections. */
    CandidateEvidence(
            String candidate,
            Map<Outcome, Long> outcomes,
            Map<String, Long> controlExceptions,
            Map<String, Long> candidateExceptions,
            Map<String, Long> ignored,
            List<DifferenceEvidence> differences,
            Times controlTimes,
            Times candidateTimes,
            LogRatios logRatios,
            @Nullable CandidateEvidence baseline) {
        this.candidate = candidate;
        this.outcomes = outcomes;
        this.controlExceptions = controlExceptions;
        this.candidateExceptions = candidateExceptions;
        this.ignored = ignored;
        this.differences = differences;
        this.controlTimes = controlTimes;
        this.candidateTimes = candidateTimes;
        this.logRatios = logRatios;
        this.baseline = baseline;
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
        return outcomes;
    }

    /**
     * How many comparisons had an outcome.
     *
     * @param outcome the outcome
     * @return the number
     */
    public long count(Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }

    /**
     * How many runs the candidate had.
     *
     * @return {@link #compared()} and {@link #notCompared()}
     */
    public long runs() {
        return compared() + notCompared();
    }

    /**
     * How many runs were compared: those that matched, mismatched or were ignored.
     *
     * @return the number
     */
    public long compared() {
        return count(Outcome.MATCHED) + count(Outcome.MISMATCHED) + count(Outcome.IGNORED);
    }

    /**
     * How many runs could not be compared: the comparator failed, or the candidate was abandoned.
     *
     * @return the number
     */
    public long notCompared() {
        return count(Outcome.FAILED) + count(Outcome.ABANDONED);
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
        return controlExceptions;
    }

    /**
     * How often the candidate threw what.
     *
     * @return counts by class name, the most frequent first, the types beyond the limit as
     *     {@link EvidencePublisher#OTHER}
     */
    public Map<String, Long> candidateExceptions() {
        return candidateExceptions;
    }

    /**
     * How often differences were ignored, and why.
     *
     * @return counts by reason, the most frequent first, the reasons beyond the limit as
     *     {@link EvidencePublisher#OTHER}
     */
    public Map<String, Long> ignored() {
        return ignored;
    }

    /**
     * The mismatches, by where they differ.
     *
     * @return the most frequent first
     */
    public List<DifferenceEvidence> differences() {
        return differences;
    }

    /**
     * The control against itself: the noise that no candidate can be blamed for.
     *
     * @return its counts, null if noise was never measured, and for the baseline itself
     */
    public @Nullable CandidateEvidence baseline() {
        return baseline;
    }

    /**
     * How long the control took.
     *
     * @return its times
     */
    public Times controlTimes() {
        return controlTimes;
    }

    /**
     * How long the candidate took, in the same runs.
     *
     * @return its times
     */
    public Times candidateTimes() {
        return candidateTimes;
    }

    /**
     * How many of the compared runs mismatch, bounded by {@link Intervals#anytimeRate(long, long, double)}: valid however
     * often one looks.
     *
     * @param alpha the probability of missing the truth at any time, such as {@link Intervals#DEFAULT_ALPHA}
     * @return mismatches per compared run
     * @throws IllegalArgumentException if alpha is not between 0 and 1
     */
    public Estimate mismatchRate(double alpha) {
        return new Estimate((double) mismatches() / compared(), Intervals.anytimeRate(mismatches(), compared(), alpha));
    }

    /**
     * The same bounded by {@link Intervals#exactRate}: tighter, but valid only for one look at a finished number of runs
     * that was fixed beforehand.
     *
     * @param alpha the probability of missing the truth, such as {@link Intervals#DEFAULT_ALPHA}
     * @return mismatches per compared run
     * @throws IllegalArgumentException if alpha is not between 0 and 1
     */
    public Estimate finishedMismatchRate(double alpha) {
        return new Estimate((double) mismatches() / compared(), Intervals.exactRate(mismatches(), compared(), alpha));
    }

    /**
     * How many of all runs could not be compared, bounded by {@link Intervals#anytimeRate(long, long, double)}.
     *
     * @param alpha the probability of missing the truth at any time, such as {@link Intervals#DEFAULT_ALPHA}
     * @return the part of the runs
     * @throws IllegalArgumentException if alpha is not between 0 and 1
     */
    public Estimate notComparedRate(double alpha) {
        return new Estimate((double) notCompared() / runs(), Intervals.anytimeRate(notCompared(), runs(), alpha));
    }

    /**
     * By how much the mismatch rate exceeds the noise: the rate at which the control mismatches itself. The interval is
     * the difference of two anytime intervals of half the alpha each. It is conservative: wider than it had to be.
     *
     * @param alpha the probability of missing the truth at any time, such as {@link Intervals#DEFAULT_ALPHA}
     * @return mismatches per compared run, from -1 to 1; without a {@link #baseline()} the value is NaN, and the upper
     *     bound that of a noise of zero
     * @throws IllegalArgumentException if alpha is not between 0 and 1
     */
    public Estimate excessOverNoise(double alpha) {
        Intervals.checkAlpha(alpha);
        Estimate rate = mismatchRate(alpha / 2);
        Estimate noise =
                baseline == null ? new Estimate(Double.NaN, new Interval(0, 1)) : baseline.mismatchRate(alpha / 2);
        return new Estimate(
                rate.value() - noise.value(),
                new Interval(
                        rate.interval().lower() - noise.interval().upper(),
                        rate.interval().upper() - noise.interval().lower()));
    }

    /**
     * How many times as long as the control the candidate typically takes: the geometric mean of the ratios of single
     * runs, bounded by {@link Intervals#anytimeMean} of their logarithms. Runs with extreme times weigh little in it. Of
     * the runs in which both ended alike.
     *
     * <p>What biases it: a fixed order, since who runs first warms caches for the other; the first thousands of runs of
     * a JVM, in which the one may be compiled before the other; and a clock that is too coarse for behaviors of less
     * than a microsecond.
     *
     * @param alpha the probability of missing the truth at any time, such as {@link Intervals#DEFAULT_ALPHA}
     * @return 1 for equally fast, 2 for half as fast; from 0 to infinity while there are fewer than 500 runs
     * @throws IllegalArgumentException if alpha is not between 0 and 1
     */
    public Estimate timeRatio(double alpha) {
        Interval logarithms = logRatios.count() < FEWEST_TIMES
                ? Intervals.anytimeMean(0, 0, 0, alpha)
                : Intervals.anytimeMean(logRatios.count(), logRatios.mean(), logRatios.variance(), alpha);
        return new Estimate(
                Math.exp(logRatios.mean()), new Interval(Math.exp(logarithms.lower()), Math.exp(logarithms.upper())));
    }

    /**
     * The median of the candidate's times over that of the control's. The interval is made of {@link Times#medianNanos}
     * of both with half the alpha each: valid for any distribution and however often one looks, and wider than that of
     * {@link #timeRatio}, by the width of the buckets too.
     *
     * @param alpha the probability of missing the truth at any time, such as {@link Intervals#DEFAULT_ALPHA}
     * @return 1 for equally fast, 2 for half as fast
     * @throws IllegalArgumentException if alpha is not between 0 and 1
     */
    public Estimate timeRatioOfMedians(double alpha) {
        Intervals.checkAlpha(alpha);
        Estimate control = controlTimes.medianNanos(alpha / 2);
        Estimate mine = candidateTimes.medianNanos(alpha / 2);
        return new Estimate(
                Math.max(mine.value(), 1) / Math.max(control.value(), 1),
                new Interval(
                        Math.max(mine.interval().lower(), 1)
                                / Math.max(control.interval().upper(), 1),
                        control.interval().lower() < 1
                                ? Double.POSITIVE_INFINITY
                                : Math.max(mine.interval().upper(), 1)
                                        / control.interval().lower()));
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

    LogRatios logRatios() {
        return logRatios;
    }
}
