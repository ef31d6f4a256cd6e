package dev.scientist.compare;

import dev.scientist.ResultComparator;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a structural comparison goes about it. Immutable. */
record Settings(
        @Nullable Class<?> root,
        List<PathRules.Rule> rules,
        List<TypeRule> types,
        List<Class<?>> byGetters,
        List<Class<?>> byFields,
        boolean acrossTypes,
        boolean keysAreNames,
        Limits limits) {

    static final Settings DEFAULT = new Settings(
            null, List.of(), List.of(), List.of(), List.of(), false, false, new Limits(200, 1_000_000, 100));

    /** A comparator for all values of a type. */
    record TypeRule(Class<?> type, ResultComparator<@Nullable Object> comparator) {}

    record Limits(int depth, int nodes, int differences) {}

    Settings withRoot(Class<?> type) {
        return new Settings(type, rules, types, byGetters, byFields, acrossTypes, keysAreNames, limits);
    }

    Settings withRules(List<PathRules.Rule> rules) {
        return new Settings(root, rules, types, byGetters, byFields, acrossTypes, keysAreNames, limits);
    }

    Settings withTypes(List<TypeRule> types) {
        return new Settings(root, rules, types, byGetters, byFields, acrossTypes, keysAreNames, limits);
    }

    Settings withGetters(Class<?> type) {
        return new Settings(root, rules, types, plus(byGetters, type), byFields, acrossTypes, keysAreNames, limits);
    }

    Settings withFields(Class<?> type) {
        return new Settings(root, rules, types, byGetters, plus(byFields, type), acrossTypes, keysAreNames, limits);
    }

    Settings withAcrossTypes() {
        return new Settings(root, rules, types, byGetters, byFields, true, keysAreNames, limits);
    }

    Settings withKeysAreNames() {
        return new Settings(root, rules, types, byGetters, byFields, acrossTypes, true, limits);
    }

    Settings withLimits(Limits limits) {
        return new Settings(root, rules, types, byGetters, byFields, acrossTypes, keysAreNames, limits);
    }

    /** What an object is to the walk. */
    Shape.Form form(Object value, Shape shape) {
        Shape.Form form = shape.form;
        if (form == Shape.Form.VALUE || form == Shape.Form.THROWABLE) {
            if (!byGetters.isEmpty() && isChosen(byGetters, value, shape)) {
                return Shape.Form.GETTERS;
            }
            if (!byFields.isEmpty() && isChosen(byFields, value, shape)) {
                return Shape.Form.FIELDS;
            }
        }
        return form;
    }

    /** Values of the JDK's own keep their equals, and throwables their way, unless such a class was named. */
    private static boolean isChosen(List<Class<?>> types, Object value, Shape shape) {
        for (Class<?> chosen : types) {
            if (chosen == shape.type) {
                return true;
            }
            if (chosen.isInstance(value)
                    && !(value instanceof Enum)
                    && !shape.ofJdk
                    && (shape.form != Shape.Form.THROWABLE || Throwable.class.isAssignableFrom(chosen))) {
                return true;
            }
        }
        return false;
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
        Class<?> family = switch (form) {
            case TEXT -> CharSequence.class;
            case MAP -> Map.class;
            case ENTRY -> Map.Entry.class;
            case SET, BAG, SEQUENCE -> Collection.class;
            default -> null;
        };
        for (TypeRule rule : types) {
            if (rule.type.isInstance(value)
                    || (acrossTypes && Number.class.isAssignableFrom(rule.type) && value instanceof Number)
                    || (family != null && (rule.type.isInterface() || family.isAssignableFrom(rule.type)))) {
                return true;
            }
        }
        return false;
    }

    static <E> List<E> plus(List<E> list, E element) {
        List<E> longer = new ArrayList<>(list);
        longer.add(element);
        return List.copyOf(longer);
    }
}
