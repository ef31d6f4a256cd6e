package dev.scientist;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The default for throwables: the same class and the same message. A message that the JVM worded says which code it was
 * that failed, not how, and counts as none.
 */
enum ErrorEquality implements ResultComparator<Throwable> {
    INSTANCE;

    /** How the JVM, the JDK's own checks and those of Kotlin word the messages of the classes below, in JDK 17 to 25. */
    private static final Pattern OF_THE_JVM = Pattern.compile(String.join(
            "|",
            "Cannot (invoke|read field|assign field) \".*", // NullPointerException
            "Cannot (read the array length|load from|store to|throw exception|enter synchronized|exit synchronized).*",
            "Parameter specified as non-null is null: .*|null cannot be cast to non-null type .*", // of Kotlin
            "class .* cannot be cast to .*",
            "Cannot cast .* to .*",
            "((Array |String )?[Ii]ndex( out of range)?|begin|start|offset|fromIndex|toIndex)[:=]? *=? *-?\\d+.*",
            "Range \\[.*|-?\\d+ >= \\d+|bitIndex < 0: .*",
            "arraycopy: .*",
            "/ by zero|BigInteger divide by zero|Division (by zero|undefined)", // ArithmeticException
            "(integer|long) overflow|BigInteger (out of .* range|would overflow supported range)|Overflow|Underflow",
            "Rounding necessary|Non-terminating decimal expansion; .*",
            "-\\d+", // NegativeArraySizeException
            "[\\w$]+(\\.[\\w$]+)+")); // ArrayStoreException: the name of a class

    @Override
    public List<Difference> compare(@Nullable Throwable control, @Nullable Throwable candidate) {
        if (control == null || candidate == null) {
            return control == candidate ? List.of() : List.of(Difference.of("", control, candidate));
        }
        if (control.getClass() != candidate.getClass()) {
            return List.of(new Difference("", control, candidate, Difference.Kind.TYPE));
        }
        String theirs = message(control);
        String ours = message(candidate);
        return Objects.equals(theirs, ours) ? List.of() : List.of(Difference.of("message", theirs, ours));
    }

    private static @Nullable String message(Throwable throwable) {
        String message = throwable.getMessage();
        boolean isOfTheJvm = message != null
                && (throwable instanceof NullPointerException
                        || throwable instanceof ClassCastException
                        || throwable instanceof IndexOutOfBoundsException
                        || throwable instanceof ArithmeticException
                        || throwable instanceof NegativeArraySizeException
                        || throwable instanceof ArrayStoreException)
                && OF_THE_JVM.matcher(message).matches();
        return isOfTheJvm ? null : message;
    }
}
