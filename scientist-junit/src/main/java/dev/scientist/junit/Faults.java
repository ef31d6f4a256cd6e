package dev.scientist.junit;

import dev.scientist.Behavior;
import dev.scientist.Difference;
import dev.scientist.Drop;
import dev.scientist.Experiment;
import dev.scientist.Gate;
import dev.scientist.InputBehavior;
import dev.scientist.Operation;
import dev.scientist.Publisher;
import dev.scientist.Result;
import dev.scientist.ResultComparator;
import dev.scientist.Serving;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Makes candidates and other parts of an experiment misbehave by chance, so that a team can prove in its own suite that
 * the experiment cannot hurt. The parts wrapped here do as before, but now and then strikes one of the {@link Fault}s.
 *
 * <p>Thread-safe. The same seed gives the same faults, as long as one thread at a time calls the wrapped parts in the
 * same order. {@link WithFaults} does this for a whole test.
 */
public final class Faults implements AutoCloseable {

    private static final int MAX_DELAY_MICROS = 10_000;
    private static final int ALLOCATED_BYTES = 8 << 20;

    private final long seed;
    private final double probability;
    private final Fault[] kinds;
    private final Random random;
    private final LongAdder chances;
    private final LongAdder strikes;
    private final CountDownLatch closed;
    /** Written only, so that what is allocated is not optimized away. */
    @SuppressWarnings("UnusedVariable")
    private volatile byte @Nullable [] garbage;

    private Faults(long seed, double probability, Fault[] kinds) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("the probability of faults must be from 0 to 1, not " + probability);
        }
        this.seed = seed;
        this.probability = probability;
        this.kinds = kinds;
        random = new Random(seed);
        chances = new LongAdder();
        strikes = new LongAdder();
        closed = new CountDownLatch(1);
    }

    private Faults(Faults base, Fault[] kinds) {
        seed = base.seed;
        probability = base.probability;
        this.kinds = kinds;
        random = base.random;
        chances = base.chances;
        strikes = base.strikes;
        closed = base.closed;
    }

    /**
     * Faults to wrap parts with.
     *
     * @param seed where chance comes from
     * @param probability how likely each call of a wrapped part is struck, from 0 to 1
     * @param kinds what can happen, each kind as likely; with none, all but {@link Fault#HANG}
     * @return the faults
     */
    public static Faults of(long seed, double probability, Fault... kinds) {
        return new Faults(
                seed,
                probability,
                kinds.length > 0
                        ? kinds.clone()
                        : EnumSet.complementOf(EnumSet.of(Fault.HANG)).toArray(Fault[]::new));
    }

    /**
     * A candidate that misbehaves.
     *
     * @param candidate the candidate
     * @param <T> what it returns
     * @param <X> what it may throw; when struck it may throw anything
     * @return the candidate with faults
     */
    public <T extends @Nullable Object, X extends Throwable> Behavior<T, X> candidate(Behavior<T, X> candidate) {
        Objects.requireNonNull(candidate, "candidate");
        return () -> {
            boolean corrupts = strike();
            T value = candidate.call();
            return corrupts ? corrupted(value) : value;
        };
    }

    /**
     * A candidate that is handed its input and misbehaves.
     *
     * @param candidate the candidate
     * @param <I> the input
     * @param <T> what it returns
     * @param <X> what it may throw; when struck it may throw anything
     * @return the candidate with faults
     */
    public <I extends @Nullable Object, T extends @Nullable Object, X extends Throwable>
            InputBehavior<I, T, X> candidate(InputBehavior<I, T, X> candidate) {
        Objects.requireNonNull(candidate, "candidate");
        return input -> {
            boolean corrupts = strike();
            T value = candidate.call(input);
            return corrupts ? corrupted(value) : value;
        };
    }

    /**
     * A comparator that misbehaves.
     *
     * @param comparator the comparator
     * @param <V> what it compares
     * @return the comparator with faults
     */
    @SuppressWarnings("NullAway") // a null is the fault
    public <V extends @Nullable Object> ResultComparator<V> comparator(ResultComparator<V> comparator) {
        Objects.requireNonNull(comparator, "comparator");
        return (control, candidate) -> {
            boolean corrupts = strike();
            List<Difference> differences = comparator.compare(control, candidate);
            return corrupts ? null : differences;
        };
    }

    /**
     * A gate that misbehaves when it is asked.
     *
     * @param gate the gate
     * @return the gate with faults
     */
    public Gate gate(Gate gate) {
        return new FaultyGate(this, Objects.requireNonNull(gate, "gate"));
    }

    /**
     * A publisher that misbehaves when it is handed a result.
     *
     * @param publisher the publisher
     * @return the publisher with faults
     */
    public Publisher publisher(Publisher publisher) {
        return new FaultyPublisher(this, Objects.requireNonNull(publisher, "publisher"));
    }

    /**
     * How often a wrapped part was struck.
     *
     * @return the number so far
     */
    public long strikes() {
        return strikes.sum();
    }

    /**
     * How often a wrapped part was called.
     *
     * @return the number so far
     */
    public long chances() {
        return chances.sum();
    }

    /** Ends what hangs, and strikes no more. Idempotent. */
    @Override
    public void close() {
        closed.countDown();
    }

    /** The same, counted together, for parts that run on the caller's thread; null if hanging was all. */
    @Nullable
    Faults withoutHanging() {
        Fault[] others = Arrays.stream(kinds).filter(kind -> kind != Fault.HANG).toArray(Fault[]::new);
        return others.length == 0 ? null : new Faults(this, others);
    }

    /** Maybe strikes. Returns true if what the part returns is to be corrupted. */
    boolean strike() {
        chances.increment();
        if (closed.getCount() == 0 || random.nextDouble() >= probability) {
            return false;
        }
        strikes.increment();
        Fault fault = kinds[random.nextInt(kinds.length)];
        switch (fault) {
            case THROW -> throw Faults.<RuntimeException>anything(thrown());
            case DELAY -> delay(1_000L * random.nextInt(MAX_DELAY_MICROS));
            case HANG -> hang();
            case ALLOCATE -> {
                garbage = new byte[ALLOCATED_BYTES];
                garbage = null;
            }
            case CORRUPT -> {
                return true;
            }
        }
        return false;
    }

    private Throwable thrown() {
        String message = "injected fault, seed " + seed;
        return switch (random.nextInt(6)) {
            case 0 -> new IllegalStateException(message);
            case 1 -> new IOException(message);
            case 2 -> new AssertionError(message);
            case 3 -> new OutOfMemoryError(message);
            case 4 -> new StackOverflowError(message);
            default -> new NoClassDefFoundError(message);
        };
    }

    private void delay(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0 && !Thread.currentThread().isInterrupted(); left = end - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
    }

    private void hang() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            throw Faults.<RuntimeException>anything(e);
        }
    }

    @SuppressWarnings({"unchecked", "NullAway"
    }) // of the same type, or the null that nobody declared: that is the fault
    private static <T extends @Nullable Object> T corrupted(T value) {
        Object other = null;
        if (value instanceof Boolean truth) {
            other = !truth;
        } else if (value instanceof Integer number) {
            other = number + 1;
        } else if (value instanceof Long number) {
            other = number + 1;
        } else if (value instanceof Double number) {
            other = -number - 1;
        } else if (value instanceof String text) {
            other = text + "?";
        }
        return (T) other;
    }

    @SuppressWarnings("unchecked") // what is not declared is thrown all the same
    private static <X extends Throwable> X anything(Throwable throwable) throws X {
        throw (X) throwable;
    }

    private record FaultyGate(Faults faults, Gate gate) implements Gate {

        @Override
        public boolean admits(Request request, @Nullable Object input) {
            return faults.strike() != gate.admits(request, input);
        }

        @Override
        public void learn(Request request, Result<?> result) {
            gate.learn(request, result);
        }

        @Override
        public Gate forExperiment(String experiment) {
            return new FaultyGate(faults, gate.forExperiment(experiment));
        }

        @Override
        public @Nullable String status() {
            return gate.status();
        }
    }

    private record FaultyPublisher(Faults faults, Publisher publisher) implements Publisher {

        @Override
        public void publish(Result<?> result) throws Exception {
            if (!faults.strike()) {
                publisher.publish(result);
            }
        }

        @Override
        public void defined(Experiment<?> experiment) {
            publisher.defined(experiment);
        }

        @Override
        public boolean wants(Result<?> result) {
            return publisher.wants(result);
        }

        @Override
        public boolean wantsDrops() {
            return publisher.wantsDrops();
        }

        @Override
        public boolean wantsFailures() {
            return publisher.wantsFailures();
        }

        @Override
        public void dropped(Experiment<?> experiment, Drop reason) {
            publisher.dropped(experiment, reason);
        }

        @Override
        public void failed(Experiment<?> experiment, Operation operation, Throwable failure) {
            publisher.failed(experiment, operation, failure);
        }

        @Override
        public void switched(Experiment<?> experiment, boolean on) {
            publisher.switched(experiment, on);
        }

        @Override
        public void gateChanged(Experiment<?> experiment, String status) {
            publisher.gateChanged(experiment, status);
        }

        @Override
        public void stageChanged(Experiment<?> experiment, Serving serving) {
            publisher.stageChanged(experiment, serving);
        }

        @Override
        public void close() throws Exception {
            publisher.close();
        }
    }

    /** Names its settings. */
    @Override
    public String toString() {
        return "faults " + Arrays.toString(kinds) + " with probability " + probability + ", seed " + seed;
    }
}
