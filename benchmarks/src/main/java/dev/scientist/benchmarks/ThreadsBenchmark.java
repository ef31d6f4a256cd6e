package dev.scientist.benchmarks;

import dev.scientist.Experiment;
import dev.scientist.Scientist;
import java.util.concurrent.atomic.LongAdder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/**
 * Whether threads that share an experiment hold each other up. Beside it the direct call: two processors that are one
 * core's hold each other up whatever they do.
 */
public class ThreadsBenchmark extends Measured {

    /** What the threads share. */
    @State(Scope.Benchmark)
    public static class Shared {
        private final LongAdder matches = new LongAdder();
        private Experiment<Step> on;

        @Setup
        public void setUp() {
            Scientist scientist =
                    Scientist.builder().publisher(result -> matches.increment()).build();
            Workload.pollute(scientist, "other-");
            on = scientist.<Step>experiment("on").build();
        }
    }

    /** What each has of its own. */
    @State(Scope.Thread)
    public static class Own {
        private Step seed = Step.FIRST;
    }

    @Benchmark
    @Threads(1)
    public Step directOneThread(Own own) {
        own.seed = Step.control(own.seed);
        return own.seed;
    }

    @Benchmark
    @Threads(2)
    public Step directTwoThreads(Own own) {
        own.seed = Step.control(own.seed);
        return own.seed;
    }

    @Benchmark
    @Threads(1)
    public Step oneThread(Shared shared, Own own) {
        return run(shared, own);
    }

    @Benchmark
    @Threads(2)
    public Step twoThreads(Shared shared, Own own) {
        return run(shared, own);
    }

    @Benchmark
    @Threads(4)
    public Step fourThreads(Shared shared, Own own) {
        return run(shared, own);
    }

    @Benchmark
    @Threads(8)
    public Step eightThreads(Shared shared, Own own) {
        return run(shared, own);
    }

    private static Step run(Shared shared, Own own) {
        own.seed = shared.on.run(own.seed, Step::control, Step::candidate);
        return own.seed;
    }
}
