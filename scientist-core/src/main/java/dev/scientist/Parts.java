package dev.scientist;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The user-supplied parts of one experiment, but for its behaviors. Whatever they throw is caught here and reported;
 * it goes no further. Thread-safe.
 *
 * @param <T> the type of the value
 */
final class Parts<T extends @Nullable Object> {

    /** In how many mismatches values are looked at, whether they say anything. */
    private static final int FIRST_MISMATCHES = 100;

    private final Experiment<T> experiment;
    private final Scientist scientist;
    private final Settings<T> settings;
    private final ResultComparator<? super T> comparator;
    private final ResultComparator<? super Throwable> errorComparator;
    // arrays: an iterator for each loop of each run would be one object more
    private final Publisher[] publishers;
    private final Runnable[] beforeRun;
    private final Consumer<? super Result<T>>[] afterRun;
    private final List<Supplier<? extends Map<String, ?>>> context;
    private final @Nullable LongSupplier clock;
    private final @Nullable RandomGenerator random;
    /** What a gate may look at in a run without a context of its own. */
    final Gate.Request request = new Request(null);

    final Noise noise = new Noise();
    private final AtomicInteger mismatchesLookedAt = new AtomicInteger();
    private final InputHandedBack inputHandedBack = new InputHandedBack();

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    Parts(Experiment<T> experiment, Scientist scientist, Settings<T> settings) {
        this.experiment = experiment;
        this.scientist = scientist;
        this.settings = settings;
        comparator = ofThisExperiment(settings.comparator);
        errorComparator = ofThisExperiment(settings.errorComparator);
        publishers = concat(scientist.publishers, settings.publishers).toArray(Publisher[]::new);
        beforeRun = settings.beforeRun.toArray(Runnable[]::new);
        afterRun = settings.afterRun.toArray(Consumer[]::new);
        context = concat(scientist.context, settings.context);
        clock = scientist.clock;
        random = scientist.random;
    }

    private <V> ResultComparator<V> ofThisExperiment(ResultComparator<V> given) {
        return Objects.requireNonNull(
                given.forExperiment(experiment.name(), failure -> failed(Operation.COMPARE, failure)),
                experiment + ": the comparator's forExperiment returned null");
    }

    /** Tells the comparators that there will be no more runs. */
    void endComparing() {
        guarded(Operation.COMPARE, comparator::experimentClosed);
        guarded(Operation.COMPARE, errorComparator::experimentClosed);
    }

    private static <E> List<E> concat(List<E> first, List<E> second) {
        List<E> all = new ArrayList<>(first);
        all.addAll(second);
        return List.copyOf(all);
    }

    // ---- whether the candidates run ----

    boolean admits(Gate gate, Gate.Request request, @Nullable Object input) {
        try {
            return gate.admits(request, input);
        } catch (Throwable failure) {
            failed(Operation.GATE, failure);
            return false;
        }
    }

    /** Whether the switches of the scientist and the experiment are on. */
    boolean isEnabled() {
        return isOn(scientist.enabled) && isOn(settings.enabled);
    }

    private boolean isOn(@Nullable BooleanSupplier enabled) {
        try {
            return enabled == null || enabled.getAsBoolean();
        } catch (Throwable failure) {
            failed(Operation.GATE, failure);
            return false;
        }
    }

    boolean holds(BooleanSupplier condition) {
        return guarded(Operation.RUN_IF, condition::getAsBoolean, false);
    }

    @Nullable
    String gateStatus() {
        return this.<@Nullable String>guarded(Operation.GATE, settings.gate::status, null);
    }

    boolean isGateShut() {
        return guarded(Operation.GATE, settings.gate::isShut, false);
    }

    // ---- before the behaviors ----

    void beforeRun() {
        for (Runnable hook : beforeRun) {
            guarded(Operation.BEFORE_RUN, hook::run);
        }
    }

    Map<String, @Nullable Object> contextOf(@Nullable Map<String, @Nullable Object> trialContext) {
        return context.isEmpty() && trialContext == null ? Map.of() : gathered(trialContext);
    }

    private Map<String, @Nullable Object> gathered(@Nullable Map<String, @Nullable Object> trialContext) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        for (Supplier<? extends Map<String, ?>> supplier : context) {
            guarded(
                    Operation.CONTEXT,
                    () -> supplier.get().forEach((key, value) -> all.put(checkContextKey(key), value)));
        }
        if (trialContext != null) {
            all.putAll(trialContext);
        }
        return Collections.unmodifiableMap(all);
    }

    String checkContextKey(String key) {
        return Names.check(experiment + ": context key", key);
    }

    long nanoTime() {
        if (clock == null) {
            return System.nanoTime();
        }
        try { // no lambda, which needs memory: the served behavior is called after this
            return clock.getAsLong();
        } catch (Throwable failure) {
            failed(Operation.CLOCK, failure);
            return 0;
        }
    }

    /** A random number in [0, bound); 0 where the user's generator fails. */
    int randomBelow(int bound) {
        return random == null
                ? ThreadLocalRandom.current().nextInt(bound)
                : guarded(Operation.RANDOM, () -> Objects.checkIndex(random.nextInt(bound), bound), 0);
    }

    // ---- after the behaviors ----

    /** Compares, unless it is known that this would hang; then runs no code of users. */
    Comparison<T> compare(
            Run<T> run, Observation<T> control, Observation<T> candidate, @Nullable Throwable comparatorFailure) {
        if (candidate.abandoned()) {
            return new Comparison<>(control, candidate, Comparison.Verdict.ABANDONED, 0);
        }
        if (comparatorFailure != null) {
            return new Comparison<>(
                    control, candidate, Comparison.Verdict.failed(comparatorFailure), experiment.timeLimitNanos);
        }
        boolean isTimed = !isQuick(control.value());
        long start = isTimed ? nanoTime() : 0;
        Comparison.Verdict verdict = verdict(run, control, candidate);
        return new Comparison<>(control, candidate, verdict, isTimed ? nanoTime() - start : 0);
    }

    /** Whether comparing takes, as a rule, less time than to read the clock twice. */
    private boolean isQuick(@Nullable T value) {
        return settings.comparator == Settings.BY_EQUALS
                && (value == null
                        || value instanceof Boolean
                        || value instanceof Number
                        || value instanceof String
                        || value instanceof Enum<?>
                        || value instanceof Record);
    }

    private Comparison.Verdict verdict(Run<T> run, Observation<T> control, Observation<T> candidate) {
        List<Difference> differences;
        try {
            // copied, so that a list of the comparator's own making cannot change or fail later on
            differences = List.copyOf(differences(control, candidate));
        } catch (Throwable failure) {
            failed(Operation.COMPARE, failure);
            return Comparison.Verdict.failed(failure);
        }
        return differences.isEmpty() ? Comparison.Verdict.MATCHED : judged(run, control, candidate, differences);
    }

    /** Whether differences count. */
    private Comparison.Verdict judged(
            Run<T> run, Observation<T> control, Observation<T> candidate, List<Difference> differences) {
        for (Settings.IgnoreRule<T> rule : settings.ignoreRules) {
            Mismatch<T> mismatch = new Mismatch<>(run.input, run.context(), control, candidate, differences);
            if (guarded(Operation.IGNORE, () -> rule.holds().test(mismatch), false)) {
                return Comparison.Verdict.ignored(differences, rule.reason());
            }
        }
        if (settings.ignoresNoise
                && !candidate.name().equals(control.name()) // the control against itself is what noise is measured by
                && noise.explains(places(control, candidate, differences))) {
            return Comparison.Verdict.ignored(differences, Comparison.NOISE);
        }
        noteLiveValues(run, control, candidate);
        return Comparison.Verdict.mismatched(differences);
    }

    private static <T extends @Nullable Object> List<String> places(
            Observation<T> control, Observation<T> candidate, List<Difference> differences) {
        return new Comparison<>(control, candidate, Comparison.Verdict.mismatched(differences), 0).places();
    }

    /** Throws what the comparator throws. */
    private List<Difference> differences(Observation<T> control, Observation<T> candidate) {
        if (control.returned() && candidate.returned()) {
            return comparator.compare(control.value(), candidate.value());
        }
        return control.threw() && candidate.threw()
                ? errorComparator.compare(control.throwable(), candidate.throwable())
                : List.of(Difference.of("", control.throwable(), candidate.throwable()));
    }

    /** Says once where a mismatch tells nothing, since a value can be read once, or is still to come. */
    private void noteLiveValues(Run<T> run, Observation<T> control, Observation<T> candidate) {
        if (mismatchesLookedAt.get() >= FIRST_MISMATCHES) {
            return; // looking costs, and the values of an experiment are all alike
        }
        mismatchesLookedAt.incrementAndGet();
        for (Object value : new @Nullable Object[] {control.value(), candidate.value(), run.input}) {
            String advice = LiveValue.advice(value);
            if (value != null && !advice.isEmpty() && experiment.bulkhead.noteOnce("a live value")) {
                failed(
                        Operation.COMPARE,
                        new Notice(experiment + ": a mismatch of such values says nothing: a "
                                + value.getClass().getName() + " " + advice));
            }
        }
    }

    /** The labels of a run that was compared, in the order of its experiment's traits. */
    List<String> traits(@Nullable Object input, Observation<T> control) {
        String[] labels = new String[settings.traits.size()];
        for (int i = 0; i < labels.length; i++) {
            Settings.Trait<T> trait = settings.traits.get(i);
            try { // by hand, as below: this is done in every run
                labels[i] = Label.of(trait.label().apply(input, control));
            } catch (Throwable failure) {
                failed(Operation.TRAIT, failure);
                labels[i] = Label.FAILED;
            }
        }
        return Collections.unmodifiableList(Arrays.asList(labels)); // List.of would copy them
    }

    /** Disposes of a value that the caller does not get. */
    void dispose(Run<T> run, Observation<T> observation) {
        Consumer<? super T> dispose = settings.dispose;
        T value = dispose == null ? null : observation.value();
        if (dispose != null && value != null && !run.isCallers(value)) {
            guarded(Operation.DISPOSE, () -> dispose.accept(value));
        }
    }

    /** Tells gate, publishers and hooks of a result. */
    void announce(Result<T> result) {
        Comparison<T> again = result.baseline();
        if (again != null) {
            noise.add(again);
        }
        try { // by hand, as below: this is done in every run, and a lambda would be made for each
            settings.gate.learn(request, result);
        } catch (Throwable failure) {
            failed(Operation.GATE, failure);
        }
        for (Publisher publisher : publishers) {
            boolean interrupted = Thread.currentThread().isInterrupted();
            try {
                publisher.publish(result);
            } catch (Throwable failure) {
                failed(Operation.PUBLISH, failure);
            }
            restoreInterrupt(interrupted); // pending for the next, whatever this one did to it
        }
        for (Consumer<? super Result<T>> hook : afterRun) {
            guarded(Operation.AFTER_RUN, () -> hook.accept(result));
        }
        inputHandedBack.check(result);
    }

    /** What is to be thrown at a caller who waits for the result; null in general. */
    @Nullable
    Throwable toRaise(Result<T> result) {
        return settings.raises && result.isToBeRaised() ? error(result) : null;
    }

    private Throwable error(Result<T> result) {
        Function<? super Result<T>, ? extends Throwable> factory = settings.mismatchError;
        if (factory == null) {
            return new MismatchError(result);
        }
        Throwable made = this.<@Nullable Throwable>guarded(
                Operation.RAISE,
                () -> Objects.requireNonNull(factory.apply(result), "the mismatch error's factory returned null"),
                null);
        Throwable error = made == null ? new MismatchError(result) : made;
        Throwable thrown = result.control().throwable();
        if (made != null && thrown != null && thrown != error) {
            error.addSuppressed(thrown);
        }
        return error;
    }

    // ---- what publishers are told besides results ----

    void defined() {
        tell(publisher -> publisher.defined(experiment));
    }

    void switched(boolean on) {
        tell(publisher -> publisher.switched(experiment, on));
    }

    void stageChanged(Serving serving) {
        tell(publisher -> publisher.stageChanged(experiment, serving));
    }

    void dropped(Drop reason) {
        boolean interrupted = Thread.currentThread().isInterrupted();
        long[] here = Nesting.here();
        long depth = Nesting.enterAgain(here, experiment.id);
        try {
            for (Publisher publisher : publishers) {
                try {
                    publisher.dropped(experiment, reason);
                } catch (Throwable failure) {
                    failed(Operation.NOTIFY, failure);
                }
            }
        } finally {
            here[Nesting.DEPTH] = depth;
            restoreInterrupt(interrupted);
        }
    }

    private void tell(Consumer<Publisher> news) {
        for (Publisher publisher : publishers) {
            guarded(Operation.NOTIFY, () -> news.accept(publisher));
        }
    }

    /** A call of a user-supplied part. */
    interface Call {
        void make() throws Exception;
    }

    /** Calls a part that returns nothing. */
    void guarded(Operation operation, Call call) {
        try {
            call.make();
        } catch (Throwable failure) {
            failed(operation, failure);
        }
    }

    /** Calls a part that returns something; where it fails, something else stands for that. */
    <V extends @Nullable Object> V guarded(Operation operation, Callable<? extends V> part, V otherwise) {
        try {
            return part.call();
        } catch (Throwable failure) {
            failed(operation, failure);
            return otherwise;
        }
    }

    /** The one place where failures of user-supplied parts end. */
    void failed(Operation operation, Throwable failure) {
        restoreInterruptOf(failure);
        boolean interrupted = Thread.currentThread().isInterrupted();
        long[] here = Nesting.here();
        long depth = Nesting.enterAgain(here, experiment.id);
        try {
            scientist.failed(experiment.name(), operation, failure);
            for (Publisher publisher : publishers) {
                try {
                    publisher.failed(experiment, operation, failure);
                } catch (Throwable again) {
                    // to the handler alone: telling publishers of it would go round in circles
                    scientist.failed(experiment.name(), Operation.NOTIFY, again);
                }
            }
        } finally {
            here[Nesting.DEPTH] = depth;
            restoreInterrupt(interrupted);
        }
    }

    /** An interrupt that was pending before user-supplied parts ran is pending afterwards, too. */
    static void restoreInterrupt(boolean wasPending) {
        if (wasPending && !Thread.currentThread().isInterrupted()) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whoever threw an InterruptedException has cleared the flag of this thread. */
    static void restoreInterruptOf(@Nullable Throwable thrown) {
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
    }

    /** What a gate may look at: one object for all runs of the short forms, one for each trial. */
    final class Request implements Gate.Request {
        private final @Nullable Map<String, @Nullable Object> trialContext;

        Request(@Nullable Map<String, @Nullable Object> trialContext) {
            this.trialContext = trialContext;
        }

        @Override
        public String experiment() {
            return experiment.name();
        }

        @Override
        public Map<String, @Nullable Object> context() {
            return contextOf(trialContext);
        }

        @Override
        public RandomGenerator random() {
            return random == null ? ThreadLocalRandom.current() : random;
        }

        @Override
        public long nanoTime() {
            return Parts.this.nanoTime();
        }

        @Override
        public void report(Throwable failure) {
            failed(Operation.GATE, failure);
        }

        @Override
        public void changed(String status) {
            tell(publisher -> publisher.gateChanged(experiment, status));
        }
    }
}
