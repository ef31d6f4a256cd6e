package shop;

import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.ResultComparator;
import dev.scientist.Scientist;
import dev.scientist.compare.Comparators;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.util.ArrayList;
import java.util.List;

/** The lines of a customer: a lazy list so far, and soon a query. */
public final class Lines {

    private final EntityManagerFactory entityManagers;
    private final Experiment<List<Line>> inline;
    private final Experiment<List<Line>> background;

    public Lines(Scientist scientist, EntityManagerFactory entityManagers) {
        this.entityManagers = entityManagers;
        ResultComparator<List<Line>> byItem =
                Comparators.by(lines -> lines.stream().map(Line::item).toList());
        inline = scientist.<List<Line>>experiment("lines-inline").comparator(byItem).build();
        background = scientist
                .<List<Line>>experiment("lines-background")
                .execution(Execution.background())
                .queueCapacity(1_000) // a burst of requests: no run of the test is to be shed
                .snapshot(ArrayList::new) // loads the list while it is still the caller's thread and session
                .comparator(byItem)
                .build();
    }

    public List<Line> inline(EntityManager entityManager, int customer) {
        return inline.run(() -> lazyLines(entityManager, customer), () -> queriedLines(customer));
    }

    public List<Line> background(EntityManager entityManager, int customer) {
        return background.run(() -> lazyLines(entityManager, customer), () -> queriedLines(customer));
    }

    private static List<Line> lazyLines(EntityManager entityManager, int customer) {
        return entityManager.find(Customer.class, customer).lines();
    }

    /** In a session of its own, so that nothing stays in the caller's. */
    private List<Line> queriedLines(int customer) {
        return entityManagers.callInTransaction(own -> own.createQuery(
                        "select l from Customer c join c.lines l where c.id = :id order by l.id", Line.class)
                .setParameter("id", customer)
                .getResultList());
    }
}
