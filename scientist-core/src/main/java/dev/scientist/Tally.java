package dev.scientist;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts how runs end. Thread-safe; never blocks. */
final class Tally {

    private final LongAdder started = new LongAdder();
    private final LongAdder published = new LongAdder();
    private final Map<Drop, LongAdder> dropped = new EnumMap<>(Drop.class);

    Tally() {
        Arrays.stream(Drop.values()).forEach(reason -> dropped.put(reason, new LongAdder()));
    }

    void started() {
        started.increment();
    }

    void published() {
        published.increment();
    }

    @SuppressWarnings("NullAway") // there is one for each reason
    void dropped(Drop reason) {
        dropped.get(reason).increment();
    }

    Counts counts() {
        Map<Drop, Long> drops = new EnumMap<>(Drop.class);
        dropped.forEach((reason, count) -> {
            if (count.sum() > 0) {
                drops.put(reason, count.sum());
            }
        });
        return new Counts(started.sum(), published.sum(), drops);
    }
}
