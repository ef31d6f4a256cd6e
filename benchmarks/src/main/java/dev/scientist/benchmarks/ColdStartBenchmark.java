package dev.scientist.benchmarks;

import com.github.rawls238.scientist4j.ExperimentBuilder;
import dev.scientist.Scientist;
import io.dropwizard.metrics5.MetricRegistry;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** The first run in a JVM, with all that is loaded and built for it; the log apart. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(10)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public class ColdStartBenchmark {

    @Benchmark
    public Step first() {
        return Scientist.builder()
                .publisher(result -> {})
                .build()
                .<Step>experiment("first")
                .build()
                .run(Step.FIRST, Step::control, Step::candidate);
    }

    @Benchmark
    public Step firstByScientist4j() throws Exception {
        return new ExperimentBuilder<Step>()
                .withName("first")
                .withRegistry(new MetricRegistry())
                .build()
                .run(() -> Step.control(Step.FIRST), () -> Step.candidate(Step.FIRST));
    }
}
