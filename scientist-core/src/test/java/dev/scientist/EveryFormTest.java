package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.scientist.compare.Comparators;
import dev.scientist.proxy.Implementing;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What users rely on holds in whatever form they write an experiment. */
class EveryFormTest {

    /** Of an interface. */
    interface Prices {
        Integer price(String item);
    }

    /** The forms. Each runs control and candidate once, and returns or throws what the caller gets. */
    enum Form {
        FIELD {
            @Override
            Integer run(
                    Scientist scientist, Settings settings, Supplier<Integer> control, Supplier<Integer> candidate) {
                return settings.apply(scientist.experiment("test")).build().run(control::get, candidate::get);
            }
        },
        INLINE_DEFINITION {
            @Override
            Integer run(
                    Scientist scientist, Settings settings, Supplier<Integer> control, Supplier<Integer> candidate) {
                return scientist.<Integer>experiment("test", settings::apply).run(control::get, candidate::get);
            }
        },
        INPUT {
            @Override
            Integer run(
                    Scientist scientist, Settings settings, Supplier<Integer> control, Supplier<Integer> candidate) {
                return settings.apply(scientist.experiment("test"))
                        .build()
                        .run("input", input -> control.get(), input -> candidate.get());
            }
        },
        TRIAL_WITH_AN_ADAPTER {
            @Override
            Integer run(
                    Scientist scientist, Settings settings, Supplier<Integer> control, Supplier<Integer> candidate) {
                return settings.apply(scientist.experiment("test"))
                        .build()
                        .<RuntimeException>control(control::get)
                        .candidate("adapted", candidate::get, (Integer value) -> value)
                        .run();
            }
        },
        BACKGROUND {
            @Override
            Integer run(
                    Scientist scientist, Settings settings, Supplier<Integer> control, Supplier<Integer> candidate) {
                return settings.apply(scientist.experiment("test"))
                        .execution(Execution.background())
                        .build()
                        .run(control::get, candidate::get);
            }
        },
        STAGES {
            @Override
            Integer run(
                    Scientist scientist, Settings settings, Supplier<Integer> control, Supplier<Integer> candidate) {
                try {
                    return settings.apply(scientist.experiment("test"))
                            .build()
                            .runAsync(() -> stage(control), () -> stage(candidate))
                            .join();
                } catch (CompletionException e) {
                    throw (RuntimeException) e.getCause();
                }
            }
        },
        INTERFACE {
            @Override
            Integer run(
                    Scientist scientist, Settings settings, Supplier<Integer> control, Supplier<Integer> candidate) {
                return Implementing.of(scientist, Prices.class)
                        .control(item -> control.get())
                        .candidate(item -> candidate.get())
                        .settings((method, builder) -> settings.applyToAny(builder))
                        .build()
                        .price("pen");
            }
        };

        abstract Integer run(
                Scientist scientist, Settings settings, Supplier<Integer> control, Supplier<Integer> candidate);

        private static CompletableFuture<Integer> stage(Supplier<Integer> behavior) {
            try {
                return CompletableFuture.completedFuture(behavior.get());
            } catch (RuntimeException failure) {
                return CompletableFuture.failedFuture(failure);
            }
        }
    }

    private interface Settings extends UnaryOperator<Experiment.Builder<Integer>> {
        @SuppressWarnings("unchecked") // the values are integers
        default void applyToAny(Experiment.Builder<?> builder) {
            apply((Experiment.Builder<Integer>) builder);
        }
    }

    private final AtomicBoolean isOn = new AtomicBoolean();
    private final Lab lab = new Lab(builder -> builder.enabled(isOn::get));
    private final AtomicInteger candidates = new AtomicInteger();

    @AfterEach
    void close() {
        lab.close();
    }

    private static Integer fail() {
        throw new IllegalStateException();
    }

    /** A kill switch in the hands of those who are on call. */
    @ParameterizedTest
    @EnumSource(Form.class)
    void theSwitchOfAllIsOffThoughTheGateOfTheExperimentIsOpen(Form form) {
        Integer got = form.run(
                lab.scientist,
                settings -> settings.gate((request, input) -> true).enabled(() -> true),
                () -> 1,
                candidates::incrementAndGet);
        lab.close();

        assertThat(got).isEqualTo(1);
        assertThat(candidates).hasValue(0);
        assertThat(lab.results.results()).isEmpty();
        assertThat(lab.failures).isEmpty();
    }

    /** All errors are alike to this one: it is not asked, since a value is none. */
    @ParameterizedTest
    @EnumSource(Form.class)
    void throwingWhereTheControlReturnsNeverMatches(Form form) {
        isOn.set(true);
        Integer got = form.run(
                lab.scientist,
                settings -> settings.errorComparator(Comparators.anyError()),
                () -> 1,
                EveryFormTest::fail);
        lab.close();

        assertThat(got).isEqualTo(1);
        assertThat(lab.outcome()).isEqualTo(Outcome.MISMATCHED);
        assertThat(lab.comparison().places()).containsExactly("(threw IllegalStateException)");
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void returningWhereTheControlThrowsNeverMatches(Form form) {
        isOn.set(true);
        Throwable got = catchThrowable(() -> form.run(
                lab.scientist,
                settings -> settings.errorComparator((control, candidate) -> List.of()),
                EveryFormTest::fail,
                () -> 1));
        lab.close();

        assertThat(got).isInstanceOf(IllegalStateException.class).hasNoSuppressedExceptions();
        assertThat(lab.outcome()).isEqualTo(Outcome.MISMATCHED);
        assertThat(lab.comparison().places()).containsExactly("(returned, control threw IllegalStateException)");
    }

    /** Known, and wanted: the new code rejects what the old one let pass. */
    @ParameterizedTest
    @EnumSource(Form.class)
    void unlessARuleIgnoresIt(Form form) {
        isOn.set(true);
        form.run(
                lab.scientist,
                settings -> settings.ignoreWhere(
                        "the rewrite rejects", mismatch -> mismatch.candidate().threw()),
                () -> 1,
                EveryFormTest::fail);
        lab.close();

        assertThat(lab.outcome()).isEqualTo(Outcome.IGNORED);
    }

    /** A candidate's exception is found in each form, with the frames of the code that threw. */
    @ParameterizedTest
    @EnumSource(Form.class)
    void whatACandidateThrowsIsInTheResultWithItsFrames(Form form) {
        isOn.set(true);
        form.run(lab.scientist, settings -> settings, () -> 1, EveryFormTest::fail);
        lab.close();

        Throwable thrown = lab.comparison().candidate().throwable();
        assertThat(Rendering.frames(java.util.Objects.requireNonNull(thrown)))
                .startsWith("java.lang.IllegalStateException at dev.scientist.EveryFormTest.fail(");
    }
}
