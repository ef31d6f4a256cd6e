package dev.scientist.evidence;

import dev.scientist.Comparison;
import dev.scientist.Drop;
import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.Observation;
import dev.scientist.Operation;
import dev.scientist.Outcome;
import dev.scientist.Rendering;
import dev.scientist.Result;
import dev.scientist.evidence.CandidateCounters.Timed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What is counted of one experiment: in all, and lately. Lock-free for all that is known already, but for the moments at
 * which a new window begins.
 */
final class ExperimentCounters {

    /** "Lately" is two windows: the one that is filled and the one before. */
    static final int WINDOW_RUNS = 5_000;

    static final long WINDOW_MILLIS = Duration.ofMinutes(30).toMillis();
    private static final long LATELY_MILLIS = 2 * WINDOW_MILLIS;

    /** The times of so many runs, or of so long, whichever ends first, are those of code that is not compiled yet. */
    static final int WARM_UP_RUNS = 5_000;

    static final long WARM_UP_MILLIS = Duration.ofMinutes(10).toMillis();

    private final Experiment<?> experiment;
    /** What an earlier process has counted. */
    private final @Nullable ExperimentEvidence earlier;

    private volatile @Nullable String timesUnfair;
    private final boolean isRandomOrder;
    private final Map<Operation, LongAdder> failures = new EnumMap<>(Operation.class);
    private final LongAccumulator first = new LongAccumulator(Math::min, Long.MAX_VALUE);
    private final LongAccumulator last = new LongAccumulator(Math::max, Long.MIN_VALUE);
    private final Inputs inputs = new Inputs();
    private final HistoryCounters history = new HistoryCounters();
    private final long definedMillis;
    /** The newest first. Guarded by itself. */
    private final Deque<State.Change> changes = new ArrayDeque<>();

    private final PeriodCounters all;
    private volatile PeriodCounters window;
    /** Guarded by this. */
    private PeriodCounters previousWindow;

    ExperimentCounters(Experiment<?> experiment, @Nullable ExperimentEvidence earlier, long now) {
        this.experiment = experiment;
        this.earlier = earlier;
        definedMillis = now;
        isRandomOrder = experiment.execution() == Execution.inline();
        timesUnfair = isRandomOrder ? null : why(experiment.execution());
        all = new PeriodCounters(now, EvidencePublisher.MAX_EXAMPLES, experiment.traits());
        window = new PeriodCounters(now, 0, List.of());
        previousWindow = window;
        for (Operation operation : Operation.values()) {
            failures.put(operation, new LongAdder());
        }
    }

    private static String why(Execution execution) {
        if (execution instanceof Execution.Elsewhere) {
            return "the candidate runs "
                    + (execution instanceof Execution.Background ? "in the background" : "concurrently");
        }
        return "the candidate always runs "
                + (execution == Execution.controlFirst() ? "after the control" : "before the control");
    }

    void add(Result<?> result, Rendering rendering, long now) {
        first.accumulate(now);
        last.accumulate(now);
        inputs.add(result.input());
        long runs = all.results.incrementAndGet();
        boolean timed = runs > WARM_UP_RUNS || now - first.get() >= WARM_UP_MILLIS;
        PeriodCounters current = window(now);
        current.results.incrementAndGet();
        if (isRandomOrder && timesUnfair == null && result.isOfStages()) {
            timesUnfair = "control and candidate return stages, which run at the same time";
        }
        Observation<?> startedFirst = timesUnfair == null ? result.startedFirst() : null;
        boolean mismatched = false; // any of the candidates
        boolean compared = false;
        for (Comparison<?> comparison : result.comparisons()) {
            mismatched |= comparison.outcome() == Outcome.MISMATCHED;
            compared |= comparison.outcome().isCompared();
            String name = comparison.candidate().name();
            Timed whose = !timed ? Timed.NEITHER : timed(comparison, startedFirst);
            all.candidates.of(name).add(result, comparison, whose, rendering, now);
            current.candidates.of(name).add(result, comparison, whose, rendering, now);
        }
        history.add(now, 1, mismatched ? 1 : 0, compared ? 0 : 1);
        Comparison<?> again = result.baseline();
        if (again != null) {
            all.baseline().add(result, again, Timed.NEITHER, rendering, now);
            current.baseline().add(result, again, Timed.NEITHER, rendering, now);
        }
    }

    /** What did not run first finds the caches warm. */
    private static Timed timed(Comparison<?> comparison, @Nullable Observation<?> startedFirst) {
        if (startedFirst == null) {
            return Timed.BOTH;
        }
        return startedFirst == comparison.control()
                ? Timed.CONTROL
                : startedFirst == comparison.candidate() ? Timed.CANDIDATE : Timed.NEITHER;
    }

    private PeriodCounters window(long now) {
        PeriodCounters current = window;
        return current.results.get() >= WINDOW_RUNS || now - current.sinceMillis >= WINDOW_MILLIS
                ? nextWindow(current, now)
                : current;
    }

    private synchronized PeriodCounters nextWindow(PeriodCounters full, long now) {
        if (window == full) {
            // where nothing happened for long, what the full one has is not of late
            previousWindow = now - full.sinceMillis < LATELY_MILLIS ? full : new PeriodCounters(now, 0, List.of());
            window = new PeriodCounters(now, 0, List.of());
        }
        return window;
    }

    /** The same experiment, of which nothing is known. */
    ExperimentCounters anew(long now) {
        return new ExperimentCounters(experiment, null, now);
    }

    void addDrop(Drop reason, long now) {
        all.addDrop(reason);
        history.add(now, 1, 0, 1);
        window(now).addDrop(reason);
    }

    void addFailure(Operation operation) {
        Objects.requireNonNull(failures.get(operation)).increment();
    }

    /** Notes what happened to gate or switch. */
    void addChange(String what, long now) {
        synchronized (changes) {
            changes.addFirst(new State.Change(Instant.ofEpochMilli(now), what));
            if (changes.size() > State.MAX_CHANGES) {
                changes.removeLast();
            }
        }
    }

    private State state() {
        List<State.Change> past;
        synchronized (changes) {
            past = List.copyOf(changes);
        }
        long lastMillis = last.get();
        return State.of(
                experiment,
                Instant.ofEpochMilli(definedMillis),
                past,
                lastMillis == Long.MIN_VALUE ? null : Instant.ofEpochMilli(lastMillis));
    }

    ExperimentEvidence snapshot(long now) {
        return counted(now).with(state(), history.snapshot(now));
    }

    private ExperimentEvidence counted(long now) {
        ExperimentEvidence.Facts facts = new ExperimentEvidence.Facts(
                experiment.evidenceVersion(),
                Instant.ofEpochMilli(now),
                Duration.ofMillis(Math.max(0, last.get() < first.get() ? 0 : last.get() - first.get())),
                inputs.count(),
                experiment.ignoresNoise(),
                List.of(),
                null);
        Period lately = lately(now);
        ExperimentEvidence own =
                new ExperimentEvidence(experiment.name(), facts, seen(failures), all.snapshot(timesUnfair), lately);
        if (earlier == null) {
            return own;
        }
        // the windows that were kept are of late until ours are full
        boolean stillOfLate =
                lately.results() < WINDOW_RUNS && now - earlier.lately().since().toEpochMilli() < LATELY_MILLIS;
        return earlier.continuedBy(own, stillOfLate ? earlier.lately().plus(lately) : lately);
    }

    private Period lately(long now) {
        PeriodCounters current = window(now);
        PeriodCounters before;
        synchronized (this) {
            before = previousWindow;
        }
        Period lately = current.snapshot(timesUnfair);
        return before == current ? lately : before.snapshot(timesUnfair).plus(lately);
    }

    static <K extends Enum<K>> Map<K, Long> seen(Map<K, LongAdder> counters) {
        Map<K, Long> sums = new TreeMap<>();
        counters.forEach((key, count) -> {
            if (count.sum() > 0) {
                sums.put(key, count.sum());
            }
        });
        return sums;
    }
}
