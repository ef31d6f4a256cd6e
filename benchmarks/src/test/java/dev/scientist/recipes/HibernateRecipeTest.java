package dev.scientist.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.scientist.Comparison;
import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.LoggingPublisher;
import dev.scientist.Outcome;
import dev.scientist.Scientist;
import dev.scientist.compare.Comparators;
import dev.scientist.evidence.EvidencePage;
import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.evidence.Tolerance;
import dev.scientist.publish.RecordingPublisher;
import jakarta.persistence.CascadeType;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.hibernate.Hibernate;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The guide "JPA and Hibernate": entities whose lists are loaded by the caller's session, on real Hibernate and H2. */
class HibernateRecipeTest {

    private static final int CUSTOMERS = 50;
    private static final int REQUESTS = 3_000;
    private static final int CALLERS = 4;

    @Entity(name = "Customer")
    static class Customer {
        @Id
        private int id;

        @OneToMany(cascade = CascadeType.ALL)
        @OrderBy("id")
        private List<Line> lines = new ArrayList<>();

        @ElementCollection
        private Set<String> tags = new HashSet<>();

        List<Line> lines() {
            return lines;
        }

        Set<String> tags() {
            return tags;
        }
    }

    @Entity(name = "Line")
    static class Line {
        @Id
        private int id;

        private String item;

        String item() {
            return item;
        }
    }

    private static HikariDataSource pool;
    private static SessionFactory entityManagers;

    private final RecordingPublisher results = new RecordingPublisher();
    private final Scientist scientist = Scientist.builder()
            .publisher(new LoggingPublisher())
            .publisher(results)
            .build();

    @BeforeAll
    static void fill() {
        pool = new HikariDataSource();
        pool.setJdbcUrl("jdbc:h2:mem:hibernate;DB_CLOSE_DELAY=-1");
        pool.setMaximumPoolSize(20);
        Configuration configuration = new Configuration()
                .addAnnotatedClass(Customer.class)
                .addAnnotatedClass(Line.class)
                .setProperty("hibernate.hbm2ddl.auto", "create");
        configuration.getProperties().put("hibernate.connection.datasource", pool);
        entityManagers = configuration.buildSessionFactory();
        entityManagers.runInTransaction(
                entityManager -> IntStream.range(0, CUSTOMERS).forEach(id -> entityManager.persist(customer(id))));
    }

    private static Customer customer(int id) {
        Customer customer = new Customer();
        customer.id = id;
        for (int i = 0; i < id % 5; i++) {
            Line line = new Line();
            line.id = id * 10 + i;
            line.item = "item " + i;
            customer.lines.add(line);
            customer.tags.add("tag " + i);
        }
        return customer;
    }

    @AfterAll
    static void closePool() {
        entityManagers.close();
        pool.close();
    }

    @AfterEach
    void close() {
        scientist.close();
    }

    private static List<Line> oldLines(EntityManager entityManager, int customer) {
        return entityManager.find(Customer.class, customer).lines(); // lazy, of the caller's session
    }

    private static List<Line> newLines(EntityManager entityManager, int customer) {
        return entityManager
                .createQuery("select l from Customer c join c.lines l where c.id = :id order by l.id", Line.class)
                .setParameter("id", customer)
                .getResultList();
    }

    private List<Line> inline(EntityManager entityManager, int customer) {
        // README: jpa-inline
        Experiment<List<Line>> lines = scientist.<List<Line>>experiment(
                "lines",
                e -> e.comparator(
                        Comparators.by(found -> found.stream().map(Line::item).toList())));

        return lines.run(
                () -> oldLines(entityManager, customer),
                () -> entityManagers.callInTransaction(own -> newLines(own, customer))); // a session of its own
        // README end
    }

    private List<Line> background(EntityManager entityManager, int customer) {
        // README: jpa-background
        Experiment<List<Line>> lines = scientist.<List<Line>>experiment(
                "lines",
                e -> e.execution(Execution.background())
                        .snapshot(ArrayList::new) // loads the list while it is still the caller's thread and session
                        .comparator(Comparators.by(
                                found -> found.stream().map(Line::item).toList())));

        return lines.run(
                () -> oldLines(entityManager, customer),
                () -> entityManagers.callInTransaction(own -> new ArrayList<>(newLines(own, customer))));
        // README end
    }

    /** The list is handed on as it is, and nothing compares what is in it: nothing of ours may load it either. */
    private List<Line> untouched(EntityManager entityManager, int customer) {
        Experiment<List<Line>> lines = scientist.<List<Line>>experiment(
                "lines", e -> e.execution(Execution.background()).matching((control, candidate) -> false));

        return lines.run(
                () -> oldLines(entityManager, customer),
                () -> entityManagers.callInTransaction(own -> oldLines(own, customer)));
    }

    private interface Request {
        List<Line> lines(EntityManager entityManager, int customer);
    }

    /** Returns what went wrong at callers. */
    private Queue<String> serve(Request request) throws InterruptedException {
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        List<Thread> callers = new ArrayList<>();
        for (int caller = 0; caller < CALLERS; caller++) {
            int first = caller;
            callers.add(new Thread(() -> {
                for (int i = first; i < REQUESTS; i += CALLERS) {
                    int customer = i % CUSTOMERS;
                    try {
                        entityManagers.runInTransaction(entityManager -> {
                            List<Line> lines = request.lines(entityManager, customer);
                            if (lines.size() != customer % 5
                                    || !lines.stream()
                                            .allMatch(line -> line.item().startsWith("item"))) {
                                wrong.add("customer " + customer + ": " + lines.size() + " lines");
                            }
                        });
                    } catch (RuntimeException | Error failure) {
                        wrong.add("customer " + customer + ": " + failure);
                    }
                }
            }));
        }
        callers.forEach(Thread::start);
        for (Thread caller : callers) {
            caller.join();
        }
        scientist.close();
        return wrong;
    }

    /** Whoever compares a lazy set by equals loads it: on another thread, through the session of the caller. */
    @Test
    void inTheBackgroundTheDefaultComparisonOfALazySetFailsAndLoadsNothing() {
        Experiment<Set<String>> tags = scientist
                .<Set<String>>experiment("tags")
                .execution(Execution.background())
                .build();
        CountDownLatch compared = new CountDownLatch(1);
        Experiment<Set<String>> awaited = tags.toBuilder("awaited")
                .afterRun(result -> compared.countDown())
                .build();
        entityManagers.runInTransaction(entityManager -> {
            Set<String> served = awaited.run(
                    () -> entityManager.find(Customer.class, 3).tags(), () -> Set.of("tag 0", "tag 1", "tag 2"));
            try {
                compared.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            assertThat(Hibernate.isInitialized(served)).isFalse();
            assertThat(served).hasSize(3); // the session is as good as before
        });

        Comparison<?> comparison = results.results().get(0).comparisons().get(0);
        assertThat(comparison.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(comparison.comparatorFailure()).hasMessageContaining("take a snapshot");
    }

    /** What was loaded, and belongs to no session any more, is compared on any thread. */
    @Test
    void inTheBackgroundASetThatWasLoadedAndIsDetachedIsCompared() {
        Experiment<Set<String>> tags = scientist
                .<Set<String>>experiment("tags")
                .execution(Execution.background())
                .build();
        tags.run(() -> loadedTags(3), () -> loadedTags(3));
        tags.run(() -> loadedTags(3), () -> loadedTags(4));
        scientist.close();

        assertThat(results.results().stream()
                        .map(result -> result.comparisons().get(0).outcome()))
                .containsExactlyInAnyOrder(Outcome.MATCHED, Outcome.MISMATCHED);
    }

    private static Set<String> loadedTags(int customer) {
        return entityManagers.fromTransaction(session -> {
            Set<String> tags = session.find(Customer.class, customer).tags();
            Hibernate.initialize(tags);
            return tags;
        });
    }

    /** A reference to a row, of which no column was asked for. */
    @Test
    void inTheBackgroundAReferenceIsLoadedByNobody() {
        EvidencePublisher evidence = new EvidencePublisher();
        Scientist shown = Scientist.builder()
                .publisher(new LoggingPublisher())
                .publisher(evidence)
                .build();
        Experiment<Line> line =
                shown.<Line>experiment("line").execution(Execution.background()).build();
        entityManagers.runInTransaction(entityManager -> {
            Line reference = line.run(() -> entityManager.getReference(Line.class, 31), () -> new Line());
            shown.close(); // waits for the comparison
            assertThat(new EvidencePage(shown, evidence, Tolerance.standard()).html(Map.of("experiment", "line")))
                    .contains("<h1>line</h1>");
            assertThat(Hibernate.isInitialized(reference)).isFalse();
            assertThat(reference.item()).isEqualTo("item 1");
        });
    }

    /** A view of the application's that holds an entity's list: its equals and toString would load it. */
    record View(String title, List<Line> lines) {}

    @Test
    void inlineAViewOfALazyListIsShownByItsClassAlone() {
        Experiment<View> views = scientist
                .<View>experiment("views")
                .matching((control, candidate) -> control.title().equals(candidate.title()))
                .build();
        entityManagers.runInTransaction(entityManager -> {
            View view = views.run(
                    () -> new View("old", entityManager.find(Customer.class, 3).lines()),
                    () -> new View("new", List.of()));
            assertThat(Hibernate.isInitialized(view.lines())).isFalse();
        });
        assertThat(results.results().get(0).mismatched()).isTrue();
    }

    @Test
    void inlineWithASessionOfItsOwn() throws InterruptedException {
        assertThat(serve(this::inline)).isEmpty();
        assertThat(results.received()).isEqualTo(REQUESTS);
        assertThat(results.results()).isNotEmpty().allMatch(result -> result.matched());
    }

    @Test
    void inTheBackgroundWithASessionOfItsOwnAndASnapshot() throws InterruptedException {
        assertThat(serve(this::background)).isEmpty();
        assertThat(results.results()).isNotEmpty().allMatch(result -> result.matched());
    }

    @Test
    void inTheBackgroundNothingTouchesWhatNobodyCompares() throws InterruptedException {
        assertThat(serve(this::untouched)).isEmpty();
        assertThat(results.results()).isNotEmpty().allMatch(result -> result.mismatched());
    }
}
