package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.compare.Comparators;
import dev.scientist.gate.Gates;
import dev.scientist.publish.RecordingPublisher;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code of the README's chapter on differences, compiled and run. */
class ReadmeComparingTest {

    private final RecordingPublisher published = new RecordingPublisher();
    private final Scientist scientist = Scientist.builder().publisher(published).build();

    record Line(String article, int price, long updatedAt) {}

    record Order(List<Line> lines, double total, List<String> tags) {}

    @Test
    void namesWhereOrdersDiffer() {
        Experiment<Order> orders = scientist
                .<Order>experiment("orders")
                .comparator(Comparators.<Order>structural()
                        .ignoring("lines[*].updatedAt")
                        .at("total", Comparators.tolerance(0.005))
                        .inAnyOrder("tags"))
                .build();
        orders.run(
                () -> new Order(List.of(new Line("a", 1, 5), new Line("b", 2, 5)), 3, List.of("x", "y")),
                () -> new Order(List.of(new Line("a", 1, 6), new Line("b", 3, 6)), 3.004, List.of("y", "x")));

        Comparison<?> comparison = published.results().get(0).comparisons().get(0);
        assertThat(comparison.differences()).extracting(Difference::path).containsExactly("lines[1].price");
        assertThat(comparison.signature()).isEqualTo("lines[*].price");
    }

    @Test
    void measuresNoise() {
        // README: baseline
        Experiment<Order> orders = scientist
                .<Order>experiment("orders-with-baseline")
                .comparator(Comparators.structural())
                .baseline(Gates.percent(1))
                .build();
        // README end
        assertThat(orders.noise()).isEmpty();
    }
}
