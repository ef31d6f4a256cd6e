package dev.scientist.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.scientist.Behavior;
import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.Outcome;
import dev.scientist.Scientist;
import dev.scientist.proxy.Implementing;
import dev.scientist.publish.RecordingPublisher;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** An experiment in the middle of a caller's transaction, on Spring and H2. */
class TransactionRecipeTest {

    private final RecordingPublisher results = new RecordingPublisher();
    private final Scientist scientist = Scientist.builder().publisher(results).build();
    private final DataSourceTransactionManager transactionManager = transactionManager();
    private final JdbcTemplate jdbc = new JdbcTemplate(transactionManager.getDataSource());
    /** What {@code @Transactional} does: takes part in the transaction that is there. */
    private final TransactionTemplate joining = new TransactionTemplate(transactionManager);

    private static DataSourceTransactionManager transactionManager() {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:transaction;DB_CLOSE_DELAY=-1");
        return new DataSourceTransactionManager(database);
    }

    @BeforeEach
    void createTables() {
        jdbc.execute("drop table if exists orders");
        jdbc.execute("create table orders (id int)");
    }

    @AfterEach
    void close() {
        scientist.close();
    }

    private Integer oldPrice() {
        return joining.execute(status -> 1);
    }

    private Integer newPrice() {
        return joining.execute(status -> {
            jdbc.update("insert into orders values (99)");
            throw new IllegalStateException("not ready yet");
        });
    }

    // README: spring-transaction
    /** Runs a candidate in a transaction of its own, which is always rolled back. */
    static <T> Behavior<T, RuntimeException> inItsOwnTransaction(
            PlatformTransactionManager transactionManager, Behavior<T, RuntimeException> candidate) {
        TransactionTemplate own = new TransactionTemplate(transactionManager);
        own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        return () -> own.execute(status -> {
            status.setRollbackOnly();
            return candidate.call();
        });
    }
    // README end

    private int order(Experiment<Integer> pricing, Behavior<Integer, RuntimeException> candidate) {
        return new TransactionTemplate(transactionManager).execute(status -> {
            jdbc.update("insert into orders values (1)");
            return pricing.run(this::oldPrice, candidate);
        });
    }

    private int orders() {
        return jdbc.queryForObject("select count(*) from orders", Integer.class);
    }

    private Experiment<Integer> pricing(Execution execution) {
        return scientist.<Integer>experiment("pricing").execution(execution).build();
    }

    /** Why there is a recipe: the candidate takes part in the caller's transaction, and its failure marks it. */
    @Test
    void withoutTheRecipeTheCallersCommitFails() {
        Experiment<Integer> pricing = pricing(Execution.inline());

        assertThatThrownBy(() -> order(pricing, this::newPrice)).isInstanceOf(UnexpectedRollbackException.class);
        assertThat(orders()).isZero();
    }

    @Test
    void inlineInATransactionOfItsOwnThatIsRolledBack() {
        Experiment<Integer> pricing = pricing(Execution.inline());
        for (int i = 0; i < 20; i++) { // in either order
            assertThat(order(pricing, inItsOwnTransaction(transactionManager, this::newPrice)))
                    .isEqualTo(1);
        }

        assertThat(orders()).isEqualTo(20);
        assertThat(jdbc.queryForObject("select count(*) from orders where id = 99", Integer.class))
                .isZero();
        assertThat(results.results())
                .hasSize(20)
                .allSatisfy(result -> assertThat(
                                result.comparisons().get(0).candidate().throwable())
                        .hasMessage("not ready yet"));
    }

    @Test
    void whatACandidateWritesWithoutFailingIsRolledBackToo() {
        Experiment<Integer> pricing = pricing(Execution.inline());
        order(pricing, inItsOwnTransaction(transactionManager, () -> {
            jdbc.update("insert into orders values (99)");
            return 1;
        }));

        assertThat(orders()).isEqualTo(1);
        assertThat(results.results().get(0).comparisons().get(0).outcome()).isEqualTo(Outcome.MATCHED);
    }

    @Test
    void inTheBackgroundTheCallerCommitsAndWhatTheCandidateWritesIsRolledBack() {
        Experiment<Integer> pricing = pricing(Execution.background());
        for (int i = 0; i < 20; i++) {
            assertThat(order(pricing, inItsOwnTransaction(transactionManager, this::newPrice)))
                    .isEqualTo(1);
        }
        scientist.close();

        assertThat(orders()).isEqualTo(20);
        assertThat(results.results())
                .isNotEmpty()
                .allSatisfy(result -> assertThat(result.mismatched()).isTrue());
    }

    /** As services are written: each method takes part in the transaction that is there, by a proxy of Spring's. */
    public interface Orders {
        int price(int id);
    }

    static class LegacyOrders implements Orders {
        @Override
        @Transactional
        public int price(int id) {
            return id;
        }
    }

    static class RewrittenOrders implements Orders {
        private final JdbcTemplate jdbc;

        RewrittenOrders(JdbcTemplate jdbc) {
            this.jdbc = jdbc;
        }

        @Override
        @Transactional
        public int price(int id) {
            jdbc.update("insert into orders values (99)");
            throw new IllegalStateException("not ready yet");
        }
    }

    @Configuration
    @EnableTransactionManagement
    static class Application {
        @Bean
        DataSourceTransactionManager transactionManager() {
            return TransactionRecipeTest.transactionManager();
        }

        @Bean
        JdbcTemplate jdbc(DataSourceTransactionManager transactionManager) {
            return new JdbcTemplate(Objects.requireNonNull(transactionManager.getDataSource()));
        }

        @Bean
        Orders legacyOrders() {
            return new LegacyOrders();
        }

        @Bean
        Orders rewrittenOrders(JdbcTemplate jdbc) {
            return new RewrittenOrders(jdbc);
        }
    }

    @Test
    void aWholeServiceWhoseMethodsAreTransactional() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Application.class)) {
            PlatformTransactionManager manager = context.getBean(PlatformTransactionManager.class);
            Orders rewritten = context.getBean("rewrittenOrders", Orders.class);
            Orders both = Implementing.of(scientist, Orders.class)
                    .control(context.getBean("legacyOrders", Orders.class))
                    .candidate(id -> inItsOwnTransaction(manager, () -> rewritten.price(id))
                            .call())
                    .build();
            for (int i = 1; i <= 20; i++) { // in either order
                int id = i;
                new TransactionTemplate(manager).executeWithoutResult(status -> {
                    jdbc.update("insert into orders values (1)");
                    assertThat(both.price(id)).isEqualTo(id);
                });
            }
        }

        assertThat(orders()).isEqualTo(20);
        assertThat(results.results()).hasSize(20).allMatch(result -> result.mismatched());
    }

    /** What is sent after the commit, as a mail, is not sent for a candidate. */
    @Test
    void whatTheCandidateRegistersForAfterTheCommitIsNotCalled() {
        List<String> sent = new ArrayList<>();
        order(pricing(Execution.inline()), inItsOwnTransaction(transactionManager, () -> {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    sent.add("by the candidate");
                }
            });
            return 1;
        }));

        assertThat(orders()).isEqualTo(1);
        assertThat(sent).isEmpty();
    }

    /** With a pool of one connection, a second one would never come. */
    @Test
    void inASavepointOfTheCallersTransactionNoSecondConnectionIsNeeded() {
        try (HikariDataSource one = new HikariDataSource()) {
            one.setJdbcUrl("jdbc:h2:mem:transaction;DB_CLOSE_DELAY=-1");
            one.setMaximumPoolSize(1);
            one.setConnectionTimeout(1_000);
            DataSourceTransactionManager manager = new DataSourceTransactionManager(one);
            JdbcTemplate template = new JdbcTemplate(one);
            TransactionTemplate takesPart = new TransactionTemplate(manager);
            TransactionTemplate nested = new TransactionTemplate(manager);
            nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
            List<Integer> seen = new ArrayList<>();
            Experiment<Integer> pricing = pricing(Execution.inline());
            for (int i = 0; i < 20; i++) { // in either order
                takesPart.executeWithoutResult(caller -> {
                    template.update("insert into orders values (1)");
                    pricing.run(
                            () -> 1,
                            () -> nested.execute(candidate -> {
                                candidate.setRollbackOnly();
                                template.update("insert into orders values (99)");
                                seen.add(template.queryForObject(
                                        "select count(*) from orders where id = 1", Integer.class));
                                return takesPart.execute(inner -> {
                                    throw new IllegalStateException("not ready yet");
                                });
                            }));
                });
            }
            assertThat(seen)
                    .as("what the caller wrote")
                    .hasSize(20)
                    .startsWith(1)
                    .endsWith(20);
        }

        assertThat(orders()).isEqualTo(20);
        assertThat(results.results()).hasSize(20).allMatch(result -> result.mismatched());
    }
}
