package dev.scientist.junit;

import dev.scientist.Execution;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Where a fabricated run takes place: its clock and its order. One run at a time. Knows how the engine draws an order
 * and when it reads the clock; the tests of {@link Fabricated} notice when that changes.
 */
abstract sealed class Stage implements LongSupplier {

    abstract Execution execution();

    abstract RandomGenerator order();

    /** Before a run. */
    abstract void set(Fabricated.Part control, List<Fabricated.Part> candidates, String @Nullable [] order);

    /** On the thread of a behavior. */
    abstract void play(Fabricated.Part part) throws InterruptedException;

    /** After a run. */
    void clear() {}

    /** All on the caller's thread. */
    static final class Inline extends Stage {
        private final ManualClock clock = new ManualClock();
        private final Drawn drawn = new Drawn();

        @Override
        Execution execution() {
            return Execution.inline();
        }

        @Override
        RandomGenerator order() {
            return drawn;
        }

        @Override
        void set(Fabricated.Part control, List<Fabricated.Part> candidates, String @Nullable [] order) {
            List<String> names = new ArrayList<>();
            names.add(control.name());
            for (Fabricated.Part candidate : candidates) {
                if (candidate.isAbandoned()) {
                    throw new IllegalStateException("candidate '" + candidate.name()
                            + "' cannot be abandoned on the caller's thread: use Fabricated.concurrentExperiment");
                }
                names.add(candidate.name());
            }
            drawn.toGive(names, order == null ? names : List.of(order));
        }

        @Override
        void play(Fabricated.Part part) {
            clock.advance(part.took());
        }

        @Override
        public long getAsLong() {
            return clock.getAsLong();
        }
    }

    /** Draws so that the engine's shuffle, Fisher-Yates from the end, gives a certain order. */
    private static final class Drawn implements RandomGenerator {
        private final Random otherwise = new Random(0);
        /** What to draw below each bound. */
        private int[] drawn = {};

        void toGive(List<String> names, List<String> wanted) {
            List<String> left = new ArrayList<>(names);
            drawn = new int[names.size() + 1];
            boolean isPermutation = wanted.size() == names.size();
            for (int i = names.size() - 1; i >= 0 && isPermutation; i--) {
                int at = left.indexOf(wanted.get(i));
                isPermutation = at >= 0;
                if (isPermutation) {
                    drawn[i + 1] = at;
                    left.set(at, left.get(i));
                    left.remove(i);
                }
            }
            if (!isPermutation) {
                throw new IllegalStateException("the order must have each of " + names + " once, but was " + wanted);
            }
        }

        @Override
        public int nextInt(int bound) {
            // a bound that is too high is that of the control's second run, which stays last
            return bound < drawn.length ? drawn[bound] : bound - 1;
        }

        @Override
        public long nextLong() {
            return otherwise.nextLong();
        }
    }

    /**
     * Candidates each on a thread of its own, with its own time. The control waits until every candidate has ended or,
     * if it is to be abandoned, has begun; then it interrupts its own thread, which makes the engine give up on the
     * rest at once.
     */
    static final class Concurrent extends Stage {
        private static final Duration LONG_ENOUGH = Duration.ofHours(1);

        /** Time on the thread of one candidate. */
        private final ThreadLocal<long[]> passed = ThreadLocal.withInitial(() -> new long[1]);

        private final Deque<Long> abandonedAfter = new ArrayDeque<>();
        private final List<Thread> threads = new ArrayList<>();
        private CountDownLatch underWay = new CountDownLatch(0);
        private CountDownLatch ended = new CountDownLatch(0);
        private @Nullable Thread caller;
        private boolean hasAbandoned;
        private long callersTime;
        private int readsAfterControl;
        private boolean wasInterrupted;

        @Override
        Execution execution() {
            return Execution.concurrent(LONG_ENOUGH).on(this::start);
        }

        @Override
        RandomGenerator order() {
            return new Random(0);
        }

        private void start(Runnable candidate) {
            CountDownLatch ended = this.ended;
            Thread thread = new Thread(
                    () -> {
                        try {
                            candidate.run();
                        } finally {
                            ended.countDown();
                        }
                    },
                    "fabricated-candidate");
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }

        @Override
        void set(Fabricated.Part control, List<Fabricated.Part> candidates, String @Nullable [] order) {
            if (order != null) {
                throw new IllegalStateException("the order cannot be chosen where candidates run on other threads:"
                        + " use Fabricated.experiment");
            }
            List<Fabricated.Part> abandoned =
                    candidates.stream().filter(Fabricated.Part::isAbandoned).toList();
            abandonedAfter.clear();
            abandoned.forEach(part -> abandonedAfter.add(part.took().toNanos()));
            hasAbandoned = !abandoned.isEmpty();
            underWay = new CountDownLatch(abandoned.size());
            ended = new CountDownLatch(candidates.size() - abandoned.size());
            caller = Thread.currentThread();
            wasInterrupted = Thread.interrupted();
            callersTime = 0;
            readsAfterControl = -1;
        }

        @Override
        void play(Fabricated.Part part) throws InterruptedException {
            if (Thread.currentThread() == caller) {
                if (!underWay.await(1, TimeUnit.MINUTES) || !ended.await(1, TimeUnit.MINUTES)) {
                    throw new IllegalStateException("candidates did not start and end within a minute");
                }
                callersTime = part.took().toNanos();
                readsAfterControl = 0;
                if (hasAbandoned) {
                    Thread.currentThread().interrupt();
                }
            } else if (part.isAbandoned()) {
                underWay.countDown();
                new CountDownLatch(1).await(); // until the engine interrupts it
            } else {
                passed.get()[0] += part.took().toNanos();
            }
        }

        @Override
        void clear() {
            Thread.interrupted();
            try { // those that were given up are to be back: while two are not, the engine sheds the next run
                for (Thread thread : threads) {
                    thread.join(TimeUnit.MINUTES.toMillis(1));
                }
            } catch (InterruptedException e) {
                wasInterrupted = true;
            }
            threads.clear();
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }

        /** After the control, the engine reads the caller's clock for its end, then for each abandoned candidate. */
        @Override
        public long getAsLong() {
            if (Thread.currentThread() != caller) {
                return passed.get()[0];
            }
            boolean isAbandoning = readsAfterControl > 0 && !abandonedAfter.isEmpty();
            if (readsAfterControl >= 0) {
                readsAfterControl++;
            }
            return isAbandoning ? abandonedAfter.remove() : callersTime;
        }
    }
}
