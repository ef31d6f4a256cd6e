package dev.scientist.junit;

import dev.scientist.Experiment;
import dev.scientist.Result;
import dev.scientist.Scientist;
import dev.scientist.Trial;
import dev.scientist.publish.RecordingPublisher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An experiment whose results are made to order, for tests of publishers, comparators, gates and the like: with chosen
 * values, throwables, durations and order. Nothing is pretended: each result is that of a real run, whose behaviors do
 * as they are told and whose clock goes on only in them. Outcomes follow from the experiment's comparator and ignore
 * rules. Thread-safe; its drafts are not.
 *
 * <p>What is published goes nowhere but to {@link Draft#build}; hand it to the publisher under test.
 *
 * @param <T> the type of the value
 */
public final class Fabricated<T extends @Nullable Object> {

    private final Stage stage;
    private final RecordingPublisher results = new RecordingPublisher(1);
    private final Experiment<T> experiment;

    private Fabricated(String name, UnaryOperator<Experiment.Builder<T>> settings, Stage stage) {
        this.stage = stage;
        Scientist scientist = Watch.unseen(Scientist.builder()
                .publisher(results)
                // parts that fail on purpose are what a test is about
                .failureHandler((experiment, operation, failure) -> {})
                .clock(stage)
                .random(stage.order()));
        Experiment.Builder<T> builder = scientist.experiment(name);
        experiment = settings.apply(builder.execution(stage.execution())).build();
    }

    /**
     * An experiment that compares by equality and runs in any order that a draft asks for.
     *
     * @param name its name
     * @param <T> the type of the value
     * @return the experiment
     */
    public static <T extends @Nullable Object> Fabricated<T> experiment(String name) {
        return experiment(name, builder -> builder);
    }

    /**
     * An experiment that runs in any order that a draft asks for.
     *
     * @param name its name
     * @param settings handed its builder, to set comparator, ignore rules, cleaner and so on, but not the execution
     * @param <T> the type of the value
     * @return the experiment
     */
    public static <T extends @Nullable Object> Fabricated<T> experiment(
            String name, UnaryOperator<Experiment.Builder<T>> settings) {
        return new Fabricated<>(name, settings, new Stage.Inline());
    }

    /**
     * An experiment whose candidates run on other threads, so that they can be abandoned: {@link Draft#abandoned}. No
     * real time passes. They start in the order of their definition, the control last.
     *
     * @param name its name
     * @param settings handed its builder, to set comparator, ignore rules, cleaner and so on, but not the execution
     * @param <T> the type of the value
     * @return the experiment
     */
    public static <T extends @Nullable Object> Fabricated<T> concurrentExperiment(
            String name, UnaryOperator<Experiment.Builder<T>> settings) {
        return new Fabricated<>(name, settings, new Stage.Concurrent());
    }

    /**
     * The experiment, to tell a publisher that it is defined.
     *
     * @return the experiment of all results made here
     */
    public Experiment<T> experiment() {
        return experiment;
    }

    /**
     * Starts a result.
     *
     * @return a draft without control and candidates
     */
    public Draft<T> result() {
        return new Draft<>(this);
    }

    /** What one behavior is to do. */
    record Part(
            String name, @Nullable Object value, @Nullable Throwable thrown, boolean isAbandoned, Duration took) {

        Part {
            Objects.requireNonNull(name, "name");
            if (took.isNegative()) {
                throw new IllegalArgumentException(
                        "'" + name + "' must take a duration that is not negative, not " + took);
            }
        }
    }

    /**
     * A result being put together. Not thread-safe.
     *
     * @param <T> the type of the value
     */
    public static final class Draft<T extends @Nullable Object> {
        private final Fabricated<T> fabricated;
        private final List<Part> candidates = new ArrayList<>();
        private final Map<String, @Nullable Object> context = new LinkedHashMap<>();
        private @Nullable Part control;
        private @Nullable Object input;
        private String @Nullable [] order;

        private Draft(Fabricated<T> fabricated) {
            this.fabricated = fabricated;
        }

        /**
         * The control returns.
         *
         * @param value what it returns
         * @param took how long it takes
         * @return this
         */
        public Draft<T> control(T value, Duration took) {
            control = new Part(Experiment.CONTROL, value, null, false, took);
            return this;
        }

        /**
         * The control throws.
         *
         * @param thrown what it throws
         * @param took how long it takes
         * @return this
         */
        public Draft<T> controlThrows(Throwable thrown, Duration took) {
            control = new Part(Experiment.CONTROL, null, Objects.requireNonNull(thrown, "thrown"), false, took);
            return this;
        }

        /**
         * Adds a candidate that returns.
         *
         * @param name its name
         * @param value what it returns
         * @param took how long it takes
         * @return this
         */
        public Draft<T> candidate(String name, T value, Duration took) {
            candidates.add(new Part(name, value, null, false, took));
            return this;
        }

        /**
         * Adds a candidate that throws.
         *
         * @param name its name
         * @param thrown what it throws
         * @param took how long it takes
         * @return this
         */
        public Draft<T> candidateThrows(String name, Throwable thrown, Duration took) {
            candidates.add(new Part(name, null, Objects.requireNonNull(thrown, "thrown"), false, took));
            return this;
        }

        /**
         * Adds a candidate that is abandoned, as at its time limit. Only for {@link #concurrentExperiment}.
         *
         * @param name its name
         * @param after how long it had run
         * @return this
         */
        public Draft<T> abandoned(String name, Duration after) {
            candidates.add(new Part(name, null, null, true, after));
            return this;
        }

        /**
         * The run's input.
         *
         * @param input the input, may be null
         * @return this
         */
        public Draft<T> input(@Nullable Object input) {
            this.input = input;
            return this;
        }

        /**
         * Adds to the run's context.
         *
         * @param key the key
         * @param value the value, may be null
         * @return this
         */
        public Draft<T> context(String key, @Nullable Object value) {
            context.put(key, value);
            return this;
        }

        /**
         * In which order the behaviors run; else the control first and the candidates as they were defined. Not for
         * {@link #concurrentExperiment}.
         *
         * @param names the names of all, each once
         * @return this
         */
        public Draft<T> order(String... names) {
            order = names.clone();
            return this;
        }

        /**
         * Runs the experiment.
         *
         * @return the result
         * @throws IllegalStateException if control or candidates are missing, if the draft asks for what its experiment
         *     cannot do, or if the experiment's gate is closed
         */
        public Result<T> build() {
            if (control == null || candidates.isEmpty()) {
                throw new IllegalStateException("a result needs a control and at least one candidate");
            }
            return fabricated.run(control, candidates, this);
        }
    }

    @SuppressWarnings("unchecked") // the publisher is told of this experiment only
    private synchronized Result<T> run(Part control, List<Part> candidates, Draft<T> draft) {
        stage.set(control, candidates, draft.order);
        results.clear();
        Trial<T, Throwable> trial =
                experiment.control(() -> this.<T>play(control)).input(draft.input);
        draft.context.forEach(trial::context);
        candidates.forEach(candidate -> trial.candidate(candidate.name(), () -> this.<T>play(candidate)));
        try {
            trial.run();
        } catch (Throwable controls) {
            // what the control was told to throw, or raising on mismatch: the result has it
            if (results.results().isEmpty()) {
                throw new IllegalStateException("the run has no result: " + controls, controls);
            }
        } finally {
            stage.clear();
        }
        if (results.results().isEmpty()) {
            throw new IllegalStateException("the run has no result: is a gate closed, or does a snapshot fail?");
        }
        return (Result<T>) results.results().get(0);
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // a part that returns has a value of T
    private <V extends @Nullable Object> V play(Part part) throws Throwable {
        stage.play(part);
        if (part.thrown() != null) {
            throw part.thrown();
        }
        return (V) part.value();
    }
}
