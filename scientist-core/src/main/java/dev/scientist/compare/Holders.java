package dev.scientist.compare;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Classes of the JDK whose objects are what they hold, and whose {@code equals} does not say so. */
final class Holders {

    /** What an optional holds that holds nothing. */
    static final Object NOTHING = new Object();

    private static final Set<Class<?>> OTHERS = Set.of(
            AtomicReference.class,
            AtomicBoolean.class,
            AtomicInteger.class,
            AtomicLong.class,
            LongAdder.class,
            LongAccumulator.class,
            DoubleAdder.class,
            DoubleAccumulator.class,
            AtomicIntegerArray.class,
            AtomicLongArray.class,
            AtomicReferenceArray.class);

    private Holders() {}

    static boolean isHolder(Class<?> type) {
        return OTHERS.contains(type) || isOptional(type);
    }

    static boolean isOptional(Class<?> type) {
        return type == Optional.class
                || type == OptionalInt.class
                || type == OptionalLong.class
                || type == OptionalDouble.class;
    }

    /** What a holder holds now: an array as a copy, {@link #NOTHING} for an empty optional. */
    static @Nullable Object held(Object holder) {
        if (holder instanceof Optional<?> optional) {
            return optional.isPresent() ? optional.get() : NOTHING;
        }
        if (holder instanceof OptionalInt optional) {
            return optional.isPresent() ? (Object) optional.getAsInt() : NOTHING;
        }
        if (holder instanceof OptionalLong optional) {
            return optional.isPresent() ? (Object) optional.getAsLong() : NOTHING;
        }
        if (holder instanceof OptionalDouble optional) {
            return optional.isPresent() ? (Object) optional.getAsDouble() : NOTHING;
        }
        if (holder instanceof AtomicReference<?> reference) {
            return reference.get();
        }
        if (holder instanceof AtomicBoolean flag) {
            return flag.get();
        }
        if (holder instanceof AtomicInteger integer) {
            return integer.get();
        }
        if (holder instanceof Number number) {
            return holder instanceof DoubleAdder || holder instanceof DoubleAccumulator
                    ? (Object) number.doubleValue()
                    : (Object) number.longValue();
        }
        return array(holder);
    }

    private static Object array(Object holder) {
        if (holder instanceof AtomicIntegerArray array) {
            int[] copy = new int[array.length()];
            for (int i = 0; i < copy.length; i++) {
                copy[i] = array.get(i);
            }
            return copy;
        }
        if (holder instanceof AtomicLongArray array) {
            long[] copy = new long[array.length()];
            for (int i = 0; i < copy.length; i++) {
                copy[i] = array.get(i);
            }
            return copy;
        }
        AtomicReferenceArray<?> array = (AtomicReferenceArray<?>) holder;
        @Nullable Object[] copy = new @Nullable Object[array.length()];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = array.get(i);
        }
        return copy;
    }
}
