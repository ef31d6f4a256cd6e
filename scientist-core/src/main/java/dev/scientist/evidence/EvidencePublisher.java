package dev.scientist.evidence;

import dev.scientist.Drop;
import dev.scientist.Experiment;
import dev.scientist.Operation;
import dev.scientist.Publisher;
import dev.scientist.Rendering;
import dev.scientist.Result;
import dev.scientist.Serving;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what the results of every experiment show, to tell whether one can cut over: see {@link #evidence()}.
 *
 * <p>Thread-safe. A run whose candidate matches is counted without a lock, in about a tenth of a microsecond; one that
 * mismatches takes microseconds for its signature, the first few more for their examples. Keeps no results and no raw
 * values, only numbers and a few examples as text.
 *
 * <p>Bounded for each experiment: {@value #MAX_CANDIDATES} candidates, each with {@value #MAX_SIGNATURES} signatures of
 * {@value #MAX_EXAMPLES} examples each, as many places, {@value #MAX_EXCEPTION_TYPES} types of exceptions a side,
 * {@value #MAX_IGNORE_REASONS} reasons for ignoring and {@value #MAX_TRAIT_VALUES} values of each trait; what is beyond is
 * counted together. A candidate needs about 10 kB
 * for its counters, more the wider its times are spread, and at most 2 MB where all its examples are as long as they can
 * be.
 *
 * <p>Counts are of one JVM. With a {@linkplain Builder#file file} they go on where the last process ended; those of a
 * fleet are summed up by {@link FleetEvidence}.
 */
public final class EvidencePublisher implements Publisher {

    /** How many candidates of one experiment are told apart. */
    public static final int MAX_CANDIDATES = 20;

    /** How many signatures of one candidate's mismatches are told apart, and how many places. */
    public static final int MAX_SIGNATURES = 100;

    /** How many examples of each signature are kept: the first ones. */
    public static final int MAX_EXAMPLES = 3;

    /** How many types of exceptions are told apart, on each side. */
    public static final int MAX_EXCEPTION_TYPES = 10;

    /** How many reasons for ignoring are told apart. */
    public static final int MAX_IGNORE_REASONS = 50;

    /** How many values of a {@linkplain Experiment.Builder#trait trait} are told apart, and places for each. */
    public static final int MAX_TRAIT_VALUES = 20;

    /** What the exceptions, reasons, values of traits and candidates beyond the limit are counted as. */
    public static final String OTHER = "other";

    /** What the signatures and places beyond the limit are counted as. */
    public static final String OTHER_SIGNATURES = "(other places)";

    private static final Logger LOG = LoggerFactory.getLogger(EvidencePublisher.class);

    private final Rendering rendering;
    private final InstantSource clock;
    private final @Nullable EvidenceFile file;
    private final @Nullable ScheduledExecutorService saver;
    private final Map<String, ExperimentCounters> experiments = new ConcurrentHashMap<>();

    /** A publisher whose examples show nothing private, and whose counts end with the process. */
    public EvidencePublisher() {
        this(builder());
    }

    private EvidencePublisher(Builder builder) {
        rendering = builder.rendering;
        clock = builder.clock;
        file = builder.file == null ? null : new EvidenceFile(builder.file);
        saver = file == null ? null : saver(builder.saveEvery);
    }

    private ScheduledExecutorService saver(Duration interval) {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(null, task, "scientist-evidence", 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(EvidencePublisher.class.getClassLoader());
            return thread;
        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        long nanos = interval.toNanos();
        Future<?> unused =
                executor.scheduleWithFixedDelay(() -> saveUnlessClosed(executor), nanos, nanos, TimeUnit.NANOSECONDS);
        return executor;
    }

    /**
     * Starts to put a publisher together.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void defined(Experiment<?> experiment) {
        of(experiment);
    }

    @Override
    public void publish(Result<?> result) {
        of(result.experiment()).add(result, rendering, clock.millis());
    }

    @Override
    public void dropped(Experiment<?> experiment, Drop reason) {
        of(experiment).addDrop(reason, clock.millis());
    }

    @Override
    public void failed(Experiment<?> experiment, Operation operation, Throwable failure) {
        of(experiment).addFailure(operation);
    }

    @Override
    public void gateChanged(Experiment<?> experiment, String status) {
        of(experiment).addChange(status, clock.millis());
    }

    @Override
    public void switched(Experiment<?> experiment, boolean on) {
        of(experiment).addChange("switched " + (on ? "on" : "off"), clock.millis());
    }

    @Override
    public void stageChanged(Experiment<?> experiment, Serving serving) {
        of(experiment).addChange(serving.status(), clock.millis());
    }

    /**
     * Saves the counts, if they are to be kept, and from then on no more by itself. Shared by two scientists, it is closed
     * by each of them, and saves each time.
     *
     * @throws IOException if they could not be saved
     */
    @Override
    public void close() throws IOException {
        if (saver != null) {
            saver.shutdown();
        }
        save();
    }

    private void save() throws IOException {
        EvidenceFile kept = file;
        if (kept != null) {
            synchronized (kept) { // or an older state could be written after a newer one
                kept.save(evidence());
            }
        }
    }

    private void trySave() {
        try {
            save();
        } catch (IOException | RuntimeException e) {
            LOG.warn("evidence could not be saved; it is tried again later", e);
        }
    }

    /** What is closed has been saved: nobody expects its file to change. */
    private void saveUnlessClosed(ScheduledExecutorService executor) {
        synchronized (Objects.requireNonNull(file)) {
            if (!executor.isShutdown()) {
                trySave();
            }
        }
    }

    /** Two scientists that share this publisher and a name share the counters too. */
    private ExperimentCounters of(Experiment<?> experiment) {
        ExperimentCounters known = experiments.get(experiment.name());
        return known != null
                ? known
                : experiments.computeIfAbsent(
                        experiment.name(),
                        name -> new ExperimentCounters(
                                experiment,
                                file == null ? null : file.earlier(name, experiment.evidenceVersion()),
                                clock.millis()));
    }

    /**
     * Forgets all that was counted of an experiment, what was kept of earlier processes too: for a candidate that was
     * changed while its evidence counts on. A version is better: {@link dev.scientist.Experiment.Builder#evidenceVersion}.
     *
     * @param experiment its name
     * @return false if no experiment of that name was defined with this publisher
     */
    public boolean reset(String experiment) {
        if (file != null) {
            file.forget(experiment);
        }
        boolean known =
                experiments.computeIfPresent(experiment, (name, counters) -> counters.anew(clock.millis())) != null;
        trySave();
        return known;
    }

    boolean knows(String experiment) {
        return experiments.containsKey(experiment);
    }

    Instant now() {
        return clock.instant();
    }

    /**
     * What was counted so far.
     *
     * @return one for each experiment, by name; those without a run too
     */
    public List<ExperimentEvidence> evidence() {
        return experiments.values().stream()
                .map(counters -> counters.snapshot(clock.millis()))
                .sorted(Comparator.comparing(ExperimentEvidence::experiment))
                .toList();
    }

    /**
     * What was counted so far of one experiment.
     *
     * @param experiment its name
     * @return empty if no experiment of that name was defined with this publisher
     */
    public Optional<ExperimentEvidence> evidence(String experiment) {
        return Optional.ofNullable(experiments.get(experiment)).map(counters -> counters.snapshot(clock.millis()));
    }

    /** Puts a publisher together. Every part is optional. Not thread-safe. */
    public static final class Builder {

        private static final Duration SAVE_EVERY = Duration.ofMinutes(5);

        private Rendering rendering = Rendering.cautious();
        private InstantSource clock = InstantSource.system();
        private @Nullable Path file;
        private Duration saveEvery = SAVE_EVERY;

        private Builder() {}

        /**
         * How the examples of mismatches are made. Default: {@link Rendering#cautious()}.
         *
         * @param rendering makes text of values
         * @return this
         */
        public Builder rendering(Rendering rendering) {
            this.rendering = Objects.requireNonNull(rendering, "rendering");
            return this;
        }

        /**
         * Tells what time it is. Default: the system's clock.
         *
         * @param clock the clock, right to the millisecond
         * @return this
         */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Keeps the counts over restarts: they are read from this file when the publisher is built, and saved to it every
         * few minutes and when the {@link dev.scientist.Scientist} is closed, as a whole, with the examples of mismatches.
         * An experiment goes on where it was, unless its {@linkplain dev.scientist.Experiment.Builder#evidenceVersion
         * version} is another. A file that is damaged, or of another version of the library's format, is left alone, and a
         * warning is logged; one that another process writes to as well is said too. Default: counts end with the
         * process.
         *
         * @param file the file, which need not be there yet, in a folder that is; one for each process
         * @return this
         */
        public Builder file(Path file) {
            this.file = Objects.requireNonNull(file, "file");
            return this;
        }

        /**
         * How often the counts are saved: as much is lost where a process is killed. Default: every 5 minutes.
         *
         * @param interval more than zero
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public Builder saveEvery(Duration interval) {
            if (interval.isNegative() || interval.isZero()) {
                throw new IllegalArgumentException("save every must be more than zero, not " + interval);
            }
            saveEvery = interval;
            return this;
        }

        /**
         * Makes the publisher.
         *
         * @return the publisher, to be given to a scientist
         */
        public EvidencePublisher build() {
            return new EvidencePublisher(this);
        }
    }
}
