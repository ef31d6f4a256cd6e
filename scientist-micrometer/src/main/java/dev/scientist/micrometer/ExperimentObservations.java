package dev.scientist.micrometer;

import dev.scientist.Behavior;
import dev.scientist.Comparison;
import dev.scientist.Experiment;
import dev.scientist.InputBehavior;
import dev.scientist.Operation;
import dev.scientist.Outcome;
import dev.scientist.Publisher;
import dev.scientist.Result;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Experiments as Micrometer observations, and so as spans of a trace: one for each behavior that is wrapped by
 * {@link #observe}, and as a publisher one for each mismatch, with the event {@code mismatch}, whose parent is whatever
 * is observed where the result is published. {@link ScientistObservation} lists them.
 *
 * <p>A wrapped control is observed on every run, whether its candidates run or not; a candidate when it runs. The times
 * of both then hold what the observation's handlers need: wrap both or neither. For candidates in the background, a
 * {@link SnapshotPropagator} makes the caller's observation their parent, even if that has ended.
 *
 * <p>An exception is shown by its class; its message may be private, and a candidate's is no error of the caller's.
 * Handlers that throw are reported as {@link Operation#NOTIFY}, and the behavior runs as if there were none.
 *
 * <p>Needs {@code io.micrometer:micrometer-observation}. Thread-safe.
 */
public final class ExperimentObservations implements Publisher {

    private final ObservationRegistry registry;

    /**
     * Observations for a registry.
     *
     * @param registry whose handlers are told
     */
    public ExperimentObservations(ObservationRegistry registry) {
        this.registry = Objects.requireNonNull(registry, "registry");
    }

    /**
     * A behavior that is observed while it runs.
     *
     * @param experiment whose behavior it is
     * @param name the behavior's name
     * @param behavior what to observe
     * @param <T> the type of its value
     * @param <X> what it may throw
     * @return a behavior with the same outcome
     */
    public <T extends @Nullable Object, X extends Throwable> Behavior<T, X> observe(
            Experiment<?> experiment, String name, Behavior<T, X> behavior) {
        Objects.requireNonNull(behavior, "behavior");
        return () -> {
            Watch watch = start(experiment, name);
            try {
                return behavior.call();
            } catch (Throwable thrown) {
                watch.threw(thrown);
                throw thrown;
            } finally {
                watch.stop();
            }
        };
    }

    /**
     * A behavior that is observed while it runs.
     *
     * @param experiment whose behavior it is
     * @param name the behavior's name
     * @param behavior what to observe
     * @param <I> the type of its input
     * @param <T> the type of its value
     * @param <X> what it may throw
     * @return a behavior with the same outcome
     */
    public <I extends @Nullable Object, T extends @Nullable Object, X extends Throwable> InputBehavior<I, T, X> observe(
            Experiment<?> experiment, String name, InputBehavior<I, T, X> behavior) {
        Objects.requireNonNull(behavior, "behavior");
        return input -> {
            Watch watch = start(experiment, name);
            try {
                return behavior.call(input);
            } catch (Throwable thrown) {
                watch.threw(thrown);
                throw thrown;
            } finally {
                watch.stop();
            }
        };
    }

    @Override
    public void publish(Result<?> result) {
        for (Comparison<?> comparison : result.comparisons()) {
            if (comparison.outcome() == Outcome.MISMATCHED) {
                String candidate = comparison.candidate().name();
                Observation observation = ScientistObservation.MISMATCH
                        .observation(registry)
                        .contextualName(result.experiment().name() + " mismatch")
                        .lowCardinalityKeyValue(ScientistObservation.Key.EXPERIMENT.withValue(
                                result.experiment().name()))
                        .lowCardinalityKeyValue(ScientistObservation.Key.CANDIDATE.withValue(candidate))
                        .highCardinalityKeyValue(ScientistObservation.Key.PATHS.withValue(comparison.signature()))
                        .start();
                try {
                    observation.event(ScientistObservation.Event.MISMATCH);
                } finally {
                    observation.stop();
                }
            }
        }
    }

    private Watch start(Experiment<?> experiment, String name) {
        Watch watch = new Watch(experiment);
        watch.guarded(() -> {
            watch.observation = ScientistObservation.BEHAVIOR
                    .observation(registry)
                    .contextualName(experiment.name() + " " + name)
                    .lowCardinalityKeyValue(ScientistObservation.Key.EXPERIMENT.withValue(experiment.name()))
                    .lowCardinalityKeyValue(ScientistObservation.Key.BEHAVIOR.withValue(name))
                    .start();
            watch.scope = watch.observation.openScope();
        });
        return watch;
    }

    /** One observation under way. Nothing that its handlers throw gets past it. */
    private static final class Watch {
        private final Experiment<?> experiment;
        private @Nullable Observation observation;
        private Observation.@Nullable Scope scope;

        Watch(Experiment<?> experiment) {
            this.experiment = experiment;
        }

        void threw(Throwable thrown) {
            guarded(() -> {
                if (observation != null) {
                    observation.highCardinalityKeyValue(ScientistObservation.Key.EXCEPTION.withValue(
                            ExperimentMeters.simpleName(thrown.getClass())));
                }
            });
        }

        void stop() {
            guarded(() -> {
                if (scope != null) {
                    scope.close();
                }
            });
            guarded(() -> {
                if (observation != null) {
                    observation.stop();
                }
            });
        }

        private void guarded(Runnable action) {
            try {
                action.run();
            } catch (Throwable failure) {
                experiment.report(Operation.NOTIFY, failure);
            }
        }
    }
}
