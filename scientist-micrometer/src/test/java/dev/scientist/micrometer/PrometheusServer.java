package dev.scientist.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A Prometheus of its own, asked as Grafana asks it. */
final class PrometheusServer implements AutoCloseable {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final ObjectMapper mapper = new ObjectMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final String url;
    private final Path log;

    /**
     * Starts it and waits until it answers.
     *
     * @param folder for its log
     * @param configuration what prometheus.yml says
     * @param data the folder of its data
     */
    PrometheusServer(Path folder, String configuration, Path data) throws IOException {
        Path file = Files.writeString(folder.resolve("prometheus.yml"), configuration);
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        url = "http://127.0.0.1:" + port;
        log = folder.resolve("prometheus.log");
        process = new ProcessBuilder(
                        PrometheusTools.path("prometheus"),
                        "--config.file=" + file,
                        "--storage.tsdb.path=" + data,
                        "--storage.tsdb.retention.time=100y",
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        await("Prometheus is ready", () -> {
            assertThat(process.isAlive()).as(this::said).isTrue();
            return status("/-/ready") == 200;
        });
    }

    private String said() {
        return PrometheusTools.read(log);
    }

    /** Looks again and again, for half a minute at most. */
    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline)
                    .as("waited too long: %s", what)
                    .isNegative();
            LockSupport.parkNanos(20_000_000);
        }
    }

    private int status(String path) {
        try {
            return send(path).statusCode();
        } catch (IOException e) {
            return -1;
        }
    }

    private HttpResponse<String> send(String path) throws IOException {
        try {
            return client.send(
                    HttpRequest.newBuilder(URI.create(url + path)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The data of an answer, which must be a success without warnings. */
    JsonNode get(String path, Map<String, String> parameters) {
        StringBuilder query = new StringBuilder(path);
        parameters.forEach((name, value) -> query.append(query.length() == path.length() ? '?' : '&')
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        try {
            JsonNode answer = mapper.readTree(send(query.toString()).body());
            assertThat(answer.get("status").textValue())
                    .as("%s: %s", parameters, answer)
                    .isEqualTo("success");
            assertThat(answer.has("warnings")).as("%s: %s", parameters, answer).isFalse();
            return answer.get("data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What an expression gives at a moment, in the order of the answer. */
    Map<Map<String, String>, Double> query(String expression, Instant at) {
        return values(get("/api/v1/query", Map.of("query", expression, "time", at.toString())), "value");
    }

    /** The same as the last point of a curve. */
    Map<Map<String, String>, Double> curve(String expression, Instant at) {
        Map<String, String> parameters =
                Map.of("query", expression, "start", at.toString(), "end", at.toString(), "step", "15");
        return values(get("/api/v1/query_range", parameters), "values");
    }

    private static Map<Map<String, String>, Double> values(JsonNode data, String name) {
        Map<Map<String, String>, Double> values = new LinkedHashMap<>();
        for (JsonNode series : data.get("result")) {
            Map<String, String> labels = new HashMap<>();
            series.get("metric")
                    .properties()
                    .forEach(
                            label -> labels.put(label.getKey(), label.getValue().textValue()));
            JsonNode point = name.equals("values") ? series.get(name).get(0) : series.get(name);
            assertThat(values.put(labels, Double.valueOf(point.get(1).textValue())))
                    .as("twice: %s", labels)
                    .isNull();
        }
        return values;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
