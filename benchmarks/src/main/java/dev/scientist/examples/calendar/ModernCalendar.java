package dev.scientist.examples.calendar;

import dev.scientist.examples.calendar.Question.Day;
import dev.scientist.examples.calendar.Question.Moment;
import dev.scientist.examples.calendar.Question.Span;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Date;

/** The rewrite with {@code java.time}, behind the signatures that its callers know: the candidate. */
final class ModernCalendar {

    private ModernCalendar() {}

    /** When a day begins. */
    static Date startOfDay(Day day) {
        LocalDate date = LocalDate.of(day.year(), day.month(), day.dayOfMonth());
        return Date.from(date.atStartOfDay(ZoneId.of(day.zone())).toInstant());
    }

    /** The same time of day, a month later. */
    static Date plusOneMonth(Moment moment) {
        return Date.from(at(moment.zone(), moment.epochMillis()).plusMonths(1).toInstant());
    }

    /** How many midnights lie between two points in time. */
    static long daysBetween(Span span) {
        return ChronoUnit.DAYS.between(
                at(span.zone(), span.fromMillis()).toLocalDate(),
                at(span.zone(), span.toMillis()).toLocalDate());
    }

    /** The date and time that a clock shows there, as it goes into documents. */
    static String localTime(Moment moment) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(at(moment.zone(), moment.epochMillis()));
    }

    private static ZonedDateTime at(String zone, long epochMillis) {
        return Instant.ofEpochMilli(epochMillis).atZone(ZoneId.of(zone));
    }
}
