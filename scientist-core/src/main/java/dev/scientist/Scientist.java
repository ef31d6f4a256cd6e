package dev.scientist;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
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

    /** So many that were not closed tell that they are made again and again. */
    private static final int MANY = 100;

    static final AtomicInteger OPEN = new AtomicInteger();

    private static final Logger LOGGER = LoggerFactory.getLogger(Scientist.class);

    /** An experiment that was defined where it is used, by which lambda, and whether another one is still to be told of. */
    private record Defined(Experiment<?> experiment, Class<?> by, AtomicBoolean isNews) {}

    /** In place of those that could not be defined. */
    private static final Defined NOT_DEFINED = new Defined(
            controlOnly().<Object>experiment("not defined").withoutRegistering(), Void.class, new AtomicBoolean());

    final List<Publisher> publishers;
    private final FailureHandler failureHandler;
    final Gate defaultGate;
    final @Nullable BooleanSupplier enabled;
    final boolean raises;
    final List<Supplier<? extends Map<String, ?>>> context;
    final @Nullable Function<Result<?>, ? extends Throwable> mismatchError;
    final @Nullable LongSupplier clock;
    final @Nullable RandomGenerator random;

    final List<ContextPropagator> propagators;
    private final @Nullable Executor executor;
    final int queueCapacity;
    private final Duration closeLimit;

    private final Pool pool;

    private final Map<String, Experiment<?>> experiments = new ConcurrentHashMap<>();
    /** What {@link #experiment(String, Consumer)} made, by name. */
    private final Map<String, Defined> defined = new ConcurrentHashMap<>();

    private final Object closing = new Object();
    private volatile boolean on = true;
    private volatile boolean closed;

    private Scientist(Builder builder) {
        publishers = DiscoveredPublishers.after(
                builder.publishers.isEmpty() ? List.of(new LoggingPublisher()) : builder.publishers);
        failureHandler = builder.failureHandler == null ? new LoggingFailureHandler() : builder.failureHandler;
        defaultGate = builder.defaultGate == null ? Experiment.OPEN : builder.defaultGate;
        enabled = builder.enabled;
        raises = builder.raises;
        context = List.copyOf(builder.context);
        mismatchError = builder.mismatchError;
        clock = builder.clock;
        random = builder.random;
        propagators = List.copyOf(builder.propagators);
        executor = builder.executor;
        pool = new Pool(builder.workers);
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
        return new Experiment.Builder<>(name, this, new Settings<>(this));
    }

    /**
     * Finds an experiment where it is used, or defines it: the first call does, the others find it. Never throws at the
     * caller. What is wrong is reported once, as {@link Operation#DEFINE}: a definition that fails, a name that cannot be
     * used, a scientist that is closed, another place that defines the same name (its definition is not used). Where
     * there is no experiment, each run is a plain call of its control. A look-up costs some ten nanoseconds.
     *
     * @param name its name, unique within this scientist
     * @param definition sets what the experiment needs; it must be the same lambda each time
     * @param <T> the type of the value
     * @return the experiment
     */
    @SuppressWarnings("unchecked") // who uses one name for two types is told so
    public <T extends @Nullable Object> Experiment<T> experiment(
            String name, Consumer<? super Experiment.Builder<T>> definition) {
        String key = name == null ? "" : name;
        Defined known = defined.get(key);
        if (known == null) {
            known = define(key, definition);
        }
        if (definition != null
                && definition.getClass() != known.by()
                && known.isNews().compareAndSet(true, false)) {
            failed(
                    Rendering.escaped(key),
                    Operation.DEFINE,
                    new Notice("experiment '" + Rendering.escaped(key) + "' is defined in two places: the first"
                            + " definition holds. Give the other one another name, or keep one experiment in a field"));
        }
        return (Experiment<T>) known.experiment();
    }

    private synchronized <T extends @Nullable Object> Defined define(
            String name, Consumer<? super Experiment.Builder<T>> definition) {
        Defined known = defined.get(name);
        if (known != null) {
            return known;
        }
        if (defined.size() > MAX_EXPERIMENTS) {
            return NOT_DEFINED; // the one before was reported: names are made from data
        }
        try {
            Experiment.Builder<T> builder = experiment(name);
            definition.accept(builder);
            known = new Defined(builder.build(), definition.getClass(), new AtomicBoolean(true));
        } catch (Throwable failure) {
            failed(Rendering.escaped(name), Operation.DEFINE, failure);
            known = NOT_DEFINED;
        }
        defined.put(name, known);
        return known;
    }

    /**
     * A scientist that runs controls alone, whatever experiments say: for unit tests of classes that hold experiments.
     * It publishes nothing and needs no closing.
     *
     * @return a new one, so that experiments of one name do not meet
     */
    public static Scientist controlOnly() {
        return new Scientist(builder()
                .publisher(result -> {})
                .failureHandler((experiment, operation, failure) -> {})
                .enabled(() -> false));
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
        turn(false);
    }

    /** Switches every experiment on again, also those that were switched off alone. */
    public void switchOn() {
        turn(true);
    }

    private void turn(boolean on) {
        List<Experiment<?>> changed;
        synchronized (experiments) {
            this.on = on;
            changed = experiments.values().stream()
                    .filter(experiment -> experiment.turn(on))
                    .toList();
        }
        changed.forEach(experiment -> experiment.parts.switched(on));
    }

    /**
     * Ends all experiments. From now on each run is a plain call of its control. What is under way on other threads is
     * finished within the close limit; the rest is interrupted and dropped as {@link Drop#CLOSED}, with a line in the log
     * that says how many. A candidate that ignores interrupts is left to its thread, a daemon. Publishers are told to
     * write out what they hold. Afterwards every run that was started is counted as published or dropped, but those
     * whose call has not returned: they are by then. Idempotent; a second call waits for the first.
     *
     * <p>Returns within the close limit and what publishers take. An interrupt of the closing thread ends the waiting.
     */
    @Override
    public void close() {
        synchronized (closing) {
            if (closed) {
                return;
            }
            synchronized (experiments) {
                closed = true; // first, so that nobody can switch one on any more
                OPEN.decrementAndGet();
            }
            finishWithin(closeLimit);
            experiments.values().forEach(experiment -> experiment.parts.endComparing());
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

    private void finishWithin(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        List<Bulkhead> bulkheads = experiments.values().stream()
                .map(experiment -> experiment.bulkhead)
                .toList();
        bulkheads.forEach(Bulkhead::startClosing);
        boolean interrupted = Thread.interrupted();
        try {
            for (Bulkhead bulkhead : bulkheads) {
                bulkhead.awaitIdle(interrupted ? System.nanoTime() : deadline);
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        try {
            pool.stopSweeping();
            pool.awaitIdle(interrupted ? System.nanoTime() : deadline);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        bulkheads.forEach(Bulkhead::endRest);
        pool.endRest();
        Parts.restoreInterrupt(interrupted);
    }

    /** The publishers of all experiments too, each once, whoever shares it. */
    private List<Publisher> everyPublisher() {
        List<Publisher> all = new ArrayList<>(publishers);
        experiments.values().forEach(experiment -> all.addAll(experiment.settings.publishers));
        Set<Publisher> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        all.removeIf(publisher -> !seen.add(publisher));
        return all;
    }

    void register(Experiment<?> experiment) {
        synchronized (experiments) {
            if (closed) {
                throw new IllegalStateException(experiment + " cannot be defined: its scientist is closed");
            }
            if (experiments.containsKey(experiment.name())) {
                throw new IllegalStateException("experiment '" + experiment.name()
                        + "' was already defined: define it once, keep it in a field, and run it from there");
            }
            if (experiments.size() >= MAX_EXPERIMENTS) {
                throw new IllegalStateException("experiment '" + experiment.name() + "' would be one more than the "
                        + MAX_EXPERIMENTS + " that a scientist can have: are names made from data?");
            }
            experiments.put(experiment.name(), experiment);
            if (!on) {
                experiment.turn(false);
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

    /** What bounds an experiment's work on other threads. */
    Bulkhead bulkhead(@Nullable Executor own, int capacity, long timeLimitNanos) {
        return new Bulkhead(pool, own == null ? executor : own, capacity, timeLimitNanos);
    }

    private static final int DEFAULT_QUEUE_CAPACITY = 100;
    private static final int DEFAULT_WORKERS = 4;
    private static final Duration DEFAULT_CLOSE_LIMIT = Duration.ofSeconds(5);

    static int atLeastOne(String setting, int number) {
        if (number < 1) {
            throw new IllegalArgumentException(setting + " must be at least 1, not " + number);
        }
        return number;
    }

    /** Puts a scientist together. Every part is optional. Not thread-safe. */
    public static final class Builder {
        private final List<Publisher> publishers = new ArrayList<>();
        private @Nullable FailureHandler failureHandler;
        private @Nullable Gate defaultGate;
        private @Nullable BooleanSupplier enabled;
        private boolean raises;
        private final List<Supplier<? extends Map<String, ?>>> context = new ArrayList<>();
        private @Nullable Function<Result<?>, ? extends Throwable> mismatchError;
        private @Nullable LongSupplier clock;
        private @Nullable RandomGenerator random;
        private final List<ContextPropagator> propagators = new ArrayList<>();
        private @Nullable Executor executor;
        private int workers = DEFAULT_WORKERS;
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
         * The gate of experiments that set none of their own, which replaces it. Default: always open.
         *
         * @param gate the gate
         * @return this
         */
        public Builder defaultGate(Gate gate) {
            defaultGate = once("default gate", gate);
            return this;
        }

        /**
         * Switches all experiments, whatever gates they have: while it says false, every run is a plain call of its
         * control. Asked on every run, so it should be cheap. One that throws is reported and counts as false. Default:
         * always true.
         *
         * @param enabled true to let experiments run, by their gates
         * @return this
         */
        public Builder enabled(BooleanSupplier enabled) {
            this.enabled = once("enabled", enabled);
            return this;
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
            context.add(() -> Collections.singletonMap(key, value));
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
         * Throws at the caller when a candidate of any experiment mismatches, cannot be compared or is abandoned, unless
         * the experiment says otherwise: for test suites. Not for experiments in the background, whose callers do not
         * wait. Default: false.
         *
         * @param raise true to throw
         * @return this
         */
        public Builder raiseOnMismatch(boolean raise) {
            raises = once("raise on mismatch", raise);
            return this;
        }

        /**
         * Says what is thrown where {@linkplain #raiseOnMismatch raising} is asked for. Default:
         * {@link MismatchError}.
         *
         * @param error makes what is thrown, as it is
         * @return this
         */
        public Builder mismatchError(Function<Result<?>, ? extends Throwable> error) {
            mismatchError = once("mismatch error", error);
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
         * Default: a few daemon threads of the scientist's, see {@link #workers}.
         *
         * @param executor the executor; it is not closed with the scientist
         * @return this
         */
        public Builder executor(Executor executor) {
            this.executor = once("executor", executor);
            return this;
        }

        /**
         * How many threads of the scientist's own there are for the background. An experiment takes at most half of them
         * at once, so that one which hangs leaves the others theirs. Up to 8 more take the places of threads that are
         * stuck past their time limit. For candidates whose callers wait there are up to 32 others, 16 of them for one experiment. Default:
         * {@value #DEFAULT_WORKERS}.
         *
         * @param threads at least 1
         * @return this
         */
        public Builder workers(int threads) {
            workers = atLeastOne("workers", once("workers", threads));
            return this;
        }

        /**
         * How many candidates of each experiment can be under way on other threads, those that wait included, unless the
         * experiment says otherwise. Each holds its input and what the control returned. Further runs are shed: the
         * control runs alone, and {@link Drop#SHED} is counted. Default: {@value #DEFAULT_QUEUE_CAPACITY}.
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
         * @throws IllegalStateException if the SLF4J on the class path is too old
         */
        public Scientist build() {
            try {
                Objects.requireNonNull(LOGGER.atTrace());
            } catch (LinkageError e) {
                throw new IllegalStateException(
                        "the org.slf4j:slf4j-api on the class path is too old: scientist-core needs 2.0 or newer. Raise"
                                + " it, and its provider with it, such as Logback to 1.3 or newer; 1.7 comes with"
                                + " Spring Boot 2, for one",
                        e);
            }
            if (OPEN.incrementAndGet() == MANY) {
                LOGGER.warn(
                        "{} scientists are open: make one, share it, and close it when the application stops", MANY);
            }
            return new Scientist(this);
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
