package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is shown of values: nothing that could be private, nothing that could harm whoever reads it. */
class RenderingTest {

    private static final long SEED = Long.getLong("scientist.seed", 20_261_124L);

    private final Rendering cautious = Rendering.cautious();
    private final Rendering showing = Rendering.showingValues();
    private final Lab lab = new Lab();

    @AfterEach
    void close() {
        lab.close();
    }

    private Observation<?> observed(Experiment<Object> experiment, Behavior<?, ?> candidate) {
        lab.results.clear();
        experiment.run(() -> 1, candidate);
        return lab.comparison().candidate();
    }

    private int made;

    private Observation<?> observed(Object value) {
        return observed(lab.scientist.<Object>experiment("test" + ++made).build(), () -> value);
    }

    @Test
    void booleansNumbersAndEnumsAreShownAsTheyAre() {
        assertThat(cautious.value(observed(true))).isEqualTo("true");
        assertThat(cautious.value(observed(42))).isEqualTo("42");
        assertThat(cautious.value(observed(new BigDecimal("1.50")))).isEqualTo("1.50");
        assertThat(cautious.value(observed(DayOfWeek.MONDAY))).isEqualTo("MONDAY");
        assertThat(cautious.value(observed((Object) null))).isEqualTo("null");
    }

    @Test
    void ofInputsAndContextTheTypeAlone() {
        assertThat(cautious.text(4_111_111_111_111_111L)).isEqualTo("java.lang.Long");
        assertThat(cautious.text(DayOfWeek.MONDAY)).isEqualTo("java.time.DayOfWeek");
        assertThat(cautious.text(null)).isEqualTo("null");
    }

    @Test
    void ofAllElseTheTypeAndTheSize() {
        assertThat(cautious.text("secret")).isEqualTo("java.lang.String of length 6");
        assertThat(cautious.text(List.of(1, 2))).endsWith(" of size 2");
        assertThat(cautious.text(Map.of("k", "v"))).endsWith(" of size 1").doesNotContain("k=");
        assertThat(cautious.text(Optional.of("secret"))).isEqualTo("java.util.Optional with a value");
        assertThat(cautious.text(Optional.empty())).isEqualTo("java.util.Optional without a value");
        assertThat(cautious.text(new int[3])).isEqualTo("int[] of length 3");
        assertThat(cautious.text(new Object())).isEqualTo("java.lang.Object");
    }

    @Test
    void aNumberOfTheUsersOwnCouldSayAnything() {
        class CardNumber extends Number {
            private static final long serialVersionUID = 1;

            @Override
            public int intValue() {
                return 0;
            }

            @Override
            public long longValue() {
                return 0;
            }

            @Override
            public float floatValue() {
                return 0;
            }

            @Override
            public double doubleValue() {
                return 0;
            }

            @Override
            public String toString() {
                return "4111 1111 1111 1111";
            }
        }
        assertThat(cautious.text(new CardNumber())).doesNotContain("4111");
    }

    @Test
    void theCleanedValueIsShown() {
        Experiment<Object> experiment =
                lab.<Object>experiment().clean(value -> "clean " + value).build();

        assertThat(cautious.value(observed(experiment, () -> 2))).isEqualTo("clean 2");
        assertThat(showing.value(lab.comparison().candidate())).isEqualTo("clean 2");
    }

    @Test
    void aCleanerThatFailsWithholdsTheValue() {
        Experiment<Object> experiment = lab.<Object>experiment()
                .clean(value -> {
                    throw new IllegalStateException("cleaner");
                })
                .build();
        Observation<?> observation = observed(experiment, () -> "secret");

        for (Rendering rendering : List.of(cautious, showing)) {
            assertThat(rendering.outcome(observation)).isEqualTo("returned (withheld: the cleaner failed)");
        }
    }

    @Test
    void outcomesAreSentences() {
        assertThat(cautious.outcome(observed(true))).isEqualTo("returned true");
        Experiment<Object> experiment =
                lab.scientist.<Object>experiment("throwing").build();
        Observation<?> threw = observed(experiment, () -> {
            throw new IllegalStateException("secret\u001b[31m");
        });
        assertThat(cautious.outcome(threw)).isEqualTo("threw java.lang.IllegalStateException");
        assertThat(showing.outcome(threw)).isEqualTo("threw java.lang.IllegalStateException: secret\\u001b[31m");

        lab.results.clear();
        experiment
                .control(() -> (Object) 1)
                .candidate("adapted", () -> "one", Integer::valueOf)
                .run();
        assertThat(cautious.outcome(lab.comparison().candidate()))
                .isEqualTo("returned what its adapter could not take: threw java.lang.NumberFormatException");
    }

    @Test
    void longTextIsCutAndSaysSo() {
        assertThat(showing.text("a".repeat(200))).isEqualTo("a".repeat(200));
        assertThat(showing.text("a".repeat(201))).isEqualTo("a".repeat(200) + "…(1 more)");
        assertThat(showing.truncatedTo(3).text("abcdef")).isEqualTo("abc…(3 more)");
        assertThat(showing.text("x".repeat(10_000_000))).hasSizeLessThan(300);
        Object long_ = new Object() {
            @Override
            public String toString() {
                return "y".repeat(10_000_000);
            }
        };
        assertThat(showing.text(long_)).hasSizeLessThan(300).endsWith("…(9999800 more)");
        assertThatThrownBy(() -> showing.truncatedTo(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the length of a shown value must be at least 1, not 0");
    }

    @Test
    void whatCouldDisturbATerminalIsEscaped() {
        assertThat(showing.text("a\nb\rc\td\\e")).isEqualTo("a\\nb\\rc\\td\\\\e");
        assertThat(showing.text("\u001b[2Jgone")).isEqualTo("\\u001b[2Jgone");
        assertThat(showing.text("\u202eevil\u2066")).isEqualTo("\\u202eevil\\u2066");
        assertThat(showing.text("a\u2028b\u0085c")).isEqualTo("a\\u2028b\\u0085c");
        assertThat(showing.text("\ud800!")).isEqualTo("\\ud800!");
        assertThat(showing.text("größe 😀 東京")).isEqualTo("größe 😀 東京");
    }

    @Test
    void escapedTextNeverHasWhatDisturbs() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(20); length > 0; length--) {
                text.append((char) (random.nextBoolean() ? random.nextInt(0x100) : random.nextInt(0x10000)));
            }
            String shown = showing.text(text);
            assertThat(shown.codePoints().allMatch(RenderingTest::isHarmless))
                    .as("'%s', seed %d", shown, SEED)
                    .isTrue();
        }
    }

    private static boolean isHarmless(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }

    @Test
    void whateverAValueDoesWhenAskedForItsTextItIsShownSomehow() {
        assertThat(showing.text(new Object() {
                    @Override
                    public String toString() {
                        throw new LinkageError("toString");
                    }
                }))
                .endsWith("(its toString failed with java.lang.LinkageError)");
        assertThat(showing.text(new Object() {
                    @Override
                    public String toString() {
                        return toString() + "!";
                    }
                }))
                .endsWith("(its toString failed with java.lang.StackOverflowError)");
        assertThat(showing.text(new Object() {
                    @Override
                    public String toString() {
                        return null;
                    }
                }))
                .isEqualTo("null");
        assertThat(cautious.text(new AbstractList<Object>() {
                    @Override
                    public Object get(int index) {
                        throw new IllegalStateException("get");
                    }

                    @Override
                    public int size() {
                        throw new IllegalStateException("size");
                    }
                }))
                .startsWith(RenderingTest.class.getName());
    }

    @Test
    void aThrowableWhoseMessageFailsIsNamed() {
        assertThat(showing.throwable(new RuntimeException() {
                    private static final long serialVersionUID = 1;

                    @Override
                    public String getMessage() {
                        throw new IllegalStateException("message");
                    }
                }))
                .endsWith("(its message failed with java.lang.IllegalStateException)");
        assertThat(showing.throwable(new RuntimeException())).isEqualTo("java.lang.RuntimeException");
    }

    @Test
    void whatWasNotComparedIsToldFromWhatDiffers() {
        ResultComparator<Object> comparator = (a, b) -> List.of(
                new Difference("pdf", a, b, Difference.Kind.CUT_OFF),
                new Difference("name", a, b, Difference.Kind.VALUE));
        lab.<Object>experiment().comparator(comparator).build().run(() -> 1, () -> 2);

        assertThat(cautious.differences(lab.comparison()))
                .isEqualTo("pdf (not compared: a limit, or not loaded), name");
    }

    /** A cleaner says what may be shown, so that the sides of a difference, which are not cleaned, are not. */
    @Test
    void whereThereIsACleanerTheSidesOfDifferencesAreNotShown() {
        ResultComparator<Object> comparator = (a, b) -> List.of(Difference.of("card", a, b), Difference.of("", a, b));
        lab.<Object>experiment().comparator(comparator).build().run(() -> "1234", () -> "5678");
        assertThat(showing.differences(lab.comparison())).isEqualTo("card (1234 against 5678)");
        assertThat(cautious.differences(lab.comparison())).isEqualTo("card");

        lab.results.clear();
        lab.scientist
                .<Object>experiment("cleaned")
                .comparator(comparator)
                .clean(value -> "****")
                .build()
                .run(() -> "1234", () -> "5678");
        assertThat(showing.differences(lab.comparison())).isEqualTo("card");
    }

    @Test
    void aLongPathIsCut() {
        lab.<Object>experiment()
                .comparator((a, b) -> List.of(Difference.of("x".repeat(30), a, b)))
                .build()
                .run(() -> 1, () -> 2);

        assertThat(cautious.truncatedTo(10).differences(lab.comparison())).isEqualTo("xxxxxxxxxx…(20 more)");
    }

    @Test
    void comparisonsAndResultsNameNoValues() {
        lab.<Object>experiment()
                .comparator((a, b) -> List.of(Difference.of("card", a, b)))
                .ignore("known", (a, b) -> "5678".equals(b))
                .build()
                .run(() -> "1234", () -> "5678");

        assertThat(lab.comparison()).hasToString("candidate IGNORED (known) [card: VALUE]");
        assertThat(lab.result()).hasToString("test [candidate IGNORED (known) [card: VALUE]]");
    }
}
