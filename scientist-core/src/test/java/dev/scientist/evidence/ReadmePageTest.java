package dev.scientist.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.Experiment;
import dev.scientist.LogLines;
import dev.scientist.Scientist;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The examples of the README about the page. */
class ReadmePageTest {

    private static final Logger LOG = LoggerFactory.getLogger(ReadmePageTest.class);

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

        EvidencePage page = new EvidencePage(scientist, evidence, Tolerance.standard());
        EvidenceServer server = EvidenceServer.builder(page).start(); // http://127.0.0.1:8790/
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

    private record Order(String country, List<String> lines) {}

    @Test
    void traits() {
        EvidencePublisher evidence = new EvidencePublisher();
        Scientist scientist = Scientist.builder().publisher(evidence).build();
        // README: page-traits
        Experiment<BigDecimal> pricing = scientist
                .<BigDecimal>experiment("pricing")
                .trait("country", Order.class, Order::country) // of the input
                .trait("lines", Order.class, order -> order.lines().size()) // a number: by its size
                .trait("free", price -> price.signum() == 0) // of what the control returned
                .build();
        // README end
        for (int i = 0; i < 200; i++) {
            pricing.run(
                    new Order(i % 10 == 0 ? "DE" : "FR", List.of("one")),
                    order -> BigDecimal.ONE,
                    order -> order.country().equals("DE") ? BigDecimal.TEN : BigDecimal.ONE);
        }
        CandidateEvidence candidate =
                evidence.evidence("pricing").orElseThrow().candidates().get(0);
        try (LogLines log = new LogLines(ReadmePageTest.class.getName())) {
            // README: page-hints
            for (Hint hint : candidate.hints()) {
                LOG.info("{}", hint);
            }
            // README end
            assertThat(log.lines())
                    .containsExactly(
                            "INFO 100% of the mismatches are at country = DE, which is 10% of the runs: 20 of its 20 runs mismatch");
        }
        scientist.close();
    }

    @Test
    void server() throws IOException {
        EvidencePublisher evidence = new EvidencePublisher();
        Scientist scientist = Scientist.builder().publisher(evidence).build();
        String token = "0123456789abcdef";
        Supplier<String> metrics = () -> "";
        // README: page-server
        EvidencePage page = new EvidencePage(scientist, evidence, Tolerance.standard());
        EvidenceServer server = EvidenceServer.builder(page)
                .port(8790)
                .switching(token) // at least 16 characters; leave it out, and nothing can be switched
                .resource("/metrics", "text/plain; version=0.0.4; charset=utf-8", metrics)
                .start();
        // README end
        assertThat(server.uri()).hasToString("http://127.0.0.1:8790/");
        server.close();
        scientist.close();
    }
}
