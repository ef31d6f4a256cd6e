package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.rollout.Rollout;
import dev.scientist.rollout.Stage;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * How many bytes a run allocates on its caller's thread, once it is compiled, in a JVM in which other experiments ran
 * before, so that the library's call sites know many behaviors, as in production.
 */
class AllocationTest {

    /** What a run with an open gate may allocate, its result included. */
    private static final int MOST = 200;

    private static final int WARM_UP = 30_000;
    private static final int RUNS = 10_000;
    private static final int ROUNDS = 8;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final String INPUT = "input";
    private static final Object VALUE = new Object();

    @SuppressWarnings("StaticAssignmentOfThrowable") // what is counted is what the library makes
    private static final IllegalStateException BROKEN = new IllegalStateException("made once");

    private final Scientist scientist =
            Scientist.builder().publisher(result -> {}).build();

    private static Object control(String input) {
        return VALUE;
    }

    private static Object candidate(String input) {
        return VALUE;
    }

    private static Object wrong(String input) {
        return INPUT;
    }

    private static Object broken(String input) {
        throw BROKEN;
    }

    @BeforeEach
    void otherExperimentsRunFirst() {
        for (int i = 0; i < 6; i++) {
            int number = i;
            Experiment<Integer> other = scientist
                    .<Integer>experiment("other " + i)
                    .enabled(() -> number % 2 == 0)
                    .build();
            for (int run = 0; run < 3_000; run++) {
                other.run(() -> number, () -> number + 1);
                other.run(number, input -> input + number, input -> input - number);
            }
        }
    }

    @AfterEach
    void close() {
        scientist.close();
    }

    @Test
    void aClosedGateCostsNothing() {
        Experiment<Object> off =
                scientist.experiment("off").enabled(() -> false).build();

        assertThat(bytesOf(() -> off.run(INPUT, AllocationTest::control, AllocationTest::candidate)))
                .isZero();
    }

    /** With behaviors handed on, as above. */
    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"CONTROL", "CANDIDATE"})
    void aRolloutThatCallsOneBehaviorCostsNothing(Stage stage) {
        Rollout<Object> rollout =
                Rollout.of(scientist.experiment("rollout").build()).build();
        rollout.moveTo(stage);

        assertThat(bytesOf(() -> rollout.run(INPUT, AllocationTest::control, AllocationTest::candidate)))
                .isZero();
    }

    /** Other experiments have made the library's call sites see many behaviors, so that two lambdas escape. */
    @Test
    void capturingBehaviorsWithAClosedGateAddThemselvesAlone() {
        Experiment<Object> off =
                scientist.experiment("off capturing").enabled(() -> false).build();
        String captured = new String(INPUT);

        assertThat(bytesOf(() -> off.run(() -> control(captured), () -> candidate(captured))))
                .isLessThanOrEqualTo(64);
    }

    @Test
    void anExperimentThatIsSwitchedOffCostsNothing() {
        Experiment<Object> off = scientist.experiment("switched off").build();
        off.switchOff();

        assertThat(bytesOf(() -> off.run(INPUT, AllocationTest::control, AllocationTest::candidate)))
                .isZero();
    }

    @Test
    void aSampledRunMakesAtMost200Bytes() {
        Experiment<Object> on = scientist.experiment("on").build();

        assertThat(bytesOf(() -> on.run(INPUT, AllocationTest::control, AllocationTest::candidate)))
                .isLessThanOrEqualTo(MOST);
    }

    @Test
    void capturingBehaviorsAddThemselves() {
        Experiment<Object> on = scientist.experiment("capturing").build();
        String captured = new String(INPUT);

        assertThat(bytesOf(() -> on.run(() -> control(captured), () -> candidate(captured))))
                .isLessThanOrEqualTo(MOST + 64);
    }

    /** No exception is made for a mismatch, of which the stack trace alone would take more than this. */
    @Test
    void aMismatchAddsItsDifferenceAndNothingElse() {
        Experiment<Object> on = scientist.experiment("mismatch").build();

        assertThat(bytesOf(() -> on.run(INPUT, AllocationTest::control, AllocationTest::wrong)))
                .isLessThanOrEqualTo(MOST + 120);
    }

    /** Nor for a candidate that throws: its own is handed on. */
    @Test
    void aCandidateThatThrowsAddsADifferenceAndNothingElse() {
        Experiment<Object> on = scientist.experiment("throws").build();

        assertThat(bytesOf(() -> on.run(INPUT, AllocationTest::control, AllocationTest::broken)))
                .isLessThanOrEqualTo(MOST + 120);
    }

    @Test
    void aRetainedResultIsOfThese() {
        List<Result<?>> kept = new ArrayList<>(WARM_UP + (ROUNDS + 1) * RUNS);
        Experiment<Object> on =
                scientist.experiment("retained").publisher(kept::add).build();

        assertThat(bytesOf(() -> on.run(INPUT, AllocationTest::control, AllocationTest::candidate)))
                .isLessThanOrEqualTo(MOST);
        assertThat(kept).hasSizeGreaterThanOrEqualTo(ROUNDS * RUNS);
    }

    /** The list of comparisons and its iterator. */
    @Test
    void evidenceAddsAtMost72Bytes() {
        Experiment<Object> on = scientist
                .experiment("with evidence")
                .publisher(new EvidencePublisher())
                .build();

        assertThat(bytesOf(() -> on.run(INPUT, AllocationTest::control, AllocationTest::candidate)))
                .isLessThanOrEqualTo(MOST + 72);
    }

    @Test
    void aRunThatIsShedCostsNothing() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        Scientist full =
                Scientist.builder().publisher(result -> {}).queueCapacity(1).build();
        Experiment<Object> background =
                full.experiment("shed").execution(Execution.background()).build();
        background.run(() -> VALUE, () -> {
            end.await();
            return VALUE;
        });

        assertThat(bytesOf(() -> background.run(INPUT, AllocationTest::control, AllocationTest::candidate)))
                .isZero();
        assertThat(background.counts().dropped()).containsKey(Drop.SHED);

        end.countDown();
        full.close();
    }

    /** Bytes per run: the least of several rounds, since a compiler at work or a profiler may add to one. */
    private static long bytesOf(Runnable run) {
        for (int i = 0; i < WARM_UP; i++) {
            run.run();
        }
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < RUNS; i++) {
                run.run();
            }
            least = Math.min(least, (THREADS.getCurrentThreadAllocatedBytes() - before) / RUNS);
        }
        return least;
    }
}
