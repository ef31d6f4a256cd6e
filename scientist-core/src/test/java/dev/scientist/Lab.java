package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.publish.RecordingPublisher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** A scientist whose results and failures a test can look at. */
final class Lab implements AutoCloseable {

    /** What the failure handler was told. */
    record Failure(String experiment, Operation operation, Throwable throwable) {}

    /** A clock that stands still unless told to go on. */
    static final class ManualClock implements LongSupplier {
        private long now = 1_000_000;
        private int reads;

        @Override
        public long getAsLong() {
            reads++;
            return now;
        }

        void advance(long nanos) {
            now += nanos;
        }

        int reads() {
            return reads;
        }
    }

    final RecordingPublisher results = new RecordingPublisher();
    final List<Failure> failures = new CopyOnWriteArrayList<>();
    final Scientist scientist;

    Lab() {
        this(builder -> builder);
    }

    Lab(UnaryOperator<Scientist.Builder> settings) {
        scientist = settings.apply(Scientist.builder()
                        .publisher(results)
                        .failureHandler((experiment, operation, failure) ->
                                failures.add(new Failure(experiment, operation, failure))))
                .build();
    }

    /** Inline, every candidate runs before the control. */
    static Scientist.Builder candidatesFirst(Scientist.Builder settings) {
        return settings.random(always(0));
    }

    /** A generator that always gives the same numbers: bound - 1 leaves an order as it is, 0 turns a pair round. */
    static RandomGenerator always(int number) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                return number;
            }

            @Override
            public int nextInt(int bound) {
                return Math.min(number, bound - 1);
            }
        };
    }

    <T> Experiment.Builder<T> experiment() {
        return scientist.experiment("test");
    }

    /** Concurrent with one thing that is certain: the candidate has begun, and is even through, before the control begins. */
    static Execution concurrent() {
        return Execution.concurrent(Duration.ofSeconds(20)).on(task -> {
            Thread thread = new Thread(task);
            thread.start();
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** For an execution in which the caller waits: the control ends only once the candidate has begun. */
    static <T, X extends Throwable> T together(
            Experiment<T> experiment, Behavior<? extends T, X> control, Behavior<? extends T, ?> candidate) throws X {
        CountDownLatch begun = new CountDownLatch(1);
        Behavior<T, X> controlOnceBegun = () -> {
            await(begun);
            return control.call();
        };
        Behavior<T, Throwable> announced = () -> {
            begun.countDown();
            return candidate.call();
        };
        return experiment.run(controlOnceBegun, announced);
    }

    /** Waits for something that is to happen soon. */
    static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The only result that was published. */
    Result<?> result() {
        assertThat(results.results()).hasSize(1);
        return results.results().get(0);
    }

    /** The only comparison of the only result. */
    Comparison<?> comparison() {
        assertThat(result().comparisons()).hasSize(1);
        return result().comparisons().get(0);
    }

    Outcome outcome() {
        return comparison().outcome();
    }

    /** What failed, in order. */
    List<Operation> failedOperations() {
        return failures.stream().map(Failure::operation).toList();
    }

    /** The only failure: of the experiment, at the operation, and the very throwable. */
    void assertOnlyFailure(Operation operation, Throwable throwable) {
        assertThat(failures).hasSize(1);
        Failure failure = failures.get(0);
        assertThat(failure.experiment()).isEqualTo("test");
        assertThat(failure.operation()).isEqualTo(operation);
        assertThat(failure.throwable()).isSameAs(throwable);
    }

    @Override
    public void close() {
        scientist.close();
    }

    /** Throws anything, declared or not. */
    @SuppressWarnings("unchecked")
    static <X extends Throwable> RuntimeException sneak(Throwable throwable) throws X {
        throw (X) throwable;
    }

    static RuntimeException sneaky(Throwable throwable) {
        return Lab.<RuntimeException>sneak(throwable);
    }
}
