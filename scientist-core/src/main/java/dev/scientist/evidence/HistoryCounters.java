package dev.scientist.evidence;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What happened of late: the last hour by the minute, and the last day by the quarter of an hour. Takes 5 kB. A counter of
 * a minute that is counted while that minute's place is cleared for it may be lost: it is a picture, no proof.
 */
final class HistoryCounters {

    private final Ring minutes = new Ring(60, Duration.ofMinutes(1));
    private final Ring quarters = new Ring(96, Duration.ofMinutes(15));

    void add(long now, long runs, long mismatches, long notCompared) {
        minutes.add(now, runs, mismatches, notCompared);
        quarters.add(now, runs, mismatches, notCompared);
    }

    History snapshot(long now) {
        return new History(minutes.snapshot(now), quarters.snapshot(now));
    }

    private static final class Ring {
        private static final int RUNS = 1;
        private static final int MISMATCHES = 2;
        private static final int NOT_COMPARED = 3;
        private static final int FIELDS = 4;

        private final int size;
        private final long millis;
        /** For each slot, which of them it is, and what was counted in it. */
        private final AtomicLongArray slots;

        Ring(int size, Duration length) {
            this.size = size;
            millis = length.toMillis();
            slots = new AtomicLongArray(size * FIELDS);
        }

        void add(long now, long runs, long mismatches, long notCompared) {
            long number = now / millis;
            int at = (int) Math.floorMod(number, (long) size) * FIELDS;
            if (slots.get(at) != number) {
                begin(at, number);
            }
            slots.getAndAdd(at + RUNS, runs);
            if (mismatches != 0) {
                slots.getAndAdd(at + MISMATCHES, mismatches);
            }
            if (notCompared != 0) {
                slots.getAndAdd(at + NOT_COMPARED, notCompared);
            }
        }

        private synchronized void begin(int at, long number) {
            if (slots.get(at) < number) {
                for (int field = RUNS; field < FIELDS; field++) {
                    slots.set(at + field, 0);
                }
                slots.set(at, number);
            }
        }

        List<History.Point> snapshot(long now) {
            long last = now / millis;
            List<History.Point> points = new ArrayList<>(size);
            for (long number = last - size + 1; number <= last; number++) {
                int at = (int) Math.floorMod(number, (long) size) * FIELDS;
                boolean isIt = slots.get(at) == number;
                points.add(new History.Point(
                        Instant.ofEpochMilli(number * millis),
                        isIt ? slots.get(at + RUNS) : 0,
                        isIt ? slots.get(at + MISMATCHES) : 0,
                        isIt ? slots.get(at + NOT_COMPARED) : 0));
            }
            return points;
        }
    }
}
