package dev.scientist;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A candidate that differs from the control, as an {@linkplain Experiment.Builder#ignoreWhere ignore rule} sees it.
 * Immutable.
 *
 * @param input the input that was handed on, null if there was none
 * @param context the context of the run, unmodifiable
 * @param control what the control did
 * @param candidate what the candidate did
 * @param differences where they differ, unmodifiable
 * @param <T> the type of the value
 */
public record Mismatch<T extends @Nullable Object>(
        @Nullable Object input,
        Map<String, @Nullable Object> context,
        Observation<T> control,
        Observation<T> candidate,
        List<Difference> differences) {}
