package dev.scientist.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs the benchmarks side by side and writes what they measured to {@code benchmarks/results}: figures and targets as
 * JSON and as tables, and a chart, all named after the JDK. What JMH itself writes stays in {@code target}.
 *
 * <p>It goes through all that are compared with each other several times, each time in a new JVM, and takes medians: a
 * slow minute of the machine then falls on one round of some benchmarks, rather than on all that one of them has.
 */
public final class Suite {

    private static final String QUICK = "--quick";
    private static final int ROUNDS = 3;

    /** What is compared with each other. */
    private static final String SIDE_BY_SIDE = "(Experiment|Threads|Peer|Background|Interface|Rollout)Benchmark";
    /** Where a longer workload tells more. */
    private static final String LONGER =
            "ExperimentBenchmark.(direct|off|onePercent|controlAndCandidate|handWrittenOn|on|mismatch|candidateThrows)$";
    /** What stands for itself. */
    private static final String APART = "(Gate|LookUp|Structural|Pairing|Page|Trait|Growth|ColdStart)Benchmark";

    private static final ObjectMapper JSON = new ObjectMapper();

    private Suite() {}

    /**
     * Runs it.
     *
     * @param args {@code --quick} for one round of those that are compared with each other, in less than five minutes
     * @throws IOException if the results cannot be written
     * @throws RunnerException if a benchmark fails
     */
    public static void main(String[] args) throws IOException, RunnerException {
        boolean quick = Arrays.asList(args).contains(QUICK);
        for (String arg : args) {
            if (!arg.equals(QUICK) && !arg.isBlank()) {
                System.err.println("there is no option '" + arg + "'; there is --quick");
                System.exit(2);
            }
        }
        Path folder = Files.createDirectories(module().resolve("results"));
        Path raw = Files.createDirectories(module().resolve("target").resolve("jmh"));
        String name = "jdk-" + Runtime.version().feature() + (quick ? "-quick" : "");
        List<List<JsonNode>> rounds = new ArrayList<>();
        for (int i = 0; i < (quick ? 1 : ROUNDS); i++) {
            List<JsonNode> round = new ArrayList<>();
            Path json = raw.resolve(name + "-" + i + ".json");
            round.addAll(run(new OptionsBuilder().include(SIDE_BY_SIDE).param("work", "22ns"), json));
            if (!quick) {
                round.addAll(run(new OptionsBuilder().include(LONGER).param("work", "1us"), json));
            }
            if (!quick && i == 0) {
                round.addAll(run(new OptionsBuilder().include(APART), json));
            }
            rounds.add(round);
        }
        write(rounds, folder, name);
    }

    private static List<JsonNode> run(ChainedOptionsBuilder options, Path json) throws IOException, RunnerException {
        new Runner(options.addProfiler(GCProfiler.class)
                        .shouldFailOnError(true)
                        .resultFormat(ResultFormatType.JSON)
                        .result(json.toString())
                        .build())
                .run();
        List<JsonNode> runs = new ArrayList<>();
        JSON.readTree(json.toFile()).forEach(runs::add);
        return runs;
    }

    /** This module's folder, wherever the program was started. */
    private static Path module() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("benchmarks")) ? here.resolve("benchmarks") : here;
    }

    /** Makes the tables and the chart of what JMH wrote in each round. */
    static void write(List<List<JsonNode>> rounds, Path folder, String name) throws IOException {
        List<List<Figure>> figures = rounds.stream()
                .map(round -> round.stream().map(Figure::of).toList())
                .toList();
        Measurements all = new Measurements(
                machine(rounds.get(0).get(0)), rounds.size(), Figure.medians(figures), Target.medians(figures));
        JSON.writerWithDefaultPrettyPrinter()
                .writeValue(folder.resolve(name + ".json").toFile(), all);
        Files.writeString(folder.resolve(name + ".md"), table(all));
        Files.writeString(folder.resolve(name + ".svg"), Chart.of(all));
    }

    private static String machine(JsonNode run) throws IOException {
        return String.format(
                Locale.ROOT,
                "JDK %s (%s), %s %s, %d processors, %s",
                run.path("jdkVersion").asText(),
                run.path("vmName").asText(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                processor());
    }

    private static String processor() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(info)) {
            return "processor unknown";
        }
        try (Stream<String> lines = Files.lines(info)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("processor unknown");
        }
    }

    private static String table(Measurements all) {
        StringBuilder text = new StringBuilder("# Benchmarks\n\n" + all.machine() + "; "
                + (all.rounds() == 1
                        ? "one round, ± half the width of the 99.9% confidence interval of the mean"
                        : "medians of " + all.rounds()
                                + " rounds, ± half the distance between the shortest and the longest; the last ones, of one"
                                + " round, ± half the width of the 99.9% confidence interval of the mean")
                + "\n\n");
        text.append("| benchmark | time | ± | B/op |\n|---|--:|--:|--:|\n");
        all.figures()
                .forEach(figure -> text.append(String.format(
                        Locale.ROOT,
                        "| %s | %.1f %s | %.1f | %.1f |%n",
                        figure.name(),
                        figure.time(),
                        figure.unit(),
                        figure.error(),
                        figure.bytes())));
        if (!all.targets().isEmpty()) {
            text.append("\n## Targets\n\n| target | at most | measured | |\n|---|--:|--:|---|\n");
            all.targets()
                    .forEach(target -> text.append(String.format(
                            Locale.ROOT,
                            "| %s | %.2f | %.2f | %s |%n",
                            target.what(),
                            target.atMost(),
                            target.measured(),
                            target.met() ? "met" : "**missed**")));
        }
        return text.toString();
    }
}
