package dev.scientist.compare;

import dev.scientist.ResultComparator;
import dev.scientist.compare.PathPattern.Sort;
import dev.scientist.compare.PathPattern.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the rules say about one place of the graph, and the way on from there to the places below it, so that a walk
 * carries its place along without building a path. The patterns of all rules are one automaton: a state is how far each
 * of them has come. States are made when a walk first comes to them, since there can be very many. Thread-safe; for a
 * walk it does not change.
 */
final class PathRules {

    /** What a rule does with the places that its pattern names. */
    enum Effect {
        IGNORE,
        ANY_ORDER,
        /** Elements belong together that have the same key. */
        PAIR,
        COMPARE
    }

    /** One rule as the user gave it; the comparator is that of {@link Effect#COMPARE}, the key that of a pairing. */
    record Rule(
            PathPattern pattern,
            Effect effect,
            ResultComparator<@Nullable Object> comparator,
            Function<Object, @Nullable Object> key) {

        /** One without comparator and key. */
        Rule(PathPattern pattern, Effect effect) {
            this(pattern, effect, ResultComparator.equality(), element -> element);
        }
    }

    /** How far a rule has come: the next step to take. */
    private record At(int rule, int step) {}

    /** No rule here nor below. */
    static final PathRules NONE = new PathRules(new Automaton(List.of()), Set.of());

    /** What all states of the same rules share. */
    private static final class Automaton {

        private final List<Rule> rules;
        private final Map<Set<At>, PathRules> states = new ConcurrentHashMap<>();
        /** Whether a rule's pattern ever named a place that was there. */
        private final boolean[] met;

        Automaton(List<Rule> rules) {
            this.rules = rules;
            met = new boolean[rules.size()];
        }

        /** The same state for the same steps, since walks know the places where they have been by their states. */
        PathRules state(Set<At> ats) {
            return ats.isEmpty() ? NONE : states.computeIfAbsent(ats, unknown -> new PathRules(this, unknown));
        }

        /** The step that a rule is to take next; null if it has taken all. */
        @Nullable
        Step next(At at) {
            List<Step> steps = rules.get(at.rule).pattern.steps();
            return at.step < steps.size() ? steps.get(at.step) : null;
        }

        /** Goes on to a step; one that any number of steps may stand for can be passed at once. */
        void add(Set<At> ats, int rule, int step) {
            At at = new At(rule, step);
            ats.add(at);
            Step next = next(at);
            if (next != null && next.sort() == Sort.DEEP) {
                add(ats, rule, step + 1);
            }
        }
    }

    final boolean ignored;
    final boolean anyOrder;
    final @Nullable ResultComparator<@Nullable Object> comparator;
    final @Nullable Function<Object, @Nullable Object> key;
    /** True if an element's index may matter to the rules. */
    final boolean byIndex;

    private final Automaton automaton;
    private final Set<At> ats;
    private final Map<String, Way> properties = new HashMap<>();
    private final Map<String, Way> keys = new HashMap<>();
    private final Map<Integer, Way> indexes = new HashMap<>();
    private final Way otherProperty;
    private final Way anyElement;

    // what was met here: written by any walk, always to the same
    private boolean seen;
    private boolean seenElements;
    private List<String> seenNames = List.of();

    private PathRules(Automaton automaton, Set<At> ats) {
        this.automaton = automaton;
        this.ats = ats;
        boolean ignored = false;
        boolean anyOrder = false;
        ResultComparator<@Nullable Object> comparator = null;
        Function<Object, @Nullable Object> key = null;
        for (At at : ats) {
            Rule rule = automaton.rules.get(at.rule);
            Step step = automaton.next(at);
            if (step == null) {
                ignored |= rule.effect == Effect.IGNORE;
                anyOrder |= rule.effect == Effect.ANY_ORDER;
                // the rule given last wins where two patterns name one place
                comparator = rule.effect == Effect.COMPARE ? rule.comparator : comparator;
                key = rule.effect == Effect.PAIR ? rule.key : key;
                continue;
            }
            switch (step.sort()) {
                case PROPERTY -> properties.put(step.text(), new Way(step));
                case KEY -> keys.put(step.text(), new Way(step));
                case INDEX -> indexes.put(step.index(), new Way(step));
                case ANY, DEEP -> {}
            }
        }
        this.ignored = ignored;
        this.anyOrder = anyOrder;
        this.comparator = comparator;
        this.key = key;
        otherProperty = new Way(new Step(Sort.PROPERTY, "", -1));
        anyElement = new Way(new Step(Sort.ANY, "", -1));
        byIndex = !indexes.isEmpty();
    }

    static PathRules of(List<Rule> rules) {
        if (rules.isEmpty()) {
            return NONE;
        }
        Automaton automaton = new Automaton(rules);
        Set<At> start = new LinkedHashSet<>();
        for (int i = 0; i < rules.size(); i++) {
            automaton.add(start, i, 0);
        }
        return automaton.state(start);
    }

    PathRules property(String name) {
        if (this == NONE) {
            return this;
        }
        Way own = properties.get(name);
        return (own == null ? otherProperty : own).end();
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

    /** Notes that there is such a place. */
    void meet() {
        if (!seen) {
            for (At at : ats) {
                automaton.met[at.rule] |= automaton.next(at) == null;
            }
            seen = true;
        }
    }

    /** Notes which properties an object here has. */
    void meetNames(Shape.Property[] properties) {
        if (this != NONE && seenNames.isEmpty()) {
            seenNames = Shape.names(properties);
        }
    }

    /** Notes that here are elements or values under keys. */
    void meetElements() {
        seenElements = true;
    }

    /**
     * The rules that never named anything, from the first state on; each with the names that are where its path ends.
     *
     * @param certain only where there is an object without the property, or something else than elements: a key or an
     *     index may come yet
     */
    List<String> unmet(boolean certain) {
        List<String> unmet = new ArrayList<>();
        for (int i = 0; i < automaton.rules.size(); i++) {
            String instead = automaton.met[i] ? null : instead(automaton.rules.get(i).pattern, certain);
            if (instead != null) {
                unmet.add("path '" + automaton.rules.get(i).pattern.text() + "' never met anything: " + instead);
            }
        }
        return unmet;
    }

    private @Nullable String instead(PathPattern pattern, boolean certain) {
        PathRules place = this;
        for (int i = 0; i < pattern.steps().size(); i++) {
            Step step = pattern.steps().get(i);
            if (step.sort() == Sort.DEEP) {
                Set<String> all = new TreeSet<>();
                automaton.states.values().forEach(state -> all.addAll(state.seenNames));
                return all.isEmpty() ? null : "anywhere there are " + String.join(", ", all);
            }
            PathRules next = place.after(step);
            if (next.seen && next != NONE) {
                place = next;
                continue;
            }
            String where = i == 0 ? "in the whole value" : "at '" + pattern.prefix(i) + "'";
            if (!place.seenNames.isEmpty()) {
                return where + " there are " + String.join(", ", place.seenNames);
            }
            if (place.seenElements && step.sort() == Sort.PROPERTY) {
                String here = pattern.prefix(i);
                return where + " there are elements or keys: '" + here + "[*]' names all of them, '" + here + "[\""
                        + step.text() + "\"]' one key";
            }
            return place.seenElements && !certain ? where + " there is no such key or index" : null;
        }
        return null;
    }

    private PathRules after(Step step) {
        return switch (step.sort()) {
            case PROPERTY -> property(step.text());
            case KEY -> key(step.text());
            case INDEX -> element(step.index());
            case ANY, DEEP -> element();
        };
    }

    /** A step from a place: where it leads is found out when a walk first takes it. */
    private final class Way {

        private final Step step;
        private volatile @Nullable PathRules end;

        Way(Step step) {
            this.step = step;
        }

        PathRules end() {
            PathRules known = end;
            if (known == null) {
                Set<At> next = new LinkedHashSet<>();
                for (At at : ats) {
                    Step own = automaton.next(at);
                    if (own != null && own.sort() == Sort.DEEP) {
                        automaton.add(next, at.rule, at.step);
                    } else if (step.equals(own)
                            || (own != null && own.sort() == Sort.ANY && step.sort() != Sort.PROPERTY)) {
                        automaton.add(next, at.rule, at.step + 1);
                    }
                }
                known = automaton.state(next);
                end = known;
            }
            return known;
        }
    }
}
