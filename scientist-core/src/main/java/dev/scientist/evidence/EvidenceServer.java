package dev.scientist.evidence;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.scientist.Experiment;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves an {@link EvidencePage} by the HTTP server of the JDK: {@code /} for people ({@code /?refresh=30} for a wall),
 * {@code /evidence.json} for programs. On the loopback interface unless told otherwise; it knows no users and no TLS, so
 * leave it there, or put something before it that does.
 *
 * <p>A request must be there within ten seconds, and at most 100 are answered at once: those that are sent by halves do
 * not keep others out for long. A wrong token is answered after a second, and logged.
 *
 * <p>It only shows, unless {@link Builder#switching} allows those who know a token to switch experiments off and on.
 *
 * <p>Needs the module {@code jdk.httpserver}. Its threads are daemons. Thread-safe.
 */
public final class EvidenceServer implements AutoCloseable {

    /** The port unless told otherwise. */
    public static final int DEFAULT_PORT = 8790;

    private static final Logger LOG = LoggerFactory.getLogger(EvidenceServer.class);

    private static final int THREADS = 100;
    private static final int REQUEST_SECONDS = 10;
    private static final long WRONG_TOKEN_MILLIS = 1000;
    /** So many tries of a token are looked at in a second. */
    private static final int TRIES = 4;

    private static final long RENEW_SECONDS = 5;
    /** For so long after somebody looked it is renewed for the next one. */
    private static final long LOOKED_NANOS = TimeUnit.MINUTES.toNanos(5);

    private static final int MAX_FORM_BYTES = 4096;
    private static final int SHORTEST_TOKEN = 16;

    /** The last one is as {@link #uri()} has it. */
    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "[::1]", "[0:0:0:0:0:0:0:1]");

    private static final String HTML = "text/html; charset=utf-8";
    private static final String TEXT = "text/plain; charset=utf-8";

    /** What is shown at a path of the user's. */
    private record Resource(String contentType, Supplier<String> text) {}

    /** What is answered. */
    private record Answer(int status, String contentType, String body, Map<String, String> headers) {
        static Answer of(int status, String message) {
            return new Answer(status, TEXT, message + "\n", Map.of());
        }
    }

    private final EvidencePage page;
    private final @Nullable String token;
    private final Map<String, Resource> resources;
    private final boolean isLoopback;
    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final ScheduledThreadPoolExecutor limit;
    private final Semaphore tries = new Semaphore(TRIES);
    private volatile long looked = System.nanoTime();

    private EvidenceServer(Builder builder) throws IOException {
        page = builder.page;
        token = builder.token;
        resources = Map.copyOf(builder.resources);
        isLoopback = builder.address.getAddress().isLoopbackAddress();
        try {
            server = HttpServer.create(builder.address, 0);
        } catch (IOException e) {
            throw new IOException("cannot serve at " + builder.address + ": " + e.getMessage(), e);
        }
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                REQUEST_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> daemon(task, number.incrementAndGet()));
        threads.allowCoreThreadTimeOut(true);
        limit = new ScheduledThreadPoolExecutor(1, task -> daemon(task, number.incrementAndGet()));
        limit.setRemoveOnCancelPolicy(true);
        Future<?> unused = limit.scheduleWithFixedDelay(this::renew, RENEW_SECONDS, RENEW_SECONDS, TimeUnit.SECONDS);
        server.setExecutor(this::runWithinLimit);
        server.createContext("/", this::handle);
    }

    /** The JDK's server reads a request on this thread: an interrupt closes the connection of one that does not come. */
    private void runWithinLimit(Runnable exchange) {
        threads.execute(() -> {
            Thread reader = Thread.currentThread();
            Future<?> end = limit.schedule(reader::interrupt, REQUEST_SECONDS, TimeUnit.SECONDS);
            try {
                exchange.run();
            } finally {
                end.cancel(false);
            }
        });
    }

    private void renew() {
        if (System.nanoTime() - looked < LOOKED_NANOS) {
            try {
                page.renewOverview();
            } catch (RuntimeException e) {
                LOG.warn("the overview could not be made", e);
            }
        }
    }

    private static Thread daemon(Runnable task, int number) {
        Thread thread = new Thread(null, task, "scientist-page-" + number, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(EvidenceServer.class.getClassLoader());
        return thread;
    }

    /**
     * Starts to put a server together.
     *
     * @param page what it serves
     * @return a builder; {@link Builder#start} starts the server
     */
    public static Builder builder(EvidencePage page) {
        return new Builder(page);
    }

    /**
     * Where the page is.
     *
     * @return its address
     */
    public URI uri() {
        InetSocketAddress address = server.getAddress();
        String host = address.getAddress().getHostAddress();
        return URI.create(
                "http://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort() + "/");
    }

    /** Stops at once. Has no effect the second time. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        limit.shutdownNow();
    }

    private void start() {
        // the server's own thread is a daemon if the one that starts it is
        Thread starter = daemon(server::start, 0);
        starter.start();
        boolean interrupted = false;
        while (starter.isAlive()) {
            try {
                starter.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer;
            try {
                answer = answer(exchange);
            } catch (RuntimeException e) {
                LOG.warn("{} failed", exchange.getRequestURI().getPath(), e);
                answer = Answer.of(500, "The page could not be made; the log says why.");
            }
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            page.headers().forEach(exchange.getResponseHeaders()::set);
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.getResponseHeaders().set("Content-Type", answer.contentType());
            if (exchange.getRequestMethod().equals("HEAD") || body.length == 0) {
                exchange.sendResponseHeaders(answer.status(), -1);
            } else {
                exchange.sendResponseHeaders(answer.status(), body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        if (isLoopback && !isForLoopback(exchange.getRequestHeaders().getFirst("Host"))) {
            // a page from elsewhere, whose name was made to mean this machine, must not read ours
            return Answer.of(421, "This server answers to localhost alone.");
        }
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        if (path.equals("/switch") && token != null) {
            return method.equals("POST") ? switchExperiment(exchange, token) : notAllowed("POST");
        }
        Resource resource = resource(path, exchange.getRequestURI().getRawQuery());
        if (resource == null) {
            return Answer.of(404, "There is nothing at this address. The page is at /");
        }
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return notAllowed("GET, HEAD");
        }
        return new Answer(200, resource.contentType(), resource.text().get(), Map.of());
    }

    private @Nullable Resource resource(String path, @Nullable String query) {
        return switch (path) {
            case "/" ->
                new Resource(HTML, () -> {
                    looked = System.nanoTime();
                    return page.html(form(query == null ? "" : query), token != null);
                });
            case "/evidence.json" -> new Resource("application/json", page::json);
            default -> resources.get(path);
        };
    }

    private static Answer notAllowed(String allowed) {
        return new Answer(405, TEXT, "Allowed here: " + allowed + "\n", Map.of("Allow", allowed));
    }

    private static boolean isForLoopback(@Nullable String host) {
        if (host == null) {
            return false;
        }
        String name = host.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
        return LOOPBACK_NAMES.contains(name) || name.matches("127(\\.\\d{1,3}){3}");
    }

    private Answer switchExperiment(HttpExchange exchange, String token) throws IOException {
        byte[] body;
        try (InputStream in = exchange.getRequestBody()) {
            body = in.readNBytes(MAX_FORM_BYTES + 1);
        }
        if (body.length > MAX_FORM_BYTES) {
            return Answer.of(413, "That is too long.");
        }
        Map<String, String> form = form(new String(body, StandardCharsets.UTF_8));
        if (!tries.tryAcquire()) {
            return Answer.of(429, "There are too many tries at once. Try again in a second.");
        }
        try {
            if (!isSame(token, form.getOrDefault("token", ""))) {
                LOG.warn("somebody at {} tried to switch with a wrong token", exchange.getRemoteAddress());
                Thread.sleep(WRONG_TOKEN_MILLIS);
                return Answer.of(403, "That is not the token.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.of(503, "The server is being closed.");
        } finally {
            tries.release();
        }
        Optional<Experiment<?>> experiment = page.scientist().find(form.getOrDefault("experiment", ""));
        String on = form.getOrDefault("on", "");
        if (experiment.isEmpty() || !(on.equals("true") || on.equals("false"))) {
            return Answer.of(400, "There is no such experiment, or 'on' is neither true nor false.");
        }
        if (on.equals("true")) {
            experiment.get().switchOn();
        } else {
            experiment.get().switchOff();
        }
        LOG.info(
                "experiment '{}' was switched {} at the page",
                experiment.get().name(),
                on.equals("true") ? "on" : "off");
        page.renewOverview();
        return new Answer(
                303,
                TEXT,
                "",
                Map.of(
                        "Location",
                        "/?experiment=" + Overview.link(experiment.get().name())));
    }

    /** Takes as long whatever is wrong with it. */
    private static boolean isSame(String token, String given) {
        return MessageDigest.isEqual(token.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    /** Fields by name; what cannot be decoded is left out. */
    private static Map<String, String> form(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String field : text.split("&", -1)) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                try {
                    fields.put(
                            URLDecoder.decode(field.substring(0, equals), StandardCharsets.UTF_8),
                            URLDecoder.decode(field.substring(equals + 1), StandardCharsets.UTF_8));
                } catch (IllegalArgumentException e) {
                    // as if it were not there
                }
            }
        }
        return fields;
    }

    /** Puts a server together. Not thread-safe. */
    public static final class Builder {

        private final EvidencePage page;
        private final Map<String, Resource> resources = new HashMap<>();
        private InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), DEFAULT_PORT);
        private @Nullable String token;

        private Builder(EvidencePage page) {
            this.page = Objects.requireNonNull(page, "page");
        }

        /**
         * Another port of the loopback interface than {@link #DEFAULT_PORT}.
         *
         * @param port the port, 0 for any that is free
         * @return this
         * @throws IllegalArgumentException if there is no such port
         */
        public Builder port(int port) {
            return address(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }

        /**
         * Another address of the loopback interface, such as that of IPv6.
         *
         * @param address a host that could be resolved, and a port, 0 for any that is free
         * @return this
         * @throws IllegalArgumentException if the host is unknown, or can be reached from elsewhere
         */
        public Builder address(InetSocketAddress address) {
            if (!checked(address).getAddress().isLoopbackAddress()) {
                throw new IllegalArgumentException("address: " + address
                        + " can be reached from elsewhere, and the page knows no users; if that is wanted, say"
                        + " exposedAt(..)");
            }
            this.address = address;
            return this;
        }

        /**
         * An address that others can reach. Whoever does sees the page: mind who that is.
         *
         * @param address a host that could be resolved, and a port, 0 for any that is free
         * @return this
         * @throws IllegalArgumentException if the host is unknown
         */
        public Builder exposedAt(InetSocketAddress address) {
            this.address = checked(address);
            return this;
        }

        private static InetSocketAddress checked(InetSocketAddress address) {
            if (address.isUnresolved()) {
                throw new IllegalArgumentException("address: there is no host " + address.getHostString());
            }
            return address;
        }

        /**
         * Lets those who know a token switch experiments off and on. Without TLS the token can be read on its way.
         *
         * @param token at least 16 characters that cannot be guessed
         * @return this
         * @throws IllegalArgumentException if it is shorter
         * @throws NullPointerException if there is none
         */
        public Builder switching(String token) {
            Objects.requireNonNull(
                    token,
                    "token is null: is the environment variable or property set that it comes from? To serve the page"
                            + " without switching, leave switching(..) out");
            if (token.length() < SHORTEST_TOKEN) {
                throw new IllegalArgumentException(
                        "token must have at least " + SHORTEST_TOKEN + " characters, not " + token.length());
            }
            this.token = token;
            return this;
        }

        /**
         * Shows something else too, such as {@code /metrics}.
         *
         * @param path where, from the slash on
         * @param contentType what it is, such as {@code text/plain; version=0.0.4; charset=utf-8}
         * @param text makes it, each time it is asked for
         * @return this
         * @throws IllegalArgumentException if the path does not begin with a slash or is taken
         */
        public Builder resource(String path, String contentType, Supplier<String> text) {
            boolean isTaken = path.equals("/") || path.equals("/evidence.json") || path.equals("/switch");
            if (!path.startsWith("/") || isTaken) {
                throw new IllegalArgumentException(
                        "path must begin with a slash and be none of the page's own, not " + path);
            }
            resources.put(
                    path,
                    new Resource(
                            Objects.requireNonNull(contentType, "content type"), Objects.requireNonNull(text, "text")));
            return this;
        }

        /**
         * Starts the server.
         *
         * @return the server, which runs until it is closed
         * @throws IOException if the address is taken or cannot be had
         * @throws IllegalStateException if this Java runtime lacks the module {@code jdk.httpserver}
         */
        public EvidenceServer start() throws IOException {
            try {
                EvidenceServer started = new EvidenceServer(this);
                started.start();
                return started;
            } catch (NoClassDefFoundError e) {
                throw new IllegalStateException(
                        "EvidenceServer needs the module jdk.httpserver, which this Java runtime lacks, or does not"
                                + " resolve: add it (jlink or java --add-modules jdk.httpserver), or hand out"
                                + " EvidencePage.html() by a server of your own",
                        e);
            }
        }
    }
}
