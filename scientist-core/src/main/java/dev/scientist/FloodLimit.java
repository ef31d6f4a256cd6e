package dev.scientist;

import java.util.concurrent.TimeUnit;

/** Lets a few lines a second pass and counts the others. Thread-safe. */
final class FloodLimit {

    /** What {@link #pass} answers for a line that is to be held back. */
    static final long HOLD_BACK = -1;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final int linesPerSecond;
    private boolean started;
    private long second;
    private int passed;
    private long heldBack;

    FloodLimit(int linesPerSecond) {
        this.linesPerSecond = linesPerSecond;
    }

    /**
     * Decides about one line.
     *
     * @return how many were held back since the last line that passed, or {@link #HOLD_BACK}
     */
    synchronized long pass(long nanoTime) {
        if (!started || nanoTime - second >= SECOND || nanoTime < second) {
            started = true;
            second = nanoTime;
            passed = 0;
        }
        if (passed >= linesPerSecond) {
            heldBack++;
            return HOLD_BACK;
        }
        passed++;
        return takeHeldBack();
    }

    synchronized long takeHeldBack() {
        long taken = heldBack;
        heldBack = 0;
        return taken;
    }
}
