package dev.scientist.junit;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says now and then how far a parity test has come, once it takes long. Not thread-safe. */
final class Progress {

    static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final Logger LOGGER = LoggerFactory.getLogger("dev.scientist.parity");

    private final String name;
    private final LongSupplier clock;
    private long last;

    Progress(String name, LongSupplier clock) {
        this.name = name;
        this.clock = clock;
        last = clock.getAsLong();
    }

    void step(long compared, long failing) {
        long now = clock.getAsLong();
        if (now - last >= INTERVAL_NANOS) {
            last = now;
            LOGGER.info("parity of '{}': {} inputs so far, {} fail", name, compared, failing);
        }
    }
}
