package dev.scientist.compare;

import dev.scientist.Difference;
import dev.scientist.ResultComparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Throwables by class, by message too, and with new classes for old ones. */
record ErrorRules(Map<Class<? extends Throwable>, Class<? extends Throwable>> renamed, boolean byMessage)
        implements ResultComparator<Throwable> {

    ErrorRules {
        renamed = Map.copyOf(renamed);
    }

    @Override
    public List<Difference> compare(@Nullable Throwable control, @Nullable Throwable candidate) {
        if (control == candidate) {
            return List.of();
        }
        if (control == null || candidate == null) {
            return List.of(Difference.of("", control, candidate));
        }
        if (!sameType(control, candidate)) {
            return List.of(new Difference("", control, candidate, Difference.Kind.TYPE));
        }
        return !byMessage || Objects.equals(control.getMessage(), candidate.getMessage())
                ? List.of()
                : List.of(Difference.of("message", control.getMessage(), candidate.getMessage()));
    }

    private boolean sameType(Throwable control, Throwable candidate) {
        for (Class<?> type = control.getClass(); type != null; type = type.getSuperclass()) {
            Class<? extends Throwable> wanted = renamed.get(type);
            if (wanted != null) {
                return wanted.isInstance(candidate);
            }
        }
        return control.getClass() == candidate.getClass();
    }
}
