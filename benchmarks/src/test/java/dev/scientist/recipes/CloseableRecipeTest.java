package dev.scientist.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.Scientist;
import dev.scientist.publish.RecordingPublisher;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** What candidates open takes a connection of a real pool each, until it is closed. */
class CloseableRecipeTest {

    private static final int CONNECTIONS = 5;

    private final HikariDataSource pool = pool();
    private final JdbcTemplate jdbc = new JdbcTemplate(pool);
    private final RecordingPublisher results = new RecordingPublisher();
    private final Scientist scientist = Scientist.builder().publisher(results).build();

    private static HikariDataSource pool() {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl("jdbc:h2:mem:closeable;DB_CLOSE_DELAY=-1");
        pool.setMaximumPoolSize(CONNECTIONS);
        pool.setConnectionTimeout(2_000);
        return pool;
    }

    @AfterEach
    void close() {
        scientist.close();
        pool.close();
    }

    static Stream<Execution> executions() {
        // as many candidates as leave the callers connections
        return Stream.of(Execution.inline(), Execution.background());
    }

    /** A query whose rows are read as they are asked for: it holds its connection until it is closed. */
    private Stream<String> rows() {
        return jdbc.queryForStream("select 'row'", (row, number) -> row.getString(1));
    }

    private int connectionsInUse() {
        return pool.getHikariPoolMXBean().getActiveConnections();
    }

    @ParameterizedTest
    @MethodSource("executions")
    void streamsOfQueries(Execution execution) {
        Experiment<Stream<String>> rows = scientist
                .<Stream<String>>experiment("rows")
                .execution(execution)
                .queueCapacity(2)
                .matching((control, candidate) -> true) // reading them would take the rows away from the caller
                .dispose(Stream::close)
                .build();
        for (int i = 0; i < 100; i++) {
            try (Stream<String> served = rows.run(this::rows, this::rows)) {
                assertThat(served).containsExactly("row");
            }
        }
        scientist.close();

        assertThat(connectionsInUse()).isZero();
        assertThat(results.received()).isPositive();
    }

    /** What many write: a holder of the application's that is closed as a whole. */
    record Cursor(Connection connection, int page) implements AutoCloseable {
        @Override
        public void close() {
            try {
                connection.close();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private Cursor cursor(int page) {
        try {
            return new Cursor(pool.getConnection(), page);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("executions")
    void holdersOfConnectionsThatDiffer(Execution execution) {
        Experiment<Cursor> cursors = scientist
                .<Cursor>experiment("cursors")
                .execution(execution)
                .queueCapacity(2)
                .matching((control, candidate) -> control.page() == candidate.page())
                .dispose(Cursor::close)
                .build();
        for (int i = 0; i < 50; i++) {
            int page = i;
            try (Cursor served = cursors.run(() -> cursor(page), () -> cursor(page + 1))) {
                assertThat(served.page()).isEqualTo(page);
            }
        }
        scientist.close();

        assertThat(connectionsInUse()).isZero();
        assertThat(results.results()).isNotEmpty().allMatch(result -> result.mismatched());
    }

    @ParameterizedTest
    @MethodSource("executions")
    void whatACandidateOpensWhereTheControlThrows(Execution execution) {
        Experiment<Cursor> cursors = scientist
                .<Cursor>experiment("cursors")
                .execution(execution)
                .queueCapacity(2)
                .dispose(Cursor::close)
                .build();
        for (int i = 0; i < 50; i++) {
            assertThatThrownBy(() -> cursors.run(
                            () -> {
                                throw new IllegalStateException("no such table");
                            },
                            () -> cursor(1)))
                    .hasMessage("no such table");
        }
        scientist.close();

        assertThat(connectionsInUse()).isZero();
    }

    /** Both return the connection that the caller's thread holds: it stays open. */
    @Test
    void theCallersOwnIsLeftOpen() throws SQLException {
        Experiment<Connection> connections = scientist
                .<Connection>experiment("connections")
                .dispose(CloseableRecipeTest::closed)
                .build();
        try (Connection mine = pool.getConnection()) {
            for (int i = 0; i < 10; i++) {
                assertThat(connections.run(() -> mine, () -> mine).isClosed()).isFalse();
                assertThat(connections.run(mine, in -> in, in -> in).isClosed()).isFalse();
            }
        }
        assertThat(connectionsInUse()).isZero();
    }

    private static void closed(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
