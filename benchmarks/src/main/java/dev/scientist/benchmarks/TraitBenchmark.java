package dev.scientist.benchmarks;

import dev.scientist.Experiment;
import dev.scientist.Scientist;
import dev.scientist.evidence.EvidencePublisher;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What traits add to a run whose evidence is counted: the target is 30 ns for each. */
@State(Scope.Benchmark)
public class TraitBenchmark extends Measured {

    private enum Country {
        DE,
        FR,
        IT,
        PL
    }

    private record Order(Country country, boolean gift, int lines, String tariff) {}

    @Param({"0", "4", "10"})
    private int traits;

    private final Order[] orders = new Order[64];
    private Experiment<Integer> experiment;
    private int next;

    @Setup
    public void setUp() {
        for (int i = 0; i < orders.length; i++) {
            orders[i] = new Order(Country.values()[i % 4], i % 9 == 0, i * i * i, "T" + i % 7);
        }
        Experiment.Builder<Integer> builder =
                Scientist.builder().publisher(new EvidencePublisher()).build().experiment("orders");
        for (int i = 0; i < traits; i++) {
            switch (i % 4) {
                case 0 -> builder.trait("country" + i, Order.class, Order::country);
                case 1 -> builder.trait("gift" + i, Order.class, Order::gift);
                case 2 -> builder.trait("lines" + i, Order.class, Order::lines);
                default -> builder.trait("tariff" + i, Order.class, Order::tariff);
            }
        }
        experiment = builder.build();
    }

    private static Integer lines(Order order) {
        return order.lines();
    }

    @Benchmark
    public Integer run() {
        next = (next + 1) & 63;
        return experiment.run(orders[next], TraitBenchmark::lines, TraitBenchmark::lines);
    }
}
