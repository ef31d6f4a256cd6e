package dev.scientist.examples.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.evidence.ExperimentEvidence;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalendarMigrationTest {

    private static final long SEED = Long.getLong("scientist.seed", 7);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Runnable whileServing = () -> {
        throw new AssertionError("serves without being asked to");
    };

    @Test
    void everyInputEndsAsOneResultAndTheNumbersAddUp() {
        List<Questions> all = questionsAbout("Europe/Paris", "Pacific/Apia", "America/New_York");

        Map<String, Findings> findings = run(all, size(all));

        assertThat(findings.keySet())
                .containsExactlyInAnyOrder(
                        "calendar.start-of-day",
                        "calendar.plus-one-month",
                        "calendar.days-between",
                        "calendar.local-time");
        assertThat(findings.get("calendar.start-of-day").runs())
                .isEqualTo(sum(all, questions -> questions.forStartOfDay().size()));
        assertThat(findings.get("calendar.plus-one-month").runs())
                .isEqualTo(sum(all, questions -> questions.forPlusOneMonth().size()));
        assertThat(findings.get("calendar.days-between").runs())
                .isEqualTo(sum(all, questions -> questions.forDaysBetween().size()));
        assertThat(findings.get("calendar.local-time").runs())
                .isEqualTo(sum(all, questions -> questions.forLocalTime().size()));
        assertThat(findings.values()).allSatisfy(found -> {
            assertThat(found.matched() + found.mismatched() + found.ignoredInAll())
                    .isEqualTo(found.runs());
            assertThat(found.matched()).isPositive();
            assertThat(found.mismatched()).isPositive();
            assertThat(found.notCompared()).isZero();
            assertThat(found.controlExceptions()).isZero();
            assertThat(found.candidateExceptions()).isZero();
            assertThat(found.drops()).isZero();
            assertThat(found.failures()).isZero();
        });
    }

    @Test
    void everyMismatchOfASampleOfAllZonesIsExplained() {
        List<Questions> all = Options.allZones().stream().map(Questions::about).toList();

        Map<String, Findings> findings = run(all, 60_000);

        assertThat(findings.values())
                .as("seed %d", SEED)
                .allSatisfy(found -> assertThat(found.mismatches())
                        .as(found.experiment())
                        .isNotEmpty()
                        .doesNotContainKey(Kind.UNEXPLAINED));
        assertThat(findings.values().stream().mapToLong(Findings::runs).sum()).isEqualTo(60_000);
    }

    /** The evidence, which knows nothing of calendars, hints at what {@link Explainer} knows. */
    @Test
    void theTraitsTellWhichQuestionsAreAnsweredOtherwise() {
        CalendarMigration migration = new CalendarMigration(SEED);
        List<Questions> all = Options.allZones().stream().map(Questions::about).toList();
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        migration.run(all, new Sample(60_000, size(all), SEED), new Progress(nowhere, false, "inputs", 60_000));

        Map<String, List<String>> hints = migration.evidence().stream()
                .collect(Collectors.toMap(
                        ExperimentEvidence::experiment,
                        experiment -> experiment.candidates().get(0).hints().stream()
                                .map(hint -> hint.trait() + " = " + hint.value() + " at " + hint.place())
                                .toList()));
        migration.close();
        // an offset before 1900, and a Julian date
        assertThat(hints.get("calendar.start-of-day")).contains("century = 1800s at null");
        assertThat(hints.get("calendar.local-time"))
                .contains("century = 1500s at text.date")
                // the time and its offset differ in the same runs; which is named first depends on the zones of the JDK
                .anyMatch(hint -> hint.matches("century = 1800s at text\\.(offset|time)"));
    }

    @Test
    void eachKindIsFoundWhereHistoryHasIt() {
        List<Questions> all = questionsAbout("America/Toronto", "Pacific/Apia", "Africa/Algiers");

        Map<String, Findings> findings = run(all, size(all));

        assertThat(findings.get("calendar.start-of-day").mismatches())
                .containsOnlyKeys(Kind.BEFORE_1900, Kind.OCCURS_TWICE, Kind.MIDNIGHT_IN_GAP);
        assertThat(findings.get("calendar.start-of-day").ignored()).hasSize(1);
        assertThat(findings.get("calendar.plus-one-month").mismatches())
                .containsOnlyKeys(Kind.BEFORE_1900, Kind.OCCURS_TWICE);
        assertThat(findings.get("calendar.days-between").mismatches())
                .containsOnlyKeys(Kind.BEFORE_1900, Kind.SHORT_DAY, Kind.SKIPPED_DATE);
        assertThat(findings.get("calendar.local-time").mismatches())
                .containsOnlyKeys(Kind.BEFORE_1900, Kind.JULIAN_DATE, Kind.FRACTION);
        assertThat(findings.get("calendar.local-time").ignored()).hasSize(1);
    }

    @Test
    void mismatchesAreGroupedByTheirSignature() {
        List<Questions> all = Stream.of("UTC", "Europe/Amsterdam", "America/Costa_Rica")
                .map(Questions::about)
                .toList();

        Map<String, Findings> findings = run(all, size(all));

        assertThat(findings.values())
                .allSatisfy(found -> assertThat(found.places().values().stream()
                                .mapToLong(Long::longValue)
                                .sum())
                        .isEqualTo(found.mismatched()));
        assertThat(findings.get("calendar.start-of-day").places()).containsOnlyKeys("(whole value)");
        assertThat(findings.get("calendar.local-time").places())
                .containsKeys("text.date", "text.offset, text.time")
                .containsEntry("text.time", 1L); // a transition of Costa Rica, half a second past 05:48:06
    }

    @Test
    void theEvidenceIsPrintedWithAConclusionForEachExperiment() {
        assertThat(execute("--zones=Etc/UTC,Europe/Paris")).isZero();

        assertThat(text(out))
                .containsPattern("experiment 'calendar.plus-one-month': [0-9,]+ results since ")
                .contains("  candidate 'candidate': NOT READY\n")
                .contains("of the compared runs mismatch, above the 0.1% allowed (")
                .contains("    mismatches by where they differ\n")
                .contains("Judged by: mismatch rate up to 0.1%");
    }

    @Test
    void onRequestAPageAndMetricsAreServed() {
        List<String> served = new ArrayList<>();
        whileServing = () -> {
            Matcher address = Pattern.compile("the page is at (http://\\S+/),").matcher(text(err));
            assertThat(address.find()).isTrue();
            served.add(get(address.group(1)));
            served.add(get(address.group(1) + "metrics"));
        };
        assertThat(execute("--zones=Etc/UTC,Europe/Paris", "--serve=0")).isZero();

        assertThat(served.get(0)).contains(">calendar.plus-one-month</a>").contains("NOT READY");
        assertThat(served.get(1))
                .containsPattern("scientist_comparisons_total\\{candidate=\"candidate\","
                        + "experiment=\"calendar.days-between\",outcome=\"mismatched\"\\} [1-9]");
    }

    @Test
    void aPortThatIsTakenIsAnErrorThatSaysWhatToDo() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(execute("--zones=Etc/UTC", "--inputs=1", "--serve=" + taken.getLocalPort()))
                    .isEqualTo(2);
        }
        assertThat(text(err)).contains("cannot serve at ").contains("choose another port by --serve=PORT");
    }

    private static String get(String address) {
        try {
            HttpResponse<String> response = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            return response.body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theSameSeedGivesTheSameReportButForTimes() {
        String first = reportOf("--zones=12", "--inputs=3000", "--seed=" + SEED);
        String second = reportOf("--zones=12", "--inputs=3000", "--seed=" + SEED);
        String other = reportOf("--zones=12", "--inputs=3000", "--seed=" + (SEED + 1));

        assertThat(second).isEqualTo(first).isNotEqualTo(other);
    }

    @Test
    void theReportExplainsEachKindWithExamplesThatCanBeRead() {
        assertThat(execute("--zones=Pacific/Apia,Asia/Tokyo")).isZero();

        assertThat(text(out))
                .contains("about 2 zones of the time-zone database")
                .contains("calendar.days-between")
                .contains(Kind.SKIPPED_DATE.title())
                .containsPattern("- Pacific/Apia 2011-1.*Z to 2011-1.*Z: control -?\\d+, candidate -?\\d+\n")
                .contains("0  unexplained")
                .doesNotContain("java.lang.");
        assertThat(text(err)).contains("100 %  2 of 2 zones looked into").contains("inputs run");
    }

    @Test
    void noMoreInputsAreRunThanAskedFor() {
        assertThat(execute("--zones=Europe/*", "--inputs=500")).isZero();

        assertThat(text(out)).containsPattern("\n500 of [0-9,]{5,} inputs about");
        assertThat(text(err)).contains("100 %  500 of 500 inputs run");
    }

    @Test
    void allInputsAreRunWhereMoreAreAskedForThanThereAre() {
        assertThat(execute("--zones=Etc/UTC", "--inputs=1000000")).isZero();

        int total = Questions.about("Etc/UTC").size();
        assertThat(text(out)).contains("\n" + total + " of " + total + " inputs");
    }

    @Test
    void helpNamesEveryOption() {
        assertThat(execute("--zones=nonsense", "--help")).isZero();

        assertThat(text(out)).contains("--zones=", "--inputs=", "--seed=", "--serve", "--mismatches=", "--help");
        assertThat(text(err)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --zones=Europe/Pari    | there is no zone 'Europe/Pari'; allowed are ids such as Europe/Paris
                    --zones=UTC,Nowhere/*  | there is no zone 'Nowhere/*'
                    --zones=               | there is no zone ''
                    --zones=0              | --zones=0: must be a whole number from 1 to
                    --zones=100000         | --zones=100000: must be a whole number from 1 to
                    --inputs=0             | --inputs=0: must be a whole number from 1 on
                    --inputs=-5            | --inputs=-5: must be a whole number from 1 on
                    --inputs=many          | --inputs=many: must be a whole number from 1 on
                    --inputs               | --inputs=: must be a whole number from 1 on
                    --seed=1.5             | --seed=1.5: must be a whole number
                    --serve=70000          | --serve=70000: must be a whole number from 0 to 65535
                    --mismatches=          | --mismatches=: must be the name of a file
                    --colour=red           | there is no option '--colour=red'; there are --zones=
                    Europe/Paris           | there is no option 'Europe/Paris'; there are --zones=
                    """)
    void aWrongOptionIsNamedAndNothingIsRun(String option, String message) {
        assertThat(execute(option)).isEqualTo(2);

        assertThat(text(err)).contains(message).hasLineCount(1);
        assertThat(text(out)).isEmpty();
    }

    @Test
    void anOptionThatIsGivenTwiceIsNamed() {
        assertThat(execute("--seed=1", "--seed=2")).isEqualTo(2);

        assertThat(text(err)).contains("--seed is given twice");
    }

    @Test
    void onATerminalTheProgressStaysOnOneLine() {
        Progress progress = new Progress(print(err), true, "things", 3);
        for (int i = 0; i < 3; i++) {
            progress.oneMore();
        }

        assertThat(text(err))
                .endsWith("\r100 %  3 of 3 things" + System.lineSeparator())
                .hasLineCount(2);
    }

    private Map<String, Findings> run(List<Questions> all, long inputs) {
        CalendarMigration migration = new CalendarMigration(SEED);
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        migration.run(all, new Sample(inputs, size(all), SEED), new Progress(nowhere, false, "inputs", inputs));
        return migration.findings().stream().collect(Collectors.toMap(Findings::experiment, found -> found));
    }

    private String reportOf(String... args) {
        out.reset();
        assertThat(execute(args)).isZero();
        String report = text(out);
        return report.substring(report.indexOf("mismatches by kind"));
    }

    private int execute(String... args) {
        return CalendarMigration.execute(args, print(out), print(err), false, whileServing);
    }

    private static List<Questions> questionsAbout(String... zones) {
        for (String zone : zones) {
            assertThat(ZoneId.getAvailableZoneIds()).contains(zone);
        }
        return List.of(zones).stream().map(Questions::about).toList();
    }

    private static long size(List<Questions> all) {
        return sum(all, Questions::size);
    }

    private static long sum(List<Questions> all, ToLongFunction<Questions> size) {
        return all.stream().mapToLong(size).sum();
    }

    private static PrintStream print(ByteArrayOutputStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
