package dev.scientist.benchmarks;

import com.github.rawls238.scientist4j.ExperimentBuilder;
import com.launchdarkly.sdk.server.migrations.MigrationExecution;
import com.launchdarkly.sdk.server.migrations.MigrationSerialOrder;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.Fallback;
import io.dropwizard.metrics5.MetricRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.io.IOException;
import java.util.Objects;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The peers: Scientist4J, LaunchDarkly's migrations with test data and no events, and as "what an embeddable wrapper
 * costs" a circuit breaker of resilience4j and a fallback of Failsafe around the control alone.
 */
@State(Scope.Thread)
public class PeerBenchmark extends Measured {

    private com.github.rawls238.scientist4j.Experiment<Step> scientist4j;
    private LaunchDarkly launchDarkly;
    private CircuitBreaker breaker;
    private FailsafeExecutor<Step> failsafe;
    private Step seed = Step.FIRST;

    @Setup
    public void setUp() {
        scientist4j = new ExperimentBuilder<Step>()
                .withName("benchmark")
                .withRegistry(new MetricRegistry())
                .withComparator(Objects::equals)
                .build();
        launchDarkly = new LaunchDarkly(MigrationExecution.Serial(MigrationSerialOrder.RANDOM));
        breaker = CircuitBreaker.ofDefaults("benchmark");
        failsafe = Failsafe.with(Fallback.of(Step.FIRST));
    }

    @TearDown
    public void tearDown() throws IOException {
        launchDarkly.close();
    }

    @Benchmark
    public Step scientist4j() throws Exception {
        Step input = seed;
        seed = scientist4j.run(() -> Step.control(input), () -> Step.candidate(input));
        return seed;
    }

    @Benchmark
    public Step scientist4jMismatch() throws Exception {
        Step input = seed;
        seed = scientist4j.run(() -> Step.control(input), () -> Step.wrong(input));
        return seed;
    }

    @Benchmark
    public Step scientist4jCandidateThrows() throws Exception {
        Step input = seed;
        seed = scientist4j.run(() -> Step.control(input), () -> Step.broken(input));
        return seed;
    }

    @Benchmark
    public Step launchDarklyShadow() {
        seed = launchDarkly.read(seed);
        return seed;
    }

    @Benchmark
    public Step resilience4jCircuitBreaker() {
        Step input = seed;
        seed = breaker.executeSupplier(() -> Step.control(input));
        return seed;
    }

    @Benchmark
    public Step failsafeFallback() {
        Step input = seed;
        seed = failsafe.get(() -> Step.control(input));
        return seed;
    }
}
