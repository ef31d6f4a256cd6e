package dev.scientist.evidence;

import dev.scientist.Rendering;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Numbers for people. */
final class Words {

    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Words() {}

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    static String count(long number, String one, String several) {
        return number(number) + " " + (number == 1 ? one : several);
    }

    /** With three digits, rounded to the nearest. */
    static String percent(double rate) {
        return Double.isFinite(rate) ? digits(rate * 100, RoundingMode.HALF_EVEN) + "%" : unknown(rate);
    }

    /** An upper bound is never shown as less than it is. */
    static String percentUp(double rate) {
        return Double.isFinite(rate) ? digits(rate * 100, RoundingMode.CEILING) + "%" : unknown(rate);
    }

    /** A lower bound is never shown as more than it is. */
    static String percentDown(double rate) {
        return Double.isFinite(rate) ? digits(rate * 100, RoundingMode.FLOOR) + "%" : unknown(rate);
    }

    static String ratio(double ratio) {
        return Double.isFinite(ratio) ? digits(ratio, RoundingMode.HALF_EVEN) : unknown(ratio);
    }

    static String ratioUp(double ratio) {
        return Double.isFinite(ratio) ? digits(ratio, RoundingMode.CEILING) : unknown(ratio);
    }

    static String ratioDown(double ratio) {
        return Double.isFinite(ratio) ? digits(ratio, RoundingMode.FLOOR) : unknown(ratio);
    }

    static String duration(double nanos) {
        if (!Double.isFinite(nanos)) {
            return unknown(nanos);
        }
        if (nanos < 1e3) {
            return digits(nanos, RoundingMode.HALF_EVEN) + " ns";
        }
        if (nanos < 1e6) {
            return digits(nanos / 1e3, RoundingMode.HALF_EVEN) + " µs";
        }
        return nanos < 1e9
                ? digits(nanos / 1e6, RoundingMode.HALF_EVEN) + " ms"
                : digits(nanos / 1e9, RoundingMode.HALF_EVEN) + " s";
    }

    /** To the second, in the two largest units. */
    static String time(Duration time) {
        long[] parts = {time.toDays(), time.toHoursPart(), time.toMinutesPart(), time.toSecondsPart()};
        String[] units = {" d", " h", " min", " s"};
        int first = 0;
        while (first < 3 && parts[first] == 0) {
            first++;
        }
        String text = number(parts[first]) + units[first];
        return first == 3 || parts[first + 1] == 0 ? text : text + " " + parts[first + 1] + units[first + 1];
    }

    /** In the largest unit. */
    static String longest(Duration time) {
        return time(time.isNegative() ? Duration.ZERO : time).replaceFirst("^(\\S+ \\S+) .*", "$1");
    }

    static String ago(Duration time) {
        return longest(time) + " ago";
    }

    static String moment(Instant moment) {
        return MOMENT.format(moment);
    }

    static String minute(Instant moment) {
        return MINUTE.format(moment);
    }

    static String capital(String sentence) {
        return sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
    }

    /** A whole number that somebody has typed; the least if it is none. */
    static int whole(@Nullable String text, int least, int most) {
        return text == null || !text.matches("\\d{1,6}")
                ? least
                : Math.max(least, Math.min(most, Integer.parseInt(text)));
    }

    private static String unknown(double value) {
        return Double.isNaN(value) ? "unknown" : "unlimited";
    }

    private static String digits(double value, RoundingMode mode) {
        // from the shortest decimal of the double: 0.1% must not become 0.101% by way of its binary digits
        BigDecimal exact = new BigDecimal(Double.toString(value));
        BigDecimal tidy = exact.round(new MathContext(12)).round(new MathContext(3, mode));
        return tidy.signum() == 0 ? "0" : tidy.stripTrailingZeros().toPlainString();
    }

    /** What was counted by constants of an enum, in their order. */
    static <E extends Enum<E>> String counts(Map<E, Long> counts) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(counts)
                .forEach((constant, count) -> text.append(text.isEmpty() ? "" : ", ")
                        .append(name(constant))
                        .append(' ')
                        .append(number(count)));
        return text.toString();
    }

    /** What READY would take; empty if it is that, or if nobody knows. */
    static String toReady(Conclusion conclusion) {
        boolean unknown = conclusion.cleanRunsToReady().isEmpty();
        if (unknown || conclusion.verdict() == Conclusion.Verdict.READY) {
            return "";
        }
        long runs = conclusion.cleanRunsToReady().getAsLong();
        Duration time = conclusion.timeToReady();
        String more = runs == 0 ? "" : count(runs, "more clean run", "more clean runs");
        if (!time.isZero()) {
            more += (runs == 0 ? "runs over " : ", over ") + time(time) + " more";
        }
        return "READY would take " + more + ".";
    }

    /** A constant of an enum. */
    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** With its interval. */
    static String percent(Estimate estimate) {
        return percent(estimate.value()) + " ("
                + percentDown(estimate.interval().lower()) + " to "
                + percentUp(estimate.interval().upper()) + ")";
    }

    /** With its interval. */
    static String ratio(Estimate estimate) {
        return ratio(estimate.value()) + " ("
                + ratioDown(estimate.interval().lower()) + " to "
                + ratioUp(estimate.interval().upper()) + ")";
    }

    /** Rendered text is escaped already; what else a user supplies must not break out of its line. */
    static String onOneLine(String text) {
        return text.chars().noneMatch(c -> switch (Character.getType(c)) {
                    case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                        true;
                    default -> false;
                })
                ? text
                : Rendering.escaped(text);
    }
}
