package dev.scientist.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.Scientist;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A thread for each task: the executor bounds nothing, so the experiment's permits have to. */
class UnboundedExecutorRecipeTest {

    private static final int CONNECTIONS = 10;
    private static final int FOR_CANDIDATES = 4;

    /** A virtual thread for each task where the JDK has them, a plain one elsewhere. */
    private static ExecutorService threadPerTask() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException notInThisJdk) {
            return Executors.newCachedThreadPool();
        }
    }

    @Test
    void callersGetTheirConnectionsWhateverCandidatesDo() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        ExecutorService executor = threadPerTask();
        try (HikariDataSource pool = new HikariDataSource();
                Scientist scientist =
                        Scientist.builder().publisher(result -> {}).build()) {
            pool.setJdbcUrl("jdbc:h2:mem:unbounded;DB_CLOSE_DELAY=-1");
            pool.setMaximumPoolSize(CONNECTIONS);
            pool.setConnectionTimeout(1_000);
            // README: spring-bounded
            Experiment<Integer> pricing = scientist
                    .<Integer>experiment("pricing")
                    .execution(Execution.background().on(executor))
                    .queueCapacity(FOR_CANDIDATES) // no more candidates are under way, on whatever executor
                    .build();
            // README end
            CountDownLatch holding = new CountDownLatch(FOR_CANDIDATES);
            for (int i = 0; i < 100; i++) {
                assertThat(pricing.run(() -> price(pool), () -> {
                            try (Connection connection = pool.getConnection()) {
                                holding.countDown();
                                release.await(); // as slow as can be
                                return connection.isValid(1) ? 1 : 0;
                            }
                        }))
                        .isEqualTo(1);
            }
            assertThat(holding.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isEqualTo(FOR_CANDIDATES);
            assertThat(price(pool)).isEqualTo(1);
            assertThat(pricing.counts().droppedInAll()).isEqualTo(100 - FOR_CANDIDATES);
            release.countDown();
        } finally {
            release.countDown();
            executor.shutdown();
        }
    }

    private static Integer price(HikariDataSource pool) {
        try (Connection connection = pool.getConnection()) {
            return connection.isValid(1) ? 1 : 0;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
