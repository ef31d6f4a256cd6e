package dev.scientist.campaign;

import dev.scientist.Execution;
import dev.scientist.Result;
import dev.scientist.Scientist;
import dev.scientist.evidence.CandidateEvidence;
import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.publish.BackgroundPublisher;
import dev.scientist.publish.RecordingPublisher;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** What threads share when they publish at once. */
public final class EvidenceStress {

    private static final Result<?> MISMATCH = mismatch();

    private EvidenceStress() {}

    private static Result<?> mismatch() {
        RecordingPublisher results = new RecordingPublisher();
        try (Scientist scientist = Scientist.builder().publisher(results).build()) {
            scientist
                    .<Integer>experiment("stress")
                    .execution(Execution.controlFirst())
                    .build()
                    .run(() -> 1, () -> 2);
        }
        return results.results().get(0);
    }

    private static void close(BackgroundPublisher publisher) {
        try {
            publisher.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Two results at once, the first of their experiment, candidate and signature: both are counted everywhere. */
    @JCStressTest
    @Outcome(id = "2, 2, 2", expect = Expect.ACCEPTABLE, desc = "both in all counts")
    @Outcome(expect = Expect.FORBIDDEN, desc = "one is lost")
    @State
    public static class TwoResults {
        private final EvidencePublisher publisher = new EvidencePublisher();

        @Actor
        public void one() {
            publisher.publish(MISMATCH);
        }

        @Actor
        public void other() {
            publisher.publish(MISMATCH);
        }

        @Arbiter
        public void count(III_Result result) {
            CandidateEvidence candidate =
                    publisher.evidence("stress").orElseThrow().candidates().get(0);
            result.r1 = (int) candidate.mismatches();
            result.r2 = (int) candidate.differences().get(0).count();
            result.r3 = (int) candidate.lately().mismatches();
        }
    }

    /** Results at once through a queue that holds one: each is handed on or counted as lost. */
    @JCStressTest
    @Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "each is handed on or counted as lost")
    @Outcome(expect = Expect.FORBIDDEN, desc = "one is neither, or both")
    @State
    public static class ThroughAQueue {
        private final AtomicInteger handedOn = new AtomicInteger();
        private final BackgroundPublisher publisher =
                new BackgroundPublisher(result -> handedOn.incrementAndGet(), 1, Duration.ofSeconds(10));

        @Actor
        public void one() {
            publisher.publish(MISMATCH);
        }

        @Actor
        public void other() {
            publisher.publish(MISMATCH);
        }

        @Arbiter
        public void count(I_Result result) {
            EvidenceStress.close(publisher);
            result.r1 = handedOn.get() + (int) publisher.lost();
        }
    }

    /** A result, and a close at the same time. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "handed on or counted as lost")
    @Outcome(expect = Expect.FORBIDDEN, desc = "neither, or both")
    @State
    public static class QueueAndClose {
        private final AtomicInteger handedOn = new AtomicInteger();
        private final BackgroundPublisher publisher =
                new BackgroundPublisher(result -> handedOn.incrementAndGet(), 1, Duration.ofSeconds(10));

        @Actor
        public void result() {
            publisher.publish(MISMATCH);
        }

        @Actor
        public void closing() {
            EvidenceStress.close(publisher);
        }

        @Arbiter
        public void count(I_Result result) {
            result.r1 = handedOn.get() + (int) publisher.lost();
        }
    }
}
