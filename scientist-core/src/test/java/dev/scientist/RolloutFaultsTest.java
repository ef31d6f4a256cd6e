package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.rollout.Rollout;
import dev.scientist.rollout.Stage;
import dev.scientist.rollout.WayBack;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What holds of a rollout whatever user-supplied parts do, in every stage and while it moves from one to another: a caller
 * is served what one behavior did, all of it; that behavior ran once; it is one that the stage may serve; every run that
 * was started ends as a result or a drop.
 *
 * <p>{@code -Dscientist.seed} repeats the choices, {@code -Dscientist.property.runs} makes it longer.
 */
@Tag("campaign")
class RolloutFaultsTest {

    private static final int RUNS = Integer.getInteger("scientist.property.runs", 240_000) / 2;
    private static final long SEED = Long.getLong("scientist.seed", System.nanoTime());
    private static final int THREADS = 16;
    private static final int RUNS_PER_SCIENTIST = 400;

    /** What a caller could see. */
    private enum Seen {
        CONTROL,
        CANDIDATE,
        RESCUED
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void inOneStage(Stage stage) throws Exception {
        Random seeds = new Random(SEED + stage.ordinal());
        Map<Seen, LongAdder> seen = seen();
        for (int i = 0; i < RUNS / 5 / RUNS_PER_SCIENTIST; i++) {
            Series series = new Series("-Dscientist.seed=" + SEED + ", " + stage + ", scientist " + i, seeds, seen);
            series.rollout.moveTo(stage);
            series.allowed = List.of(stage);
            for (int run = 0; run < RUNS_PER_SCIENTIST; run++) {
                series.new Call(seeds.nextLong(), ", run " + run).make();
            }
            series.end();
        }
        System.out.printf("rollout faults: %s: served %s, -Dscientist.seed=%d%n", stage, seen, SEED);
        boolean served = stage == Stage.CANARY || stage == Stage.CANDIDATE;
        if (stage != Stage.CANARY) { // there, callers get the control where the input cannot be copied
            assertThat(count(seen, Seen.CONTROL) > 0).isEqualTo(!served);
        }
        assertThat(count(seen, Seen.CANDIDATE) > 0).isEqualTo(served);
        assertThat(count(seen, Seen.RESCUED) > 0).isEqualTo(stage == Stage.CANARY);
    }

    /** 16 threads run and move it; at the end the scientist is closed while they still run. */
    @Test
    void whileItMoves() throws Exception {
        Random seeds = new Random(SEED);
        Map<Seen, LongAdder> seen = seen();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            int scientists = Math.max(1, RUNS / 5 / (THREADS * RUNS_PER_SCIENTIST));
            for (int i = 0; i < scientists; i++) {
                Series series = new Series("-Dscientist.seed=" + SEED + ", moving, scientist " + i, seeds, seen);
                AtomicInteger runsLeft = new AtomicInteger(THREADS * RUNS_PER_SCIENTIST);
                List<Future<?>> running = new ArrayList<>();
                for (int t = 0; t < THREADS; t++) {
                    Random own = new Random(seeds.nextLong());
                    Callable<?> runs = () -> {
                        for (int left = runsLeft.getAndDecrement(); left > 0; left = runsLeft.getAndDecrement()) {
                            if (left == THREADS * RUNS_PER_SCIENTIST / 10) {
                                series.end();
                            } else if (own.nextInt(20) == 0) {
                                series.rollout.moveTo(Stage.values()[own.nextInt(Stage.values().length)]);
                                series.rollout.acknowledge();
                                Thread.interrupted(); // by publishers who were told of it
                            }
                            series.new Call(own.nextLong(), "").make();
                        }
                        return null;
                    };
                    running.add(threads.submit(runs));
                }
                for (Future<?> each : running) {
                    each.get();
                }
                series.assertAllCounted();
            }
        } finally {
            threads.shutdownNow();
        }
        System.out.printf("rollout faults: moving: served %s, -Dscientist.seed=%d%n", seen, SEED);
        for (Seen each : Seen.values()) {
            assertThat(count(seen, each)).as(each.name()).isPositive();
        }
    }

    private static Map<Seen, LongAdder> seen() {
        Map<Seen, LongAdder> seen = new EnumMap<>(Seen.class);
        for (Seen each : Seen.values()) {
            seen.put(each, new LongAdder());
        }
        return seen;
    }

    private static long count(Map<Seen, LongAdder> seen, Seen which) {
        return seen.get(which).sum();
    }

    /** One scientist with one rollout that is run many times. */
    private static final class Series {
        private final String label;
        private final Map<Seen, LongAdder> seen;
        private final Told told = new Told();
        private final ThreadLocal<Faults> faults = ThreadLocal.withInitial(() -> new Faults(0, 0));
        private final Scientist scientist;
        private final Experiment<Object> experiment;
        private final Rollout<Object> rollout;
        private final boolean copiesInput;
        /** The only stages that there are; all while it moves. */
        private List<Stage> allowed = List.of(Stage.values());

        Series(String label, Random random, Map<Seen, LongAdder> seen) {
            this.label = label;
            this.seen = seen;
            scientist = Scientist.builder()
                    .publisher(new Faulty())
                    .publisher(told)
                    .failureHandler((name, operation, failure) -> strikeWithoutInterrupts())
                    .build();
            Experiment.Builder<Object> builder = scientist
                    .experiment("wild")
                    .execution(random.nextBoolean() ? Execution.inline() : Execution.controlFirst())
                    .gate((request, input) -> {
                        strike();
                        return true;
                    })
                    .comparator((a, b) -> {
                        strike();
                        return ((int[]) a)[0] == ((int[]) b)[0] ? List.of() : List.of(Difference.of("x", a, b));
                    })
                    .ignoreWhere("by chance", run -> {
                        strike();
                        return false;
                    });
            copiesInput = random.nextInt(3) == 0;
            if (copiesInput) {
                builder.snapshotInput(Object.class, value -> {
                    strike();
                    return value;
                });
            }
            if (random.nextInt(3) == 0) {
                builder.beforeRun(this::strike).afterRun(result -> strike());
            }
            experiment = builder.build();
            rollout = Rollout.of(experiment)
                    .canary(new Gate() {
                        @Override
                        public boolean admits(Request request, Object input) {
                            return true;
                        }

                        @Override
                        public void learn(Request request, Result<?> result) {
                            strike();
                        }
                    })
                    .wayBack(WayBack.standard()
                            .mismatchRate(1)
                            .rescueRate(1)
                            .window(10_000)
                            .slowDown(1e9))
                    .onWayBack(reason -> strike())
                    .build();
        }

        private void strike() {
            faults.get().strike();
        }

        private void strikeWithoutInterrupts() {
            faults.get().strikeWithoutInterrupts();
        }

        void end() {
            faults.set(new Faults(0, 0));
            scientist.close();
            if (allowed.size() == 1) {
                assertAllCounted();
            }
        }

        void assertAllCounted() {
            Counts counts = experiment.counts();
            assertThat(counts.published() + counts.droppedInAll())
                    .as("%s: %s", label, counts)
                    .isEqualTo(counts.started());
            assertThat(told.published.get()).as(label).isEqualTo(counts.published());
            assertThat(told.dropped.get()).as(label).isEqualTo(counts.droppedInAll());
        }

        private final class Faulty implements Publisher {
            @Override
            public void publish(Result<?> result) {
                strike();
            }

            @Override
            public void stageChanged(Experiment<?> changed, Serving serving) {
                strike();
            }

            @Override
            public void dropped(Experiment<?> dropping, Drop reason) {
                strike();
            }

            @Override
            public void failed(Experiment<?> failing, Operation operation, Throwable failure) {
                strikeWithoutInterrupts();
            }
        }

        /** One call, and what its caller may see. */
        private final class Call {
            private final String place;
            private final Faults struck;
            private final Part control;
            private final Part candidate;
            private final boolean hasInput;

            Call(long seed, String place) {
                this.place = label + place;
                Random random = new Random(seed);
                struck = new Faults(random.nextLong(), random.nextInt(3) * 15);
                int right = random.nextInt(100);
                control = new Part(right, thrown(random, "control"));
                candidate = new Part(random.nextInt(4) == 0 ? -right : right, thrown(random, "candidate"));
                hasInput = random.nextBoolean();
            }

            private static Throwable thrown(Random random, String whose) {
                return switch (random.nextInt(12)) {
                    case 0 -> new IllegalStateException(whose);
                    case 1 -> new IOException(whose);
                    case 2 -> new StackOverflowError(whose);
                    case 3 -> new IOException("both");
                    default -> null;
                };
            }

            void make() {
                faults.set(struck);
                Object returned = null;
                Throwable caught = null;
                try {
                    returned = hasInput
                            ? rollout.run(this, any -> control.call(), any -> candidate.call())
                            : rollout.run(control::call, candidate::call);
                } catch (Throwable t) {
                    caught = t;
                }
                boolean interrupted = Thread.interrupted();

                boolean byControl = control.did(returned, caught);
                boolean byCandidate = candidate.did(returned, caught);
                int controls = control.runs.get();
                int candidates = candidate.runs.get();
                boolean rescued =
                        allowed.contains(Stage.CANARY) && byControl && candidates == 1 && candidate.thrown != null;
                boolean mayBe = allowed.stream().anyMatch(stage -> switch (stage) {
                    case CONTROL -> byControl && candidates == 0;
                    case SHADOW -> byControl;
                    case CANARY -> byCandidate || rescued || (copiesInput && byControl && candidates == 0);
                    case CANDIDATE -> byCandidate && controls == 0;
                });
                if (!mayBe || byControl == byCandidate || controls > 1 || candidates > 1) {
                    throw new AssertionError(
                            "%s: the control ran %s times and %s, the candidate %s times and %s, the caller saw %s"
                                    .formatted(
                                            place,
                                            controls,
                                            control,
                                            candidates,
                                            candidate,
                                            new Part(returned, caught)));
                }
                if (interrupted && !struck.consumedInterrupt()) {
                    throw new AssertionError(place + ": an interrupt that nobody caused");
                }
                seen.get(byCandidate ? Seen.CANDIDATE : rescued ? Seen.RESCUED : Seen.CONTROL)
                        .increment();
            }
        }
    }

    /** What a behavior does: returns a value of its own, right or wrong, or throws something of its own. */
    private static final class Part {
        private final Object value;
        private final Throwable thrown;
        private final AtomicInteger runs = new AtomicInteger();

        Part(int number, Throwable thrown) {
            this(new int[] {number}, thrown);
        }

        private Part(Object value, Throwable thrown) {
            this.value = value;
            this.thrown = thrown;
        }

        private Object call() throws Throwable {
            runs.incrementAndGet();
            if (thrown != null) {
                throw thrown;
            }
            return value;
        }

        private boolean did(Object returned, Throwable caught) {
            return caught == thrown && returned == (thrown == null ? value : null);
        }

        @Override
        public String toString() {
            return thrown == null ? "returned " + value : "threw " + thrown.getClass();
        }
    }
}
