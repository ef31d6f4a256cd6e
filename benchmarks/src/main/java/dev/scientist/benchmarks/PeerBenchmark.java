package dev.scientist.benchmarks;

import com.github.rawls238.scientist4j.ExperimentBuilder;
import com.launchdarkly.sdk.LDContext;
import com.launchdarkly.sdk.LDValue;
import com.launchdarkly.sdk.server.Components;
import com.launchdarkly.sdk.server.LDClient;
import com.launchdarkly.sdk.server.LDConfig;
import com.launchdarkly.sdk.server.MigrationStage;
import com.launchdarkly.sdk.server.integrations.TestData;
import com.launchdarkly.sdk.server.migrations.Migration;
import com.launchdarkly.sdk.server.migrations.MigrationBuilder;
import com.launchdarkly.sdk.server.migrations.MigrationExecution;
import com.launchdarkly.sdk.server.migrations.MigrationMethodResult;
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

    private static final LDContext CONTEXT = LDContext.create("benchmark");

    private com.github.rawls238.scientist4j.Experiment<Step> scientist4j;
    private LDClient client;
    private Migration<Step, Step, Step, Step> migration;
    private CircuitBreaker breaker;
    private FailsafeExecutor<Step> failsafe;
    private Step seed = Step.FIRST;
    private int shadowed;

    @Setup
    public void setUp() {
        scientist4j = new ExperimentBuilder<Step>()
                .withName("benchmark")
                .withRegistry(new MetricRegistry())
                .withComparator(Objects::equals)
                .build();
        TestData data = TestData.dataSource();
        data.update(data.flag("stage").valueForAll(LDValue.of("shadow")));
        client = new LDClient(
                "benchmark",
                new LDConfig.Builder()
                        .dataSource(data)
                        .events(Components.noEvents())
                        .logging(Components.noLogging())
                        .build());
        migration = new MigrationBuilder<Step, Step, Step, Step>(client)
                .readExecution(MigrationExecution.Serial(MigrationSerialOrder.RANDOM))
                .trackLatency(true)
                .read(
                        in -> MigrationMethodResult.Success(Step.control(in)),
                        in -> {
                            shadowed++;
                            return MigrationMethodResult.Success(Step.candidate(in));
                        },
                        Objects::equals)
                .write(MigrationMethodResult::Success, MigrationMethodResult::Success)
                .build()
                .orElseThrow();
        launchDarklyShadow();
        if (shadowed != 1) {
            throw new IllegalStateException("the flag's stage did not have LaunchDarkly call the candidate");
        }
        breaker = CircuitBreaker.ofDefaults("benchmark");
        failsafe = Failsafe.with(Fallback.of(Step.FIRST));
    }

    @TearDown
    public void tearDown() throws IOException {
        client.close();
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
        seed = migration
                .read("stage", CONTEXT, MigrationStage.OFF, seed)
                .getResult()
                .orElseThrow();
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
