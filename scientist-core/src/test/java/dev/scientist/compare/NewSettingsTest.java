package dev.scientist.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.scientist.Difference;
import dev.scientist.Difference.Kind;
import dev.scientist.ResultComparator;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pairing by key, any order at size, places at any depth, keys as names, and what differing in everything costs. */
@Timeout(60)
class NewSettingsTest {

    record Line(String id, int price, List<String> tags) {}

    record Order(List<Line> lines, long updatedAt, Map<String, Object> extra) {}

    static final class Bean {
        private final String code;
        final int value;

        Bean(String code, int value) {
            this.code = code;
            this.value = value;
        }

        public String getCode() {
            return code;
        }
    }

    private static final StructuralComparator<Object> PLAIN = Comparators.structural();

    private static List<String> differences(ResultComparator<Object> how, Object control, Object candidate) {
        return how.compare(control, candidate).stream()
                .map(Difference::toString)
                .toList();
    }

    private static Line line(String id, int price, String... tags) {
        return new Line(id, price, List.of(tags));
    }

    private static List<Line> lines(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> line("l" + i, i, "t"))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    // ---- pairing ----

    @Test
    void pairsElementsByAKeyAndNamesWhatChanged() {
        List<Line> control = List.of(line("a", 1), line("b", 2), line("c", 3));
        List<Line> candidate = List.of(line("c", 3), line("b", 20), line("a", 1));
        StructuralComparator<Object> byKey = PLAIN.pairing("[*]", Line::id);

        assertThat(differences(byKey, control, candidate)).containsExactly("[\"b\"].price: VALUE");
        assertThat(differences(PLAIN.pairing("[*]", "id"), control, candidate)).containsExactly("[\"b\"].price: VALUE");
        assertThat(byKey.compare(control, candidate))
                .extracting(Difference::signature)
                .containsExactly("[*].price");
        assertThat(differences(byKey, control, List.of(line("c", 3), line("a", 1))))
                .containsExactly("[\"b\"]: MISSING");
        assertThat(differences(byKey, control.subList(0, 1), candidate))
                .containsExactlyInAnyOrder("[\"b\"]: EXTRA", "[\"c\"]: EXTRA");
        assertThat(differences(
                        PLAIN.pairing("lines[*]", Line::id),
                        new Order(control, 1, Map.of()),
                        new Order(candidate, 1, Map.of())))
                .containsExactly("lines[\"b\"].price: VALUE");
    }

    @Test
    void pairsByTheKeyOfARecordABeanAFieldOrAMap() {
        assertThat(differences(
                        PLAIN.pairing("[*]", "id"),
                        new Object[] {Map.of("id", 1, "v", 1), Map.of("id", 2, "v", 2)},
                        new Object[] {Map.of("id", 2, "v", 3), Map.of("id", 1, "v", 1)}))
                .containsExactly("[\"2\"][*]: VALUE");
        StructuralComparator<Object> beans = PLAIN.byFields(Bean.class);
        assertThat(differences(
                        beans.pairing("[*]", "code"),
                        List.of(new Bean("x", 1), new Bean("y", 2)),
                        List.of(new Bean("y", 3), new Bean("x", 1))))
                .containsExactly("[\"y\"].value: VALUE");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PLAIN.pairing("[*]", "uid").compare(lines(1), lines(2)))
                .withMessageContaining("pairing by 'uid'")
                .withMessageContaining("has no such property; there are id, price, tags");
    }

    @Test
    void duplicateKeysAreNamed() {
        StructuralComparator<Object> byKey = PLAIN.pairing("[*]", Line::id);
        List<Line> twice = List.of(line("a", 1), line("b", 1), line("b", 2));

        assertThat(differences(byKey, twice, List.of(line("b", 2), line("a", 1), line("b", 1))))
                .as("the same duplicates in another order")
                .isEmpty();
        assertThat(differences(byKey, twice, List.of(line("b", 2), line("a", 1))))
                .as("equal ones belong together")
                .containsExactly("[\"b\"]: MISSING");
        assertThat(differences(byKey, List.of(line("b", 2), line("a", 1)), twice))
                .containsExactly("[\"b\"]: EXTRA");
        assertThat(differences(byKey, twice, List.of(line("b", 2), line("b", 3), line("a", 1))))
                .containsExactly("[\"b\"].price: VALUE");
    }

    @Test
    void nullElementsAndNullKeysArePairedToo() {
        StructuralComparator<Object> byKey = PLAIN.pairing("[*]", Line::id);

        assertThat(differences(byKey, Arrays.asList(line("a", 1), null), Arrays.asList(null, line("a", 1))))
                .isEmpty();
        assertThat(differences(byKey, Arrays.asList(line(null, 1), null), Arrays.asList(null, line(null, 2))))
                .containsExactly("[\"null\"].price: VALUE");
    }

    @Test
    void pathsBelowAPairedElementNameItByKeyOrAll() {
        List<Line> control = List.of(line("a", 1), line("b", 2));
        List<Line> candidate = List.of(line("b", 3), line("a", 2));
        StructuralComparator<Object> byKey = PLAIN.pairing("[*]", Line::id);

        assertThat(differences(byKey.ignoring("[\"a\"].price"), control, candidate))
                .containsExactly("[\"b\"].price: VALUE");
        assertThat(differences(byKey.at("[*].price", Comparators.tolerance(1)), control, candidate))
                .isEmpty();
    }

    @Test
    void aPathToPairMustNameElements() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PLAIN.pairing("lines", "id"))
                .withMessage("path 'lines' must end with '[*]', as it names the elements that are paired: 'lines[*]'");
    }

    @Test
    void aHundredThousandElementsArePairedInLinearTime() {
        List<Line> control = lines(100_000);
        List<Line> candidate = lines(100_000);
        Collections.shuffle(candidate, new Random(1));
        StructuralComparator<Object> byKey = PLAIN.pairing("[*]", Line::id);

        assertThat(differences(byKey, control, candidate)).isEmpty();
        candidate.set(5, line(candidate.get(5).id, -1, "t"));
        assertThat(differences(byKey, control, candidate))
                .containsExactly("[\"" + candidate.get(5).id + "\"].price: VALUE");
    }

    // ---- any order at size ----

    @Test
    void tenThousandRecordsThatHoldListsMatchInAnyOrder() {
        List<Line> control = lines(10_000);
        List<Line> candidate = lines(10_000);
        Collections.reverse(candidate);

        assertThat(differences(PLAIN.inAnyOrder(""), control, candidate)).isEmpty();
        candidate.set(3, line("new", 1));
        assertThat(differences(PLAIN.inAnyOrder(""), control, candidate))
                .containsExactly("[9996]: MISSING", "[3]: EXTRA");
    }

    @Test
    void whatIsComparedByATolerancePutsNoElementInAnotherPlace() {
        StructuralComparator<Object> tolerant =
                PLAIN.inAnyOrder("").at("[*].price", Comparators.tolerance(1)).ignoring("[*].tags");
        List<Line> control = lines(5_000);
        List<Line> candidate = lines(5_000).stream()
                .map(line -> line(line.id, line.price + 1, "other"))
                .collect(Collectors.toCollection(ArrayList::new));
        Collections.shuffle(candidate, new Random(2));

        assertThat(differences(tolerant, control, candidate)).isEmpty();
    }

    @Test
    void duplicatesAreCountedWhereverTheyAre() {
        List<Object> control = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            control.add(List.of(i % 3));
        }
        List<Object> candidate = new ArrayList<>(control);
        Collections.reverse(candidate);

        assertThat(differences(PLAIN.inAnyOrder(""), control, candidate)).isEmpty();
        candidate.set(0, List.of(0)); // was a 2: 1001 zeros and 999 twos
        assertThat(differences(PLAIN.inAnyOrder(""), control, candidate))
                .hasSize(2)
                .anyMatch(difference -> difference.endsWith("MISSING"))
                .anyMatch(difference -> difference.endsWith("EXTRA"));
    }

    @Test
    void elementsThatKnowTheirOwnerAreFoundInAnyOrder() {
        SituationsTest.Parent control = new SituationsTest.Parent("p", "a", "b", "c");
        SituationsTest.Parent candidate = new SituationsTest.Parent("p", "c", "a", "b");
        StructuralComparator<Object> byFields = PLAIN.byFields(SituationsTest.Parent.class, SituationsTest.Child.class);

        assertThat(differences(byFields.inAnyOrder("children"), control, candidate))
                .isEmpty();
        assertThat(differences(byFields, control, candidate)).containsExactly("children: ORDER");
    }

    // ---- all different ----

    private static void costsLittle(IntFunction<Object> control, IntFunction<Object> candidate) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        List<Object> one = IntStream.range(0, 100).mapToObj(control).toList();
        List<Object> other = IntStream.range(0, 100).mapToObj(candidate).toList();
        for (int i = 0; i < 2_000; i++) {
            assertThat(PLAIN.compare(one, other)).hasSize(100);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        int found = 0;
        for (int i = 0; i < 100; i++) {
            found += PLAIN.compare(one, other).size();
        }
        long bytes = (threads.getCurrentThreadAllocatedBytes() - before) / 100;

        assertThat(found).isEqualTo(10_000);
        assertThat(bytes).as("bytes a comparison").isLessThan(40_000);
    }

    @Test
    void listsThatDifferInEverythingAreComparedByPositionAndCostLittle() {
        costsLittle(i -> i, i -> 1000 + i);
        costsLittle(i -> LocalDate.ofEpochDay(i), i -> LocalDate.ofEpochDay(5000 + i));
        costsLittle(i -> new UUID(1, i), i -> new UUID(2, i));
        costsLittle(i -> new SituationsTest.Point(i, 1), i -> new SituationsTest.Point(-1 - i, 1));
    }

    // ---- places at any depth ----

    @Test
    void aPlaceAtAnyDepthIsIgnored() {
        Order control =
                new Order(List.of(line("a", 1)), 5, Map.of("inner", new Order(List.of(line("b", 2)), 7, Map.of())));
        Order candidate =
                new Order(List.of(line("a", 1)), 6, Map.of("inner", new Order(List.of(line("b", 3)), 8, Map.of())));

        assertThat(differences(PLAIN.ignoring("**.updatedAt"), control, candidate))
                .containsExactly("extra[*].lines[0].price: VALUE");
        assertThat(differences(PLAIN.ignoring("**.updatedAt", "**.lines[*].price"), control, candidate))
                .isEmpty();
        assertThat(differences(PLAIN.ignoring("extra.**.updatedAt"), control, candidate))
                .containsExactly("updatedAt: VALUE", "extra[*].lines[0].price: VALUE");
        assertThat(differences(PLAIN.ignoring("**[\"inner\"]"), control, candidate))
                .containsExactly("updatedAt: VALUE");
    }

    @Test
    void allSettingsTakeAPlaceAtAnyDepth() {
        Order control = new Order(List.of(line("a", 1, "x", "y"), line("b", 5)), 5, Map.of());
        Order candidate = new Order(List.of(line("b", 6), line("a", 2, "y", "x")), 5, Map.of());

        assertThat(differences(
                        PLAIN.pairing("**.lines[*]", "id")
                                .inAnyOrder("**.tags")
                                .at("**.price", Comparators.tolerance(1)),
                        control,
                        candidate))
                .isEmpty();
        assertThat(differences(
                        PLAIN.pairing("**.lines[*]", "id").inAnyOrder("**.tags").ignoring("**[*].price"),
                        control,
                        candidate))
                .isEmpty();
    }

    @Test
    void aPlaceAtAnyDepthOfADeepGraphTakesNoMemoryWithoutEnd() {
        Map<String, Object> control = new HashMap<>(Map.of("leaf", 1));
        Map<String, Object> candidate = new HashMap<>(Map.of("leaf", 2));
        for (int i = 0; i < 150; i++) {
            control = new HashMap<>(Map.of("next", control, "id", i));
            candidate = new HashMap<>(Map.of("next", candidate, "id", -i));
        }

        assertThat(differences(PLAIN.ignoring("**[\"id\"]", "**[\"leaf\"]"), control, candidate))
                .isEmpty();
        assertThat(differences(PLAIN.ignoring("**[\"id\"]"), control, candidate))
                .containsExactly("[*]".repeat(151) + ": VALUE");
    }

    // ---- keys as names ----

    @Test
    void keysOfJsonLikeMapsArePartOfThePlace() {
        Map<String, Object> control = Map.of("items", List.of(Map.of("price", 1, "name", "a")));
        Map<String, Object> candidate = Map.of("items", List.of(Map.of("price", 2, "name", "b")));

        List<Difference> named = PLAIN.keysAreNames().compare(control, candidate);

        assertThat(named)
                .extracting(Difference::path)
                .containsExactlyInAnyOrder("[\"items\"][0][\"price\"]", "[\"items\"][0][\"name\"]");
        assertThat(named)
                .extracting(Difference::signature)
                .containsExactlyInAnyOrder("[\"items\"][*][\"price\"]", "[\"items\"][*][\"name\"]");
        assertThat(PLAIN.compare(control, candidate))
                .as("by default keys may be private")
                .extracting(Difference::signature)
                .containsOnly("[*][*][*]");
    }

    @Test
    void atMostFiftyKeysAreToldApartAtAPlace() {
        Map<String, Object> control = new LinkedHashMap<>();
        Map<String, Object> candidate = new LinkedHashMap<>();
        for (int i = 0; i < 80; i++) {
            control.put("k" + i, Map.of("a", 1));
            candidate.put("k" + i, Map.of("a", 2));
        }

        Set<String> signatures = PLAIN.keysAreNames().maxDifferences(500).compare(control, candidate).stream()
                .map(Difference::signature)
                .collect(Collectors.toSet());

        assertThat(signatures).hasSize(51).contains("[\"k0\"][\"a\"]", "[\"k49\"][\"a\"]", "[*][\"a\"]");
    }

    @Test
    void aComparatorOfAPlaceKeepsItsNames() {
        StructuralComparator<Object> inner = Comparators.structural().keysAreNames();
        StructuralComparator<Object> comparator = PLAIN.keysAreNames().at("[\"order\"]", inner);
        Object control = Map.of("order", Map.of("price", 1));
        Object candidate = Map.of("order", Map.of("price", 2));

        assertThat(comparator.compare(control, candidate))
                .extracting(Difference::signature)
                .containsExactly("[\"order\"][\"price\"]");
        assertThat(Comparators.by("body", value -> value, comparator).compare(control, candidate))
                .extracting(Difference::signature)
                .containsExactly("body[\"order\"][\"price\"]");
    }

    // ---- types that are known ----

    @Test
    void aPathThatTheTypeDoesNotHaveIsAnErrorAtOnce() {
        StructuralComparator<Order> typed = Comparators.structural(Order.class);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> typed.ignoring("lines[*].updateAt"))
                .withMessage("path 'lines[*].updateAt' leads nowhere: at 'lines[*]', " + Line.class.getName()
                        + " has no 'updateAt'; there are id, price, tags");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> typed.at("line[*].price", Comparators.numericValue()))
                .withMessageContaining("has no 'line'; there are lines, updatedAt, extra");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> typed.inAnyOrder("lines.tags"))
                .withMessageContaining("holds elements: '[*]' names them");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> typed.pairing("updatedAt[*]", "id"))
                .withMessageContaining("at 'updatedAt', long has no elements");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> typed.ignoring("lines[*].id.length"))
                .withMessageContaining("has no properties");
        // what types do not tell is taken
        typed.ignoring("lines[*].tags[0]", "extra[\"x\"].y", "**.anything", "extra[*][*]");
    }

    // ---- the rest ----

    @Test
    void theEndOfTheStackCutsOffLikeAnyLimit() {
        Object control = 1;
        Object candidate = 1;
        for (int i = 0; i < 100_000; i++) {
            control = List.of(control);
            candidate = List.of(candidate);
        }

        assertThat(differences(PLAIN.maxDepth(1_000_000), control, candidate))
                .containsExactly("(whole value): CUT_OFF");
    }

    @Test
    void rulesForATypeReachWhatAHashWouldTellApart() {
        StructuralComparator<Object> comparator =
                PLAIN.inAnyOrder("").forType(BigDecimal.class, Comparators.numericValue());
        List<Object> control = new ArrayList<>();
        List<Object> candidate = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            control.add(Map.of("id", "k" + i, "amount", new BigDecimal(i + ".0")));
            candidate.add(Map.of("id", "k" + i, "amount", new BigDecimal(i + ".00")));
        }
        Collections.shuffle(candidate, new Random(3));

        assertThat(differences(comparator, control, candidate)).isEmpty();
        assertThat(PLAIN.inAnyOrder("").maxDifferences(2_000).compare(control, candidate))
                .extracting(Difference::kind)
                .contains(Kind.MISSING, Kind.EXTRA);
    }
}
