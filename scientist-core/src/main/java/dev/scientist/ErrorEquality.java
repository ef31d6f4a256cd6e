package dev.scientist;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The default for throwables: the same class and the same message. */
enum ErrorEquality implements ResultComparator<Throwable> {
    INSTANCE;

    @Override
    public List<Difference> compare(@Nullable Throwable control, @Nullable Throwable candidate) {
        if (control == null || candidate == null) {
            return List.of(Difference.of("", control, candidate));
        }
        if (control.getClass() != candidate.getClass()) {
            return List.of(new Difference("", control, candidate, Difference.Kind.TYPE));
        }
        return Objects.equals(control.getMessage(), candidate.getMessage())
                ? List.of()
                : List.of(Difference.of("message", control.getMessage(), candidate.getMessage()));
    }
}
