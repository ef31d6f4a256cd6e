package dev.scientist.evidence;

import dev.scientist.Rendering;
import dev.scientist.Scientist;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

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
        evidence = EvidencePublisher.builder().rendering(rendering).clock(clock).build();
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

    /** What is left out of the times is past. */
    void warm() {
        millis.addAndGet(ExperimentCounters.WARM_UP_MILLIS);
    }

    @Override
    public void close() {
        scientist.close();
    }
}
