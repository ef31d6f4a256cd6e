package dev.scientist.evidence;

import dev.scientist.Drop;
import dev.scientist.Outcome;
import dev.scientist.evidence.CandidateCounters.Timed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Puts evidence together by its numbers, without runs. Each setting is added to what is there. */
final class Numbers {

    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private final Map<Drop, Long> drops = new EnumMap<>(Drop.class);
    private final Map<String, Long> ignored = new LinkedHashMap<>();
    private final Map<String, Long> places = new LinkedHashMap<>();
    private final List<DifferenceEvidence> differences = new ArrayList<>();
    private final CandidateCounters times = new CandidateCounters(0, List.of());
    private @Nullable String unfair = "the candidate runs in the background";
    private @Nullable Sums baseline;
    private @Nullable Period lately;
    private Duration seen = Duration.ofHours(2);
    private int inputs;
    private boolean ignoresNoise;
    private long noise;

    static Numbers matched(long runs) {
        return new Numbers().outcome(Outcome.MATCHED, runs);
    }

    Numbers outcome(Outcome outcome, long runs) {
        outcomes.merge(outcome, runs, Long::sum);
        return this;
    }

    /** So many runs that differ at all of these places, and nowhere else. */
    Numbers mismatched(long runs, String... differing) {
        for (String place : differing) {
            places.merge(place, runs, Long::sum);
        }
        differences.add(new DifferenceEvidence(
                String.join(", ", differing), List.of(differing), runs, Instant.EPOCH, Instant.EPOCH, List.of()));
        return outcome(Outcome.MISMATCHED, runs);
    }

    Numbers ignored(long runs, String reason) {
        ignored.merge(reason, runs, Long::sum);
        return outcome(Outcome.IGNORED, runs);
    }

    Numbers noise(long runs) {
        noise += runs;
        return ignored(runs, dev.scientist.Comparison.NOISE);
    }

    Numbers ignoringNoise() {
        ignoresNoise = true;
        return this;
    }

    Numbers dropped(long runs, Drop reason) {
        drops.merge(reason, runs, Long::sum);
        return this;
    }

    Numbers baseline(Numbers control) {
        baseline = control.sums();
        return this;
    }

    Numbers lately(Numbers window) {
        lately = window.period(window.sums());
        return this;
    }

    Numbers seen(Duration time) {
        seen = time;
        return this;
    }

    Numbers inputs(int different) {
        inputs = different;
        return this;
    }

    /** So many times of either side, made of the number of each. */
    Numbers times(long each, LongUnaryOperator control, LongUnaryOperator candidate) {
        unfair = null;
        for (long i = 0; i < each; i++) {
            times.addTimes(Timed.BOTH, control.applyAsLong(i), candidate.applyAsLong(i));
        }
        return this;
    }

    private Sums sums() {
        Sums measured = times.snapshot(unfair);
        return new Sums(
                outcomes,
                noise,
                Map.of(),
                Map.of(),
                ignored,
                places,
                differences,
                measured.control(),
                measured.candidate(),
                unfair,
                0,
                Map.of());
    }

    private Period period(Sums sums) {
        return new Period(
                Instant.EPOCH,
                sums.outcomes().values().stream().mapToLong(Long::longValue).sum(),
                drops,
                Map.of("candidate", sums),
                baseline);
    }

    ExperimentEvidence experiment() {
        Period all = period(sums());
        return new ExperimentEvidence(
                "price",
                new ExperimentEvidence.Facts("", Instant.EPOCH, seen, inputs, ignoresNoise, List.of(), null),
                Map.of(),
                all,
                lately == null ? all : lately);
    }

    CandidateEvidence evidence() {
        return experiment().candidates().get(0);
    }

    Conclusion conclusion(Tolerance tolerance) {
        return evidence().conclusion(tolerance);
    }

    Conclusion conclusion() {
        return conclusion(Tolerance.standard());
    }
}
