package dev.scientist.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.LoggingPublisher;
import dev.scientist.Scientist;
import dev.scientist.compare.Comparators;
import dev.scientist.evidence.EvidencePage;
import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.evidence.EvidenceServer;
import dev.scientist.evidence.Tolerance;
import dev.scientist.gate.Gates;
import dev.scientist.proxy.Implementing;
import dev.scientist.publish.BackgroundPublisher;
import dev.scientist.replay.Codec;
import dev.scientist.replay.MismatchWriter;
import java.io.File;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.net.InetSocketAddress;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A web application that has the library among its own jars is deployed, used by the container's threads, closed, and
 * deployed anew: no thread, no thread-local and no class loader of it stays behind.
 */
@Tag("campaign")
@Timeout(600)
class RedeployTest {

    private static final int DEPLOYMENTS = Integer.getInteger("scientist.redeployments", 10);

    @TempDir
    private Path folder;

    /** What the application does with the library: everything that has threads, thread-locals or caches. */
    public static final class Application implements AutoCloseable, Function<Integer, Integer> {

        /** One of the application's own interfaces. */
        public interface Prices {
            /** A price. */
            Integer price(Integer of);
        }

        private static final class Price {
            @SuppressWarnings("unused") // compared
            private final int cents;

            Price(int cents) {
                this.cents = cents;
            }
        }

        private final Scientist scientist;
        private final List<Experiment<Object>> experiments = new ArrayList<>();
        private final Prices prices;
        private final EvidenceServer server;
        private final ExecutorService own = Executors.newFixedThreadPool(1);

        public Application(Path file) throws Exception {
            EvidencePublisher evidence = new EvidencePublisher();
            scientist = Scientist.builder()
                    .publisher(evidence)
                    .publisher(new LoggingPublisher())
                    .publisher(new BackgroundPublisher(MismatchWriter.builder(file)
                            .codec(Codec.of(String::valueOf, text -> text))
                            .open()))
                    .failureHandler((experiment, operation, failure) -> {})
                    .closeLimit(Duration.ofMillis(100))
                    .build();
            for (Execution execution : List.of(
                    Execution.inline(),
                    Execution.background(),
                    Execution.background().timeLimit(Duration.ofMillis(1)),
                    Execution.background().on(own),
                    Execution.concurrent(Duration.ofMillis(5)))) {
                experiments.add(scientist
                        .experiment("experiment " + experiments.size())
                        .comparator(Comparators.structural().byFields(Price.class))
                        .gate(Gates.circuitBreaker().build())
                        .baseline(Gates.percent(50))
                        .execution(execution)
                        .measureResources(true)
                        .build());
            }
            prices = Implementing.of(scientist, Prices.class)
                    .control(of -> of)
                    .candidate(of -> of + 1)
                    .build();
            server = EvidenceServer.builder(new EvidencePage(scientist, evidence, Tolerance.standard()))
                    .address(new InetSocketAddress("127.0.0.1", 0))
                    .start();
        }

        /** One request, on a thread of the container. */
        @Override
        public Integer apply(Integer request) {
            for (Experiment<Object> experiment : experiments) {
                // nested, so that what notes the nesting is used
                experiment.run(
                        request,
                        in -> prices.price(in),
                        in -> in % 10 == 0 ? failing() : List.of(new Price(in), prices.price(in)));
            }
            experiments
                    .get(1)
                    .runAsync(
                            () -> CompletableFuture.completedFuture(request),
                            () -> request % 3 == 0
                                    ? new CompletableFuture<>() // never ends
                                    : CompletableFuture.completedFuture(-1));
            return prices.price(request);
        }

        private static Object failing() {
            throw new IllegalStateException("the candidate's own");
        }

        @Override
        public void close() {
            server.close();
            scientist.close();
            own.shutdownNow();
        }
    }

    @Test
    void nothingOfAClosedApplicationStaysBehind() throws Exception {
        URL[] jars = ownJars();
        ReferenceQueue<ClassLoader> gone = new ReferenceQueue<>();
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        ExecutorService container = Executors.newFixedThreadPool(2);
        container.submit(() -> {}).get();
        container.submit(() -> {}).get();
        Set<Thread> before = threads();
        try {
            for (int i = 0; i < DEPLOYMENTS; i++) {
                loaders.add(deployUseAndClose(jars, container, gone, i));
            }
            int collected = 0;
            for (int i = 0; i < 100 && collected < DEPLOYMENTS; i++) {
                System.gc();
                while (gone.remove(100) != null) {
                    collected++;
                }
            }
            assertThat(loaders.stream().filter(loader -> loader.get() != null))
                    .as("class loaders that something still holds, of %d", DEPLOYMENTS)
                    .isEmpty();
            assertThat(collected).isEqualTo(DEPLOYMENTS);
            Set<Thread> left = threads();
            left.removeAll(before);
            assertThat(left).as("threads that stayed").isEmpty();
            System.out.println("redeployments: " + DEPLOYMENTS + ", class loaders and threads left: 0");
        } finally {
            container.shutdownNow();
        }
    }

    private WeakReference<ClassLoader> deployUseAndClose(
            URL[] jars, ExecutorService container, ReferenceQueue<ClassLoader> gone, int number) throws Exception {
        // child first, as web containers do: the parent has none of the library and of slf4j
        try (URLClassLoader loader =
                new URLClassLoader("deployment " + number, jars, ClassLoader.getPlatformClassLoader())) {
            Class<?> type = Class.forName(Application.class.getName(), true, loader);
            assertThat(type.getClassLoader()).isSameAs(loader);
            Object application = type.getConstructor(Path.class).newInstance(folder.resolve("mismatches.jsonl"));
            @SuppressWarnings("unchecked")
            Function<Integer, Integer> requests = (Function<Integer, Integer>) application;
            for (int i = 0; i < 50; i++) {
                int request = i;
                assertThat(container.submit(() -> requests.apply(request)).get())
                        .isEqualTo(request);
            }
            ((AutoCloseable) application).close();
            return new WeakReference<>(loader, gone);
        }
    }

    /** The class path without what is the container's: here, what tests need alone. */
    private static URL[] ownJars() {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(path.split(File.pathSeparator))
                .filter(entry -> !entry.contains("junit") || entry.contains("scientist-junit"))
                .map(entry -> {
                    try {
                        return new File(entry).toURI().toURL();
                    } catch (MalformedURLException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toArray(URL[]::new);
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getThreadGroup() != null
                        && !"system".equals(thread.getThreadGroup().getName())
                        && !"InnocuousThreadGroup"
                                .equals(thread.getThreadGroup().getName()))
                .collect(Collectors.toSet());
    }
}
