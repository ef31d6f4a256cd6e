package dev.scientist;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Thrown at the caller when a candidate mismatched and raising was asked for. An {@link AssertionError}, so that a
 * {@code catch (Exception e)} in the code under test cannot swallow it. The message is made from cleaned values.
 */
public class MismatchError extends AssertionError {

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
        super(message(result));
        this.experiment = result.experiment().name();
        this.result = result;
    }

    private static String message(Result<?> result) {
        Rendering rendering = Rendering.cautious();
        StringBuilder text = new StringBuilder("experiment '")
                .append(result.experiment().name())
                .append("' mismatched: ")
                .append(result.control().name())
                .append(' ')
                .append(rendering.outcome(result.control()));
        for (Comparison<?> comparison : result.comparisons()) {
            if (comparison.outcome() == Outcome.MISMATCHED) {
                text.append(", ")
                        .append(comparison.candidate().name())
                        .append(' ')
                        .append(rendering.outcome(comparison.candidate()));
                String where = rendering.differences(comparison);
                if (!where.isEmpty()) {
                    text.append(" (differs at ").append(where).append(')');
                }
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
