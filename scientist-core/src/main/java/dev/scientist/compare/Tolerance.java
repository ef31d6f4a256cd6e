package dev.scientist.compare;

import dev.scientist.Difference;
import dev.scientist.ResultComparator;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of any type that may be apart by so much, or by such a share of the larger one. Decided in decimals, as a
 * person would: 1.01 is within 0.01 of 1.00 even as a double.
 */
record Tolerance(double absolute, double relative) implements ResultComparator<Number> {

    /** Numbers of any types by their value. */
    static final Tolerance NONE = new Tolerance(0, 0);

    /** How far off a decision in doubles may be, generously: only a close call needs decimals. */
    private static final double DOUBTFUL_ULPS = 4;

    Tolerance {
        check(absolute);
        check(relative);
    }

    private static void check(double tolerance) {
        if (!(tolerance >= 0 && tolerance < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("a tolerance must be zero or more and finite, not " + tolerance);
        }
    }

    @Override
    public List<Difference> compare(@Nullable Number control, @Nullable Number candidate) {
        return control == candidate || (control != null && candidate != null && within(control, candidate))
                ? List.of()
                : List.of(Difference.of("", control, candidate));
    }

    private boolean within(Number control, Number candidate) {
        if (isFloating(control) || isFloating(candidate)) {
            double one = control.doubleValue();
            double other = candidate.doubleValue();
            boolean oneFinite = !isFloating(control) || Double.isFinite(one);
            boolean otherFinite = !isFloating(candidate) || Double.isFinite(other);
            if (!oneFinite || !otherFinite) {
                return !oneFinite && !otherFinite && Double.compare(one, other) == 0;
            }
            if (control instanceof Double && candidate instanceof Double) {
                double larger = Math.max(Math.abs(one), Math.abs(other));
                double apart = Math.abs(one - other);
                double allowed = Math.max(absolute, relative * larger);
                double doubt = DOUBTFUL_ULPS * (Math.ulp(larger) + Math.ulp(allowed));
                if (one == other || apart + doubt < allowed) {
                    return true;
                }
                if (apart - doubt > allowed) {
                    return false;
                }
            }
        }
        BigDecimal one = decimal(control);
        BigDecimal other = decimal(candidate);
        if (one.compareTo(other) == 0) {
            return true;
        }
        // rounded, so that numbers of very different size do not take memory without bound
        BigDecimal apart = one.subtract(other, MathContext.DECIMAL128).abs();
        return apart.compareTo(BigDecimal.valueOf(absolute)) <= 0
                || apart.compareTo(one.abs().max(other.abs()).multiply(BigDecimal.valueOf(relative))) <= 0;
    }

    private static boolean isFloating(Number number) {
        return number instanceof Double || number instanceof Float || !isExact(number);
    }

    private static boolean isExact(Number number) {
        return number instanceof Long
                || number instanceof Integer
                || number instanceof Short
                || number instanceof Byte
                || number instanceof BigDecimal
                || number instanceof BigInteger
                || number instanceof AtomicInteger
                || number instanceof AtomicLong;
    }

    private static BigDecimal decimal(Number number) {
        if (number instanceof BigDecimal decimal) {
            return decimal;
        }
        if (number instanceof BigInteger integer) {
            return new BigDecimal(integer);
        }
        if (number instanceof Float) {
            return new BigDecimal(number.toString());
        }
        return isExact(number) ? BigDecimal.valueOf(number.longValue()) : BigDecimal.valueOf(number.doubleValue());
    }
}
