package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How control and candidate are compared and which differences do not count. */
class ComparingTest {

    private final Lab lab = new Lab();

    @AfterEach
    void close() {
        lab.close();
    }

    // ---- values ----

    @Test
    void equalValuesMatch() {
        lab.<List<Integer>>experiment().build().run(() -> List.of(1, 2), () -> Arrays.asList(1, 2));

        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
        assertThat(lab.result().matched()).isTrue();
        assertThat(lab.result().mismatched()).isFalse();
        assertThat(lab.result().ignored()).isFalse();
        assertThat(lab.comparison().differences()).isEmpty();
        assertThat(lab.comparison().ignoredBecause()).isNull();
        assertThat(lab.comparison().comparatorFailure()).isNull();
    }

    @Test
    void equalArraysMatch() {
        lab.<int[]>experiment().build().run(() -> new int[] {1, 2}, () -> new int[] {1, 2});

        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
    }

    @Test
    void unequalValuesMismatchAsAWhole() {
        Object control = new Object();
        Object candidate = new Object();
        lab.experiment().build().run(() -> control, () -> candidate);

        assertThat(lab.outcome()).isEqualTo(Outcome.MISMATCHED);
        assertThat(lab.result().matched()).isFalse();
        assertThat(lab.result().mismatched()).isTrue();
        assertThat(lab.comparison().differences()).containsExactly(Difference.of("", control, candidate));
    }

    @Test
    void aComparatorSaysWhereValuesDiffer() {
        List<Difference> differences =
                new ArrayList<>(List.of(Difference.of("a", 1, 2), Difference.of("b.c", null, 3)));
        lab.<String>experiment()
                .comparator((control, candidate) -> differences)
                .build()
                .run(() -> "x", () -> "x");
        List<Difference> expected = List.copyOf(differences);
        differences.clear();

        assertThat(lab.outcome()).isEqualTo(Outcome.MISMATCHED);
        assertThat(lab.comparison().differences()).isEqualTo(expected);
    }

    @Test
    void aComparatorIsHandedControlThenCandidate() {
        List<Object> seen = new ArrayList<>();
        lab.experiment()
                .comparator((control, candidate) -> {
                    seen.add(control);
                    seen.add(candidate);
                    return List.of();
                })
                .build()
                .run(() -> "control", () -> null);

        assertThat(seen).containsExactly("control", null);
        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
    }

    @Test
    void aPredicateDecides() {
        Experiment<String> experiment =
                lab.<String>experiment().matching(String::equalsIgnoreCase).build();

        experiment.run(() -> "a", () -> "A");
        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);

        lab.results.clear();
        experiment.run(() -> "a", () -> "b");
        assertThat(lab.outcome()).isEqualTo(Outcome.MISMATCHED);
        assertThat(lab.comparison().differences()).containsExactly(Difference.of("", "a", "b"));
    }

    @Test
    void aComparatorOfASupertypeWillDo() {
        ResultComparator<Object> byText = ResultComparator.matching(
                (control, candidate) -> control.toString().equals(candidate.toString()));
        lab.<CharSequence>experiment().comparator(byText).build().run(() -> "a", () -> new StringBuilder("a"));

        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);
    }

    @Test
    void aComparatorThatThrowsFailsTheComparisonOnly() {
        Error error = new StackOverflowError("comparator");
        Experiment<String> experiment = lab.<String>experiment()
                .comparator((control, candidate) -> {
                    throw error;
                })
                .build();

        assertThat(experiment.run(() -> "control", () -> "control")).isEqualTo("control");

        assertThat(lab.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(lab.comparison().comparatorFailure()).isSameAs(error);
        assertThat(lab.comparison().differences()).isEmpty();
        assertThat(lab.result().matched()).isFalse();
        assertThat(lab.result().mismatched()).isFalse();
        lab.assertOnlyFailure(Operation.COMPARE, error);
    }

    @Test
    void aComparatorThatReturnsNullOrNullsFails() {
        Experiment<String> experiment = lab.<String>experiment()
                .comparator((control, candidate) -> control.isEmpty() ? null : Arrays.asList((Difference) null))
                .build();

        experiment.run(() -> "", () -> "");
        assertThat(lab.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(lab.comparison().comparatorFailure()).isInstanceOf(NullPointerException.class);

        lab.results.clear();
        experiment.run(() -> "x", () -> "x");
        assertThat(lab.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(lab.failedOperations()).containsExactly(Operation.COMPARE, Operation.COMPARE);
    }

    @Test
    void equalsThatThrowsFailsTheComparisonOnly() {
        class Odd {
            @Override
            public boolean equals(Object other) {
                throw new LinkageError("equals");
            }

            @Override
            public int hashCode() {
                return 0;
            }
        }
        Odd value = new Odd();

        assertThat(lab.experiment().build().run(() -> value, Odd::new) == value).isTrue();
        assertThat(lab.outcome()).isEqualTo(Outcome.FAILED);
    }

    // ---- throwables ----

    private Outcome outcomeOfThrowing(Throwable control, Throwable candidate) {
        try (Lab own = new Lab()) {
            assertThat(catchThrowable(() -> own.experiment()
                            .build()
                            .run(
                                    () -> {
                                        throw control;
                                    },
                                    () -> {
                                        throw candidate;
                                    })))
                    .isSameAs(control);
            return own.outcome();
        }
    }

    @Test
    void throwablesMatchByClassAndMessage() {
        assertThat(outcomeOfThrowing(new IOException("a"), new IOException("a")))
                .isEqualTo(Outcome.MATCHED);
        assertThat(outcomeOfThrowing(new IOException(), new IOException())).isEqualTo(Outcome.MATCHED);
        assertThat(outcomeOfThrowing(new IOException("a"), new IOException("b")))
                .isEqualTo(Outcome.MISMATCHED);
        assertThat(outcomeOfThrowing(new IOException("a"), new IOException())).isEqualTo(Outcome.MISMATCHED);
        assertThat(outcomeOfThrowing(new IOException("a"), new FileNotFoundException("a")))
                .isEqualTo(Outcome.MISMATCHED);
    }

    @Test
    void oneThatThrowsAndOneThatReturnsMismatch() {
        Experiment<String> experiment =
                lab.<String>experiment().matching((control, candidate) -> true).build();

        experiment.run(() -> "control", () -> {
            throw new IOException();
        });

        assertThat(lab.outcome()).isEqualTo(Outcome.MISMATCHED);
    }

    @Test
    void anErrorComparatorIsNotAskedWhereOneThrowsAndOneReturns() {
        IOException thrown = new IOException();
        List<Object> seen = new ArrayList<>();
        Experiment<String> experiment = lab.<String>experiment()
                .errorComparator((control, candidate) -> {
                    seen.add(control);
                    seen.add(candidate);
                    return List.of();
                })
                .build();

        assertThat(experiment.run(() -> "control", () -> {
                    throw thrown;
                }))
                .isEqualTo("control");

        assertThat(seen).isEmpty();
        assertThat(lab.outcome()).isEqualTo(Outcome.MISMATCHED);
    }

    @Test
    void theErrorComparatorIsNotAskedOfValuesNorTheComparatorOfThrowables() throws IOException {
        Experiment<String> experiment = lab.<String>experiment()
                .comparator((control, candidate) -> List.of(Difference.of("value", 1, 2)))
                .errorComparator((control, candidate) -> List.of(Difference.of("throwable", 1, 2)))
                .build();

        experiment.run(() -> "control", () -> "candidate");
        assertThat(lab.comparison().differences().get(0).path()).isEqualTo("value");

        lab.results.clear();
        catchThrowable(() -> experiment.run(
                () -> {
                    throw new IOException();
                },
                () -> {
                    throw new IOException();
                }));
        assertThat(lab.comparison().differences().get(0).path()).isEqualTo("throwable");
    }

    @Test
    void anErrorPredicateIsAskedWhereBothThrewOnly() {
        Experiment<String> experiment = lab.<String>experiment()
                .matchingErrors((control, candidate) -> control.getClass() == candidate.getClass())
                .build();

        catchThrowable(() -> experiment.run(
                () -> {
                    throw new IOException("a");
                },
                () -> {
                    throw new IOException("b");
                }));
        assertThat(lab.outcome()).isEqualTo(Outcome.MATCHED);

        lab.results.clear();
        catchThrowable(() -> experiment.run(
                () -> {
                    throw new IOException("a");
                },
                () -> {
                    throw new IllegalStateException("b");
                }));
        assertThat(lab.outcome()).isEqualTo(Outcome.MISMATCHED);

        lab.results.clear();
        experiment.run(() -> "control", () -> {
            throw new IOException("b");
        });
        assertThat(lab.outcome()).isEqualTo(Outcome.MISMATCHED);

        lab.results.clear();
        catchThrowable(() -> experiment.run(
                () -> {
                    throw new IOException("a");
                },
                () -> "candidate"));
        assertThat(lab.outcome()).isEqualTo(Outcome.MISMATCHED);
        assertThat(lab.failures).isEmpty();
    }

    @Test
    void anErrorComparatorThatThrowsFailsTheComparisonOnly() {
        Error failure = new LinkageError("error comparator");
        IOException thrown = new IOException();

        assertThat(catchThrowable(() -> lab.experiment()
                        .matchingErrors((control, candidate) -> {
                            throw failure;
                        })
                        .build()
                        .run(
                                () -> {
                                    throw thrown;
                                },
                                () -> {
                                    throw new IOException();
                                })))
                .isSameAs(thrown);
        assertThat(lab.outcome()).isEqualTo(Outcome.FAILED);
        lab.assertOnlyFailure(Operation.COMPARE, failure);
    }

    // ---- ignoring ----

    @Test
    void theFirstRuleThatHoldsGivesTheReason() {
        List<String> asked = new ArrayList<>();
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .ignore("first", (control, candidate) -> {
                    asked.add("first " + control + candidate);
                    return false;
                })
                .ignore("second", (control, candidate) -> {
                    asked.add("second " + control + candidate);
                    return true;
                })
                .ignore("third", (control, candidate) -> {
                    asked.add("third " + control + candidate);
                    return true;
                })
                .build();

        assertThat(experiment.run(() -> 1, () -> 2)).isEqualTo(1);

        assertThat(asked).containsExactly("first 12", "second 12");
        assertThat(lab.outcome()).isEqualTo(Outcome.IGNORED);
        assertThat(lab.comparison().ignoredBecause()).isEqualTo("second");
        assertThat(lab.comparison().differences()).containsExactly(Difference.of("", 1, 2));
        assertThat(lab.result().ignored()).isTrue();
        assertThat(lab.result().mismatched()).isFalse();
        assertThat(lab.result().matched()).isFalse();
    }

    @Test
    void aRuleThatThrowsIsReportedAndTheNextIsTried() {
        Error failure = new StackOverflowError("rule");
        lab.<Integer>experiment()
                .ignore("broken", (control, candidate) -> {
                    throw failure;
                })
                .ignore("good", (control, candidate) -> true)
                .build()
                .run(() -> 1, () -> 2);

        assertThat(lab.outcome()).isEqualTo(Outcome.IGNORED);
        assertThat(lab.comparison().ignoredBecause()).isEqualTo("good");
        lab.assertOnlyFailure(Operation.IGNORE, failure);
    }

    @Test
    void whereNoRuleHoldsItIsAMismatch() {
        lab.<Integer>experiment()
                .ignore("never", (control, candidate) -> false)
                .build()
                .run(() -> 1, () -> 2);

        assertThat(lab.outcome()).isEqualTo(Outcome.MISMATCHED);
        assertThat(lab.comparison().ignoredBecause()).isNull();
    }

    @Test
    void rulesAreNotAskedOfAMatchNorAfterAComparatorFailed() {
        AtomicInteger asked = new AtomicInteger();
        Experiment<Integer> experiment = lab.<Integer>experiment()
                .matching((control, candidate) -> {
                    if (candidate == 0) {
                        throw new IllegalStateException();
                    }
                    return true;
                })
                .ignore("any", (control, candidate) -> asked.incrementAndGet() > 0)
                .build();

        experiment.run(() -> 1, () -> 2);
        experiment.run(() -> 1, () -> 0);

        assertThat(asked).hasValue(0);
    }

    @Test
    void aRuleAboutValuesIsNotAskedWhereOneThrew() {
        AtomicInteger asked = new AtomicInteger();
        lab.<Integer>experiment()
                .ignore("any", (control, candidate) -> asked.incrementAndGet() > 0)
                .build()
                .run(() -> 1, () -> {
                    throw new IOException();
                });

        assertThat(asked).hasValue(0);
        assertThat(lab.outcome()).isEqualTo(Outcome.MISMATCHED);
    }

    @Test
    void aRuleAboutObservationsSeesThrowablesAndTimes() {
        lab.<Integer>experiment()
                .ignoreWhere(
                        "candidate's store is read-only",
                        run -> run.control().returned()
                                && run.candidate().throwable() instanceof IOException
                                && run.candidate().nanos() >= 0)
                .build()
                .run(() -> 1, () -> {
                    throw new IOException();
                });

        assertThat(lab.outcome()).isEqualTo(Outcome.IGNORED);
        assertThat(lab.comparison().ignoredBecause()).isEqualTo("candidate's store is read-only");
    }

    @Test
    void aReasonIsCheckedLikeAName() {
        assertThatThrownBy(() -> lab.experiment().ignore(" ", (control, candidate) -> true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("experiment 'test': reason of an ignore rule must not be blank");
    }

    // ---- several candidates ----

    @Test
    void eachCandidateIsComparedWithTheControl() {
        lab.<Integer>experiment()
                .ignore("off by one", (control, candidate) -> candidate - control == 1)
                .build()
                .control(() -> 1)
                .candidate("same", () -> 1)
                .candidate("one more", () -> 2)
                .candidate("wrong", () -> 9)
                .run();

        Result<?> result = lab.result();
        assertThat(result.comparisons())
                .extracting(comparison -> comparison.candidate().name(), Comparison::outcome)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("same", Outcome.MATCHED),
                        org.assertj.core.groups.Tuple.tuple("one more", Outcome.IGNORED),
                        org.assertj.core.groups.Tuple.tuple("wrong", Outcome.MISMATCHED));
        assertThat(result.matched()).isFalse();
        assertThat(result.mismatched()).isTrue();
        assertThat(result.ignored()).isTrue();
        assertThat(result.comparisons())
                .allSatisfy(
                        comparison -> assertThat((Object) comparison.control()).isSameAs(result.control()));
    }

    @Test
    void severalCandidatesThatAllMatchAreAMatch() {
        lab.<Integer>experiment()
                .build()
                .control(() -> 1)
                .candidate("a", () -> 1)
                .candidate("b", () -> 1)
                .run();

        assertThat(lab.result().matched()).isTrue();
        assertThat(lab.result().mismatched()).isFalse();
    }
}
