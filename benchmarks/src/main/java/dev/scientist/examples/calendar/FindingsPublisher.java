package dev.scientist.examples.calendar;

import dev.scientist.Drop;
import dev.scientist.Experiment;
import dev.scientist.Operation;
import dev.scientist.Publisher;
import dev.scientist.Result;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts and groups the results of each experiment. Thread-safe. */
final class FindingsPublisher implements Publisher {

    private final long seed;
    private final Map<String, Findings> findings = new LinkedHashMap<>();

    FindingsPublisher(long seed) {
        this.seed = seed;
    }

    @Override
    public synchronized void defined(Experiment<?> experiment) {
        of(experiment);
    }

    @Override
    public synchronized void publish(Result<?> result) {
        of(result.experiment()).add(result);
    }

    @Override
    public synchronized void dropped(Experiment<?> experiment, Drop reason) {
        of(experiment).addDrop();
    }

    @Override
    public synchronized void failed(Experiment<?> experiment, Operation operation, Throwable failure) {
        of(experiment).addFailure();
    }

    /** What was found, one for each experiment, in the order in which they were defined. */
    synchronized List<Findings> findings() {
        return List.copyOf(findings.values());
    }

    private Findings of(Experiment<?> experiment) {
        return findings.computeIfAbsent(experiment.name(), name -> new Findings(name, seed));
    }
}
