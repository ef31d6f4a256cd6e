package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many runs in every execution, in a JVM with little memory: what is used does not grow. {@code
 * -Dscientist.soak=10000000} runs ten million.
 */
@Tag("campaign")
class SoakTest {

    private static final long RUNS = Long.getLong("scientist.soak", 400_000);

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void memoryAndThreadsDoNotGrow() throws InterruptedException {
        Process process = ChildJvm.start(Soak.class, List.of("-Xmx64m"), String.valueOf(RUNS));
        List<String> output = ChildJvm.output(process);

        assertThat(process.waitFor()).as("%s", output).isZero();
        String[] numbers = output.get(output.size() - 1).split(" ", -1);
        long runs = Long.parseLong(numbers[0]);
        long ended = Long.parseLong(numbers[1]);
        long bytesGrown = Long.parseLong(numbers[2]);
        int threads = Integer.parseInt(numbers[3]);
        assertThat(ended).isEqualTo(runs).isGreaterThanOrEqualTo(RUNS);
        // code that is compiled on the way and the like; a leak of 10 bytes a run would be more
        assertThat(bytesGrown).as("bytes, %s", output).isLessThan(2_000_000);
        // the workers, those of callers who wait, as many in place of stuck ones for each, the sweeper and the caller
        assertThat(threads)
                .as("threads, %s", output)
                .isLessThanOrEqualTo(4 + Pool.MAX_CONCURRENT + 2 * Pool.MAX_EXTRA_THREADS + 2);
        System.out.printf("soak: %,d runs in 64 MB, %,d bytes added in the second half%n", runs, bytesGrown);
    }

    /** The program: prints runs, runs that ended, bytes that were added in the second half, and threads at the end. */
    static final class Soak {
        private final Scientist scientist = Scientist.builder()
                .publisher(result -> {})
                .failureHandler((experiment, operation, failure) -> {})
                .build();
        private final List<Experiment<Object>> experiments = List.of(
                define("inline", Execution.inline()),
                define("background", Execution.background()),
                define("short limit", Execution.background().timeLimit(Duration.ofMillis(1))),
                define("concurrent", Execution.concurrent(Duration.ofMillis(20))));
        private final Experiment<Object> async = define("async", Execution.background());

        private Experiment<Object> define(String name, Execution execution) {
            return scientist.experiment(name).execution(execution).build();
        }

        public static void main(String[] args) throws InterruptedException {
            long runs = Long.parseLong(args[0]);
            Soak soak = new Soak();
            soak.run(runs / 2, 1);
            long bytes = soak.usedBytes();
            soak.run(runs - runs / 2, 2);
            long bytesAfter = soak.usedBytes();
            int threads = Thread.activeCount();
            soak.scientist.close();
            long ended = 0;
            for (Experiment<?> experiment : soak.scientist.experiments()) {
                ended += experiment.counts().published() + experiment.counts().droppedInAll();
            }
            long started = soak.scientist.experiments().stream()
                    .mapToLong(experiment -> experiment.counts().started())
                    .sum();
            System.out.println(started + " " + ended + " " + (bytesAfter - bytes) + " " + threads);
        }

        private void run(long runs, long seed) throws InterruptedException {
            SplittableRandom random = new SplittableRandom(seed);
            for (long i = 0; i < runs; i++) {
                int what = random.nextInt(1_000);
                Object value = new byte[random.nextInt(100)];
                if (what < 200) {
                    async.runAsync(
                            () -> CompletableFuture.completedFuture(value),
                            () -> CompletableFuture.completedFuture(what == 0 ? null : value));
                } else {
                    // waking a thread takes a while, so few of these
                    Experiment<Object> experiment = experiments.get(what < 203 ? 3 : what % 3);
                    experiment.run(() -> value, () -> {
                        if (what == 999) {
                            TimeUnit.MILLISECONDS.sleep(2);
                        }
                        if (what == 998) {
                            throw new IllegalStateException("candidate");
                        }
                        return what == 997 ? null : value;
                    });
                }
            }
        }

        /** Of what is reachable, once nothing is under way. */
        private long usedBytes() throws InterruptedException {
            for (Experiment<?> experiment : scientist.experiments()) {
                Counts counts = experiment.counts();
                while (counts.published() + counts.droppedInAll() < counts.started()) {
                    TimeUnit.MILLISECONDS.sleep(1);
                    counts = experiment.counts();
                }
            }
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 5; i++) {
                System.gc();
                Runtime runtime = Runtime.getRuntime();
                least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
            }
            return least;
        }
    }
}
