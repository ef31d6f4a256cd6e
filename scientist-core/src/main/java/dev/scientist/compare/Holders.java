package dev.scientist.compare;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Classes of the JDK whose objects are what they hold; a pattern holds its text and flags. */
final class Holders {

    /** What an empty optional holds; also stands for an element that the other side lacks. */
    static final Object NOTHING = new Object();

    /** What is no holder of one value, in the package of those that are. */
    private static final Pattern OTHERS = Pattern.compile("Stamped|Markable|Updater");

    private Holders() {}

    static boolean isHolder(Class<?> type) {
        return isOptional(type) || isAtomic(type) || type == Pattern.class;
    }

    static boolean isOptional(Class<?> type) {
        return type == Optional.class
                || type == OptionalInt.class
                || type == OptionalLong.class
                || type == OptionalDouble.class;
    }

    /** Their equals does not look at what they hold. */
    private static boolean isAtomic(Class<?> type) {
        return type.getPackageName().equals("java.util.concurrent.atomic")
                && !OTHERS.matcher(type.getName()).find();
    }

    /** What a holder holds now, an array as a copy; what is no holder itself. */
    static @Nullable Object held(Object holder) {
        if (holder instanceof Optional<?> optional) {
            return optional.isPresent() ? optional.get() : NOTHING;
        } else if (holder instanceof OptionalInt optional) {
            return optional.isPresent() ? (Object) optional.getAsInt() : NOTHING;
        } else if (holder instanceof OptionalLong optional) {
            return optional.isPresent() ? (Object) optional.getAsLong() : NOTHING;
        } else if (holder instanceof OptionalDouble optional) {
            return optional.isPresent() ? (Object) optional.getAsDouble() : NOTHING;
        } else if (holder instanceof Pattern pattern) {
            return pattern + "/" + pattern.flags();
        } else if (!isAtomic(holder.getClass())) {
            return holder;
        } else if (holder instanceof AtomicReference<?> reference) {
            return reference.get();
        } else if (holder instanceof AtomicBoolean flag) {
            return flag.get();
        } else if (holder instanceof AtomicInteger integer) {
            return integer.get();
        } else if (holder instanceof DoubleAdder || holder instanceof DoubleAccumulator) {
            return ((Number) holder).doubleValue();
        } else if (holder instanceof Number number) {
            return number.longValue();
        } else if (holder instanceof AtomicIntegerArray array) {
            int[] copy = new int[array.length()];
            Arrays.setAll(copy, array::get);
            return copy;
        } else if (holder instanceof AtomicLongArray array) {
            long[] copy = new long[array.length()];
            Arrays.setAll(copy, array::get);
            return copy;
        }
        AtomicReferenceArray<?> array = (AtomicReferenceArray<?>) holder;
        @Nullable Object[] copy = new @Nullable Object[array.length()];
        Arrays.setAll(copy, array::get);
        return copy;
    }
}
