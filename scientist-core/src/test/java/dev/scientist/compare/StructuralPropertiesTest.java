package dev.scientist.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.Difference;
import dev.scientist.Difference.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many random object graphs, with cycles and shared parts, against a plain recursive equals. */
@Timeout(120)
class StructuralPropertiesTest {

    private static final long SEED =
            Long.getLong("scientist.seed", ThreadLocalRandom.current().nextLong());
    private static final int CASES = Integer.getInteger("scientist.graphs", 5_000);

    /** A bean: its equals is identity. */
    static final class Node {
        Object value;
        double weight;
        List<Object> children = new ArrayList<>();
        Map<Object, Object> byKey = new LinkedHashMap<>();

        Node(Object value) {
            this.value = value;
        }
    }

    record Wrapped(Object content, int number, Optional<Object> maybe) {}

    record Point(int x, long y, String name) {}

    private static final StructuralComparator<Object> STRUCTURAL =
            Comparators.structural().byFields(Node.class);

    @Test
    void aGraphEqualsItsCopyAndItself() {
        for (int i = 0; i < CASES; i++) {
            Random random = new Random(SEED + i);
            Object graph = new Graphs(random).any(0);

            assertThat(STRUCTURAL.compare(graph, graph)).as(seed(i)).isEmpty();
            assertThat(STRUCTURAL.compare(graph, new Copier(null).copy(graph)))
                    .as(seed(i))
                    .isEmpty();
        }
    }

    @Test
    void thereAreDifferencesExactlyWhereThePlainEqualsFindsOne() {
        int different = 0;
        for (int i = 0; i < CASES; i++) {
            Random random = new Random(SEED + i);
            Object control = new Graphs(random).any(0);
            Object candidate = random.nextInt(10) == 0 ? new Graphs(random).any(0) : new Copier(random).copy(control);
            boolean equal = new Oracle().same(control, candidate);
            different += equal ? 0 : 1;

            assertThat(STRUCTURAL.compare(control, candidate).isEmpty())
                    .as(seed(i))
                    .isEqualTo(equal);
        }
        // else the generator would show nothing
        assertThat(different).as(seed(0)).isBetween(CASES / 10, CASES * 9 / 10);
    }

    @Test
    void theOtherWayRoundThereAreDifferencesToo() {
        for (int i = 0; i < CASES; i++) {
            Random random = new Random(SEED + i);
            Object control = new Graphs(random).any(0);
            Object candidate = new Copier(random).copy(control);

            assertThat(STRUCTURAL.compare(candidate, control).isEmpty())
                    .as(seed(i))
                    .isEqualTo(STRUCTURAL.compare(control, candidate).isEmpty());
        }
    }

    @Test
    void smallLimitsNeverMakeDifferentGraphsMatchAndSayWhereTheyCutOff() {
        for (int i = 0; i < CASES; i++) {
            Random random = new Random(SEED + i);
            Object control = new Graphs(random).any(0);
            Object candidate = new Copier(random).copy(control);
            StructuralComparator<Object> limited = STRUCTURAL
                    .maxDepth(1 + random.nextInt(4))
                    .maxNodes(1 + random.nextInt(40))
                    .maxDifferences(1 + random.nextInt(3));
            List<Difference> differences = limited.compare(control, candidate);

            if (!new Oracle().same(control, candidate)) {
                assertThat(differences).as(seed(i)).isNotEmpty();
            } else if (!differences.isEmpty()) {
                assertThat(differences).as(seed(i)).extracting(Difference::kind).contains(Kind.CUT_OFF);
            }
        }
    }

    @Test
    void listsAreAlignedAlongALongestCommonSubsequence() {
        for (int i = 0; i < CASES; i++) {
            Random random = new Random(SEED + i);
            int[] control = random.ints(random.nextInt(12), 0, 4).toArray();
            int[] candidate = random.ints(random.nextInt(12), 0, 4).toArray();
            int[] partner = new int[control.length];
            // of hashes that tell nothing, or all
            int[] hashes = i % 2 == 0 ? control : new int[control.length];
            int[] candidateHashes = i % 2 == 0 ? candidate : new int[candidate.length];
            assertThat(Alignment.align(hashes, candidateHashes, (a, b) -> control[a] == candidate[b], 1_000, partner))
                    .as(seed(i))
                    .isTrue();

            int aligned = 0;
            int before = -1;
            for (int a = 0; a < control.length; a++) {
                if (partner[a] >= 0) {
                    assertThat(candidate[partner[a]]).as(seed(i)).isEqualTo(control[a]);
                    assertThat(partner[a]).as(seed(i)).isGreaterThan(before);
                    before = partner[a];
                    aligned++;
                }
            }
            int longest = longestCommon(control, candidate);
            assertThat(aligned).as(seed(i)).isEqualTo(longest);
            int edits = control.length + candidate.length - 2 * longest;
            assertThat(Alignment.align(
                            new int[control.length],
                            new int[candidate.length],
                            (a, b) -> control[a] == candidate[b],
                            edits,
                            partner))
                    .as(seed(i))
                    .isTrue();
            if (edits == 0) {
                continue;
            }
            assertThat(Alignment.align(
                            new int[control.length],
                            new int[candidate.length],
                            (a, b) -> control[a] == candidate[b],
                            edits - 1,
                            partner))
                    .as(seed(i))
                    .isEqualTo(control.length == 0 || candidate.length == 0);
        }
    }

    @Test
    void insertingAndRemovingElementsIsSaidElementByElement() {
        for (int i = 0; i < 2_000; i++) {
            Random random = new Random(SEED + i);
            List<Object> control = new ArrayList<>();
            for (int n = 0; n < 300; n++) {
                control.add(new Point(n, n, "p"));
            }
            List<Object> candidate = new ArrayList<>(control);
            int edits = 1 + random.nextInt(20);
            for (int n = 0; n < edits; n++) {
                candidate.add(random.nextInt(candidate.size() + 1), new Point(-1 - n, 0, "new"));
            }

            assertThat(STRUCTURAL.compare(control, candidate))
                    .as(seed(i))
                    .hasSize(edits)
                    .extracting(Difference::kind)
                    .containsOnly(Kind.EXTRA);
            assertThat(STRUCTURAL.compare(candidate, control))
                    .as(seed(i))
                    .hasSize(edits)
                    .extracting(Difference::kind)
                    .containsOnly(Kind.MISSING);
        }
    }

    @Test
    void anyOrderMatchesEveryShuffleAndNothingElse() {
        StructuralComparator<Object> anyOrder = STRUCTURAL.inAnyOrder("");
        for (int i = 0; i < CASES; i++) {
            Random random = new Random(SEED + i);
            List<Object> control = new ArrayList<>();
            for (int n = random.nextInt(8); n >= 0; n--) {
                control.add(random.nextBoolean() ? random.nextInt(3) : new int[] {random.nextInt(3)});
            }
            List<Object> candidate = new ArrayList<>(control);
            java.util.Collections.shuffle(candidate, random);
            assertThat(anyOrder.compare(control, candidate)).as(seed(i)).isEmpty();

            candidate.set(random.nextInt(candidate.size()), "other");
            assertThat(anyOrder.compare(control, candidate))
                    .as(seed(i))
                    .extracting(Difference::kind)
                    .containsExactly(Kind.MISSING, Kind.EXTRA);
        }
    }

    private static String seed(int i) {
        return "-Dscientist.seed=" + SEED + ", case " + i;
    }

    private static int longestCommon(int[] a, int[] b) {
        int[][] longest = new int[a.length + 1][b.length + 1];
        for (int i = 1; i <= a.length; i++) {
            for (int j = 1; j <= b.length; j++) {
                longest[i][j] = a[i - 1] == b[j - 1]
                        ? longest[i - 1][j - 1] + 1
                        : Math.max(longest[i - 1][j], longest[i][j - 1]);
            }
        }
        return longest[a.length][b.length];
    }

    /** Makes graphs; a part already made is used again now and then, its owners included. */
    private static final class Graphs {
        private final Random random;
        private final List<Object> made = new ArrayList<>();

        Graphs(Random random) {
            this.random = random;
        }

        Object any(int depth) {
            if (!made.isEmpty() && random.nextInt(5) == 0) {
                return made.get(random.nextInt(made.size()));
            }
            if (depth > 5) {
                return leaf();
            }
            return switch (random.nextInt(10)) {
                case 0 -> {
                    Node node = made(new Node(leaf()));
                    node.weight = random.nextInt(4) == 0 ? Double.NaN : random.nextInt(2);
                    fill(node.children, depth);
                    for (int i = random.nextInt(3); i > 0; i--) {
                        node.byKey.put(key(), any(depth + 1));
                    }
                    yield node;
                }
                case 1, 2 -> {
                    List<Object> list = made(new ArrayList<>());
                    fill(list, depth);
                    yield list;
                }
                case 3 -> {
                    Map<Object, Object> map = made(random.nextBoolean() ? new HashMap<>() : new LinkedHashMap<>());
                    for (int i = random.nextInt(4); i > 0; i--) {
                        map.put(key(), any(depth + 1));
                    }
                    yield map;
                }
                case 4 -> {
                    Object[] array = made(new Object[random.nextInt(4)]);
                    for (int i = 0; i < array.length; i++) {
                        array[i] = any(depth + 1);
                    }
                    yield array;
                }
                case 5 -> made(random.ints(random.nextInt(4), 0, 3).toArray());
                case 6 -> {
                    Set<Object> set = made(new LinkedHashSet<>());
                    for (int i = random.nextInt(4); i > 0; i--) {
                        set.add(leaf());
                    }
                    yield set;
                }
                case 7 ->
                    made(new Wrapped(
                            any(depth + 1),
                            random.nextInt(3),
                            random.nextBoolean() ? Optional.empty() : Optional.of(random.nextInt(3))));
                default -> leaf();
            };
        }

        private void fill(List<Object> list, int depth) {
            for (int i = random.nextInt(4); i > 0; i--) {
                list.add(any(depth + 1));
            }
        }

        private <M> M made(M part) {
            made.add(part);
            return part;
        }

        private Object key() {
            return random.nextBoolean() ? "k" + random.nextInt(4) : (Object) random.nextInt(4);
        }

        private Object leaf() {
            return leafOf(random);
        }
    }

    private static Object leafOf(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextInt(3);
            case 1 -> "s" + random.nextInt(3);
            case 2 -> random.nextBoolean() ? 0.0 : -0.0;
            case 3 -> new Point(random.nextInt(2), random.nextInt(2), "p" + random.nextInt(2));
            case 4 -> null;
            default -> (long) random.nextInt(3);
        };
    }

    /** Copies a graph with its cycles; with a source of randomness, something is changed here and there. */
    private static final class Copier {
        private final Random random;
        private final Map<Object, Object> copies = new IdentityHashMap<>();

        Copier(Random random) {
            this.random = random;
        }

        Object copy(Object part) {
            if (part == null || (random != null && random.nextInt(40) == 0)) {
                return random == null ? null : leafOf(random);
            }
            Object copy = copies.get(part);
            if (copy != null) {
                return copy;
            }
            if (part instanceof Node node) {
                Node other = new Node(null);
                copies.put(part, other);
                other.value = copy(node.value);
                other.weight = node.weight;
                node.children.forEach(child -> other.children.add(copy(child)));
                node.byKey.forEach((key, value) -> other.byKey.put(key, copy(value)));
                return other;
            }
            if (part instanceof List<?> list) {
                List<Object> other = new ArrayList<>();
                copies.put(part, other);
                list.forEach(element -> other.add(copy(element)));
                if (random != null && !other.isEmpty() && random.nextInt(20) == 0) {
                    other.remove(random.nextInt(other.size()));
                }
                return other;
            }
            if (part instanceof Map<?, ?> map) {
                Map<Object, Object> other = new HashMap<>();
                copies.put(part, other);
                map.forEach((key, value) -> other.put(key, copy(value)));
                return other;
            }
            if (part instanceof Set<?> set) {
                // backwards, so that order does not happen to agree
                Set<Object> other = new LinkedHashSet<>();
                copies.put(part, other);
                Iterator<?> backwards =
                        new ArrayDeque<>(set.stream().map(Optional::ofNullable).toList()).descendingIterator();
                backwards.forEachRemaining(element -> other.add(copy(((Optional<?>) element).orElse(null))));
                return other;
            }
            if (part instanceof Object[] array) {
                Object[] other = new Object[array.length];
                copies.put(part, other);
                for (int i = 0; i < array.length; i++) {
                    other[i] = copy(array[i]);
                }
                return other;
            }
            if (part instanceof int[] array) {
                int[] other = array.clone();
                copies.put(part, other);
                return other;
            }
            if (part instanceof Wrapped wrapped) {
                // made after its content, so a cycle through it may be unrolled once more: equal all the same
                Wrapped other = new Wrapped(copy(wrapped.content), wrapped.number, wrapped.maybe);
                copies.putIfAbsent(part, other);
                return other;
            }
            if (part instanceof Point point) {
                return new Point(point.x, point.y, new String(point.name));
            }
            return part;
        }
    }

    /** What "equal" means, in a few plain lines: pairs that were met are taken as equal. */
    private static final class Oracle {

        private final Set<List<Integer>> met = new HashSet<>();
        private final Map<Object, Integer> numbers = new IdentityHashMap<>();

        boolean same(Object a, Object b) {
            if (a == b) {
                return true;
            }
            if (a == null || b == null) {
                return false;
            }
            boolean leaf = a instanceof String || a instanceof Number || a instanceof Point;
            if (leaf) {
                return a.equals(b);
            }
            if (!met.add(List.of(number(a), number(b)))) {
                return true;
            }
            if (a instanceof Node x && b instanceof Node y) {
                return same(x.value, y.value)
                        && Double.compare(x.weight, y.weight) == 0
                        && same(x.children, y.children)
                        && same(x.byKey, y.byKey);
            }
            if (a instanceof List<?> x && b instanceof List<?> y) {
                return sameAll(x, y);
            }
            if (a instanceof Object[] x && b instanceof Object[] y) {
                return sameAll(Arrays.asList(x), Arrays.asList(y));
            }
            if (a instanceof int[] x && b instanceof int[] y) {
                return Arrays.equals(x, y);
            }
            if (a instanceof Set<?> x && b instanceof Set<?> y) {
                return x.equals(y); // of leaves only
            }
            if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
                if (!x.keySet().equals(y.keySet())) {
                    return false;
                }
                for (Object key : x.keySet()) {
                    if (!same(x.get(key), y.get(key))) {
                        return false;
                    }
                }
                return true;
            }
            if (a instanceof Wrapped x && b instanceof Wrapped y) {
                return same(x.content, y.content) && x.number == y.number && Objects.equals(x.maybe, y.maybe);
            }
            return false;
        }

        private boolean sameAll(List<?> x, List<?> y) {
            if (x.size() != y.size()) {
                return false;
            }
            for (int i = 0; i < x.size(); i++) {
                if (!same(x.get(i), y.get(i))) {
                    return false;
                }
            }
            return true;
        }

        private int number(Object part) {
            return numbers.computeIfAbsent(part, key -> numbers.size());
        }
    }
}
