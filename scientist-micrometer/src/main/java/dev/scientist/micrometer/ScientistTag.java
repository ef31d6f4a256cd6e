package dev.scientist.micrometer;

import io.micrometer.common.docs.KeyName;

/** The tags of the {@linkplain ScientistMeter meters}. Each has few values; where data could make many, the limit is said. */
public enum ScientistTag implements KeyName {
    /** The experiment. */
    EXPERIMENT("experiment", "the experiment's name; a scientist has at most 10000"),
    /** What became of a run. */
    DECISION(
            "decision",
            "`sampled`: it has a result; `shed`, `rejected`, `closed`, `snapshot_failed`, `unfinished`, `broken`: it was"
                    + " dropped; `skipped`: the gate was closed, only with a gate that counts"),
    /** The candidate of a comparison. */
    CANDIDATE("candidate", "the first 11 names of an experiment, then `other`"),
    /** How a comparison ended. */
    OUTCOME("outcome", "`matched`, `mismatched`, `ignored`, `failed`, `abandoned`"),
    /** A control or a candidate. */
    BEHAVIOR("behavior", "the first 22 names of an experiment, then `other`"),
    /** What a behavior threw. */
    EXCEPTION("exception", "the simple name of its class; the first 10 of a behavior, then `other`"),
    /** Why a difference did not count. */
    REASON("reason", "the reason of the ignore rule; the first 10 of a candidate, then `other`"),
    /** Where two values differed. */
    PATH(
            "path",
            "where the values differ, indexes and map keys replaced by `*`, `(whole value)` for the value itself; the"
                    + " first 20 of a candidate, then `other`"),
    /** Who published. */
    PUBLISHER("publisher", "the name that the publisher was given"),
    /** How a publication ended. */
    PUBLICATION("outcome", "`success`, `failure`"),
    /** What failed. */
    OPERATION("operation", "what the part that failed was doing, as `Operation` has it, in small letters"),
    /** A stage of a rollout. */
    STAGE("stage", "`control`, `shadow`, `canary`, `candidate`"),
    /** Which end of an interval. */
    BOUND("bound", "`lower`, `upper`");

    private final String key;
    private final String description;

    ScientistTag(String key, String description) {
        this.key = key;
        this.description = description;
    }

    /**
     * What stands left of the equals sign.
     *
     * @return the key
     */
    @Override
    public String asString() {
        return key;
    }

    /**
     * What values it can have.
     *
     * @return one line of Markdown
     */
    public String description() {
        return description;
    }
}
