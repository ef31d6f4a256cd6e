package dev.scientist.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scientist.Comparison;
import dev.scientist.Experiment;
import dev.scientist.Operation;
import dev.scientist.Outcome;
import dev.scientist.ResultComparator;
import dev.scientist.Scientist;
import dev.scientist.publish.RecordingPublisher;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** What goes wrong in the objects that are compared: the comparison fails and is reported, the caller never notices. */
@Timeout(30)
class HostileInputsTest {

    private static final StructuralComparator<Object> STRUCTURAL = Comparators.structural();

    record Box(Object content) {}

    record Throwing(String text) {
        @Override
        public String text() {
            throw new IllegalStateException("accessor");
        }
    }

    static final class Bean {
        public int getValue() throws java.io.IOException {
            throw new java.io.IOException("getter");
        }
    }

    static final class EqualsThrows {
        @Override
        public boolean equals(Object other) {
            throw new UnsupportedOperationException("equals");
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    static final class EqualsRecurses {
        @Override
        @SuppressWarnings("InfiniteRecursion")
        public boolean equals(Object other) {
            return other.equals(this);
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    @Test
    void anEqualsThatThrowsFailsTheComparison() {
        fails(STRUCTURAL, new Box(new EqualsThrows()), new Box(new EqualsThrows()), "equals");
        fails(STRUCTURAL, List.of(1, new EqualsThrows()), List.of(2, new EqualsThrows()), "equals");
    }

    @Test
    void anEqualsThatRecursesFailsTheComparison() {
        Throwable failure = fails(STRUCTURAL, new Box(new EqualsRecurses()), new Box(new EqualsRecurses()), null);

        assertThat(failure).isInstanceOf(StackOverflowError.class);
    }

    @Test
    void anAccessorThatThrowsFailsTheComparison() {
        fails(STRUCTURAL.ignoring("x"), new Throwing("a"), new Throwing("b"), "accessor");
        fails(STRUCTURAL, new Throwing("a"), new Throwing("b"), "accessor");
    }

    @Test
    void whatAGetterThrowsComesOutAsItIs() {
        StructuralComparator<Object> byGetters = STRUCTURAL.byGetters(Bean.class);

        assertThatThrownBy(() -> byGetters.compare(new Bean(), new Bean()))
                .isExactlyInstanceOf(java.io.IOException.class)
                .hasMessage("getter");
        fails(byGetters, new Bean(), new Bean(), "getter");
    }

    @Test
    void aComparatorThatReturnsNullFailsTheComparison() {
        fails(STRUCTURAL.at("content", (control, candidate) -> null), new Box(1), new Box(2), null);
        fails(STRUCTURAL.forType(Integer.class, (control, candidate) -> null), new Box(1), new Box(2), null);
    }

    @Test
    void aComparatorOfAnotherTypeFailsTheComparison() {
        Throwable failure =
                fails(STRUCTURAL.at("content", Comparators.tolerance(1)), new Box("text"), new Box("other"), null);

        assertThat(failure).isInstanceOf(ClassCastException.class);
    }

    private static final class Shortening {
        private final List<Object> list;

        Shortening(List<Object> list) {
            this.list = list;
        }

        @Override
        public boolean equals(Object other) {
            list.remove(list.size() - 1);
            return true;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    /** The list loses an element while it is walked: the element's own equals removes it. */
    @Test
    void aCollectionChangedWhileItIsWalkedFailsTheComparison() {
        List<Object> control = new java.util.LinkedList<>();
        List<Object> candidate = new java.util.LinkedList<>();
        for (int i = 0; i < 5; i++) {
            control.add(new Shortening(candidate));
            candidate.add(new Shortening(candidate));
        }

        Throwable failure = fails(STRUCTURAL, control, candidate, null);

        assertThat(failure).isInstanceOf(ConcurrentModificationException.class);
    }

    /** Another thread keeps changing the list: whatever comes of it, it comes to an end. */
    @Test
    void aCollectionThatAnotherThreadKeepsChangingNeverHangsIt() throws InterruptedException {
        List<Object> control = new ArrayList<>();
        List<Object> candidate = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            control.add(new Box("x" + i));
            candidate.add(new Box("x" + i));
        }
        Thread changer = new Thread(() -> {
            for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                candidate.remove(candidate.size() - 1);
                candidate.add(i % candidate.size(), new Box(i));
            }
        });
        changer.start();
        try {
            for (int i = 0; i < 500; i++) {
                caller(STRUCTURAL, control, candidate);
            }
        } finally {
            changer.interrupt();
            changer.join();
        }
    }

    @Test
    void aListThatNeverEndsIsCutOff() {
        Iterable<Object> unending = new AbstractList<>() {
            @Override
            public Object get(int index) {
                return new Box(index);
            }

            @Override
            public int size() {
                return Integer.MAX_VALUE;
            }

            @Override
            public Iterator<Object> iterator() {
                throw new AssertionError("too large to be walked");
            }
        };

        assertThat(STRUCTURAL.compare(unending, List.of(1))).hasToString("[(whole value): CUT_OFF]");
        assertThat(STRUCTURAL.compare(Set.of(1), Set.of(2))).hasSize(2);
    }

    /** Each look makes a new level: there is no cycle to be met again. */
    @Test
    void aGraphThatGrowsWhileItIsWalkedIsCutOff() {
        assertThat(STRUCTURAL.byGetters(Growing.class).compare(new Growing(), new Growing()))
                .extracting(difference -> difference.kind().name())
                .contains("CUT_OFF");
    }

    static final class Growing {
        public List<Growing> getMore() {
            return List.of(new Growing(), new Growing(), new Growing());
        }

        public Map<String, Growing> getNext() {
            return Map.of("next", new Growing());
        }
    }

    private static Throwable fails(
            ResultComparator<Object> comparator, Object control, Object candidate, String message) {
        Comparison<?> comparison = caller(comparator, control, candidate);

        assertThat(comparison.outcome()).isEqualTo(Outcome.FAILED);
        Throwable failure = comparison.comparatorFailure();
        if (message != null) {
            assertThat(failure).hasMessage(message);
        }
        return failure;
    }

    /** Runs an experiment: the caller gets the control's very value, and a failure is reported once. */
    private static Comparison<?> caller(ResultComparator<Object> comparator, Object control, Object candidate) {
        RecordingPublisher publisher = new RecordingPublisher();
        AtomicReference<Operation> reported = new AtomicReference<>();
        Scientist scientist = Scientist.builder()
                .publisher(publisher)
                .failureHandler((experiment, operation, failure) ->
                        assertThat(reported.getAndSet(operation)).isNull())
                .build();
        Experiment<Object> experiment =
                scientist.<Object>experiment("hostile").comparator(comparator).build();

        assertThat(experiment.run(() -> control, () -> candidate) == control).isTrue();

        Comparison<?> comparison = publisher.results().get(0).comparisons().get(0);
        assertThat(reported.get()).isEqualTo(comparison.outcome() == Outcome.FAILED ? Operation.COMPARE : null);
        return comparison;
    }

    // ---- paths that many rules could lead along ----

    private static Object nested(int depth, Object innermost) {
        Object value = innermost;
        for (int i = 0; i < depth; i++) {
            value = List.of(value, "beside");
        }
        return value;
    }

    /**
     * Symptom: what the rules say below a place was put together beforehand for all places, twice below each
     * {@code [*]}: a path of forty of them took for ever. Found by Jazzer.
     */
    @Test
    @Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD) // which need not heed an interrupt
    void aPathOfManyStarsIsTakenAtOnce() {
        StructuralComparator<Object> ignoring = STRUCTURAL.ignoring("[*]".repeat(40));

        assertThat(ignoring.compare(nested(40, "a"), nested(40, "b"))).isEmpty();
        assertThat(ignoring.compare(nested(39, "a"), nested(39, "b"))).hasSize(1);
    }

    /** Each of these paths may or may not be left at each step, so that there are two to the forty places. */
    @Test
    @Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD) // which need not heed an interrupt
    void pathsThatPartAtEveryStepAreTakenAtOnce() {
        String[] paths = new String[40];
        for (int i = 0; i < paths.length; i++) {
            paths[i] = "[*]".repeat(i) + "[0]" + "[*]".repeat(paths.length - 1 - i);
        }
        StructuralComparator<Object> ignoring = STRUCTURAL.ignoring(paths);

        assertThat(ignoring.compare(nested(40, "a"), nested(40, "b"))).isEmpty();
        assertThat(ignoring.compare(nested(41, "a"), nested(41, "b"))).isEmpty();
        assertThat(ignoring.compare(nested(39, "a"), nested(39, "b"))).hasSize(1);
    }

    @Test
    void aPathLongerThanAnyGraphIsDeepIsTaken() {
        assertThat(STRUCTURAL.ignoring("[0]".repeat(50_000)).compare(nested(3, "a"), nested(3, "b")))
                .hasSize(1);
    }
}
