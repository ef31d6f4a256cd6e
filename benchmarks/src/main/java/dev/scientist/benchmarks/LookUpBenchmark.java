package dev.scientist.benchmarks;

import dev.scientist.Experiment;
import dev.scientist.Scientist;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What it costs to define an experiment where it is used: each call but the first looks it up by name. Beside it the
 * look-up in a map alone. Aim: at most 20 ns.
 */
@State(Scope.Thread)
public class LookUpBenchmark extends Measured {

    /** As many as a large application has. */
    private static final int EXPERIMENTS = 128;

    private final Map<String, Object> map = new ConcurrentHashMap<>();
    private final String[] names = new String[EXPERIMENTS];
    private Scientist scientist;
    private int next;

    @Setup
    public void setUp() {
        scientist = Scientist.builder().publisher(result -> {}).build();
        for (int i = 0; i < EXPERIMENTS; i++) {
            names[i] = "shop.prices-of-kind-" + i;
            map.put(names[i], lookUp(names[i]));
        }
    }

    @TearDown
    public void tearDown() {
        scientist.close();
    }

    private Experiment<Step> lookUp(String name) {
        return scientist.experiment(name, experiment -> experiment.enabled(() -> true));
    }

    private String nextName() {
        next = (next + 1) % EXPERIMENTS;
        return names[next];
    }

    /** As most code does: one call site, one name. */
    @Benchmark
    public Experiment<Step> oneName() {
        return lookUp("shop.prices-of-kind-7");
    }

    /** The caches of the processor have more to hold. */
    @Benchmark
    public Experiment<Step> manyNames() {
        return lookUp(nextName());
    }

    @Benchmark
    public @Nullable Object mapManyNames() {
        return map.get(nextName());
    }
}
