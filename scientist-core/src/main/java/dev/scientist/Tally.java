package dev.scientist;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts how runs end. Thread-safe; never blocks. */
@SuppressWarnings("EnumOrdinal") // see the field: a map's look-up is one call more
final class Tally {

    private final LongAdder started = new LongAdder();
    private final LongAdder published = new LongAdder();
    /** By ordinal: counting an end must not need a deeper stack than counting the start did. */
    private final LongAdder[] dropped = new LongAdder[Drop.values().length];

    /**
     * Runs that ended as {@link Drop#BROKEN} where the stack had no room for the call that counts them. Added to by hand;
     * two threads that are out of stack in the same nanosecond may count one.
     */
    int brokenWithoutRoom;

    Tally() {
        Arrays.setAll(dropped, reason -> new LongAdder());
    }

    void started() {
        started.increment();
    }

    void published() {
        published.increment();
    }

    void dropped(Drop reason) {
        dropped[reason.ordinal()].increment();
    }

    Counts counts() {
        Map<Drop, Long> drops = new EnumMap<>(Drop.class);
        for (Drop reason : Drop.values()) {
            long count = dropped[reason.ordinal()].sum() + (reason == Drop.BROKEN ? brokenWithoutRoom : 0);
            if (count > 0) {
                drops.put(reason, count);
            }
        }
        return new Counts(started.sum(), published.sum(), drops);
    }
}
