package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.channels.Channels;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SubmissionPublisher;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values that can be read once, or are still to come: comparing them says nothing, and the user is told so once. */
class LiveValuesTest {

    private final Lab lab = new Lab();

    @AfterEach
    void close() {
        lab.close();
    }

    /** A reactive type of some library, known by the name of what it implements. */
    private static final class Mono extends AbstractMono {}

    private abstract static class AbstractMono implements org.reactivestreams.Publisher<String> {}

    private record Live(String advice, Supplier<Object> value) {
        @Override
        public String toString() {
            return value.get().getClass().getSimpleName();
        }
    }

    private static Stream<Live> liveValues() {
        return Stream.of(
                new Live("hand behaviors a list", () -> Stream.of(1)),
                new Live("hand behaviors a list", () -> IntStream.of(1)),
                new Live("hand behaviors a list", () -> List.of(1).iterator()),
                new Live("hand behaviors a list", () -> List.of(1).listIterator()),
                new Live("hand behaviors a list", () -> Collections.enumeration(List.of(1))),
                new Live("hand behaviors a list", () -> List.of(1).spliterator()),
                new Live("hand behaviors a list", () -> new Scanner("a")),
                new Live("hand behaviors a list", LiveValuesTest::resultSet),
                new Live("hand behaviors what was read", () -> new StringReader("a")),
                new Live(
                        "hand behaviors what was read",
                        () -> Channels.newChannel(new ByteArrayInputStream(new byte[1]))),
                new Live("hand behaviors what was read", () -> new ByteArrayInputStream(new byte[1])),
                new Live("use runAsync", () -> CompletableFuture.completedFuture(1)),
                new Live("let the behaviors wait for it", () -> new FutureTask<>(() -> 1)),
                new Live("toFuture()", SubmissionPublisher::new),
                new Live("toFuture()", Mono::new));
    }

    private static Object resultSet() {
        try {
            return JdbcConnectionPool.create("jdbc:h2:mem:", "", "")
                    .getConnection()
                    .createStatement()
                    .executeQuery("select 1");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("liveValues")
    void theFirstMismatchOfSuchValuesSaysWhatToDo(Live live) {
        Experiment<Object> experiment = lab.experiment().build();
        for (int i = 0; i < 10; i++) {
            experiment.run(live.value()::get, live.value()::get);
        }

        assertThat(lab.failedOperations()).containsExactly(Operation.COMPARE);
        assertThat(lab.failures.get(0).throwable())
                .isInstanceOf(Notice.class)
                .hasMessageContaining(live.value().get().getClass().getName())
                .hasMessageContaining(live.advice());
    }

    /** Whoever runs first reads it: half of the callers get nothing. It cannot be prevented, but it is said. */
    @Test
    void anInputThatBothRead() {
        Experiment<Long> experiment =
                lab.<Long>experiment().execution(Execution.controlFirst()).build();
        experiment.run(Stream.of(1, 2), Stream::count, Stream::count);

        assertThat(lab.outcome()).isEqualTo(Outcome.MISMATCHED);
        assertThat(lab.failures.get(0).throwable()).hasMessageContaining("java.util.stream");
    }

    @Test
    void ofOrdinaryValuesAndOfMatchesNothingIsSaid() {
        lab.<Object>experiment().build().run(() -> List.of(1), () -> List.of(2));
        lab.scientist
                .<Object>experiment("matching")
                .matching((control, candidate) -> true)
                .build()
                .run(() -> Stream.of(1), () -> Stream.of(1));

        assertThat(lab.failures).isEmpty();
    }
}
