package dev.scientist.benchmarks;

import dev.scientist.Experiment;
import dev.scientist.Scientist;
import dev.scientist.evidence.EvidencePage;
import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.evidence.Tolerance;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What it takes to make the pages of 1,000 experiments, each with 2,000 runs that are timed, some of which mismatch. */
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class PageBenchmark extends Measured {

    private final AtomicLong millis =
            new AtomicLong(Instant.parse("2024-03-01T12:00:00Z").toEpochMilli());
    private EvidencePage page;

    @Setup
    public void setUp() {
        EvidencePublisher evidence = EvidencePublisher.builder()
                .clock(() -> Instant.ofEpochMilli(millis.get()))
                .build();
        Scientist scientist = Scientist.builder().publisher(evidence).build();
        for (int i = 0; i < 1_000; i++) {
            Experiment<Integer> experiment = scientist
                    .<Integer>experiment("experiment-" + i)
                    .trait("size", value -> value)
                    .build();
            experiment.run(() -> 1, () -> 1);
        }
        millis.addAndGet(Duration.ofHours(1).toMillis()); // what comes now is timed
        for (int run = 0; run < 2_000; run++) {
            int value = run;
            millis.addAndGet(Duration.ofSeconds(2).toMillis());
            for (int i = 0; i < 1_000; i++) {
                int every = 2 + i % 100;
                scientist
                        .<Integer>experiment("experiment-" + i, settings -> {})
                        .run(() -> value, () -> value % every == 0 ? -1 : value);
            }
        }
        page = new EvidencePage(scientist, evidence, Tolerance.standard());
        int length = page.html().length();
        if (length > 1_000_000) {
            throw new IllegalStateException("the overview has " + length + " characters");
        }
    }

    /** One hundred rows, with verdicts that are known. */
    @Benchmark
    public String overview() {
        return page.html();
    }

    /** The same after 10 seconds, when all 1,000 are judged anew. */
    @Benchmark
    public String overviewJudged() {
        millis.addAndGet(10_000);
        return page.html();
    }

    /** The page of one. */
    @Benchmark
    public String experiment() {
        return page.html(Map.of("experiment", "experiment-7"));
    }
}
