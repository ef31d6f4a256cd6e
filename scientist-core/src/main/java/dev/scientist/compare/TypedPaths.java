package dev.scientist.compare;

import dev.scientist.compare.PathPattern.Sort;
import dev.scientist.compare.PathPattern.Step;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Checks paths against the type that is compared, as far as types tell: records and final classes without subclasses. */
final class TypedPaths {

    private TypedPaths() {}

    /**
     * Checks a path.
     *
     * @throws IllegalArgumentException if it leads nowhere; says what is there
     */
    static void check(Class<?> root, PathPattern pattern, boolean beans) {
        Type type = root;
        for (int i = 0; i < pattern.steps().size(); i++) {
            Step step = pattern.steps().get(i);
            type = held(type);
            Class<?> raw = raw(type);
            if (step.sort() == Sort.DEEP || raw == null) {
                return;
            }
            Type next;
            if (step.sort() == Sort.PROPERTY) {
                if (isElements(raw) || Map.class.isAssignableFrom(raw)) {
                    throw wrong(pattern, i, raw, "holds elements: '[*]' names them");
                }
                next = property(pattern, i, raw, beans);
            } else if (raw.isArray() || isElements(raw) || Map.class.isAssignableFrom(raw)) {
                next = element(type, raw);
            } else if (raw.isRecord() || isPlain(raw)) {
                throw wrong(pattern, i, raw, "has no elements");
            } else {
                return;
            }
            if (next == null) {
                return;
            }
            type = next;
        }
    }

    private static @Nullable Type property(PathPattern pattern, int at, Class<?> owner, boolean beans) {
        String name = pattern.steps().get(at).text();
        if (owner.isRecord()) {
            for (RecordComponent component : owner.getRecordComponents()) {
                if (component.getName().equals(name)) {
                    return component.getGenericType();
                }
            }
            List<String> names = Arrays.stream(owner.getRecordComponents())
                    .map(RecordComponent::getName)
                    .toList();
            throw wrong(pattern, at, owner, "has no '" + name + "'; there are " + String.join(", ", names));
        }
        if (isPlain(owner)) {
            throw wrong(pattern, at, owner, "has no properties");
        }
        if (beans && Modifier.isFinal(owner.getModifiers())) {
            Shape.Property[] named = Shape.of(owner).named();
            List<String> names = named == null
                    ? List.of()
                    : Arrays.stream(named).map(property -> property.name).toList();
            boolean field = Arrays.stream(owner.getDeclaredFields())
                    .anyMatch(declared -> declared.getName().equals(name));
            if (!names.contains(name) && !field && owner.getSuperclass() == Object.class) {
                throw wrong(pattern, at, owner, "has no '" + name + "'; there are " + String.join(", ", names));
            }
        }
        return null;
    }

    private static boolean isPlain(Class<?> type) {
        return type.isPrimitive() || Shape.isPlain(type) || CharSequence.class.isAssignableFrom(type);
    }

    private static boolean isElements(Class<?> type) {
        return type.isArray() || Collection.class.isAssignableFrom(type);
    }

    /** What lies at the same path in a holder; unknown if the holder has no type argument. */
    private static Type held(Type type) {
        Type inner = type;
        while (inner instanceof ParameterizedType holder
                && (holder.getRawType() == Optional.class || holder.getRawType() == AtomicReference.class)) {
            inner = holder.getActualTypeArguments()[0];
        }
        return inner;
    }

    private static @Nullable Type element(Type type, Class<?> raw) {
        if (raw.isArray()) {
            return type instanceof GenericArrayType array ? array.getGenericComponentType() : raw.getComponentType();
        }
        // a subclass of one's own may have other arguments, or none
        boolean known = type instanceof ParameterizedType && raw.getName().startsWith("java.util.");
        Type[] arguments = known ? ((ParameterizedType) type).getActualTypeArguments() : new Type[0];
        int wanted = Map.class.isAssignableFrom(raw) ? 2 : 1;
        return arguments.length == wanted ? arguments[wanted - 1] : null;
    }

    private static @Nullable Class<?> raw(Type type) {
        if (type instanceof Class<?> raw) {
            return raw;
        }
        if (type instanceof ParameterizedType parameterized) {
            return (Class<?>) parameterized.getRawType();
        }
        if (type instanceof WildcardType wildcard) {
            return raw(wildcard.getUpperBounds()[0]);
        }
        return type instanceof GenericArrayType ? Object[].class : null;
    }

    private static IllegalArgumentException wrong(PathPattern pattern, int at, Class<?> type, String what) {
        return new IllegalArgumentException("path '" + pattern.text() + "' leads nowhere: "
                + (at == 0 ? "" : "at '" + pattern.prefix(at) + "', ") + type.getName() + " " + what);
    }
}
