package dev.scientist.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.scientist.Difference;
import dev.scientist.Difference.Kind;
import dev.scientist.ResultComparator;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class StructuralComparatorTest {

    record Line(String sku, BigDecimal price, long updatedAt) {}

    record Order(List<Line> lines, Map<String, String> headers) {}

    record Envelope(Order order) {}

    record Box(Object content) {}

    record Floats(float one, double two) {}

    record Money(BigDecimal amount) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Money money && money.amount.compareTo(amount) == 0;
        }

        @Override
        public int hashCode() {
            return amount.stripTrailingZeros().hashCode();
        }
    }

    enum Level {
        LOW,
        HIGH {
            @Override
            public String toString() {
                return "high";
            }
        }
    }

    static class Customer {
        private final String name;
        private final List<String> roles = new ArrayList<>();
        private transient int visits;

        Customer(String name, String... roles) {
            this.name = name;
            this.roles.addAll(List.of(roles));
        }

        public String getName() {
            return name;
        }

        public List<String> getRoles() {
            return roles;
        }

        public boolean isAdmin() {
            return roles.contains("admin");
        }

        public String getNothing(String argument) {
            throw new AssertionError("no getter");
        }
    }

    static final class VipCustomer extends Customer {
        private int rank = 1;

        VipCustomer(String name) {
            super(name);
        }
    }

    private static final StructuralComparator<Object> STRUCTURAL = Comparators.structural();
    private static final StructuralComparator<Object> NAMED = STRUCTURAL.keysAreNames();

    private static List<String> differences(Object control, Object candidate) {
        return differences(STRUCTURAL, control, candidate);
    }

    private static List<String> differences(ResultComparator<Object> comparator, Object control, Object candidate) {
        return comparator.compare(control, candidate).stream()
                .map(Difference::toString)
                .toList();
    }

    private static Line line(String sku, String price) {
        return new Line(sku, new BigDecimal(price), 1);
    }

    private static Order order(Line... lines) {
        return new Order(new ArrayList<>(List.of(lines)), new HashMap<>());
    }

    private static List<Line> lines(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> line("sku-" + i, i + ".50"))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    @Test
    void namesTheDeepestPlaceWithBothSides() {
        Envelope control = new Envelope(order(line("a", "1"), line("b", "2"), line("c", "3")));
        Envelope candidate = new Envelope(order(line("a", "1"), line("b", "2"), line("c", "4")));

        assertThat(STRUCTURAL.compare(control, candidate))
                .containsExactly(Difference.of("order.lines[2].price", new BigDecimal("3"), new BigDecimal("4")));
    }

    @Test
    void comparesMapsByKeyAndQuotesIt() {
        Map<Object, Object> control = new LinkedHashMap<>();
        control.put("x", 1);
        control.put("say \"]\"", 2);
        control.put("same", 3);
        control.put(null, null);
        Map<Object, Object> candidate = new LinkedHashMap<>();
        candidate.put("same", 3);
        candidate.put("x", 9);
        candidate.put(null, 0);
        candidate.put(7, "seven");

        assertThat(differences(NAMED, new Box(control), new Box(candidate)))
                .containsExactly(
                        "content[\"x\"]: VALUE",
                        "content[*]: VALUE",
                        "content[\"say \\\"]\\\"\"]: MISSING",
                        "content[*]: EXTRA");
        assertThat(STRUCTURAL.compare(new Box(control), new Box(candidate)))
                .as("keys may be private")
                .containsExactly(
                        Difference.of("content[*]", 1, 9),
                        Difference.of("content[*]", null, 0),
                        new Difference("content[*]", 2, null, Kind.MISSING),
                        new Difference("content[*]", null, "seven", Kind.EXTRA));
    }

    @Test
    void cutsAVeryLongKey() {
        assertThat(differences(NAMED, Map.of("k".repeat(1000), 1), Map.of("k".repeat(1000), 2)))
                .containsExactly("[\"" + "k".repeat(64) + "…\"]: VALUE");
    }

    @Test
    void comparesMapsAndSetsWhateverTheirClasses() {
        assertThat(differences(new TreeMap<>(Map.of("a", 1, "b", 2)), Map.of("b", 2, "a", 1)))
                .isEmpty();
        assertThat(differences(new TreeSet<>(List.of(3, 1, 2)), new LinkedHashSet<>(List.of(2, 1, 3))))
                .isEmpty();
        TreeMap<String, Integer> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        anyCase.putAll(Map.of("a", 1, "z", 1));
        assertThat(differences(Map.of("a", 1, "A", 1), anyCase)).isNotEmpty();
        assertThat(differences(anyCase, Map.of("a", 1, "A", 1))).isNotEmpty();
    }

    @Test
    void toleratesMapsAndSetsThatRefuseNulls() {
        Map<String, Integer> withNull = new HashMap<>();
        withNull.put(null, 1);

        assertThat(differences(NAMED, withNull, Map.of("a", 1))).containsExactly("[*]: MISSING", "[\"a\"]: EXTRA");
        assertThat(differences(Collections.singleton(null), Set.of("a"))).containsExactly("[*]: MISSING", "[*]: EXTRA");
        assertThat(differences(new TreeSet<>(Set.of(1)), Set.of("a"))).containsExactly("[*]: MISSING", "[*]: EXTRA");
    }

    @Test
    void saysWhatASetLacksAndWhatItHasTooMuch() {
        assertThat(STRUCTURAL.compare(new Box(Set.of("a", "b")), new Box(Set.of("a", "c"))))
                .containsExactly(
                        new Difference("content[*]", "b", null, Kind.MISSING),
                        new Difference("content[*]", null, "c", Kind.EXTRA));
    }

    @Test
    void findsElementsOfSetsThatEqualsCannotCompare() {
        Set<Box> control = new LinkedHashSet<>(List.of(new Box(new int[] {1}), new Box(new int[] {2})));
        Set<Box> candidate = new LinkedHashSet<>(List.of(new Box(new int[] {2}), new Box(new int[] {1})));

        assertThat(differences(control, candidate)).isEmpty();
        candidate.add(new Box(new int[] {3}));
        assertThat(differences(control, candidate)).containsExactly("[*]: EXTRA");
    }

    @Test
    void comparesArraysOfEverySort() {
        assertThat(differences(new int[] {1, 2}, new int[] {1, 3})).containsExactly("[1]: VALUE");
        assertThat(differences(new boolean[] {true}, new boolean[] {true})).isEmpty();
        assertThat(differences(new double[] {Double.NaN}, new double[] {Double.NaN}))
                .isEmpty();
        assertThat(differences(new double[] {0.0}, new double[] {-0.0})).containsExactly("[0]: VALUE");
        assertThat(differences(new Object[] {"a"}, new String[] {"a"})).isEmpty();
        assertThat(differences(new int[][] {{1}, {2, 3}}, new int[][] {{1}, {2, 4}}))
                .containsExactly("[1][1]: VALUE");
        assertThat(differences(new int[] {1}, new long[] {1})).containsExactly("(whole value): TYPE");
        assertThat(differences(new Object[] {1}, List.of(1))).containsExactly("(whole value): TYPE");
        assertThat(differences(new byte[] {1, 2, 3}, new byte[] {1, 3})).containsExactly("[1]: MISSING");
    }

    @Test
    void comparesFloatingPointComponentsAsTheirBoxesDo() {
        assertThat(differences(new Floats(Float.NaN, Double.NaN), new Floats(Float.NaN, Double.NaN)))
                .isEmpty();
        assertThat(differences(new Floats(0f, 0.0), new Floats(-0f, -0.0))).containsExactly("one: VALUE", "two: VALUE");
        assertThat(differences(new Box(new Floats(1, 2)), new Box(new Floats(1, 3))))
                .containsExactly("content.two: VALUE");
    }

    @Test
    void looksThroughOptionals() {
        assertThat(differences(new Box(Optional.of(line("a", "1"))), new Box(Optional.of(line("a", "2")))))
                .containsExactly("content.price: VALUE");
        assertThat(STRUCTURAL.compare(new Box(Optional.of(1)), new Box(Optional.empty())))
                .containsExactly(new Difference("content", 1, null, Kind.MISSING));
        assertThat(STRUCTURAL.compare(Optional.empty(), Optional.of(1)))
                .containsExactly(new Difference("", null, 1, Kind.EXTRA));
        assertThat(differences(Optional.of(1), 1)).containsExactly("(whole value): TYPE");
    }

    @Test
    void comparesTextEnumsDatesAndNumbersByValue() {
        assertThat(differences("abc", new StringBuilder("abc"))).isEmpty();
        assertThat(differences(new StringBuilder("abc"), new StringBuilder("abd")))
                .containsExactly("(whole value): VALUE");
        assertThat(differences(Level.LOW, Level.HIGH)).containsExactly("(whole value): VALUE");
        assertThat(differences(LocalDate.of(2024, 1, 1), LocalDate.of(2024, 1, 1)))
                .isEmpty();
        assertThat(differences(1, 1L)).containsExactly("(whole value): TYPE");
        assertThat(differences(new BigDecimal("1.0"), new BigDecimal("1.00"))).containsExactly("(whole value): VALUE");
        assertThat(differences(null, 1)).containsExactly("(whole value): VALUE");
        assertThat(differences(null, null)).isEmpty();
    }

    @Test
    void tellsAnotherTypeFromAnotherValue() {
        assertThat(differences(new Box(1), new Money(BigDecimal.ONE))).containsExactly("(whole value): TYPE");
        assertThat(differences(List.of(1), Set.of(1))).containsExactly("(whole value): TYPE");
        assertThat(differences(new Box("1"), new Box(1))).containsExactly("content: TYPE");
    }

    @Test
    void comparesListsOfAnyClassAndQueuesAlike() {
        assertThat(differences(new LinkedList<>(List.of(1, 2)), List.of(1, 2))).isEmpty();
        assertThat(differences(new ArrayDeque<>(List.of(1, 2)), new ArrayDeque<>(List.of(1, 2))))
                .isEmpty();
        assertThat(differences(new ArrayDeque<>(List.of(1, 2)), List.of(1, 3))).containsExactly("[1]: VALUE");
    }

    @Test
    void asksARecordsOwnEqualsFirst() {
        assertThat(differences(new Money(new BigDecimal("1.0")), new Money(new BigDecimal("1.00"))))
                .isEmpty();
        assertThat(differences(new Money(new BigDecimal("1.0")), new Money(new BigDecimal("2.0"))))
                .containsExactly("amount: VALUE");
    }

    @Test
    void oneInsertedElementIsOneDifference() {
        List<Line> control = lines(5_000);
        List<Line> candidate = new ArrayList<>(control);
        candidate.add(2_500, line("new", "1"));

        assertThat(differences(control, candidate)).containsExactly("[2500]: EXTRA");
        assertThat(differences(candidate, control)).containsExactly("[2500]: MISSING");
    }

    @Test
    void farApartInsertionsRemovalsAndChangesAreEachOneDifference() {
        List<Line> control = lines(2_000);
        List<Line> candidate = new ArrayList<>(control);
        candidate.add(1_900, line("new", "1"));
        candidate.set(1_000, line("sku-1000", "7"));
        candidate.remove(100);

        assertThat(differences(new Order(control, Map.of()), new Order(candidate, Map.of())))
                .containsExactly("lines[100]: MISSING", "lines[1000].price: VALUE", "lines[1899]: EXTRA");
    }

    @Test
    void changedElementsBesideAnInsertedOneAreComparedInDepth() {
        List<Line> control = List.of(line("a", "1"), line("b", "2"), line("c", "3"));
        List<Line> candidate = List.of(line("a", "9"), line("b", "2"), line("x", "0"), line("c", "3"));

        assertThat(differences(control, candidate)).containsExactly("[0].price: VALUE", "[2]: EXTRA");
    }

    @Test
    void anotherOrderIsOneDifference() {
        assertThat(differences(new Box(List.of(1, 2, 3)), new Box(List.of(3, 1, 2))))
                .containsExactly("content: ORDER");
        List<Line> shuffled = lines(10_000);
        Collections.shuffle(shuffled, new Random(1));
        assertThat(differences(lines(10_000), shuffled)).containsExactly("(whole value): ORDER");
        assertThat(differences(List.of(1, 1, 2), List.of(2, 2, 1))).doesNotContain("(whole value): ORDER");
    }

    /** Symptom: a single element that differed by the rule of its own index was taken for one in another order. */
    @Test
    void whatDiffersAtAnIndexWithRulesOfItsOwnIsInNoOtherOrder() {
        StructuralComparator<Object> comparator =
                STRUCTURAL.at("[*]", Comparators.tolerance(5)).at("[0]", Comparators.tolerance(0.1));

        assertThat(differences(comparator, List.of(1, 50), List.of(2, 50))).containsExactly("[0]: VALUE");
        assertThat(differences(comparator, List.of(1, 50), List.of(1, 53))).isEmpty();
        assertThat(differences(comparator, List.of(1, 20, 50, 80), List.of(1, 80, 20, 50)))
                .containsExactly("[1]: EXTRA", "[3]: MISSING");
    }

    @Test
    @Timeout(20)
    void beyondTheEditsThatAreAlignedPositionsAreComparedAndTheSizeIsSaid() {
        List<Integer> control = IntStream.range(0, 20_000).boxed().toList();
        List<Integer> candidate =
                IntStream.rangeClosed(0, 20_000).map(i -> 20_000 - i).boxed().toList();

        List<Difference> differences = STRUCTURAL.maxDifferences(30_000).compare(control, candidate);

        assertThat(differences.get(0)).isEqualTo(Difference.of("[0]", 0, 20_000));
        assertThat(differences.get(differences.size() - 1))
                .isEqualTo(new Difference("", control, candidate, Kind.SIZE));
    }

    @Test
    @Timeout(20)
    void listsThatHaveNothingInCommonAreComparedPositionByPosition() {
        List<Integer> control = IntStream.range(0, 20_000).boxed().toList();
        List<Integer> candidate =
                IntStream.range(0, 20_001).map(i -> -i - 1).boxed().toList();

        List<Difference> differences = STRUCTURAL.maxDifferences(30_000).compare(control, candidate);

        assertThat(differences).hasSize(20_001);
        assertThat(differences.get(0)).isEqualTo(Difference.of("[0]", 0, -1));
        assertThat(differences.get(20_000)).isEqualTo(new Difference("[20000]", null, -20_001, Kind.EXTRA));
    }

    @Test
    void ignoresPathsWithAllBelowThem() {
        StructuralComparator<Object> ignoring = NAMED.ignoring("lines[*].updatedAt", "headers[\"date\"]");
        Order control = new Order(List.of(new Line("a", BigDecimal.ONE, 1)), Map.of("date", "today"));
        Order candidate = new Order(List.of(new Line("a", BigDecimal.ONE, 2)), Map.of("x", "y"));

        assertThat(differences(ignoring, control, candidate)).containsExactly("headers[\"x\"]: EXTRA");
        assertThat(differences(ignoring.ignoring("headers[*]"), control, candidate))
                .isEmpty();
        assertThat(differences(control, candidate)).hasSize(3);
    }

    @Test
    void ignoresOneIndexOrEveryElement() {
        assertThat(differences(STRUCTURAL.ignoring("[1]"), List.of(1, 2, 3), List.of(1, 9, 3)))
                .isEmpty();
        assertThat(differences(STRUCTURAL.ignoring("[1]"), List.of(1, 2, 3), List.of(9, 9, 3)))
                .containsExactly("[0]: VALUE");
        assertThat(differences(STRUCTURAL.ignoring("[*]"), List.of(1, 2, 3), List.of()))
                .isEmpty();
        assertThat(differences(STRUCTURAL.ignoring("[*]"), Set.of(1), Set.of(2, 3)))
                .isEmpty();
    }

    @Test
    void aPathOfSeveralRulesObeysThemAll() {
        StructuralComparator<Object> comparator = STRUCTURAL
                .at("[*].price", Comparators.numericValue())
                .ignoring("[0].updatedAt")
                .ignoring("[*].sku");

        assertThat(differences(
                        comparator,
                        List.of(new Line("a", new BigDecimal("1.0"), 1), new Line("a", BigDecimal.TEN, 1)),
                        List.of(new Line("b", new BigDecimal("1.00"), 2), new Line("b", BigDecimal.ONE, 2))))
                .containsExactly("[1].price: VALUE", "[1].updatedAt: VALUE");
    }

    @Test
    void comparesAPathByAComparatorOfItsOwnAndPlacesWhatItFinds() {
        StructuralComparator<Object> comparator = STRUCTURAL.at(
                "content", Comparators.<List<Line>>structural().at("[*].price", Comparators.tolerance(0.1)));

        assertThat(differences(comparator, new Box(List.of(line("a", "1.0"))), new Box(List.of(line("a", "1.05")))))
                .isEmpty();
        assertThat(differences(comparator, new Box(List.of(line("a", "1.0"))), new Box(List.of(line("b", "1.5")))))
                .containsExactly("content[0].sku: VALUE", "content[0].price: VALUE");
    }

    @Test
    void handsNullToTheComparatorOfAPath() {
        ResultComparator<String> blankIsNull = ResultComparator.matching(
                (control, candidate) -> (control == null ? "" : control).equals(candidate == null ? "" : candidate));

        assertThat(differences(STRUCTURAL.at("content", blankIsNull), new Box(null), new Box("")))
                .isEmpty();
    }

    @Test
    void comparesATypeByAComparatorOfItsOwnPrimitivesToo() {
        StructuralComparator<Object> comparator = STRUCTURAL.forType(Double.class, Comparators.tolerance(0.1));

        assertThat(differences(comparator, new Floats(1, 2.0), new Floats(1, 2.05)))
                .isEmpty();
        assertThat(differences(comparator, new double[] {1, 2}, new double[] {1.05, 2}))
                .isEmpty();
        assertThat(differences(comparator, Map.of("a", 1.0), Map.of("a", 1.05))).isEmpty();
        assertThat(differences(comparator, Set.of(1.0), Set.of(1.05))).isEmpty();
        assertThat(differences(comparator, new Floats(1, 2.0), new Floats(1, 2.5)))
                .containsExactly("two: VALUE");
        assertThat(differences(comparator, new Box(1.0), new Box(null))).containsExactly("content: VALUE");
    }

    @Test
    void comparesTheElementsAtAPathInAnyOrder() {
        StructuralComparator<Object> comparator = STRUCTURAL.inAnyOrder("lines").ignoring("lines[*].updatedAt");
        Order control = order(line("a", "1"), new Line("b", BigDecimal.ONE, 5), line("a", "1"));

        assertThat(differences(comparator, control, order(line("a", "1"), line("a", "1"), line("b", "1"))))
                .isEmpty();
        assertThat(differences(comparator, control, order(line("a", "1"), line("b", "1"), line("b", "1"))))
                .containsExactly("lines[2]: MISSING", "lines[2]: EXTRA");
        assertThat(differences(STRUCTURAL.inAnyOrder(""), new int[] {1, 2}, new int[] {2, 1}))
                .isEmpty();
    }

    @Test
    void comparesOtherClassesByTheirEqualsUnlessAskedTo() {
        assertThat(differences(new Customer("a"), new Customer("a"))).containsExactly("(whole value): VALUE");
    }

    @Test
    void comparesBeansByTheirGetters() {
        StructuralComparator<Object> comparator = STRUCTURAL.byGetters(Customer.class);

        assertThat(differences(comparator, new Customer("a"), new Customer("a")))
                .isEmpty();
        assertThat(differences(comparator, new Box(new Customer("a", "admin")), new Box(new Customer("b"))))
                .containsExactly("content.admin: VALUE", "content.name: VALUE", "content.roles[0]: MISSING");
    }

    @Test
    void comparesBeansByTheirFieldsInheritedAndTransientOnesToo() {
        StructuralComparator<Object> comparator = STRUCTURAL.byFields(Customer.class);
        VipCustomer control = new VipCustomer("a");
        VipCustomer candidate = new VipCustomer("b");
        candidate.rank = 2;
        ((Customer) candidate).visits = 3;

        assertThat(differences(comparator, new VipCustomer("a"), new VipCustomer("a")))
                .isEmpty();
        assertThat(differences(comparator, control, candidate))
                .containsExactlyInAnyOrder("rank: VALUE", "name: VALUE", "visits: VALUE");
        assertThat(differences(comparator, new Customer("a"), new VipCustomer("a")))
                .containsExactly("(whole value): TYPE");
    }

    @Test
    void comparesAllClassesOfOnesOwnButNotTheJdksByFields() {
        StructuralComparator<Object> comparator = STRUCTURAL.byFields(Object.class);

        assertThat(differences(comparator, new Customer("a"), new Customer("b")))
                .containsExactly("name: VALUE");
        assertThat(differences(comparator, Locale.ROOT, Locale.US)).containsExactly("(whole value): VALUE");
        assertThat(differences(comparator, Level.LOW, Level.HIGH)).containsExactly("(whole value): VALUE");
    }

    @Test
    void saysWhatToOpenWhereAModuleHidesTheFields() {
        assertThatIllegalStateException()
                .isThrownBy(() -> STRUCTURAL.byFields(Locale.class))
                .withMessageContaining("cannot read the fields of java.util.Locale")
                .withMessageContaining("--add-opens java.base/java.util=");
    }

    @Test
    void refusesSettingsThatCannotBeMeant() {
        assertThatIllegalArgumentException().isThrownBy(() -> STRUCTURAL.ignoring(""));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> STRUCTURAL
                        .at("a", Comparators.equality())
                        .at("b", Comparators.equality())
                        .at("a", Comparators.equality()))
                .withMessage("path 'a' was already given a comparator");
        assertThatIllegalArgumentException().isThrownBy(() -> STRUCTURAL.forType(double.class, Comparators.equality()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> STRUCTURAL
                        .forType(String.class, Comparators.equality())
                        .forType(String.class, Comparators.equality()));
        assertThatIllegalArgumentException().isThrownBy(() -> STRUCTURAL.byGetters(Line.class));
        assertThatIllegalArgumentException().isThrownBy(() -> STRUCTURAL.byFields(ArrayList.class));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> STRUCTURAL.byFields(Customer.class).byGetters(Customer.class));
        assertThatIllegalArgumentException().isThrownBy(() -> STRUCTURAL.maxDepth(0));
        assertThatIllegalArgumentException().isThrownBy(() -> STRUCTURAL.maxNodes(0));
        assertThatIllegalArgumentException().isThrownBy(() -> STRUCTURAL.maxDifferences(0));
    }

    @Test
    void eachSettingGivesANewComparator() {
        STRUCTURAL.ignoring("content").maxDifferences(1);

        assertThat(differences(new Box(1), new Box(2))).containsExactly("content: VALUE");
    }

    @Test
    void cyclesEnd() {
        List<Object> control = new ArrayList<>(List.of(1));
        control.add(control);
        List<Object> candidate = new ArrayList<>(List.of(1));
        candidate.add(candidate);

        assertThat(differences(control, candidate)).isEmpty();
        candidate.add(2);
        assertThat(differences(control, candidate)).containsExactly("[2]: EXTRA");
    }

    @Test
    void sharedPartsAreNamedAtEveryPlace() {
        Line one = line("a", "1");
        Line other = line("a", "2");

        assertThat(differences(
                        new Object[] {new Box(one), new Box(one)}, new Object[] {new Box(other), new Box(other)}))
                .containsExactly("[0].content.price: VALUE", "[1].content.price: VALUE");
    }

    @Test
    @Timeout(20)
    void aChainOfAMillionIsCutOffAndSaysSo() {
        Box control = new Box(1);
        Box candidate = new Box(1);
        for (int i = 0; i < 1_000_000; i++) {
            control = new Box(control);
            candidate = new Box(candidate);
        }

        List<Difference> differences = STRUCTURAL.maxDepth(3).compare(control, candidate);

        assertThat(differences).extracting(Difference::toString).containsExactly("content.content.content: CUT_OFF");
        assertThat(STRUCTURAL.compare(control, candidate))
                .extracting(Difference::kind)
                .containsExactly(Kind.CUT_OFF);
    }

    @Test
    void whatIsWithinTheDepthIsComparedBesideWhatIsCutOff() {
        assertThat(differences(
                        STRUCTURAL.maxDepth(1), List.of(new Box(1), 2, new Box(3)), List.of(new Box(1), 5, new Box(4))))
                .containsExactly("[0]: CUT_OFF", "[1]: VALUE", "[2]: CUT_OFF");
    }

    @Test
    void tooManyDifferencesAreCutOffAndSaySo() {
        List<Difference> differences = STRUCTURAL.maxDifferences(2).compare(List.of(1, 2, 3, 4), List.of(5, 6, 7, 8));

        assertThat(differences)
                .extracting(Difference::toString)
                .containsExactly("[0]: VALUE", "[1]: VALUE", "[2]: CUT_OFF");
        assertThat(differences(STRUCTURAL.maxDifferences(2), List.of(1, 2), List.of(5, 6)))
                .containsExactly("[0]: VALUE", "[1]: VALUE");
    }

    @Test
    @Timeout(20)
    void tooManyNodesAreCutOffAndSaySo() {
        assertThat(differences(STRUCTURAL.maxNodes(100), lines(1_000), lines(1_000)))
                .containsExactly("(whole value): CUT_OFF");
        assertThat(differences(STRUCTURAL.maxNodes(10_000), lines(1_000), lines(1_000)))
                .isEmpty();
        assertThat(differences(
                        Collections.nCopies(Integer.MAX_VALUE, "a"), Collections.nCopies(Integer.MAX_VALUE, "A")))
                .containsExactly("(whole value): CUT_OFF");
    }

    /** Thirty lists that all hold all of them: as a tree it would have 30 to the power of 30 places. */
    @Test
    @Timeout(20)
    void partsThatAreSharedManyTimesOverAreNotWalkedEachTime() {
        List<List<Object>> control = everyOneHoldsAll(30);
        List<List<Object>> candidate = everyOneHoldsAll(30);

        assertThat(differences(control, candidate)).isEmpty();
        candidate.get(29).add(7);
        assertThat(differences(control, candidate))
                .isNotEmpty()
                .last()
                .asString()
                .endsWith("CUT_OFF");
    }

    private static List<List<Object>> everyOneHoldsAll(int count) {
        List<List<Object>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(new ArrayList<>());
        }
        all.forEach(one -> one.addAll(all));
        return all;
    }

    @Test
    @Timeout(20)
    void tooManyPairsInAnyOrderAreCutOffAndSaySo() {
        List<Integer> control = IntStream.range(0, 3_000).boxed().toList();
        List<Integer> candidate =
                IntStream.range(0, 3_000).map(i -> -9 - i).boxed().toList();
        StructuralComparator<Object> comparator = STRUCTURAL.inAnyOrder("").at("[*]", Comparators.tolerance(1));

        assertThat(differences(comparator.maxDifferences(10_000), control, candidate))
                .containsExactly("(whole value): CUT_OFF");
        assertThat(differences(comparator, control.subList(0, 50), candidate.subList(0, 50)))
                .hasSize(100);
    }

    @Test
    void equalObjectsCostTwoHundredBytes() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        Object control = Arrays.asList(
                new Order(lines(20), null), new Floats(1, 2), new Object[] {Optional.of("a"), 'x'}, new int[] {1});
        Object candidate = Arrays.asList(
                new Order(lines(20), null), new Floats(1, 2), new Object[] {Optional.of("a"), 'x'}, new int[] {1});
        for (int i = 0; i < 20_000; i++) {
            assert STRUCTURAL.compare(control, candidate).isEmpty();
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        int empty = 0;
        for (int i = 0; i < 1_000; i++) {
            empty += STRUCTURAL.compare(control, candidate).isEmpty() ? 1 : 0;
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(empty).isEqualTo(1_000);
        assertThat(allocated / 1_000).isLessThanOrEqualTo(200);
    }

    /** Getters in every shape that JavaBeans knows, and methods that look like getters and are none. */
    public static class Odd implements Supplier<String> {
        private final int number;

        Odd(int number) {
            this.number = number;
        }

        @Override
        public String get() {
            throw new AssertionError("no getter: nothing after get");
        }

        public int getURL() {
            return number;
        }

        public int getX() {
            return number;
        }

        public boolean isOdd() {
            return number % 2 == 1;
        }

        public int getOdd() {
            return number + 10;
        }

        public Boolean isBoxed() {
            throw new AssertionError("no getter: only a boolean is asked with is");
        }

        public void getDone() {
            throw new AssertionError("no getter: returns nothing");
        }

        public static int getStatic() {
            throw new AssertionError("no getter: of no object");
        }
    }

    public static final class WithoutGetters {}

    final class Inner {
        private static final int CONSTANT = 1;
        private final int number;

        Inner(int number) {
            this.number = number + CONSTANT;
        }
    }

    record Chain(Chain next, int number) {}

    record Nested(Floats floats, Level level) {}

    @Test
    void gettersAreThoseOfJavaBeans() {
        StructuralComparator<Object> comparator = STRUCTURAL.byGetters(Odd.class);

        assertThat(differences(comparator, new Odd(1), new Odd(2)))
                .containsExactly("URL: VALUE", "odd: VALUE", "x: VALUE");
        assertThat(comparator.ignoring("URL", "x").compare(new Odd(1), new Odd(3)))
                .as("getOdd goes before isOdd")
                .containsExactly(Difference.of("odd", 11, 13));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        STRUCTURAL.byGetters(WithoutGetters.class).compare(new WithoutGetters(), new WithoutGetters()))
                .withMessageEndingWith("has no public getters to compare it by");
    }

    @Test
    void fieldsAreThoseOfTheObjectItself() {
        StructuralComparator<Object> comparator = STRUCTURAL.byFields(Inner.class);

        assertThat(differences(comparator, new Inner(1), new StructuralComparatorTest().new Inner(1)))
                .as("the objects around them are others")
                .isEmpty();
        assertThat(differences(comparator, new Inner(1), new Inner(2))).containsExactly("number: VALUE");
    }

    @Test
    void recordsOfTheirOwnTypeAndNestedOnesAreWalked() {
        assertThat(differences(
                        new Chain(new Chain(new Chain(null, 1), 2), 3), new Chain(new Chain(new Chain(null, 4), 2), 3)))
                .containsExactly("next.next.number: VALUE");
        assertThat(differences(new Nested(new Floats(1, 2), Level.LOW), new Nested(new Floats(1, 3), Level.HIGH)))
                .containsExactly("floats.two: VALUE", "level: VALUE");
        assertThat(differences(new Box(new Chain(null, 1)), new Box(new Chain(null, 1))))
                .isEmpty();
        assertThat(differences(
                        STRUCTURAL.inAnyOrder("content"),
                        new Box(List.of(new Nested(new Floats(1, 2), Level.LOW), new Chain(null, 7))),
                        new Box(List.of(new Chain(null, 7), new Nested(new Floats(1, 2), Level.LOW)))))
                .isEmpty();
    }

    @Test
    void differencesAreCutOffInTheMidstOfARecordAndOfAMapToo() {
        StructuralComparator<Object> one = NAMED.maxDifferences(1);

        assertThat(differences(one, new Line("a", BigDecimal.ONE, 1), new Line("b", BigDecimal.TEN, 2)))
                .containsExactly("sku: VALUE", "price: CUT_OFF");
        assertThat(differences(one, Map.of(), new TreeMap<>(Map.of("a", 1, "b", 2, "c", 3))))
                .containsExactly("[\"a\"]: EXTRA", "[\"b\"]: CUT_OFF");
        assertThat(differences(one, new TreeMap<>(Map.of("a", 1, "b", 2, "c", 3)), Map.of()))
                .containsExactly("[\"a\"]: MISSING", "[\"b\"]: CUT_OFF");
        assertThat(differences(
                        STRUCTURAL
                                .maxDifferences(2)
                                .at(
                                        "",
                                        (a, b) -> List.of(
                                                Difference.of("x", a, b),
                                                Difference.of("y", a, b),
                                                Difference.of("z", a, b),
                                                Difference.of("last", a, b))),
                        1,
                        2))
                .containsExactly("x: VALUE", "y: VALUE", "(whole value): CUT_OFF");
    }

    @Test
    void anOptionalAtTheGreatestDepthIsCutOff() {
        assertThat(differences(STRUCTURAL.maxDepth(1), Optional.of(Optional.of(1)), Optional.of(Optional.of(2))))
                .containsExactly("(whole value): CUT_OFF");
        assertThat(differences(STRUCTURAL.maxDepth(1), Optional.of(1), Optional.of(2)))
                .containsExactly("(whole value): VALUE");
    }

    @Test
    void keysAreQuotedSoThatTheyCanBeRead() {
        assertThat(differences(NAMED, Map.of("a\\b", 1), Map.of("a\\b", 2))).containsExactly("[\"a\\\\b\"]: VALUE");
    }

    @Test
    void anyOrderOfWhatHashCodesCannotFindPairsEachWithEach() {
        StructuralComparator<Object> comparator =
                STRUCTURAL.inAnyOrder("").forType(String.class, Comparators.ignoringCase());

        assertThat(differences(comparator, List.of("a", "b", 1), List.of(1, "B", "A")))
                .isEmpty();
        assertThat(differences(comparator, Arrays.asList("a", null, "c"), Arrays.asList(null, "C", "d")))
                .containsExactly("[0]: MISSING", "[2]: EXTRA");
        assertThat(differences(comparator, new Object[] {"a", new int[] {1}}, new Object[] {new int[] {1}, "A"}))
                .isEmpty();
        assertThat(differences(STRUCTURAL.inAnyOrder(""), new LinkedList<>(List.of(1, 2)), List.of(2, 1)))
                .isEmpty();
        assertThat(differences(STRUCTURAL.inAnyOrder(""), new int[] {1, 2}, new int[] {3, 2}))
                .containsExactly("[0]: MISSING", "[0]: EXTRA");
    }

    @Test
    void listsWithAndWithoutFastAccessAreComparedAlike() {
        assertThat(differences(new LinkedList<>(List.of(1, 2)), new ArrayList<>(List.of(1, 2))))
                .isEmpty();
        assertThat(differences(new ArrayList<>(List.of(1, 2)), new LinkedList<>(List.of(1, 3))))
                .containsExactly("[1]: VALUE");
    }

    @Test
    void aTypeRuleHoldsWhereBothSidesAreOfTheType() {
        StructuralComparator<Object> comparator = STRUCTURAL
                .forType(String.class, Comparators.ignoringCase())
                .forType(Integer.class, Comparators.tolerance(1));

        assertThat(differences(comparator, List.of("a", 1), List.of("A", 2))).isEmpty();
        assertThat(differences(comparator, new Box("a"), new Box(1))).hasSize(1);
        assertThat(differences(comparator, new Box(1), new Box("a"))).hasSize(1);
        assertThat(differences(comparator, new int[] {1, 5}, new int[] {2, 9})).containsExactly("[1]: VALUE");
    }

    @Test
    void anIndexAKeyAndEveryElementCanBeNamedTogether() {
        StructuralComparator<Object> comparator =
                NAMED.at("[*].number", Comparators.tolerance(1)).ignoring("[0]", "[\"k\"]");

        assertThat(differences(
                        comparator,
                        List.of(new Chain(null, 1), new Chain(null, 1)),
                        List.of(new Chain(null, 9), new Chain(null, 2))))
                .isEmpty();
        assertThat(differences(
                        comparator,
                        Map.of("k", new Chain(null, 1), "l", new Chain(null, 1)),
                        Map.of("k", new Chain(null, 9), "l", new Chain(null, 3))))
                .containsExactly("[\"l\"].number: VALUE");
    }

    @Test
    void whatIsComparedInAWayOfItsOwnIsNoBean() {
        for (Class<?> type :
                List.of(int[].class, int.class, Line.class, Level.class, String.class, HashMap.class, Optional.class)) {
            assertThatIllegalArgumentException()
                    .as("%s", type)
                    .isThrownBy(() -> STRUCTURAL.byFields(type))
                    .withMessageEndingWith(" is not compared as a bean: it has a way of its own");
        }
    }

    @Test
    void beansOfAnotherClassAreOfAnotherType() {
        StructuralComparator<Object> comparator = STRUCTURAL.byGetters(Customer.class);

        assertThat(differences(comparator, new Customer("a"), new VipCustomer("a")))
                .containsExactly("(whole value): TYPE");
        assertThat(differences(comparator, new Box(new VipCustomer("a")), new Box(new VipCustomer("a"))))
                .isEmpty();
    }

    @Test
    void aTypeRuleDoesNotMakeArraysOfDifferentPrimitivesAlike() {
        StructuralComparator<Object> comparator = STRUCTURAL.forType(Number.class, Comparators.numericValue());

        assertThat(differences(comparator, List.of(1), List.of(1L))).isEmpty();
        assertThat(differences(comparator, new int[] {1}, new long[] {1})).containsExactly("(whole value): TYPE");
    }

    @Test
    void everyElementIsNoProperty() {
        StructuralComparator<Object> comparator = NAMED.ignoring("[*].lines", "order.headers");
        Order control = new Order(List.of(line("a", "1")), Map.of("x", "1"));
        Order candidate = new Order(List.of(line("a", "2")), Map.of("x", "2"));

        assertThat(differences(comparator, new Envelope(control), new Envelope(candidate)))
                .as("a property's lines are not those of an element")
                .containsExactly("order.lines[0].price: VALUE");
        assertThat(differences(comparator, List.of(control), List.of(candidate)))
                .containsExactly("[0].headers[\"x\"]: VALUE");
    }

    record Priced(Money price, int number) {}

    /** Forty boxes deep: proving the rest equal at each of them takes more than this many places allow. */
    @Test
    void aRecordsOwnEqualsHoldsAlsoWhereNothingIsProvenAnyMore() {
        Object control = new Priced(new Money(new BigDecimal("1.0")), 1);
        Object candidate = new Priced(new Money(new BigDecimal("1.00")), 2);
        for (int i = 0; i < 40; i++) {
            control = new Box(control);
            candidate = new Box(candidate);
        }

        assertThat(differences(STRUCTURAL.maxNodes(60), control, candidate))
                .containsExactly("content.".repeat(40) + "number: VALUE");
    }

    @Test
    void anotherOrderIsFoundOfElementsThatEqualsCannotCompareToo() {
        List<Box> boxes = List.of(new Box(new int[] {1}), new Box(new int[] {2}), new Box(new int[] {3}));
        List<Box> reversed = List.of(new Box(new int[] {3}), new Box(new int[] {2}), new Box(new int[] {1}));

        assertThat(differences(boxes, reversed)).containsExactly("(whole value): ORDER");
    }

    record Bill(List<Integer> items, double total) {}

    @Test
    void elementsWhosePartsHaveRulesOfTheirOwnAreAligned() {
        StructuralComparator<Object> comparator =
                STRUCTURAL.inAnyOrder("[*].items").at("[*].total", Comparators.tolerance(0.1));
        Bill one = new Bill(List.of(1, 2), 10);
        Bill other = new Bill(List.of(1, 2), 20);

        assertThat(differences(comparator, List.of(one, other), List.of(new Bill(List.of(2, 1), 20.05))))
                .as("the items are the same, the total tells them apart")
                .containsExactly("[0]: MISSING");
        assertThat(differences(comparator, List.of(one), List.of(new Bill(List.of(2, 1), 20.05))))
                .containsExactly("[0].total: VALUE");
    }

    record Dated(LocalDate day, Locale locale) {}

    @Test
    void datesAndOtherValuesOfTheJdkAreFoundInAnyOrder() {
        LocalDate day = LocalDate.of(2024, 2, 29);
        Dated one = new Dated(day, Locale.ROOT);
        Dated other = new Dated(day, Locale.US);
        StructuralComparator<Object> comparator = STRUCTURAL.inAnyOrder("");

        assertThat(differences(
                        comparator,
                        List.of(day, Locale.US, day.plusDays(1), one, other),
                        List.of(
                                new Dated(day, Locale.US),
                                LocalDate.of(2024, 3, 1),
                                new Dated(day, Locale.ROOT),
                                LocalDate.of(2024, 2, 29),
                                Locale.US)))
                .isEmpty();
        assertThat(differences(comparator, List.of(day, one), List.of(other, day)))
                .containsExactly("[1]: MISSING", "[0]: EXTRA");
    }

    public static class Wide {
        public Object getValue() {
            throw new AssertionError("overridden");
        }
    }

    /** Its getter of a narrower type has a bridge, and another one's name goes on in lower case. */
    public static final class Narrow extends Wide {
        private final String value;

        Narrow(String value) {
            this.value = value;
        }

        @Override
        public String getValue() {
            return value;
        }

        public int getaway() {
            return value.length();
        }
    }

    @Test
    void aGetterOfANarrowerTypeIsReadOnce() {
        StructuralComparator<Object> comparator = STRUCTURAL.byGetters(Narrow.class);

        assertThat(differences(comparator, new Narrow("a"), new Narrow("a"))).isEmpty();
        assertThat(differences(comparator, new Narrow("a"), new Narrow("bc")))
                .as("as JavaBeans have it, away is a property")
                .containsExactly("away: VALUE", "value: VALUE");
    }

    /** Its getter does not tell what it is worth. */
    static class Wallet {
        private final long cents;
        private transient int hash;

        Wallet(long cents) {
            this.cents = cents;
        }

        public String getCurrency() {
            return "EUR";
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Wallet wallet && wallet.cents == cents;
        }

        @Override
        public int hashCode() {
            hash = Long.hashCode(cents);
            return hash;
        }
    }

    /** Without equals, and its getters are flags, as those of org.json. */
    static class Basket {
        private final List<String> items;

        Basket(String... items) {
            this.items = List.of(items);
        }

        public boolean isEmpty() {
            return items.isEmpty();
        }

        public Class<?> getElementType() {
            return String.class;
        }
    }

    @Test
    void whatGettersDoNotShowIsComparedToo() throws Exception {
        ObjectMapper json = new ObjectMapper();
        Object one = json.readTree("{\"a\": 1, \"b\": [1, 2]}");
        Object other = json.readTree("{\"b\": [1, 3], \"a\": 1}");
        Wallet hashed = new Wallet(1);
        assertThat(hashed.hashCode()).isOne();

        for (StructuralComparator<Object> comparator : List.of(
                Comparators.structural().acrossTypes(), Comparators.structural().byGetters(Object.class))) {
            assertThat(comparator.compare(one, other)).isNotEmpty();
            assertThat(comparator.compare(one, json.readTree(one.toString()))).isEmpty();
            assertThat(comparator.compare(new Box(new Wallet(1)), new Box(new Wallet(2))))
                    .hasToString("[content.cents: VALUE]");
            assertThat(comparator.compare(hashed, new Wallet(1))).isEmpty();
            assertThat(comparator.ignoring("cents").compare(hashed, new Wallet(2)))
                    .isEmpty();
            assertThat(comparator.compare(new Basket("a"), new Basket("b"))).hasToString("[items[0]: VALUE]");
            assertThat(comparator.compare(new Basket("a"), new Basket("a"))).isEmpty();
        }
        assertThat(Comparators.structural().byGetters(Wallet.class).compare(new Wallet(1), new Wallet(2)))
                .isEmpty();
    }

    @Test
    void equalDocumentsMatchHoweverLongTheyAre() {
        record Document(String name, byte[] content) {}
        byte[] content = new byte[3_000_000];
        new Random(1).nextBytes(content);
        byte[] other = content.clone();
        ResultComparator<Document> comparator = Comparators.structural();

        assertThat(comparator.compare(new Document("a", content), new Document("a", other)))
                .isEmpty();
        other[10]++;
        assertThat(comparator.compare(new Document("a", content), new Document("a", other)))
                .isNotEmpty();
        assertThat(comparator.compare(new Document("a", content), new Document("a", null)))
                .hasToString("[content: VALUE]");
    }
}
