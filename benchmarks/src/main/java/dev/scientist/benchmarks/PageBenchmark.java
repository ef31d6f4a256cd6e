package dev.scientist.benchmarks;

import dev.scientist.Experiment;
import dev.scientist.Scientist;
import dev.scientist.evidence.EvidencePage;
import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.evidence.Tolerance;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What it takes to make the page of 1,000 experiments, each with 600 runs, some of which mismatch. */
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class PageBenchmark extends Measured {

    private EvidencePage page;

    @Setup
    public void setUp() {
        EvidencePublisher evidence = new EvidencePublisher();
        Scientist scientist = Scientist.builder().publisher(evidence).build();
        for (int i = 0; i < 1_000; i++) {
            Experiment<Integer> experiment =
                    scientist.<Integer>experiment("experiment-" + i).build();
            int every = 2 + i % 100;
            for (int run = 0; run < 600; run++) {
                int value = run;
                experiment.run(() -> value, () -> value % every == 0 ? -1 : value);
            }
        }
        page = new EvidencePage(scientist, evidence, Tolerance.standard());
    }

    @Benchmark
    public String page() {
        return page.html();
    }
}
