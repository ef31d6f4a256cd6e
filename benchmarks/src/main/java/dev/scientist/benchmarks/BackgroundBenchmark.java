package dev.scientist.benchmarks;

import com.github.rawls238.scientist4j.ExperimentBuilder;
import com.launchdarkly.sdk.server.migrations.MigrationExecution;
import dev.scientist.Counts;
import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.Scientist;
import io.dropwizard.metrics5.MetricRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What a background experiment adds to its caller, at the median: {@code background} less {@code direct}, with a worker
 * that is idle most of the time (calls come about 20 microseconds apart); what a call of a burst adds, where 100 come at
 * once and then none for a while; and what one of behaviors that return stages adds. A run that is shed is to be
 * compared with a direct call.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m", "-XX:+UseG1GC", "-XX:+AlwaysPreTouch"})
@State(Scope.Thread)
public class BackgroundBenchmark {

    private static final int BETWEEN_CALLS = 10_000;
    private static final int BURST = 100;

    private final CountDownLatch ended = new CountDownLatch(1);
    private Scientist scientist;
    private Scientist full;
    private Experiment<Step> background;
    private Experiment<Step> shed;
    private Experiment<Step> asynchronous;
    private ExecutorService peers;
    private com.github.rawls238.scientist4j.Experiment<Step> scientist4j;
    private Step seed = Step.FIRST;
    /** Written by threads of the pool, so that the call is not left out. */
    private Step candidate = Step.FIRST;

    @Setup
    public void setUp() {
        // as many as come in a burst, and more: what is measured is the hand-over, not how many are held by default
        scientist = Scientist.builder()
                .publisher(result -> {})
                .queueCapacity(10 * BURST)
                .build();
        Workload.pollute(scientist, "other-");
        background = scientist
                .<Step>experiment("background")
                .execution(Execution.background())
                .build();
        peers = Executors.newFixedThreadPool(4);
        scientist4j = new ExperimentBuilder<Step>()
                .withName("benchmark")
                .withExecutorService(peers)
                .withRegistry(new MetricRegistry())
                .withComparator(Objects::equals)
                .build();
        asynchronous = scientist.<Step>experiment("async").build();
        full = Scientist.builder()
                .publisher(result -> {})
                .queueCapacity(1)
                .closeLimit(Duration.ZERO)
                .build();
        shed = full.<Step>experiment("shed")
                .execution(Execution.background().timeLimit(Duration.ofHours(1)))
                .build();
        shed.run(() -> Step.FIRST, () -> {
            ended.await();
            return Step.FIRST;
        });
    }

    @TearDown
    public void tearDown() {
        ended.countDown();
        peers.shutdownNow();
        scientist.close();
        full.close();
        for (Experiment<Step> whole : List.of(background, asynchronous)) {
            Counts counts = whole.counts();
            if (counts.droppedInAll() > counts.started() / 100) {
                throw new IllegalStateException("too many runs were shed to measure what the others cost: " + counts);
            }
        }
    }

    /** What the caller does between two calls. */
    @State(Scope.Thread)
    public static class Steady {
        @Setup(Level.Invocation)
        public void otherWork() {
            Blackhole.consumeCPU(BETWEEN_CALLS);
        }
    }

    /** A call once a millisecond: the worker sleeps, and has to be woken. */
    @State(Scope.Thread)
    public static class Rarely {
        @Setup(Level.Invocation)
        public void sleep() {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /** What the caller does between two bursts of calls. */
    @State(Scope.Thread)
    public static class Bursts {
        private int calls;

        @Setup(Level.Invocation)
        public void otherWork() {
            calls++;
            if (calls % BURST == 0) {
                Blackhole.consumeCPU(BURST * BETWEEN_CALLS);
            }
        }
    }

    @Benchmark
    public Step direct(Steady between) {
        seed = Step.control(seed);
        return seed;
    }

    @Benchmark
    public Step background(Steady between) {
        seed = background.run(seed, Step::control, Step::candidate);
        return seed;
    }

    @Benchmark
    public Step directRarely(Rarely between) {
        seed = Step.control(seed);
        return seed;
    }

    @Benchmark
    public Step backgroundRarely(Rarely between) {
        seed = background.run(seed, Step::control, Step::candidate);
        return seed;
    }

    /** The peers' ways not to wait one after the other: both wait for a thread that runs the control, or the candidate. */
    @Benchmark
    public Step scientist4jAsync(Steady between) throws Exception {
        return byScientist4j();
    }

    @Benchmark
    public Step scientist4jAsyncRarely(Rarely between) throws Exception {
        return byScientist4j();
    }

    @Benchmark
    public Step scientist4jAsyncBurst(Bursts between) throws Exception {
        return byScientist4j();
    }

    /** Apart, since its threads keep the JVM from ending for a minute. */
    @State(Scope.Thread)
    public static class Parallel {
        private LaunchDarkly migration;

        @Setup
        public void setUp() {
            migration = new LaunchDarkly(MigrationExecution.Parallel());
        }

        @TearDown
        public void tearDown() throws IOException {
            migration.close();
        }
    }

    @Benchmark
    public Step launchDarklyParallel(Steady between, Parallel peer) {
        seed = peer.migration.read(seed);
        return seed;
    }

    @Benchmark
    public Step launchDarklyParallelRarely(Rarely between, Parallel peer) {
        seed = peer.migration.read(seed);
        return seed;
    }

    /** What waking a thread costs without any library: the control, and the candidate handed to a pool of the JDK's. */
    @Benchmark
    public Step plainPool(Steady between) {
        return byPlainPool();
    }

    @Benchmark
    public Step plainPoolRarely(Rarely between) {
        return byPlainPool();
    }

    @Benchmark
    public Step plainPoolBurst(Bursts between) {
        return byPlainPool();
    }

    private Step byPlainPool() {
        Step input = seed;
        seed = Step.control(input);
        peers.execute(() -> candidate = Step.candidate(input));
        return seed;
    }

    private Step byScientist4j() throws Exception {
        Step input = seed;
        seed = scientist4j.runAsync(() -> Step.control(input), () -> Step.candidate(input));
        return seed;
    }

    @Benchmark
    public Step burst(Bursts between) {
        seed = background.run(seed, Step::control, Step::candidate);
        return seed;
    }

    @Benchmark
    public Step directBurst(Bursts between) {
        seed = Step.control(seed);
        return seed;
    }

    @Benchmark
    public CompletionStage<Step> runAsync(Steady between) {
        CompletionStage<Step> stage =
                asynchronous.runAsync(seed, BackgroundBenchmark::stageOfControl, BackgroundBenchmark::stageOfCandidate);
        seed = stage.toCompletableFuture().join();
        return stage;
    }

    @Benchmark
    public CompletionStage<Step> directAsync(Steady between) {
        CompletionStage<Step> stage = stageOfControl(seed);
        seed = stage.toCompletableFuture().join();
        return stage;
    }

    private static CompletionStage<Step> stageOfControl(Step input) {
        return CompletableFuture.completedFuture(Step.control(input));
    }

    private static CompletionStage<Step> stageOfCandidate(Step input) {
        return CompletableFuture.completedFuture(Step.candidate(input));
    }

    /** There is nothing to wait for, so that it is measured as all else is. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    public Step shed() {
        seed = shed.run(seed, Step::control, Step::candidate);
        return seed;
    }
}
