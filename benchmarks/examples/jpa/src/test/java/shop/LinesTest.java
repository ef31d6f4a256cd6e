package shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.Scientist;
import dev.scientist.junit.AtLeastRuns;
import dev.scientist.junit.WithScientist;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceConfiguration;
import java.util.List;
import java.util.stream.IntStream;
import org.hibernate.Hibernate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Fails on every mismatch, failed comparison and dropped run. */
@WithScientist
class LinesTest {

    private static final int CUSTOMERS = 50;
    private static final int REQUESTS = 1_000;

    private static EntityManagerFactory entityManagers;

    @BeforeAll
    static void fill() {
        entityManagers = new PersistenceConfiguration("shop")
                .managedClass(Customer.class)
                .managedClass(Line.class)
                .property(PersistenceConfiguration.JDBC_URL, "jdbc:h2:mem:shop;DB_CLOSE_DELAY=-1")
                .property(PersistenceConfiguration.SCHEMAGEN_DATABASE_ACTION, "create")
                .property("hibernate.hikari.maximumPoolSize", "20") // callers and candidates
                .createEntityManagerFactory();
        entityManagers.runInTransaction(entityManager -> IntStream.range(0, CUSTOMERS).forEach(id -> {
            Customer customer = new Customer(id);
            IntStream.range(0, id % 5).forEach(i -> customer.lines().add(new Line(id * 10 + i, "item " + i)));
            entityManager.persist(customer);
        }));
    }

    @AfterAll
    static void close() {
        entityManagers.close();
    }

    @Test
    @AtLeastRuns(value = REQUESTS, experiment = "lines-inline")
    void inline(Scientist scientist) {
        serve(new Lines(scientist, entityManagers)::inline);
    }

    @Test
    @AtLeastRuns(value = REQUESTS, experiment = "lines-background")
    void background(Scientist scientist) {
        serve(new Lines(scientist, entityManagers)::background);
    }

    private interface Service {
        List<Line> lines(EntityManager entityManager, int customer);
    }

    /** Each caller is handed the lazy list of its own session, and changes it, as its owner may. */
    private static void serve(Service service) {
        IntStream.range(0, REQUESTS).parallel().forEach(request -> {
            int customer = request % CUSTOMERS;
            entityManagers.runInTransaction(entityManager -> {
                List<Line> lines = service.lines(entityManager, customer);
                assertThat(lines).isSameAs(entityManager.find(Customer.class, customer).lines());
                assertThat(lines).extracting(Line::item).hasSize(customer % 5).allMatch(item -> item.startsWith("item"));
                assertThat(Hibernate.isInitialized(lines)).isTrue();
                entityManager.clear(); // nothing is written
                lines.clear();
            });
        });
    }
}
