package dev.scientist.benchmarks;

import dev.scientist.Difference;
import dev.scientist.Experiment;
import dev.scientist.ResultComparator;
import dev.scientist.Scientist;
import dev.scientist.Trial;
import dev.scientist.compare.Comparators;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * How the cost of a run grows with what there is more of; with threads, see {@link ThreadsBenchmark}. The code under
 * experiment takes about 22 ns.
 */
public class GrowthBenchmark extends Measured {

    /** Experiments that take turns: the more, the less of them is in the processor's caches. */
    @State(Scope.Thread)
    public static class Many {
        @Param({"1", "100", "1000", "10000"})
        private int experiments;

        private List<Experiment<Step>> all = List.of();
        private int next;
        private Step seed = Step.FIRST;

        /** Defines them. */
        @Setup
        public void setUp() {
            Scientist scientist = Scientist.builder().publisher(result -> {}).build();
            Workload.pollute(Scientist.builder().publisher(result -> {}).build(), "other-");
            all = IntStream.range(0, experiments)
                    .mapToObj(i -> scientist.<Step>experiment("experiment-" + i).build())
                    .toList();
        }
    }

    @Benchmark
    public Step experiments(Many many) {
        many.next = many.next + 1 < many.experiments ? many.next + 1 : 0;
        many.seed = many.all.get(many.next).run(many.seed, Step::control, Step::candidate);
        return many.seed;
    }

    /** Candidates of one run. */
    @State(Scope.Thread)
    public static class Several {
        @Param({"1", "2", "5", "10"})
        private int candidates;

        private final Experiment<Step> experiment = Scientist.builder()
                .publisher(result -> {})
                .build()
                .<Step>experiment("several")
                .build();
        private List<String> names = List.of();
        private Step seed = Step.FIRST;

        /** Names them. */
        @Setup
        public void setUp() {
            names = IntStream.range(0, candidates)
                    .mapToObj(i -> "candidate-" + i)
                    .toList();
        }
    }

    @Benchmark
    public Step candidates(Several several) {
        Step input = several.seed;
        Trial<Step, RuntimeException> trial = several.experiment.control(() -> Step.control(input));
        several.names.forEach(name -> trial.candidate(name, () -> Step.candidate(input)));
        several.seed = trial.run();
        return several.seed;
    }

    /** A tree of records, each with two others. */
    @State(Scope.Thread)
    public static class Graph {
        private record Node(int number, List<Node> below) {}

        @Param({"10", "1000", "100000", "1000000"})
        private int nodes;

        private final ResultComparator<Node> structural = Comparators.structural();
        private Node control = new Node(0, List.of());
        private Node candidate = control;

        /** Makes two that are equal. */
        @Setup
        public void setUp() {
            control = node(1);
            candidate = node(1);
        }

        private Node node(int number) {
            List<Node> below = IntStream.of(2 * number, 2 * number + 1)
                    .filter(child -> child <= nodes)
                    .mapToObj(this::node)
                    .toList();
            return new Node(number, below);
        }
    }

    @Benchmark
    public List<Difference> nodes(Graph graph) {
        return graph.structural.compare(graph.control, graph.candidate);
    }
}
