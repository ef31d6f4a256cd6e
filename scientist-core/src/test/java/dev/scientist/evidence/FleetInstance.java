package dev.scientist.evidence;

import dev.scientist.Comparison;
import dev.scientist.Difference;
import dev.scientist.Experiment;
import dev.scientist.Publisher;
import dev.scientist.Result;
import dev.scientist.Scientist;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One process of an instance of a fleet: runs an experiment so many times, prints what it saw by a count of its own, and,
 * if it is to, serves its evidence until its input ends.
 */
public final class FleetInstance {

    private FleetInstance() {}

    /** Counts by itself. */
    private static final class Truth implements Publisher {
        private final Map<String, Long> counts = new TreeMap<>();
        private long results;

        @Override
        public void publish(Result<?> result) {
            results++;
            for (Comparison<?> comparison : result.comparisons()) {
                String name = comparison.candidate().name();
                count(name + "." + comparison.outcome());
                comparison.places().forEach(place -> count(name + "@" + place));
                if (results > ExperimentCounters.WARM_UP_RUNS) {
                    if (result.order().get(0).equals(name)) {
                        count(name + "#"
                                + TimeHistogram.bucket(comparison.candidate().nanos()));
                    } else if (result.order().get(0).equals("control")) {
                        count(name + "-control#"
                                + TimeHistogram.bucket(comparison.control().nanos()));
                    }
                }
            }
        }

        private void count(String what) {
            counts.merge(what, 1L, Long::sum);
        }
    }

    public static void main(String[] args) throws IOException {
        Random random = new Random(Long.parseLong(args[1]));
        int runs = Integer.parseInt(args[2]);
        AtomicLong millis = new AtomicLong(EvidenceLab.START.toEpochMilli() + Long.parseLong(args[3]));
        AtomicLong nanos = new AtomicLong();
        EvidencePublisher evidence = EvidencePublisher.builder()
                .clock(() -> Instant.ofEpochMilli(millis.get()))
                .file(Path.of(args[0]))
                .build();
        Truth truth = new Truth();
        try (Scientist scientist = Scientist.builder()
                        .publisher(evidence)
                        .publisher(truth)
                        .clock(nanos::get)
                        .random(new Random(random.nextLong()))
                        .build();
                EvidenceServer server = EvidenceServer.builder(new EvidencePage(
                                scientist, evidence, Tolerance.standard().maxMismatchRate(0.01)))
                        .port(0)
                        .start()) {
            Experiment<Integer> price = scientist
                    .<Integer>experiment("price")
                    .comparator(
                            (a, b) -> a.equals(b) ? List.of() : List.of(Difference.of(b < 3 ? "total" : "vat", a, b)))
                    .build();
            for (int i = 0; i < runs; i++) {
                int a = random.nextInt(200) == 0 ? 2 : 1;
                int b = random.nextInt(100) == 0 ? 3 : 1;
                price.control(() -> after(nanos, random, 1))
                        .candidate("a", () -> after(nanos, random, a))
                        .candidate("b", () -> after(nanos, random, b))
                        .run();
                millis.addAndGet(50);
            }
            truth.counts.forEach((what, count) -> System.out.println(what + "=" + count));
            System.out.println("at " + server.uri() + "evidence.json");
            System.out.flush();
            if (args.length > 4) {
                System.in.readAllBytes();
            }
        }
    }

    private static int after(AtomicLong nanos, Random random, int value) {
        nanos.addAndGet((long) (1_000 * Math.exp(random.nextGaussian())));
        return value;
    }
}
