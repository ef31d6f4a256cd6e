package dev.scientist;

import java.util.concurrent.atomic.AtomicLong;

/** Counts what a publisher is told of how runs ended. Thread-safe. */
final class Told implements Publisher {

    final AtomicLong published = new AtomicLong();
    final AtomicLong dropped = new AtomicLong();

    @Override
    public void publish(Result<?> result) {
        published.incrementAndGet();
    }

    @Override
    public void dropped(Experiment<?> experiment, Drop reason) {
        dropped.incrementAndGet();
    }
}
