package dev.scientist.micrometer;

import dev.scientist.Gate;
import dev.scientist.Result;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/** Another gate, and how many runs it kept out: one counter for each experiment. Thread-safe if that is. */
final class CountingGate implements Gate {

    private final MeterRegistry registry;
    private final Gate target;

    CountingGate(MeterRegistry registry, Gate target) {
        this.registry = registry;
        this.target = target;
    }

    @Override
    public Gate forExperiment(String experiment) {
        return new OfExperiment(
                target.forExperiment(experiment), ScientistMeter.RUNS.counter(registry, experiment, "skipped"));
    }

    /** Asked only where a gate is used outside of an experiment: there is nobody to count for. */
    @Override
    public boolean admits(Request request, @Nullable Object input) {
        return target.admits(request, input);
    }

    private record OfExperiment(Gate target, Counter skipped) implements Gate {
        @Override
        public boolean admits(Request request, @Nullable Object input) {
            boolean admitted = target.admits(request, input);
            if (!admitted) {
                skipped.increment();
            }
            return admitted;
        }

        @Override
        public void learn(Request request, Result<?> result) {
            target.learn(request, result);
        }

        @Override
        public @Nullable String status() {
            return target.status();
        }

        @Override
        public boolean isShut() {
            return target.isShut();
        }
    }
}
