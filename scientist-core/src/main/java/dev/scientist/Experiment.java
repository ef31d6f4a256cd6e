package dev.scientist;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Old code and new code that should do the same: runs both, compares, publishes, and hands back what the old code did.
 *
 * <p>Defined once by {@link Scientist#experiment}, kept in a field, run from any thread. Immutable (but for its on/off
 * switch) and thread-safe.
 *
 * <p>The caller cannot tell that there is an experiment: the control runs exactly once, on the caller's thread; its
 * very value is returned or its very throwable thrown, whatever candidates, comparators, publishers and the other
 * user-supplied parts do. The exceptions that the user may ask for are raising on mismatch, and a rollout.
 *
 * @param <T> the type of the value
 */
public final class Experiment<T extends @Nullable Object> {

    /** The name of a control that was given none. */
    public static final String CONTROL = "control";
    /** The name of a candidate that was given none. */
    public static final String CANDIDATE = "candidate";

    static final Gate OPEN = (request, input) -> true;

    private final String name;
    final Scientist scientist;
    final Settings<T> settings;
    final Parts<T> parts;
    /** See {@link Nesting}. */
    final long id = Nesting.newId();

    final Tally tally = new Tally();
    final Bulkhead bulkhead;
    /** Null for runs on the caller's thread. */
    private final Execution.@Nullable Elsewhere elsewhere;
    /** How long what is done for a run elsewhere may take. */
    final long timeLimitNanos;

    /** Whether somebody has switched it off; closing its scientist does not. */
    private volatile boolean switchedOff;

    private final AtomicReference<@Nullable ServedExperiment<T>> rollout = new AtomicReference<>();

    private Experiment(String name, Scientist scientist, Settings<T> settings) {
        this.name = name;
        this.scientist = scientist;
        this.settings = settings;
        parts = new Parts<>(this, scientist, settings);
        elsewhere = settings.execution instanceof Execution.Elsewhere set ? set : null;
        timeLimitNanos =
                (elsewhere == null ? Execution.Background.DEFAULT_TIME_LIMIT : elsewhere.timeLimit()).toNanos();
        bulkhead = scientist.bulkhead(
                elsewhere == null ? null : elsewhere.executor(), settings.queueCapacity, timeLimitNanos);
    }

    // ---- running ----

    /**
     * Runs the control and, if the gate is open, the candidate, in the order that the {@link Execution} says.
     *
     * @param control the old code; its outcome is the caller's
     * @param candidate the new code; whatever it does, the caller does not see it
     * @param <X> what the control may throw
     * @return what the control returned
     * @throws X what the control threw, the very same
     * @throws NullPointerException if a behavior is missing
     */
    public <X extends Throwable> T run(Behavior<? extends T, X> control, Behavior<? extends T, ?> candidate) throws X {
        return run(null, control, candidate);
    }

    /**
     * Runs the control and, if the gate is open, the candidate, both handed the same input. With behaviors that capture
     * nothing, such as method references to static methods, a run with a closed gate allocates nothing.
     *
     * @param input handed to gate, control and candidate and kept by the result; may be null
     * @param control the old code; its outcome is the caller's
     * @param candidate the new code; whatever it does, the caller does not see it
     * @param <I> the input
     * @param <X> what the control may throw
     * @return what the control returned
     * @throws X what the control threw, the very same
     * @throws NullPointerException if a behavior is missing
     */
    public <I extends @Nullable Object, X extends Throwable> T run(
            I input,
            InputBehavior<? super I, ? extends T, X> control,
            InputBehavior<? super I, ? extends T, ?> candidate)
            throws X {
        requireBehaviors(control, candidate);
        Run<T> run = admits(parts.request, input) ? pair(input, control, candidate) : null;
        return run == null ? control.call(input) : run.<T, X>call();
    }

    /**
     * Starts two behaviors that return stages, in random order, on the caller's thread, and returns the control's own
     * stage: cancelling it cancels the control, as it would without an experiment. Nothing blocks. When both stages are
     * complete, comparison and publishing happen on the executor of the experiment's {@link Execution}, else on the
     * scientist's.
     *
     * <p>A behavior that throws before it returns a stage is taken as one whose stage failed with that throwable. Past
     * the time limit (that of the execution if it has one, else {@link Execution.Background#DEFAULT_TIME_LIMIT}) the
     * comparison of a candidate is {@link Outcome#ABANDONED}; a run whose control is not complete by then, or was
     * cancelled, is dropped as {@link Drop#UNFINISHED}. The candidate's stage is never cancelled, since others may wait
     * for it too, as for one out of a cache. Mismatches are not thrown at the caller, and resources are not measured.
     *
     * @param control the old code
     * @param candidate the new code
     * @param <S> the control's type of stage
     * @param <X> what the control may throw before it returns a stage
     * @return what the control returned, the very same stage
     * @throws X what the control threw, the very same
     * @throws IllegalStateException if raising on mismatch is asked for
     */
    public <S extends CompletionStage<? extends T>, X extends Throwable> S runAsync(
            Behavior<S, X> control, Behavior<? extends CompletionStage<? extends T>, ?> candidate) throws X {
        return runAsync(null, control, candidate);
    }

    /**
     * The same for behaviors that are handed the input.
     *
     * @param input handed to gate, control and candidate and kept by the result; may be null
     * @param control the old code
     * @param candidate the new code
     * @param <I> the input
     * @param <S> the control's type of stage
     * @param <X> what the control may throw before it returns a stage
     * @return what the control returned, the very same stage
     * @throws X what the control threw, the very same
     * @throws IllegalStateException if raising on mismatch is asked for
     */
    public <I extends @Nullable Object, S extends CompletionStage<? extends T>, X extends Throwable> S runAsync(
            I input,
            InputBehavior<? super I, S, X> control,
            InputBehavior<? super I, ? extends CompletionStage<? extends T>, ?> candidate)
            throws X {
        requireBehaviors(control, candidate);
        if (settings.raises) {
            throw new IllegalStateException(
                    this + ": raise on mismatch needs a caller who waits, and those of runAsync do not");
        }
        Run<T> run = admits(parts.request, input)
                ? withPermits(1, () -> new StagedRun<>(this, input, control, candidate))
                : null;
        return run == null ? control.call(input) : run.<S, X>call();
    }

    /**
     * Starts a run with more to say: other names, several candidates, context, a condition.
     *
     * @param control the old code
     * @param <X> what it may throw
     * @return a trial whose control is named {@code "control"}
     */
    public <X extends Throwable> Trial<T, X> control(Behavior<? extends T, X> control) {
        return control(CONTROL, control);
    }

    /**
     * Starts a run whose control has a name of its own.
     *
     * @param name the control's name
     * @param control the old code
     * @param <X> what it may throw
     * @return the trial
     */
    public <X extends Throwable> Trial<T, X> control(String name, Behavior<? extends T, X> control) {
        return new Trial<T, X>(this).control(name, control);
    }

    /**
     * Starts a run that has candidates only: {@link Trial#run(String)} then names the one whose outcome the caller gets.
     *
     * @param name the candidate's name
     * @param candidate the first of several
     * @param <X> what the caller is ready to see thrown
     * @return the trial
     */
    public <X extends Throwable> Trial<T, X> candidate(String name, Behavior<? extends T, X> candidate) {
        return new Trial<T, X>(this).candidate(name, candidate);
    }

    /** The run of a {@link Trial}, the served behavior first; a condition is asked once the gate is open. */
    <X extends Throwable> T runTrial(
            List<Run.Named> behaviors,
            @Nullable Object input,
            @Nullable Map<String, @Nullable Object> context,
            @Nullable BooleanSupplier condition)
            throws X {
        Gate.Request request = context == null ? parts.request : parts.new Request(context);
        boolean isSampled =
                behaviors.size() > 1 && admits(request, input) && (condition == null || parts.holds(condition));
        Run<T> run = isSampled ? several(behaviors, request, input, context) : null;
        return run == null ? behaviors.get(0).<T, X>alone() : run.<T, X>call();
    }

    /** Whether the gate is open, and nothing that the thread is inside of bars the experiment. */
    private boolean admits(Gate.Request request, @Nullable Object input) {
        return isOn()
                && parts.isEnabled()
                && !Nesting.bars(Nesting.here(), id)
                && (settings.gate == OPEN || parts.admits(settings.gate, request, input));
    }

    // These make a run, without starting anything. They return null where the control is to run alone: where
    // the run is shed, or there is no memory or stack for it.

    private @Nullable Run<T> pair(
            @Nullable Object input, InputBehavior<?, ?, ?> control, InputBehavior<?, ?, ?> candidate) {
        try {
            if (elsewhere != null && bulkhead.isFull()) {
                return shed(); // before anything is made
            }
            return elsewhere != null || settings.baseline != null
                    ? several(
                            List.of(new Run.Named(CONTROL, control, null), new Run.Named(CANDIDATE, candidate, null)),
                            parts.request,
                            input,
                            null)
                    : new PairRun<>(this, input, control, candidate);
        } catch (Throwable noRoom) {
            return null;
        }
    }

    private @Nullable Run<T> several(
            List<Run.Named> named,
            Gate.Request request,
            @Nullable Object input,
            @Nullable Map<String, @Nullable Object> context) {
        try {
            boolean repeats = settings.baseline != null && parts.admits(settings.baseline, request, input);
            List<Run.Named> behaviors = repeats ? Settings.plus(named, named.get(0)) : named;
            return elsewhere != null
                    ? withPermits(
                            behaviors.size() - 1, () -> new OffloadedRun<>(this, behaviors, repeats, input, context))
                    : new SeveralRun<>(this, behaviors, repeats, input, context);
        } catch (Throwable noRoom) {
            return null;
        }
    }

    /** The run of one who is served the candidate. */
    @Nullable
    Run<T> servingCandidate(
            Serving serving, @Nullable Object input, InputBehavior<?, ?, ?> control, InputBehavior<?, ?, ?> candidate) {
        try {
            return scientist.isClosed() || Nesting.bars(Nesting.here(), id)
                    ? null
                    : new ServedRun<>(this, serving, input, control, candidate);
        } catch (Throwable noRoom) {
            return null;
        }
    }

    /** Makes a run that outlives its call. Takes a permit for each candidate, before anything is timed. */
    private @Nullable Run<T> withPermits(int candidates, Supplier<Run<T>> maker) {
        if (!Bulkhead.hasStack()) {
            return null;
        }
        if (candidates > settings.queueCapacity) {
            parts.failed(
                    Operation.EXECUTE,
                    new IllegalStateException(this + ": " + candidates + " candidates, the control's second run"
                            + " included, need a queue capacity of as many; it is " + settings.queueCapacity));
        }
        if (!bulkhead.tryEnter(candidates)) {
            return shed();
        }
        try {
            return maker.get();
        } catch (Throwable noRoom) {
            bulkhead.leave(candidates);
            return null;
        }
    }

    private @Nullable Run<T> shed() {
        tally.started();
        dropped(bulkhead.isClosing() ? Drop.CLOSED : Drop.SHED);
        return null;
    }

    /** Counts a run as dropped, and tells the publishers. */
    void dropped(Drop reason) {
        tally.dropped(reason);
        parts.dropped(reason);
    }

    /** A behavior of this experiment that is still to be called. */
    Observation<T> observation(Run.Named behavior) {
        return observation(behavior.name(), behavior.behavior());
    }

    Observation<T> observation(String name, InputBehavior<?, ?, ?> behavior) {
        return settings.measuresResources
                ? new Observation.Measured<>(this, name, behavior)
                : new Observation<>(this, name, behavior);
    }

    private void requireBehaviors(@Nullable Object control, @Nullable Object candidate) {
        if (control == null || candidate == null) {
            throw new NullPointerException(this + ": " + (control == null ? CONTROL : CANDIDATE) + " must not be null");
        }
    }

    // ---- what publishers and other parts may do ----

    /**
     * Reports a failure to the {@link FailureHandler} and the publishers: for publishers and other parts that work on
     * a thread of their own. What they throw on the experiment's own call is reported for them.
     *
     * @param operation what the part was doing
     * @param failure what went wrong
     */
    public void report(Operation operation, Throwable failure) {
        parts.failed(Objects.requireNonNull(operation, "operation"), Objects.requireNonNull(failure, "failure"));
    }

    /**
     * Takes along what belongs to this thread: for publishers and other parts that work on a thread of their own. That
     * is SLF4J's MDC, the context class loader, what {@link ContextPropagator}s add, and that the thread is inside of this
     * experiment, so that it runs its control alone there.
     *
     * @param task what to do on another thread
     * @return does the task there as if it were here, and puts back afterwards what that thread had
     */
    public Runnable carrying(Runnable task) {
        Objects.requireNonNull(task, "task");
        Carried carried = new Carried(this);
        return () -> carried.around(task);
    }

    // ---- what users ask and say of it ----

    /**
     * The name, unique within its {@link Scientist}.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * How many runs were started and how they ended.
     *
     * @return the numbers as of now; while runs are under way they need not add up
     */
    public Counts counts() {
        return tally.counts();
    }

    /**
     * Where and in which order the behaviors run.
     *
     * @return as it was set
     */
    public Execution execution() {
        return settings.execution;
    }

    /**
     * Whether mismatches are raised at the caller.
     *
     * @return as {@link Builder#raiseOnMismatch} was told, else as the {@link Scientist} was
     */
    public boolean raisesOnMismatch() {
        return settings.raises;
    }

    /**
     * Where the control, run twice for a {@linkplain Builder#baseline baseline}, differed from itself.
     *
     * @return for each place, as {@link Comparison#places()} names it, in how many runs; sorted by place, at most 200
     */
    public Map<String, Long> noise() {
        return parts.noise.counts();
    }

    /**
     * Whether differences at noisy places are ignored.
     *
     * @return true if {@link Builder#ignoringNoise()} was asked for
     */
    public boolean ignoresNoise() {
        return settings.ignoresNoise;
    }

    /**
     * Whether the control is run twice now and then, to measure noise.
     *
     * @return true if a {@link Builder#baseline} was given
     */
    public boolean hasBaseline() {
        return settings.baseline != null;
    }

    /**
     * By what its runs are told apart.
     *
     * @return the names of its {@linkplain Builder#trait traits}
     */
    public List<String> traits() {
        return settings.traits.stream().map(Settings.Trait::name).toList();
    }

    /**
     * Which version of the candidates the evidence belongs to.
     *
     * @return as given by {@link Builder#evidenceVersion}, else the empty string
     */
    public String evidenceVersion() {
        return settings.evidenceVersion;
    }

    /** Switches the experiment off: from now on each run is a plain call of its control, in every stage of a rollout too. */
    public void switchOff() {
        if (turn(false)) {
            parts.switched(false);
        }
    }

    /** Whether candidates may be called: neither switched off nor {@code enabled} false. */
    boolean isEnabled() {
        return !switchedOff && parts.isEnabled();
    }

    /**
     * Lets a rollout say which behavior is served: the control, as ever, or the candidate.
     *
     * @param serving who is served the candidate
     * @return the experiment, to be run by the rollout
     * @throws IllegalStateException if the experiment has a rollout already
     */
    public ServedExperiment<T> serveBy(Serving serving) {
        ServedExperiment<T> served = new ServedExperiment<>(this, serving);
        if (!rollout.compareAndSet(null, served)) {
            throw new IllegalStateException(this + " has a rollout already: keep it in a field, and run it from there");
        }
        return served;
    }

    /**
     * What its rollout says.
     *
     * @return stage and status, null if the experiment has no rollout
     */
    public @Nullable Serving serving() {
        ServedExperiment<T> served = rollout.get();
        return served == null ? null : served.serving();
    }

    /** Switches the experiment on again: its gate decides. Has no effect once the {@link Scientist} is closed. */
    public void switchOn() {
        if (turn(true)) {
            parts.switched(true);
        }
    }

    /** Switches without telling publishers. Returns whether that changed anything. */
    boolean turn(boolean on) {
        if (on && scientist.isClosed()) {
            return false;
        }
        boolean wasOn = isOn();
        switchedOff = !on;
        return isOn() != wasOn;
    }

    /**
     * Whether the experiment is switched on, as it is when built.
     *
     * @return false while it is switched off, and once its scientist is closed
     */
    public boolean isOn() {
        return !switchedOff && !scientist.isClosed();
    }

    /**
     * What state the gate is in: for gates that change by themselves, such as a circuit breaker. Whether the experiment
     * is switched on is another matter: {@link #isOn()}.
     *
     * @return one line, null if the gate has nothing to say
     */
    public @Nullable String gateStatus() {
        return parts.gateStatus();
    }

    /**
     * Whether the gate keeps every run out for now by its own state, as a circuit breaker that is not closed.
     *
     * @return {@link Gate#isShut}; false where that throws
     */
    public boolean isGateShut() {
        return parts.isGateShut();
    }

    /**
     * Starts another experiment with the same settings.
     *
     * @param name the name of the new one
     * @return a builder; every setting may be given anew
     */
    public Builder<T> toBuilder(String name) {
        return new Builder<>(name, scientist, settings.copy());
    }

    /**
     * Starts an experiment of another scientist that compares as this one does: with the same comparators, ignore rules,
     * cleaner, snapshots and disposing. What belongs to its place is not taken over: gate, execution, context, hooks, publishers,
     * baseline, raising. For tests that ask whether old and new code agree by the rules of production.
     *
     * @param name the name of the new one
     * @param scientist whose experiment the new one is
     * @return a builder; every setting may be given anew
     */
    public Builder<T> toBuilder(String name, Scientist scientist) {
        return new Builder<>(name, scientist, settings.comparisonFor(scientist));
    }

    /** Its name. */
    @Override
    public String toString() {
        return described(name);
    }

    private static String described(String name) {
        return "experiment '" + name + "'";
    }

    // ---- defining ----

    /**
     * Puts an experiment together. Every part is optional. Not thread-safe.
     *
     * @param <T> the type of the value
     */
    public static final class Builder<T extends @Nullable Object> {
        private static final int MAX_TRAITS = 10;
        private static final String RAISE = "raise on mismatch";

        private final String name;
        private final Scientist scientist;
        private final Settings<T> settings;
        /** Settings that were given here, to notice one that is given twice. */
        private final Set<String> given = new HashSet<>();

        Builder(String name, Scientist scientist, Settings<T> settings) {
            this.name = Names.check("experiment name", name);
            this.scientist = scientist;
            this.settings = settings;
        }

        /**
         * Decides on each run whether the candidates run, in place of the {@link Scientist}'s default gate. Default: that one,
         * else always.
         *
         * @param gate the gate
         * @return this
         */
        public Builder<T> gate(Gate gate) {
            settings.gate = once("gate", gate);
            return this;
        }

        /**
         * Switches the experiment by a flag, whatever its gate says: while that is false, every run is a plain call of
         * its control. Asked on every run, so it should be cheap. One that throws is reported and counts as false.
         * Default: always true.
         *
         * @param enabled true to let the gate decide
         * @return this
         */
        public Builder<T> enabled(BooleanSupplier enabled) {
            settings.enabled = once("enabled", enabled);
            return this;
        }

        /**
         * Compares values when both returned. Default: {@link ResultComparator#equality()}.
         *
         * @param comparator the comparator
         * @return this
         */
        public Builder<T> comparator(ResultComparator<? super T> comparator) {
            settings.comparator = once("comparator", comparator);
            return this;
        }

        /**
         * Compares values when both returned, by a plain predicate.
         *
         * @param predicate true where control's and candidate's value match
         * @return this
         */
        public Builder<T> matching(BiPredicate<? super T, ? super T> predicate) {
            Objects.requireNonNull(predicate, setting("comparator"));
            return comparator(ResultComparator.matching(predicate));
        }

        /**
         * Compares throwables when both threw; one that throws and one that returns never match. Default: the same class
         * and the same message, but for messages that the JVM words by the code that failed.
         *
         * @param comparator the comparator
         * @return this
         */
        public Builder<T> errorComparator(ResultComparator<? super Throwable> comparator) {
            settings.errorComparator = once("error comparator", comparator);
            return this;
        }

        /**
         * Compares throwables when both threw, by a plain predicate; one that throws and one that returns never match.
         *
         * @param predicate true where control's and candidate's throwable match
         * @return this
         */
        public Builder<T> matchingErrors(BiPredicate<? super Throwable, ? super Throwable> predicate) {
            Objects.requireNonNull(predicate, setting("error comparator"));
            return errorComparator(ResultComparator.matching(predicate));
        }

        /**
         * Lets a difference between two values not count. Rules are tried in the order they were given until one holds;
         * one that throws is reported and the next is tried. Asked only where both returned.
         *
         * @param reason why the difference does not count; results and reports show it
         * @param rule handed the control's and the candidate's value
         * @return this
         */
        @SuppressWarnings("NullAway") // both returned, so the values are those of T
        public Builder<T> ignore(String reason, BiPredicate<? super T, ? super T> rule) {
            Objects.requireNonNull(rule, setting("ignore rule"));
            return ignoreWhere(
                    reason,
                    run -> run.control().returned()
                            && run.candidate().returned()
                            && rule.test(run.control().value(), run.candidate().value()));
        }

        /**
         * Lets a difference not count, by all that is known of the run: input, context, what both did and where they
         * differ. Tried in the same order as the others.
         *
         * @param reason why the difference does not count; results and reports show it
         * @param rule handed the mismatch
         * @return this
         */
        public Builder<T> ignoreWhere(String reason, Predicate<? super Mismatch<T>> rule) {
            Names.check(setting("reason of an ignore rule"), reason);
            Objects.requireNonNull(rule, setting("ignore rule"));
            settings.ignoreRules = Settings.plus(settings.ignoreRules, new Settings.IgnoreRule<>(reason, rule));
            return this;
        }

        /**
         * Tells runs apart by their input, to find those that mismatch: {@code .trait("country", Order.class,
         * Order::country)}. The evidence counts runs and mismatches for the first 20 labels of each trait, the rest as
         * "other", and says where a label explains mismatches. Declaring a trait shows its labels: no names of people.
         *
         * <p>Asked once for each run that was compared, on the thread that compared it. What it throws is reported as
         * {@link Operation#TRAIT}, and the label is "(failed)".
         *
         * @param name the trait's name
         * @param type what inputs are; for one of another type the trait fails
         * @param label returns an enum, a boolean, a short text, null, or a number, which falls into a bucket by its
         *     decimal digits, such as "10 to 99"; of text the first 40 characters count. Not asked of null, whose label is
         *     "null"
         * @param <I> the input
         * @return this
         * @throws IllegalStateException if there are 10 already, or one of this name
         */
        public <I> Builder<T> trait(String name, Class<I> type, Function<? super I, ?> label) {
            Objects.requireNonNull(type, setting("type of the trait's input"));
            Objects.requireNonNull(label, setting("label of a trait"));
            return trait(
                    name,
                    (input, control) -> input == null ? null : label.apply(Objects.requireNonNull(type.cast(input))));
        }

        /**
         * Tells runs apart by what the control returned, as the other form does by the input: for experiments that are
         * handed none.
         *
         * @param name the trait's name
         * @param label handed the control's value if it is not null; where the control threw, the label is
         *     "(control threw)"
         * @return this
         * @throws IllegalStateException if there are 10 already, or one of this name
         */
        public Builder<T> trait(String name, Function<? super T, ?> label) {
            Objects.requireNonNull(label, setting("label of a trait"));
            return trait(name, (input, control) -> {
                T value = control.value();
                return control.threw() ? Label.THREW : value == null ? null : label.apply(value);
            });
        }

        private Builder<T> trait(String name, BiFunction<@Nullable Object, Observation<T>, @Nullable Object> label) {
            Names.check(setting("name of a trait"), name);
            once("trait '" + name + "'", label);
            List<Settings.Trait<T>> others = settings.traits.stream()
                    .filter(trait -> !trait.name().equals(name))
                    .toList();
            if (others.size() == MAX_TRAITS) {
                throw new IllegalStateException(setting("there are " + MAX_TRAITS + " traits already"));
            }
            settings.traits = Settings.plus(others, new Settings.Trait<>(name, label));
            return this;
        }

        /**
         * Makes values fit to be kept and shown: an id instead of a user, a count instead of a list. Not asked of null.
         * Where it throws, the value is withheld.
         *
         * @param cleaner handed a value, returns what may be shown
         * @return this
         */
        public Builder<T> clean(Function<? super T, ?> cleaner) {
            settings.cleaner = once("cleaner", cleaner);
            return this;
        }

        /**
         * Adds to the context of every run.
         *
         * @param key the key
         * @param value the value, may be null
         * @return this
         */
        public Builder<T> context(String key, @Nullable Object value) {
            Names.check(setting("context key"), key);
            return context(() -> Collections.singletonMap(key, value));
        }

        /**
         * Adds to the context of every run what a supplier says at its start, on the caller's thread. One that throws
         * is reported and the run goes on without.
         *
         * @param context returns keys and values
         * @return this
         */
        public Builder<T> context(Supplier<? extends Map<String, ?>> context) {
            settings.context = plus(settings.context, "context", context);
            return this;
        }

        /**
         * Is run before the behaviors, on the caller's thread, when the gate is open.
         *
         * @param hook the hook
         * @return this
         */
        public Builder<T> beforeRun(Runnable hook) {
            settings.beforeRun = plus(settings.beforeRun, "before-run hook", hook);
            return this;
        }

        /**
         * Is run after the result was published.
         *
         * @param hook handed the result
         * @return this
         */
        public Builder<T> afterRun(Consumer<? super Result<T>> hook) {
            settings.afterRun = plus(settings.afterRun, "after-run hook", hook);
            return this;
        }

        /**
         * Throws at the caller when a candidate mismatches, cannot be compared or is abandoned: for test suites. Needs a
         * caller who waits for that: an error in the background and with {@code runAsync}. Default: what the
         * {@link Scientist} says, else false.
         *
         * @param raise true to throw
         * @return this
         */
        public Builder<T> raiseOnMismatch(boolean raise) {
            settings.raises = once(RAISE, raise);
            return this;
        }

        /**
         * Says what is thrown where {@linkplain #raiseOnMismatch raising} is asked for. If the control threw, that is
         * added as suppressed. Default: what the {@link Scientist} says, else {@link MismatchError}.
         *
         * @param error makes what is thrown, as it is; where it fails, that is reported and a {@link MismatchError} is
         *     thrown
         * @return this
         */
        public Builder<T> mismatchError(Function<? super Result<T>, ? extends Throwable> error) {
            settings.mismatchError = once("mismatch error", error);
            return this;
        }

        /**
         * Disposes of values that the caller does not get, such as a stream that a candidate opened: of each value of a
         * candidate, and of the control's second one for a {@link #baseline}. Called once for each, on the thread of the
         * run, after the publishers; where a run is dropped or the value comes late, on the thread on which it comes.
         * Not asked of null, nor of an object that is the caller's: the served value or the input.
         *
         * @param dispose handed the value; what it throws is reported as {@link Operation#DISPOSE}
         * @return this
         */
        public Builder<T> dispose(Consumer<? super T> dispose) {
            settings.dispose = once("dispose", dispose);
            return this;
        }

        /**
         * Where and in which order the behaviors run. Default: {@link Execution#inline()}.
         *
         * @param execution the execution
         * @return this
         */
        public Builder<T> execution(Execution execution) {
            settings.execution = once("execution", execution);
            return this;
        }

        /**
         * How many of this experiment's candidates can be under way on other threads, those that wait included; each
         * holds its input. Further runs are shed: the control runs alone, and {@link Drop#SHED} is counted. Default:
         * what the {@link Scientist} says.
         *
         * @param candidates at least 1
         * @return this
         */
        public Builder<T> queueCapacity(int candidates) {
            settings.queueCapacity =
                    Scientist.atLeastOne(setting("queue capacity"), once("queue capacity", candidates));
            return this;
        }

        /**
         * Measures processor time and allocated bytes of each behavior as well. That costs the caller about a
         * microsecond for each.
         *
         * @param measure true to measure
         * @return this
         */
        public Builder<T> measureResources(boolean measure) {
            settings.measuresResources = once("measure resources", measure);
            return this;
        }

        /**
         * Measures noise: on the runs that the gate admits, the control is run once more, like a candidate, and
         * compared with itself; see {@link Result#baseline()}. What the control cannot repeat, no candidate can be
         * blamed for. On those runs <em>the control runs twice</em>: only for controls that may. Not for
         * {@code runAsync}.
         *
         * @param gate asked on every run whose candidates run, such as {@code Gates.percent(1)}
         * @return this
         */
        public Builder<T> baseline(Gate gate) {
            settings.baseline = once("baseline", gate);
            return this;
        }

        /**
         * Ignores differences that the control has with itself: those that are only at places where it, run twice for a
         * {@link #baseline}, differed from itself in at least 5% of at least 50 runs. Their outcome is
         * {@link Outcome#IGNORED}, because of {@link Comparison#NOISE}, as if the place had been written into
         * {@code ignoring(..)}: nothing is seen of the candidate there. A place that is known beforehand is better
         * ignored by name. Default: every difference counts.
         *
         * @return this
         */
        public Builder<T> ignoringNoise() {
            settings.ignoresNoise = once("ignoring noise", true);
            return this;
        }

        /**
         * Says which version of the candidates is run: what was counted of another version, and kept over a restart, no
         * longer counts. To be changed when the candidate is: a new build alone resets nothing. Default: the empty
         * string.
         *
         * @param version such as {@code "2"}
         * @return this
         */
        public Builder<T> evidenceVersion(String version) {
            settings.evidenceVersion = once("evidence version", Names.check(setting("evidence version"), version));
            return this;
        }

        /**
         * Copies the control's value before the caller gets it, on the caller's thread, for values that the caller may
         * change afterwards: comparators and publishers see the copy. Not asked of null. Where it throws, that is
         * reported and the run is dropped as {@link Drop#SNAPSHOT_FAILED}.
         *
         * <p>With {@code runAsync} it is made when the control's stage completes, by whoever completes it, maybe after
         * what the caller attached to that stage.
         *
         * @param snapshot returns a copy that shares nothing mutable
         * @return this
         */
        public Builder<T> snapshot(UnaryOperator<T> snapshot) {
            settings.valueSnapshot = once("snapshot", snapshot);
            return this;
        }

        /**
         * Copies the input before the behaviors run, on the caller's thread, for inputs that the control or the caller
         * may change: candidates, gates' learning and publishers see the copy, the control the original. Only for the
         * forms that hand an input on. Not asked of null. Where it throws, that is reported and the run is dropped as
         * {@link Drop#SNAPSHOT_FAILED}.
         *
         * @param type what inputs are; one of another type fails as a snapshot that throws
         * @param snapshot returns a copy that shares nothing mutable
         * @param <I> the input
         * @return this
         */
        public <I> Builder<T> snapshotInput(Class<I> type, UnaryOperator<I> snapshot) {
            Objects.requireNonNull(type, setting("type of the input"));
            once("input snapshot", snapshot);
            settings.inputSnapshot = input -> snapshot.apply(Objects.requireNonNull(type.cast(input)));
            return this;
        }

        /**
         * Adds a publisher for this experiment, after those of the {@link Scientist} and closed with them.
         *
         * @param publisher the publisher
         * @return this
         */
        public Builder<T> publisher(Publisher publisher) {
            settings.publishers = plus(settings.publishers, "publisher", publisher);
            return this;
        }

        /**
         * Makes the experiment and registers it with its {@link Scientist}.
         *
         * @return the experiment, to be kept in a field
         * @throws IllegalStateException if the scientist has an experiment of this name already, or if raising on
         *     mismatch is asked for in the background
         */
        public Experiment<T> build() {
            if (settings.raises && settings.execution instanceof Execution.Background) {
                throw new IllegalStateException(setting(RAISE)
                        + ", asked of it, of what it was made from or of its scientist, needs a caller who waits: choose"
                        + " inline or concurrent execution, or raiseOnMismatch(false)");
            }
            if (settings.ignoresNoise && settings.baseline == null) {
                throw new IllegalStateException(setting("ignoring noise") + " needs a baseline to measure it by:"
                        + " add .baseline(Gates.percent(1)), which runs the control twice now and then");
            }
            Experiment<T> experiment = withoutRegistering();
            scientist.register(experiment);
            experiment.parts.defined();
            return experiment;
        }

        Experiment<T> withoutRegistering() {
            Settings<T> own = settings.copy();
            own.gate = forExperiment("gate", settings.gate);
            own.baseline = settings.baseline == null ? null : forExperiment("baseline", settings.baseline);
            return new Experiment<>(name, scientist, own);
        }

        private Gate forExperiment(String setting, Gate gate) {
            return Objects.requireNonNull(
                    gate.forExperiment(name), setting(setting + "'s forExperiment returned null"));
        }

        private <S> S once(String setting, S value) {
            Objects.requireNonNull(value, setting(setting));
            if (!given.add(setting)) {
                throw new IllegalStateException(setting(setting) + " was already set");
            }
            return value;
        }

        private <E> List<E> plus(List<E> list, String setting, E element) {
            return Settings.plus(list, Objects.requireNonNull(element, setting(setting)));
        }

        private String setting(String setting) {
            return described(name) + ": " + setting;
        }
    }
}
