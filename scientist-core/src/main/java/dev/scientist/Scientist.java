package dev.scientist;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What experiments share: publishers, failure handler, default gate and context, clock and randomness. One for each
 * application; it knows its experiments by name. Thread-safe.
 */
public final class Scientist implements AutoCloseable {

    /** How many experiments one scientist can have: each name ends up as a label of metrics. */
    public static final int MAX_EXPERIMENTS = 10_000;

    static {
        // now, while there is room: a class whose first use finds the stack used up is broken as long as it is loaded
        for (Class<?> type : List.of(
                Operation.class,
                Drop.class,
                Outcome.class,
                Observation.class,
                Comparison.class,
                Result.class,
                Reentry.class,
                Run.class,
                OffloadedRun.class,
                AsyncRun.class,
                Resources.class,
                LoggingFailureHandler.class,
                Withheld.class,
                ThreadLocalRandom.class)) {
            try {
                Class.forName(type.getName(), true, type.getClassLoader());
            } catch (ClassNotFoundException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }

    private static final Logger LOGGER = LoggerFactory.getLogger(Scientist.class);

    private final List<Publisher> publishers;
    private final FailureHandler failureHandler;
    private final @Nullable Gate gate;
    private final List<Supplier<? extends Map<String, ?>>> context;
    private final @Nullable Function<Result<?>, ? extends Throwable> mismatchError;
    private final @Nullable LongSupplier clock;
    private final @Nullable RandomGenerator random;

    private final List<ContextPropagator> propagators;
    private final @Nullable Executor executor;
    private final int workers;
    private final int queueCapacity;
    private final Duration closeLimit;

    private final TimeLimits timeLimits = new TimeLimits();
    /** By executor; the default one is made when the first experiment needs it. Guarded by itself. */
    private final IdentityHashMap<Executor, Offload> offloads = new IdentityHashMap<>();

    private @Nullable Workers defaultExecutor;

    private final Map<String, Experiment<?>> experiments = new ConcurrentHashMap<>();
    private final Object closing = new Object();
    private volatile boolean on = true;
    private volatile boolean closed;

    private Scientist(Builder builder) {
        publishers = builder.publishers.isEmpty() ? List.of(new LoggingPublisher()) : List.copyOf(builder.publishers);
        failureHandler = builder.failureHandler == null ? new LoggingFailureHandler() : builder.failureHandler;
        gate = builder.gate;
        context = List.copyOf(builder.context);
        mismatchError = builder.mismatchError;
        clock = builder.clock;
        random = builder.random;
        propagators = List.copyOf(builder.propagators);
        executor = builder.executor;
        workers = builder.workers;
        queueCapacity = builder.queueCapacity;
        closeLimit = builder.closeLimit;
    }

    /**
     * Starts a scientist.
     *
     * @return a builder; every setting has a default
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts the definition of an experiment.
     *
     * @param name its name, unique within this scientist: it appears in logs, metrics and pages
     * @param <T> the type of the value
     * @return a builder
     * @throws IllegalArgumentException if the name is blank, too long, or has control or invisible characters
     */
    public <T extends @Nullable Object> Experiment.Builder<T> experiment(String name) {
        return new Experiment.Builder<>(name, this);
    }

    /**
     * The experiments defined so far.
     *
     * @return an unmodifiable view that follows further definitions, in no order
     */
    public Collection<Experiment<?>> experiments() {
        return Collections.unmodifiableCollection(experiments.values());
    }

    /**
     * Looks an experiment up.
     *
     * @param name its name
     * @return the experiment, if it was defined
     */
    public Optional<Experiment<?>> find(String name) {
        return Optional.ofNullable(experiments.get(name));
    }

    /** Switches every experiment off, those still to be defined too: each run is a plain call of its control. */
    public void switchOff() {
        synchronized (experiments) {
            on = false;
            experiments.values().forEach(Experiment::switchOff);
        }
    }

    /** Switches every experiment on again, also those that were switched off alone. */
    public void switchOn() {
        synchronized (experiments) {
            on = true;
            experiments.values().forEach(Experiment::switchOn);
        }
    }

    /**
     * Ends all experiments. From now on each run is a plain call of its control. What is under way in the background is
     * finished within the close limit; the rest is interrupted and dropped as {@link Drop#CLOSED}, with a line in the
     * log that says how many. Publishers are told to write out what they hold. Afterwards every run that was started is
     * counted as published or dropped, but those whose call has not returned: they are by then. Publishers may still be
     * at what they were handed within the limit. Idempotent; a second call waits for the first.
     *
     * <p>An interrupt of the closing thread ends the waiting.
     */
    @Override
    public void close() {
        synchronized (closing) {
            if (closed) {
                experiments.values().forEach(Experiment::endLeftBehind); // by calls that returned since
                return;
            }
            synchronized (experiments) {
                // first, so that hardly a run is still started only to be dropped
                switchOff();
                closed = true;
                // once more, since until then somebody could have switched one on
                switchOff();
            }
            long deadline = System.nanoTime() + closeLimit.toNanos();
            List<Offload> toClose;
            synchronized (offloads) {
                toClose = List.copyOf(offloads.values());
            }
            toClose.forEach(Offload::startClosing);
            experiments.values().forEach(Experiment::endLeftBehind);
            toClose.forEach(offload -> offload.close(deadline));
            // and those that were left behind meanwhile
            experiments.values().forEach(Experiment::endLeftBehind);
            timeLimits.close();
            experiments.values().forEach(Experiment::endComparing);
            for (Publisher publisher : everyPublisher()) {
                try {
                    publisher.close();
                } catch (Throwable failure) {
                    failed("(closing)", Operation.NOTIFY, failure);
                }
            }
            long lost = experiments.values().stream()
                    .mapToLong(experiment -> experiment.counts().dropped().getOrDefault(Drop.CLOSED, 0L))
                    .sum();
            if (lost > 0) {
                LOGGER.warn("closed: {} runs were not finished within {} and were dropped", lost, closeLimit);
            }
        }
    }

    /** The publishers of all experiments too, each once, whoever shares it. */
    private List<Publisher> everyPublisher() {
        List<Publisher> all = new ArrayList<>(publishers);
        experiments.values().forEach(experiment -> all.addAll(experiment.ownPublishers()));
        Set<Publisher> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        all.removeIf(publisher -> !seen.add(publisher));
        return all;
    }

    void register(Experiment<?> experiment) {
        synchronized (experiments) {
            if (experiments.containsKey(experiment.name())) {
                throw new IllegalStateException("experiment '" + experiment.name()
                        + "' was already defined: define it once, keep it in a field, and run it from there");
            }
            if (experiments.size() >= MAX_EXPERIMENTS) {
                throw new IllegalStateException("experiment '" + experiment.name() + "' would be one more than the "
                        + MAX_EXPERIMENTS + " that a scientist can have: are names made from data?");
            }
            experiments.put(experiment.name(), experiment);
            if (!on || closed) {
                experiment.switchOff();
            }
        }
    }

    void failed(String experiment, Operation operation, Throwable failure) {
        try {
            failureHandler.handle(experiment, operation, failure);
        } catch (Throwable again) {
            LoggingFailureHandler.handlerFailed(experiment, operation, again);
        }
    }

    boolean isClosed() {
        return closed;
    }

    TimeLimits timeLimits() {
        return timeLimits;
    }

    /** Where candidates of an experiment run. */
    Offload offload(@Nullable Executor own) {
        synchronized (offloads) {
            Executor wanted = own != null ? own : executor;
            if (wanted == null) {
                if (defaultExecutor == null) {
                    defaultExecutor = new Workers("scientist-worker", workers);
                }
                wanted = defaultExecutor;
            }
            return offloads.computeIfAbsent(
                    wanted,
                    key -> new Offload(
                            key, key == defaultExecutor ? defaultExecutor : null, queueCapacity, timeLimits));
        }
    }

    List<ContextPropagator> propagators() {
        return propagators;
    }

    List<Publisher> publishers() {
        return publishers;
    }

    List<Supplier<? extends Map<String, ?>>> context() {
        return context;
    }

    @Nullable
    Gate gate() {
        return gate;
    }

    @Nullable
    Function<Result<?>, ? extends Throwable> mismatchError() {
        return mismatchError;
    }

    @Nullable
    LongSupplier clock() {
        return clock;
    }

    @Nullable
    RandomGenerator random() {
        return random;
    }

    private static final int DEFAULT_QUEUE_CAPACITY = 1_000;
    private static final Duration DEFAULT_CLOSE_LIMIT = Duration.ofSeconds(5);

    /** Puts a scientist together. Every part is optional. Not thread-safe. */
    public static final class Builder {
        private final List<Publisher> publishers = new ArrayList<>();
        private @Nullable FailureHandler failureHandler;
        private @Nullable Gate gate;
        private final List<Supplier<? extends Map<String, ?>>> context = new ArrayList<>();
        private @Nullable Function<Result<?>, ? extends Throwable> mismatchError;
        private @Nullable LongSupplier clock;
        private @Nullable RandomGenerator random;
        private final List<ContextPropagator> propagators = new ArrayList<>();
        private @Nullable Executor executor;
        private int workers = Math.max(2, Math.min(4, Runtime.getRuntime().availableProcessors() / 2));
        private int queueCapacity = DEFAULT_QUEUE_CAPACITY;
        private Duration closeLimit = DEFAULT_CLOSE_LIMIT;
        /** Settings that were given, to notice one that is given twice. */
        private final Set<String> given = new HashSet<>();

        private Builder() {}

        /**
         * Adds a publisher for all experiments. With none, results are logged: {@link LoggingPublisher}.
         *
         * @param publisher the publisher
         * @return this
         */
        public Builder publisher(Publisher publisher) {
            publishers.add(Objects.requireNonNull(publisher, "publisher"));
            return this;
        }

        /**
         * Is told of every failure of a user-supplied part. Default: logs them.
         *
         * @param failureHandler the handler
         * @return this
         */
        public Builder failureHandler(FailureHandler failureHandler) {
            this.failureHandler = once("failure handler", failureHandler);
            return this;
        }

        /**
         * The gate of experiments that set none. Default: always open.
         *
         * @param gate the gate
         * @return this
         */
        public Builder gate(Gate gate) {
            this.gate = once("gate", gate);
            return this;
        }

        /**
         * The gate of experiments that set none, by a flag.
         *
         * @param isOpen true to run the candidates
         * @return this
         */
        public Builder gate(BooleanSupplier isOpen) {
            Objects.requireNonNull(isOpen, "gate");
            return gate((request, input) -> isOpen.getAsBoolean());
        }

        /**
         * Adds to the context of every run.
         *
         * @param key the key
         * @param value the value, may be null
         * @return this
         */
        public Builder context(String key, @Nullable Object value) {
            Names.check("context key", key);
            Map<String, @Nullable Object> entry = new LinkedHashMap<>();
            entry.put(key, value);
            context.add(() -> entry);
            return this;
        }

        /**
         * Adds to the context of every run what a supplier says at its start, on the caller's thread.
         *
         * @param context returns keys and values
         * @return this
         */
        public Builder context(Supplier<? extends Map<String, ?>> context) {
            this.context.add(Objects.requireNonNull(context, "context"));
            return this;
        }

        /**
         * Throws a {@link MismatchError} at the caller when a candidate of any experiment mismatches, unless the
         * experiment says otherwise: for test suites. Default: false.
         *
         * @param raise true to throw
         * @return this
         */
        public Builder raiseOnMismatch(boolean raise) {
            mismatchError = once("raise on mismatch", raise) ? MismatchError::new : null;
            return this;
        }

        /**
         * Throws an error of the user's at the caller when a candidate of any experiment mismatches, unless the
         * experiment says otherwise: for test suites.
         *
         * @param error makes what is thrown, as it is
         * @return this
         */
        public Builder raiseOnMismatch(Function<Result<?>, ? extends Throwable> error) {
            mismatchError = once("raise on mismatch", error);
            return this;
        }

        /**
         * Where time comes from: for tests that need exact times. Default: {@link System#nanoTime()}.
         *
         * @param clock nanoseconds from an arbitrary origin; must be thread-safe if experiments run on several threads
         * @return this
         */
        public Builder clock(LongSupplier clock) {
            this.clock = once("clock", clock);
            return this;
        }

        /**
         * Where order and sampling come from: for tests that must repeat. Default: the thread's own generator.
         *
         * @param random the generator; must be thread-safe if experiments run on several threads
         * @return this
         */
        public Builder random(RandomGenerator random) {
            this.random = once("random", random);
            return this;
        }

        /**
         * Where the candidates of background and concurrent experiments run that name no executor of their own.
         * Default: a few daemon threads of the scientist's, see {@link Workers}.
         *
         * @param executor the executor; it is not closed with the scientist
         * @return this
         */
        public Builder executor(Executor executor) {
            this.executor = once("executor", executor);
            return this;
        }

        /**
         * How many threads the scientist's own executor has. Default: half the processors, from 2 to 4. Up to
         * 8 more take the places of threads whose candidates are stuck past their time limit.
         *
         * @param threads at least 1
         * @return this
         */
        public Builder workers(int threads) {
            workers = atLeastOne("workers", once("workers", threads));
            return this;
        }

        /**
         * How many candidates can be under way in the background on one executor, those that wait included. Further
         * runs are shed: the control runs alone, and {@link Drop#SHED} is counted. Default:
         * {@value #DEFAULT_QUEUE_CAPACITY}.
         *
         * @param candidates at least 1
         * @return this
         */
        public Builder queueCapacity(int candidates) {
            queueCapacity = atLeastOne("queue capacity", once("queue capacity", candidates));
            return this;
        }

        /**
         * How long {@link Scientist#close()} waits for what is under way. Default: 5 seconds.
         *
         * @param limit zero to wait for nothing
         * @return this
         */
        public Builder closeLimit(Duration limit) {
            if (limit.isNegative() || limit.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("close limit must be from zero to a day, not " + limit);
            }
            closeLimit = once("close limit", limit);
            return this;
        }

        /**
         * Carries more of the caller's context to other threads than MDC and context class loader.
         *
         * @param propagator the propagator
         * @return this
         */
        public Builder propagator(ContextPropagator propagator) {
            propagators.add(Objects.requireNonNull(propagator, "context propagator"));
            return this;
        }

        /**
         * Makes the scientist.
         *
         * @return the scientist
         */
        public Scientist build() {
            return new Scientist(this);
        }

        private static int atLeastOne(String setting, int number) {
            if (number < 1) {
                throw new IllegalArgumentException(setting + " must be at least 1, not " + number);
            }
            return number;
        }

        private <S> S once(String setting, S value) {
            Objects.requireNonNull(value, setting);
            if (!given.add(setting)) {
                throw new IllegalStateException(setting + " was already set");
            }
            return value;
        }
    }
}
