package dev.scientist.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.Difference;
import dev.scientist.Experiment;
import dev.scientist.Operation;
import dev.scientist.ResultComparator;
import dev.scientist.Scientist;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Paths that never met anything are said once, with the names that are there. */
class UnmetPathsTest {

    record Line(int price, long updatedAt) {}

    record Order(List<Line> lines, List<String> tags, Map<String, String> headers) {}

    private final List<String> said = new ArrayList<>();

    private ResultComparator<Order> watched(StructuralComparator<Order> comparator) {
        return comparator.forExperiment("orders", failure -> said.add(failure.getMessage()));
    }

    private static Order order(int price) {
        return new Order(List.of(new Line(price, 1)), List.of("a"), Map.of("x", "y"));
    }

    @Test
    void whenTheExperimentCloses() {
        ResultComparator<Order> comparator = watched(Comparators.<Order>structural()
                .ignoring("lines[*].updateAt", "lines[*].updatedAt")
                .at("line[*].price", Comparators.numericValue())
                .inAnyOrder("tag", "tags")
                .pairing("lines.all[*]", "id"));
        comparator.compare(order(1), order(1));
        assertThat(said).isEmpty();

        comparator.experimentClosed();
        comparator.experimentClosed();

        assertThat(said)
                .containsExactly(
                        "path 'lines[*].updateAt' never met anything: at 'lines[*]' there are price, updatedAt",
                        "path 'line[*].price' never met anything: in the whole value there are lines, tags, headers",
                        "path 'tag' never met anything: in the whole value there are lines, tags, headers",
                        "path 'lines.all[*]' never met anything: at 'lines' there are elements or keys: 'lines[*]' names all of them,"
                                + " 'lines[\"all\"]' one key");
    }

    @Test
    void afterAThousandComparisonsKeysAndIndexesToo() {
        ResultComparator<Order> comparator =
                watched(Comparators.<Order>structural().ignoring("headers[\"date\"]", "lines[7]", "**.updateAt"));
        for (int i = 0; i < 999; i++) {
            comparator.compare(order(1), order(2));
        }
        assertThat(said).isEmpty();

        comparator.compare(order(1), order(2));

        assertThat(said)
                .containsExactly(
                        "path 'headers[\"date\"]' never met anything: at 'headers' there is no such key or index",
                        "path 'lines[7]' never met anything: at 'lines' there is no such key or index",
                        "path '**.updateAt' never met anything: anywhere there are headers, lines, price, tags, updatedAt");
    }

    @Test
    void nothingIsSaidOfWhatCannotBeKnown() {
        ResultComparator<Order> comparator =
                watched(Comparators.<Order>structural().ignoring("lines[*].discount", "headers[\"date\"]"));
        comparator.experimentClosed();
        assertThat(said).as("nothing was compared").isEmpty();

        comparator = watched(Comparators.<Order>structural().ignoring("lines[*].discount", "headers[\"date\"]"));
        comparator.compare(new Order(List.of(), List.of(), Map.of()), new Order(List.of(), List.of("a"), Map.of()));
        comparator.experimentClosed();
        assertThat(said).as("there was no line, and the key may come yet").isEmpty();
    }

    @Test
    void comparatorsWithinOthersSayItToo() {
        ResultComparator<Order> comparator = Comparators.allOf(
                Comparators.by(
                        "order", order -> order, Comparators.<Order>structural().ignoring("taggs")),
                Comparators.<Order>structural()
                        .at("lines", Comparators.structural().ignoring("[*].prize"))
                        .forType(Map.class, Comparators.structural().ignoring("[*].deep")));
        comparator = comparator.forExperiment("orders", failure -> said.add(failure.getMessage()));
        comparator.compare(order(1), order(1));
        comparator.compare(order(1), order(2));
        comparator.experimentClosed();

        assertThat(said)
                .containsExactlyInAnyOrder(
                        "path 'taggs' never met anything: in the whole value there are lines, tags, headers",
                        "path '[*].prize' never met anything: at '[*]' there are price, updatedAt");
    }

    @Test
    void anExperimentTellsItsFailureHandlerWhenItsScientistCloses() {
        try (Scientist scientist = Scientist.builder()
                .failureHandler((experiment, operation, failure) ->
                        said.add(experiment + " " + operation + " " + failure.getMessage()))
                .build()) {
            StructuralComparator<Order> shared = Comparators.<Order>structural().ignoring("lines[*].updateAt");
            Experiment<Order> one =
                    scientist.<Order>experiment("one").comparator(shared).build();
            scientist.<Order>experiment("never-run").comparator(shared).build();
            one.run(() -> order(1), () -> order(1));
            assertThat(said).isEmpty();
        }

        assertThat(said)
                .containsExactly("one COMPARE path 'lines[*].updateAt' never met anything: at 'lines[*]' there are"
                        + " price, updatedAt");
    }

    @Test
    void aComparatorOfOnesOwnIsLeftAsItIs() {
        ResultComparator<Order> own = (control, candidate) -> List.of(Difference.of("x", control, candidate));

        assertThat(own.forExperiment("orders", failure -> said.add("?"))).isSameAs(own);
        own.experimentClosed();
        assertThat(said).isEmpty();
        assertThat(Operation.valueOf("COMPARE")).isNotNull();
    }
}
