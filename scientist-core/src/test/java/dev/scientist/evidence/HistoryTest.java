package dev.scientist.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.Drop;
import dev.scientist.Experiment;
import dev.scientist.gate.Gates;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is remembered of the last hour and day, and of gate and switch. */
class HistoryTest {

    private static final long SEED = Long.getLong("scientist.seed", 20_240_607L);

    private final EvidenceLab lab = new EvidenceLab();

    @AfterEach
    void close() {
        lab.close();
    }

    private void pass(Duration time) {
        lab.millis.addAndGet(time.toMillis());
    }

    @Test
    void anHourIsKnownByTheMinuteAndADayByTheQuarter() {
        Random random = new Random(SEED);
        HistoryCounters history = new HistoryCounters();
        TreeMap<Long, long[]> truth = new TreeMap<>();
        long now = EvidenceLab.START.toEpochMilli();
        for (int i = 0; i < 20_000; i++) {
            now += random.nextInt(100) == 0 ? random.nextInt(3_000_000) : random.nextInt(8_000);
            long[] add = {1, random.nextInt(2), random.nextInt(2)};
            history.add(now, add[0], add[1], add[2]);
            long[] sums = truth.computeIfAbsent(now, key -> new long[3]);
            for (int field = 0; field < 3; field++) {
                sums[field] += add[field];
            }
        }
        History seen = history.snapshot(now);
        assertThat(seen.minutes()).hasSize(60);
        assertThat(seen.quarters()).hasSize(96);
        check(seen.minutes(), truth, Duration.ofMinutes(1));
        check(seen.quarters(), truth, Duration.ofMinutes(15));
    }

    private static void check(List<History.Point> points, TreeMap<Long, long[]> truth, Duration length) {
        for (History.Point point : points) {
            long from = point.from().toEpochMilli();
            long[] sums = new long[3];
            truth.subMap(from, from + length.toMillis()).values().forEach(each -> {
                for (int field = 0; field < 3; field++) {
                    sums[field] += each[field];
                }
            });
            assertThat(new long[] {point.runs(), point.mismatches(), point.notCompared()})
                    .as("%s, seed %d", point.from(), SEED)
                    .isEqualTo(sums);
        }
    }

    /** Two rings of longs, one reference to each, and what is around them. */
    @Test
    void itTakesFewKilobytes() {
        assertThat((60 + 96) * 4 * Long.BYTES).isLessThan(32_768);
        HistoryCounters history = new HistoryCounters();
        long now = EvidenceLab.START.toEpochMilli();
        history.add(now, 1, 1, 0);
        pass(Duration.ofDays(400));

        History later = history.snapshot(now + Duration.ofDays(400).toMillis());
        assertThat(later.minutes()).hasSize(60).allMatch(point -> point.runs() == 0);
    }

    @Test
    void runsMismatchesAndWhatWasNotComparedAreCounted() {
        Experiment<Integer> price = lab.scientist
                .<Integer>experiment("price")
                .snapshot(value -> {
                    if (value == 9) {
                        throw new IllegalStateException();
                    }
                    return value;
                })
                .build();
        price.run(() -> 1, () -> 1);
        price.run(() -> 1, () -> 2);
        pass(Duration.ofMinutes(2));
        price.run(() -> 9, () -> 9);

        ExperimentEvidence seen = lab.of("price");
        assertThat(seen.drops()).containsEntry(Drop.SNAPSHOT_FAILED, 1L);
        assertThat(seen.history().minutes().stream().filter(point -> point.runs() > 0))
                .containsExactly(
                        new History.Point(EvidenceLab.START, 2, 1, 0),
                        new History.Point(EvidenceLab.START.plusSeconds(120), 1, 0, 1));
        assertThat(seen.history().quarters().stream().filter(point -> point.runs() > 0))
                .containsExactly(new History.Point(EvidenceLab.START, 3, 1, 1));
    }

    @Test
    void whatBecameOfGateAndSwitchIsRememberedSinceWhen() {
        Experiment<Integer> price = lab.scientist
                .<Integer>experiment("price")
                .gate(Gates.circuitBreaker().failuresInARow(2).build())
                .build();
        assertThat(lab.of("price").state().since()).isEqualTo(EvidenceLab.START);
        assertThat(lab.of("price").state().lastRun()).isNull();
        pass(Duration.ofMinutes(1));
        for (int i = 0; i < 2; i++) {
            price.run(() -> 1, () -> {
                throw new IllegalStateException();
            });
        }
        Instant opened = EvidenceLab.START.plusSeconds(60);
        State open = lab.of("price").state();
        assertThat(open.isShut()).isTrue();
        assertThat(open.since()).isEqualTo(opened);
        assertThat(open.lastRun()).isEqualTo(opened);

        pass(Duration.ofMinutes(1));
        price.switchOff();
        price.switchOff();
        State off = lab.of("price").state();
        assertThat(off.isOn()).isFalse();
        assertThat(off.since()).isEqualTo(opened.plusSeconds(60));
        lab.scientist.switchOn();
        assertThat(lab.of("price").state().changes())
                .extracting(State.Change::what)
                .containsExactly("switched on", "switched off", "circuit breaker OPEN (2 failures in a row)");
        for (int i = 0; i < 100; i++) {
            price.switchOff();
            price.switchOn();
        }
        assertThat(lab.of("price").state().changes()).hasSize(State.MAX_CHANGES);
    }

    @Test
    void closingIsNoSwitchingOff() {
        Experiment<Integer> price = lab.scientist.<Integer>experiment("price").build();
        lab.scientist.close();
        assertThat(price.isOn()).isFalse();
        assertThat(lab.of("price").state().changes()).isEmpty();
    }
}
