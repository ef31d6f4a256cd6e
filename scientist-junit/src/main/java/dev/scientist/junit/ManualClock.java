package dev.scientist.junit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A clock that stands still unless told to go on: for {@code Scientist.builder().clock(…)}. Thread-safe. */
public final class ManualClock implements LongSupplier {

    private final AtomicLong now = new AtomicLong();

    /** A clock at 0. */
    public ManualClock() {}

    /**
     * The time.
     *
     * @return nanoseconds from the origin
     */
    @Override
    public long getAsLong() {
        return now.get();
    }

    /**
     * Lets time pass.
     *
     * @param duration how much; negative to turn the clock back, as clocks of users may
     * @return this
     */
    public ManualClock advance(Duration duration) {
        now.addAndGet(duration.toNanos());
        return this;
    }
}
