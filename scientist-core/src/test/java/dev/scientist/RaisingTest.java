package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Raising on mismatch, which is one of two ways to change what the caller sees. */
class RaisingTest {

    private final Lab lab = new Lab();

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void nothingIsRaisedUnlessAskedFor() {
        assertThat(lab.<Integer>experiment().build().run(() -> 1, () -> 2)).isEqualTo(1);
        assertThat(lab.outcome()).isEqualTo(Outcome.MISMATCHED);
    }

    @Test
    void aMismatchIsRaisedAfterItWasPublished() {
        Experiment<Integer> experiment =
                lab.<Integer>experiment().raiseOnMismatch(true).build();

        MismatchError error = catchThrowableOfType(MismatchError.class, () -> experiment.run(() -> 1, () -> 2));

        assertThat((Object) error.result()).isSameAs(lab.result());
        assertThat(error.experiment()).isEqualTo("test");
        assertThat(error).hasNoCause();
        assertThat(error).hasNoSuppressedExceptions();
        assertThat(error).hasMessage("experiment 'test': control returned 1, candidate returned 2");
        assertThat(experiment.counts()).isEqualTo(new Counts(1, 1, Map.of()));
    }

    @Test
    void aTrialRaisesToo() {
        Experiment<Integer> experiment =
                lab.<Integer>experiment().raiseOnMismatch(true).build();

        assertThatThrownBy(() -> experiment
                        .control("old", () -> 1)
                        .candidate("good", () -> 1)
                        .candidate("bad", () -> 2)
                        .candidate("worse", () -> {
                            throw new IOException("private");
                        })
                        .run())
                .isInstanceOf(MismatchError.class)
                .hasMessage("experiment 'test': old returned 1, bad returned 2, worse threw"
                        + " java.io.IOException: private")
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void theErrorIsAnAssertionErrorSoThatCatchingExceptionsDoesNotSwallowIt() {
        assertThat(AssertionError.class).isAssignableFrom(MismatchError.class);
    }

    @Test
    void theMessageIsMadeFromCleanedValues() {
        Experiment<String> experiment = lab.<String>experiment()
                .clean(String::length)
                .raiseOnMismatch(true)
                .build();

        assertThatThrownBy(() -> experiment.run(() -> "secret", () -> "secrets"))
                .isInstanceOf(MismatchError.class)
                .hasMessage("experiment 'test': control returned 6, candidate returned 7");
    }

    @Test
    void theMessageShowsBothSidesOfDifferencesSinceWhoRaisesHasAsked() {
        Experiment<String> experiment = lab.<String>experiment()
                .comparator((control, candidate) ->
                        java.util.List.of(Difference.of("lines[2].price", "secret", "secret too")))
                .raiseOnMismatch(true)
                .build();

        assertThatThrownBy(() -> experiment.run(() -> "secret", () -> "secret too"))
                .isInstanceOf(MismatchError.class)
                .hasMessageContaining("(differs at lines[2].price (secret against secret too))");
    }

    @Test
    void aCleanerThatThrowsDoesNotStopTheError() {
        Experiment<String> experiment = lab.<String>experiment()
                .clean(value -> {
                    throw new LinkageError("cleaner");
                })
                .raiseOnMismatch(true)
                .build();

        assertThatThrownBy(() -> experiment.run(() -> "secret", () -> "secrets"))
                .isInstanceOf(MismatchError.class)
                .hasMessageContaining("withheld")
                .hasMessageNotContaining("secret");
        assertThat(lab.failedOperations()).containsOnly(Operation.CLEAN);
    }

    @Test
    void nothingIsRaisedForAMatchOrAnIgnoredDifferenceButForAFailedComparisonIs() {
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .matching((control, candidate) -> {
                    if (candidate == 0) {
                        throw new IllegalStateException();
                    }
                    return control.equals(candidate);
                })
                .ignore("two", (control, candidate) -> candidate == 2)
                .raiseOnMismatch(true)
                .build();

        assertThat(experiment.run(() -> 1, () -> 1)).isEqualTo(1);
        assertThat(experiment.run(() -> 1, () -> 2)).isEqualTo(1);
        assertThatThrownBy(() -> experiment.run(() -> 1, () -> 0))
                .hasMessageContaining("could not be compared")
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(catchThrowable(() -> experiment.run(() -> 1, () -> 3))).isInstanceOf(MismatchError.class);
    }

    @Test
    void theControlsThrowableIsSuppressedByTheError() {
        IOException thrown = new IOException("control");
        Experiment<Integer> experiment =
                lab.<Integer>experiment().raiseOnMismatch(true).build();

        Throwable error = catchThrowable(() -> experiment.run(
                () -> {
                    throw thrown;
                },
                () -> 1));

        assertThat(error).isInstanceOf(MismatchError.class);
        assertThat(error.getSuppressed()).containsExactly(thrown);
        assertThat(error).hasMessageContaining("control threw java.io.IOException: control, candidate returned 1");
    }

    /** Each of them is to be repaired. */
    @Test
    void noneOfSeveralCandidatesStackTracesIsLost() {
        IOException one = new IOException("one");
        IllegalStateException other = new IllegalStateException("other");
        Experiment<Integer> experiment =
                lab.<Integer>experiment().raiseOnMismatch(true).build();

        Throwable error = catchThrowable(() -> experiment
                .control(() -> 1)
                .candidate("good", () -> 1)
                .candidate("one", () -> {
                    throw one;
                })
                .candidate("other", () -> {
                    throw other;
                })
                .candidate("same", () -> {
                    throw one;
                })
                .run());

        assertThat(error).isInstanceOf(MismatchError.class).hasCause(one);
        assertThat(error.getSuppressed()).containsExactly(other);
    }

    /** What the adapter could not take has a stack trace too. */
    @Test
    void whatAnAdapterThrowsIsTheCause() {
        IllegalArgumentException adapters = new IllegalArgumentException("no such enum constant");
        Experiment<Integer> experiment =
                lab.<Integer>experiment().raiseOnMismatch(true).build();

        assertThatThrownBy(() -> experiment
                        .control(() -> 1)
                        .candidate("api", () -> "one", text -> {
                            throw adapters;
                        })
                        .run())
                .isInstanceOf(MismatchError.class)
                .hasCause(adapters);
    }

    /** A test's scientist raises, and code under test defines its experiment where it uses it. */
    @Test
    void aBackgroundExperimentThatIsDefinedWhereItIsUsedIsReportedAndTheCallerGetsTheControl() {
        try (Lab raising = new Lab(settings -> settings.raiseOnMismatch(true))) {
            for (int i = 0; i < 3; i++) {
                assertThat(raising.scientist
                                .<Integer>experiment("here", e -> e.execution(Execution.background()))
                                .run(() -> 1, () -> 2))
                        .isEqualTo(1);
            }
            assertThat(raising.failedOperations()).containsExactly(Operation.DEFINE);
            assertThat(raising.failures.get(0).throwable()).hasMessageContaining("raiseOnMismatch(false)");
        }
    }

    /** The candidate of a concurrent experiment is raised to the caller, who waits for it. */
    @Test
    void whatIsConcurrentIsRaisedToo() {
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .execution(Lab.concurrent())
                .raiseOnMismatch(true)
                .build();

        assertThatThrownBy(() -> experiment.run(() -> 1, () -> {
                    throw new IllegalStateException("the rewrite");
                }))
                .isInstanceOf(MismatchError.class)
                .hasRootCauseMessage("the rewrite");
    }

    @Test
    void whereBothThrowTheSameTheControlsIsThrown() {
        IOException thrown = new IOException("same");
        Experiment<Integer> experiment =
                lab.<Integer>experiment().raiseOnMismatch(true).build();

        assertThat(catchThrowable(() -> experiment.run(
                        () -> {
                            throw thrown;
                        },
                        () -> {
                            throw new IOException("same");
                        })))
                .isSameAs(thrown);
    }

    @Test
    void anErrorOfTheUsersIsThrownAsItIs() {
        IOException error = new IOException("the user's");
        IOException thrown = new IOException("control");
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .raiseOnMismatch(true)
                .mismatchError(result -> error)
                .build();

        assertThat(catchThrowable(() -> experiment.run(() -> 1, () -> 2))).isSameAs(error);
        assertThat(error).hasNoSuppressedExceptions();
        assertThat(catchThrowable(() -> experiment.run(
                        () -> {
                            throw thrown;
                        },
                        () -> 2)))
                .isSameAs(error);
        assertThat(error.getSuppressed()).containsExactly(thrown);
    }

    @Test
    void theControlsOwnThrowableAsErrorIsNotSuppressedByItself() {
        IOException thrown = new IOException("control");
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .raiseOnMismatch(true)
                .mismatchError(result -> result.control().throwable())
                .build();

        assertThat(catchThrowable(() -> experiment.run(
                        () -> {
                            throw thrown;
                        },
                        () -> 2)))
                .isSameAs(thrown);
        assertThat(lab.failures).isEmpty();
    }

    @Test
    void anErrorOfTheUsersGetsTheResult() {
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .raiseOnMismatch(true)
                .mismatchError(result -> new IllegalStateException("off by "
                        + (result.comparisons().get(0).candidate().value()
                                - result.control().value())))
                .build();

        assertThatThrownBy(() -> experiment.run(() -> 1, () -> 4)).hasMessage("off by 3");
    }

    @Test
    void aFactoryThatThrowsOrReturnsNullIsReportedAndAMismatchErrorIsThrown() {
        Error failure = new LinkageError("factory");
        Experiment<Integer> throwing = lab.<Integer>experiment()
                .raiseOnMismatch(true)
                .mismatchError(result -> {
                    throw failure;
                })
                .build();
        assertThat(catchThrowable(() -> throwing.run(() -> 1, () -> 2))).isInstanceOf(MismatchError.class);
        lab.assertOnlyFailure(Operation.RAISE, failure);

        lab.failures.clear();
        Experiment<Integer> returningNull = lab.scientist
                .<Integer>experiment("null")
                .raiseOnMismatch(true)
                .mismatchError(result -> null)
                .build();
        assertThat(catchThrowable(() -> returningNull.run(() -> 1, () -> 2))).isInstanceOf(MismatchError.class);
        assertThat(lab.failedOperations()).containsExactly(Operation.RAISE);
        assertThat(lab.failures.get(0).throwable())
                .isInstanceOf(NullPointerException.class)
                .hasMessage("the mismatch error's factory returned null");
    }

    @Test
    void aScientistRaisesForAllUnlessAnExperimentSaysOtherwise() {
        try (Lab own = new Lab(builder -> builder.raiseOnMismatch(true))) {
            Experiment<Integer> usual =
                    own.scientist.<Integer>experiment("usual").build();
            Experiment<Integer> quiet = own.scientist
                    .<Integer>experiment("quiet")
                    .raiseOnMismatch(false)
                    .build();
            Experiment<Integer> special = own.scientist
                    .<Integer>experiment("special")
                    .raiseOnMismatch(true)
                    .mismatchError(result -> new IOException())
                    .build();

            assertThat(catchThrowable(() -> usual.run(() -> 1, () -> 2))).isInstanceOf(MismatchError.class);
            assertThat(quiet.run(() -> 1, () -> 2)).isEqualTo(1);
            assertThat(catchThrowable(() -> special.run(() -> 1, () -> 2))).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aScientistsOwnErrorIsThrownForAll() {
        try (Lab own = new Lab(builder -> builder.raiseOnMismatch(true)
                .mismatchError(
                        result -> new IllegalStateException(result.experiment().name())))) {
            Experiment<Integer> experiment =
                    own.scientist.<Integer>experiment("usual").build();

            assertThatThrownBy(() -> experiment.run(() -> 1, () -> 2))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("usual");
        }
    }

    @Test
    void theErrorSurvivesSerializationWithoutItsResult() throws Exception {
        Experiment<Object> experiment = lab.experiment().raiseOnMismatch(true).build();
        Object notSerializable = new Object();
        Throwable error = catchThrowable(() -> experiment.run(() -> notSerializable, () -> 2));

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(error);
        }
        MismatchError copy;
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            copy = (MismatchError) in.readObject();
        }

        assertThat(copy).hasMessage(error.getMessage());
        assertThat(copy.experiment()).isEqualTo("test");
        assertThat((Object) copy.result()).isNull();
        assertThat(copy.getStackTrace()).isEqualTo(error.getStackTrace());
    }

    @Test
    void nothingIsRaisedWhenTheGateIsClosed() {
        assertThat(lab.<Integer>experiment()
                        .enabled(() -> false)
                        .raiseOnMismatch(true)
                        .build()
                        .run(() -> 1, () -> 2))
                .isEqualTo(1);
    }
}
