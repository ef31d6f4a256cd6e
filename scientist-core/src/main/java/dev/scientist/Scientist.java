package dev.scientist;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What experiments share: publishers, failure handler, default gate and context, clock and randomness. One for each
 * application; it knows its experiments by name. Thread-safe.
 */
public final class Scientist implements AutoCloseable {

    /** How many experiments one scientist can have: each name ends up as a label of metrics. */
    public static final int MAX_EXPERIMENTS = 10_000;

    private final List<Publisher> publishers;
    private final FailureHandler failureHandler;
    private final @Nullable Gate gate;
    private final List<Supplier<? extends Map<String, ?>>> context;
    private final @Nullable Function<Result<?>, ? extends Throwable> mismatchError;
    private final @Nullable LongSupplier clock;
    private final @Nullable RandomGenerator random;

    private final Map<String, Experiment<?>> experiments = new ConcurrentHashMap<>();
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
     * @throws IllegalArgumentException if the name is blank, too long or has control characters
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
     * Ends all experiments: from now on each run is a plain call of its control. Publishers are told to write out what
     * they hold. Idempotent.
     */
    @Override
    public void close() {
        synchronized (experiments) {
            if (closed) {
                return;
            }
            closed = true;
            switchOff();
        }
        for (Publisher publisher : publishers) {
            try {
                publisher.close();
            } catch (Throwable failure) {
                failed("(closing)", Operation.NOTIFY, failure);
            }
        }
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
            if (!on) {
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

    List<Publisher> publishers() {
        return publishers;
    }

    List<Supplier<? extends Map<String, ?>>> context() {
        return context;
    }

    @Nullable Gate gate() {
        return gate;
    }

    @Nullable Function<Result<?>, ? extends Throwable> mismatchError() {
        return mismatchError;
    }

    @Nullable LongSupplier clock() {
        return clock;
    }

    @Nullable RandomGenerator random() {
        return random;
    }

    /** Puts a scientist together. Every part is optional. Not thread-safe. */
    public static final class Builder {
        private final List<Publisher> publishers = new ArrayList<>();
        private @Nullable FailureHandler failureHandler;
        private @Nullable Gate gate;
        private final List<Supplier<? extends Map<String, ?>>> context = new ArrayList<>();
        private @Nullable Function<Result<?>, ? extends Throwable> mismatchError;
        private @Nullable LongSupplier clock;
        private @Nullable RandomGenerator random;

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
            this.failureHandler = once("failure handler", this.failureHandler, failureHandler);
            return this;
        }

        /**
         * The gate of experiments that set none. Default: always open.
         *
         * @param gate the gate
         * @return this
         */
        public Builder gate(Gate gate) {
            this.gate = once("gate", this.gate, gate);
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
            mismatchError = raise ? MismatchError::new : null;
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
            mismatchError = Objects.requireNonNull(error, "raise on mismatch");
            return this;
        }

        /**
         * Where time comes from: for tests that need exact times. Default: {@link System#nanoTime()}.
         *
         * @param clock nanoseconds from an arbitrary origin; must be thread-safe if experiments run on several threads
         * @return this
         */
        public Builder clock(LongSupplier clock) {
            this.clock = once("clock", this.clock, clock);
            return this;
        }

        /**
         * Where order and sampling come from: for tests that must repeat. Default: the thread's own generator.
         *
         * @param random the generator; must be thread-safe if experiments run on several threads
         * @return this
         */
        public Builder random(RandomGenerator random) {
            this.random = once("random", this.random, random);
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

        private static <S> S once(String setting, @Nullable S before, S value) {
            Objects.requireNonNull(value, setting);
            if (before != null) {
                throw new IllegalStateException(setting + " was already set");
            }
            return value;
        }
    }
}
