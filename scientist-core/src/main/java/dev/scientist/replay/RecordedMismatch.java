package dev.scientist.replay;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A mismatch as it was written down. Immutable.
 *
 * @param at when
 * @param experiment the experiment's name
 * @param candidate the candidate's name
 * @param signature where the two differ, as {@link dev.scientist.Comparison#signature()} names it
 * @param input the run's input as the {@link Codec} wrote it, null if it had none or it was withheld
 * @param control what the control did, for people
 * @param candidateOutcome what the candidate did, for people
 * @param thrown where the candidate's throwable was thrown, as {@link dev.scientist.Rendering#frames} shows it, null if
 *     it threw nothing
 * @param controlValue the control's cleaned value as the codec wrote it, null if there was none or it was withheld
 * @param candidateValue the candidate's cleaned value as the codec wrote it, null if there was none or it was withheld
 * @param differences the first places where they differ, at most {@link MismatchWriter#MAX_DIFFERENCES}
 * @param context what the context held, for people
 * @param withheld what is missing, and why
 */
public record RecordedMismatch(
        Instant at,
        String experiment,
        String candidate,
        String signature,
        @Nullable String input,
        String control,
        String candidateOutcome,
        @Nullable String thrown,
        @Nullable String controlValue,
        @Nullable String candidateValue,
        List<String> differences,
        Map<String, String> context,
        List<String> withheld) {

    /** Copies the collections. */
    public RecordedMismatch {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(experiment, "experiment");
        Objects.requireNonNull(candidate, "candidate");
        Objects.requireNonNull(signature, "signature");
        Objects.requireNonNull(control, "control");
        Objects.requireNonNull(candidateOutcome, "candidate outcome");
        differences = List.copyOf(differences);
        context = Map.copyOf(context);
        withheld = List.copyOf(withheld);
    }
}
