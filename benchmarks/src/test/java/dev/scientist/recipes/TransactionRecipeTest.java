package dev.scientist.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scientist.Behavior;
import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.Outcome;
import dev.scientist.Scientist;
import dev.scientist.publish.RecordingPublisher;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.UnexpectedRollbackException;
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
            DataSourceTransactionManager transactionManager, Behavior<T, RuntimeException> candidate) {
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
}
