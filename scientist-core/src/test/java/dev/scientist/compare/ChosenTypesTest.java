package dev.scientist.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Timestamp;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Which of several classes that were named decides, and what is found again in another order. */
class ChosenTypesTest {

    static class Animal {
        private final String name;
        final int legs;

        Animal(String name, int legs) {
            this.name = name;
            this.legs = legs;
        }

        public String getName() {
            return name;
        }
    }

    static final class Dog extends Animal {
        Dog(String name, int legs) {
            super(name, legs);
        }
    }

    static final class Failure extends IOException {
        private static final long serialVersionUID = 1L;
        final int code;

        Failure(int code) {
            super("failed");
            this.code = code;
        }
    }

    enum Size {
        SMALL,
        LARGE
    }

    /** By getters a dog is its name; by fields, which were asked for its own class, it is its legs as well. */
    @Test
    void theNearestClassThatWasNamedDecides() {
        StructuralComparator<Object> general = Comparators.structural().byGetters(Animal.class);
        StructuralComparator<Object> precise =
                Comparators.structural().byFields(Dog.class).byGetters(Animal.class);
        StructuralComparator<Object> otherWay =
                Comparators.structural().byGetters(Animal.class).byFields(Dog.class);

        assertThat(general.compare(new Dog("rex", 4), new Dog("rex", 3))).isEmpty();
        assertThat(precise.compare(new Dog("rex", 4), new Dog("rex", 3))).hasSize(1);
        assertThat(otherWay.compare(new Dog("rex", 4), new Dog("rex", 3))).hasSize(1);
        assertThat(precise.compare(new Animal("rex", 4), new Animal("rex", 3))).isEmpty();
    }

    /** A class that is named for all objects is not meant for throwables, enums and the JDK's own. */
    @Test
    void aGeneralClassDoesNotReachWhatHasAnEqualityOfItsOwn() {
        StructuralComparator<Object> all = Comparators.structural().byFields(Object.class);

        assertThat(all.compare(new Failure(1), new Failure(2))).isEmpty();
        assertThat(all.compare(Size.SMALL, Size.LARGE)).hasSize(1);
        assertThat(all.compare("a", "b")).hasSize(1);
        assertThat(all.compare(new Animal("rex", 4), new Animal("rex", 3))).hasSize(1);
    }

    @Test
    void typeRulesReachElementsInAnyOrder() {
        StructuralComparator<Object> byLength = Comparators.structural()
                .inAnyOrder("")
                .forType(
                        CharSequence.class,
                        (a, b) ->
                                a.length() == b.length() ? List.of() : List.of(dev.scientist.Difference.of("", a, b)));

        assertThat(byLength.compare(List.of("aa", "b"), List.of("c", "dd"))).isEmpty();
        assertThat(byLength.compare(List.of("aa", "b"), List.of("c", "ddd"))).isNotEmpty();
    }

    /** Other classes with the same contents are the same in any order, too. */
    @Test
    void elementsOfOtherClassesAreFoundInAnyOrder() {
        StructuralComparator<Object> across =
                Comparators.structural().acrossTypes().byGetters(Animal.class).inAnyOrder("");
        Object control = List.of(
                new Dog("rex", 4),
                new Date(5_000),
                Map.of("a", 1),
                new AtomicReference<>("held"),
                List.of(1, 2),
                new int[] {1, 2, 3});
        Object candidate = List.of(
                List.of(1, 2, 3),
                List.of(1, 2),
                new AtomicReference<>("held"),
                Map.of("a", 1),
                new Timestamp(5_000),
                Map.of("name", "rex"));

        assertThat(across.compare(control, candidate)).isEmpty();
        assertThat(across.compare(candidate, control)).isEmpty();
        assertThat(across.compare(control, List.of(Map.of("name", "rex")))).isNotEmpty();
    }
}
