package dev.scientist.benchmarks;

import dev.scientist.Experiment;
import dev.scientist.Scientist;
import dev.scientist.proxy.Implementing;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a whole interface under experiment adds to lambdas written by hand, with a closed and an open gate. */
@State(Scope.Thread)
public class InterfaceBenchmark extends Measured {

    /** What is called. Each method does the same work. */
    public interface Service {
        /**
         * One primitive argument, boxed by the proxy.
         *
         * @param seed to begin with
         * @return the next one
         */
        int one(int seed);

        /**
         * Two arguments, which are put together.
         *
         * @param seed to begin with
         * @param more added
         * @return the next one
         */
        int two(int seed, int more);
    }

    private static final class Legacy implements Service {
        @Override
        public int one(int seed) {
            return Workload.control(seed);
        }

        @Override
        public int two(int seed, int more) {
            return Workload.control(seed + more);
        }
    }

    private static final class Rewrite implements Service {
        @Override
        public int one(int seed) {
            return Workload.candidate(seed);
        }

        @Override
        public int two(int seed, int more) {
            return Workload.candidate(seed + more);
        }
    }

    @Param({"lambda", "proxy"})
    private String way;

    @Param({"closed", "open"})
    private String gate;

    private Service service;
    private int seed = 42;

    @Setup
    public void setUp() {
        Scientist scientist = Scientist.builder().publisher(result -> {}).build();
        Workload.pollute(scientist, "other-");
        for (int i = 0; i < 4; i++) {
            Service other = Implementing.of(scientist, Service.class)
                    .named("other-service-" + i)
                    .control(i % 2 == 0 ? new Legacy() : new Rewrite())
                    .candidate(new Rewrite())
                    .build();
            for (int run = 0; run < 5_000; run++) {
                other.one(run);
                other.two(run, i);
            }
        }
        boolean isOpen = gate.equals("open");
        Service legacy = new Legacy();
        Service rewrite = new Rewrite();
        service = way.equals("proxy")
                ? Implementing.of(scientist, Service.class)
                        .control(legacy)
                        .candidate(rewrite)
                        .settings((method, experiment) -> experiment.enabled(() -> isOpen))
                        .build()
                : new ByHand(
                        legacy,
                        rewrite,
                        scientist
                                .<Integer>experiment("one")
                                .enabled(() -> isOpen)
                                .build(),
                        scientist
                                .<Integer>experiment("two")
                                .enabled(() -> isOpen)
                                .build());
    }

    /** What one would write without the proxy. */
    private record ByHand(Service legacy, Service rewrite, Experiment<Integer> ones, Experiment<Integer> twos)
            implements Service {
        @Override
        public int one(int seed) {
            return ones.run(() -> legacy.one(seed), () -> rewrite.one(seed));
        }

        @Override
        public int two(int seed, int more) {
            return twos.run(() -> legacy.two(seed, more), () -> rewrite.two(seed, more));
        }
    }

    @Benchmark
    public int oneArgument() {
        seed = service.one(seed);
        return seed;
    }

    @Benchmark
    public int twoArguments() {
        seed = service.two(seed, 1);
        return seed;
    }
}
