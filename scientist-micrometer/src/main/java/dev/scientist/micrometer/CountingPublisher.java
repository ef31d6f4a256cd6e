package dev.scientist.micrometer;

import dev.scientist.Drop;
import dev.scientist.Experiment;
import dev.scientist.Operation;
import dev.scientist.Publisher;
import dev.scientist.Result;
import dev.scientist.Serving;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Another publisher, and what became of the results that it was handed. Thread-safe if that is. */
final class CountingPublisher implements Publisher {

    private record Counters(Counter success, Counter failure) {}

    private final MeterRegistry registry;
    private final String name;
    private final Publisher target;
    /** Bounded by the experiments of the scientists that it serves. */
    private final Map<Experiment<?>, Counters> experiments = new ConcurrentHashMap<>();

    CountingPublisher(MeterRegistry registry, String name, Publisher target) {
        this.registry = registry;
        this.name = name;
        this.target = target;
    }

    @Override
    public void defined(Experiment<?> experiment) {
        counters(experiment);
        target.defined(experiment);
    }

    @Override
    public void publish(Result<?> result) throws Exception {
        Counters counters = counters(result.experiment());
        boolean done = false;
        try {
            target.publish(result);
            done = true;
        } finally {
            (done ? counters.success : counters.failure).increment();
        }
    }

    @Override
    public boolean wants(Result<?> result) {
        return target.wants(result);
    }

    @Override
    public boolean wantsDrops() {
        return target.wantsDrops();
    }

    @Override
    public boolean wantsFailures() {
        return target.wantsFailures();
    }

    @Override
    public void dropped(Experiment<?> experiment, Drop reason) {
        target.dropped(experiment, reason);
    }

    @Override
    public void failed(Experiment<?> experiment, Operation operation, Throwable failure) {
        target.failed(experiment, operation, failure);
    }

    @Override
    public void switched(Experiment<?> experiment, boolean on) {
        target.switched(experiment, on);
    }

    @Override
    public void gateChanged(Experiment<?> experiment, String status) {
        target.gateChanged(experiment, status);
    }

    @Override
    public void stageChanged(Experiment<?> experiment, Serving serving) {
        target.stageChanged(experiment, serving);
    }

    @Override
    public void close() throws Exception {
        experiments.clear();
        target.close();
    }

    private Counters counters(Experiment<?> experiment) {
        Counters known = experiments.get(experiment);
        return known != null
                ? known
                : experiments.computeIfAbsent(
                        experiment, key -> new Counters(counter(key, "success"), counter(key, "failure")));
    }

    private Counter counter(Experiment<?> experiment, String outcome) {
        return ScientistMeter.PUBLICATIONS.counter(registry, experiment.name(), name, outcome);
    }
}
