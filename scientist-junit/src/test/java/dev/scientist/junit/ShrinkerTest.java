package dev.scientist.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class ShrinkerTest {

    private static <I> I smallest(Shrinker<I> shrinker, I input, Predicate<I> fails) {
        I at = input;
        for (int i = 0; i < 10_000; i++) {
            I found = shrinker.smaller(at)
                    .filter(fails)
                    .findFirst()
                    .map(value -> (I) value)
                    .orElse(null);
            if (found == null) {
                return at;
            }
            at = found;
        }
        throw new AssertionError("does not end for " + input);
    }

    @Test
    void findsTheSmallestNumber() {
        long seed = Long.getLong("scientist.seed", new Random().nextLong());
        Random random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            long bound = random.nextLong(1, Long.MAX_VALUE);
            assertThat(smallest(Shrinker.longs(), random.nextLong(bound, Long.MAX_VALUE), number -> number >= bound))
                    .as("seed %s", seed)
                    .isEqualTo(bound);
        }
        assertThat(smallest(Shrinker.longs(), Long.MIN_VALUE, number -> number < -7))
                .isEqualTo(-8);
        assertThat(smallest(Shrinker.longs(), -100L, number -> Math.abs(number) > 7))
                .isEqualTo(8);
        assertThat(smallest(Shrinker.ints(), Integer.MIN_VALUE, number -> number != 0))
                .isOne();
        assertThat(smallest(Shrinker.ints(), Integer.MAX_VALUE, number -> true)).isZero();
        assertThat(Shrinker.ints().smaller(0)).isEmpty();
    }

    @Test
    void findsTheShortestText() {
        assertThat(smallest(Shrinker.strings(), "the quick brown fox", text -> text.contains("x")))
                .isEqualTo("x");
        assertThat(smallest(Shrinker.strings(), "a😀b", text -> text.length() >= 2))
                .isIn("aa", "😀");
        assertThat(smallest(Shrinker.strings(), "hello", text -> text.length() >= 3))
                .isEqualTo("aaa");
        assertThat(smallest(Shrinker.strings(), "hello", text -> true)).isEmpty();
        assertThat(Shrinker.strings().smaller("")).isEmpty();
    }

    @Test
    void reducesListsAndTheirElements() {
        assertThat(smallest(
                        Shrinker.lists(Shrinker.ints()),
                        List.of(3, 50, 1, 70, 2, 9),
                        list -> list.stream().mapToInt(Integer::intValue).sum() >= 60 && list.size() >= 2))
                .hasSize(2)
                .satisfies(list -> assertThat(list.get(0) + list.get(1)).isEqualTo(60));
    }
}
