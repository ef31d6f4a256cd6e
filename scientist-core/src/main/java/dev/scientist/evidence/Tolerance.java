package dev.scientist.evidence;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What a team is ready to live with after cutting over. Immutable and thread-safe: each setting returns a changed copy.
 *
 * <pre>{@code
 * Tolerance tolerance = Tolerance.standard().maxMismatchRate(0.0001).maxSlowDown(1.5);
 * }</pre>
 */
public final class Tolerance {

    private enum Setting {
        MAX_MISMATCH_RATE(0.001),
        MAX_NOT_COMPARED(0.01),
        MAX_SHED(0.5),
        MAX_IGNORED(0.1),
        FEWEST_RUNS(1_000),
        SHORTEST_TIME_MILLIS(3_600_000),
        MEDIAN(1.2),
        P95(1.5),
        P99(2),
        CONFIDENCE(1 - Intervals.DEFAULT_ALPHA);

        private final double standard;

        Setting(double standard) {
            this.standard = standard;
        }
    }

    private static final Tolerance STANDARD = new Tolerance(standardValues());

    /** Each one is there. */
    private final Map<Setting, Double> values;

    private Tolerance(Map<Setting, Double> values) {
        this.values = values;
    }

    private static Map<Setting, Double> standardValues() {
        Map<Setting, Double> values = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            values.put(setting, setting.standard);
        }
        return values;
    }

    private Tolerance with(Setting setting, double value) {
        Map<Setting, Double> changed = new EnumMap<>(values);
        changed.put(setting, value);
        return new Tolerance(changed);
    }

    private double value(Setting setting) {
        return Objects.requireNonNull(values.get(setting));
    }

    /**
     * One mismatch in 1,000 runs; 1% of the runs not compared, 50% shed, 10% ignored; at least 1,000 compared runs within
     * at least an hour; 1.2 times the control's time at the median, 1.5 times at the 95th and 2 times at the 99th
     * percentile; all with a confidence of 95%.
     *
     * @return the tolerance to start from
     */
    public static Tolerance standard() {
        return STANDARD;
    }

    /**
     * The highest mismatch rate.
     *
     * @param rate mismatches per compared run, above 0 and below 1: no number of runs proves that there is none
     * @return a changed copy
     * @throws IllegalArgumentException if the rate is out of range
     */
    public Tolerance maxMismatchRate(double rate) {
        return with(Setting.MAX_MISMATCH_RATE, between("max mismatch rate", rate));
    }

    /**
     * How many of the runs may have been without a comparison: the comparator failed, the candidate was abandoned, or the
     * run was dropped for another reason than {@link dev.scientist.Drop#SHED}. Nothing is known of them, and what makes
     * them fail may be what the candidate does wrong.
     *
     * @param rate runs not compared per run, above 0 and below 1
     * @return a changed copy
     * @throws IllegalArgumentException if the rate is out of range
     */
    public Tolerance maxNotCompared(double rate) {
        return with(Setting.MAX_NOT_COMPARED, between("max not compared", rate));
    }

    /**
     * How many of the runs may have been shed: for want of room, whatever their input.
     *
     * @param rate shed runs per run, above 0 and below 1
     * @return a changed copy
     * @throws IllegalArgumentException if the rate is out of range
     */
    public Tolerance maxShed(double rate) {
        return with(Setting.MAX_SHED, between("max shed", rate));
    }

    /**
     * How many of the compared runs may have differed and been ignored, {@linkplain
     * dev.scientist.Experiment.Builder#ignoringNoise() noise} apart.
     *
     * @param rate ignored runs per compared run, above 0 and below 1
     * @return a changed copy
     * @throws IllegalArgumentException if the rate is out of range
     */
    public Tolerance maxIgnored(double rate) {
        return with(Setting.MAX_IGNORED, between("max ignored", rate));
    }

    /**
     * How many runs must have been compared before anything is {@link Conclusion.Verdict#READY}.
     *
     * @param runs at least 1
     * @return a changed copy
     * @throws IllegalArgumentException if it is less than 1
     */
    public Tolerance fewestRuns(long runs) {
        if (runs < 1) {
            throw new IllegalArgumentException("fewest runs must be at least 1, not " + runs);
        }
        return with(Setting.FEWEST_RUNS, (double) runs);
    }

    /**
     * For how long runs must have been {@linkplain ExperimentEvidence#seen() seen} before anything is
     * {@link Conclusion.Verdict#READY}: four seconds of traffic are all alike.
     *
     * @param time to the millisecond, not negative; zero if any will do
     * @return a changed copy
     * @throws IllegalArgumentException if it is negative
     */
    public Tolerance shortestTime(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("shortest time must not be negative, but is " + time);
        }
        return with(Setting.SHORTEST_TIME_MILLIS, (double) time.toMillis());
    }

    /**
     * How many times as long as the control the candidate may take: at the median, the 95th and the 99th percentile, and
     * on the mean, alike.
     *
     * @param ratio such as 1.2; infinite if time does not matter
     * @return a changed copy
     * @throws IllegalArgumentException if the ratio is not above 0
     */
    public Tolerance maxSlowDown(double ratio) {
        return maxSlowDown(ratio, ratio, ratio);
    }

    /**
     * How many times as long as the control the candidate may take.
     *
     * @param median at the median, and on the mean; infinite if that does not matter
     * @param p95 at the 95th percentile
     * @param p99 at the 99th percentile
     * @return a changed copy
     * @throws IllegalArgumentException if a ratio is not above 0
     */
    public Tolerance maxSlowDown(double median, double p95, double p99) {
        return with(Setting.MEDIAN, aboveZero(median))
                .with(Setting.P95, aboveZero(p95))
                .with(Setting.P99, aboveZero(p99));
    }

    /**
     * How sure a conclusion must be.
     *
     * @param confidence above 0 and below 1, such as 0.95: for each question the probability that READY is never said
     *     wrongly
     * @return a changed copy
     * @throws IllegalArgumentException if it is out of range
     */
    public Tolerance confidence(double confidence) {
        return with(Setting.CONFIDENCE, between("confidence", confidence));
    }

    private static double between(String setting, double value) {
        if (!(value > 0 && value < 1)) {
            throw new IllegalArgumentException(setting + " must be above 0 and below 1, not " + value);
        }
        return value;
    }

    private static double aboveZero(double ratio) {
        if (!(ratio > 0)) {
            throw new IllegalArgumentException("max slow-down must be above 0, not " + ratio);
        }
        return ratio;
    }

    /**
     * The highest mismatch rate.
     *
     * @return mismatches per compared run
     */
    public double maxMismatchRate() {
        return value(Setting.MAX_MISMATCH_RATE);
    }

    /**
     * How many of the runs may be without a comparison, shed ones apart.
     *
     * @return runs not compared per run
     */
    public double maxNotCompared() {
        return value(Setting.MAX_NOT_COMPARED);
    }

    /**
     * How many of the runs may have been shed.
     *
     * @return shed runs per run
     */
    public double maxShed() {
        return value(Setting.MAX_SHED);
    }

    /**
     * How many of the compared runs may have been ignored, noise apart.
     *
     * @return ignored runs per compared run
     */
    public double maxIgnored() {
        return value(Setting.MAX_IGNORED);
    }

    /**
     * How many runs must have been compared.
     *
     * @return the number
     */
    public long fewestRuns() {
        return (long) value(Setting.FEWEST_RUNS);
    }

    /**
     * For how long runs must have been seen.
     *
     * @return the time
     */
    public Duration shortestTime() {
        return Duration.ofMillis((long) value(Setting.SHORTEST_TIME_MILLIS));
    }

    /**
     * How many times as long as the control the candidate may take.
     *
     * @return the ratios, maybe infinite, by quantile: 0.5, 0.95 and 0.99; the first is that of the mean too
     */
    public Map<Double, Double> maxSlowDown() {
        return Collections.unmodifiableMap(
                new TreeMap<>(Map.of(0.5, value(Setting.MEDIAN), 0.95, value(Setting.P95), 0.99, value(Setting.P99))));
    }

    /**
     * How sure a conclusion must be.
     *
     * @return the probability
     */
    public double confidence() {
        return value(Setting.CONFIDENCE);
    }

    double alpha() {
        return 1 - confidence();
    }

    double maxMeanSlowDown() {
        return value(Setting.MEDIAN);
    }

    /** Whether no slow-down is too much. */
    boolean isTimeOpen() {
        return maxSlowDown().values().stream().allMatch(ratio -> ratio.isInfinite());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tolerance tolerance && values.equals(tolerance.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return "mismatch rate up to " + Words.percent(maxMismatchRate()) + ", up to "
                + Words.percent(maxNotCompared()) + " not compared, " + Words.percent(maxShed()) + " shed, "
                + Words.percent(maxIgnored()) + " ignored, at least "
                + Words.count(fewestRuns(), "compared run", "compared runs") + " in "
                + Words.time(shortestTime()) + ", "
                + (isTimeOpen()
                        ? "any slow-down"
                        : "slow-down up to " + Words.ratio(value(Setting.MEDIAN)) + ", "
                                + Words.ratio(value(Setting.P95)) + " and " + Words.ratio(value(Setting.P99))
                                + " times at 50, 95 and 99%")
                + ", confidence " + Words.percent(confidence());
    }
}
