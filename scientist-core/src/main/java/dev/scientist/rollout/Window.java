package dev.scientist.rollout;

import dev.scientist.Comparison;
import dev.scientist.Outcome;
import dev.scientist.Result;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The runs of those who were served the candidate, counted against the limits of a {@link WayBack}. Thread-safe, lock-free. */
final class Window {

    private static final int MISMATCHES = 20;
    private static final int RESCUES = 40;
    private static final int MASK = (1 << MISMATCHES) - 1;

    private static final double ADDED_NANOS = 1e6;
    /** Where both take less, their times count as alike: a logarithm for each run would cost more than counting. */
    private static final long SHORT_NANOS = 50_000;

    private static final double MILLIONTHS = 1e6;

    private final WayBack limits;
    /** Runs, mismatches and rescues, 20 bits each, so that all change at once. */
    private final AtomicLong counts = new AtomicLong();
    /** The sum of the logarithms of the time ratios, in millionths. */
    private final AtomicLong slowness = new AtomicLong();
    /** Since the rollout was made, whatever the window. */
    private final LongAdder servedInAll = new LongAdder();

    private final LongAdder badInAll = new LongAdder();

    Window(WayBack limits) {
        this.limits = limits;
    }

    void clear() {
        counts.set(0);
        slowness.set(0);
    }

    /** How many callers were served the candidate, or were rescued. */
    long served() {
        return servedInAll.sum();
    }

    /** Of those, in how many runs the candidate mismatched or could not be compared. */
    long bad() {
        return badInAll.sum();
    }

    /** Counts a run. Returns why the rollout must fall back, null if it need not. */
    @Nullable
    String add(Result<?> result) {
        Comparison<?> comparison = result.comparisons().get(0);
        boolean bad = comparison.outcome() == Outcome.MISMATCHED || comparison.outcome() == Outcome.FAILED;
        servedInAll.increment();
        if (bad) {
            badInAll.increment();
        }
        long now = counts.addAndGet(1L | (bad ? 1L << MISMATCHES : 0) | (result.rescued() ? 1L << RESCUES : 0));
        int runs = (int) now & MASK;
        int mismatches = (int) (now >>> MISMATCHES) & MASK;
        int rescues = (int) (now >>> RESCUES) & MASK;
        String reason = null;
        if (rescues >= limits.rescues()) {
            reason = reason(count(rescues, "rescue", "rescues"), runs, String.valueOf(limits.rescues()));
        } else if (mismatches >= limits.mismatches()) {
            reason = reason(count(mismatches, "mismatch", "mismatches"), runs, String.valueOf(limits.mismatches()));
        } else if (isTooSlow(
                comparison.control().nanos(), comparison.candidate().nanos())) {
            double ratio = Math.exp(slowness.get() / MILLIONTHS / runs);
            reason = reason(
                    String.format(Locale.ROOT, "the candidate took %.1f times as long as the control", ratio),
                    runs,
                    String.format(Locale.ROOT, "%.1f times", limits.slowDown()));
        }
        if (runs >= limits.window()) {
            clear();
        }
        return reason;
    }

    /** As for the counts, as soon as the sum over the rest of the window hardly can be less. */
    private boolean isTooSlow(long control, long candidate) {
        if (control < SHORT_NANOS && candidate < SHORT_NANOS) {
            return false;
        }
        double logarithm = Math.log((candidate + ADDED_NANOS) / (control + ADDED_NANOS));
        double sum = slowness.addAndGet((long) (logarithm * MILLIONTHS)) / MILLIONTHS;
        return sum >= Math.log(limits.slowDown()) * limits.window();
    }

    private static String count(int number, String one, String several) {
        return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? one : several);
    }

    private String reason(String what, int runs, String limit) {
        return String.format(
                Locale.ROOT,
                "%s in %s; the limit is %s in %,d",
                what,
                count(runs, "run", "runs"),
                limit,
                limits.window());
    }
}
