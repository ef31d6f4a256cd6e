package dev.scientist.examples.calendar;

import dev.scientist.examples.calendar.Question.Day;
import dev.scientist.examples.calendar.Question.Moment;
import dev.scientist.examples.calendar.Question.Span;
import java.text.SimpleDateFormat;
import java.util.Calendar;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.Locale;
import java.util.TimeZone;

/** The old code, as it stands in many an application: the control. */
@SuppressWarnings("JavaUtilDate") // nothing else was there when it was written
final class LegacyCalendar {

    private static final long MILLIS_PER_DAY = 24L * 60 * 60 * 1000;

    private LegacyCalendar() {}

    /** When a day begins. */
    static Date startOfDay(Day day) {
        Calendar calendar = new GregorianCalendar(TimeZone.getTimeZone(day.zone()));
        calendar.clear();
        calendar.set(day.year(), day.month() - 1, day.dayOfMonth());
        return calendar.getTime();
    }

    /** The same time of day, a month later. */
    static Date plusOneMonth(Moment moment) {
        Calendar calendar = calendarAt(moment.zone(), moment.epochMillis());
        calendar.add(Calendar.MONTH, 1);
        return calendar.getTime();
    }

    /** How many midnights lie between two points in time. */
    static long daysBetween(Span span) {
        return (midnight(span.zone(), span.toMillis()) - midnight(span.zone(), span.fromMillis())) / MILLIS_PER_DAY;
    }

    /** The date and time that a clock shows there, as it goes into documents. */
    static String localTime(Moment moment) {
        SimpleDateFormat format = new SimpleDateFormat("yyyy-MM-dd'T'HH:mm:ssXXX", Locale.ROOT);
        format.setTimeZone(TimeZone.getTimeZone(moment.zone()));
        return format.format(new Date(moment.epochMillis()));
    }

    private static long midnight(String zone, long epochMillis) {
        Calendar calendar = calendarAt(zone, epochMillis);
        calendar.set(Calendar.HOUR_OF_DAY, 0);
        calendar.set(Calendar.MINUTE, 0);
        calendar.set(Calendar.SECOND, 0);
        calendar.set(Calendar.MILLISECOND, 0);
        return calendar.getTimeInMillis();
    }

    private static Calendar calendarAt(String zone, long epochMillis) {
        Calendar calendar = new GregorianCalendar(TimeZone.getTimeZone(zone));
        calendar.setTimeInMillis(epochMillis);
        return calendar;
    }
}
