package dev.scientist.junit;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reduces an input that fails, so that a person sees what matters: see {@link Parity#shrinking}. Should be
 * deterministic.
 *
 * @param <I> the input
 */
@FunctionalInterface
public interface Shrinker<I extends @Nullable Object> {

    /**
     * Simpler inputs to try. The first that fails as well takes the input's place, and is asked about in turn.
     *
     * @param input an input that fails
     * @return inputs that are simpler by some measure, the simplest first, since otherwise reducing does not end but at
     *     its limit; empty if there are none
     */
    Stream<? extends I> smaller(I input);

    /**
     * Reduces numbers towards 0.
     *
     * @return a shrinker that tries 0, the number without its sign, and numbers ever closer to it
     */
    static Shrinker<Long> longs() {
        return input -> longsBelow(input).boxed();
    }

    /**
     * Reduces numbers towards 0.
     *
     * @return a shrinker that tries 0, the number without its sign, and numbers ever closer to it
     */
    static Shrinker<Integer> ints() {
        return input ->
                longsBelow(input).filter(number -> number == (int) number).mapToObj(number -> (int) number);
    }

    private static LongStream longsBelow(long input) {
        if (input == 0) {
            return LongStream.empty();
        }
        LongStream positive = input < 0 && input != Long.MIN_VALUE ? LongStream.of(-input) : LongStream.empty();
        // 0, then half, three quarters and so on of the way
        LongStream closer =
                LongStream.iterate(input, gap -> gap != 0, gap -> gap / 2).map(gap -> input - gap);
        return LongStream.concat(positive, closer);
    }

    /**
     * Reduces texts to shorter ones and their characters to {@code a}.
     *
     * @return a shrinker that leaves out parts, ever smaller ones, then replaces characters
     */
    static Shrinker<String> strings() {
        Shrinker<List<Integer>> characters =
                lists(character -> character == 'a' ? Stream.empty() : Stream.of((int) 'a'));
        return input -> characters
                .smaller(input.codePoints().boxed().toList())
                .map(list -> list.stream()
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString());
    }

    /**
     * Reduces lists to shorter ones, and their elements.
     *
     * @param elements reduces one element
     * @param <E> the elements
     * @return a shrinker that leaves out parts, ever smaller ones, then reduces one element at a time
     */
    static <E> Shrinker<List<E>> lists(Shrinker<E> elements) {
        Objects.requireNonNull(elements, "elements");
        return input -> {
            int size = input.size();
            Stream<List<E>> shorter = IntStream.iterate(size, length -> length > 0, length -> length / 2)
                    .boxed()
                    .flatMap(length -> IntStream.iterate(0, start -> start < size, start -> start + length)
                            .mapToObj(start -> without(input, start, Math.min(start + length, size))));
            Stream<List<E>> simpler = IntStream.range(0, size)
                    .boxed()
                    .flatMap(index -> elements.smaller(input.get(index)).map(element -> with(input, index, element)));
            return Stream.concat(shorter, simpler);
        };
    }

    private static <E> List<E> without(List<E> list, int from, int to) {
        List<E> rest = new ArrayList<>(list.subList(0, from));
        rest.addAll(list.subList(to, list.size()));
        return rest;
    }

    private static <E> List<E> with(List<E> list, int index, E element) {
        List<E> changed = new ArrayList<>(list);
        changed.set(index, element);
        return changed;
    }
}
