package dev.scientist.evidence;

import dev.scientist.Comparison;
import dev.scientist.Rendering;
import dev.scientist.Result;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What is counted of the mismatches with one signature. Lock-free. */
final class DifferenceCounters {

    private static final int MAX_TEXT = 1_000;
    private static final int MAX_PLACES = 50;
    private static final int MAX_FRAMES = 5;

    private final LongAdder count = new LongAdder();
    private final LongAccumulator first = new LongAccumulator(Math::min, Long.MAX_VALUE);
    private final LongAccumulator last = new LongAccumulator(Math::max, Long.MIN_VALUE);
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicReferenceArray<DifferenceEvidence.@Nullable Example> examples;
    /** The places of the signature one by one; null until the first run, empty if they are too many to keep. */
    private volatile @Nullable List<String> places;

    DifferenceCounters(int examples) {
        this.examples = new AtomicReferenceArray<>(examples);
    }

    void add(Result<?> result, Comparison<?> comparison, List<String> differing, Rendering rendering, long now) {
        first.accumulate(now);
        last.accumulate(now);
        if (places == null) {
            places = differing.size() > MAX_PLACES ? List.of() : differing;
        }
        count.increment();
        if (taken.get() < examples.length()) {
            int slot = taken.getAndIncrement();
            if (slot < examples.length()) {
                examples.set(slot, example(result, comparison, rendering, now));
            }
        }
    }

    private static DifferenceEvidence.Example example(
            Result<?> result, Comparison<?> comparison, Rendering rendering, long now) {
        Object input = result.input();
        Throwable thrown = comparison.candidate().throwable();
        String where = rendering.differences(comparison);
        String hint = rendering.hint(comparison);
        return new DifferenceEvidence.Example(
                Instant.ofEpochMilli(now),
                input == null ? null : rendering.text(input),
                rendering.outcome(comparison.control()),
                rendering.outcome(comparison.candidate()),
                thrown == null ? null : bounded(Rendering.frames(thrown, MAX_FRAMES)),
                bounded(where.isEmpty() || hint.isEmpty() ? where + hint : where + "; " + hint));
    }

    private static String bounded(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT - 1) + "…";
    }

    /** Of a group whose first mismatch is on its way the count is 0, and the rest means nothing. */
    DifferenceEvidence snapshot(String signature) {
        List<DifferenceEvidence.Example> shown = new ArrayList<>();
        for (int i = 0; i < examples.length(); i++) {
            DifferenceEvidence.Example example = examples.get(i);
            if (example != null) {
                shown.add(example);
            }
        }
        List<String> where = places;
        boolean isRest = signature.equals(EvidencePublisher.OTHER_SIGNATURES);
        return new DifferenceEvidence(
                signature,
                isRest || where == null ? List.of() : where,
                count.sum(),
                Instant.ofEpochMilli(Math.min(first.get(), last.get())),
                Instant.ofEpochMilli(last.get()),
                shown);
    }
}
