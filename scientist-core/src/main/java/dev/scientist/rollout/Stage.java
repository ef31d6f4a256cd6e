package dev.scientist.rollout;

import java.util.Arrays;
import java.util.Locale;

/** How far a {@link Rollout} is: which behaviors run, and whose outcome the caller is served. */
public enum Stage {
    /** The control alone. */
    CONTROL,
    /** Both, as the experiment's gate and execution say; the control is served. */
    SHADOW,
    /**
     * For those whom the canary gate admits, both on the caller's thread, and the candidate is served; for all others as in
     * {@link #SHADOW}.
     */
    CANARY,
    /** The candidate alone: nothing is compared, and there is no rescue and no way back. */
    CANDIDATE;

    /**
     * The stage of a name, as flags and files have it.
     *
     * @param name in capitals or small letters; blanks around it do not matter
     * @return the stage
     * @throws IllegalArgumentException if there is no such stage
     */
    public static Stage of(String name) {
        String tidy = name.strip().toUpperCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(stage -> stage.name().equals(tidy))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no stage '" + name + "', only "
                        + Arrays.toString(values()).toLowerCase(Locale.ROOT)));
    }

    boolean servesCandidate() {
        return this == CANARY || this == CANDIDATE;
    }
}
