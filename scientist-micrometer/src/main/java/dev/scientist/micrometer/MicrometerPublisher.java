package dev.scientist.micrometer;

import dev.scientist.Comparison;
import dev.scientist.Drop;
import dev.scientist.Experiment;
import dev.scientist.Observation;
import dev.scientist.Operation;
import dev.scientist.Outcome;
import dev.scientist.Publisher;
import dev.scientist.Result;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Publishes results as Micrometer meters: {@code scientist.runs} (by decision), {@code scientist.comparisons} (by
 * candidate and outcome), {@code scientist.behavior} (a timer by behavior) and {@code scientist.failures} (by
 * operation). Thread-safe.
 */
public final class MicrometerPublisher implements Publisher {

    private static final String EXPERIMENT = "experiment";

    private final MeterRegistry registry;

    /**
     * Makes a publisher.
     *
     * @param registry where the meters are registered
     */
    public MicrometerPublisher(MeterRegistry registry) {
        this.registry = Objects.requireNonNull(registry, "registry");
    }

    /** Registers what is known before the first run at zero, so that no first mismatch is hidden from a rate. */
    @Override
    public void defined(Experiment<?> experiment) {
        runs(experiment, "sampled");
        for (Drop reason : Drop.values()) {
            runs(experiment, text(reason));
        }
        for (Outcome outcome : Outcome.values()) {
            comparisons(experiment, Experiment.CANDIDATE, outcome);
        }
    }

    @Override
    public void publish(Result<?> result) {
        Experiment<?> experiment = result.experiment();
        runs(experiment, "sampled").increment();
        time(experiment, result.control());
        for (Comparison<?> comparison : result.comparisons()) {
            comparisons(experiment, comparison.candidate().name(), comparison.outcome())
                    .increment();
            time(experiment, comparison.candidate());
        }
    }

    @Override
    public void dropped(Experiment<?> experiment, Drop reason) {
        runs(experiment, text(reason)).increment();
    }

    @Override
    public void failed(Experiment<?> experiment, Operation operation, Throwable failure) {
        Counter.builder("scientist.failures")
                .tag(EXPERIMENT, experiment.name())
                .tag("operation", text(operation))
                .register(registry)
                .increment();
    }

    private Counter runs(Experiment<?> experiment, String decision) {
        return Counter.builder("scientist.runs")
                .tag(EXPERIMENT, experiment.name())
                .tag("decision", decision)
                .register(registry);
    }

    private Counter comparisons(Experiment<?> experiment, String candidate, Outcome outcome) {
        return Counter.builder("scientist.comparisons")
                .tag(EXPERIMENT, experiment.name())
                .tag("candidate", candidate)
                .tag("outcome", text(outcome))
                .register(registry);
    }

    private void time(Experiment<?> experiment, Observation<?> observation) {
        Timer.builder("scientist.behavior")
                .tag(EXPERIMENT, experiment.name())
                .tag("behavior", observation.name())
                .register(registry)
                .record(observation.nanos(), TimeUnit.NANOSECONDS);
    }

    private static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
