package dev.scientist.proxy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The input of an experiment on a method with two or more parameters. Immutable, though the arguments need not be; its
 * text shows none of them.
 */
public final class Arguments {

    private final @Nullable Object[] values;

    /** Takes the array as it is: nobody else may have it. */
    Arguments(@Nullable Object[] values) {
        this.values = values;
    }

    /**
     * Arguments of one's own: for an input snapshot, which must return as many, of the same types.
     *
     * @param values the arguments in order, copied; each may be null
     * @return the arguments
     */
    public static Arguments of(@Nullable Object... values) {
        return new Arguments(Arrays.copyOf(values, values.length, Object[].class));
    }

    /**
     * One argument.
     *
     * @param index its position, from 0
     * @return the argument, boxed if it is primitive; may be null
     * @throws IndexOutOfBoundsException if there is none
     */
    public @Nullable Object get(int index) {
        return values[index];
    }

    /**
     * All arguments.
     *
     * @return an unmodifiable list, in order; elements may be null
     */
    public List<@Nullable Object> values() {
        return Collections.unmodifiableList(Arrays.<@Nullable Object>asList(values));
    }

    /** For the handles that are called with them; they do not change it. */
    @Nullable
    Object[] array(int count) {
        if (values.length != count) {
            throw new IllegalArgumentException("the method has " + count
                    + " parameters: a snapshot of the input must be of as many arguments, not " + values.length);
        }
        return values;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Arguments arguments && Arrays.equals(values, arguments.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    /** How many there are, and nothing of what they are. */
    @Override
    public String toString() {
        return values.length + " arguments";
    }
}
