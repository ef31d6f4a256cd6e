package dev.scientist.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the benchmarks side by side and writes what they measured to {@code benchmarks/results}: figures and targets as
 * JSON and as tables, and a chart, all named after the JDK. What JMH itself writes stays in {@code target}.
 */
public final class Suite {

    private static final String QUICK = "--quick";
    private static final ObjectMapper JSON = new ObjectMapper();

    private Suite() {}

    /**
     * Runs it.
     *
     * @param args {@code --quick} for shorter runs of the most important ones, in about five minutes
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
        String name = "jdk-" + Runtime.version().feature() + (quick ? "-quick" : "");
        Path json = Files.createDirectories(module().resolve("target")).resolve("jmh-" + name + ".json");
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("(Experiment|Threads|Peer|Background|Page)Benchmark")
                .include("InterfaceBenchmark")
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .resultFormat(ResultFormatType.JSON)
                .result(json.toString());
        if (quick) {
            options.param("work", "22ns")
                    .forks(1)
                    .warmupIterations(3)
                    .warmupTime(TimeValue.milliseconds(500))
                    .measurementIterations(4)
                    .measurementTime(TimeValue.milliseconds(500));
        } else {
            options.include("StructuralBenchmark|GateBenchmark");
        }
        new Runner(options.build()).run();
        write(json, folder, name);
    }

    /** This module's folder, wherever the program was started. */
    private static Path module() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("benchmarks")) ? here.resolve("benchmarks") : here;
    }

    /** Makes the tables and the chart of what JMH wrote. */
    static void write(Path jmh, Path folder, String name) throws IOException {
        JsonNode runs = JSON.readTree(jmh.toFile());
        Map<String, Figure> figures = new LinkedHashMap<>();
        runs.forEach(run -> {
            Figure figure = Figure.of(run);
            figures.put(figure.name(), figure);
        });
        Measurements all = new Measurements(machine(runs.get(0)), List.copyOf(figures.values()), Target.all(figures));
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
        StringBuilder text = new StringBuilder("# Benchmarks\n\n" + all.machine() + "\n\n");
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
                            target.isMet() ? "met" : "**missed**")));
        }
        return text.toString();
    }
}
