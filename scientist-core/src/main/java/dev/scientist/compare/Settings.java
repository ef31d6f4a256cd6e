package dev.scientist.compare;

import dev.scientist.ResultComparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How a structural comparison goes about it. Immutable. */
record Settings(
        @Nullable Class<?> root,
        List<PathRules.Rule> rules,
        List<TypeRule> types,
        List<Bean> beans,
        boolean acrossTypes,
        boolean keysAreNames,
        Limits limits) {

    static final Settings DEFAULT =
            new Settings(null, List.of(), List.of(), List.of(), false, false, new Limits(200, 1_000_000, 100));

    /** A comparator for all values of a type. */
    record TypeRule(Class<?> type, ResultComparator<@Nullable Object> comparator) {}

    /** Objects of a class are compared by getters or by fields. */
    record Bean(Class<?> type, Shape.Form form) {}

    record Limits(int depth, int nodes, int differences) {

        Limits {
            if (Math.min(depth, Math.min(nodes, differences)) < 1) {
                throw new IllegalArgumentException("max depth, nodes and differences must be at least 1, not "
                        + List.of(depth, nodes, differences));
            }
        }
    }

    Settings withRoot(Class<?> type) {
        return new Settings(type, rules, types, beans, acrossTypes, keysAreNames, limits);
    }

    Settings with(List<PathRules.Rule> rules, List<TypeRule> types) {
        return new Settings(root, rules, types, beans, acrossTypes, keysAreNames, limits);
    }

    Settings with(Bean bean) {
        return new Settings(root, rules, types, plus(beans, bean), acrossTypes, keysAreNames, limits);
    }

    Settings withAcrossTypes() {
        return new Settings(root, rules, types, beans, true, keysAreNames, limits);
    }

    Settings withKeysAreNames() {
        return new Settings(root, rules, types, beans, acrossTypes, true, limits);
    }

    Settings with(Limits limits) {
        return new Settings(root, rules, types, beans, acrossTypes, keysAreNames, limits);
    }

    /**
     * What an object is to the walk. Values of the JDK's own keep their equals, and throwables their way, unless such a
     * class was named.
     */
    Shape.Form form(Object value, Shape shape) {
        boolean throwable = shape.form == Shape.Form.THROWABLE;
        if (beans.isEmpty() || (shape.form != Shape.Form.VALUE && !throwable)) {
            return shape.form;
        }
        Bean nearest = null;
        for (Bean bean : beans) {
            boolean chosen = bean.type.isInstance(value)
                    && !(value instanceof Enum)
                    && !shape.ofJdk
                    && (!throwable || Throwable.class.isAssignableFrom(bean.type));
            if ((chosen || bean.type == shape.type) && (nearest == null || nearest.type.isAssignableFrom(bean.type))) {
                nearest = bean;
            }
        }
        return nearest == null ? shape.form : nearest.form;
    }

    /** Whether the value is compared by getters or fields because its class was named, not as one of all. */
    boolean isNamed(Object value) {
        return beans.stream().anyMatch(bean -> bean.type != Object.class && bean.type.isInstance(value));
    }

    /** The comparator of the first type rule that takes both sides. */
    @Nullable
    ResultComparator<@Nullable Object> comparator(Object control, Object candidate) {
        for (TypeRule rule : types) {
            if (rule.type.isInstance(control) && rule.type.isInstance(candidate)) {
                return rule.comparator;
            }
        }
        return null;
    }

    /** Whether a type rule may take the value, or what is equal to it in another class. */
    boolean isRuled(Object value, Shape.Form form) {
        boolean otherClasses = form != Shape.Form.VALUE && form != Shape.Form.RECORD;
        return types.stream()
                .anyMatch(rule -> acrossTypes
                        || rule.type.isInstance(value)
                        || (otherClasses && (rule.type.isInterface() || Shape.of(rule.type).form == form)));
    }

    static <E> List<E> plus(List<E> list, E element) {
        return Stream.concat(list.stream(), Stream.of(element)).toList();
    }
}
