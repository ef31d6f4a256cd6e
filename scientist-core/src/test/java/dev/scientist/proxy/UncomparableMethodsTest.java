package dev.scientist.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.scientist.Scientist;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.stream.Stream;
import kotlin.coroutines.Continuation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Methods whose calls have not happened when they return: refused when the implementation is built. */
class UncomparableMethodsTest {

    private final Scientist scientist =
            Scientist.builder().publisher(result -> {}).build();

    @AfterEach
    void close() {
        scientist.close();
    }

    /** As Kotlin compiles {@code suspend fun price(item: String): Int}. */
    public interface Suspending {
        Object price(String item, Continuation<? super Integer> continuation);

        @NotExperimented
        default Object other(Continuation<? super Integer> continuation) {
            return 1;
        }

        default int stock(String item) {
            return 1;
        }
    }

    /** Returns a type of Reactive Streams. */
    public interface Reactive {
        org.reactivestreams.Publisher<Integer> prices(String item);
    }

    /** Returns the JDK's own. */
    public interface Flowing {
        Flow.Publisher<Integer> prices(String item);
    }

    /** What to use in their place. */
    public interface Staged {
        CompletionStage<Integer> price(String item);
    }

    /** Hands its arguments on. */
    public interface Calling {
        int each(Consumer<String> action);
    }

    /** Nobody waits there, so that each call would fail. */
    @Test
    void aStageOfAnExperimentThatRaisesIsRefusedWhenItIsBuilt() {
        try (Scientist raising = Scientist.builder()
                .publisher(result -> {})
                .raiseOnMismatch(true)
                .build()) {
            Implementing<Staged> staged = Implementing.of(raising, Staged.class)
                    .control(item -> CompletableFuture.completedFuture(1))
                    .candidate(item -> CompletableFuture.completedFuture(1));
            assertThatThrownBy(staged::build)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("its method price returns a CompletionStage")
                    .hasMessageContaining("raiseOnMismatch(false)")
                    .hasMessageContaining("@NotExperimented");

            Staged allowed = Implementing.of(raising, Staged.class)
                    .control(item -> CompletableFuture.completedFuture(1))
                    .candidate(item -> CompletableFuture.completedFuture(1))
                    .named("allowed")
                    .settings((method, settings) -> settings.raiseOnMismatch(false))
                    .build();
            assertThat(allowed.price("pen")).isCompletedWithValue(1);
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {Suspending.class, Reactive.class, Flowing.class})
    <S> void areRefusedWithTheirNameAndTheWaysOut(Class<S> type) {
        assertThatThrownBy(() -> Implementing.of(scientist, type)
                        .control(any(type))
                        .candidate(any(type))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("its method price")
                .hasMessageContaining("@NotExperimented")
                .hasMessageContaining("CompletionStage");
        assertThat(scientist.experiments()).isEmpty();
    }

    private static <S> S any(Class<S> type) {
        return type.cast(java.lang.reflect.Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> null));
    }

    @Test
    void whatIsLeftOutIsNot() {
        Suspending control = (item, continuation) -> 1;
        Suspending candidate = (item, continuation) -> {
            throw new AssertionError("asked for what the caller is to get from the control");
        };
        Suspending both = Implementing.of(scientist, Suspending.class)
                .control(control)
                .candidate(candidate)
                .methods(method -> method.getName().equals("stock"))
                .build();

        assertThat(both.price("pen", new Continuation<>() {})).isEqualTo(1);
        assertThat(both.stock("pen")).isEqualTo(1);
    }

    @Test
    void stagesAreComparedByWhatCompletesThem() {
        Staged both = Implementing.of(scientist, Staged.class)
                .control(item -> CompletableFuture.completedFuture(1))
                .candidate(item -> CompletableFuture.completedFuture(2))
                .build();

        assertThat(both.price("pen")).isCompletedWithValue(1);
    }

    @Test
    void anArgumentThatBothWouldCallIsWarnedOf() {
        Logger logger = (Logger) LoggerFactory.getLogger(Implementing.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try {
            Implementing.of(scientist, Calling.class)
                    .control(action -> 1)
                    .candidate(action -> 1)
                    .build();
            Implementing.of(scientist, Staged.class)
                    .control(item -> CompletableFuture.completedFuture(1))
                    .candidate(item -> CompletableFuture.completedFuture(1))
                    .build();
        } finally {
            logger.detachAppender(log);
        }
        assertThat(Stream.ofNullable(log.list)
                        .flatMap(events -> events.stream().map(ILoggingEvent::getFormattedMessage)))
                .singleElement()
                .asString()
                .contains("Consumer", "its method each", "@NotExperimented");
    }
}
