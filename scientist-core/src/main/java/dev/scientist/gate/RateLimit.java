package dev.scientist.gate;

import dev.scientist.Gate;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The generic cell rate algorithm (ITU-T Recommendation I.371, annex A, "virtual scheduling"): all that it keeps is when
 * the next run is due if runs came evenly; a run that comes ahead of that by more than the burst allows is not admitted.
 * Lock-free.
 */
final class RateLimit implements Gate {

    private static final double NANOS_PER_SECOND = 1e9;
    /** No clock has reached this; should one ever, a single run too many is let through. */
    private static final long NEVER = Long.MIN_VALUE;

    private final double runs;
    private final int burst;
    private final long interval;
    private final long tolerance;
    private final AtomicLong due = new AtomicLong(NEVER);

    RateLimit(double runs, int burst) {
        if (!(runs > 0 && runs <= NANOS_PER_SECOND)) {
            throw new IllegalArgumentException("runs per second must be above 0 and at most 1e9, not " + runs);
        }
        if (burst < 1) {
            throw new IllegalArgumentException("burst must be at least 1, not " + burst);
        }
        this.runs = runs;
        this.burst = burst;
        // far below the range of a long, so that differences of times do not overflow
        interval = (long) Math.min(Math.ceil(NANOS_PER_SECOND / runs), Long.MAX_VALUE / 4.0);
        tolerance = (long) Math.min((burst - 1) * (double) interval, Long.MAX_VALUE / 4.0);
    }

    @Override
    public boolean admits(Request request, @Nullable Object input) {
        long now = request.nanoTime();
        while (true) {
            long next = due.get();
            long start = next == NEVER || next - now < 0 ? now : next;
            if (start - now > tolerance) {
                return false;
            }
            if (due.compareAndSet(next, start + interval)) {
                return true;
            }
        }
    }

    @Override
    public Gate forExperiment(String experiment) {
        return new RateLimit(runs, burst);
    }
}
