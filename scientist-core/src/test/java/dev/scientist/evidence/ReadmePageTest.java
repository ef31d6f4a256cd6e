package dev.scientist.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.Scientist;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The examples of the README about the page. */
class ReadmePageTest {

    /** As any framework has it. */
    private record Request(Map<String, String> query) {}

    /** As any framework has it. */
    private static final class Response {
        private final Map<String, String> headers = new HashMap<>();
        private String body = "";

        Map<String, String> headers() {
            return headers;
        }

        void send(String contentType, String body) {
            headers.put("Content-Type", contentType);
            this.body = body;
        }
    }

    @Test
    void page() throws IOException {
        EvidencePublisher evidence = new EvidencePublisher();
        Scientist scientist = Scientist.builder().publisher(evidence).build();
        scientist.<Integer>experiment("pricing").build().run(() -> 1, () -> 1);
        Request request = new Request(Map.of("experiment", "pricing"));
        Response response = new Response();

        // README: page
        EvidencePage page = new EvidencePage(scientist, evidence, Tolerance.standard());
        EvidenceServer server = EvidenceServer.builder(page).start(); // http://127.0.0.1:8790/
        // README end
        // README: page-elsewhere
        response.headers().putAll(page.headers());
        response.send("text/html; charset=utf-8", page.html(request.query()));
        // README end

        assertThat(server.uri()).hasToString("http://127.0.0.1:8790/");
        server.close();
        scientist.close();
        assertThat(response.headers()).containsKeys("Content-Security-Policy", "Content-Type");
        assertThat(response.body).contains("<h1>pricing</h1>");
    }
}
