package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The caller cannot tell: what control and candidate do, and what the caller and the result get of it. */
class ExperimentTest {

    private static final Object INPUT = new Object();

    /** The ways to start a run. */
    enum Form {
        BEHAVIORS {
            @Override
            <T> T run(Experiment<T> experiment, Behavior<T, ?> control, Behavior<T, ?> candidate) throws Throwable {
                return experiment.run(control, candidate);
            }
        },
        INPUT_PASSING {
            @Override
            <T> T run(Experiment<T> experiment, Behavior<T, ?> control, Behavior<T, ?> candidate) throws Throwable {
                return experiment.run(INPUT, input -> control.call(), input -> candidate.call());
            }
        },
        TRIAL {
            @Override
            <T> T run(Experiment<T> experiment, Behavior<T, ?> control, Behavior<T, ?> candidate) throws Throwable {
                return experiment.control(control).candidate(candidate).run();
            }
        };

        abstract <T> T run(Experiment<T> experiment, Behavior<T, ?> control, Behavior<T, ?> candidate) throws Throwable;
    }

    /** Something terrible that a candidate can do. */
    record Terror(String name, Behavior<Object, ?> behavior) {
        @Override
        public String toString() {
            return name;
        }
    }

    private final Lab lab = new Lab();

    @AfterEach
    void close() {
        lab.close();
    }

    private static Stream<Arguments> formsAndOrders() {
        return Stream.of(Form.values())
                .flatMap(form -> Stream.of(Execution.inline(), Execution.controlFirst())
                        .map(execution -> Arguments.of(form, execution)));
    }

    @ParameterizedTest
    @MethodSource("formsAndOrders")
    void theControlsVeryValueIsReturned(Form form, Execution execution) throws Throwable {
        Experiment<String> experiment =
                lab.<String>experiment().execution(execution).build();
        String value = new String("value");
        String equalValue = new String("value");
        AtomicInteger controls = new AtomicInteger();
        AtomicInteger candidates = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();

        String returned = form.run(
                experiment,
                () -> {
                    controls.incrementAndGet();
                    threads.add(Thread.currentThread());
                    return value;
                },
                () -> {
                    candidates.incrementAndGet();
                    threads.add(Thread.currentThread());
                    return equalValue;
                });

        assertThat(returned).isSameAs(value);
        assertThat(controls).hasValue(1);
        assertThat(candidates).hasValue(1);
        assertThat(threads).containsOnly(Thread.currentThread());
        assertThat(lab.result().matched()).isTrue();
        assertThat(lab.result().experiment()).isSameAs(experiment);
        assertThat((Object) lab.result().control().value()).isSameAs(value);
        assertThat((Object) lab.comparison().candidate().value()).isSameAs(equalValue);
    }

    @ParameterizedTest
    @MethodSource("formsAndOrders")
    void theControlsVeryThrowableIsThrownAfterTheCandidateRanAndTheResultWasPublished(Form form, Execution execution) {
        Experiment<String> experiment =
                lab.<String>experiment().execution(execution).build();
        SQLException thrown = new SQLException("control");
        AtomicInteger candidates = new AtomicInteger();

        Throwable seen = catchThrowable(() -> form.run(
                experiment,
                () -> {
                    throw thrown;
                },
                () -> {
                    candidates.incrementAndGet();
                    return "candidate";
                }));

        assertThat(seen).isSameAs(thrown);
        assertThat(seen.getSuppressed()).isEmpty();
        assertThat(seen).hasNoCause();
        assertThat(candidates).hasValue(1);
        assertThat(lab.outcome()).isEqualTo(Outcome.MISMATCHED);
        Observation<?> control = lab.result().control();
        assertThat(control.threw()).isTrue();
        assertThat(control.returned()).isFalse();
        assertThat(control.abandoned()).isFalse();
        assertThat(control.throwable()).isSameAs(thrown);
        assertThat((Object) control.value()).isNull();
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void anErrorOfTheControlIsThrownAsItIs(Form form) {
        Experiment<String> experiment = lab.<String>experiment().build();
        StackOverflowError error = new StackOverflowError("control");

        assertThat(catchThrowable(() -> form.run(
                        experiment,
                        () -> {
                            throw error;
                        },
                        () -> "candidate")))
                .isSameAs(error);
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void nullIsAValueLikeAnyOther(Form form) throws Throwable {
        Experiment<String> experiment = lab.<String>experiment().build();

        assertThat(form.run(experiment, () -> null, () -> null)).isNull();
        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
        assertThat(lab.result().control().returned()).isTrue();
        assertThat(lab.result().control().threw()).isFalse();

        lab.results.clear();
        assertThat(form.run(experiment, () -> null, () -> "candidate")).isNull();
        assertThat(lab.outcome()).isEqualTo(Outcome.MISMATCHED);

        lab.results.clear();
        assertThat(form.run(experiment, () -> "control", () -> null)).isEqualTo("control");
        assertThat(lab.outcome()).isEqualTo(Outcome.MISMATCHED);
    }

    private static Stream<Terror> terrors() {
        return Stream.of(
                new Terror("exception", () -> {
                    throw new IllegalStateException("candidate");
                }),
                new Terror("undeclared checked exception", () -> {
                    throw Lab.sneaky(new IOException("candidate"));
                }),
                new Terror("bare throwable", () -> {
                    throw new Throwable("candidate");
                }),
                new Terror("throw null", () -> {
                    throw (RuntimeException) null;
                }),
                new Terror("stack overflow, a real one", () -> recurse(1)),
                new Terror("out of memory, a real one", () -> List.of(new long[Integer.MAX_VALUE], 1)),
                new Terror("failing class initializer, at first or again", () -> FailsToInitialize.VALUE),
                new Terror("class that is missing", () -> {
                    throw new NoClassDefFoundError("candidate");
                }),
                new Terror("ThreadDeath", () -> {
                    throw new ThreadDeath();
                }),
                new Terror("assertion", () -> {
                    throw new AssertionError("candidate");
                }),
                new Terror("cause that is a cycle", () -> {
                    Exception one = new Exception("one");
                    Exception other = new Exception("other", one);
                    one.initCause(other);
                    throw one;
                }),
                new Terror("throwable whose every method throws", () -> {
                    throw new Hostile();
                }));
    }

    private static Object recurse(int depth) {
        return List.of(recurse(depth + 1), depth);
    }

    private static final class FailsToInitialize {
        static final Object VALUE = fail();

        private static Object fail() {
            throw new IllegalStateException("class initializer");
        }
    }

    /** Throws wherever it is asked anything. */
    private static final class Hostile extends Error {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("getMessage");
        }

        @Override
        public String getLocalizedMessage() {
            throw new IllegalStateException("getLocalizedMessage");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new StackOverflowError("getCause");
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new IllegalStateException("getStackTrace");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("toString");
        }

        @Override
        public int hashCode() {
            throw new IllegalStateException("hashCode");
        }

        @Override
        public boolean equals(Object other) {
            throw new IllegalStateException("equals");
        }
    }

    @ParameterizedTest
    @MethodSource("terrors")
    void whateverACandidateThrowsIsObservedAndNotSeenByTheCaller(Terror terror) throws Throwable {
        Object value = new Object();
        Exception thrown = new Exception("control");
        for (Form form : Form.values()) {
            for (Execution execution : List.of(Execution.controlFirst(), Execution.inline())) {
                try (Lab lab = new Lab(Lab::candidatesFirst)) {
                    Experiment<Object> experiment =
                            lab.experiment().execution(execution).build();

                    assertThat(form.run(experiment, () -> value, terror.behavior()))
                            .isSameAs(value);

                    assertThat(lab.outcome()).isEqualTo(Outcome.MISMATCHED);
                    assertThat(lab.comparison().candidate().threw()).isTrue();
                    assertThat(lab.comparison().candidate().throwable() == null).isFalse();
                    assertThat(lab.comparison().candidate().adapterFailed()).isFalse();

                    lab.results.clear();
                    assertThat(catchThrowable(() -> form.run(
                                    experiment,
                                    () -> {
                                        throw thrown;
                                    },
                                    terror.behavior())))
                            .isSameAs(thrown);
                    assertThat(lab.comparison().candidate().threw()).isTrue();
                    assertThat(experiment.counts()).isEqualTo(new Counts(2, 2, Map.of()));
                    assertThat(lab.failures).isEmpty();
                }
            }
        }
    }

    @Test
    void theCandidatesVeryThrowableIsObserved() {
        Experiment<String> experiment = lab.<String>experiment().build();
        Hostile hostile = new Hostile();

        experiment.run(() -> "control", () -> {
            throw hostile;
        });

        assertThat(lab.comparison().candidate().throwable() == hostile).isTrue();
    }

    @Test
    void theSameHostileThrowableFromBothIsAComparatorsFailure() {
        Experiment<String> experiment = lab.<String>experiment().build();
        Hostile control = new Hostile();
        Hostile candidate = new Hostile();

        Throwable seen = null;
        try {
            experiment.run(
                    () -> {
                        throw control;
                    },
                    () -> {
                        throw candidate;
                    });
        } catch (Hostile e) {
            seen = e;
        }

        assertThat(seen == control).isTrue();
        assertThat(lab.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(lab.failedOperations()).containsExactly(Operation.COMPARE);
    }

    @Test
    void runDeclaresExactlyWhatTheControlDeclares() throws IOException {
        Experiment<String> experiment = lab.<String>experiment().build();

        // that the methods below compile is the test
        assertThat(noCheckedException(experiment)).isEqualTo("control");
        assertThat(oneCheckedException(experiment)).isEqualTo("control");
        assertThat(oneCheckedExceptionOfATrial(experiment)).isEqualTo("control");
        assertThat(oneCheckedExceptionWithInput(experiment)).isEqualTo("control");
    }

    private static String noCheckedException(Experiment<String> experiment) {
        return experiment.run(() -> "control", ExperimentTest::mayThrowAnyException);
    }

    private static String oneCheckedException(Experiment<String> experiment) throws IOException {
        return experiment.run(ExperimentTest::mayThrowIoException, ExperimentTest::mayThrowAnyException);
    }

    private static String oneCheckedExceptionOfATrial(Experiment<String> experiment) throws IOException {
        return experiment
                .control(ExperimentTest::mayThrowIoException)
                .candidate(ExperimentTest::mayThrowAnyException)
                .candidate("other", ExperimentTest::mayThrowAnyException)
                .run();
    }

    private static String oneCheckedExceptionWithInput(Experiment<String> experiment) throws IOException {
        return experiment.run("input", input -> mayThrowIoException(), input -> mayThrowAnyException());
    }

    private static String mayThrowIoException() throws IOException {
        return "control";
    }

    private static String mayThrowAnyException() throws Exception {
        return "candidate";
    }

    @Test
    void theInputIsHandedToBothAndKept() {
        Experiment<Object> experiment = lab.experiment().build();
        List<Object> seen = new ArrayList<>();

        experiment.run(
                INPUT,
                input -> {
                    seen.add(input);
                    return 1;
                },
                input -> {
                    seen.add(input);
                    return 1;
                });

        assertThat(seen).containsExactly(INPUT, INPUT);
        assertThat(lab.result().input()).isSameAs(INPUT);
    }

    @Test
    void aNullInputIsHandedOnToo() {
        Experiment<Boolean> experiment = lab.<Boolean>experiment().build();

        assertThat(experiment.run((Object) null, input -> input == null, input -> input == null))
                .isTrue();
        assertThat((Object) lab.comparison().candidate().value()).isEqualTo(true);
        assertThat(lab.result().input()).isNull();
    }

    @Test
    void withoutAnInputTheResultHasNone() {
        lab.experiment().build().run(() -> 1, () -> 1);

        assertThat(lab.result().input()).isNull();
    }

    @Test
    void theDefaultNamesAreControlAndCandidate() {
        lab.experiment().build().run(() -> 1, () -> 1);

        assertThat(lab.result().control().name()).isEqualTo("control");
        assertThat(lab.comparison().candidate().name()).isEqualTo("candidate");
        assertThat(lab.result().order()).containsExactlyInAnyOrder("control", "candidate");
    }

    @Test
    void aMissingBehaviorIsAnErrorThatNamesExperimentAndBehavior() {
        Experiment<Object> experiment = lab.experiment().build();

        assertThatThrownBy(() -> experiment.run(null, () -> 1))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("experiment 'test': control must not be null");
        assertThatThrownBy(() -> experiment.run(() -> 1, null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("experiment 'test': candidate must not be null");
        assertThatThrownBy(() -> experiment.run("input", null, input -> 1))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("experiment 'test': control must not be null");
        assertThatThrownBy(() -> experiment.run("input", input -> 1, null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("experiment 'test': candidate must not be null");
        assertThat(experiment.counts().started()).isZero();
    }

    @Test
    void aMissingCandidateIsAnErrorEvenWhileOff() {
        Experiment<Object> experiment = lab.experiment().build();
        experiment.switchOff();

        assertThatThrownBy(() -> experiment.run(() -> 1, null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void everyRunIsCounted() {
        Experiment<Integer> experiment = lab.<Integer>experiment().build();
        for (int i = 0; i < 7; i++) {
            experiment.run(i, input -> input, input -> input);
        }

        assertThat(experiment.counts()).isEqualTo(new Counts(7, 7, Map.of()));
        assertThat(lab.results.received()).isEqualTo(7);
    }

    @Test
    void nothingButAPublisherKeepsAResult() {
        Experiment<Object> experiment = Scientist.builder()
                .publisher(result -> {})
                .build()
                .experiment("test")
                .build();
        java.lang.ref.WeakReference<Object> value = runAndForget(experiment);

        for (int i = 0; i < 50 && value.get() != null; i++) {
            System.gc();
        }

        assertThat(value.get()).isNull();
    }

    private static java.lang.ref.WeakReference<Object> runAndForget(Experiment<Object> experiment) {
        return new java.lang.ref.WeakReference<>(experiment.run(Object::new, Object::new));
    }
}
