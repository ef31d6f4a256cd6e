package dev.scientist.benchmarks;

import dev.scientist.Experiment;
import dev.scientist.Observation;
import dev.scientist.Result;
import dev.scientist.Scientist;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Whether identical code measures identical: the same method is control and candidate, in random order. The counter
 * {@code ratioOfMedians} is the median of the candidate's times over that of the control's, and is to be near 1.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 1)
@Fork(1)
@State(Scope.Thread)
public class SameCodeBenchmark {

    private static final long SHOT_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int LONGEST_NANOS = 200_000;

    /** How long the code takes, about. */
    @Param({"100ns", "1us", "10us"})
    public String work;

    /** How often it is called. */
    @Param({"loop", "once a millisecond"})
    public String calls;

    /** How many other threads are busy meanwhile. */
    @Param({"0", "2"})
    public int busyThreads;

    private final Times control = new Times();
    private final Times candidate = new Times();
    private Scientist scientist;
    private Experiment<Integer> experiment;
    private volatile boolean isOver;
    private int rounds;

    /** What is reported beside the time of the shot. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Ratio {
        public double ratioOfMedians;
    }

    @Setup(Level.Trial)
    public void setUp() {
        rounds = work.equals("100ns") ? 100 : work.equals("1us") ? 1_000 : 10_000;
        scientist = Scientist.builder().publisher(this::count).build();
        experiment = scientist.<Integer>experiment("same code").build();
        for (int i = 0; i < busyThreads; i++) {
            Thread busy = new Thread(() -> {
                while (!isOver) {
                    Thread.onSpinWait();
                }
            });
            busy.setDaemon(true);
            busy.start();
        }
    }

    @TearDown(Level.Trial)
    public void tearDown() {
        isOver = true;
        scientist.close();
    }

    private void count(Result<?> result) {
        control.add(result.control());
        candidate.add(result.comparisons().get(0).candidate());
    }

    @Benchmark
    public int sameCode(Ratio ratio) {
        control.clear();
        candidate.clear();
        boolean pauses = !calls.equals("loop");
        int value = 1;
        long end = System.nanoTime() + SHOT_NANOS;
        while (System.nanoTime() < end) {
            value = experiment.run(value, this::compute, this::compute);
            if (pauses) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        ratio.ratioOfMedians = (double) candidate.median() / control.median();
        return value;
    }

    private int compute(int seed) {
        int x = seed;
        for (int i = 0; i < rounds; i++) {
            x = x * 31 + (x >>> 7);
        }
        return x;
    }

    /** How often each number of nanoseconds was seen. */
    private static final class Times {
        private final long[] counts = new long[LONGEST_NANOS + 1];
        private long count;

        void add(Observation<?> observation) {
            counts[(int) Math.min(observation.nanos(), LONGEST_NANOS)]++;
            count++;
        }

        void clear() {
            Arrays.fill(counts, 0);
            count = 0;
        }

        long median() {
            long seen = 0;
            int nanos = -1;
            while (seen <= count / 2) {
                nanos++;
                seen += counts[nanos];
            }
            return nanos;
        }
    }
}
