package dev.scientist.micrometer;

import static dev.scientist.micrometer.ScientistTag.BEHAVIOR;
import static dev.scientist.micrometer.ScientistTag.BOUND;
import static dev.scientist.micrometer.ScientistTag.CANDIDATE;
import static dev.scientist.micrometer.ScientistTag.DECISION;
import static dev.scientist.micrometer.ScientistTag.EXCEPTION;
import static dev.scientist.micrometer.ScientistTag.EXPERIMENT;
import static dev.scientist.micrometer.ScientistTag.OPERATION;
import static dev.scientist.micrometer.ScientistTag.OUTCOME;
import static dev.scientist.micrometer.ScientistTag.PATH;
import static dev.scientist.micrometer.ScientistTag.PUBLICATION;
import static dev.scientist.micrometer.ScientistTag.PUBLISHER;
import static dev.scientist.micrometer.ScientistTag.REASON;
import static dev.scientist.micrometer.ScientistTag.STAGE;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import java.util.List;
import java.util.function.Supplier;

/** The meters of {@link MicrometerPublisher} and {@link EvidenceMeters}, for documentation and for {@code MeterFilter}s. */
public enum ScientistMeter implements MeterDocumentation {
    /** Runs by what became of them. */
    RUNS("scientist.runs", Meter.Type.COUNTER, "Runs by what became of them", EXPERIMENT, DECISION),
    /** Whether an experiment is switched on. */
    SWITCH("scientist.switch", Meter.Type.GAUGE, "Whether the experiment is switched on: 1, or 0 if off", EXPERIMENT),
    /** Whether a gate lets runs through. */
    GATE(
            "scientist.gate",
            Meter.Type.GAUGE,
            "Whether the gate lets runs through: 1, or 0 while it is shut, as by a circuit breaker; only of gates with a state",
            EXPERIMENT),
    /** Comparisons of a candidate with the control. */
    COMPARISONS(
            "scientist.comparisons",
            Meter.Type.COUNTER,
            "Comparisons of a candidate with the control",
            EXPERIMENT,
            CANDIDATE,
            OUTCOME),
    /** Comparisons of the control with itself. */
    BASELINE_COMPARISONS(
            "scientist.baseline.comparisons",
            Meter.Type.COUNTER,
            "Comparisons of the control with itself: the noise",
            EXPERIMENT,
            OUTCOME),
    /** How long control and candidates took. */
    BEHAVIOR_TIME(
            "scientist.behavior",
            Meter.Type.TIMER,
            "How long control and candidates took, in runs in which both ended alike: both returned or both threw",
            EXPERIMENT,
            BEHAVIOR),
    /** What control and candidates threw. */
    EXCEPTIONS(
            "scientist.exceptions",
            Meter.Type.COUNTER,
            "What control and candidates threw",
            EXPERIMENT,
            BEHAVIOR,
            EXCEPTION),
    /** Why differences did not count. */
    IGNORED(
            "scientist.ignored",
            Meter.Type.COUNTER,
            "Comparisons whose differences were ignored, by reason",
            EXPERIMENT,
            CANDIDATE,
            REASON),
    /** Where mismatches differed. */
    DIFFERENCES(
            "scientist.differences",
            Meter.Type.COUNTER,
            "Mismatches by where they differ: one that differs in several places counts at each",
            EXPERIMENT,
            CANDIDATE,
            PATH),
    /** What publishers did with the results they were handed. */
    PUBLICATIONS(
            "scientist.publications",
            Meter.Type.COUNTER,
            "Results handed to a publisher that is counted",
            EXPERIMENT,
            PUBLISHER,
            PUBLICATION),
    /** What went wrong in user-supplied parts. */
    FAILURES(
            "scientist.failures",
            Meter.Type.COUNTER,
            "Failures of user-supplied parts; a candidate's exception is none",
            EXPERIMENT,
            OPERATION),
    /** The stage of a rollout. */
    ROLLOUT_STAGE(
            "scientist.rollout.stage",
            Meter.Type.GAUGE,
            "The stage of a rollout: 1 of the one that is in force, 0 of the others; only of experiments with a rollout",
            EXPERIMENT,
            STAGE),
    /** Whether a rollout fell back. */
    ROLLOUT_FALLEN_BACK(
            "scientist.rollout.fallen.back",
            Meter.Type.GAUGE,
            "Whether a rollout fell back and serves the control although its stage is set to serve the candidate: 1, else 0",
            EXPERIMENT),
    /** Rescues in the canary of a rollout. */
    ROLLOUT_RESCUES(
            "scientist.rollout.rescues",
            Meter.Type.COUNTER,
            "Callers who were served the control, since the candidate threw what the control did not",
            EXPERIMENT),
    /** Bounds of the mismatch rate. */
    EVIDENCE_MISMATCH_RATE(
            "scientist.evidence.mismatch.rate",
            Meter.Type.GAUGE,
            "Bounds of this instance's mismatch rate that hold however often one looks",
            EXPERIMENT,
            CANDIDATE,
            BOUND),
    /** Bounds of the time ratio. */
    EVIDENCE_TIME_RATIO(
            "scientist.evidence.time.ratio",
            Meter.Type.GAUGE,
            "Bounds of how many times as long as the control the candidate takes, at the median",
            EXPERIMENT,
            CANDIDATE,
            BOUND),
    /** Whether one can cut over. */
    EVIDENCE_CONCLUSION(
            "scientist.evidence.conclusion",
            Meter.Type.GAUGE,
            "Whether one can cut over: 1 ready, 0 inconclusive, -1 not ready",
            EXPERIMENT,
            CANDIDATE),
    /** How many more runs that match it would take to be ready. */
    EVIDENCE_RUNS_TO_READY(
            "scientist.evidence.runs.to.ready",
            Meter.Type.GAUGE,
            "How many more runs without a mismatch it would take to be ready; none if that is not known",
            EXPERIMENT,
            CANDIDATE);

    private final String name;
    private final Meter.Type type;
    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<ScientistTag> tags;

    ScientistMeter(String name, Meter.Type type, String description, ScientistTag... tags) {
        this.name = name;
        this.type = type;
        this.description = description;
        this.tags = List.of(tags);
    }

    /**
     * The meter's name as Micrometer sees it; a registry may write it otherwise, as {@code scientist_runs_total}.
     *
     * @return the name
     */
    @Override
    public String getName() {
        return name;
    }

    @Override
    public Meter.Type getType() {
        return type;
    }

    @Override
    public String getBaseUnit() {
        return type == Meter.Type.TIMER ? "seconds" : "";
    }

    @Override
    public KeyName[] getKeyNames() {
        return tags.toArray(KeyName[]::new);
    }

    /**
     * What the meter says.
     *
     * @return one line
     */
    public String description() {
        return description;
    }

    /** The counter with these values of the tags, in the order of {@link #getKeyNames}. */
    Counter counter(MeterRegistry registry, String... values) {
        return Counter.builder(name).description(description).tags(tags(values)).register(registry);
    }

    /** A timer to be built with these values of the tags, in the order of {@link #getKeyNames}. */
    Timer.Builder timer(String... values) {
        return Timer.builder(name).description(description).tags(tags(values));
    }

    /** Registers a gauge with these values of the tags, in the order of {@link #getKeyNames}, in place of any other. */
    Gauge gauge(MeterRegistry registry, Supplier<Number> value, String... values) {
        // by its id, as a search would look at every meter there is
        registry.removeByPreFilterId(new Meter.Id(name, tags(values), null, null, type));
        return Gauge.builder(name, value)
                .description(description)
                .tags(tags(values))
                .register(registry);
    }

    private Tags tags(String... values) {
        Tags all = Tags.empty();
        for (int i = 0; i < tags.size(); i++) {
            all = all.and(tags.get(i).asString(), values[i]);
        }
        return all;
    }
}
