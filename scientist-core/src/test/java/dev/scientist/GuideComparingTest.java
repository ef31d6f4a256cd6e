package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.scientist.compare.Comparators;
import dev.scientist.compare.StructuralComparator;
import dev.scientist.publish.RecordingPublisher;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The code of the guide on comparing, compiled and run. */
class GuideComparingTest {

    // README: comparing-types
    record Line(String id, BigDecimal price, List<String> tags, long updatedAt) {}

    record Order(String number, List<Line> lines, Map<String, Object> headers, long updatedAt) {}
    // README end

    private final RecordingPublisher published = new RecordingPublisher();
    private final Scientist scientist = Scientist.builder().publisher(published).build();

    private static Line line(String id, String price, String... tags) {
        return new Line(id, new BigDecimal(price), List.of(tags), System.nanoTime());
    }

    @Test
    void namesWhatChangedInALine() {
        // README: comparing-start
        Experiment<Order> orders = scientist
                .<Order>experiment("orders")
                .comparator(Comparators.structural(Order.class)
                        .ignoring("**.updatedAt") // at any depth
                        .at("lines[*].price", Comparators.numericValue()) // 1.0 is 1.00
                        .inAnyOrder("lines[*].tags")
                        .pairing("lines[*]", Line::id)) // whatever their order
                .build();
        // README end
        orders.run(
                () -> new Order("1", List.of(line("a", "1.0", "x", "y"), line("b", "2")), Map.of(), 1),
                () -> new Order("1", List.of(line("b", "3"), line("a", "1.00", "y", "x")), Map.of(), 2));

        Comparison<?> comparison = published.results().get(0).comparisons().get(0);
        assertThat(comparison.differences()).hasToString("[lines[\"b\"].price: VALUE]");
        assertThat(comparison.signature()).isEqualTo("lines[*].price");
    }

    @Test
    void comparesNumbersByValueWhereverTheyStand() {
        // README: comparing-for-type
        ResultComparator<Map<Object, Object>> prices =
                Comparators.<Map<Object, Object>>structural().forType(BigDecimal.class, Comparators.numericValue());
        // README end
        assertThat(prices.compare(
                        Map.of(new BigDecimal("1.0"), new BigDecimal("2.0")),
                        Map.of(new BigDecimal("1.00"), new BigDecimal("2"))))
                .isEmpty();
    }

    @Test
    void refusesPathsThatTheTypeDoesNotHave() {
        // README: comparing-typed
        StructuralComparator<Order> comparator = Comparators.structural(Order.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> comparator.ignoring("lines[*].updateAt"))
                .withMessageEndingWith("has no 'updateAt'; there are id, price, tags, updatedAt");
        // README end
    }

    @Test
    void pairsByKey() {
        // README: comparing-pairing
        StructuralComparator<List<Line>> byKey = Comparators.<List<Line>>structural()
                .pairing("[*]", Line::id) // or "id"
                .ignoring("[*].updatedAt");

        List<Difference> differences = byKey.compare(
                List.of(line("a", "1"), line("b", "2")), // control
                List.of(line("b", "3"), line("a", "1"))); // candidate
        assertThat(differences).hasToString("[[\"b\"].price: VALUE]");
        // README end
    }

    @Test
    void takesKeysAsNames() {
        // README: comparing-json
        StructuralComparator<Map<String, Object>> json =
                Comparators.<Map<String, Object>>structural().acrossTypes().keysAreNames();

        List<Difference> differences = json.compare(
                Map.of("id", 7, "items", List.of(Map.of("price", 1))),
                Map.of("id", 7L, "items", List.of(Map.of("price", 2))));
        assertThat(differences.get(0).path()).isEqualTo("[\"items\"][0][\"price\"]");
        assertThat(differences.get(0).signature()).isEqualTo("[\"items\"][*][\"price\"]");
        // README end
    }

    @Test
    void comparesContentsAcrossTypes() {
        // README: comparing-across
        record Customer(String name, int age) {}

        ResultComparator<Object> contents = Comparators.structural().acrossTypes();
        assertThat(contents.compare(new Customer("Ann", 30), Map.of("name", "Ann", "age", 30L)))
                .isEmpty();
        // README end
    }

    @Test
    void takesComparatorsOfOnesOwn() {
        // README: comparing-own
        ResultComparator<String> withoutQuery = ResultComparator.matching((control, candidate) -> control != null
                && candidate != null
                && control.split("[?]")[0].equals(candidate.split("[?]")[0]));

        ResultComparator<Map<String, String>> links =
                Comparators.<Map<String, String>>structural().at("[\"self\"]", withoutQuery);
        // README end
        assertThat(links.compare(Map.of("self", "/a?x=1"), Map.of("self", "/a?x=2")))
                .isEmpty();
        assertThat(links.compare(Map.of("self", "/a"), Map.of("self", "/b"))).hasSize(1);
    }
}
