package shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Starts the jar as a process of its own, sends it requests, operates it, and stops it by SIGTERM. */
class ApplicationIT {

    private static final int REQUESTS = 10_000;
    private static final int CALLERS = 8;
    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");
    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private int port;

    @Timeout(180)
    @ParameterizedTest(name = "virtual threads: {0}")
    @ValueSource(booleans = {false, true})
    void servesIsOperatedAndStopsWithoutAFalseMismatch(boolean virtualThreads) throws Exception {
        assumeTrue(!virtualThreads || Runtime.version().feature() >= 21, "virtual threads need JDK 21 or newer");
        Path log = folder.resolve("log.txt");
        Path evidence = folder.resolve("evidence.json");
        Process application = start(log, evidence, virtualThreads);
        try {
            port = awaitPort(application, log);

            // many requests, each with a candidate in the background
            inParallel(CALLERS, REQUESTS, request -> assertThat(get("/orders/" + request % 990 + "/total", false).body())
                    .isNotEqualTo("0"));
            String metrics = get("/actuator/prometheus", false).body();
            assertThat(compared(metrics, "matched")).isPositive();
            assertThat(compared(metrics, "mismatched")).isZero();
            assertThat(compared(metrics, "failed")).isZero();
            assertThat(line("runs", "started").asLong()).isEqualTo(REQUESTS);

            // page and endpoint are for operators alone
            assertThat(get("/scientist", false).statusCode()).isEqualTo(401);
            assertThat(get("/actuator/scientist", false).statusCode()).isEqualTo(401);
            HttpResponse<String> page = get("/scientist", true);
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).contains("order-total", "<html");
            Matcher link = Pattern.compile("href=\"(\\?experiment=[^\"]*)\"").matcher(page.body());
            assertThat(link.find()).isTrue();
            assertThat(get("/scientist" + link.group(1), true).body()).contains("<h1>order-total");
            assertThat(page.headers().firstValue("Content-Security-Policy")).hasValueSatisfying(policy -> assertThat(policy)
                    .startsWith("default-src 'none'"));

            // switched off and on, and to the canary
            assertThat(change("order-total", "{\"on\": false}").statusCode()).isEqualTo(204);
            assertThat(line("on").asBoolean()).isFalse();
            get("/orders/1/total", false);
            assertThat(line("runs", "started").asLong()).isEqualTo(REQUESTS);
            assertThat(change("order-total", "{\"on\": true, \"stage\": \"canary\"}").statusCode()).isEqualTo(204);
            assertThat(line("on").asBoolean()).isTrue();
            assertThat(line("rollout").asString()).endsWith(" in CANARY");
            inParallel(1, 100, request -> assertThat(get("/orders/" + request + "/total", false).statusCode()).isEqualTo(200));
            assertThat(change("order-total", "{\"stage\": \"shadow\"}").statusCode()).isEqualTo(204);
            assertThat(change("order-total", "{\"stag\": \"canary\"}").statusCode()).isEqualTo(400);
            assertThat(change("no-such", "{\"on\": false}").statusCode()).isEqualTo(400);
            assertThat(change("order-total", "{\"stage\": \"moon\"}").statusCode()).isEqualTo(400);

            // stopped while slow candidates are in flight
            inParallel(CALLERS, 16, request -> assertThat(get("/orders/" + (990 + request % 10) + "/total", false).statusCode())
                    .isEqualTo(200));
            JsonNode runs = line("runs");
            long started = runs.get("started").asLong();
            long dropped = 0;
            for (JsonNode reason : runs.get("dropped")) {
                dropped += reason.asLong();
            }
            long inFlight = started - runs.get("published").asLong() - dropped;
            assertThat(inFlight).as("candidates in flight").isGreaterThan(4);
            application.destroy(); // SIGTERM
            assertThat(application.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(application.exitValue()).isEqualTo(143);

            JsonNode saved = JSON.readTree(evidence.toFile()).at("/experiments/0");
            assertThat(saved.at("/candidates/0/outcomes").toString())
                    .isEqualTo("{\"abandoned\":0,\"failed\":0,\"ignored\":0,\"matched\":" + (started - dropped)
                            + ",\"mismatched\":0}");
            assertThat(saved.at("/drops/closed").asLong()).isZero();
            assertThat(Files.readString(log)).doesNotContain("mismatched", "closed: ", " ERROR ");
        } finally {
            application.destroyForcibly().waitFor();
        }
    }

    private static Process start(Path log, Path evidence, boolean virtualThreads) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                Path.of("target", "spring-boot-1.jar").toString(),
                "--server.port=0",
                "--spring.threads.virtual.enabled=" + virtualThreads,
                "--spring.sql.init.data-locations=classpath:data.sql,file:src/test/resources/slow.sql",
                "--scientist.evidence=" + evidence);
        builder.environment().put("OPS_PASSWORD", "secret");
        return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    private static int awaitPort(Process application, Path log) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (application.isAlive() && System.nanoTime() < deadline) {
            Matcher port = PORT.matcher(Files.readString(log));
            if (port.find()) {
                return Integer.parseInt(port.group(1));
            }
            application.waitFor(50, TimeUnit.MILLISECONDS);
        }
        throw new AssertionError("it did not start:\n" + Files.readString(log));
    }

    private interface Call {
        void of(int request) throws Exception;
    }

    private static void inParallel(int callers, int requests, Call call) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(callers);
        try {
            List<Future<Void>> futures = executor.invokeAll(IntStream.range(0, requests)
                    .<Callable<Void>>mapToObj(request -> () -> {
                        call.of(request);
                        return null;
                    })
                    .toList());
            for (Future<Void> future : futures) {
                future.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private HttpResponse<String> get(String path, boolean asOperator) throws Exception {
        return send(path, asOperator, HttpRequest.newBuilder().GET());
    }

    private HttpResponse<String> change(String experiment, String json) throws Exception {
        return send(
                "/actuator/scientist/" + experiment,
                true,
                HttpRequest.newBuilder().header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
    }

    private HttpResponse<String> send(String path, boolean asOperator, HttpRequest.Builder request) throws Exception {
        if (asOperator) {
            String operator = Base64.getEncoder().encodeToString("ops:secret".getBytes(StandardCharsets.UTF_8));
            request.header("Authorization", "Basic " + operator);
        }
        return http.send(request.uri(URI.create("http://localhost:" + port + path)).build(), BodyHandlers.ofString());
    }

    /** What the endpoint says of the experiment. */
    private JsonNode line(String... path) throws Exception {
        JsonNode node = JSON.readTree(get("/actuator/scientist", true).body()).get(0);
        for (String name : path) {
            node = node.get(name);
        }
        return node;
    }

    private static double compared(String metrics, String outcome) {
        String start = "scientist_comparisons_total{candidate=\"candidate\",experiment=\"order-total\",outcome=\"" + outcome
                + "\"} ";
        return metrics.lines()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(start.length())))
                .findAny()
                .orElseThrow(() -> new AssertionError(start + " is not in\n" + metrics));
    }
}
