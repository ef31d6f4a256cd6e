package dev.scientist;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * Makes user-supplied parts fail by chance: throw all sorts of things, return null where none is allowed, dawdle.
 * Thread-safe; repeats for the same seed as long as one thread asks.
 */
final class Faults {

    private static final int SPIN_NANOS = 3_000;

    private static final LongAdder STRUCK = new LongAdder();

    private final Random random;
    private final int percent;
    private final Thread caller = Thread.currentThread();
    private final AtomicBoolean interruptConsumed = new AtomicBoolean();

    Faults(long seed, int percent) {
        this.random = new Random(seed);
        this.percent = percent;
    }

    /** Maybe throws, maybe dawdles. */
    void strike() {
        strike(true);
    }

    /** The same for parts whose own failures end with them, so that an interrupt they consume is lost. */
    void strikeWithoutInterrupts() {
        strike(false);
    }

    private void strike(boolean maybeInterrupted) {
        if (random.nextInt(100) >= percent) {
            return;
        }
        STRUCK.increment();
        switch (random.nextInt(9)) {
            case 0 -> throw new IllegalStateException("by chance");
            case 1 -> throw Lab.sneaky(new IOException("checked, by chance"));
            case 2 -> throw new OutOfMemoryError("by chance");
            case 3 -> throw new NoClassDefFoundError("by chance");
            case 4 -> {
                // rarely, since each takes a fraction of a millisecond
                if (random.nextInt(20) == 0) {
                    overflow(0);
                }
            }
            case 5 -> throw new Hostile();
            case 6 -> {
                if (maybeInterrupted) {
                    if (Thread.currentThread() == caller) {
                        interruptConsumed.set(true);
                    }
                    throw Lab.sneaky(new InterruptedException("by chance"));
                }
            }
            case 7 -> {
                long end = System.nanoTime() + SPIN_NANOS;
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
            }
            default -> throw new AssertionError("by chance");
        }
    }

    /** The value, or by chance null where none is allowed. */
    <V> V orNull(V value) {
        if (random.nextInt(100) >= percent) {
            return value;
        }
        STRUCK.increment();
        return null;
    }

    /** How many faults there were, in this JVM. */
    static long struck() {
        return STRUCK.sum();
    }

    /** Whether a part on the caller's thread threw an InterruptedException, as if an interrupt had arrived there. */
    boolean consumedInterrupt() {
        return interruptConsumed.get();
    }

    private static int overflow(int depth) {
        return overflow(depth + 1) + 1;
    }

    /** A throwable that cannot be asked anything. */
    static final class Hostile extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("no cause");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("no text");
        }
    }
}
