package dev.scientist.gate;

import dev.scientist.Gate;
import dev.scientist.Result;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** All of some gates, or any of them. */
final class Combined implements Gate {

    private final Gate[] gates;
    /** What every gate must say for the whole to say it: the first that says otherwise decides. */
    private final boolean wanted;

    Combined(Gate[] gates, boolean wanted) {
        this.gates = gates.clone();
        this.wanted = wanted;
        for (int i = 0; i < this.gates.length; i++) {
            Objects.requireNonNull(this.gates[i], "gate " + i);
        }
    }

    @Override
    public boolean admits(Request request, @Nullable Object input) {
        for (Gate gate : gates) {
            if (gate.admits(request, input) != wanted) {
                return !wanted;
            }
        }
        return wanted;
    }

    @Override
    public void learn(Request request, Result<?> result) {
        for (Gate gate : gates) {
            try {
                gate.learn(request, result);
            } catch (Throwable failure) {
                // the others learn all the same
                request.report(failure);
            }
        }
    }

    @Override
    public Gate forExperiment(String experiment) {
        Gate[] own = new Gate[gates.length];
        for (int i = 0; i < gates.length; i++) {
            own[i] = gates[i].forExperiment(experiment);
        }
        return new Combined(own, wanted);
    }

    /** One that is shut is enough where all must admit; all must be where one that admits is enough. */
    @Override
    public boolean isShut() {
        for (Gate gate : gates) {
            if (gate.isShut() == wanted) {
                return wanted;
            }
        }
        return !wanted;
    }

    @Override
    public @Nullable String status() {
        StringBuilder all = new StringBuilder();
        for (Gate gate : gates) {
            String status = gate.status();
            if (status != null) {
                all.append(all.isEmpty() ? "" : "; ").append(status);
            }
        }
        return all.isEmpty() ? null : all.toString();
    }
}
