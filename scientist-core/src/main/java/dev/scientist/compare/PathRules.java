package dev.scientist.compare;

import dev.scientist.Difference;
import dev.scientist.ResultComparator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the rules say about one place of the graph, and the way on from there to the places below it: the patterns of
 * all rules merged into one tree, so that a walk carries its place along without building a path. Immutable.
 */
final class PathRules {

    /** What a rule does with the places that its pattern names. */
    enum Effect {
        IGNORE,
        ANY_ORDER,
        COMPARE
    }

    /** One rule as the user gave it; a comparator for {@link Effect#COMPARE} only. */
    record Rule(
            PathPattern pattern, Effect effect, @Nullable ResultComparator<@Nullable Object> comparator) {}

    /** No rule here nor below. */
    static final PathRules NONE = new PathRules();

    final boolean ignored;
    final boolean anyOrder;
    final @Nullable ResultComparator<@Nullable Object> comparator;
    private final Map<String, PathRules> properties;
    private final Map<String, PathRules> keys;
    private final Map<Integer, PathRules> indexes;
    private final PathRules anyElement;

    private PathRules() {
        ignored = false;
        anyOrder = false;
        comparator = null;
        properties = Map.of();
        keys = Map.of();
        indexes = Map.of();
        anyElement = this;
    }

    private PathRules(List<Rule> rules, int depth) {
        boolean ignored = false;
        boolean anyOrder = false;
        ResultComparator<@Nullable Object> comparator = null;
        Set<PathPattern.Step> next = new HashSet<>();
        for (Rule rule : rules) {
            if (rule.pattern.steps().size() > depth) {
                next.add(rule.pattern.steps().get(depth));
                continue;
            }
            ignored |= rule.effect == Effect.IGNORE;
            anyOrder |= rule.effect == Effect.ANY_ORDER;
            if (rule.effect == Effect.COMPARE) {
                // the rule given last wins where two patterns name one place
                comparator = rule.comparator;
            }
        }
        this.ignored = ignored;
        this.anyOrder = anyOrder;
        this.comparator = comparator;
        properties = new HashMap<>();
        keys = new HashMap<>();
        indexes = new HashMap<>();
        for (PathPattern.Step step : next) {
            PathRules below = below(rules, depth, step);
            switch (step.sort()) {
                case PROPERTY -> properties.put(step.text(), below);
                case KEY -> keys.put(step.text(), below);
                case INDEX -> indexes.put(step.index(), below);
                case ANY -> {}
            }
        }
        anyElement = below(rules, depth, new PathPattern.Step(PathPattern.Sort.ANY, "*", -1));
    }

    static PathRules of(List<Rule> rules) {
        return rules.isEmpty() ? NONE : new PathRules(rules, 0);
    }

    /** The rules that a step leads to: those that name the very step and, of an element, those for every element. */
    private static PathRules below(List<Rule> rules, int depth, PathPattern.Step step) {
        List<Rule> further = new ArrayList<>();
        for (Rule rule : rules) {
            if (rule.pattern.steps().size() > depth) {
                PathPattern.Step own = rule.pattern.steps().get(depth);
                if (own.equals(step)
                        || (own.sort() == PathPattern.Sort.ANY && step.sort() != PathPattern.Sort.PROPERTY)) {
                    further.add(rule);
                }
            }
        }
        return further.isEmpty() ? NONE : new PathRules(further, depth + 1);
    }

    PathRules property(String name) {
        return properties.isEmpty() ? NONE : properties.getOrDefault(name, NONE);
    }

    PathRules element(int index) {
        return indexes.isEmpty() ? anyElement : indexes.getOrDefault(index, anyElement);
    }

    /** An element that has no index of its own: of a set, or in a list whose order does not matter. */
    PathRules element() {
        return anyElement;
    }

    PathRules key(@Nullable Object key) {
        return keys.isEmpty() ? anyElement : keys.getOrDefault(String.valueOf(key), anyElement);
    }

    /** True if both sides pass the comparator of this place. */
    static boolean pass(
            ResultComparator<@Nullable Object> comparator, @Nullable Object control, @Nullable Object candidate) {
        List<Difference> differences = comparator.compare(control, candidate);
        return differences.isEmpty();
    }
}
