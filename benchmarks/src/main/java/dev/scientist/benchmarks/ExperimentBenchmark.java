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

    private Experiment<Step> off;
    private Experiment<Step> onePercent;
    private Experiment<Step> onePermille;
    private Experiment<Step> on;
    private Experiment<Step> mismatch;
    private Experiment<Step> metered;
    private Experiment<Step> evident;
    private Experiment<Step> concurrent;
    private volatile boolean handWrittenIsOn;
    private Step seed = Step.FIRST;

    private Scientist scientist;
    private Scientist others;

    @Setup
    public void setUp() {
        Workload.take(work);
        scientist = Scientist.builder().publisher(this::count).build();
        Workload.pollute(scientist, "other-");
        off = scientist.<Step>experiment("off").enabled(() -> false).build();
        onePercent =
                scientist.<Step>experiment("one-percent").gate(Gates.percent(1)).build();
        onePermille = scientist
                .<Step>experiment("one-permille")
                .gate(Gates.percent(0.1))
                .build();
        on = scientist.<Step>experiment("on").build();
        concurrent = scientist
                .<Step>experiment("concurrent")
                .execution(Execution.concurrent(Duration.ofSeconds(1)))
                .build();
        MicrometerPublisher meters = new MicrometerPublisher(new SimpleMeterRegistry());
        EvidencePublisher evidence = new EvidencePublisher();
        others = Scientist.builder().publisher(result -> {}).build();
        metered = others.<Step>experiment("metered").publisher(meters).build();
        evident = others.<Step>experiment("evident").publisher(evidence).build();
        mismatch = scientist.<Step>experiment("mismatch").build();
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
    public Step direct() {
        seed = Step.control(seed);
        return seed;
    }

    @Benchmark
    public Step controlAndCandidate() {
        seed = Step.control(seed);
        seed = Step.candidate(seed);
        return seed;
    }

    @Benchmark
    public long nanoTime() {
        return System.nanoTime();
    }

    /** What one would write: no protection from anything, one candidate, counts. */
    @Benchmark
    public Step handWrittenOn() {
        return handWritten();
    }

    /** The same for one call in a hundred: what sampling costs whoever does it. */
    @Benchmark
    public Step handWrittenOnePercent() {
        if (ThreadLocalRandom.current().nextDouble(100) < 1) {
            return handWritten();
        }
        seed = Step.control(seed);
        return seed;
    }

    private Step handWritten() {
        Step control;
        Step candidate;
        long start = System.nanoTime();
        long middle;
        if (ThreadLocalRandom.current().nextBoolean()) {
            control = Step.control(seed);
            middle = System.nanoTime();
            candidate = Step.candidate(seed);
        } else {
            candidate = Step.candidate(seed);
            middle = System.nanoTime();
            control = Step.control(seed);
        }
        long end = System.nanoTime();
        (control.equals(candidate) ? matches : mismatches).increment();
        controlNanos.add(middle - start);
        candidateNanos.add(end - middle);
        seed = control;
        return seed;
    }

    @Benchmark
    public Step off() {
        seed = off.run(seed, Step::control, Step::candidate);
        return seed;
    }

    @Benchmark
    public Step offCapturing() {
        Step input = seed;
        seed = off.run(() -> Step.control(input), () -> Step.candidate(input));
        return seed;
    }

    @Benchmark
    public Step onePercent() {
        seed = onePercent.run(seed, Step::control, Step::candidate);
        return seed;
    }

    @Benchmark
    public Step on() {
        seed = on.run(seed, Step::control, Step::candidate);
        return seed;
    }

    @Benchmark
    public Step onCapturing() {
        Step input = seed;
        seed = on.run(() -> Step.control(input), () -> Step.candidate(input));
        return seed;
    }

    @Benchmark
    public Step mismatch() {
        seed = mismatch.run(seed, Step::control, Step::wrong);
        return seed;
    }

    @Benchmark
    public Step candidateThrows() {
        seed = mismatch.run(seed, Step::control, Step::broken);
        return seed;
    }

    @Benchmark
    public Step onePermille() {
        seed = onePermille.run(seed, Step::control, Step::candidate);
        return seed;
    }

    @Benchmark
    public Step onWithMicrometer() {
        seed = metered.run(seed, Step::control, Step::candidate);
        return seed;
    }

    @Benchmark
    public Step onWithEvidence() {
        seed = evident.run(seed, Step::control, Step::candidate);
        return seed;
    }

    @Benchmark
    public Step threeCandidates() {
        Step input = seed;
        seed = on.control(() -> Step.control(input))
                .candidate("one", () -> Step.candidate(input))
                .candidate("two", () -> Step.candidate(input))
                .candidate("three", () -> Step.candidate(input))
                .run();
        return seed;
    }

    /** The caller wakes a worker and waits for it. */
    @Benchmark
    public Step concurrent() {
        seed = concurrent.run(seed, Step::control, Step::candidate);
        return seed;
    }

    /** What one would write to be able to turn it off. */
    @Benchmark
    public Step handWrittenOff() {
        if (!handWrittenIsOn) {
            seed = Step.control(seed);
            return seed;
        }
        return handWrittenOn();
    }
}
