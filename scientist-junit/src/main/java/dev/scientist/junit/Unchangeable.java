package dev.scientist.junit;

import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tells values that nobody can change. */
final class Unchangeable {

    /** The collections of {@code List.of} and the like. */
    private static final String IMMUTABLE = "java.util.ImmutableCollections";

    private Unchangeable() {}

    /** True only if it is certain. */
    static boolean is(@Nullable Object value) {
        if (value == null
                || value instanceof Enum<?>
                || value instanceof UUID
                || value instanceof URI
                || value instanceof Locale
                || value instanceof Class<?>) {
            return true;
        }
        if (value instanceof Optional<?> optional) {
            return is(optional.orElse(null));
        }
        if (value instanceof Record record) {
            return hasUnchangeableParts(record);
        }
        String type = value.getClass().getName();
        if (type.startsWith(IMMUTABLE)) {
            return value instanceof Map<?, ?> map
                    ? map.entrySet().stream().allMatch(entry -> is(entry.getKey()) && is(entry.getValue()))
                    : value instanceof Collection<?> collection
                            && collection.stream().allMatch(Unchangeable::is);
        }
        return type.startsWith("java.time.")
                || type.startsWith("java.math.")
                || (type.startsWith("java.lang.")
                        && (value instanceof Comparable<?>)
                        && !(value instanceof Appendable));
    }

    private static boolean hasUnchangeableParts(Record record) {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            if (component.getType().isPrimitive()) {
                continue;
            }
            try {
                component.getAccessor().setAccessible(true);
                if (!is(component.getAccessor().invoke(record))) {
                    return false;
                }
            } catch (ReflectiveOperationException | RuntimeException e) {
                return false;
            }
        }
        return true;
    }
}
