package dev.scientist;

/**
 * What a rollout says of its experiment: as a gate, who is served the candidate; and how far it is. Users have
 * {@code dev.scientist.rollout.Rollout}, which is the one that implements this; publishers are handed it by
 * {@link Publisher#stageChanged}. Thread-safe.
 */
public interface Serving extends Gate {

    /**
     * The stage that is in force now.
     *
     * @return {@code control}, {@code shadow}, {@code canary} or {@code candidate}
     */
    String stage();

    /**
     * Whether the candidate did harm, so that this JVM serves the control although the stage that was set would serve the
     * candidate.
     *
     * @return true from falling back until that is acknowledged, or the stage is set to one that serves the control
     */
    boolean fellBack();

    /**
     * The stage, and why it fell back.
     *
     * @return one line
     */
    @Override
    String status();
}
