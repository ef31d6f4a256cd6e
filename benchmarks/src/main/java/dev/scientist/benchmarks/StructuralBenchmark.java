package dev.scientist.benchmarks;

import dev.scientist.Difference;
import dev.scientist.ResultComparator;
import dev.scientist.compare.Comparators;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonDifferenceCalculator;
import org.javers.core.Javers;
import org.javers.core.JaversBuilder;
import org.javers.core.diff.Diff;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The structural comparison against equals, AssertJ's recursive comparison and JaVers: a list of records that is equal,
 * and one with an element inserted in the middle.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m", "-XX:+UseG1GC", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
public class StructuralBenchmark {

    /** Plain values only: its equals is generated and right. */
    public record Line(String sku, BigDecimal price, int amount, boolean taxed) {}

    /** Holds what equals cannot be relied on for, so that it is walked component by component. */
    public record Position(Line line, double weight, List<String> tags) {}

    /** What the comparators see. */
    public record Order(String id, List<?> lines) {}

    /** Lines are plain records; positions are walked. */
    @Param({"line", "position"})
    public String element;

    /** How many elements the list has. */
    @Param({"10", "1000"})
    public int size;

    private final ResultComparator<Order> structural = Comparators.structural();
    private final RecursiveComparisonDifferenceCalculator assertj = new RecursiveComparisonDifferenceCalculator();
    private final RecursiveComparisonConfiguration assertjConfiguration = new RecursiveComparisonConfiguration();
    private final Javers javers = JaversBuilder.javers().build();
    private Order control = new Order("", List.of());
    private Order equal = control;
    private Order inserted = control;

    /** Makes two equal orders of distinct objects, and one with an element more. */
    @Setup
    public void setUp() {
        control = new Order("order", elements(size));
        equal = new Order("order", elements(size));
        List<Object> more = elements(size);
        more.add(size / 2, element(-1));
        inserted = new Order("order", more);
    }

    private List<Object> elements(int count) {
        List<Object> elements = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            elements.add(element(i));
        }
        return elements;
    }

    private Object element(int i) {
        Line line = new Line("sku-" + i, new BigDecimal(i + ".50"), i % 7, i % 2 == 0);
        return element.equals("line") ? line : new Position(line, i / 3.0, new ArrayList<>(List.of("a" + i, "b")));
    }

    @Benchmark
    public boolean equalByEquals() {
        return control.equals(equal);
    }

    @Benchmark
    public List<Difference> equalByStructural() {
        return structural.compare(control, equal);
    }

    @Benchmark
    public List<?> equalByAssertJ() {
        return assertj.determineDifferences(control, equal, assertjConfiguration);
    }

    @Benchmark
    public Diff equalByJavers() {
        return javers.compare(control, equal);
    }

    @Benchmark
    public List<Difference> insertedByStructural() {
        return structural.compare(control, inserted);
    }

    @Benchmark
    public List<?> insertedByAssertJ() {
        return assertj.determineDifferences(control, inserted, assertjConfiguration);
    }

    @Benchmark
    public Diff insertedByJavers() {
        return javers.compare(control, inserted);
    }
}
