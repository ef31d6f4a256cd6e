package dev.scientist.benchmarks;

import dev.scientist.Experiment;
import dev.scientist.Result;
import dev.scientist.Scientist;
import dev.scientist.gate.Gates;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
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
 * What an inline experiment adds to a call: off, sampled at one percent, on. Beside it the direct call, a clock read,
 * and the shadow code that one would write by hand.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m", "-XX:+UseG1GC", "-XX:+AlwaysPreTouch"})
@State(Scope.Thread)
public class ExperimentBenchmark {

    private final LongAdder matches = new LongAdder();
    private final LongAdder mismatches = new LongAdder();
    private final LongAdder controlNanos = new LongAdder();
    private final LongAdder candidateNanos = new LongAdder();

    private Experiment<Integer> off;
    private Experiment<Integer> onePercent;
    private Experiment<Integer> on;
    private Experiment<Integer> mismatch;
    private int seed = 42;

    @Setup
    public void setUp() {
        Scientist scientist = Scientist.builder().publisher(this::count).build();
        Workload.pollute(scientist, "other-");
        off = scientist.<Integer>experiment("off").gate(() -> false).build();
        onePercent = scientist
                .<Integer>experiment("one-percent")
                .gate(Gates.percent(1))
                .build();
        on = scientist.<Integer>experiment("on").build();
        mismatch = scientist.<Integer>experiment("mismatch").build();
    }

    private void count(Result<?> result) {
        (result.matched() ? matches : mismatches).increment();
        controlNanos.add(result.control().nanos());
        candidateNanos.add(result.comparisons().get(0).candidate().nanos());
    }

    @Benchmark
    public int direct() {
        seed = Workload.control(seed);
        return seed;
    }

    @Benchmark
    public int controlAndCandidate() {
        seed = Workload.control(seed);
        seed = Workload.candidate(seed);
        return seed;
    }

    @Benchmark
    public long nanoTime() {
        return System.nanoTime();
    }

    /** What one would write: no protection from anything, one candidate, counts. */
    @Benchmark
    public int handWrittenOn() {
        int control;
        int candidate;
        long start = System.nanoTime();
        long middle;
        if (ThreadLocalRandom.current().nextBoolean()) {
            control = Workload.control(seed);
            middle = System.nanoTime();
            candidate = Workload.candidate(seed);
        } else {
            candidate = Workload.candidate(seed);
            middle = System.nanoTime();
            control = Workload.control(seed);
        }
        long end = System.nanoTime();
        (control == candidate ? matches : mismatches).increment();
        controlNanos.add(middle - start);
        candidateNanos.add(end - middle);
        seed = control;
        return seed;
    }

    @Benchmark
    public int off() {
        seed = off.run(seed, Workload::control, Workload::candidate);
        return seed;
    }

    @Benchmark
    public int offCapturing() {
        int input = seed;
        seed = off.run(() -> Workload.control(input), () -> Workload.candidate(input));
        return seed;
    }

    @Benchmark
    public int onePercent() {
        seed = onePercent.run(seed, Workload::control, Workload::candidate);
        return seed;
    }

    @Benchmark
    public int on() {
        seed = on.run(seed, Workload::control, Workload::candidate);
        return seed;
    }

    @Benchmark
    public int onCapturing() {
        int input = seed;
        seed = on.run(() -> Workload.control(input), () -> Workload.candidate(input));
        return seed;
    }

    @Benchmark
    public int mismatch() {
        seed = mismatch.run(seed, Workload::control, Workload::wrong);
        return seed;
    }
}
