package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.evidence.EvidenceReport;
import dev.scientist.evidence.Tolerance;
import dev.scientist.publish.BackgroundPublisher;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values that belong to the caller's session: whoever touches them loads them, and on another thread breaks it. */
class AttachedValuesTest {

    /** Who touched a value of the test, as thread and method. */
    private static final List<String> TOUCHED = new CopyOnWriteArrayList<>();

    private static <V> V touched(String method, V value) {
        TOUCHED.add(Thread.currentThread().getName() + " " + method);
        return value;
    }

    /** A lazy list as persistence frameworks hand them out. */
    private static final class LazyList extends AbstractList<String> {
        @Override
        public String get(int index) {
            return touched("get", "row");
        }

        @Override
        public int size() {
            return touched("size", 1);
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return touched("hashCode", 1);
        }
    }

    private static final class LazyMap extends AbstractMap<String, String> {
        @Override
        public Set<Entry<String, String>> entrySet() {
            return touched("entrySet", Set.of());
        }

        @Override
        public int size() {
            return touched("size", 1);
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return touched("hashCode", 1);
        }
    }

    private static final class LazyText implements CharSequence {
        @Override
        public int length() {
            return touched("length", 1);
        }

        @Override
        public char charAt(int index) {
            return touched("charAt", 'a');
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return touched("subSequence", this);
        }

        @Override
        public String toString() {
            return touched("toString", "a");
        }
    }

    private static final class LazyNumber extends Number {
        private static final long serialVersionUID = 1;

        @Override
        public int intValue() {
            return touched("intValue", 1);
        }

        @Override
        public long longValue() {
            return touched("longValue", 1L);
        }

        @Override
        public float floatValue() {
            return touched("floatValue", 1f);
        }

        @Override
        public double doubleValue() {
            return touched("doubleValue", 1d);
        }

        @Override
        public String toString() {
            return touched("toString", "1");
        }
    }

    private static Stream<Behavior<Object, RuntimeException>> values() {
        return Stream.of(
                LazyList::new,
                LazyMap::new,
                LazyText::new,
                LazyNumber::new,
                () -> Collections.unmodifiableList(new LazyList()),
                () -> Collections.unmodifiableMap(new LazyMap()),
                () -> new LazyList().subList(0, 0),
                () -> Optional.of(new LazyText()));
    }

    @ParameterizedTest
    @MethodSource("values")
    void logPageAndBackgroundPublisherTouchNone(Behavior<Object, RuntimeException> value) {
        TOUCHED.clear();
        EvidencePublisher evidence = new EvidencePublisher();
        try (LogLines log = new LogLines(LoggingPublisher.LOGGER_NAME)) {
            Scientist scientist = Scientist.builder()
                    .publisher(new LoggingPublisher())
                    .publisher(evidence)
                    .publisher(new BackgroundPublisher(new LoggingPublisher()))
                    .build();
            for (Execution execution : List.of(Execution.inline(), Execution.background(), Lab.concurrent())) {
                Experiment<Object> experiment = scientist
                        .experiment(execution.toString())
                        .execution(execution)
                        .matching((control, candidate) -> false)
                        .context("lazy", new LazyList())
                        .build();
                TOUCHED.clear(); // subList asks for the size
                Object input = new LazyList();
                for (int i = 0; i < 5; i++) {
                    Object control = value.call();
                    Object candidate = value.call();
                    TOUCHED.clear();
                    experiment.run(input, in -> control, in -> candidate);
                }
            }
            scientist.close();
            EvidenceReport report = new EvidenceReport(evidence.evidence(), Tolerance.standard());
            assertThat(report.text() + report.json()).isNotEmpty();
            assertThat(log.lines()).isNotEmpty();
        }
        assertThat(TOUCHED).isEmpty();
    }

    /** The caller's list grows after the call: what is shown was made when the result was published. */
    @Test
    void whatIsShownIsMadeOnceOnTheThreadOfTheRun() {
        List<String> cleanedOn = new CopyOnWriteArrayList<>();
        try (LogLines log = new LogLines(LoggingPublisher.LOGGER_NAME)) {
            Scientist scientist = Scientist.builder()
                    .publisher(new LoggingPublisher())
                    .publisher(new BackgroundPublisher(new LoggingPublisher()))
                    .build();
            Experiment<Map<String, String>> experiment = scientist
                    .<Map<String, String>>experiment("once")
                    .clean(map -> {
                        cleanedOn.add(Thread.currentThread().getName());
                        return map.size();
                    })
                    .build();
            experiment.run(() -> Map.of("a", "b"), Map::of);
            scientist.close();

            assertThat(log.lines())
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line).contains("control returned 1", "candidate returned 0"));
        }
        String here = Thread.currentThread().getName();
        assertThat(cleanedOn).containsExactly(here, here);
    }
}
