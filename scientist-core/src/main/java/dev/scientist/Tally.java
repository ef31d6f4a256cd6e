package dev.scientist;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Counts how runs end. Thread-safe; never blocks. */
final class Tally {

    private final LongAdder started = new LongAdder();
    private final LongAdder published = new LongAdder();
    private final Map<Drop, LongAdder> dropped = new EnumMap<>(Drop.class);

    Tally() {
        for (Drop reason : Drop.values()) {
            dropped.put(reason, new LongAdder());
        }
    }

    void started() {
        started.increment();
    }

    void published() {
        published.increment();
    }

    void dropped(Drop reason) {
        Objects.requireNonNull(dropped.get(reason)).increment();
    }

    Counts counts() {
        Map<Drop, Long> drops = new EnumMap<>(Drop.class);
        dropped.forEach((reason, adder) -> {
            long count = adder.sum();
            if (count > 0) {
                drops.put(reason, count);
            }
        });
        return new Counts(started.sum(), published.sum(), drops);
    }
}
