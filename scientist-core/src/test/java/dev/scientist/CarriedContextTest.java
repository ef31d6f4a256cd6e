package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.MDC;

/** What of the caller's thread reaches the candidate, its comparator and the publishers, and what is left afterwards. */
@Timeout(30)
class CarriedContextTest {

    private static final ThreadLocal<String> TENANT = ThreadLocal.withInitial(() -> "none");

    private final ExecutorService other = Executors.newSingleThreadExecutor();
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

    static Stream<Execution> elsewhere() {
        return Stream.of(Execution.background(), Execution.concurrent(Duration.ofSeconds(20)));
    }

    @BeforeEach
    void theOtherThreadHasThingsOfItsOwn() throws Exception {
        other.submit(() -> {
                    MDC.put("job", "other");
                    TENANT.set("other's");
                })
                .get();
        MDC.put("user", "alice");
        TENANT.set("alice's");
    }

    @AfterEach
    void close() {
        MDC.clear();
        TENANT.remove();
        other.shutdownNow();
    }

    private static Execution on(Execution execution, ExecutorService executor) {
        return execution instanceof Execution.Background background
                ? background.on(executor)
                : ((Execution.Concurrent) execution).on(executor);
    }

    // README: propagator
    static ContextPropagator tenants() {
        return () -> {
            String captured = TENANT.get(); // on the caller's thread
            return () -> { // on the other thread, which may be a pool's
                String before = TENANT.get();
                TENANT.set(captured);
                return () -> TENANT.set(before);
            };
        };
    }
    // README end

    private void note(String who) {
        seen.add(who + ": user " + MDC.get("user") + ", job " + MDC.get("job") + ", " + TENANT.get() + ", "
                + (Thread.currentThread().getContextClassLoader() == callersLoader ? "caller's" : "another")
                + " loader");
    }

    private final ClassLoader callersLoader = new ClassLoader(getClass().getClassLoader()) {};

    private Experiment<Integer> noting(Lab lab, Execution execution) {
        return lab.<Integer>experiment()
                .execution(execution)
                .matching((control, candidate) -> {
                    note("comparator");
                    return true;
                })
                .publisher(result -> note("publisher"))
                .build();
    }

    @ParameterizedTest
    @MethodSource("elsewhere")
    void itReachesAllAndIsPutBack(Execution execution) throws Exception {
        Thread caller = Thread.currentThread();
        ClassLoader before = caller.getContextClassLoader();
        caller.setContextClassLoader(callersLoader);
        try (Lab lab = new Lab(settings -> settings.propagator(tenants()))) {
            Experiment<Integer> experiment = noting(lab, on(execution, other));
            Behavior<Integer, ?> candidate = () -> {
                note("candidate");
                return 1;
            };
            if (execution instanceof Execution.Concurrent) {
                Lab.together(experiment, () -> 1, candidate);
                note("caller");
            } else {
                experiment.run(() -> 1, candidate);
            }
            lab.scientist.close();
            assertThat(lab.failures).isEmpty();
        } finally {
            caller.setContextClassLoader(before);
        }

        String carried = ": user alice, job null, alice's, caller's loader";
        List<String> expected = new ArrayList<>();
        for (String who : List.of("candidate", "comparator", "publisher", "caller")) {
            if (!who.equals("caller") || execution instanceof Execution.Concurrent) {
                expected.add(who + carried);
            }
        }
        assertThat(seen).containsExactlyElementsOf(expected);
        seen.clear();
        other.submit(() -> note("other thread")).get();
        assertThat(seen).containsExactly("other thread: user null, job other, other's, another loader");
    }

    @Test
    void itReachesThePublishersOfStagesThatOthersComplete() throws Exception {
        CompletableFuture<Integer> control = new CompletableFuture<>();
        try (Lab lab = new Lab(settings -> settings.propagator(tenants()))) {
            Thread.currentThread().setContextClassLoader(getClass().getClassLoader());
            noting(lab, Execution.background()).runAsync(() -> control, () -> CompletableFuture.completedFuture(1));
            other.submit(() -> control.complete(1)).get();
        }

        assertThat(seen)
                .containsExactly(
                        "comparator: user alice, job null, alice's, another loader",
                        "publisher: user alice, job null, alice's, another loader");
    }

    @Test
    void whatTheCandidateLeavesBehindIsTakenAway() throws Exception {
        try (Lab lab = new Lab()) {
            noting(lab, Execution.background().on(other)).run(() -> 1, () -> {
                MDC.put("job", "candidate's");
                Thread.currentThread().setContextClassLoader(callersLoader);
                return 1;
            });
        }
        seen.clear();
        other.submit(() -> note("other thread")).get();

        assertThat(seen).containsExactly("other thread: user null, job other, other's, another loader");
        assertThat(MDC.get("job")).isNull();
    }

    /**
     * Symptom: on a thread that refuses another context class loader, as those of some pools do, every run broke. Rule:
     * what cannot be carried is reported and left out.
     */
    @Test
    void aThreadThatRefusesTheClassLoaderGoesOnWithout() throws Exception {
        SecurityException refusal = new SecurityException("setContextClassLoader");
        ExecutorService refusing = Executors.newSingleThreadExecutor(task -> new Thread(task) {
            @Override
            public void setContextClassLoader(ClassLoader loader) {
                throw refusal;
            }
        });
        refusing.submit(() -> {}).get(); // a thread inherits the loader of whoever starts it: before that is changed
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(callersLoader);
        try (Lab lab = new Lab(settings -> settings.propagator(tenants()))) {
            noting(lab, Execution.background().on(refusing)).run(() -> 1, () -> {
                note("candidate");
                return 1;
            });
            lab.scientist.close();

            assertThat(seen.get(0)).isEqualTo("candidate: user alice, job null, alice's, another loader");
            assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
            assertThat(lab.failures)
                    .isNotEmpty()
                    .allMatch(failure -> failure.operation() == Operation.PROPAGATE && failure.throwable() == refusal);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
            refusing.shutdownNow();
        }
    }

    @Test
    void oneThatFailsIsReportedAndTheRunGoesOnWithout() {
        Error capture = new LinkageError("capture");
        Error open = new LinkageError("open");
        Error shut = new LinkageError("close");
        try (Lab lab = new Lab(settings -> settings.propagator(() -> {
                    throw capture;
                })
                .propagator(() -> () -> {
                    throw open;
                })
                .propagator(() -> () -> () -> {
                    throw shut;
                })
                .propagator(() -> null)
                .propagator(() -> (Supplier<AutoCloseable>) () -> null)
                .propagator(tenants()))) {
            noting(lab, Execution.background().on(other)).run(() -> 1, () -> {
                note("candidate");
                return 1;
            });
            lab.scientist.close();

            assertThat(seen.get(0)).startsWith("candidate: user alice, job null, alice's");
            assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
            assertThat(lab.failedOperations()).containsOnly(Operation.PROPAGATE);
            assertThat(lab.failures)
                    .extracting(Lab.Failure::throwable)
                    .contains(capture, open, shut)
                    .filteredOn(NullPointerException.class::isInstance)
                    .extracting(Throwable::getMessage)
                    .contains("a context propagator captured null", "a context propagator opened null");
        }
    }
}
