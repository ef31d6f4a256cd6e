package dev.scientist.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.Scientist;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** A thread for each task: the executor bounds nothing, so the experiment's permits have to. */
class UnboundedExecutorRecipeTest {

    private static final int CONNECTIONS = 10;
    private static final int FOR_CANDIDATES = 4;

    private static ExecutorService virtualThreadPerTask() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void callersGetTheirConnectionsWhateverCandidatesDo() throws InterruptedException {
        callersGetTheirConnections(Executors.newCachedThreadPool(), thread -> !isVirtual(thread));
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "older JDKs have no virtual threads")
    void onVirtualThreadsToo() throws InterruptedException {
        callersGetTheirConnections(virtualThreadPerTask(), UnboundedExecutorRecipeTest::isVirtual);
    }

    /** As the JDK shows threads since 21. */
    private static boolean isVirtual(Thread thread) {
        return thread.toString().startsWith("VirtualThread[");
    }

    private static void callersGetTheirConnections(ExecutorService executor, Predicate<Thread> expected)
            throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        Queue<Thread> used = new ConcurrentLinkedQueue<>();
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
                                used.add(Thread.currentThread());
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
            assertThat(used).hasSize(FOR_CANDIDATES).allMatch(expected);
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
