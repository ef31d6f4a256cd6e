package dev.scientist.benchmarks;

import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.Result;
import dev.scientist.Scientist;
import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.gate.Gates;
import dev.scientist.micrometer.MicrometerPublisher;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What an experiment adds to a call: off, sampled, on, with several publishers, and in other modes. Beside it the direct
 * call, a clock read, and the shadow code that one would write by hand.
 */
@State(Scope.Thread)
public class ExperimentBenchmark extends Measured {

    /** How long the code under experiment takes. */
    @Param({"22ns", "1us"})
    public String work;

    private final LongAdder matches = new LongAdder();
    private final LongAdder mismatches = new LongAdder();
    private final LongAdder controlNanos = new LongAdder();
    private final LongAdder candidateNanos = new LongAdder();

    private Experiment<Integer> off;
    private Experiment<Integer> onePercent;
    private Experiment<Integer> onePermille;
    private Experiment<Integer> on;
    private Experiment<Integer> mismatch;
    private Experiment<Integer> metered;
    private Experiment<Integer> evident;
    private Experiment<Integer> concurrent;
    private Experiment<Integer> asynchronous;
    private volatile boolean handWrittenIsOn;
    private int seed = 42;

    private Scientist scientist;
    private Scientist others;

    @Setup
    public void setUp() {
        Workload.take(work);
        scientist = Scientist.builder().publisher(this::count).build();
        Workload.pollute(scientist, "other-");
        off = scientist.<Integer>experiment("off").gate(() -> false).build();
        onePercent = scientist
                .<Integer>experiment("one-percent")
                .gate(Gates.percent(1))
                .build();
        onePermille = scientist
                .<Integer>experiment("one-permille")
                .gate(Gates.percent(0.1))
                .build();
        on = scientist.<Integer>experiment("on").build();
        concurrent = scientist
                .<Integer>experiment("concurrent")
                .execution(Execution.concurrent(Duration.ofSeconds(1)))
                .build();
        asynchronous = scientist.<Integer>experiment("async").build();
        MicrometerPublisher meters = new MicrometerPublisher(new SimpleMeterRegistry());
        EvidencePublisher evidence = new EvidencePublisher();
        others = Scientist.builder().publisher(result -> {}).build();
        metered = others.<Integer>experiment("metered").publisher(meters).build();
        evident = others.<Integer>experiment("evident").publisher(evidence).build();
        mismatch = scientist.<Integer>experiment("mismatch").build();
    }

    @TearDown
    public void tearDown() {
        scientist.close();
        others.close();
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

    @Benchmark
    public int candidateThrows() {
        seed = mismatch.run(seed, Workload::control, Workload::broken);
        return seed;
    }

    @Benchmark
    public int onePermille() {
        seed = onePermille.run(seed, Workload::control, Workload::candidate);
        return seed;
    }

    @Benchmark
    public int onWithMicrometer() {
        seed = metered.run(seed, Workload::control, Workload::candidate);
        return seed;
    }

    @Benchmark
    public int onWithEvidence() {
        seed = evident.run(seed, Workload::control, Workload::candidate);
        return seed;
    }

    @Benchmark
    public int threeCandidates() {
        int input = seed;
        seed = on.control(() -> Workload.control(input))
                .candidate("one", () -> Workload.candidate(input))
                .candidate("two", () -> Workload.candidate(input))
                .candidate("three", () -> Workload.candidate(input))
                .run();
        return seed;
    }

    /** The caller wakes a worker and waits for it. */
    @Benchmark
    public int concurrent() {
        seed = concurrent.run(seed, Workload::control, Workload::candidate);
        return seed;
    }

    /** Of stages that are complete when they are returned. */
    @Benchmark
    public CompletionStage<Integer> runAsync() {
        return asynchronous.runAsync(
                seed++,
                in -> CompletableFuture.completedFuture(Workload.control(in)),
                in -> CompletableFuture.completedFuture(Workload.candidate(in)));
    }

    /** What one would write to be able to turn it off. */
    @Benchmark
    public int handWrittenOff() {
        if (!handWrittenIsOn) {
            seed = Workload.control(seed);
            return seed;
        }
        return handWrittenOn();
    }
}
