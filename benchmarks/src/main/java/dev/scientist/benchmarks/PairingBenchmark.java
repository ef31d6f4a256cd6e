package dev.scientist.benchmarks;

import dev.scientist.Difference;
import dev.scientist.ResultComparator;
import dev.scientist.compare.Comparators;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonDifferenceCalculator;
import org.javers.core.Javers;
import org.javers.core.JaversBuilder;
import org.javers.core.diff.Diff;
import org.javers.core.diff.ListCompareAlgorithm;
import org.javers.core.metamodel.clazz.EntityDefinition;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Lists whose elements belong together in another way than by their order, against JaVers and AssertJ: 100,000 paired by
 * a key, 10,000 equal ones in any order, and 100 that all differ. AssertJ is left out where it would take minutes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms2g", "-Xmx2g", "-XX:+UseG1GC", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
public class PairingBenchmark {

    /** Holds a list, so that its equals is not all there is to it. */
    public record Item(String id, BigDecimal price, List<String> tags) {}

    private final ResultComparator<List<Item>> byKey =
            Comparators.<List<Item>>structural().pairing("[*]", Item::id);
    private final ResultComparator<List<Item>> anyOrder =
            Comparators.<List<Item>>structural().inAnyOrder("");
    private final ResultComparator<List<Integer>> structural = Comparators.structural();
    private final Javers javersByKey = JaversBuilder.javers()
            .registerEntity(new EntityDefinition(Item.class, "id"))
            .build();
    private final Javers javersAnyOrder = JaversBuilder.javers()
            .withListCompareAlgorithm(ListCompareAlgorithm.AS_SET)
            .build();
    private final Javers javers = JaversBuilder.javers().build();
    private final RecursiveComparisonDifferenceCalculator assertj = new RecursiveComparisonDifferenceCalculator();
    private final RecursiveComparisonConfiguration assertjConfiguration = new RecursiveComparisonConfiguration();

    private List<Item> many = List.of();
    private List<Item> manyShuffled = List.of();
    private List<Item> some = List.of();
    private List<Item> someReversed = List.of();
    private List<Integer> numbers = List.of();
    private List<Integer> otherNumbers = List.of();

    /** What an object has that holds a list, as JaVers asks for. */
    public record Holder(List<?> elements) {}

    /** Makes lists of distinct objects. */
    @Setup
    public void setUp() {
        many = items(100_000);
        manyShuffled = items(100_000);
        Collections.shuffle(manyShuffled, new Random(1));
        // one of them changed
        manyShuffled.set(0, new Item(manyShuffled.get(0).id(), BigDecimal.TEN, List.of()));
        some = items(10_000);
        someReversed = items(10_000);
        Collections.reverse(someReversed);
        numbers = IntStream.range(0, 100).boxed().toList();
        otherNumbers = IntStream.range(1_000, 1_100).boxed().toList();
    }

    private static List<Item> items(int count) {
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(new Item("item-" + i, new BigDecimal(i + ".50"), List.of("a" + i % 10, "b")));
        }
        return items;
    }

    @Benchmark
    public List<Difference> byKeyByStructural() {
        return byKey.compare(many, manyShuffled);
    }

    @Benchmark
    public Diff byKeyByJavers() {
        return javersByKey.compareCollections(many, manyShuffled, Item.class);
    }

    @Benchmark
    public List<Difference> anyOrderByStructural() {
        return anyOrder.compare(some, someReversed);
    }

    @Benchmark
    public Diff anyOrderByJavers() {
        return javersAnyOrder.compare(new Holder(some), new Holder(someReversed));
    }

    @Benchmark
    public List<Difference> allDifferByStructural() {
        return structural.compare(numbers, otherNumbers);
    }

    @Benchmark
    public List<?> allDifferByAssertJ() {
        return assertj.determineDifferences(numbers, otherNumbers, assertjConfiguration);
    }

    @Benchmark
    public Diff allDifferByJavers() {
        return javers.compare(new Holder(numbers), new Holder(otherNumbers));
    }
}
