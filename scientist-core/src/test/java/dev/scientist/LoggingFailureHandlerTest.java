package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is logged of failures where the user has no handler of its own. */
class LoggingFailureHandlerTest {

    private final LogLines log = new LogLines("dev.scientist.failures");
    private final Scientist scientist =
            Scientist.builder().publisher(result -> {}).build();

    @AfterEach
    void close() {
        scientist.close();
        log.close();
    }

    private Experiment<Integer> failing(Throwable failure) {
        return scientist
                .<Integer>experiment("test")
                .beforeRun(() -> {
                    throw Lab.sneaky(failure);
                })
                .build();
    }

    @Test
    void aFailureIsAnErrorWithItsStackTraceButWithoutItsMessage() {
        IllegalStateException failure = new IllegalStateException("hook");
        assertThat(failing(failure).run(() -> 1, () -> 1)).isEqualTo(1);

        assertThat(log.lines())
                .singleElement()
                .asString()
                .startsWith("ERROR experiment 'test': BEFORE_RUN failed: java.lang.IllegalStateException at "
                        + failure.getStackTrace()[0])
                .doesNotContain("hook");
        ILoggingEvent event = log.events().get(0);
        assertThat(event.getThrowableProxy()).isNull(); // a logging system would show its message
        assertThat(LogLines.keyValues(event))
                .containsExactly(
                        Map.entry("event.name", "scientist.failure"),
                        Map.entry("scientist.experiment.name", "test"),
                        Map.entry("scientist.operation", "BEFORE_RUN"),
                        Map.entry("scientist.error.type", "java.lang.IllegalStateException"),
                        Map.entry("scientist.held_back", 0L));
    }

    @Test
    void whatTheLibraryItselfSaysIsShownInOneLine() {
        failing(new Notice("say this\nand that")).run(() -> 1, () -> 1);

        assertThat(log.lines()).containsExactly("ERROR experiment 'test': BEFORE_RUN failed: say this\\nand that");
    }

    @Test
    void aFloodIsHeldBack() {
        Experiment<Integer> experiment = failing(new IllegalStateException("hook"));
        long start = System.nanoTime();
        for (int i = 0; i < 1_000; i++) {
            experiment.run(() -> 1, () -> 1);
        }
        long seconds = (System.nanoTime() - start) / 1_000_000_000;

        assertThat((long) log.lines().size()).isBetween(3L, 3 * (seconds + 2));
    }

    @Test
    void aFailureThatCannotBeLoggedIsNamedAllTheSame() {
        Experiment<Integer> experiment = failing(new IllegalStateException() {
            private static final long serialVersionUID = 1;

            @Override
            public StackTraceElement[] getStackTrace() {
                throw new StackOverflowError();
            }
        });

        assertThat(experiment.run(() -> 1, () -> 1)).isEqualTo(1);

        assertThat(log.lines())
                .containsExactly("ERROR experiment 'test': BEFORE_RUN failed, and so did handling it, with"
                        + " java.lang.StackOverflowError");
    }

    @Test
    void aHandlerThatFailsIsLogged() {
        try (Scientist own = Scientist.builder()
                .publisher(result -> {})
                .failureHandler((experiment, operation, failure) -> {
                    throw new LinkageError("handler");
                })
                .build()) {
            own.<Integer>experiment("own")
                    .beforeRun(() -> {
                        throw new IllegalStateException();
                    })
                    .build()
                    .run(() -> 1, () -> 1);
        }

        assertThat(log.lines())
                .containsExactly(
                        "ERROR experiment 'own': BEFORE_RUN failed, and so did handling it, with java.lang.LinkageError");
    }
}
