package dev.scientist.examples.calendar;

import dev.scientist.Comparison;
import dev.scientist.Result;
import dev.scientist.examples.calendar.Question.Day;
import dev.scientist.examples.calendar.Question.Moment;
import dev.scientist.examples.calendar.Question.Span;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.JulianFields;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Date;
import java.util.Locale;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/**
 * Finds out of which kind a mismatch is. A kind is taken only if what it says leads to the very answer that the old
 * code gave (but for sums with Julian dates: there the date decides). All else is {@link Kind#UNEXPLAINED}.
 */
final class Explainer {

    /** The first day of the Gregorian calendar; the day before was October 4th. */
    static final LocalDate CUTOVER = LocalDate.of(1582, 10, 15);

    private static final Instant YEAR_1900 = Instant.parse("1900-01-01T00:00:00Z");
    private static final Instant YEAR_2037 = Instant.parse("2037-01-01T00:00:00Z");

    /** What the old code writes, said in terms of the new one. */
    private static final DateTimeFormatter OLD_PATTERN = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssXXX");

    private final TimeZone timeZone;
    private final ZoneRules rules;

    private Explainer(String zone) {
        timeZone = TimeZone.getTimeZone(zone);
        rules = ZoneId.of(zone).getRules();
    }

    static Kind kindOf(Result<?> result) {
        Comparison<?> comparison = result.comparisons().get(0);
        Object control = comparison.control().value();
        Object candidate = comparison.candidate().value();
        if (!(result.input() instanceof Question question)) {
            return Kind.UNEXPLAINED;
        }
        Explainer explainer = new Explainer(question.zone());
        if (control instanceof Date old && candidate instanceof Date rewritten) {
            return question instanceof Day day
                    ? explainer.startOfDay(day, old.toInstant(), rewritten.toInstant())
                    : explainer.plusOneMonth((Moment) question, old.toInstant(), rewritten.toInstant());
        }
        if (control instanceof Long old && candidate instanceof Long) {
            return explainer.daysBetween((Span) question, old);
        }
        if (control instanceof String old && candidate instanceof String) {
            return explainer.localTime((Moment) question, old);
        }
        // one of them threw
        return Kind.UNEXPLAINED;
    }

    private Kind startOfDay(Day day, Instant old, Instant rewritten) {
        LocalDateTime midnight = day.date().atStartOfDay();
        if (isJulian(midnight)) {
            return Kind.JULIAN_DATE;
        }
        Kind offsets = differingOffsets(old, rewritten);
        if (offsets != null) {
            return showsByTimeZone(old, midnight) ? offsets : Kind.UNEXPLAINED;
        }
        return landing(midnight, old, rewritten);
    }

    private Kind plusOneMonth(Moment moment, Instant old, Instant rewritten) {
        LocalDateTime start = byTimeZone(moment.instant()).toLocalDateTime();
        if (isJulian(start)) {
            return Kind.JULIAN_DATE;
        }
        Kind offsets = differingOffsets(moment.instant(), old, rewritten);
        if (offsets != null) {
            return showsByTimeZone(old, start.plusMonths(1)) ? offsets : Kind.UNEXPLAINED;
        }
        return landing(start.plusMonths(1), old, rewritten);
    }

    /** Both look for the same local time, at the same offsets. */
    private Kind landing(LocalDateTime wanted, Instant old, Instant rewritten) {
        ZoneOffsetTransition transition = rules.getTransition(wanted);
        if (transition == null || !old.equals(landingOfCalendar(wanted))) {
            return Kind.UNEXPLAINED;
        }
        if (transition.isOverlap()) {
            return rewritten.equals(wanted.toInstant(transition.getOffsetBefore()))
                    ? Kind.OCCURS_TWICE
                    : Kind.UNEXPLAINED;
        }
        return rewritten.equals(transition.getInstant()) ? Kind.MIDNIGHT_IN_GAP : Kind.UNEXPLAINED;
    }

    /** Where GregorianCalendar lands: of two the second, and out of a gap by its length. */
    private Instant landingOfCalendar(LocalDateTime wanted) {
        ZoneOffsetTransition transition = rules.getTransition(wanted);
        if (transition == null) {
            return wanted.toInstant(rules.getOffset(wanted));
        }
        return wanted.toInstant(transition.isOverlap() ? transition.getOffsetAfter() : transition.getOffsetBefore());
    }

    private Kind daysBetween(Span span, long old) {
        Instant oldFrom = landingOfCalendar(midnightOf(span.from()));
        Instant oldTo = landingOfCalendar(midnightOf(span.to()));
        Kind offsets = differingOffsets(span.from(), span.to(), oldFrom, oldTo);
        if (offsets != null) {
            long days = ChronoUnit.DAYS.between(
                    byTimeZone(span.from()).toLocalDate(), byTimeZone(span.to()).toLocalDate());
            return old == days ? offsets : Kind.UNEXPLAINED;
        }
        if (old != Duration.between(oldFrom, oldTo).toDays()) {
            return Kind.UNEXPLAINED;
        }
        return skipsDate(span) ? Kind.SKIPPED_DATE : Kind.SHORT_DAY;
    }

    private boolean skipsDate(Span span) {
        Instant first = span.from().isBefore(span.to()) ? span.from() : span.to();
        Instant last = first.equals(span.from()) ? span.to() : span.from();
        ZoneOffsetTransition transition = rules.nextTransition(first);
        while (transition != null && !transition.getInstant().isAfter(last)) {
            if (transition.getDuration().toDays() >= 1) {
                return true;
            }
            transition = rules.nextTransition(transition.getInstant());
        }
        return false;
    }

    private Kind localTime(Moment moment, String old) {
        Instant instant = moment.instant();
        OffsetDateTime local = byTimeZone(instant);
        if (isJulian(local.toLocalDateTime())) {
            return old.equals(inJulian(local)) ? Kind.JULIAN_DATE : Kind.UNEXPLAINED;
        }
        if (!old.equals(OLD_PATTERN.format(local))) {
            return Kind.UNEXPLAINED;
        }
        Kind offsets = differingOffsets(instant);
        if (offsets != null) {
            return offsets;
        }
        return local.getNano() == 0 ? Kind.UNEXPLAINED : Kind.FRACTION;
    }

    /** If the two APIs differ in the offset at one of these moments, the kind of that; else null. */
    private @Nullable Kind differingOffsets(Instant... moments) {
        for (Instant moment : moments) {
            if (!byTimeZone(moment).getOffset().equals(rules.getOffset(moment))) {
                return moment.isBefore(YEAR_1900)
                        ? Kind.BEFORE_1900
                        : moment.isBefore(YEAR_2037) ? Kind.UNEXPLAINED : Kind.BEYOND_TABLE;
            }
        }
        return null;
    }

    private OffsetDateTime byTimeZone(Instant moment) {
        int offsetMillis = timeZone.getOffset(moment.toEpochMilli());
        return moment.atOffset(ZoneOffset.ofTotalSeconds(offsetMillis / 1000));
    }

    /** Where the table of TimeZone ends, its last entry holds for a millisecond, and a rule from then on. */
    private boolean showsByTimeZone(Instant moment, LocalDateTime local) {
        Instant justAfter = moment.plusMillis(1);
        return byTimeZone(moment).toLocalDateTime().equals(local)
                || byTimeZone(justAfter).toLocalDateTime().equals(local.plus(1, ChronoUnit.MILLIS));
    }

    private LocalDateTime midnightOf(Instant moment) {
        return moment.atOffset(rules.getOffset(moment)).toLocalDate().atStartOfDay();
    }

    /**
     * The old code's text with a Julian date; java.time has no such calendar. The sum is the usual one from the Julian
     * day number (Richards, "Mapping time", 1998, with years that begin in March).
     */
    private static String inJulian(OffsetDateTime local) {
        long day = local.toLocalDate().getLong(JulianFields.JULIAN_DAY) + 32_082;
        long year = (4 * day + 3) / 1461;
        long dayOfYear = day - 1461 * year / 4;
        long month = (5 * dayOfYear + 2) / 153;
        long dayOfMonth = dayOfYear - (153 * month + 2) / 5 + 1;
        return String.format(
                Locale.ROOT,
                "%04d-%02d-%02d%s",
                year - 4800 + month / 10,
                month + 3 - 12 * (month / 10),
                dayOfMonth,
                OLD_PATTERN.format(local).substring("uuuu-MM-dd".length()));
    }

    private static boolean isJulian(LocalDateTime local) {
        return local.toLocalDate().isBefore(CUTOVER);
    }
}
