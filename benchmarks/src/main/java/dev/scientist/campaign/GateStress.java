package dev.scientist.campaign;

import dev.scientist.Experiment;
import dev.scientist.Gate;
import dev.scientist.Publisher;
import dev.scientist.Result;
import dev.scientist.Scientist;
import dev.scientist.gate.Gates;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** What threads share in a gate that keeps a state. */
public final class GateStress {

    private GateStress() {}

    /** One experiment behind a gate, with a clock that stands still unless it is moved. */
    private static final class Gated implements Publisher {
        private final AtomicInteger changes = new AtomicInteger();
        private final Experiment<Integer> experiment;
        private long now;

        Gated(Gate gate) {
            experiment = Scientist.builder()
                    .publisher(this)
                    .failureHandler((experiment, operation, failure) -> {})
                    .clock(() -> now)
                    .build()
                    .<Integer>experiment("gated")
                    .gate(gate)
                    .build();
        }

        @Override
        public void publish(Result<?> result) {}

        @Override
        public void gateChanged(Experiment<?> experiment, String status) {
            changes.incrementAndGet();
        }

        void fails() {
            experiment.run(() -> 1, () -> {
                throw new IllegalStateException();
            });
        }

        void succeeds() {
            experiment.run(() -> 1, () -> 1);
        }

        int started() {
            return (int) experiment.counts().started();
        }
    }

    /** One permit a second, and two that ask at once. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "one of them runs")
    @Outcome(expect = Expect.FORBIDDEN, desc = "none, or both")
    @State
    public static class LastPermit {
        private final Gated gated = new Gated(Gates.atMostPerSecond(1, 1));

        @Actor
        public void one() {
            gated.succeeds();
        }

        @Actor
        public void other() {
            gated.succeeds();
        }

        @Arbiter
        public void count(I_Result result) {
            result.r1 = gated.started();
        }
    }

    /** Two failures at once, of which the first already opens the breaker: it is said once. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "the other came when it was open")
    @Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "both ran, it opened once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "opened never or twice")
    @State
    public static class Opens {
        private final Gated gated =
                new Gated(Gates.circuitBreaker().failuresInARow(1).build());

        @Actor
        public void one() {
            gated.fails();
        }

        @Actor
        public void other() {
            gated.fails();
        }

        @Arbiter
        public void count(II_Result result) {
            result.r1 = gated.started();
            result.r2 = gated.changes.get();
        }
    }

    /** Time to try again, and two callers: one of them tries, and it closes. */
    @JCStressTest
    @Outcome(id = "2, 3", expect = Expect.ACCEPTABLE, desc = "one tried, the other ran the control alone")
    @Outcome(id = "3, 3", expect = Expect.ACCEPTABLE, desc = "the other came when it was closed again")
    @Outcome(expect = Expect.FORBIDDEN, desc = "two tries at once, or a change not said")
    @State
    public static class TriesAgain {
        private final Gated gated = new Gated(Gates.circuitBreaker()
                .failuresInARow(1)
                .retryAfter(Duration.ofSeconds(1))
                .build());

        public TriesAgain() {
            gated.fails();
            gated.now = Duration.ofSeconds(2).toNanos();
        }

        @Actor
        public void one() {
            gated.succeeds();
        }

        @Actor
        public void other() {
            gated.succeeds();
        }

        @Arbiter
        public void count(II_Result result) {
            result.r1 = gated.started();
            result.r2 = gated.changes.get();
        }
    }
}
