package dev.scientist.examples.calendar;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;

/** What the application asks its calendar code: the inputs of the experiments. */
sealed interface Question {

    /** The id of the time zone that it is about, such as {@code Europe/Paris}. */
    String zone();

    /** The moment that it is about, or begins with. */
    Instant moment();

    /** The century of that, such as {@code 1800s}. */
    default String century() {
        return moment().atZone(ZoneOffset.UTC).getYear() / 100 + "00s";
    }

    /** The part of the world, such as {@code Europe}. */
    default String region() {
        return zone().replaceFirst("/.*", "");
    }

    /** What the zone's clocks did within two days of the moment. */
    default String clocks() {
        ZoneOffsetTransition next = ZoneId.of(zone()).getRules().nextTransition(moment().minus(Duration.ofDays(2)));
        if (next == null || next.getInstant().isAfter(moment().plus(Duration.ofDays(2)))) {
            return "unchanged";
        }
        return next.isGap() ? "set forward" : "set back";
    }

    /** A date as people write it. */
    record Day(String zone, int year, int month, int dayOfMonth) implements Question {
        static Day of(String zone, LocalDate date) {
            return new Day(zone, date.getYear(), date.getMonthValue(), date.getDayOfMonth());
        }

        LocalDate date() {
            return LocalDate.of(year, month, dayOfMonth);
        }

        @Override
        public Instant moment() {
            return date().atStartOfDay(ZoneId.of(zone)).toInstant();
        }

        @Override
        public String toString() {
            return zone + " " + date();
        }
    }

    /** A point in time, as seen from a zone. */
    record Moment(String zone, long epochMillis) implements Question {
        static Moment of(String zone, Instant instant) {
            return new Moment(zone, instant.toEpochMilli());
        }

        Instant instant() {
            return Instant.ofEpochMilli(epochMillis);
        }

        @Override
        public Instant moment() {
            return instant();
        }

        @Override
        public String toString() {
            return zone + " " + instant();
        }
    }

    /** Two points in time, as seen from a zone; the second may be the earlier one. */
    record Span(String zone, long fromMillis, long toMillis) implements Question {
        static Span of(String zone, Instant from, Instant to) {
            return new Span(zone, from.toEpochMilli(), to.toEpochMilli());
        }

        Instant from() {
            return Instant.ofEpochMilli(fromMillis);
        }

        Instant to() {
            return Instant.ofEpochMilli(toMillis);
        }

        @Override
        public Instant moment() {
            return from();
        }

        @Override
        public String toString() {
            return zone + " " + from() + " to " + to();
        }
    }
}
