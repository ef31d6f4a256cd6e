package dev.scientist.micrometer;

import dev.scientist.Comparison;
import dev.scientist.Drop;
import dev.scientist.Experiment;
import dev.scientist.Observation;
import dev.scientist.Operation;
import dev.scientist.Outcome;
import dev.scientist.Result;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The meters of one experiment, made once and held: a look-up in the registry costs more than counting. Thread-safe. */
final class ExperimentMeters {

    private static final int MAX_CANDIDATES = 11;
    private static final int MAX_BEHAVIORS = 22;
    private static final int MAX_EXCEPTIONS = 10;
    private static final int MAX_REASONS = 10;
    private static final int MAX_PATHS = 20;

    /** What a histogram tells apart; times beyond are in its first or last bucket. */
    private static final Duration SHORTEST = Duration.ofNanos(10_000);

    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final MeterRegistry registry;
    private final String experiment;
    private final boolean histogram;

    private final Counter sampled;
    private final Map<Drop, Counter> dropped;
    /** Empty where the control is never run twice. */
    private final Map<Outcome, Counter> baseline;

    private final Map<Operation, Counter> failures;
    private final Bounded<BehaviorMeters> behaviors = new Bounded<>(MAX_BEHAVIORS, BehaviorMeters::new);
    private final Bounded<CandidateMeters> candidates = new Bounded<>(MAX_CANDIDATES, CandidateMeters::new);

    /** Only of a rollout. */
    private volatile @Nullable Counter rescues;

    /** Whether it is known if there is a candidate of the usual name. */
    private volatile boolean named;

    ExperimentMeters(MeterRegistry registry, Experiment<?> described, boolean histogram) {
        this.registry = registry;
        experiment = described.name();
        this.histogram = histogram;
        sampled = ScientistMeter.RUNS.counter(registry, experiment, "sampled");
        dropped = byConstant(Drop.class, drop -> ScientistMeter.RUNS.counter(registry, experiment, drop));
        baseline = described.hasBaseline()
                ? byConstant(
                        Outcome.class,
                        outcome -> ScientistMeter.BASELINE_COMPARISONS.counter(registry, experiment, outcome))
                : Map.of();
        failures = byConstant(
                Operation.class, operation -> ScientistMeter.FAILURES.counter(registry, experiment, operation));
        behaviors.get(Experiment.CONTROL);
        behaviors.get(Experiment.CANDIDATE);
        candidates.get(Experiment.CANDIDATE);
    }

    void published(Result<?> result) {
        if (!named) {
            name(result);
        }
        sampled.increment();
        Counter rescues = this.rescues;
        if (rescues != null && result.rescued()) {
            rescues.increment();
        }
        boolean timed = false;
        for (Comparison<?> comparison : result.comparisons()) {
            Observation<?> candidate = comparison.candidate();
            candidates.get(candidate.name()).compared(comparison);
            boolean alike = endedAlike(comparison);
            behaviors.get(candidate.name()).observed(candidate, alike);
            timed |= alike;
        }
        behaviors.get(result.control().name()).observed(result.control(), timed);
        Comparison<?> again = result.baseline();
        if (again != null) {
            count(baseline, again.outcome());
        }
    }

    /** Takes away what was registered for a candidate of the usual name, if the first result has none. */
    private synchronized void name(Result<?> result) {
        if (!named) {
            boolean usual = result.comparisons().stream()
                    .anyMatch(comparison -> comparison.candidate().name().equals(Experiment.CANDIDATE));
            if (!usual) {
                candidates.remove(Experiment.CANDIDATE).ifPresent(CandidateMeters::removeUnused);
                behaviors.remove(Experiment.CANDIDATE).ifPresent(BehaviorMeters::removeUnused);
            }
            named = true;
        }
    }

    /** Registers the counter of rescues. Returns false if it is there already. */
    synchronized boolean addRollout() {
        if (rescues != null) {
            return false;
        }
        rescues = ScientistMeter.ROLLOUT_RESCUES.counter(registry, experiment);
        return true;
    }

    /** A candidate that fails fast is not a fast candidate. A control is never abandoned. */
    private static boolean endedAlike(Comparison<?> comparison) {
        Observation<?> candidate = comparison.candidate();
        return comparison.control().returned() ? candidate.returned() : candidate.threw();
    }

    void dropped(Drop reason) {
        count(dropped, reason);
    }

    void failed(Operation operation) {
        count(failures, operation);
    }

    private static <E extends Enum<E>> Map<E, Counter> byConstant(Class<E> type, Function<String, Counter> maker) {
        Map<E, Counter> counters = new EnumMap<>(type);
        for (E constant : type.getEnumConstants()) {
            counters.put(constant, maker.apply(constant.name().toLowerCase(Locale.ROOT)));
        }
        return counters;
    }

    private static <E extends Enum<E>> void count(Map<E, Counter> counters, E constant) {
        Counter counter = counters.get(constant);
        if (counter != null) {
            counter.increment();
        }
    }

    /** Of a control or a candidate. */
    private final class BehaviorMeters {
        private final Timer timer;
        private final Bounded<Counter> exceptions;

        BehaviorMeters(String behavior) {
            Timer.Builder builder = ScientistMeter.BEHAVIOR_TIME.timer(experiment, behavior);
            if (histogram) {
                builder.publishPercentileHistogram()
                        .minimumExpectedValue(SHORTEST)
                        .maximumExpectedValue(LONGEST);
            }
            timer = builder.register(registry);
            exceptions = new Bounded<>(
                    MAX_EXCEPTIONS,
                    exception -> ScientistMeter.EXCEPTIONS.counter(registry, experiment, behavior, exception));
        }

        /** Another scientist on the same registry may use them. */
        void removeUnused() {
            if (timer.count() == 0) {
                registry.remove(timer);
            }
        }

        void observed(Observation<?> observation, boolean timed) {
            if (timed) {
                timer.record(observation.nanos(), TimeUnit.NANOSECONDS);
            }
            Throwable thrown = observation.throwable();
            if (thrown != null) {
                exceptions.get(simpleName(thrown.getClass())).increment();
            }
        }
    }

    /** Of a candidate compared with the control. */
    private final class CandidateMeters {
        private final Map<Outcome, Counter> outcomes;
        private final Bounded<Counter> reasons;
        private final Bounded<Counter> paths;

        CandidateMeters(String candidate) {
            outcomes = byConstant(
                    Outcome.class,
                    outcome -> ScientistMeter.COMPARISONS.counter(registry, experiment, candidate, outcome));
            reasons = new Bounded<>(
                    MAX_REASONS, reason -> ScientistMeter.IGNORED.counter(registry, experiment, candidate, reason));
            paths = new Bounded<>(
                    MAX_PATHS, path -> ScientistMeter.DIFFERENCES.counter(registry, experiment, candidate, path));
        }

        /** Another scientist on the same registry may use them. */
        void removeUnused() {
            if (outcomes.values().stream().allMatch(counter -> counter.count() == 0)) {
                outcomes.values().forEach(registry::remove);
            }
        }

        void compared(Comparison<?> comparison) {
            count(outcomes, comparison.outcome());
            if (comparison.outcome() == Outcome.MISMATCHED) {
                comparison.places().forEach(place -> paths.get(place).increment());
            }
            String reason = comparison.ignoredBecause();
            if (reason != null) {
                reasons.get(reason).increment();
            }
        }
    }

    /** An anonymous class has an empty simple name, and an empty tag is none. */
    static String simpleName(Class<?> type) {
        String name = type.getSimpleName();
        return name.isEmpty() ? type.getName().substring(type.getName().lastIndexOf('.') + 1) : name;
    }
}
