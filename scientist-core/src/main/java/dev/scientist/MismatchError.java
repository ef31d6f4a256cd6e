package dev.scientist;

import java.io.Serial;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Thrown at the caller when a candidate mismatched, could not be compared or was abandoned, and raising was asked for.
 * An {@link AssertionError}, so that a {@code catch (Exception e)} in the code under test cannot swallow it. The message
 * shows the values, cleaned where there is a cleaner. The cause is what the candidate threw; what the control and further
 * candidates threw is suppressed.
 */
public final class MismatchError extends AssertionError {

    @Serial
    private static final long serialVersionUID = 1L;

    /** The experiment's name. */
    private final String experiment;

    private final transient @Nullable Result<?> result;

    /**
     * Makes an error with a message that a person can read.
     *
     * @param result a mismatched result
     */
    public MismatchError(Result<?> result) {
        super(message(result), throwables(result).findFirst().orElse(null));
        this.experiment = result.experiment().name();
        this.result = result;
        Throwable controls = result.control().throwable();
        if (controls != null) {
            addSuppressed(controls);
        }
        throwables(result).skip(1).filter(thrown -> thrown != getCause()).forEach(this::addSuppressed);
    }

    private static Stream<Throwable> throwables(Result<?> result) {
        return result.comparisons().stream()
                .filter(Comparison::isToBeRaised)
                .map(comparison -> comparison.comparatorFailure() == null
                        ? comparison.candidate().throwable()
                        : comparison.comparatorFailure())
                .flatMap(Stream::ofNullable);
    }

    private static String message(Result<?> result) {
        Rendering rendering = Rendering.showingValues(); // who raises has asked for them
        StringBuilder text = new StringBuilder(result.experiment() + ": ")
                .append(result.control().name())
                .append(' ')
                .append(rendering.outcome(result.control()));
        for (Comparison<?> comparison : result.comparisons()) {
            if (!comparison.isToBeRaised()) {
                continue;
            }
            text.append(", ")
                    .append(comparison.candidate().name())
                    .append(' ')
                    .append(rendering.outcome(comparison.candidate()))
                    .append(comparison.outcome() == Outcome.FAILED ? ", which could not be compared" : "");
            String where = rendering.differences(comparison);
            if (!where.isEmpty()) {
                text.append(" (differs at ").append(where).append(')');
            }
            String hint = rendering.hint(comparison);
            if (!hint.isEmpty()) {
                text.append(" (").append(hint).append(')');
            }
        }
        return text.toString();
    }

    /**
     * The experiment that mismatched.
     *
     * @return its name
     */
    public String experiment() {
        return experiment;
    }

    /**
     * What the run found.
     *
     * @return the result; null after deserialization
     */
    public @Nullable Result<?> result() {
        return result;
    }
}
