package dev.scientist.evidence;

import dev.scientist.Counts;
import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.Serving;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an experiment is set, and what became of its gate and switch, in this process. Immutable.
 *
 * @param isOn whether it is switched on
 * @param isShut whether its gate keeps every run out
 * @param gate what the gate says of itself, null if nothing
 * @param rollout what the rollout says of itself, null if there is none
 * @param fellBack whether the rollout fell back
 * @param since since when all this is so: the last change, or else the definition
 * @param changes of gate and switch, the last ones, the newest first
 * @param lastRun when a run ended last, null if none has
 * @param counts how many runs were started
 */
record State(
        boolean isOn,
        boolean isShut,
        @Nullable String gate,
        @Nullable String rollout,
        boolean fellBack,
        Instant since,
        List<Change> changes,
        @Nullable Instant lastRun,
        Counts counts,
        String execution,
        List<String> traits) {

    /** How many changes are kept. */
    static final int MAX_CHANGES = 20;

    /** Something that happened to gate or switch. */
    record Change(Instant at, String what) {}

    State {
        changes = List.copyOf(changes);
        traits = List.copyOf(traits);
    }

    static State of(Experiment<?> experiment, Instant defined, List<Change> changes, @Nullable Instant lastRun) {
        Serving serving = experiment.serving();
        return new State(
                experiment.isOn(),
                experiment.isGateShut(),
                experiment.gateStatus(),
                serving == null ? null : serving.status(),
                serving != null && serving.fellBack(),
                changes.isEmpty() ? defined : changes.get(0).at(),
                changes,
                lastRun,
                experiment.counts(),
                describe(experiment.execution()),
                experiment.traits());
    }

    /** What stopped the candidate because of what it did, null if nothing did. */
    @Nullable
    String stopped() {
        return fellBack ? rollout : isShut ? shut() : null;
    }

    /** What a gate that is shut says of itself. */
    String shut() {
        return gate == null ? "gate shut" : gate;
    }

    private static String describe(Execution execution) {
        if (execution instanceof Execution.Elsewhere elsewhere) {
            return (execution instanceof Execution.Background ? "background" : "concurrent") + ", time limit "
                    + Words.duration((double) elsewhere.timeLimit().toNanos());
        }
        return execution == Execution.inline() ? "inline, random order" : "inline, control first";
    }
}
