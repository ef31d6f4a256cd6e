package dev.scientist.micrometer;

import dev.scientist.Drop;
import dev.scientist.Experiment;
import dev.scientist.Gate;
import dev.scientist.Operation;
import dev.scientist.Publisher;
import dev.scientist.Result;
import dev.scientist.Serving;
import dev.scientist.rollout.Stage;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Publishes results as Micrometer meters: those that {@link ScientistMeter} lists.
 *
 * <p>What is known when an experiment is defined is registered then, at zero: a counter that is born at the first
 * mismatch hides that mismatch from {@code increase()}. That includes a candidate of the name {@code candidate}, which
 * goes again when the candidates of the first result have other names. Candidates, exceptions, reasons and paths that
 * show up later are registered then, a limited number of them for each experiment (see {@link ScientistTag}); the rest
 * is counted as {@code other}. So an experiment has 39 meters at
 * first, 40 if its gate has a state, 6 more if it has a rollout, and 760 at most.
 *
 * <p>Meters are held, not looked up: one that is removed from the registry is not made again. The gauges of switch,
 * gate and rollout hold the experiment; those of a second scientist on the same registry take over from the first's, and closing
 * removes them.
 *
 * <p>Thread-safe. Publishing never blocks, but where a new name shows up.
 */
public final class MicrometerPublisher implements Publisher {

    private final MeterRegistry registry;
    private final boolean histogram;
    private final Gauges gauges;
    /** Bounded by the experiments of the scientists that it serves. */
    private final Map<Experiment<?>, ExperimentMeters> experiments = new ConcurrentHashMap<>();

    /**
     * A publisher without histograms.
     *
     * @param registry where the meters are registered
     */
    public MicrometerPublisher(MeterRegistry registry) {
        this(Objects.requireNonNull(registry, "registry"), false);
    }

    private MicrometerPublisher(MeterRegistry registry, boolean histogram) {
        this.registry = registry;
        this.histogram = histogram;
        gauges = new Gauges(registry);
    }

    /**
     * The same, but the times of behaviors have a histogram from 10 microseconds to 30 seconds, for percentiles across
     * instances. It costs about a hundred series more for each behavior; a {@code MeterFilter} can thin them out.
     *
     * @return another publisher
     */
    public MicrometerPublisher histogram() {
        return new MicrometerPublisher(registry, true);
    }

    /**
     * Counts what becomes of the results that another publisher is handed, as {@link ScientistMeter#PUBLICATIONS}. What
     * it throws is thrown on, so that it is reported as ever.
     *
     * @param name the value of the tag {@code publisher}
     * @param publisher the publisher to count
     * @return the same publisher with a count, to be given to the scientist in its place
     */
    public Publisher counting(String name, Publisher publisher) {
        return new CountingPublisher(
                registry, Objects.requireNonNull(name, "name"), Objects.requireNonNull(publisher, "publisher"));
    }

    /**
     * Counts the runs that a gate keeps out, as {@link ScientistMeter#RUNS} with the decision {@code skipped}. Not
     * counted by itself, because it costs a counter on each run that is off. Runs of an experiment that is switched off
     * are not counted: nothing is asked then.
     *
     * @param gate the gate to count
     * @return the same gate with a count, to be given to the experiment or the scientist in its place
     */
    public Gate countingSkipped(Gate gate) {
        return new CountingGate(registry, Objects.requireNonNull(gate, "gate"));
    }

    /** Registers what is known before the first run. */
    @Override
    public void defined(Experiment<?> experiment) {
        meters(experiment);
        gauges.add(ScientistMeter.SWITCH, () -> experiment.isOn() ? 1 : 0, experiment.name());
        if (experiment.gateStatus() != null) {
            gauges.add(ScientistMeter.GATE, () -> experiment.isGateShut() ? 0 : 1, experiment.name());
        }
    }

    /** Registers what a rollout has, when it is built. */
    @Override
    public void stageChanged(Experiment<?> experiment, Serving serving) {
        if (!meters(experiment).addRollout()) {
            return;
        }
        for (Stage stage : Stage.values()) {
            String name = stage.name().toLowerCase(Locale.ROOT);
            gauges.add(
                    ScientistMeter.ROLLOUT_STAGE, () -> serving.stage().equals(name) ? 1 : 0, experiment.name(), name);
        }
        gauges.add(ScientistMeter.ROLLOUT_FALLEN_BACK, () -> serving.fellBack() ? 1 : 0, experiment.name());
    }

    @Override
    public void publish(Result<?> result) {
        meters(result.experiment()).published(result);
    }

    @Override
    public void dropped(Experiment<?> experiment, Drop reason) {
        meters(experiment).dropped(reason);
    }

    @Override
    public void failed(Experiment<?> experiment, Operation operation, Throwable failure) {
        meters(experiment).failed(operation);
    }

    /** Lets go of the experiments. Their counters and timers stay: the registry is its owner's to close. */
    @Override
    public void close() {
        gauges.close();
        experiments.clear();
    }

    private ExperimentMeters meters(Experiment<?> experiment) {
        ExperimentMeters known = experiments.get(experiment);
        return known != null
                ? known
                // not yet told of it, as by a publisher that hands on results alone
                : experiments.computeIfAbsent(experiment, key -> new ExperimentMeters(registry, key, histogram));
    }
}
