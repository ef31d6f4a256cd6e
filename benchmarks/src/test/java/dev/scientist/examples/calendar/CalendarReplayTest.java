package dev.scientist.examples.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.scientist.examples.calendar.Question.Span;
import dev.scientist.junit.MismatchSource;
import dev.scientist.junit.Parity;
import dev.scientist.junit.ParityTest;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** From a mismatch to a test: the migration writes its mismatches, a suite replays them, and the repaired code passes. */
class CalendarReplayTest {

    private static final String FILE = "target/calendar-mismatches.jsonl";

    @BeforeEach
    void migrate() throws Exception {
        Files.deleteIfExists(Path.of(FILE));
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        int exit = CalendarMigration.execute(
                new String[] {"--zones=Europe/Paris,America/New_York,Etc/UTC", "--mismatches=" + FILE},
                nowhere,
                nowhere,
                false,
                () -> {});
        assertThat(exit).isZero();
    }

    static class AsItIs {
        // README: replay
        @ParityTest
        @MismatchSource(value = FILE, experiment = "calendar.days-between")
        void daysBetween(Parity<Span, Long> parity) {
            parity.run(LegacyCalendar::daysBetween, ModernCalendar::daysBetween);
        }
        // README end
    }

    static class Repaired {
        @ParityTest
        @MismatchSource(value = FILE, experiment = "calendar.days-between", inputsPerPlace = 1000)
        void daysBetween(Parity<Span, Long> parity) {
            parity.run(LegacyCalendar::daysBetween, Repaired::wholeDays);
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
        assertThat(asItIs.failed().count()).isEqualTo(1);
        assertThat(asItIs.failed().stream()
                        .map(event -> event.getTestDescriptor().getDisplayName()))
                .singleElement()
                .asString()
                .matches("\\[1] calendar.days-between/candidate: \\(whole value\\), \\d{3,} times: .+");

        Events repaired = replay(Repaired.class);
        assertThat(repaired.failed().stream()
                        .map(event -> event.getTestDescriptor().getDisplayName()))
                .isEmpty();
        assertThat(repaired.succeeded().count()).isGreaterThan(100);
    }

    private static Events replay(Class<?> suite) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(suite))
                .execute()
                .testEvents();
    }
}
