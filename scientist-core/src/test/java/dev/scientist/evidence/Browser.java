package dev.scientist.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One tab of a real Chromium, driven by the DevTools protocol. Not thread-safe. */
final class Browser {

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final WebSocket socket;
    private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
    private final List<String> complaints = new ArrayList<>();
    private String session = "";
    private int id;

    /** The program, empty if there is none on the PATH. */
    static Optional<Path> find() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(path -> NAMES.stream().map(name -> Path.of(path, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    Browser(Path program, Path profile) throws Exception {
        process = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--hide-scrollbars",
                        "--no-first-run",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .start();
        BufferedReader output = process.inputReader();
        String line = output.readLine();
        while (line != null && !line.contains("DevTools listening on ")) {
            line = output.readLine();
        }
        String address = Objects.requireNonNull(line, "Chromium did not start").replaceFirst(".*listening on ", "");
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(address), new Listener())
                .get(30, TimeUnit.SECONDS);
        String target = call("Target.createTarget", JSON.createObjectNode().put("url", "about:blank"))
                .get("targetId")
                .asText();
        session = call(
                        "Target.attachToTarget",
                        JSON.createObjectNode().put("targetId", target).put("flatten", true))
                .get("sessionId")
                .asText();
        for (String domain : List.of("Page", "Runtime", "Log")) {
            call(domain + ".enable", JSON.createObjectNode());
        }
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                try {
                    received.add(JSON.readTree(text.toString()));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }
    }

    private JsonNode call(String method, ObjectNode parameters) throws Exception {
        ObjectNode message = JSON.createObjectNode().put("id", ++id).put("method", method);
        message.set("params", parameters);
        if (!session.isEmpty()) {
            message.put("sessionId", session);
        }
        socket.sendText(message.toString(), true).get(30, TimeUnit.SECONDS);
        JsonNode answer = await("id", String.valueOf(id));
        if (answer.has("error")) {
            throw new IllegalStateException(method + ": " + answer.get("error"));
        }
        return answer.get("result");
    }

    private JsonNode await(String field, String value) throws InterruptedException {
        while (true) {
            JsonNode next = received.poll(60, TimeUnit.SECONDS);
            if (next == null) {
                throw new IllegalStateException("Chromium does not answer");
            }
            String method = next.path("method").asText();
            if (method.equals("Log.entryAdded") || method.equals("Runtime.exceptionThrown")) {
                complaints.add(next.toString());
            }
            if (next.path(field).asText().equals(value)) {
                return next;
            }
        }
    }

    /** Loads a page in a window of some size. */
    void open(URI uri, int width, int height, boolean dark) throws Exception {
        call(
                "Emulation.setDeviceMetricsOverride",
                JSON.createObjectNode()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", width < 600));
        ObjectNode media = JSON.createObjectNode();
        media.putArray("features")
                .addObject()
                .put("name", "prefers-color-scheme")
                .put("value", dark ? "dark" : "light");
        call("Emulation.setEmulatedMedia", media);
        complaints.clear();
        call("Page.navigate", JSON.createObjectNode().put("url", uri.toString()));
        await("method", "Page.loadEventFired");
    }

    /** What a script returns, as JSON. */
    JsonNode evaluate(String script) throws Exception {
        JsonNode result = call(
                "Runtime.evaluate",
                JSON.createObjectNode()
                        .put("expression", script)
                        .put("awaitPromise", true)
                        .put("returnByValue", true));
        if (result.has("exceptionDetails")) {
            throw new IllegalStateException(result.toString());
        }
        return result.get("result").path("value");
    }

    /** Clicks at what leads to another page, and waits for that. */
    void click(String selector) throws Exception {
        evaluate("document.querySelector('" + selector + "').click()");
        await("method", "Page.loadEventFired");
    }

    /** What axe finds on the page. */
    List<String> violations() throws Exception {
        try (InputStream in = Browser.class.getResourceAsStream("/axe.min.js")) {
            evaluate(new String(in.readAllBytes(), StandardCharsets.UTF_8) + ";0");
        }
        List<String> found = new ArrayList<>();
        evaluate(
                        "axe.run().then(r => r.violations.map(v => v.id + ': ' + v.help + ': ' + v.nodes.slice(0, 3).map(n => n.html"
                                + " + ' ' + (n.any[0] ? n.any[0].message : '')).join(' | ')))")
                .forEach(each -> found.add(each.asText()));
        return found;
    }

    /** What the browser had to complain of since the page was opened. */
    List<String> complaints() {
        return complaints;
    }

    /** The whole page, or what is in the window. */
    void screenshot(Path file, boolean whole) throws Exception {
        String data = call(
                        "Page.captureScreenshot",
                        JSON.createObjectNode().put("format", "png").put("captureBeyondViewport", whole))
                .get("data")
                .asText();
        Files.write(file, Base64.getDecoder().decode(data));
    }

    void close() throws Exception {
        session = "";
        socket.sendText("{\"id\":0,\"method\":\"Browser.close\"}", true).get(30, TimeUnit.SECONDS);
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
