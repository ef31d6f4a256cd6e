package dev.scientist.examples.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.scientist.examples.calendar.Question.Day;
import dev.scientist.examples.calendar.Question.Moment;
import dev.scientist.examples.calendar.Question.Span;
import dev.scientist.junit.MismatchSource;
import dev.scientist.junit.Parity;
import dev.scientist.junit.ParityTest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.JulianFields;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/**
 * From a mismatch to a test: the migration writes its mismatches, a suite replays them by the migration's own experiments,
 * and the code is repaired, one kind of mismatch after the other.
 */
class CalendarReplayTest {

    private static final String FILE = "target/calendar-mismatches.jsonl";
    private static final CalendarMigration MIGRATION = new CalendarMigration(1);

    @BeforeAll
    static void migrate() throws Exception {
        for (String older : new String[] {"", ".1", ".2", ".3"}) {
            Files.deleteIfExists(Path.of(FILE + older));
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        int exit = CalendarMigration.execute(
                new String[] {"--zones=Europe/Paris,America/New_York,Etc/UTC", "--mismatches=" + FILE},
                out,
                out,
                false,
                () -> {});
        assertThat(exit).isZero();
        assertThat(said.toString(StandardCharsets.UTF_8)).doesNotContain("failures");
    }

    static class AsItIs {
        // README: replay
        @ParityTest
        @MismatchSource(value = FILE, experiment = "calendar.days-between")
        void daysBetween(Parity<Span, Long> parity) {
            parity.using(MIGRATION.daysBetween()) // compares as the application does
                    .run(LegacyCalendar::daysBetween, ModernCalendar::daysBetween);
        }
        // README end
    }

    static class Repaired {
        @ParityTest
        @MismatchSource(value = FILE, experiment = "calendar.days-between", inputsPerPlace = 1000)
        void daysBetween(Parity<Span, Long> parity) {
            parity.using(MIGRATION.daysBetween()).run(LegacyCalendar::daysBetween, Repaired::wholeDays);
        }

        /** Does what callers of the old code have come to rely on: a day that is not whole does not count. */
        static Long wholeDays(Span span) {
            ZoneId zone = ZoneId.of(span.zone());
            ZonedDateTime from = span.from().atZone(zone).toLocalDate().atStartOfDay(zone);
            ZonedDateTime to = span.to().atZone(zone).toLocalDate().atStartOfDay(zone);
            return Duration.between(from, to).toHours() / 24;
        }
    }

    @Test
    void theCandidateAsItIsFailsAndTheRepairedOnePasses() {
        Events asItIs = replay(AsItIs.class);
        assertThat(asItIs.failed().count()).isEqualTo(3);
        assertThat(asItIs.failed().stream()
                        .map(event -> event.getTestDescriptor().getDisplayName()))
                .first()
                .asString()
                .matches(
                        "\\[1] calendar.days-between/candidate: \\(whole value\\), \\d{3,} times, \\d+ inputs left out: .+");

        Events repaired = replay(Repaired.class);
        assertThat(failures(repaired)).isEmpty();
        assertThat(repaired.succeeded().count()).isGreaterThan(100);
    }

    /** The local time, repaired step by step. */
    static class Times {
        private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ssXXX", Locale.ROOT);
        private static int repairs;

        @ParityTest
        @MismatchSource(value = FILE, experiment = "calendar.local-time", inputsPerPlace = 100)
        void localTime(Parity<Moment, String> parity) {
            parity.using(MIGRATION.localTime()).run(LegacyCalendar::localTime, Times::repaired);
        }

        static String repaired(Moment moment) {
            if (repairs == 0) {
                return ModernCalendar.localTime(moment);
            }
            // 1: no fractions of a second
            Moment whole = new Moment(
                    moment.zone(),
                    moment.instant().truncatedTo(ChronoUnit.SECONDS).toEpochMilli());
            if (repairs == 1) {
                return ModernCalendar.localTime(whole);
            }
            // 2: the offsets of java.util.TimeZone
            int offset = TimeZone.getTimeZone(moment.zone()).getOffset(moment.epochMillis());
            OffsetDateTime local = whole.instant().atOffset(ZoneOffset.ofTotalSeconds(offset / 1000));
            if (repairs == 2) {
                return local.toLocalDate() + "T" + TIME.format(local);
            }
            // 3: Julian dates
            return (local.toLocalDate().isBefore(Explainer.CUTOVER) ? julian(local.toLocalDate()) : local.toLocalDate())
                    + "T" + TIME.format(local);
        }

        /** The day of a number of days, by the usual formula (E. G. Richards). */
        private static String julian(LocalDate date) {
            long c = date.getLong(JulianFields.JULIAN_DAY) + 32_082;
            long d = (4 * c + 3) / 1461;
            long e = c - 1461 * d / 4;
            long m = (5 * e + 2) / 153;
            return String.format(
                    Locale.ROOT, "%04d-%02d-%02d", d - 4800 + m / 10, m + 3 - 12 * (m / 10), e - (153 * m + 2) / 5 + 1);
        }
    }

    @Test
    void eachRepairTurnsTheReplayOfItsKindGreen() {
        String time = "text.time";
        String offset = "text.offset, text.time";
        String date = "text.date";
        String all = "text.date, text.offset, text.time";
        Times.repairs = 0;
        assertThat(failingKinds(Times.class)).contains(time, offset, date, all);
        Times.repairs = 1;
        assertThat(failingKinds(Times.class)).contains(offset, date, all).doesNotContain(time);
        Times.repairs = 2;
        assertThat(failingKinds(Times.class)).contains(date, all).doesNotContain(time, offset);
        Times.repairs = 3;
        assertThat(failingKinds(Times.class)).isEmpty();
    }

    /** Dates, which the migration cleans and for which it ignores what is before 1850. */
    static class Dates {
        private static boolean isRepaired;

        @ParityTest
        @MismatchSource(value = FILE, experiment = "calendar.start-of-day", inputsPerPlace = 100)
        void startOfDay(Parity<Day, Date> parity) {
            parity.using(MIGRATION.startOfDay())
                    .run(
                            LegacyCalendar::startOfDay,
                            day -> isRepaired
                                    ? landing(day.zone(), day.date().atStartOfDay())
                                    : ModernCalendar.startOfDay(day));
        }

        @ParityTest
        @MismatchSource(value = FILE, experiment = "calendar.plus-one-month", inputsPerPlace = 100)
        void plusOneMonth(Parity<Moment, Date> parity) {
            parity.using(MIGRATION.plusOneMonth())
                    .run(
                            LegacyCalendar::plusOneMonth,
                            moment -> isRepaired
                                    ? landing(moment.zone(), localTime(moment).plusMonths(1))
                                    : ModernCalendar.plusOneMonth(moment));
        }

        private static LocalDateTime localTime(Moment moment) {
            int offset = TimeZone.getTimeZone(moment.zone()).getOffset(moment.epochMillis());
            return LocalDateTime.ofInstant(moment.instant(), ZoneOffset.ofTotalSeconds(offset / 1000));
        }

        /** Of two the second, out of a gap by its length, and with the offsets of java.util.TimeZone. */
        private static Date landing(String zone, LocalDateTime wanted) {
            ZoneRules rules = ZoneId.of(zone).getRules();
            ZoneOffsetTransition transition = rules.getTransition(wanted);
            if (transition != null) {
                return Date.from(wanted.toInstant(
                        transition.isOverlap() ? transition.getOffsetAfter() : transition.getOffsetBefore()));
            }
            long millis = wanted.toInstant(rules.getOffset(wanted)).toEpochMilli();
            int offset = TimeZone.getTimeZone(zone).getOffset(millis);
            return Date.from(wanted.toInstant(ZoneOffset.ofTotalSeconds(offset / 1000)));
        }
    }

    @Test
    void whatProductionIgnoresAndCleansIsIgnoredAndCleanedHereToo() {
        Dates.isRepaired = false;
        Events asItIs = replay(Dates.class);
        assertThat(asItIs.failed().count()).isGreaterThan(2);
        assertThat(asItIs.succeeded().count()).isZero();
        assertThat(failures(asItIs))
                .first()
                .asString()
                .contains("control returned 1")
                .contains("T");
        Dates.isRepaired = true;
        assertThat(failures(replay(Dates.class))).isEmpty();
    }

    private static Set<String> failingKinds(Class<?> suite) {
        Set<String> kinds = new TreeSet<>();
        replay(suite).failed().stream()
                .map(event -> event.getTestDescriptor().getDisplayName())
                .forEach(name -> kinds.add(name.replaceFirst(".*?: (.*?), \\d+ times?[,:].*", "$1")));
        return kinds;
    }

    private static List<String> failures(Events events) {
        return events.failed().stream()
                .map(event -> event.getTestDescriptor().getDisplayName() + "\n"
                        + event.getRequiredPayload(TestExecutionResult.class)
                                .getThrowable()
                                .map(Throwable::getMessage)
                                .orElse(""))
                .toList();
    }

    private static Events replay(Class<?> suite) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(suite))
                .execute()
                .testEvents();
    }
}
