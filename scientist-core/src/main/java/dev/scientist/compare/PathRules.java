package dev.scientist.compare;

import dev.scientist.Difference;
import dev.scientist.ResultComparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the rules say about one place of the graph, and the way on from there to the places below it: the patterns of
 * all rules merged into one tree, so that a walk carries its place along without building a path. The tree grows where
 * walks go, since there can be very many places: each {@code [*]} beside an {@code [0]} doubles them. Thread-safe; for
 * a walk it does not change.
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

    private static final PathPattern.Step ANY_ELEMENT = new PathPattern.Step(PathPattern.Sort.ANY, "*", -1);

    /** No rule here nor below. */
    static final PathRules NONE = new PathRules();

    final boolean ignored;
    final boolean anyOrder;
    final @Nullable ResultComparator<@Nullable Object> comparator;
    private final Map<String, Way> properties;
    private final Map<String, Way> keys;
    private final Map<Integer, Way> indexes;
    private final Way anyElement;

    private PathRules() {
        ignored = false;
        anyOrder = false;
        comparator = null;
        properties = Map.of();
        keys = Map.of();
        indexes = Map.of();
        anyElement = new Way(this);
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
            switch (step.sort()) {
                case PROPERTY -> properties.put(step.text(), new Way(rules, depth, step));
                case KEY -> keys.put(step.text(), new Way(rules, depth, step));
                case INDEX -> indexes.put(step.index(), new Way(rules, depth, step));
                case ANY -> {}
            }
        }
        anyElement = new Way(rules, depth, ANY_ELEMENT);
    }

    static PathRules of(List<Rule> rules) {
        return rules.isEmpty() ? NONE : new PathRules(rules, 0);
    }

    PathRules property(String name) {
        Way own = properties.isEmpty() ? null : properties.get(name);
        return own == null ? NONE : own.end();
    }

    PathRules element(int index) {
        Way own = indexes.isEmpty() ? null : indexes.get(index);
        return own == null ? element() : own.end();
    }

    /** An element that has no index of its own: of a set, or in a list whose order does not matter. */
    PathRules element() {
        return anyElement.end();
    }

    PathRules key(@Nullable Object key) {
        Way own = keys.isEmpty() ? null : keys.get(String.valueOf(key));
        return own == null ? element() : own.end();
    }

    /** True if both sides pass the comparator of this place. */
    static boolean pass(
            ResultComparator<@Nullable Object> comparator, @Nullable Object control, @Nullable Object candidate) {
        List<Difference> differences = comparator.compare(control, candidate);
        return differences.isEmpty();
    }

    /** A step from a place: where it leads is found out when a walk first takes it. */
    private static final class Way {

        private final List<Rule> rules;
        private final int depth;
        private final PathPattern.Step step;
        private volatile @Nullable PathRules end;

        /** Leads to what is known already. */
        Way(PathRules end) {
            this(List.of(), 0, ANY_ELEMENT);
            this.end = end;
        }

        Way(List<Rule> rules, int depth, PathPattern.Step step) {
            this.rules = rules;
            this.depth = depth;
            this.step = step;
        }

        PathRules end() {
            PathRules known = end;
            return known == null ? find() : known;
        }

        /** Once, since walks know the places where they have been by the very rules. */
        private synchronized PathRules find() {
            PathRules known = end;
            if (known == null) {
                List<Rule> further =
                        rules.stream().filter(rule -> leadsOn(rule.pattern)).toList();
                known = further.isEmpty() ? NONE : new PathRules(further, depth + 1);
                end = known;
            }
            return known;
        }

        /** Patterns that name the very step do, and to an element those for every element. */
        private boolean leadsOn(PathPattern pattern) {
            if (pattern.steps().size() <= depth) {
                return false;
            }
            PathPattern.Step own = pattern.steps().get(depth);
            return own.equals(step) || (own.sort() == PathPattern.Sort.ANY && step.sort() != PathPattern.Sort.PROPERTY);
        }
    }
}
