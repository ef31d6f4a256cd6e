package dev.scientist.examples.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.examples.calendar.Question.Day;
import dev.scientist.examples.calendar.Question.Moment;
import dev.scientist.examples.calendar.Question.Span;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the two APIs do at well-known places of history: the ground that the report's explanations stand on. */
class KnownFactsTest {

    @Test
    void theSkippedDateOfSamoaBeginsForBothWhereTheNextOneDoes() {
        Day skipped = new Day("Pacific/Apia", 2011, 12, 30);

        assertThat(LegacyCalendar.startOfDay(skipped).toInstant()).isEqualTo("2011-12-30T10:00:00Z");
        assertThat(ModernCalendar.startOfDay(skipped).toInstant()).isEqualTo("2011-12-30T10:00:00Z");
    }

    @Test
    void theSkippedDateOfSamoaCountsAsADayForJavaTimeOnly() {
        Span overIt = span("Pacific/Apia", "2011-12-29T22:00:00Z", "2011-12-30T22:00:00Z");

        assertThat(LegacyCalendar.daysBetween(overIt)).isEqualTo(1);
        assertThat(ModernCalendar.daysBetween(overIt)).isEqualTo(2);
    }

    @Test
    void aDayWhoseMidnightIsTheStartOfAGapBeginsAfterItForBoth() {
        Day summer = new Day("America/Sao_Paulo", 2018, 11, 4);

        assertThat(LegacyCalendar.startOfDay(summer).toInstant()).isEqualTo("2018-11-04T03:00:00Z");
        assertThat(ModernCalendar.startOfDay(summer).toInstant()).isEqualTo("2018-11-04T03:00:00Z");
    }

    @Test
    void aDayWhoseMidnightIsInsideAGapBeginsHalfAnHourLateForCalendar() {
        Day summer = new Day("America/Toronto", 1919, 3, 31);

        assertThat(LegacyCalendar.startOfDay(summer).toInstant()).isEqualTo("1919-03-31T05:00:00Z");
        assertThat(ModernCalendar.startOfDay(summer).toInstant()).isEqualTo("1919-03-31T04:30:00Z");
    }

    @Test
    void aDayWithTwoMidnightsBeginsWithTheSecondForCalendar() {
        Day winter = new Day("America/Havana", 2023, 11, 5);

        // clocks go back at 01:00, so that only the hour from 00:00 on occurs twice
        assertThat(LegacyCalendar.startOfDay(winter).toInstant()).isEqualTo("2023-11-05T05:00:00Z");
        assertThat(ModernCalendar.startOfDay(winter).toInstant()).isEqualTo("2023-11-05T04:00:00Z");
    }

    @Test
    void aMonthLaterThatOccursTwiceIsTheSecondForCalendar() {
        Moment summer = moment("Europe/Paris", "2023-09-29T00:30:00Z");

        assertThat(LegacyCalendar.plusOneMonth(summer).toInstant()).isEqualTo("2023-10-29T01:30:00Z");
        assertThat(ModernCalendar.plusOneMonth(summer).toInstant()).isEqualTo("2023-10-29T00:30:00Z");
    }

    @Test
    void theLastDayOfJanuaryIsFollowedByTheLastOfFebruaryForBoth() {
        Moment lastOfJanuary = moment("Europe/Paris", "2024-01-31T12:00:00Z");

        assertThat(LegacyCalendar.plusOneMonth(lastOfJanuary).toInstant()).isEqualTo("2024-02-29T12:00:00Z");
        assertThat(ModernCalendar.plusOneMonth(lastOfJanuary).toInstant()).isEqualTo("2024-02-29T12:00:00Z");
    }

    @Test
    void aDayOf23HoursIsLostInADivision() {
        Span overIt = span("Europe/Paris", "2023-03-25T12:00:00Z", "2023-03-27T12:00:00Z");

        assertThat(LegacyCalendar.daysBetween(overIt)).isEqualTo(1);
        assertThat(ModernCalendar.daysBetween(overIt)).isEqualTo(2);
    }

    @Test
    void theDaysLeftOutIn1582ExistForJavaTimeOnly() {
        Day first = new Day("UTC", 1582, 10, 15);
        Day leftOut = new Day("UTC", 1582, 10, 5);
        Day lastOfJulius = new Day("UTC", 1582, 10, 4);

        assertThat(LegacyCalendar.startOfDay(first).toInstant()).isEqualTo("1582-10-15T00:00:00Z");
        assertThat(LegacyCalendar.startOfDay(leftOut).toInstant()).isEqualTo("1582-10-15T00:00:00Z");
        assertThat(LegacyCalendar.startOfDay(lastOfJulius).toInstant()).isEqualTo("1582-10-14T00:00:00Z");

        assertThat(ModernCalendar.startOfDay(first).toInstant()).isEqualTo("1582-10-15T00:00:00Z");
        assertThat(ModernCalendar.startOfDay(leftOut).toInstant()).isEqualTo("1582-10-05T00:00:00Z");
        assertThat(ModernCalendar.startOfDay(lastOfJulius).toInstant()).isEqualTo("1582-10-04T00:00:00Z");
    }

    @Test
    void localMeanTimeIsKnownToTimeZoneFrom1900OnlyAndWrittenToTheMinute() {
        Moment before = moment("Africa/Abidjan", "1899-12-31T23:59:59Z");
        Moment from1900 = moment("Africa/Abidjan", "1900-01-01T00:00:00Z");

        assertThat(LegacyCalendar.localTime(before)).isEqualTo("1899-12-31T23:59:59Z");
        assertThat(ModernCalendar.localTime(before)).isEqualTo("1899-12-31T23:43:51-00:16:08");
        assertThat(LegacyCalendar.localTime(from1900)).isEqualTo("1899-12-31T23:43:52-00:16");
        assertThat(ModernCalendar.localTime(from1900)).isEqualTo("1899-12-31T23:43:52-00:16:08");
    }

    @Test
    void everyTransitionFrom1850OnIsAskedAboutTheRuledOnesTo2037() {
        ZoneId zone = ZoneId.of("Europe/Paris");
        List<Instant> transitions = new ArrayList<>();
        for (ZoneOffsetTransition transition : Questions.transitions(zone.getRules())) {
            transitions.add(transition.getInstant());
        }

        assertThat(transitions).isSorted().doesNotHaveDuplicates().contains(Instant.parse("1976-03-28T00:00:00Z"));
        assertThat(transitions.get(0).atZone(zone).toLocalDate()).isEqualTo(LocalDate.of(1911, 3, 10));
        assertThat(transitions.get(transitions.size() - 1)).isEqualTo("2037-10-25T01:00:00Z");
        assertThat(Questions.about("Europe/Paris").forLocalTime().stream().map(Moment::instant))
                .containsAll(transitions);
    }

    private static Moment moment(String zone, String instant) {
        return Moment.of(zone, Instant.parse(instant));
    }

    private static Span span(String zone, String from, String to) {
        return Span.of(zone, Instant.parse(from), Instant.parse(to));
    }
}
