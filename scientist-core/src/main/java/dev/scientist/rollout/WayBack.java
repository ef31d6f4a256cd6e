package dev.scientist.rollout;

/**
 * How much harm among those who are served the candidate in {@link Stage#CANARY} makes a {@link Rollout} fall back to
 * {@link Stage#SHADOW}. Immutable and thread-safe.
 *
 * <p>Their runs are counted in windows, one after the other. A limit is a share of a window, and takes effect as soon as so
 * many runs are bad, without waiting for the window's end: by the standard at the 10th mismatch or the 5th rescue in 1,000
 * runs. So until it falls back at most twice the limit of callers, less two, and those under way at that moment, are
 * served what the control would not have done.
 */
public final class WayBack {

    private static final int MAX_WINDOW = 10_000;
    private static final WayBack STANDARD = new WayBack(1_000, 0.01, 0.005, 2);

    private final int window;
    private final double mismatchRate;
    private final double rescueRate;
    private final double slowDown;

    private WayBack(int window, double mismatchRate, double rescueRate, double slowDown) {
        this.window = window;
        this.mismatchRate = mismatchRate;
        this.rescueRate = rescueRate;
        this.slowDown = slowDown;
    }

    /**
     * In a window of 1,000 runs 1% mismatches, 0.5% rescues, or a candidate that takes twice the control's time.
     *
     * @return these limits
     */
    public static WayBack standard() {
        return STANDARD;
    }

    /**
     * The same with another window.
     *
     * @param runs of callers who are served the candidate, from 1 to 10,000
     * @return other limits
     */
    public WayBack window(int runs) {
        if (runs < 1 || runs > MAX_WINDOW) {
            throw wrong("window", "from 1 to " + MAX_WINDOW + " runs", runs);
        }
        return new WayBack(runs, mismatchRate, rescueRate, slowDown);
    }

    /**
     * The same with another limit for mismatches. Runs that could not be compared count as mismatches, those that were
     * ignored do not.
     *
     * @param share of the window's runs, above 0 and at most 1
     * @return other limits
     */
    public WayBack mismatchRate(double share) {
        return new WayBack(window, share("mismatch rate", share), rescueRate, slowDown);
    }

    /**
     * The same with another limit for rescues: the candidate threw what the control did not. An exception that both threw
     * is none.
     *
     * @param share of the window's runs, above 0 and at most 1
     * @return other limits
     */
    public WayBack rescueRate(double share) {
        return new WayBack(window, mismatchRate, share("rescue rate", share), slowDown);
    }

    /**
     * The same with another limit for slow candidates: how many times as long as the control the candidate may take, as
     * the geometric mean over a window, so that single pauses hardly weigh. A millisecond is added to both times: what
     * takes microseconds is not judged, since code that is not compiled yet would look slow.
     *
     * @param ratio above 1, such as 2 for twice as long
     * @return other limits
     */
    public WayBack slowDown(double ratio) {
        if (!(ratio > 1 && ratio < Double.POSITIVE_INFINITY)) {
            throw wrong("slow-down", "a number above 1", ratio);
        }
        return new WayBack(window, mismatchRate, rescueRate, ratio);
    }

    private static double share(String setting, double share) {
        if (!(share > 0 && share <= 1)) {
            throw wrong(setting, "above 0 and at most 1", share);
        }
        return share;
    }

    private static IllegalArgumentException wrong(String setting, String rule, Number given) {
        return new IllegalArgumentException("way back: " + setting + " must be " + rule + ", not " + given);
    }

    int window() {
        return window;
    }

    int mismatches() {
        return (int) Math.ceil(mismatchRate * window);
    }

    int rescues() {
        return (int) Math.ceil(rescueRate * window);
    }

    double slowDown() {
        return slowDown;
    }
}
