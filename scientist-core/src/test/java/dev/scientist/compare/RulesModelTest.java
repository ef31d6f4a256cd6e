package dev.scientist.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many random graphs and random rules, against a plain model of what the rules mean. */
@Timeout(300)
class RulesModelTest {

    private static final long SEED =
            Long.getLong("scientist.seed", ThreadLocalRandom.current().nextLong());
    private static final int CASES = Integer.getInteger("scientist.rules", 100_000);

    private static final double TOLERANCE = 1;
    private static final List<String> PLACES = List.of(
            "a",
            "b",
            "a.b",
            "b.a",
            "a[*]",
            "b[*]",
            "a[*].b",
            "b[*].a",
            "[*]",
            "[*].a",
            "a[*][*]",
            "[\"k\"]",
            "a[\"k\"]",
            "[*][\"k\"].b",
            "**.a",
            "**.b",
            "**[*].a",
            "a.**.b",
            "**[\"k\"]");
    private static final List<String> COLLECTIONS =
            List.of("", "a", "b", "a.b", "a[*]", "[*]", "[*].a", "**.a", "**.b", "a.**.b", "[\"k\"]");

    record Pair(Object a, Object b) {}

    /** The same rules as lists of steps. */
    private static final class Rules {
        final List<List<String>> ignored = new ArrayList<>();
        final List<List<String>> tolerant = new ArrayList<>();
        final List<List<String>> anyOrder = new ArrayList<>();
        final List<List<String>> paired = new ArrayList<>();
        boolean types;
    }

    @Test
    void whatTheRulesSayIsWhatIsCompared() {
        int different = 0;
        for (int i = 0; i < CASES; i++) {
            Random random = new Random(SEED + i);
            Rules rules = new Rules();
            StructuralComparator<Object> comparator = comparator(random, rules);
            Object control = graph(random, 0);
            Object candidate = random.nextInt(10) == 0 ? graph(random, 0) : changed(random, control);
            boolean same = new Model(rules).same(control, candidate, List.of());
            different += same ? 0 : 1;

            assertThat(comparator.compare(control, candidate).isEmpty())
                    .as("-Dscientist.seed=%s, case %s: %s and %s", SEED, i, shown(control), shown(candidate))
                    .isEqualTo(same);
        }
        // else the generator would show nothing
        assertThat(different).isBetween(CASES / 10, CASES * 9 / 10);
    }

    private static String shown(Object graph) {
        return graph instanceof Object[] array ? Arrays.deepToString(array) : String.valueOf(graph);
    }

    private static StructuralComparator<Object> comparator(Random random, Rules rules) {
        StructuralComparator<Object> comparator = Comparators.structural();
        for (int i = random.nextInt(3); i > 0; i--) {
            String place = PLACES.get(random.nextInt(PLACES.size()));
            comparator = comparator.ignoring(place);
            rules.ignored.add(steps(place));
        }
        if (random.nextInt(3) == 0) {
            String place = PLACES.get(random.nextInt(PLACES.size()));
            comparator = comparator.at(place, dev.scientist.ResultComparator.matching(RulesModelTest::near));
            rules.tolerant.add(steps(place));
        }
        if (random.nextInt(2) == 0) {
            String place = COLLECTIONS.get(random.nextInt(COLLECTIONS.size()));
            comparator = comparator.inAnyOrder(place);
            rules.anyOrder.add(steps(place));
        }
        if (random.nextInt(4) == 0) {
            String place = COLLECTIONS.get(random.nextInt(COLLECTIONS.size()));
            comparator = comparator.pairing(place + "[*]", RulesModelTest::key);
            rules.paired.add(steps(place));
        }
        if (random.nextInt(4) == 0) {
            comparator = comparator.forType(Double.class, Comparators.tolerance(TOLERANCE));
            rules.types = true;
        }
        return comparator;
    }

    private static boolean near(Object one, Object other) {
        return one instanceof Number a && other instanceof Number b
                ? Math.abs(a.doubleValue() - b.doubleValue()) <= TOLERANCE
                : Objects.equals(one, other);
    }

    private static Object key(Object element) {
        return element instanceof Pair pair ? String.valueOf(pair.a instanceof Number ? pair.a : "x") : "y";
    }

    /** A path's steps: names, {@code *} for every element, {@code "k"} for a key, {@code **}. */
    private static List<String> steps(String place) {
        List<String> steps = new ArrayList<>();
        for (String step : place.replace("[", ".[").split("\\.")) {
            if (!step.isEmpty()) {
                steps.add(
                        step.equals("[*]") ? "*" : step.startsWith("[") ? step.substring(1, step.length() - 1) : step);
            }
        }
        return steps;
    }

    private static Object graph(Random random, int depth) {
        int sort = depth > 3 ? 9 : random.nextInt(10);
        switch (sort) {
            case 0, 1, 2 -> {
                return new Pair(graph(random, depth + 1), graph(random, depth + 1));
            }
            case 3, 4 -> {
                List<Object> list = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    list.add(graph(random, depth + 1));
                }
                return list;
            }
            case 5 -> {
                Object[] array = new Object[random.nextInt(4)];
                Arrays.setAll(array, i -> graph(random, depth + 1));
                return array;
            }
            case 6 -> {
                Map<String, Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    map.put(List.of("k", "l", "m").get(random.nextInt(3)), graph(random, depth + 1));
                }
                return map;
            }
            default -> {
                return leaf(random);
            }
        }
    }

    private static Object leaf(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> null;
            case 1 -> "s" + random.nextInt(2);
            case 2 -> random.nextInt(3);
            default -> random.nextInt(8) / 2.0;
        };
    }

    private static Object changed(Random random, Object part) {
        if (random.nextInt(25) == 0) {
            return leaf(random);
        }
        if (part instanceof Double number && random.nextInt(4) == 0) {
            return number + random.nextInt(3) / 2.0;
        }
        if (part instanceof Pair pair) {
            return new Pair(changed(random, pair.a), changed(random, pair.b));
        }
        if (part instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(changed(random, element)));
            shuffled(random, copy);
            return copy;
        }
        if (part instanceof Object[] array) {
            List<Object> copy = new ArrayList<>();
            for (Object element : array) {
                copy.add(changed(random, element));
            }
            shuffled(random, copy);
            return copy.toArray();
        }
        if (part instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new HashMap<>();
            map.forEach((key, value) -> copy.put(key, changed(random, value)));
            if (random.nextInt(15) == 0) {
                copy.remove("k");
            }
            return copy;
        }
        return part;
    }

    private static void shuffled(Random random, List<Object> list) {
        if (random.nextInt(3) == 0) {
            Collections.shuffle(list, random);
        }
        if (random.nextInt(15) == 0 && !list.isEmpty()) {
            list.remove(random.nextInt(list.size()));
        }
    }

    /** Equality by the rules, in plain words: no limits, no hashes, all partners tried. */
    private static final class Model {

        private final Rules rules;

        Model(Rules rules) {
            this.rules = rules;
        }

        boolean same(Object one, Object other, List<String> path) {
            if (one == other || names(rules.ignored, path)) {
                return true;
            }
            if (names(rules.tolerant, path)) {
                return near(one, other);
            }
            if (one == null || other == null) {
                return false;
            }
            if (rules.types && one instanceof Double && other instanceof Double) {
                return near(one, other);
            }
            if (one instanceof Pair a && other instanceof Pair b) {
                return same(a.a, b.a, below(path, "a")) && same(a.b, b.b, below(path, "b"));
            }
            if (one instanceof List<?> a && other instanceof List<?> b) {
                return elements(a, b, path);
            }
            if (one instanceof Object[] a && other instanceof Object[] b) {
                return elements(Arrays.asList(a), Arrays.asList(b), path);
            }
            if (one instanceof Map<?, ?> a && other instanceof Map<?, ?> b) {
                Set<Object> keys = new HashSet<>(a.keySet());
                keys.addAll(b.keySet());
                return keys.stream().allMatch(key -> {
                    List<String> place = below(path, "\"" + key + "\"");
                    return a.containsKey(key) && b.containsKey(key)
                            ? same(a.get(key), b.get(key), place)
                            : names(rules.ignored, place);
                });
            }
            return one.equals(other);
        }

        private boolean elements(List<?> one, List<?> other, List<String> path) {
            if (names(rules.paired, path)) {
                Set<Object> keys = new HashSet<>();
                one.forEach(element -> keys.add(element == null ? null : key(element)));
                other.forEach(element -> keys.add(element == null ? null : key(element)));
                return keys.stream().allMatch(key -> {
                            List<String> place = below(path, "\"" + key + "\"");
                            return names(rules.ignored, place) || paired(ofKey(one, key), ofKey(other, key), place);
                        })
                        // or as they come
                        || inOrder(one, other, path);
            }
            if (names(rules.ignored, below(path, "*"))) {
                return true;
            }
            return inOrder(one, other, path) || (names(rules.anyOrder, path) && paired(one, other, below(path, "*")));
        }

        private boolean inOrder(List<?> one, List<?> other, List<String> path) {
            if (one.size() != other.size()) {
                return false;
            }
            for (int i = 0; i < one.size(); i++) {
                if (!same(one.get(i), other.get(i), below(path, "*"))) {
                    return false;
                }
            }
            return true;
        }

        private static List<Object> ofKey(List<?> elements, Object key) {
            List<Object> found = new ArrayList<>();
            for (Object element : elements) {
                if (Objects.equals(element == null ? null : key(element), key)) {
                    found.add(element);
                }
            }
            return found;
        }

        /** Whether there is any way to give each element a partner. */
        private boolean paired(List<?> one, List<?> other, List<String> place) {
            if (one.size() != other.size()) {
                return false;
            }
            if (one.isEmpty()) {
                return true;
            }
            for (int j = 0; j < other.size(); j++) {
                if (same(one.get(0), other.get(j), place)) {
                    List<Object> rest = new ArrayList<>(other);
                    rest.remove(j);
                    if (paired(one.subList(1, one.size()), rest, place)) {
                        return true;
                    }
                }
            }
            return false;
        }

        private static List<String> below(List<String> path, String step) {
            List<String> longer = new ArrayList<>(path);
            longer.add(step);
            return longer;
        }

        private static boolean names(List<List<String>> patterns, List<String> path) {
            return patterns.stream().anyMatch(pattern -> matches(pattern, path));
        }

        private static boolean matches(List<String> pattern, List<String> path) {
            if (pattern.isEmpty()) {
                return path.isEmpty();
            }
            List<String> rest = pattern.subList(1, pattern.size());
            if (pattern.get(0).equals("**")) {
                return matches(rest, path) || (!path.isEmpty() && matches(pattern, path.subList(1, path.size())));
            }
            if (path.isEmpty()) {
                return false;
            }
            boolean element = path.get(0).equals("*") || path.get(0).startsWith("\"");
            return (pattern.get(0).equals(path.get(0)) || (pattern.get(0).equals("*") && element))
                    && matches(rest, path.subList(1, path.size()));
        }
    }
}
