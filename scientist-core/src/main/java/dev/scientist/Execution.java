package dev.scientist;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Where and in which order an experiment runs its behaviors. Immutable and thread-safe. */
public sealed interface Execution {

    /**
     * Everything on the caller's thread, in random order: fair to both, and the candidates' time is added to the
     * caller's. The default.
     *
     * @return the execution
     */
    static Execution inline() {
        return Inline.RANDOM;
    }

    /**
     * Everything on the caller's thread, the control first: for behaviors that warm a cache for each other in a known
     * way. The times of control and candidates are then not to be compared.
     *
     * @return the execution
     */
    static Execution controlFirst() {
        return Inline.CONTROL_FIRST;
    }

    /**
     * The control on the caller's thread; candidates, comparison and publishing on others. The caller waits for
     * nothing. Candidates start after the control has returned. With the scientist's executor and a time limit of
     * {@link Background#DEFAULT_TIME_LIMIT}.
     *
     * @return the execution
     */
    static Background background() {
        return new Background(null, Background.DEFAULT_TIME_LIMIT);
    }

    /**
     * The control on the caller's thread, the candidates meanwhile on others. The caller waits for them until the time
     * limit, compares and publishes: for those who want the result at once. With the scientist's executor.
     *
     * <p>The caller never waits for a thread: where none is free, or a candidate has not started when the control is
     * done, the run is shed. Controls that are shorter than the hand-over, some ten microseconds, are never compared.
     *
     * @param timeLimit how long after the start of the run the caller waits at most, real time; more than zero
     * @return the execution
     */
    static Concurrent concurrent(Duration timeLimit) {
        return new Concurrent(null, timeLimit);
    }

    /** Everything on the caller's thread. */
    enum Inline implements Execution {
        /** A new random order for every run. */
        RANDOM,
        /** The control, then the candidates in random order. */
        CONTROL_FIRST
    }

    /** Somewhere else than on the caller's thread. */
    sealed interface Elsewhere extends Execution {
        /**
         * The executor of the candidates.
         *
         * @return the executor, null for the scientist's
         */
        @Nullable
        Executor executor();

        /**
         * How long what is done for a run elsewhere may take: candidate, comparator and publishers in the background,
         * the candidate where the caller waits. Past it the thread is interrupted, a candidate's comparison is
         * {@link Outcome#ABANDONED}, a comparator's {@link Outcome#FAILED}, and a publisher is reported. In the
         * background that is noticed within an eighth of the limit, a millisecond at least and a second at most.
         *
         * @return a positive duration, of real time
         */
        Duration timeLimit();
    }

    /**
     * Candidates, comparison and publishing on other threads, the caller waits for nothing.
     *
     * @param executor the executor, null for the scientist's
     * @param timeLimit how long candidate, comparator and publishers may take, from the start of the candidate
     */
    record Background(@Nullable Executor executor, Duration timeLimit) implements Elsewhere {

        /** The time limit unless told otherwise. */
        public static final Duration DEFAULT_TIME_LIMIT = Duration.ofSeconds(30);

        /** Checks the time limit. */
        public Background {
            checkTimeLimit(timeLimit);
        }

        /**
         * The same on another executor, such as {@code Executors.newVirtualThreadPerTaskExecutor()}. How many
         * candidates can be under way on it is bounded by {@link Experiment.Builder#queueCapacity}. It is not closed with the scientist. A
         * candidate that the executor would run on the caller's own thread is refused.
         *
         * @param executor the executor
         * @return the execution
         */
        public Background on(Executor executor) {
            return new Background(Objects.requireNonNull(executor, "executor"), timeLimit);
        }

        /**
         * The same with another time limit.
         *
         * @param timeLimit how long candidate, comparator and publishers may take from the start of the candidate, more than zero
         * @return the execution
         */
        public Background timeLimit(Duration timeLimit) {
            return new Background(executor, timeLimit);
        }
    }

    /**
     * Candidates on other threads, the caller waits for them.
     *
     * @param executor the executor, null for the scientist's
     * @param timeLimit how long after the start of the run the caller waits at most
     */
    record Concurrent(@Nullable Executor executor, Duration timeLimit) implements Elsewhere {

        /** Checks the time limit. */
        public Concurrent {
            checkTimeLimit(timeLimit);
        }

        /**
         * The same on another executor, as for {@link Background#on}.
         *
         * @param executor the executor
         * @return the execution
         */
        public Concurrent on(Executor executor) {
            return new Concurrent(Objects.requireNonNull(executor, "executor"), timeLimit);
        }
    }

    private static void checkTimeLimit(Duration timeLimit) {
        Objects.requireNonNull(timeLimit, "time limit");
        if (timeLimit.isZero() || timeLimit.isNegative()) {
            throw new IllegalArgumentException("time limit must be more than zero, not " + timeLimit);
        }
        if (timeLimit.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("time limit must be at most a day, not " + timeLimit);
        }
    }
}
