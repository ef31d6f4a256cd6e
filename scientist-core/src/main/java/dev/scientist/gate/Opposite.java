package dev.scientist.gate;

import dev.scientist.Gate;
import dev.scientist.Result;
import org.jspecify.annotations.Nullable;

/** Open where another gate is closed. */
record Opposite(Gate gate) implements Gate {

    @Override
    public boolean admits(Request request, @Nullable Object input) {
        return !gate.admits(request, input);
    }

    @Override
    public void learn(Request request, Result<?> result) {
        gate.learn(request, result);
    }

    @Override
    public Gate forExperiment(String experiment) {
        return new Opposite(gate.forExperiment(experiment));
    }

    @Override
    public @Nullable String status() {
        String status = gate.status();
        return status == null ? null : "not (" + status + ")";
    }
}
