package dev.scientist.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.Counts;
import dev.scientist.Drop;
import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.Publisher;
import dev.scientist.Result;
import dev.scientist.Scientist;
import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.publish.BackgroundPublisher;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Sixteen callers, every execution at once, candidates that throw, dawdle and hang, publishers that fail and hang, for
 * {@code -Dscientist.load=300} seconds: every caller gets its control's outcome, threads and memory stay within their
 * limits, every run ends as one result or one drop. Callers take turns with callers of the controls alone, so that what
 * an experiment adds to a call is measured on the same machine at the same time; it is printed, not judged.
 */
@Tag("campaign")
@Timeout(1800)
class LoadTest {

    private static final int SECONDS = Integer.getInteger("scientist.load", 4);
    private static final long SEED = Long.getLong("scientist.seed", 7);
    private static final int CALLERS = 16;
    private static final int WORKERS = 2;

    /**
     * What threads the library has beside its workers: 8 in place of stuck ones, 16 for callers who wait and 8 in place of
     * those, the one that sweeps, the publisher's.
     */
    private static final int OTHER_THREADS = 34;

    private enum Mode {
        DIRECT,
        INLINE,
        BACKGROUND,
        SHORT_LIMIT,
        CONCURRENT,
        ASYNC
    }

    /** How long calls took, to a few percent: a counter for each of 16 steps of each power of two. */
    private static final class Latencies {
        private final AtomicLongArray counts = new AtomicLongArray(64 * 16);

        void add(long nanos) {
            int power = 63 - Long.numberOfLeadingZeros(Math.max(nanos, 16));
            counts.incrementAndGet(power * 16 + (int) ((nanos >>> (power - 4)) & 15));
        }

        long count() {
            long sum = 0;
            for (int i = 0; i < counts.length(); i++) {
                sum += counts.get(i);
            }
            return sum;
        }

        /** In microseconds. */
        double quantile(double part) {
            long left = (long) Math.ceil(count() * part);
            for (int i = 0; i < counts.length(); i++) {
                left -= counts.get(i);
                if (left <= 0) {
                    int power = i / 16;
                    return ((1L << power) + ((i % 16 + 1L) << (power - 4))) / 1e3;
                }
            }
            return Double.NaN;
        }
    }

    /** Throws, dawdles or hangs now and then, and hands on what it does get. */
    private static final class Unreliable implements Publisher {
        private final AtomicLong calls = new AtomicLong();

        @Override
        public void publish(Result<?> result) throws Exception {
            long call = calls.incrementAndGet();
            if (call % 5_000 == 0) {
                TimeUnit.MILLISECONDS.sleep(50);
            } else if (call % 100 == 0) {
                throw new IllegalStateException("the publisher's own");
            }
        }
    }

    private final Map<Mode, Latencies> latencies = new EnumMap<>(Mode.class);
    private final Map<Mode, Experiment<Long>> experiments = new EnumMap<>(Mode.class);
    private final AtomicLong wrong = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile boolean over;

    @Test
    void callersGetTheirControlsAndNothingGrows() throws Exception {
        EvidencePublisher evidence = new EvidencePublisher();
        BackgroundPublisher background = new BackgroundPublisher(new Unreliable(), 1_000, Duration.ofSeconds(5));
        Scientist scientist = Scientist.builder()
                .publisher(evidence)
                .publisher(new Unreliable())
                .publisher(background)
                .failureHandler((experiment, operation, failure) -> failures.incrementAndGet())
                .workers(WORKERS)
                .queueCapacity(1_000)
                .closeLimit(Duration.ofSeconds(5))
                .build();
        define(scientist, Mode.INLINE, Execution.inline());
        define(scientist, Mode.BACKGROUND, Execution.background());
        define(scientist, Mode.SHORT_LIMIT, Execution.background().timeLimit(Duration.ofMillis(5)));
        define(scientist, Mode.CONCURRENT, Execution.concurrent(Duration.ofMillis(5)));
        define(scientist, Mode.ASYNC, Execution.background().timeLimit(Duration.ofMillis(50)));
        for (Mode mode : Mode.values()) {
            latencies.put(mode, new Latencies());
        }
        int threadsBefore = Thread.activeCount();

        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            SplittableRandom random = new SplittableRandom(SEED + i);
            Thread caller = new Thread(() -> call(random), "caller-" + i);
            callers.add(caller);
            caller.start();
        }
        int mostThreads = 0;
        long heapAtHalf = 0;
        long start = System.nanoTime();
        while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(SECONDS)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            mostThreads = Math.max(mostThreads, Thread.activeCount() - threadsBefore - CALLERS);
            if (heapAtHalf == 0 && System.nanoTime() - start > TimeUnit.SECONDS.toNanos(SECONDS) / 2) {
                heapAtHalf = heap();
            }
        }
        long heapAtEnd = heap();
        over = true;
        for (Thread caller : callers) {
            caller.join();
        }
        long closing = System.nanoTime();
        scientist.close();
        double closedAfter = (System.nanoTime() - closing) / 1e9;

        report(mostThreads, heapAtHalf, heapAtEnd, closedAfter, background.lost());
        assertThat(wrong).as("calls whose outcome was not the control's").hasValue(0);
        assertThat(mostThreads).isLessThanOrEqualTo(WORKERS + OTHER_THREADS);
        assertThat(heapAtEnd - heapAtHalf).as("bytes that stayed").isLessThan(8_000_000);
        experiments.forEach((mode, experiment) -> {
            Counts counts = experiment.counts();
            assertThat(counts.published() + counts.droppedInAll())
                    .as("%s: %s", mode, counts)
                    .isEqualTo(counts.started());
            assertThat(counts.published()).as("%s", mode).isPositive();
        });
    }

    private void define(Scientist scientist, Mode mode, Execution execution) {
        experiments.put(
                mode,
                scientist
                        .<Long>experiment(mode.name().toLowerCase(Locale.ROOT))
                        .execution(execution)
                        .build());
    }

    private void call(SplittableRandom random) {
        Mode[] modes = Mode.values();
        while (!over) {
            Mode mode = modes[random.nextInt(modes.length)];
            long value = random.nextLong();
            int what = random.nextInt(100_000);
            long start = System.nanoTime();
            boolean right = what < 1_000 ? throwsItsOwn(mode, what) : returnsItsOwn(mode, value, what);
            latencies.get(mode).add(System.nanoTime() - start);
            if (!right) {
                wrong.incrementAndGet();
            }
            LockSupport.parkNanos(100_000); // the rest of what a request does: waits for others
        }
    }

    private boolean returnsItsOwn(Mode mode, long value, int what) {
        if (mode == Mode.DIRECT) {
            return control(value) == value;
        }
        Experiment<Long> experiment = experiments.get(mode);
        if (mode == Mode.ASYNC) {
            CompletableFuture<Long> stage = CompletableFuture.completedFuture(control(value));
            return experiment.runAsync(
                            () -> stage,
                            // some never end
                            () -> what > 99_000
                                    ? new CompletableFuture<Long>()
                                    : CompletableFuture.completedFuture(candidate(mode, value, what)))
                    == stage;
        }
        return experiment.run(value, this::control, in -> candidate(mode, in, what)) == value;
    }

    private boolean throwsItsOwn(Mode mode, int what) {
        IllegalStateException own = new IllegalStateException();
        if (mode == Mode.DIRECT) {
            return true;
        }
        try {
            experiments.get(mode).run(() -> raise(own), () -> candidate(mode, 1L, what));
            return false;
        } catch (IllegalStateException e) {
            return e == own;
        }
    }

    private static Long raise(RuntimeException error) {
        throw error;
    }

    /** Some ten microseconds of work. */
    private long control(long value) {
        long mixed = value;
        for (int i = 0; i < 3_000; i++) {
            mixed = mixed * 6364136223846793005L + 1442695040888963407L;
        }
        return mixed == 42 ? mixed : value;
    }

    private long candidate(Mode mode, long value, int what) {
        if (what % 50 == 0) {
            throw new IllegalArgumentException("the candidate's own");
        }
        boolean isElsewhere = mode != Mode.INLINE && mode != Mode.ASYNC;
        if (isElsewhere && what % 1_000 == 1) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(8)); // past the short limits
        }
        if (isElsewhere && mode != Mode.BACKGROUND && what == 50_001) {
            // far past every limit, and does not care for interrupts; not for ever, since two such shut their
            // experiment out
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (!over && System.nanoTime() - end < 0) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        }
        return what % 20 == 3 ? value + 1 : control(value);
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private void report(int threads, long heapAtHalf, long heapAtEnd, double closedAfter, long lost) {
        Latencies direct = latencies.get(Mode.DIRECT);
        System.out.printf(
                Locale.ROOT,
                "load: %d s, %d callers, seed %d: %d threads of the library at most, heap %.1f MB at half time, %.1f MB"
                        + " at the end, closed after %.2f s, %d failures handled, %d events lost by the queue%n",
                SECONDS,
                CALLERS,
                SEED,
                threads,
                heapAtHalf / 1e6,
                heapAtEnd / 1e6,
                closedAfter,
                failures.get(),
                lost);
        latencies.forEach((mode, taken) -> {
            Map<Drop, Long> drops = new LinkedHashMap<>();
            Experiment<Long> experiment = experiments.get(mode);
            if (experiment != null) {
                drops.putAll(experiment.counts().dropped());
            }
            System.out.printf(
                    Locale.ROOT,
                    "load: %-12s %,10d calls, %,10d published, median %.1f us, 99 %% %.1f us, 99.9 %% %.1f us (+%.1f us); dropped %s%n",
                    mode,
                    taken.count(),
                    experiment == null ? 0 : experiment.counts().published(),
                    taken.quantile(0.5),
                    taken.quantile(0.99),
                    taken.quantile(0.999),
                    taken.quantile(0.999) - direct.quantile(0.999),
                    drops);
        });
    }
}
