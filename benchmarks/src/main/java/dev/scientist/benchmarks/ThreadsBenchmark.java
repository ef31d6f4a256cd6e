package dev.scientist.benchmarks;

import dev.scientist.Experiment;
import dev.scientist.Scientist;
import java.util.concurrent.atomic.LongAdder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/** Whether two threads that share an experiment hold each other up. */
public class ThreadsBenchmark extends Measured {

    /** What the threads share. */
    @State(Scope.Benchmark)
    public static class Shared {
        private final LongAdder matches = new LongAdder();
        private Experiment<Integer> on;

        @Setup
        public void setUp() {
            Scientist scientist =
                    Scientist.builder().publisher(result -> matches.increment()).build();
            Workload.pollute(scientist, "other-");
            on = scientist.<Integer>experiment("on").build();
        }
    }

    /** What each has of its own. */
    @State(Scope.Thread)
    public static class Own {
        private int seed = 42;
    }

    @Benchmark
    @Threads(1)
    public int oneThread(Shared shared, Own own) {
        own.seed = shared.on.run(own.seed, Workload::control, Workload::candidate);
        return own.seed;
    }

    @Benchmark
    @Threads(2)
    public int twoThreads(Shared shared, Own own) {
        own.seed = shared.on.run(own.seed, Workload::control, Workload::candidate);
        return own.seed;
    }
}
