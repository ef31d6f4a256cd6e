package dev.scientist;

import org.jspecify.annotations.Nullable;

/** The labels of traits as text. */
final class Label {

    static final String FAILED = "(failed)";
    static final String THREW = "(control threw)";

    private static final int MAX_LENGTH = 40;
    private static final int MOST_DIGITS = 19;

    /** By the number of digits: made once, since a label is made for every run. */
    private static final String[] SIZES = new String[MOST_DIGITS + 1];

    private static final String[] NEGATIVE_SIZES = new String[MOST_DIGITS + 1];

    static {
        for (int digits = 1; digits <= MOST_DIGITS; digits++) {
            String least = "1" + "0".repeat(digits - 1);
            String most = "9".repeat(digits);
            SIZES[digits] = least + " to " + most;
            NEGATIVE_SIZES[digits] = "-" + most + " to -" + least;
        }
    }

    private Label() {}

    static String of(@Nullable Object label) {
        if (label instanceof Number number) {
            return of(number);
        }
        String text = label instanceof Enum<?> constant ? constant.name() : String.valueOf(label);
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH - 1) + "…";
    }

    /** By the digits of its whole part. */
    private static String of(Number number) {
        double value = number.doubleValue();
        if (value == 0 || Double.isNaN(value)) {
            return value == 0 ? "0" : "NaN";
        }
        double size = Math.abs(value);
        if (size < 1) {
            return value < 0 ? "between -1 and 0" : "between 0 and 1";
        }
        int digits = 1;
        for (double power = 10; power <= size && digits < MOST_DIGITS; power *= 10) {
            digits++;
        }
        return value < 0 ? NEGATIVE_SIZES[digits] : SIZES[digits];
    }
}
