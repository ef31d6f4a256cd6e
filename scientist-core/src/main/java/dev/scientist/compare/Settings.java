package dev.scientist.compare;

import dev.scientist.ResultComparator;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a structural comparison goes about it. Immutable. */
record Settings(
        List<PathRules.Rule> rules,
        List<TypeRule> types,
        List<Class<?>> byGetters,
        List<Class<?>> byFields,
        int maxDepth,
        int maxNodes,
        int maxDifferences) {

    static final Settings DEFAULT = new Settings(List.of(), List.of(), List.of(), List.of(), 200, 1_000_000, 100);

    /** A comparator for all values of a type. */
    record TypeRule(Class<?> type, ResultComparator<@Nullable Object> comparator) {}

    /** What an object is to the walk; objects of different forms differ in type. */
    enum Form {
        RECORD,
        TEXT,
        MAP,
        SET,
        SEQUENCE,
        OBJECTS,
        PRIMITIVES,
        GETTERS,
        FIELDS,
        VALUE
    }

    Settings with(PathRules.Rule rule) {
        return new Settings(plus(rules, rule), types, byGetters, byFields, maxDepth, maxNodes, maxDifferences);
    }

    Settings with(TypeRule rule) {
        return new Settings(rules, plus(types, rule), byGetters, byFields, maxDepth, maxNodes, maxDifferences);
    }

    Settings withGetters(Class<?> type) {
        return new Settings(rules, types, plus(byGetters, type), byFields, maxDepth, maxNodes, maxDifferences);
    }

    Settings withFields(Class<?> type) {
        return new Settings(rules, types, byGetters, plus(byFields, type), maxDepth, maxNodes, maxDifferences);
    }

    Settings withMaxDepth(int depth) {
        return new Settings(rules, types, byGetters, byFields, depth, maxNodes, maxDifferences);
    }

    Settings withMaxNodes(int nodes) {
        return new Settings(rules, types, byGetters, byFields, maxDepth, nodes, maxDifferences);
    }

    Settings withMaxDifferences(int differences) {
        return new Settings(rules, types, byGetters, byFields, maxDepth, maxNodes, differences);
    }

    Form form(Object value) {
        if (value instanceof Record) {
            return Form.RECORD;
        }
        if (value instanceof CharSequence) {
            return Form.TEXT;
        }
        if (value instanceof Collection) {
            return value instanceof Set ? Form.SET : Form.SEQUENCE;
        }
        if (value instanceof Map) {
            return Form.MAP;
        }
        if (value instanceof Object[]) {
            return Form.OBJECTS;
        }
        Class<?> type = value.getClass();
        if (type.isArray()) {
            return Form.PRIMITIVES;
        }
        if (!byGetters.isEmpty() && chosen(byGetters, value, type)) {
            return Form.GETTERS;
        }
        return !byFields.isEmpty() && chosen(byFields, value, type) ? Form.FIELDS : Form.VALUE;
    }

    /** Values of the JDK's own keep their equals unless their very class was named. */
    private static boolean chosen(List<Class<?>> types, Object value, Class<?> type) {
        for (Class<?> chosen : types) {
            if (chosen == type
                    || (chosen.isInstance(value)
                            && !(value instanceof Enum)
                            && !type.getName().startsWith("java."))) {
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

    private static <E> List<E> plus(List<E> list, E element) {
        List<E> longer = new ArrayList<>(list);
        longer.add(element);
        return List.copyOf(longer);
    }
}
