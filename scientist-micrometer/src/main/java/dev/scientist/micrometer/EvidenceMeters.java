package dev.scientist.micrometer;

import dev.scientist.Comparison;
import dev.scientist.Experiment;
import dev.scientist.Publisher;
import dev.scientist.Result;
import dev.scientist.evidence.CandidateEvidence;
import dev.scientist.evidence.Estimate;
import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.evidence.Tolerance;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What the numbers of this instance prove, as gauges: bounds of the mismatch rate and of the time ratio at the
 * median, and the conclusion. They are computed when the registry asks, from an {@link EvidencePublisher} that the scientist has beside
 * this one, and are {@code NaN} as long as there is nothing to say.
 *
 * <p>Bounds and conclusions of instances cannot be added up or averaged: those of a fleet come from
 * {@link dev.scientist.evidence.FleetEvidence}.
 *
 * <p>Gauges are registered at the first result of a candidate, for 11 of each experiment. Those of a second one on the same
 * registry, as after a redeployment, take the place of the first one's; closing removes them. Thread-safe.
 */
public final class EvidenceMeters implements Publisher {

    private static final int MAX_CANDIDATES = 1 + 10;

    private final EvidencePublisher evidence;
    private final Tolerance tolerance;
    /** Bounded by the experiments of the scientists that it serves. */
    private final Map<Experiment<?>, Map<String, Boolean>> experiments = new ConcurrentHashMap<>();

    private final Gauges gauges;

    /**
     * Gauges of what a publisher has gathered.
     *
     * @param registry where the gauges are registered
     * @param evidence what they are computed from; to be given to the scientist as a publisher too
     * @param tolerance what the conclusion is about; its confidence is that of the bounds
     */
    public EvidenceMeters(MeterRegistry registry, EvidencePublisher evidence, Tolerance tolerance) {
        this.gauges = new Gauges(Objects.requireNonNull(registry, "registry"));
        this.evidence = Objects.requireNonNull(evidence, "evidence");
        this.tolerance = Objects.requireNonNull(tolerance, "tolerance");
    }

    /** Registers what is known from before the process, if evidence is kept; else the first result does. */
    @Override
    public void defined(Experiment<?> experiment) {
        evidence.evidence(experiment.name()).stream()
                .flatMap(shown -> shown.candidates().stream())
                .forEach(shown -> register(experiment, shown.candidate()));
    }

    /** Removes its gauges from the registry, unless another one has taken over. */
    @Override
    public void close() {
        gauges.close();
        experiments.clear();
    }

    @Override
    public void publish(Result<?> result) {
        for (Comparison<?> comparison : result.comparisons()) {
            register(result.experiment(), comparison.candidate().name());
        }
    }

    private void register(Experiment<?> experiment, String candidate) {
        Map<String, Boolean> known = experiments.computeIfAbsent(experiment, key -> new ConcurrentHashMap<>());
        if (known.containsKey(candidate) || known.size() >= MAX_CANDIDATES) {
            return;
        }
        synchronized (known) { // or two threads could make one too many
            if (known.size() >= MAX_CANDIDATES || known.putIfAbsent(candidate, true) != null) {
                return;
            }
        }
        register(experiment.name(), candidate);
    }

    private void register(String experiment, String candidate) {
        double alpha = 1 - tolerance.confidence();
        bounds(ScientistMeter.EVIDENCE_MISMATCH_RATE, experiment, candidate, shown -> shown.mismatchRate(alpha));
        bounds(ScientistMeter.EVIDENCE_TIME_RATIO, experiment, candidate, shown -> shown.timeRatio(0.5, alpha));
        gauge(ScientistMeter.EVIDENCE_CONCLUSION, experiment, candidate, shown -> switch (shown.conclusion(tolerance)
                .verdict()) {
            case READY -> 1;
            case INCONCLUSIVE -> 0;
            case NOT_READY -> -1;
        });
        gauge(ScientistMeter.EVIDENCE_RUNS_TO_READY, experiment, candidate, shown -> {
            OptionalLong runs = shown.conclusion(tolerance).cleanRunsToReady();
            return runs.isPresent() ? runs.getAsLong() : Double.NaN;
        });
    }

    private void bounds(
            ScientistMeter meter, String experiment, String candidate, Function<CandidateEvidence, Estimate> estimate) {
        gauge(
                meter,
                experiment,
                candidate,
                shown -> estimate.apply(shown).interval().lower(),
                "lower");
        gauge(
                meter,
                experiment,
                candidate,
                shown -> estimate.apply(shown).interval().upper(),
                "upper");
    }

    private void gauge(
            ScientistMeter meter,
            String experiment,
            String candidate,
            ToDoubleFunction<CandidateEvidence> value,
            String... bound) {
        Supplier<Number> now = () -> evidence.evidence(experiment).stream()
                .flatMap(shown -> shown.candidates().stream())
                .filter(shown -> shown.candidate().equals(candidate))
                .mapToDouble(value)
                .findFirst()
                .orElse(Double.NaN);
        String[] tags = Stream.concat(Stream.of(experiment, candidate), Stream.of(bound))
                .toArray(String[]::new);
        gauges.add(meter, now, tags);
    }
}
