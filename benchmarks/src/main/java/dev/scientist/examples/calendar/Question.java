package dev.scientist.examples.calendar;

import java.time.Instant;
import java.time.LocalDate;

/** What the application asks its calendar code: the inputs of the experiments. */
sealed interface Question {

    /** The id of the time zone that it is about, such as {@code Europe/Paris}. */
    String zone();

    /** A date as people write it. */
    record Day(String zone, int year, int month, int dayOfMonth) implements Question {
        static Day of(String zone, LocalDate date) {
            return new Day(zone, date.getYear(), date.getMonthValue(), date.getDayOfMonth());
        }

        LocalDate date() {
            return LocalDate.of(year, month, dayOfMonth);
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
        public String toString() {
            return zone + " " + from() + " to " + to();
        }
    }
}
