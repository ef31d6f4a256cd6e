package dev.scientist.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.Operation;
import io.micrometer.common.KeyValue;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // a scope is there to be closed
class ExperimentObservationsTest {

    /** What handlers were told of, in the order in which it ended. */
    private final List<Observation.Context> stopped = new CopyOnWriteArrayList<>();

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final ObservationRegistry registry = ObservationRegistry.create();
    private final ExperimentObservations observations = new ExperimentObservations(registry);
    private final MetersLab lab =
            new MetersLab(observations, builder -> builder.propagator(new SnapshotPropagator(snapshotsOf(registry))));

    ExperimentObservationsTest() {
        registry.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }

            @Override
            public void onStop(Observation.Context context) {
                stopped.add(context);
            }

            @Override
            public void onEvent(Observation.Event event, Observation.Context context) {
                events.add(context.getName() + " " + event.getName());
            }
        });
    }

    /** As the global one, but not global: the accessor of this registry alone. */
    private static ContextSnapshotFactory snapshotsOf(ObservationRegistry registry) {
        ContextRegistry accessors = new ContextRegistry();
        accessors.registerThreadLocalAccessor(new ObservationThreadLocalAccessor(registry));
        return ContextSnapshotFactory.builder()
                .contextRegistry(accessors)
                .clearMissing(true)
                .build();
    }

    @AfterEach
    void close() {
        lab.close();
        assertThat(lab.failures).isEmpty();
    }

    private static int legacy(int input) {
        return input + 1;
    }

    private static int rewrite(int input) {
        return input + 2;
    }

    private Observation.Context observed(String behavior) {
        List<Observation.Context> found = stopped.stream()
                .filter(context -> context.getName().equals("scientist.observation"))
                .filter(context ->
                        context.getLowCardinalityKeyValue("behavior").getValue().equals(behavior))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    @Test
    void controlAndCandidateAreObservedWithinWhatTheCallerObserves() {
        Experiment<Integer> experiment = lab.experiment();
        Observation request = Observation.createNotStarted("request", registry).start();

        int value;
        try (Observation.Scope scope = request.openScope()) {
            value = experiment.run(
                    1,
                    observations.observe(experiment, "control", ExperimentObservationsTest::legacy),
                    observations.observe(experiment, "candidate", ExperimentObservationsTest::rewrite));
        }
        request.stop();

        assertThat(value).isEqualTo(2);
        for (String behavior : List.of("control", "candidate")) {
            assertThat(observed(behavior).getParentObservation()).isSameAs(request);
            assertThat(observed(behavior).getContextualName()).isEqualTo("test " + behavior);
            assertThat(observed(behavior).getLowCardinalityKeyValue("experiment"))
                    .isEqualTo(KeyValue.of("experiment", "test"));
            assertThat(observed(behavior).getHighCardinalityKeyValues()).isEmpty();
        }
        assertThat(registry.getCurrentObservation()).isNull();
    }

    @Test
    void aMismatchIsAnEventWithinWhatTheCallerObserves() {
        Experiment<Integer> experiment = lab.experiment();
        Observation request = Observation.createNotStarted("request", registry).start();
        try (Observation.Scope scope = request.openScope()) {
            experiment.run(() -> 1, () -> 1);
            assertThat(events).isEmpty();

            experiment
                    .control(() -> 1)
                    .candidate("api", () -> 1)
                    .candidate("sql", () -> 2)
                    .run();
        }

        assertThat(events).containsExactly("scientist.mismatch mismatch");
        Observation.Context mismatch = stopped.get(0);
        assertThat(mismatch.getParentObservation()).isSameAs(request);
        assertThat(mismatch.getAllKeyValues())
                .containsExactlyInAnyOrder(
                        KeyValue.of("experiment", "test"),
                        KeyValue.of("candidate", "sql"),
                        KeyValue.of("paths", "(whole value)"));
    }

    @Test
    void whatIsThrownIsShownByItsClassAndThrownOn() {
        Experiment<Integer> experiment = lab.experiment();
        IOException old = new IOException("private");

        Throwable thrown = catchThrowable(() -> experiment.run(
                observations.observe(experiment, "control", () -> {
                    throw old;
                }),
                observations.observe(experiment, "candidate", () -> {
                    throw new IllegalStateException("private");
                })));

        assertThat(thrown).isSameAs(old);
        assertThat(observed("control").getHighCardinalityKeyValues())
                .containsExactly(KeyValue.of("exception", "IOException"));
        assertThat(observed("candidate").getHighCardinalityKeyValues())
                .containsExactly(KeyValue.of("exception", "IllegalStateException"));
        assertThat(stopped).allSatisfy(context -> assertThat(context.getError()).isNull());
    }

    @Test
    void aCandidateInTheBackgroundIsPartOfTheCallersTrace() {
        Experiment<Integer> experiment = lab.scientist
                .<Integer>experiment("test")
                .execution(Execution.background())
                .build();
        Observation request = Observation.createNotStarted("request", registry).start();
        Thread caller = Thread.currentThread();
        Thread[] candidate = {null};
        try (Observation.Scope scope = request.openScope()) {
            experiment.run(() -> 1, observations.observe(experiment, "candidate", () -> {
                candidate[0] = Thread.currentThread();
                return 2;
            }));
        }
        lab.close(); // waits for the candidate

        assertThat(candidate[0]).isNotNull().isNotSameAs(caller);
        assertThat(observed("candidate").getParentObservation()).isSameAs(request);
        assertThat(events).containsExactly("scientist.mismatch mismatch");
        assertThat(stopped)
                .allSatisfy(
                        context -> assertThat(context.getParentObservation()).isSameAs(request));
    }

    @Test
    void handlersThatThrowChangeNothingForTheCaller() {
        ObservationRegistry broken = ObservationRegistry.create();
        IllegalStateException failure = new IllegalStateException();
        for (int step = 0; step < 4; step++) {
            int failing = step;
            broken.observationConfig().observationHandler(new ObservationHandler<>() {
                @Override
                public boolean supportsContext(Observation.Context context) {
                    return true;
                }

                @Override
                public void onStart(Observation.Context context) {
                    failAt(0);
                }

                @Override
                public void onScopeOpened(Observation.Context context) {
                    failAt(1);
                }

                @Override
                public void onScopeClosed(Observation.Context context) {
                    failAt(2);
                }

                @Override
                public void onStop(Observation.Context context) {
                    failAt(3);
                }

                private void failAt(int step) {
                    if (step == failing) {
                        throw failure;
                    }
                }
            });
        }
        ExperimentObservations observing = new ExperimentObservations(broken);
        Experiment<Integer> experiment = lab.experiment();
        int[] calls = {0};

        int value = experiment.run(observing.observe(experiment, "control", () -> ++calls[0]), () -> 1);

        assertThat(value).isEqualTo(1);
        assertThat(calls[0]).isEqualTo(1);
        assertThat(lab.failures)
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each).isEqualTo(new MetersLab.Failure(Operation.NOTIFY, failure)));
        lab.failures.clear();
    }

    @Test
    void withoutHandlersNothingIsObserved() {
        ExperimentObservations observing = new ExperimentObservations(ObservationRegistry.NOOP);
        Experiment<Integer> experiment = lab.experiment();

        int value = experiment.run(observing.observe(experiment, "control", () -> 1), () -> 1);

        assertThat(value).isEqualTo(1);
        assertThat(stopped).isEmpty();
    }
}
