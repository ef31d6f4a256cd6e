package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names end up in logs, labels and pages, so they are checked where they are given. */
class NamesTest {

    /** A place where a name is given, and how an error begins that is about it. */
    private record Place(String what, Consumer<String> give) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static final Lab LAB = new Lab();
    private static final Experiment<Integer> EXPERIMENT =
            LAB.<Integer>experiment().build();

    @AfterEach
    void nothingWasRunOrDefined() {
        assertThat(LAB.scientist.experiments()).containsExactly(EXPERIMENT);
        assertThat(EXPERIMENT.counts().started()).isZero();
    }

    private static Stream<Place> places() {
        return Stream.of(
                new Place("experiment name", name -> LAB.scientist.experiment(name)),
                new Place("experiment name", EXPERIMENT::toBuilder),
                new Place("experiment 'test': control name", name -> EXPERIMENT.control(name, () -> 1)),
                new Place("experiment 'test': candidate name", name -> EXPERIMENT.candidate(name, () -> 1)),
                new Place("experiment 'test': candidate name", name -> trial().candidate(name, () -> 1)),
                new Place(
                        "experiment 'test': candidate name", name -> trial().candidate(name, () -> 1, value -> value)),
                new Place("experiment 'test': context key", name -> trial().context(name, 1)),
                new Place(
                        "experiment 'test': context key",
                        name -> LAB.experiment().context(name, 1)),
                new Place("context key", name -> Scientist.builder().context(name, 1)),
                new Place(
                        "experiment 'test': reason of an ignore rule",
                        name -> LAB.experiment().ignore(name, (control, candidate) -> true)),
                new Place(
                        "experiment 'test': reason of an ignore rule",
                        name -> LAB.experiment().ignoreWhere(name, run -> true)));
    }

    private static Trial<Integer, RuntimeException> trial() {
        return EXPERIMENT.control(() -> 1);
    }

    @ParameterizedTest
    @MethodSource("places")
    void nullIsAnError(Place place) {
        assertThatThrownBy(() -> place.give().accept(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage(place.what() + " must not be null");
    }

    @ParameterizedTest
    @MethodSource("places")
    void aBlankNameIsAnError(Place place) {
        for (String blank : List.of("", " ", "\t\n", "\u2003")) {
            assertThatThrownBy(() -> place.give().accept(blank))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(place.what() + " must not be blank");
        }
    }

    @ParameterizedTest
    @MethodSource("places")
    void aNameThatIsTooLongIsAnErrorThatDoesNotRepeatAllOfIt(Place place) {
        assertThatThrownBy(() -> place.give().accept("x".repeat(201)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(place.what() + " must have at most 200 characters, but '" + "x".repeat(40) + "…' has 201");
    }

    @ParameterizedTest
    @MethodSource("places")
    void aControlCharacterIsAnErrorThatShowsItEscaped(Place place) {
        assertThatThrownBy(() -> place.give().accept("line\nbreak"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        place.what()
                                + " must not contain control or invisible characters, but 'line\\nbreak' has U+000A at index 4");
        for (String control :
                List.of("\u0000", "\u001b[31m", "\u007f", "\u0085", "\u2028", "\u2029", "\u202e", "\ude00")) {
            assertThatThrownBy(() -> place.give().accept("x" + control))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(place.what() + " must not contain control or invisible characters")
                    .hasMessageNotContaining(control);
        }
    }

    @ParameterizedTest
    @MethodSource("places")
    void aLongNameWithAControlCharacterAtItsStartShowsItEscapedToo(Place place) {
        assertThatThrownBy(() -> place.give().accept("\u001b[31m" + "x".repeat(300)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(place.what())
                .hasMessageNotContaining("\u001b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "widget-permissions", "with spaces", "Größe/größer", "価格", "a{b}='\"\\", " x "})
    void otherNamesAreFine(String name) {
        try (Lab lab = new Lab()) {
            Experiment<Integer> experiment =
                    lab.scientist.<Integer>experiment(name).build();
            experiment
                    .control("control " + name, () -> 1)
                    .candidate(name, () -> 1)
                    .context(name, 1)
                    .run();

            assertThat(experiment.name()).isEqualTo(name);
            assertThat(lab.comparison().candidate().name()).isEqualTo(name);
            assertThat(lab.result().context()).containsOnlyKeys(name);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 200})
    void namesOfUpTo200CharactersAreFine(int length) {
        try (Lab lab = new Lab()) {
            assertThat(lab.scientist.experiment("x".repeat(length)).build().name())
                    .hasSize(length);
        }
    }
}
