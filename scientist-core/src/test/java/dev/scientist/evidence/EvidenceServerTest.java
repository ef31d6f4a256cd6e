package dev.scientist.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.scientist.ChildJvm;
import dev.scientist.Experiment;
import dev.scientist.LogLines;
import dev.scientist.Scientist;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EvidenceServerTest {

    private static final String TOKEN = "0123456789abcdef&=+%";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final EvidenceLab lab = new EvidenceLab();
    private final Experiment<Integer> price =
            lab.scientist.<Integer>experiment("price & co").build();
    private final EvidencePage page = new EvidencePage(lab.scientist, lab.evidence, Tolerance.standard());

    @AfterEach
    void close() {
        lab.close();
    }

    private EvidenceServer start(UnaryOperator<EvidenceServer.Builder> settings) throws IOException {
        return settings.apply(EvidenceServer.builder(page).port(0)).start();
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(EvidenceServer server, String path) throws Exception {
        return send(HttpRequest.newBuilder(server.uri().resolve(path)));
    }

    private static HttpResponse<String> post(EvidenceServer server, String form) throws Exception {
        return send(HttpRequest.newBuilder(server.uri().resolve("/switch"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    private static String switching(String on, String token) {
        return "experiment=price+%26+co&on=" + on + "&token="
                + java.net.URLEncoder.encode(token, StandardCharsets.UTF_8);
    }

    @Test
    @SuppressWarnings("NullAway") // as a variable that is not set
    void aTokenThatIsNotSetIsAnErrorThatSaysWhatToLookAt() {
        assertThatThrownBy(() -> EvidenceServer.builder(page).switching(System.getenv("NO_SUCH_VARIABLE_IS_SET")))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("environment variable")
                .hasMessageContaining("leave switching(..) out");
    }

    /** A JVM without the JDK's server, as jlink makes it. */
    static final class WithoutHttpServer {
        public static void main(String[] args) throws IOException {
            try (Scientist scientist =
                    Scientist.builder().publisher(result -> {}).build()) {
                EvidenceServer.builder(new EvidencePage(scientist, new EvidencePublisher(), Tolerance.standard()))
                        .port(0)
                        .start()
                        .close();
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void whereTheModuleIsMissingItSaysSo() throws Exception {
        Process process = new ProcessBuilder(ChildJvm.command(
                        WithoutHttpServer.class,
                        List.of(
                                "-XX:TieredStopAtLevel=1",
                                "--limit-modules",
                                "java.base,java.logging,java.xml",
                                "-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider")))
                .redirectErrorStream(true)
                .start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("EvidenceServer needs the module jdk.httpserver")
                .contains("EvidencePage.html()");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void itServesThePageWithItsHeadersAndTheJson() throws Exception {
        try (EvidenceServer server = start(builder -> builder)) {
            assertThat(InetAddress.getByName(server.uri().getHost()).isLoopbackAddress())
                    .isTrue();
            HttpResponse<String> html = get(server, "/");
            assertThat(html.statusCode()).isEqualTo(200);
            assertThat(html.body()).contains(">price &amp; co</a>").doesNotContain("method=\"post\"");
            assertThat(html.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
            page.headers()
                    .forEach((name, value) ->
                            assertThat(html.headers().firstValue(name)).contains(value));

            HttpResponse<String> json = get(server, "/evidence.json");
            assertThat(json.headers().firstValue("Content-Type")).contains("application/json");
            assertThat(json.body())
                    .startsWith("{\"format\":\"dev.scientist.evidence\"")
                    .contains("\"experiment\":\"price \\u0026 co\"");
        }
    }

    @Test
    void aWallCanHaveItAnew() throws Exception {
        try (EvidenceServer server = start(builder -> builder)) {
            assertThat(get(server, "/").body()).doesNotContain("http-equiv=\"refresh\"");
            assertThat(get(server, "/?refresh=30").body()).contains("<meta http-equiv=\"refresh\" content=\"30\">");
            assertThat(get(server, "/?refresh=0").body()).contains("content=\"5\"");
            assertThat(get(server, "/?refresh=30%22%3E%3Cscript%3E").body())
                    .contains("content=\"5\"")
                    .doesNotContain("<script");
        }
    }

    @Test
    void otherAddressesAndMethodsAreRefusedClearly() throws Exception {
        try (EvidenceServer server = start(builder -> builder)) {
            assertThat(get(server, "/nothing").statusCode()).isEqualTo(404);
            assertThat(get(server, "/../etc/passwd").statusCode()).isEqualTo(404);
            HttpResponse<String> delete =
                    send(HttpRequest.newBuilder(server.uri()).DELETE());
            assertThat(delete.statusCode()).isEqualTo(405);
            assertThat(delete.headers().firstValue("Allow")).contains("GET, HEAD");
            HttpResponse<String> head =
                    send(HttpRequest.newBuilder(server.uri()).method("HEAD", BodyPublishers.noBody()));
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
        }
    }

    @Test
    void whatMoreIsToBeServedIsMadeEachTime() throws Exception {
        int[] count = {0};
        try (EvidenceServer server = start(
                builder -> builder.resource("/metrics", "text/plain; version=0.0.4", () -> "runs " + ++count[0]))) {
            assertThat(get(server, "/metrics").body()).isEqualTo("runs 1");
            HttpResponse<String> again = get(server, "/metrics");
            assertThat(again.body()).isEqualTo("runs 2");
            assertThat(again.headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4");
        }
    }

    @Test
    void aResourceThatThrowsIsAnErrorOfThatRequestAlone() throws Exception {
        try (EvidenceServer server = start(builder -> builder.resource("/broken", "text/plain", () -> {
            throw new IllegalStateException("secret");
        }))) {
            HttpResponse<String> broken = get(server, "/broken");
            assertThat(broken.statusCode()).isEqualTo(500);
            assertThat(broken.body()).doesNotContain("secret");
            assertThat(get(server, "/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void switchingIsOffUnlessAskedFor() throws Exception {
        try (EvidenceServer server = start(builder -> builder)) {
            assertThat(post(server, switching("false", TOKEN)).statusCode()).isEqualTo(404);
            assertThat(price.isOn()).isTrue();
        }
    }

    @Test
    void whoKnowsTheTokenSwitches() throws Exception {
        try (EvidenceServer server = start(builder -> builder.switching(TOKEN))) {
            assertThat(get(server, "/?experiment=price+%26+co").body())
                    .contains("<a class=\"button\" href=\"?switch=price+%26+co\">Switch off…</a>");
            assertThat(get(server, "/?switch=price+%26+co&refresh=30").body())
                    .contains("name=\"experiment\" value=\"price &amp; co\"")
                    .contains("name=\"on\" value=\"false\"")
                    .doesNotContain(TOKEN, "http-equiv");
            HttpResponse<String> answer = post(server, switching("false", TOKEN));
            assertThat(answer.statusCode()).isEqualTo(303);
            assertThat(answer.headers().firstValue("Location")).contains("/?experiment=price+%26+co");
            assertThat(price.isOn()).isFalse();
            assertThat(get(server, "/?switch=price+%26+co").body()).contains("name=\"on\" value=\"true\"");
            assertThat(get(server, "/").body()).contains("<span class=\"state off\">off for 0 s</span>");

            assertThat(post(server, switching("true", TOKEN)).statusCode()).isEqualTo(303);
            assertThat(price.isOn()).isTrue();
        }
    }

    @Test
    void whoDoesNotKnowTheTokenSwitchesNothing() throws Exception {
        try (EvidenceServer server = start(builder -> builder.switching(TOKEN))) {
            for (String wrong : new String[] {"", "wrong", TOKEN + "x", TOKEN.substring(1)}) {
                assertThat(post(server, switching("false", wrong)).statusCode())
                        .as(wrong)
                        .isEqualTo(403);
            }
            assertThat(post(server, "experiment=price+%26+co&on=false").statusCode())
                    .isEqualTo(403);
            assertThat(post(server, "%ZZ=%").statusCode()).isEqualTo(403);
            assertThat(post(server, "token=" + "x".repeat(10_000)).statusCode()).isEqualTo(413);
            assertThat(get(server, "/switch?" + switching("false", TOKEN)).statusCode())
                    .isEqualTo(405);
            assertThat(price.isOn()).isTrue();
        }
    }

    /** Two of them stopped the page, the metrics and the switch. */
    @Test
    void fiftyHalfSentRequestsStopNeitherPageNorMetricsNorSwitch() throws Exception {
        try (EvidenceServer server =
                start(builder -> builder.switching(TOKEN).resource("/metrics", "text/plain", () -> "runs 1"))) {
            List<Socket> held = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                Socket socket = new Socket(server.uri().getHost(), server.uri().getPort());
                String half = i % 2 == 0
                        ? "GET / HTTP/1.1\r\nHost: loc"
                        : "POST /switch HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\nexperiment=";
                socket.getOutputStream().write(half.getBytes(StandardCharsets.US_ASCII));
                held.add(socket);
            }
            assertThat(get(server, "/").statusCode()).isEqualTo(200);
            assertThat(get(server, "/metrics").body()).isEqualTo("runs 1");
            assertThat(post(server, switching("false", TOKEN)).statusCode()).isEqualTo(303);
            assertThat(price.isOn()).isFalse();

            for (Socket socket : held) { // each is ended: its time is over, or it is told why
                socket.setSoTimeout(30_000);
                try {
                    socket.getInputStream().readAllBytes();
                } catch (SocketTimeoutException e) {
                    throw e;
                } catch (IOException e) {
                    assertThat(e).as("the connection was reset").isNotNull();
                }
                socket.close();
            }
        }
    }

    @Test
    void wrongTokensAreSlowAndLogged() throws Exception {
        try (EvidenceServer server = start(builder -> builder.switching(TOKEN));
                LogLines log = new LogLines(EvidenceServer.class.getName())) {
            long start = System.nanoTime();
            List<CompletableFuture<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                answers.add(CLIENT.sendAsync(
                                HttpRequest.newBuilder(server.uri().resolve("/switch"))
                                        .POST(BodyPublishers.ofString(switching("false", "wrong" + i)))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .thenApply(HttpResponse::statusCode));
            }
            List<Integer> statuses =
                    answers.stream().map(CompletableFuture::join).toList();
            assertThat(statuses).containsOnly(403, 429).contains(403);
            assertThat(System.nanoTime() - start).isGreaterThan(1_000_000_000L);
            assertThat(log.lines())
                    .hasSizeLessThan(12)
                    .allMatch(line -> line.startsWith("WARN somebody at /127.0.0.1:")
                            && line.endsWith("tried to switch with a wrong token"));
            assertThat(price.isOn()).isTrue();
        }
    }

    @Test
    void whatCannotBeSwitchedIsSaid() throws Exception {
        try (EvidenceServer server = start(builder -> builder.switching(TOKEN))) {
            String token = switching("", TOKEN).replaceFirst(".*&token", "token");
            assertThat(post(server, "experiment=other&on=false&" + token).statusCode())
                    .isEqualTo(400);
            assertThat(post(server, switching("maybe", TOKEN)).statusCode()).isEqualTo(400);
            assertThat(price.isOn()).isTrue();
        }
    }

    /** A page from elsewhere whose name resolves to the loopback address must not read what is served here. */
    @Test
    void onTheLoopbackInterfaceItAnswersToNoOtherName() throws Exception {
        try (EvidenceServer server = start(builder -> builder)) {
            int port = server.uri().getPort();
            for (String host : new String[] {"localhost:" + port, "127.0.0.1:" + port, "[::1]:" + port, "localhost"}) {
                assertThat(statusLine(server.uri(), host)).as(host).contains(" 200 ");
            }
            for (String host :
                    new String[] {"evil.example:" + port, "localhost.evil.example", "127.0.0.1.evil.example"}) {
                assertThat(statusLine(server.uri(), host)).as(host).contains(" 421 ");
            }
        }
    }

    @Test
    void onTheLoopbackInterfaceItAnswersToNobodyWhoNamesNone() throws Exception {
        try (EvidenceServer server = start(builder -> builder)) {
            assertThat(statusLineOf(server.uri(), "GET / HTTP/1.0\r\n\r\n")).contains(" 421 ");
        }
    }

    @Test
    void atAnotherAddressItAnswersToAnyName() throws Exception {
        try (EvidenceServer server = start(builder -> builder.exposedAt(new InetSocketAddress("0.0.0.0", 0)))) {
            URI local = URI.create("http://127.0.0.1:" + server.uri().getPort() + "/");
            assertThat(statusLine(local, "experiments.example")).contains(" 200 ");
        }
    }

    /** It refused its own address, which has the zeros written out. */
    @Test
    void anAddressOfTheNewerProtocolStandsInBracketsAndIsAnswered() throws Exception {
        InetAddress loopback = InetAddress.getByName("::1");
        assumeTrue(NetworkInterface.getByInetAddress(loopback) != null, "this machine has no IPv6");
        try (EvidenceServer server = start(builder -> builder.address(new InetSocketAddress(loopback, 0)))) {
            assertThat(server.uri().getHost()).startsWith("[").endsWith("]");
            assertThat(get(server, "/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whoIsInterruptedStartsItAllTheSameAndIsInterruptedStill() throws Exception {
        Thread.currentThread().interrupt();
        try (EvidenceServer server = start(builder -> builder)) {
            assertThat(Thread.interrupted()).isTrue();
            assertThat(get(server, "/").statusCode()).isEqualTo(200);
        }
    }

    private static String statusLine(URI uri, String host) throws IOException {
        return statusLineOf(uri, "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    }

    private static String statusLineOf(URI uri, String request) throws IOException {
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.substring(0, answer.indexOf('\r'));
        }
    }

    @Test
    void onceClosedItIsGoneAndLeavesNoThread() throws Exception {
        EvidenceServer server = start(builder -> builder);
        get(server, "/");
        server.close();
        server.close();

        assertThatThrownBy(() -> get(server, "/")).isInstanceOf(IOException.class);
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("scientist-page")) {
                thread.join(20_000);
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }

    @Test
    void settingsThatCannotBeAreErrors() throws IOException {
        EvidenceServer.Builder builder = EvidenceServer.builder(page);
        assertThatThrownBy(() -> builder.port(70_000)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.switching("short"))
                .hasMessage("token must have at least 16 characters, not 5");
        assertThatThrownBy(() -> builder.resource("/", "text/plain", () -> "")).hasMessageContaining("not /");
        for (String own : new String[] {"/evidence.json", "/switch"}) {
            assertThatThrownBy(() -> builder.resource(own, "text/plain", () -> ""))
                    .hasMessageContaining("not " + own);
        }
        assertThatThrownBy(() -> builder.resource("metrics", "text/plain", () -> ""))
                .hasMessageContaining("must begin with a slash");
        assertThatThrownBy(() -> builder.address(InetSocketAddress.createUnresolved("no.such.host.invalid", 1)))
                .hasMessage("address: there is no host no.such.host.invalid");
        assertThatThrownBy(() -> builder.address(new InetSocketAddress("0.0.0.0", 8790)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("can be reached from elsewhere")
                .hasMessageContaining("exposedAt(..)");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> builder.port(taken.getLocalPort()).start())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot serve at");
        }
    }
}
