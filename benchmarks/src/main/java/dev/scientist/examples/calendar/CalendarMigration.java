package dev.scientist.examples.calendar;

import dev.scientist.Experiment;
import dev.scientist.Publisher;
import dev.scientist.Rendering;
import dev.scientist.Scientist;
import dev.scientist.compare.Comparators;
import dev.scientist.evidence.EvidencePage;
import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.evidence.EvidenceReport;
import dev.scientist.evidence.EvidenceServer;
import dev.scientist.evidence.ExperimentEvidence;
import dev.scientist.evidence.Tolerance;
import dev.scientist.examples.calendar.Question.Day;
import dev.scientist.examples.calendar.Question.Moment;
import dev.scientist.examples.calendar.Question.Span;
import dev.scientist.micrometer.MicrometerPublisher;
import dev.scientist.replay.JacksonCodec;
import dev.scientist.replay.MismatchWriter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.zone.ZoneRulesProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs old calendar code and its rewrite side by side: each operation is an experiment, and the questions are those
 * that are hard to answer, about every zone that the JDK knows. Nothing is made up: what differs is what the two APIs
 * of the JDK really do.
 */
public final class CalendarMigration implements AutoCloseable {

    private static final int INVALID_OPTIONS = 2;
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    /** Times of either are a few hundred nanoseconds: what matters here is whether they agree. */
    private static final Tolerance TOLERANCE = Tolerance.standard().maxSlowDown(10);

    /** The first year that is wholly in the Gregorian calendar. */
    private static final Instant YEAR_1583 = Instant.parse("1583-01-01T00:00:00Z");

    private final FindingsPublisher publisher;
    /** Nothing here is private. */
    private final EvidencePublisher evidence =
            EvidencePublisher.builder().rendering(Rendering.showingValues()).build();

    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Scientist scientist;
    private final Experiment<Date> startOfDay;
    private final Experiment<Date> plusOneMonth;
    private final Experiment<Long> daysBetween;
    private final Experiment<String> localTime;

    CalendarMigration(long seed, Publisher... others) {
        publisher = new FindingsPublisher(seed);
        Scientist.Builder builder = Scientist.builder()
                .publisher(publisher)
                .publisher(evidence)
                .publisher(new MicrometerPublisher(metrics).histogram());
        List.of(others).forEach(builder::publisher);
        scientist = builder.build();

        // README: calendar
        startOfDay = scientist
                .<Date>experiment("calendar.start-of-day")
                .ignore(
                        "our documents begin in 1850; the old code takes dates before 1582-10-15 for Julian ones",
                        (control, candidate) -> candidate.toInstant().isBefore(YEAR_1583))
                // the text of a Date depends on where the program runs
                .clean(Date::toInstant)
                // to see which questions are answered otherwise
                .trait("century", Question.class, Question::century)
                .trait("region", Question.class, Question::region)
                .trait("clocks", Question.class, Question::clocks)
                .build();
        plusOneMonth = startOfDay.toBuilder("calendar.plus-one-month").build();
        daysBetween = scientist
                .<Long>experiment("calendar.days-between")
                .trait("century", Question.class, Question::century)
                .trait("region", Question.class, Question::region)
                .trait("clocks", Question.class, Question::clocks)
                .build();
        localTime = scientist
                .<String>experiment("calendar.local-time")
                .ignore(
                        "the old code cuts offsets off at the minute, the new one writes their seconds too",
                        (control, candidate) -> candidate.startsWith(control))
                // texts are shown only where a cleaner says that they may be
                .clean(text -> text)
                // so that a mismatch says which part of the text differs
                .comparator(Comparators.by("text", Parts::of, Comparators.structural()))
                .trait("century", Question.class, Question::century)
                .trait("region", Question.class, Question::region)
                .trait("clocks", Question.class, Question::clocks)
                .build();
        // README end
    }

    Experiment<Date> startOfDay() {
        return startOfDay;
    }

    Experiment<Date> plusOneMonth() {
        return plusOneMonth;
    }

    Experiment<Long> daysBetween() {
        return daysBetween;
    }

    Experiment<String> localTime() {
        return localTime;
    }

    /** What a text consists of. */
    record Parts(String date, String time, String offset) {
        private static final Pattern TEXT = Pattern.compile("(.+)T([0-9:.]+)(.+)");

        static Parts of(String text) {
            Matcher matcher = TEXT.matcher(text);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("no date, time and offset: " + text);
            }
            return new Parts(matcher.group(1), matcher.group(2), matcher.group(3));
        }
    }

    /** Asks both everything, or as much as the sample takes. */
    void run(List<Questions> all, Sample sample, Progress progress) {
        for (Questions questions : all) {
            for (Day day : questions.forStartOfDay()) {
                if (sample.takesNext()) {
                    startOfDay.run(day, LegacyCalendar::startOfDay, ModernCalendar::startOfDay);
                    progress.oneMore();
                }
            }
            for (Moment moment : questions.forPlusOneMonth()) {
                if (sample.takesNext()) {
                    // README: calendar-run
                    plusOneMonth.run(moment, LegacyCalendar::plusOneMonth, ModernCalendar::plusOneMonth);
                    // README end
                    progress.oneMore();
                }
            }
            for (Span span : questions.forDaysBetween()) {
                if (sample.takesNext()) {
                    daysBetween.run(span, LegacyCalendar::daysBetween, ModernCalendar::daysBetween);
                    progress.oneMore();
                }
            }
            for (Moment moment : questions.forLocalTime()) {
                if (sample.takesNext()) {
                    localTime.run(moment, LegacyCalendar::localTime, ModernCalendar::localTime);
                    progress.oneMore();
                }
            }
        }
    }

    /** The page and the metrics. */
    EvidenceServer serve(int port) throws IOException {
        try {
            return EvidenceServer.builder(new EvidencePage(scientist, evidence, TOLERANCE))
                    .port(port)
                    .resource("/metrics", PROMETHEUS_TEXT, metrics::scrape)
                    .start();
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "; choose another port by --serve=PORT, 0 for any that is free", e);
        }
    }

    @Override
    public void close() {
        scientist.close();
    }

    String report() {
        return new EvidenceReport(evidence.evidence(), TOLERANCE).text();
    }

    List<ExperimentEvidence> evidence() {
        return evidence.evidence();
    }

    List<Findings> findings() {
        return publisher.findings();
    }

    /**
     * Runs the migration and prints a report.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(execute(args, System.out, System.err, Progress.hasTerminal(), CalendarMigration::waitForEver));
    }

    /**
     * Returns the exit code.
     *
     * @param untilStopped returns when a page that is served is to be served no more
     */
    static int execute(String[] args, PrintStream out, PrintStream err, boolean isTerminal, Runnable untilStopped) {
        if (Arrays.asList(args).contains("--help")) {
            out.print(Options.HELP);
            return 0;
        }
        Options options;
        try {
            options = Options.parse(args);
        } catch (Options.InvalidException e) {
            err.println(e.getMessage());
            return INVALID_OPTIONS;
        }
        long start = System.nanoTime();
        List<String> zones = options.zones();
        Progress gathering = new Progress(err, isTerminal, "zones looked into", zones.size());
        List<Questions> all = new ArrayList<>();
        for (String zone : zones) {
            all.add(Questions.about(zone));
            gathering.oneMore();
        }
        long total = all.stream().mapToLong(Questions::size).sum();
        long inputs = Math.min(total, options.inputs());

        try (CalendarMigration migration = new CalendarMigration(options.seed(), publishers(options.mismatches()));
                EvidenceServer server = options.port().isPresent()
                        ? migration.serve(options.port().getAsInt())
                        : null) {
            if (server != null) {
                err.println("the page is at " + server.uri() + ", the metrics at " + server.uri() + "metrics");
            }
            migration.run(
                    all,
                    new Sample(inputs, total, options.seed()),
                    new Progress(err, isTerminal, "inputs run", inputs));

            out.println("Old calendar code (java.util.GregorianCalendar, control), its rewrite (java.time, candidate)");
            out.printf(
                    Locale.ROOT,
                    "%,d of %,d inputs about %,d zones of the time-zone database %s, JDK %s, seed %d: %.1f s%n%n",
                    inputs,
                    total,
                    zones.size(),
                    ZoneRulesProvider.getVersions(zones.get(0)).lastKey(),
                    System.getProperty("java.version"),
                    options.seed(),
                    (System.nanoTime() - start) / 1e9);
            out.println(migration.report());
            migration.findings().forEach(new Report(out)::print);
            if (server != null) {
                err.println("the page is still at " + server.uri() + "; Ctrl-C ends it");
                untilStopped.run();
            }
        } catch (IOException e) {
            err.println(e.getMessage());
            return INVALID_OPTIONS;
        }
        return 0;
    }

    private static Publisher[] publishers(@Nullable Path mismatches) throws IOException {
        return mismatches == null
                ? new Publisher[0]
                : new Publisher[] {
                    MismatchWriter.builder(mismatches).codec(new JacksonCodec()).open()
                };
    }

    /** Ctrl-C ends the process. */
    private static void waitForEver() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
