package dev.scientist.evidence;

/**
 * What a team is ready to live with after cutting over. Immutable: each setting returns a changed copy.
 *
 * <pre>{@code
 * Tolerance tolerance = Tolerance.standard().maxMismatchRate(0.0001).maxSlowDown(1.5);
 * }</pre>
 */
public final class Tolerance {

    private static final Tolerance STANDARD = new Tolerance(0.001, 1.2, 1_000, 0.01, 1 - Intervals.DEFAULT_ALPHA);

    private final double maxMismatchRate;
    private final double maxSlowDown;
    private final long fewestRuns;
    private final double maxNotCompared;
    private final double confidence;

    private Tolerance(
            double maxMismatchRate, double maxSlowDown, long fewestRuns, double maxNotCompared, double confidence) {
        this.maxMismatchRate = maxMismatchRate;
        this.maxSlowDown = maxSlowDown;
        this.fewestRuns = fewestRuns;
        this.maxNotCompared = maxNotCompared;
        this.confidence = confidence;
    }

    /**
     * One mismatch in 1,000 runs, 1.2 times the control's time, at least 1,000 runs, 1% of them not compared, all with a
     * confidence of 95%.
     *
     * @return the tolerance to start from
     */
    public static Tolerance standard() {
        return STANDARD;
    }

    /**
     * The highest mismatch rate; where noise is measured, the highest excess over it.
     *
     * @param rate mismatches per compared run, above 0 and below 1: no number of runs proves that there is none
     * @return a changed copy
     * @throws IllegalArgumentException if the rate is out of range
     */
    public Tolerance maxMismatchRate(double rate) {
        between("max mismatch rate", rate);
        return new Tolerance(rate, maxSlowDown, fewestRuns, maxNotCompared, confidence);
    }

    /**
     * How many times as long as the control the candidate may take: {@link CandidateEvidence#timeRatio}.
     *
     * @param ratio such as 1.2; infinite if time does not matter
     * @return a changed copy
     * @throws IllegalArgumentException if the ratio is not above 0
     */
    public Tolerance maxSlowDown(double ratio) {
        if (!(ratio > 0)) {
            throw new IllegalArgumentException("max slow-down must be above 0, not " + ratio);
        }
        return new Tolerance(maxMismatchRate, ratio, fewestRuns, maxNotCompared, confidence);
    }

    /**
     * How many runs must have been compared before anything is {@link Conclusion.Verdict#READY}, or too slow.
     *
     * @param runs at least 1
     * @return a changed copy
     * @throws IllegalArgumentException if it is less than 1
     */
    public Tolerance fewestRuns(long runs) {
        if (runs < 1) {
            throw new IllegalArgumentException("fewest runs must be at least 1, not " + runs);
        }
        return new Tolerance(maxMismatchRate, maxSlowDown, runs, maxNotCompared, confidence);
    }

    /**
     * How many of the runs may have failed to be compared, or been abandoned: nothing is known of them.
     *
     * @param rate runs not compared per run, above 0 and below 1
     * @return a changed copy
     * @throws IllegalArgumentException if the rate is out of range
     */
    public Tolerance maxNotCompared(double rate) {
        between("max not compared", rate);
        return new Tolerance(maxMismatchRate, maxSlowDown, fewestRuns, rate, confidence);
    }

    /**
     * How sure a conclusion must be.
     *
     * @param confidence above 0 and below 1, such as 0.95: the probability that none is ever READY wrongly
     * @return a changed copy
     * @throws IllegalArgumentException if it is out of range
     */
    public Tolerance confidence(double confidence) {
        between("confidence", confidence);
        return new Tolerance(maxMismatchRate, maxSlowDown, fewestRuns, maxNotCompared, confidence);
    }

    private static void between(String setting, double value) {
        if (!(value > 0 && value < 1)) {
            throw new IllegalArgumentException(setting + " must be above 0 and below 1, not " + value);
        }
    }

    /**
     * The highest mismatch rate.
     *
     * @return mismatches per compared run
     */
    public double maxMismatchRate() {
        return maxMismatchRate;
    }

    /**
     * How many times as long as the control the candidate may take.
     *
     * @return the ratio, maybe infinite
     */
    public double maxSlowDown() {
        return maxSlowDown;
    }

    /**
     * How many runs must have been compared.
     *
     * @return the number
     */
    public long fewestRuns() {
        return fewestRuns;
    }

    /**
     * How many of the runs may be without a comparison.
     *
     * @return runs not compared per run
     */
    public double maxNotCompared() {
        return maxNotCompared;
    }

    /**
     * How sure a conclusion must be.
     *
     * @return the probability
     */
    public double confidence() {
        return confidence;
    }

    double alpha() {
        return 1 - confidence;
    }

    @Override
    public String toString() {
        return "mismatch rate up to " + Words.percent(maxMismatchRate) + ", slow-down up to "
                + Words.ratio(maxSlowDown) + " times, at least " + Words.number(fewestRuns) + " compared runs, up to "
                + Words.percent(maxNotCompared) + " not compared, confidence " + Words.percent(confidence);
    }
}
