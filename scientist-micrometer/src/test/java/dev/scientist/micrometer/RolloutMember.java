package dev.scientist.micrometer;

import dev.scientist.Experiment;
import dev.scientist.Scientist;
import dev.scientist.gate.Gates;
import dev.scientist.rollout.Rollout;
import dev.scientist.rollout.Stage;
import dev.scientist.rollout.WayBack;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * One JVM of the fleet that {@link RolloutOnPrometheusTest} watches: an application with a rollout, whose stage comes from
 * a file that all share, and {@code /metrics}. Half-way its candidate begins to be wrong for 5% of the keys; for a few it
 * throws all the time.
 *
 * <p>Says its port, waits for a line, serves requests on several threads, and says what callers got.
 */
final class RolloutMember {

    static final int REQUESTS = 60_000;
    static final int THREADS = 4;
    private static final int WRONG_ONE_IN = 20;
    private static final int THROWS_ONE_IN = 4_001;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AtomicInteger requests = new AtomicInteger();
    private final LongAdder wrong = new LongAdder();
    private final LongAdder thrown = new LongAdder();
    private final LongAdder inCanaryOnceWrong = new LongAdder();
    private final LongAdder servedCandidate = new LongAdder();
    private final LongAdder rescued = new LongAdder();
    private final int first;
    private final Rollout<Long> rollout;

    private RolloutMember(int number, Path flagsFile) throws Exception {
        first = number * 10_000_000;
        Experiment<Long> experiment = Scientist.builder()
                .publisher(new MicrometerPublisher(registry))
                .publisher(result -> {
                    if (result.rescued()) {
                        rescued.increment();
                    }
                    if (result.served() != result.control()) {
                        servedCandidate.increment();
                    }
                    if (isBroken() && (result.rescued() || result.served() != result.control())) {
                        inCanaryOnceWrong.increment();
                    }
                })
                .build()
                .<Long>experiment("pricing")
                .build();
        PolledFlags flags = new PolledFlags(flagsFile, "pricing", Duration.ofMillis(50));
        rollout = Rollout.of(experiment)
                .stage(flags::stage)
                .canary(Gates.stickyPercent(flags::percent, Integer.class, key -> key))
                .wayBack(WayBack.standard())
                .build();
    }

    private boolean isBroken() {
        return requests.get() > REQUESTS / 2;
    }

    private long candidate(int key) {
        if (key % THROWS_ONE_IN == 0) {
            throw new IllegalStateException("no such price");
        }
        return isBroken() && key % WRONG_ONE_IN == 0 ? 0 : control(key);
    }

    private static long control(int key) {
        return 2L * key + 1;
    }

    private void serve() {
        for (int request = requests.getAndIncrement(); request < REQUESTS; request = requests.getAndIncrement()) {
            int key = first + request;
            try {
                long price = rollout.run(key, RolloutMember::control, this::candidate);
                if (price != control(key)) {
                    wrong.increment();
                }
            } catch (IllegalStateException e) {
                thrown.increment();
            }
        }
    }

    /** Arguments: which of the members it is, the file of the flags. */
    public static void main(String[] args) throws Exception {
        PrintStream told = System.out;
        System.setOut(System.err); // where logs go
        RolloutMember member = new RolloutMember(Integer.parseInt(args[0]), Path.of(args[1]));
        told.println("port " + MemberJvm.serve(member.registry, () -> {}));
        System.in.read();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<?>> serving = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            serving.add(threads.submit(member::serve));
        }
        for (Future<?> each : serving) {
            each.get();
        }
        Stage stage = member.rollout.stage();
        told.printf(
                "done %d %d %d %d %d %s%n",
                member.wrong.sum(),
                member.thrown.sum(),
                member.inCanaryOnceWrong.sum(),
                member.servedCandidate.sum(),
                member.rescued.sum(),
                stage);
        // until the test is over or gone
        while (System.in.read() >= 0) {}
        System.exit(0);
    }
}
