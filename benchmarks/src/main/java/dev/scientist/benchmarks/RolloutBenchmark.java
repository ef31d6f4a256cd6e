package dev.scientist.benchmarks;

import dev.scientist.Experiment;
import dev.scientist.Scientist;
import dev.scientist.rollout.Rollout;
import dev.scientist.rollout.Stage;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a rollout adds to a call in each stage, beside the direct call, the flag that one would write by hand, and the
 * experiment alone.
 */
@State(Scope.Thread)
@Warmup(
        iterations = 8,
        time = 500,
        timeUnit = TimeUnit.MILLISECONDS) // the moves between stages have code compiled anew
public class RolloutBenchmark extends Measured {

    private enum Kind {
        DIRECT,
        FLAG,
        EXPERIMENT,
        ROLLOUT
    }

    @Param({"direct", "flag", "control", "candidate", "experiment", "shadow", "canary"})
    private String stage;

    private Kind kind;
    private volatile boolean flag;
    private Scientist scientist;
    private Experiment<Step> experiment;
    private Rollout<Step> rollout;
    private Step seed = Step.FIRST;

    @Setup
    public void setUp() {
        scientist = Scientist.builder().publisher(result -> {}).build();
        Workload.pollute(scientist, "other-");
        experiment = scientist.<Step>experiment("experiment").build();
        rollout = Rollout.of(scientist.<Step>experiment("rollout").build())
                .canary((request, input) -> true)
                .build();
        for (Stage each : Stage.values()) { // call sites know all of them, as in production
            rollout.moveTo(each);
            for (int i = 0; i < 5_000; i++) {
                rollout.run(Step.FIRST, Step::control, Step::candidate);
                rollout.run(Step.FIRST, step -> Step.candidate(step), step -> Step.control(step));
            }
        }
        kind = switch (stage) {
            case "direct" -> Kind.DIRECT;
            case "flag" -> Kind.FLAG;
            case "experiment" -> Kind.EXPERIMENT;
            default -> Kind.ROLLOUT;
        };
        rollout.moveTo(kind == Kind.ROLLOUT ? Stage.of(stage) : Stage.CONTROL);
    }

    @TearDown
    public void tearDown() {
        scientist.close();
    }

    @Benchmark
    public Step call() {
        seed = switch (kind) {
            case DIRECT -> Step.control(seed);
            case FLAG -> flag ? Step.candidate(seed) : Step.control(seed);
            case EXPERIMENT -> experiment.run(seed, Step::control, Step::candidate);
            case ROLLOUT -> rollout.run(seed, Step::control, Step::candidate);
        };
        return seed;
    }
}
