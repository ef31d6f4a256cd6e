package dev.scientist.campaign;

import dev.scientist.Counts;
import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.Publisher;
import dev.scientist.Result;
import dev.scientist.Scientist;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** What threads share while runs of one experiment go on: the end of a run, closing, noise. */
public final class RunStress {

    private RunStress() {}

    /** Counts the results, and whether the candidate's value was there to be seen. */
    private static final class Results implements Publisher {
        private final AtomicInteger matched = new AtomicInteger();

        @Override
        public void publish(Result<?> result) {
            if (result.comparisons().get(0).outcome() == dev.scientist.Outcome.MATCHED) {
                matched.incrementAndGet();
            }
        }
    }

    /** How many runs have ended, whichever way. */
    static int ended(Counts counts) {
        return (int) (counts.published() + counts.droppedInAll());
    }

    /** What a run in the background and a close share. */
    private static final class Closing {
        private final AtomicReference<Runnable> handedOver = new AtomicReference<>(Closing::nothing);
        private final Scientist scientist = Scientist.builder()
                .publisher(result -> {})
                .closeLimit(Duration.ZERO)
                .failureHandler((experiment, operation, failure) -> {})
                .build();
        private final Experiment<Integer> experiment = scientist
                .<Integer>experiment("run and close")
                .execution(Execution.background().on(handedOver::set))
                .build();

        private static void nothing() {}

        int call() {
            return experiment.run(() -> 1, () -> 1);
        }

        void runCandidate() {
            handedOver.getAndSet(Closing::nothing).run();
        }

        /** After all: a task that was not run yet must do nothing when the run is over. */
        void count(III_Result result) {
            runCandidate();
            Counts counts = experiment.counts();
            result.r2 = (int) counts.started();
            result.r3 = ended(counts);
        }
    }

    /** A caller, and one that closes: the run ends once, whoever comes first. */
    @JCStressTest
    @Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE, desc = "the caller came after the close")
    @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "the run ended as one result or one drop")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the caller noticed, or a run was lost")
    @State
    public static class RunAndClose {
        private final Closing closing = new Closing();

        @Actor
        public void caller(III_Result result) {
            result.r1 = closing.call();
        }

        @Actor
        public void close() {
            closing.scientist.close();
        }

        @Arbiter
        public void count(III_Result result) {
            closing.count(result);
        }
    }

    /** The thread that runs the candidate, and one that closes: the run ends once, and is counted when that returns. */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "the run ended as one result or one drop")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the run was lost, or ended twice")
    @State
    public static class CandidateAndClose {
        private final Closing closing = new Closing();

        public CandidateAndClose() {
            closing.call();
        }

        @Actor
        public void candidate() {
            closing.runCandidate();
        }

        @Actor
        public void close(III_Result result) {
            closing.scientist.close();
            result.r1 = ended(closing.experiment.counts());
        }

        @Arbiter
        public void count(III_Result result) {
            closing.count(result);
        }
    }

    /** Two runs at once whose controls differ from themselves: both are noise, and counted. */
    @JCStressTest
    @Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "both are counted")
    @Outcome(expect = Expect.FORBIDDEN, desc = "one is lost")
    @State
    public static class Noise {
        private final AtomicInteger unsteady = new AtomicInteger();
        private final Experiment<Integer> experiment = Scientist.builder()
                .publisher(result -> {})
                .build()
                .<Integer>experiment("noise")
                .baseline((request, input) -> true)
                .build();

        @Actor
        public void one() {
            experiment.run(unsteady::incrementAndGet, () -> 1);
        }

        @Actor
        public void other() {
            experiment.run(unsteady::incrementAndGet, () -> 1);
        }

        @Arbiter
        public void count(I_Result result) {
            result.r1 = experiment.noise().values().stream()
                    .mapToInt(Long::intValue)
                    .sum();
        }
    }

    /** A stage of the control and one of the candidate end at once: one result, which sees both values. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "one result, and it matched")
    @Outcome(expect = Expect.FORBIDDEN, desc = "no result, two of them, or a value not seen")
    @State
    public static class StagesEnd {
        private final Results results = new Results();
        private final CompletableFuture<String> control = new CompletableFuture<>();
        private final CompletableFuture<String> candidate = new CompletableFuture<>();
        private final Scientist scientist =
                Scientist.builder().publisher(results).build();
        private final Experiment<String> experiment;

        public StagesEnd() {
            experiment = scientist.<String>experiment("stages").build();
            experiment.runAsync(() -> control, () -> candidate);
        }

        @Actor
        public void control() {
            control.complete("value");
        }

        @Actor
        public void candidate() {
            candidate.complete("value");
        }

        @Arbiter
        public void count(II_Result result) {
            scientist.close(); // waits for the worker that publishes
            result.r1 = ended(experiment.counts());
            result.r2 = results.matched.get();
        }
    }
}
