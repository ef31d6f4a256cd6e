package dev.scientist.campaign;

import dev.scientist.Counts;
import dev.scientist.Drop;
import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.Publisher;
import dev.scientist.Result;
import dev.scientist.Scientist;
import dev.scientist.proxy.Implementing;
import dev.scientist.publish.BackgroundPublisher;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** What callers, other threads and the sweep share while candidates are elsewhere: arrivals, waiting, time limits. */
public final class OffloadStress {

    /** Over when the sweep looks for the first time, after a millisecond. */
    private static final Duration AT_ONCE = Duration.ofNanos(1);
    /** Nobody waits so long unless a wake-up was lost. */
    private static final Duration FOR_EVER = Duration.ofSeconds(20);

    private OffloadStress() {}

    /** Takes about as long as the sweep takes to look. */
    private static int untilTheSweep() {
        long start = System.nanoTime();
        long nanos = 950_000 + (start & 0xFFFF) * 4;
        while (System.nanoTime() - start < nanos) {
            Thread.onSpinWait();
        }
        return 1;
    }

    /** An experiment whose candidates the actors run, and what it publishes. */
    private static final class HandedOver implements Publisher {
        private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        private final AtomicInteger matched = new AtomicInteger();
        private final Scientist scientist;
        private final Experiment<Integer> experiment;

        HandedOver(Function<Executor, Execution> execution) {
            scientist = Scientist.builder()
                    .publisher(this)
                    .failureHandler((experiment, operation, failure) -> {})
                    .build();
            experiment = scientist
                    .<Integer>experiment("handed over")
                    .execution(execution.apply(tasks::add))
                    .build();
        }

        @Override
        public void publish(Result<?> result) {
            if (result.matched()) {
                matched.incrementAndGet();
            }
        }

        /** Runs what was handed over, as soon as it is. */
        void runNext() {
            Runnable task = tasks.poll();
            while (task == null) {
                Thread.onSpinWait();
                task = tasks.poll();
            }
            task.run();
        }

        /** How many runs have ended, once all have that were started, or there is no hope any more. */
        int ended() {
            long start = System.nanoTime();
            Counts counts = experiment.counts();
            while (RunStress.ended(counts) < counts.started() && System.nanoTime() - start < FOR_EVER.toNanos()) {
                runAll();
                counts = experiment.counts();
            }
            scientist.close();
            runAll(); // what is left must do nothing
            return RunStress.ended(experiment.counts());
        }

        int shed() {
            return experiment.counts().dropped().getOrDefault(Drop.SHED, 0L).intValue();
        }

        private void runAll() {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        }
    }

    /** Two candidates of one run end at once: the last one has the run published, and sees what the other did. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "one result, and both matched")
    @Outcome(expect = Expect.FORBIDDEN, desc = "no result, two of them, or a value not seen")
    @State
    public static class LastArrival {
        private final HandedOver run = new HandedOver(Execution.background()::on);

        public LastArrival() {
            run.experiment
                    .control(() -> 1)
                    .candidate("one", () -> 1)
                    .candidate("other", () -> 1)
                    .run();
        }

        @Actor
        public void one() {
            run.runNext();
        }

        @Actor
        public void other() {
            run.runNext();
        }

        @Arbiter
        public void count(II_Result result) {
            result.r1 = run.ended();
            result.r2 = run.matched.get();
        }
    }

    /**
     * A candidate begins as its caller, whose control is done, would give it up, and ends as he begins to wait: he is
     * woken.
     */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "given up before it began, or compared")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a wake-up was lost, or a candidate given up that had begun")
    @State
    public static class WaitingCaller {
        private final HandedOver run = new HandedOver(Execution.concurrent(FOR_EVER)::on);

        @Actor
        public void caller(III_Result result) {
            result.r1 = run.experiment.run(() -> 1, () -> 1);
        }

        @Actor
        public void candidate() {
            run.runNext();
        }

        @Arbiter
        public void count(III_Result result) {
            result.r2 = run.ended();
            result.r3 = run.matched.get() + run.shed();
        }
    }

    /** A candidate ends as its time does: one result, and the interrupt hits nothing that its thread does afterwards. */
    @JCStressTest
    @Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE, desc = "one result, no interrupt left behind")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the run was lost, ended twice, or left an interrupt behind")
    @State
    public static class TimeLimit {
        private final HandedOver run = new HandedOver(
                executor -> Execution.background().timeLimit(AT_ONCE).on(executor));

        public TimeLimit() {
            run.experiment.run(() -> 1, OffloadStress::untilTheSweep);
        }

        @Actor
        public void candidate(III_Result result) {
            run.runNext();
            result.r2 = Thread.interrupted() ? 1 : 0;
        }

        @Actor
        public void onlooker(III_Result result) {
            Counts counts = run.experiment.counts();
            result.r3 = RunStress.ended(counts) > counts.started() ? 1 : 0;
        }

        @Arbiter
        public void count(III_Result result) {
            result.r1 = run.ended();
        }
    }

    /** A candidate's stage is completed as its time ends, and as its run begins. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "the caller has the control's stage; one result")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the caller noticed, or the run was lost")
    @State
    public static class StageAndTimeLimit {
        private final HandedOver run = new HandedOver(
                executor -> Execution.background().timeLimit(AT_ONCE).on(executor));
        private final CompletableFuture<Integer> control = CompletableFuture.completedFuture(1);
        private final CompletableFuture<Integer> candidate = new CompletableFuture<>();

        @Actor
        public void caller(II_Result result) {
            result.r1 = run.experiment.runAsync(() -> control, () -> candidate) == control ? 1 : 0;
        }

        @Actor
        public void candidate() {
            candidate.complete(untilTheSweep());
        }

        @Arbiter
        public void count(II_Result result) {
            result.r2 = run.ended();
        }
    }

    /** A result that comes just as the publisher's thread has handed on the one before is handed on too. */
    @JCStressTest
    @Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "both were handed on")
    @Outcome(expect = Expect.FORBIDDEN, desc = "one lies there, and nobody looks")
    @State
    public static class BackgroundPublishing {
        private final AtomicInteger handedOn = new AtomicInteger();
        private final BackgroundPublisher publisher =
                new BackgroundPublisher(result -> handedOn.incrementAndGet(), 10, FOR_EVER);
        private final Scientist scientist =
                Scientist.builder().publisher(publisher).build();
        private final Experiment<Integer> experiment =
                scientist.<Integer>experiment("published in the background").build();

        @Actor
        public void one() {
            experiment.run(() -> 1, () -> 1);
        }

        @Actor
        public void other() {
            experiment.run(() -> 1, () -> 1);
        }

        @Arbiter
        public void count(II_Result result) {
            scientist.close(); // and the publisher, which waits until all is handed on
            result.r1 = handedOn.get();
            result.r2 = (int) publisher.lost();
        }
    }

    /** A result comes as the publisher is closed: handed on, or lost and counted. */
    @JCStressTest
    @Outcome(
            id = {"1, 0", "0, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "handed on, or counted as lost")
    @Outcome(expect = Expect.FORBIDDEN, desc = "lost in silence, or both")
    @State
    public static class PublishAndClose {
        private final AtomicInteger handedOn = new AtomicInteger();
        private final BackgroundPublisher publisher =
                new BackgroundPublisher(result -> handedOn.incrementAndGet(), 10, FOR_EVER);
        private final Experiment<Integer> experiment = Scientist.builder()
                .publisher(publisher)
                .failureHandler((experiment, operation, failure) -> {})
                .build()
                .<Integer>experiment("published while it closes")
                .build();

        @Actor
        public void caller() {
            experiment.run(() -> 1, () -> 1);
        }

        @Actor
        public void close() {
            try {
                publisher.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Arbiter
        public void count(II_Result result) {
            result.r1 = handedOn.get();
            result.r2 = (int) publisher.lost();
        }
    }

    /** Two methods of a proxy are called for the first time at once. */
    @JCStressTest
    @Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "each call found its method")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a call went astray")
    @State
    public static class FirstCalls {
        /** What is implemented. */
        public interface Numbers {
            /**
             * One argument.
             *
             * @param first returned
             * @return the argument
             */
            int one(int first);

            /**
             * Two arguments.
             *
             * @param first added
             * @param second added
             * @return the sum
             */
            int two(int first, int second);
        }

        private static final class Plain implements Numbers {
            @Override
            public int one(int first) {
                return first;
            }

            @Override
            public int two(int first, int second) {
                return first + second;
            }
        }

        private final Numbers numbers = Implementing.of(
                        Scientist.builder().publisher(result -> {}).build(), Numbers.class)
                .control(new Plain())
                .candidate(new Plain())
                .build();

        @Actor
        public void one(II_Result result) {
            result.r1 = numbers.one(1);
        }

        @Actor
        public void two(II_Result result) {
            result.r2 = numbers.two(1, 1);
        }
    }
}
