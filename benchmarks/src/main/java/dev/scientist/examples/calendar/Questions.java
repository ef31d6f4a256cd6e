package dev.scientist.examples.calendar;

import dev.scientist.examples.calendar.Question.Day;
import dev.scientist.examples.calendar.Question.Moment;
import dev.scientist.examples.calendar.Question.Span;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What is asked about one zone: what is hard to answer, around each of its transitions, and around the days of 1582 on
 * which the Gregorian calendar took over from the Julian one. Nothing is asked twice. Immutable.
 *
 * @param forStartOfDay dates
 * @param forPlusOneMonth moments; many are a month before a gap or an overlap
 * @param forDaysBetween spans
 * @param forLocalTime moments
 */
record Questions(
        List<Day> forStartOfDay, List<Moment> forPlusOneMonth, List<Span> forDaysBetween, List<Moment> forLocalTime) {

    /** Where the transitions begin that are asked about. */
    private static final Instant FIRST = Instant.parse("1850-01-01T00:00:00Z");
    /** Where they end: rules go on for ever. */
    private static final Instant END = Instant.parse("2038-01-01T00:00:00Z");

    static Questions about(String zone) {
        Collector collector = new Collector(zone);
        collector.aroundCutover();
        for (ZoneOffsetTransition transition : transitions(ZoneId.of(zone).getRules())) {
            collector.around(transition);
        }
        return collector.toQuestions();
    }

    int size() {
        return forStartOfDay.size() + forPlusOneMonth.size() + forDaysBetween.size() + forLocalTime.size();
    }

    /** All transitions, those that the database lists and those that its rules imply. */
    static List<ZoneOffsetTransition> transitions(ZoneRules rules) {
        List<ZoneOffsetTransition> transitions = new ArrayList<>();
        ZoneOffsetTransition transition = rules.nextTransition(FIRST.minusNanos(1));
        while (transition != null && transition.getInstant().isBefore(END)) {
            transitions.add(transition);
            transition = rules.nextTransition(transition.getInstant());
        }
        return transitions;
    }

    private static final class Collector {
        private static final Duration SECOND = Duration.ofSeconds(1);
        private static final Duration HOUR = Duration.ofHours(1);
        private static final Duration DAY = Duration.ofDays(1);

        /** Leap years to the Julian calendar only; the last two lie after the cutover, and are none to either API. */
        private static final int[] OLD_YEARS = {900, 1000, 1500, 1700, 1800};

        private final String zone;
        private final Set<Day> days = new LinkedHashSet<>();
        private final Set<Moment> monthBefore = new LinkedHashSet<>();
        private final Set<Span> spans = new LinkedHashSet<>();
        private final Set<Moment> moments = new LinkedHashSet<>();

        private Collector(String zone) {
            this.zone = zone;
        }

        private Questions toQuestions() {
            return new Questions(List.copyOf(days), List.copyOf(monthBefore), List.copyOf(spans), List.copyOf(moments));
        }

        private void around(ZoneOffsetTransition transition) {
            Instant instant = transition.getInstant();
            Duration half = transition.getDuration().abs().dividedBy(2);
            for (Duration distance : List.of(Duration.ZERO, SECOND, half, HOUR, DAY)) {
                moments.add(Moment.of(zone, instant.minus(distance)));
                moments.add(Moment.of(zone, instant.plus(distance)));
            }
            for (Duration distance : List.of(SECOND, half)) {
                monthBefore.add(Moment.of(zone, instant.minus(distance)));
                monthBefore.add(Moment.of(zone, instant.plus(distance)));
            }

            // the local times from lower to upper are those that a gap skips, or that an overlap has twice
            boolean isGap = transition.isGap();
            LocalDateTime lower = isGap ? transition.getDateTimeBefore() : transition.getDateTimeAfter();
            LocalDateTime upper = isGap ? transition.getDateTimeAfter() : transition.getDateTimeBefore();
            lower.toLocalDate()
                    .minusDays(1)
                    .datesUntil(upper.toLocalDate().plusDays(2))
                    .forEach(date -> days.add(Day.of(zone, date)));
            for (LocalDateTime landing : List.of(
                    lower.minus(DAY),
                    lower.minus(SECOND),
                    lower,
                    lower.plus(half),
                    upper.minus(SECOND),
                    upper,
                    upper.plus(DAY))) {
                monthBefore.add(Moment.of(
                        zone, landing.minusMonths(1).atZone(ZoneId.of(zone)).toInstant()));
            }

            spans.add(Span.of(zone, instant.minus(SECOND), instant.plus(SECOND)));
            spans.add(Span.of(zone, instant.minus(DAY), instant.plus(DAY)));
            spans.add(Span.of(zone, instant.plus(DAY), instant.minus(DAY)));
            spans.add(Span.of(zone, instant.minus(HOUR), instant.plus(DAY.multipliedBy(7))));
            spans.add(Span.of(zone, instant.minus(DAY.multipliedBy(30)), instant.plus(HOUR)));
        }

        private void aroundCutover() {
            Explainer.CUTOVER
                    .minusDays(12)
                    .datesUntil(Explainer.CUTOVER.plusDays(13))
                    .forEach(this::onOldDate);
            for (int year : OLD_YEARS) {
                onOldDate(LocalDate.of(year, 2, 28));
                onOldDate(LocalDate.of(year, 3, 1));
            }
        }

        private void onOldDate(LocalDate date) {
            LocalDateTime noon = date.atTime(12, 0);
            Instant instant = noon.toInstant(ZoneOffset.UTC);
            days.add(Day.of(zone, date));
            monthBefore.add(Moment.of(zone, instant));
            monthBefore.add(Moment.of(zone, noon.minusMonths(1).toInstant(ZoneOffset.UTC)));
            spans.add(Span.of(zone, instant, instant.plus(DAY)));
            spans.add(Span.of(zone, instant.minus(DAY.multipliedBy(30)), instant));
            moments.add(Moment.of(zone, instant));
        }
    }
}
