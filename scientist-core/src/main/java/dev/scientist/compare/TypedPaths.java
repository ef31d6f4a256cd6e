package dev.scientist.compare;

import dev.scientist.compare.PathPattern.Sort;
import dev.scientist.compare.PathPattern.Step;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks paths against the type that is compared, as far as types tell: of other classes there may be subclasses. */
final class TypedPaths {

    private TypedPaths() {}

    /**
     * Checks a path.
     *
     * @throws IllegalArgumentException if it leads nowhere; says what is there
     */
    static void check(Class<?> root, PathPattern pattern) {
        Type type = root;
        for (int i = 0; i < pattern.steps().size() && type != null; i++) {
            Step step = pattern.steps().get(i);
            Class<?> raw = raw(type);
            if (raw == null || step.sort() == Sort.DEEP) {
                return;
            }
            boolean elements =
                    raw.isArray() || Collection.class.isAssignableFrom(raw) || Map.class.isAssignableFrom(raw);
            String where = "path '" + pattern.text() + "' leads nowhere: "
                    + (i == 0 ? "" : "at '" + pattern.prefix(i) + "', ") + raw.getName();
            if (elements && step.sort() == Sort.PROPERTY) {
                throw new IllegalArgumentException(where + " holds elements: '[*]' names them");
            }
            if (!elements && (raw.isRecord() || isPlain(raw)) && step.sort() != Sort.PROPERTY) {
                throw new IllegalArgumentException(where + " has no elements");
            }
            if (elements) {
                // the last argument of a collection or map of the JDK is what it holds
                type = raw.isArray()
                        ? raw.getComponentType()
                        : type instanceof ParameterizedType known
                                        && raw.getName().startsWith("java.util.")
                                ? known.getActualTypeArguments()[known.getActualTypeArguments().length - 1]
                                : null;
            } else {
                type = property(raw, step.text(), where);
            }
        }
    }

    private static @Nullable Type property(Class<?> owner, String name, String where) {
        if (isPlain(owner)) {
            throw new IllegalArgumentException(where + " has no properties");
        }
        if (!owner.isRecord()) {
            return null;
        }
        List<RecordComponent> components = Arrays.asList(owner.getRecordComponents());
        List<String> names = components.stream().map(RecordComponent::getName).toList();
        if (!names.contains(name)) {
            throw new IllegalArgumentException(where + " has no '" + name + "'; there are " + String.join(", ", names));
        }
        return components.get(names.indexOf(name)).getGenericType();
    }

    private static boolean isPlain(Class<?> type) {
        return type.isPrimitive() || Shape.isPlain(type);
    }

    private static @Nullable Class<?> raw(Type type) {
        return type instanceof Class<?> raw
                ? raw
                : type instanceof ParameterizedType known ? (Class<?>) known.getRawType() : null;
    }
}
