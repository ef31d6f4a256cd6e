package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A candidate's exception can be repaired only by who sees where it was thrown; and a difference by who sees why. */
class StackTracesTest {

    private final LogLines log = new LogLines(LoggingPublisher.LOGGER_NAME);
    private final Scientist scientist = Scientist.builder().build();

    @AfterEach
    void close() {
        scientist.close();
        log.close();
    }

    private static Integer inTheRewrite() {
        throw new IllegalStateException("private", new IOException("secret"));
    }

    @Test
    void theLogHasItForTheFirstOfItsClassAndPlace() {
        Experiment<Integer> experiment = scientist.<Integer>experiment("test").build();
        for (int i = 0; i < 3; i++) {
            experiment.run(() -> 1, StackTracesTest::inTheRewrite);
        }
        experiment.run(() -> 1, () -> {
            throw new IllegalStateException();
        });

        List<String> lines = log.lines();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0))
                .contains("candidate threw java.lang.IllegalStateException")
                .contains(" at dev.scientist.StackTracesTest.inTheRewrite(StackTracesTest.java:")
                .contains("; caused by java.io.IOException at ")
                .doesNotContain("private")
                .doesNotContain("secret");
        assertThat(lines.get(1)).doesNotContain("; thrown: ");
        assertThat(lines.get(2)).doesNotContain("; thrown: ");
        assertThat(lines.get(3)).contains("; thrown: ");
    }

    @Test
    void theErrorThatIsRaisedHasItAsCauseAndTheControlsSuppressed() {
        Experiment<Integer> experiment =
                scientist.<Integer>experiment("test").raiseOnMismatch(true).build();
        IOException controls = new IOException();
        IllegalStateException candidates = new IllegalStateException();

        Throwable error = catchThrowable(() -> experiment.run(
                () -> {
                    throw controls;
                },
                () -> {
                    throw candidates;
                }));
        assertThat(error).isInstanceOf(MismatchError.class).hasCause(candidates);
        assertThat(error.getSuppressed()).containsExactly(controls);
    }

    private static final class Order {
        private final String item;

        Order(String item) {
            this.item = item;
        }

        @Override
        public String toString() {
            return "Order " + item;
        }
    }

    private Throwable raised(Object control, Object candidate) {
        Experiment<Object> experiment =
                scientist.experiment("test" + ++made).raiseOnMismatch(true).build();
        return catchThrowable(() -> experiment.run(() -> control, () -> candidate));
    }

    private int made;

    @Test
    void valuesThatLookAlikeAreExplained() {
        String noEquals = Order.class.getTypeName() + " has no equals";
        String classes = "java.lang.Integer against java.lang.Long";
        assertThat(raised(42, 42L)).hasMessageContaining("returned 42").hasMessageContaining(classes);
        assertThat(raised(new Order("a"), new Order("a")))
                .hasMessageContaining("Order a")
                .hasMessageContaining(noEquals);
        assertThat(raised(1, 2)).hasMessage("experiment 'test3': control returned 1, candidate returned 2");

        assertThat(log.lines().get(0)).contains(classes);
        assertThat(log.lines().get(1)).contains(noEquals).doesNotContain("Order a");
        assertThat(log.lines().get(2)).contains("; order ").doesNotContain("against");
    }
}
