package dev.scientist.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.scientist.BorrowedTest;
import dev.scientist.Difference;
import dev.scientist.ResultComparator;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.Table;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.Hibernate;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Entities as Hibernate hands them out, with a database: nothing is loaded by comparing, in a session and after it. */
class HibernateTest {

    @Entity(name = "Customer")
    @Table(name = "customers")
    static class Customer {
        @Id
        long id;

        String name;

        protected Customer() {}

        Customer(long id, String name) {
            this.id = id;
            this.name = name;
        }

        public long getId() {
            return id;
        }

        public String getName() {
            return name;
        }
    }

    @Entity(name = "Purchase")
    @Table(name = "purchases")
    static class Purchase {
        @Id
        long id;

        @ManyToOne(fetch = FetchType.LAZY)
        Customer customer;

        @OneToMany(mappedBy = "purchase")
        List<Item> items = new ArrayList<>();

        protected Purchase() {}

        Purchase(long id, Customer customer) {
            this.id = id;
            this.customer = customer;
        }

        public long getId() {
            return id;
        }

        public Customer getCustomer() {
            return customer;
        }

        public List<Item> getItems() {
            return items;
        }
    }

    @Entity(name = "Item")
    @Table(name = "items")
    static class Item {
        @Id
        long id;

        int price;

        @ManyToOne(fetch = FetchType.LAZY)
        Purchase purchase;

        protected Item() {}

        Item(long id, int price, Purchase purchase) {
            this.id = id;
            this.price = price;
            this.purchase = purchase;
        }

        public long getId() {
            return id;
        }

        public int getPrice() {
            return price;
        }

        public Purchase getPurchase() {
            return purchase;
        }
    }

    private static SessionFactory sessions;

    private static final StructuralComparator<Object> BY_GETTERS =
            Comparators.structural().byGetters(Customer.class, Purchase.class, Item.class);
    private static final StructuralComparator<Object> BY_FIELDS =
            Comparators.structural().byFields(Customer.class, Purchase.class, Item.class);

    @BeforeAll
    static void fill() {
        sessions = new Configuration()
                .addAnnotatedClass(Customer.class)
                .addAnnotatedClass(Purchase.class)
                .addAnnotatedClass(Item.class)
                .setProperty("hibernate.connection.url", "jdbc:h2:mem:comparing;DB_CLOSE_DELAY=-1")
                .setProperty("hibernate.hbm2ddl.auto", "create-drop")
                .buildSessionFactory();
        sessions.inTransaction(session -> {
            for (long id = 1; id <= 3; id++) {
                // the second has the same name, price and number of items as the first
                Customer customer = new Customer(id, id == 3 ? "Bob" : "Ann");
                Purchase purchase = new Purchase(id, customer);
                session.persist(customer);
                session.persist(purchase);
                session.persist(new Item(10 * id, 5, purchase));
                session.persist(new Item(10 * id + 1, 7, purchase));
            }
        });
    }

    @AfterAll
    static void close() {
        sessions.close();
    }

    private static List<String> differences(ResultComparator<Object> comparator, Object control, Object candidate) {
        return comparator.compare(control, candidate).stream()
                .map(Difference::toString)
                .toList();
    }

    private static Purchase purchase(Session session, long id) {
        return session.find(Purchase.class, id);
    }

    @Test
    void aProxyThatWasLoadedIsTheEntityItStandsFor() {
        try (Session session = sessions.openSession();
                Session other = sessions.openSession()) {
            Customer proxy = other.getReference(Customer.class, 1L);
            Hibernate.initialize(proxy);
            assertThat(proxy.getClass()).isNotEqualTo(Customer.class);
            Customer entity = session.find(Customer.class, 1L);

            for (StructuralComparator<Object> comparator : List.of(BY_GETTERS, BY_FIELDS)) {
                assertThat(differences(comparator, entity, proxy)).isEmpty();
                assertThat(differences(comparator, proxy, entity)).isEmpty();
                assertThat(differences(comparator, proxy, session.find(Customer.class, 3L)))
                        .containsExactlyInAnyOrder("id: VALUE", "name: VALUE");
            }
        }
    }

    @Test
    void referencesToTheSameRowMatchAndToOthersNever() {
        try (Session session = sessions.openSession();
                Session other = sessions.openSession()) {
            Customer one = session.getReference(Customer.class, 1L);
            Customer same = other.getReference(Customer.class, 1L);
            Customer another = other.getReference(Customer.class, 2L);

            for (StructuralComparator<Object> comparator : List.of(
                    BY_GETTERS,
                    BY_FIELDS,
                    BY_FIELDS.ignoring("id", "$$_hibernate_interceptor"),
                    Comparators.structural().acrossTypes())) {
                assertThat(differences(comparator, one, same)).isEmpty();
                assertThat(differences(comparator, one, another)).containsExactly("(whole value): VALUE");
            }
            assertThat(Hibernate.isInitialized(one)).isFalse();
            assertThat(Hibernate.isInitialized(another)).isFalse();
        }
    }

    @Test
    void aReferenceThatWasNotLoadedIsNamed() {
        try (Session session = sessions.openSession();
                Session other = sessions.openSession()) {
            Customer reference = session.getReference(Customer.class, 1L);
            Customer entity = other.find(Customer.class, 1L);

            assertThat(differences(BY_GETTERS, reference, entity)).containsExactly("(whole value): CUT_OFF");
            assertThat(differences(BY_FIELDS, entity, reference)).containsExactly("(whole value): CUT_OFF");
            assertThat(Hibernate.isInitialized(reference)).isFalse();
        }
    }

    @Test
    void lazyCollectionsAreNotLoadedByComparingWhileTheSessionIsOpen() {
        try (Session session = sessions.openSession();
                Session other = sessions.openSession()) {
            Purchase one = purchase(session, 1);
            Purchase same = purchase(other, 1);

            assertThat(differences(BY_FIELDS, one, same))
                    .as("the same rows, which neither side has loaded")
                    .isEmpty();
            assertThat(Hibernate.isInitialized(one.items)).isFalse();
            assertThat(Hibernate.isInitialized(one.customer)).isFalse();

            Hibernate.initialize(same.items);
            assertThat(differences(BY_FIELDS, one, same)).containsExactly("items: CUT_OFF");
            assertThat(differences(BY_GETTERS, same, one)).containsExactly("items: CUT_OFF");
            assertThat(Hibernate.isInitialized(one.items)).isFalse();
        }
    }

    @Test
    void lazyCollectionsOfDifferentOwnersAreNamed() {
        try (Session session = sessions.openSession()) {
            Purchase one = purchase(session, 1);
            Purchase other = purchase(session, 2);

            assertThat(differences(BY_FIELDS, one, other))
                    .containsExactlyInAnyOrder("id: VALUE", "customer: VALUE", "items: CUT_OFF");
            assertThat(Hibernate.isInitialized(one.items)).isFalse();
        }
    }

    @Test
    void afterTheSessionIsClosedNothingIsAskedEither() {
        Purchase one;
        Purchase loaded;
        try (Session session = sessions.openSession();
                Session other = sessions.openSession()) {
            one = purchase(session, 1);
            loaded = purchase(other, 1);
            Hibernate.initialize(loaded.items);
            Hibernate.initialize(loaded.customer);
        }

        assertThat(differences(BY_GETTERS, one, loaded)).containsExactly("customer: CUT_OFF", "items: CUT_OFF");
        assertThat(differences(BY_GETTERS.inAnyOrder("items"), one, loaded))
                .containsExactly("customer: CUT_OFF", "items: CUT_OFF");
        assertThat(differences(BY_GETTERS.pairing("items[*]", "id"), one, loaded))
                .containsExactly("customer: CUT_OFF", "items: CUT_OFF");
        assertThat(differences(BY_GETTERS.ignoring("customer", "items"), one, loaded))
                .isEmpty();
        assertThat(differences(Comparators.structural().acrossTypes(), List.of(one), List.of(loaded)))
                .containsExactly("[0].customer: CUT_OFF", "[0].items: CUT_OFF");
    }

    @Test
    void loadedGraphsWithWaysBackAreCompared() {
        Purchase one;
        Purchase other;
        try (Session session = sessions.openSession();
                Session second = sessions.openSession()) {
            one = purchase(session, 1);
            other = purchase(second, 1);
            for (Purchase purchase : List.of(one, other)) {
                Hibernate.initialize(purchase.items);
                Hibernate.initialize(purchase.customer);
            }
        }
        assertThat(one.items.get(0).purchase).isSameAs(one);

        assertThat(differences(BY_FIELDS, one, other)).isEmpty();
        other.items.get(1).price = 8;
        assertThat(differences(BY_FIELDS, one, other)).containsExactly("items[1].price: VALUE");
        assertThat(differences(BY_FIELDS.pairing("items[*]", Item::getId), one, other))
                .containsExactly("items[\"11\"].price: VALUE");
        assertThat(differences(BY_FIELDS.inAnyOrder("items"), one, other))
                .containsExactly("items[1]: MISSING", "items[1]: EXTRA");
    }

    /** A candidate that builds plain objects is compared with entities that a session gave out. */
    @Test
    void plainObjectsMatchWhatASessionLoaded() {
        Purchase loaded;
        try (Session session = sessions.openSession()) {
            loaded = purchase(session, 3);
            Hibernate.initialize(loaded.items);
            Hibernate.initialize(loaded.customer);
        }
        Purchase plain = new Purchase(3, new Customer(3, "Bob"));
        plain.items.add(new Item(30, 5, plain));
        plain.items.add(new Item(31, 7, plain));

        assertThat(differences(BY_GETTERS, loaded, plain)).isEmpty();
        assertThat(differences(BY_FIELDS, plain, loaded)).isEmpty();
    }

    @Test
    void onAnotherThreadThanTheCallersItFailsWithOneClearLineAndNothingIsLoaded() {
        try (Session session = sessions.openSession();
                Session other = sessions.openSession()) {
            Purchase one = purchase(session, 1);
            Purchase same = purchase(other, 1);
            Hibernate.initialize(same.items);

            for (StructuralComparator<Object> comparator : List.of(BY_FIELDS, BY_GETTERS)) {
                BorrowedTest.during(() -> assertThatIllegalStateException()
                        .isThrownBy(() -> comparator.compare(one, same))
                        .withMessageContaining("belongs to the caller's persistence session")
                        .withMessageContaining("take a snapshot"));
            }
            BorrowedTest.during(() -> assertThatIllegalStateException()
                    .isThrownBy(() -> BY_FIELDS.compare(same.items, List.of()))
                    .withMessageContaining("take a snapshot"));
            assertThat(Hibernate.isInitialized(one.items)).isFalse();
            assertThat(Hibernate.isInitialized(one.customer)).isFalse();
        }
    }

    @Test
    void whatWasLoadedAndBelongsToNoSessionAnyMoreIsComparedOnAnyThread() {
        Purchase one;
        Purchase other;
        try (Session session = sessions.openSession();
                Session second = sessions.openSession()) {
            one = purchase(session, 1);
            other = purchase(second, 1);
            for (Purchase purchase : List.of(one, other)) {
                Hibernate.initialize(purchase.items);
                Hibernate.initialize(purchase.customer);
            }
        }

        BorrowedTest.during(() -> assertThat(differences(BY_FIELDS, one, other)).isEmpty());
    }

    /** It asks equals, which would load a collection or reference: so it asks first whose the value is. */
    @Test
    void theDefaultComparisonTouchesNoSessionOfAnotherThread() {
        ResultComparator<Object> equality = ResultComparator.equality();
        Purchase detached;
        try (Session session = sessions.openSession();
                Session other = sessions.openSession()) {
            Purchase lazy = purchase(session, 1);
            Purchase loaded = purchase(other, 1);
            Hibernate.initialize(loaded.items);
            Hibernate.initialize(loaded.customer);
            for (Object value : List.of(lazy.items, lazy.customer, loaded.items, loaded.customer)) {
                BorrowedTest.during(() -> assertThatIllegalStateException()
                        .isThrownBy(() -> equality.compare(value, 1))
                        .withMessageContaining("take a snapshot"));
                BorrowedTest.during(() -> assertThatIllegalStateException()
                        .isThrownBy(() -> equality.compare(null, value))
                        .withMessageContaining("take a snapshot"));
            }
            assertThat(Hibernate.isInitialized(lazy.items)).isFalse();
            assertThat(Hibernate.isInitialized(lazy.customer)).isFalse();
            detached = loaded;
        }

        BorrowedTest.during(() -> {
            assertThat(differences(equality, detached.items, detached.items)).isEmpty();
            assertThat(differences(equality, detached.customer, detached.customer))
                    .isEmpty();
            assertThat(differences(equality, detached.items, List.of())).containsExactly("(whole value): VALUE");
        });
    }
}
