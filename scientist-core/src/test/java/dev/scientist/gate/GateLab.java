package dev.scientist.gate;

import dev.scientist.Drop;
import dev.scientist.Experiment;
import dev.scientist.Gate;
import dev.scientist.Operation;
import dev.scientist.Publisher;
import dev.scientist.Result;
import dev.scientist.Scientist;
import java.util.ArrayList;
import java.util.List;

/** A scientist with a clock that stands still, and a publisher that notes what gates say. */
final class GateLab implements AutoCloseable {

    final List<Result<?>> results = new ArrayList<>();
    final List<String> statuses = new ArrayList<>();
    final List<Operation> operations = new ArrayList<>();
    final List<Throwable> failures = new ArrayList<>();
    final List<Drop> drops = new ArrayList<>();
    long now;

    final Scientist scientist = Scientist.builder()
            .publisher(new Publisher() {
                @Override
                public void publish(Result<?> result) {
                    results.add(result);
                }

                @Override
                public void gateChanged(Experiment<?> experiment, String status) {
                    statuses.add(experiment.name() + ": " + status);
                }

                @Override
                public void dropped(Experiment<?> experiment, Drop reason) {
                    drops.add(reason);
                }
            })
            .clock(() -> now)
            .failureHandler((experiment, operation, failure) -> {
                operations.add(operation);
                failures.add(failure);
            })
            .build();

    Experiment<Integer> experiment(String name, Gate gate) {
        return scientist.<Integer>experiment(name).gate(gate).build();
    }

    /** How many of the runs were sampled. */
    int sampled(Experiment<Integer> experiment, int runs) {
        long before = experiment.counts().started();
        for (int i = 0; i < runs; i++) {
            experiment.run(() -> 1, () -> 1);
        }
        return (int) (experiment.counts().started() - before);
    }

    @Override
    public void close() {
        scientist.close();
    }
}
