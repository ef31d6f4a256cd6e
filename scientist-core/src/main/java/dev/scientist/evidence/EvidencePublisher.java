package dev.scientist.evidence;

import dev.scientist.Drop;
import dev.scientist.Experiment;
import dev.scientist.Operation;
import dev.scientist.Publisher;
import dev.scientist.Rendering;
import dev.scientist.Result;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts what the results of every experiment show, to tell whether one can cut over: see {@link #evidence()}.
 *
 * <p>Thread-safe. A run whose candidate matches is counted without a lock, in about a tenth of a microsecond; one that
 * mismatches takes microseconds for its signature, the first few more for their examples. Keeps no results and no raw values, only
 * numbers and a few examples as text.
 *
 * <p>Bounded for each experiment: {@value #MAX_CANDIDATES} candidates, each with {@value #MAX_SIGNATURES} signatures of
 * {@value #MAX_EXAMPLES} examples each, {@value #MAX_EXCEPTION_TYPES} types of exceptions a side and
 * {@value #MAX_IGNORE_REASONS} reasons for ignoring; what is beyond is counted together. A candidate needs about 25 kB
 * for its counters, and at most 1 MB where all its examples are as long as they can be.
 *
 * <p>Counts begin with the publisher, and are of one JVM. For a fleet, sum the counts up and hand them to
 * {@link Intervals}.
 */
public final class EvidencePublisher implements Publisher {

    /** How many candidates of one experiment are told apart. */
    public static final int MAX_CANDIDATES = 20;

    /** How many signatures of one candidate's mismatches are told apart. */
    public static final int MAX_SIGNATURES = 100;

    /** How many examples of each signature are kept: the first ones. */
    public static final int MAX_EXAMPLES = 3;

    /** How many types of exceptions are told apart, on each side. */
    public static final int MAX_EXCEPTION_TYPES = 10;

    /** How many reasons for ignoring are told apart. */
    public static final int MAX_IGNORE_REASONS = 50;

    /** What the exceptions, reasons and candidates beyond the limit are counted as. */
    public static final String OTHER = "other";

    /** What the signatures beyond the limit are counted as. */
    public static final String OTHER_SIGNATURES = "(other places)";

    private final Rendering rendering;
    private final InstantSource clock;
    private final Map<String, ExperimentCounters> experiments = new ConcurrentHashMap<>();

    /** A publisher whose examples show nothing private. */
    public EvidencePublisher() {
        this(Rendering.cautious(), InstantSource.system());
    }

    /**
     * A publisher with settings of its own.
     *
     * @param rendering how the examples of mismatches are made; default: {@link Rendering#cautious()}
     * @param clock tells when counting began and differences were seen, to the millisecond; default: the system's
     */
    public EvidencePublisher(Rendering rendering, InstantSource clock) {
        this.rendering = Objects.requireNonNull(rendering, "rendering");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    @Override
    public void defined(Experiment<?> experiment) {
        of(experiment);
    }

    @Override
    public void publish(Result<?> result) {
        of(result.experiment()).add(result, rendering, clock);
    }

    @Override
    public void dropped(Experiment<?> experiment, Drop reason) {
        of(experiment).addDrop(reason);
    }

    @Override
    public void failed(Experiment<?> experiment, Operation operation, Throwable failure) {
        of(experiment).addFailure(operation);
    }

    /** Two scientists that share this publisher and a name share the counters too. */
    private ExperimentCounters of(Experiment<?> experiment) {
        ExperimentCounters known = experiments.get(experiment.name());
        return known != null
                ? known
                : experiments.computeIfAbsent(experiment.name(), name -> new ExperimentCounters(experiment, now()));
    }

    /** To the millisecond, as all that is told. */
    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    /**
     * What was counted so far.
     *
     * @return one for each experiment, by name; those without a run too
     */
    public List<ExperimentEvidence> evidence() {
        return experiments.values().stream()
                .map(counters -> counters.snapshot(now()))
                .sorted(Comparator.comparing(ExperimentEvidence::experiment))
                .toList();
    }

    /**
     * What was counted so far of one experiment.
     *
     * @param experiment its name
     * @return empty if no experiment of that name was defined with this publisher
     */
    public Optional<ExperimentEvidence> evidence(String experiment) {
        return Optional.ofNullable(experiments.get(experiment)).map(counters -> counters.snapshot(now()));
    }
}
