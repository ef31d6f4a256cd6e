package dev.scientist.evidence;

import dev.scientist.Outcome;
import dev.scientist.Rendering;
import dev.scientist.Scientist;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A scientist that publishes evidence, with clocks that stand still unless told to go on. */
final class EvidenceLab implements AutoCloseable {

    static final Instant START = Instant.parse("2024-03-01T12:00:00Z");

    final AtomicLong millis = new AtomicLong(START.toEpochMilli());
    final AtomicLong nanos = new AtomicLong();
    final InstantSource clock = () -> Instant.ofEpochMilli(millis.get());
    final EvidencePublisher evidence;
    final Scientist scientist;

    EvidenceLab() {
        this(Rendering.cautious(), settings -> settings);
    }

    EvidenceLab(Rendering rendering, UnaryOperator<Scientist.Builder> settings) {
        evidence = new EvidencePublisher(rendering, clock);
        scientist = settings.apply(Scientist.builder()
                        .publisher(evidence)
                        .clock(nanos::get)
                        .failureHandler((experiment, operation, failure) -> {}))
                .build();
    }

    ExperimentEvidence of(String experiment) {
        return evidence.evidence(experiment).orElseThrow();
    }

    /** The only candidate of an experiment. */
    CandidateEvidence candidate(String experiment) {
        List<CandidateEvidence> all = of(experiment).candidates();
        if (all.size() != 1) {
            throw new AssertionError("one candidate expected, not " + all.size());
        }
        return all.get(0);
    }

    /** Returns a value after some nanoseconds of the clock. */
    <T> T after(long nanos, T value) {
        this.nanos.addAndGet(nanos);
        return value;
    }

    /** Evidence without runs: so many outcomes, in the order of {@link Outcome}, and times that vary little. */
    static CandidateEvidence counted(
            long matched, long mismatched, long ignored, long failed, long abandoned, double timeRatio) {
        return counted(matched, mismatched, ignored, failed, abandoned, Math.log(timeRatio), 0.01, null);
    }

    static CandidateEvidence counted(
            long matched,
            long mismatched,
            long ignored,
            long failed,
            long abandoned,
            double meanOfLogs,
            double varianceOfLogs,
            @Nullable CandidateEvidence baseline) {
        Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
        long[] counts = {matched, mismatched, ignored, failed, abandoned};
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(outcome, counts[outcome.ordinal()]);
        }
        Times none = new TimeHistogram().snapshot();
        long times = matched + mismatched + ignored;
        return new CandidateEvidence(
                "candidate",
                outcomes,
                Map.of(),
                Map.of(),
                Map.of(),
                new ArrayList<>(),
                none,
                none,
                new LogRatios(times, meanOfLogs, varianceOfLogs),
                baseline);
    }

    @Override
    public void close() {
        scientist.close();
    }
}
