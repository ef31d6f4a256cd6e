package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The property that the library stands for: whatever user-supplied parts do, in any combination, the caller's outcome
 * is that of the control alone, the control ran once, and every run that was started ends as one result or one drop.
 *
 * <p>{@code -Dscientist.seed} repeats a series, {@code -Dscientist.property.runs} makes it longer.
 */
@Tag("campaign")
class FaultsPropertyTest {

    private static final int RUNS = Integer.getInteger("scientist.property.runs", 240_000);
    private static final long SEED = Long.getLong("scientist.seed", System.nanoTime());
    private static final int RUNS_PER_SCIENTIST = 250;

    enum Mode {
        RANDOM,
        CONTROL_FIRST,
        BACKGROUND,
        BACKGROUND_ON_OWN_EXECUTOR,
        CONCURRENT,
        /** On another thread, but through before the control begins: always in time. */
        CONCURRENT_IN_TIME;

        Execution execution(ExecutorService own) {
            return switch (this) {
                case RANDOM -> Execution.inline();
                case CONTROL_FIRST -> Execution.controlFirst();
                case BACKGROUND -> Execution.background();
                case BACKGROUND_ON_OWN_EXECUTOR -> Execution.background().on(own);
                case CONCURRENT -> Execution.concurrent(Duration.ofSeconds(30));
                case CONCURRENT_IN_TIME ->
                    Execution.concurrent(Duration.ofSeconds(30)).on(task -> waitFor(own.submit(task)));
            };
        }
    }

    private static void waitFor(Future<?> task) {
        try {
            task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void theCallerSeesTheControlAlone(Mode mode) {
        Random seeds = new Random(SEED + mode.ordinal());
        ExecutorService own = Executors.newFixedThreadPool(2);
        try {
            int scientists = RUNS / Mode.values().length / RUNS_PER_SCIENTIST;
            for (int i = 0; i < scientists; i++) {
                new Series("-Dscientist.seed=" + SEED + ", " + mode + ", scientist " + i, seeds.nextLong(), mode, own)
                        .run();
            }
            System.out.printf(
                    "faults: %s: %,d runs, %,d faults struck so far, -Dscientist.seed=%d%n",
                    mode, scientists * RUNS_PER_SCIENTIST, Faults.struck(), SEED);
        } finally {
            own.shutdownNow();
        }
    }

    /** One scientist with one experiment that is run many times. */
    private static final class Series {
        private final String label;
        private final Random random;
        private final Mode mode;
        private final ExecutorService own;
        private boolean hasBaseline;
        private final Told told = new Told();
        /** Of the run under way; of one of the last runs in the background. */
        private volatile Faults faults;

        Series(String label, long seed, Mode mode, ExecutorService own) {
            this.label = label;
            this.random = new Random(seed);
            this.mode = mode;
            this.own = own;
            faults = new Faults(random.nextLong(), 0);
        }

        void run() {
            boolean wildClock = random.nextInt(4) == 0;
            Scientist.Builder builder = Scientist.builder()
                    .publisher(new Faulty())
                    .publisher(told)
                    .queueCapacity(10_000)
                    .closeLimit(Duration.ofMinutes(1))
                    .failureHandler((experiment, operation, failure) -> faults.strikeWithoutInterrupts());
            if (wildClock) {
                builder.clock(() -> {
                    faults.strike();
                    return System.nanoTime();
                });
                builder.random(new WildRandom());
            }
            Scientist scientist = builder.build();
            Experiment<Object> experiment = experiment(scientist);
            for (int i = 0; i < RUNS_PER_SCIENTIST; i++) {
                new Call(label + ", run " + i).make(experiment);
            }
            faults = new Faults(0, 0); // closing is not what this is about
            scientist.close();

            Counts counts = experiment.counts();
            assertThat(counts.published() + counts.droppedInAll())
                    .as("%s: %s", label, counts)
                    .isEqualTo(counts.started());
            assertThat(told.published.get()).as(label).isEqualTo(counts.published());
            assertThat(told.dropped.get()).as(label).isEqualTo(counts.droppedInAll());
            // every permit was given back, and none twice
            assertThat(experiment.bulkhead.isIdle()).as(label).isTrue();
        }

        private Experiment<Object> experiment(Scientist scientist) {
            Experiment.Builder<Object> builder = scientist
                    .experiment("wild")
                    .execution(mode.execution(own))
                    .measureResources(random.nextInt(8) == 0);
            maybe(() -> builder.gate((request, input) -> {
                faults.strike();
                request.context();
                return true;
            }));
            maybe(() -> builder.comparator((a, b) -> {
                faults.strike();
                return faults.orNull(a == b ? List.of() : List.of(Difference.of("x", a, b)));
            }));
            maybe(() -> builder.errorComparator((a, b) -> {
                faults.strike();
                return faults.orNull(List.of());
            }));
            maybe(() -> builder.ignore("by chance", (a, b) -> {
                faults.strike();
                return false;
            }));
            maybe(() -> builder.ignoreWhere("by chance, too", run -> {
                faults.strike();
                return true;
            }));
            maybe(() -> builder.clean(value -> {
                faults.strike();
                return faults.orNull("clean");
            }));
            maybe(() -> builder.context(() -> {
                faults.strike();
                return faults.orNull(Map.of("key", 1, faults.orNull(" ") == null ? "other" : "third", 2));
            }));
            hasBaseline = random.nextInt(3) == 0;
            if (hasBaseline) {
                builder.baseline((request, input) -> {
                    faults.strike();
                    return true;
                });
            }
            maybe(() -> builder.beforeRun(() -> faults.strike()));
            maybe(() -> builder.afterRun(result -> faults.strike()));
            maybe(() -> builder.snapshot(value -> {
                faults.strike();
                return faults.orNull(value);
            }));
            maybe(() -> builder.snapshotInput(Object.class, value -> {
                faults.strike();
                return faults.orNull(value);
            }));
            return builder.build();
        }

        private void maybe(Runnable part) {
            if (random.nextInt(3) == 0) {
                part.run();
            }
        }

        private final class WildRandom implements RandomGenerator {
            @Override
            public long nextLong() {
                faults.strike();
                return ThreadLocalRandom.current().nextLong();
            }

            @Override
            public int nextInt(int bound) {
                faults.strike();
                int within = ThreadLocalRandom.current().nextInt(bound);
                return faults.orNull(within) == null ? bound + 1 : within;
            }
        }

        private final class Faulty implements Publisher {
            @Override
            public void publish(Result<?> result) {
                faults.strike();
                result.control().cleaned();
                result.toString();
            }

            @Override
            public void defined(Experiment<?> experiment) {
                faults.strikeWithoutInterrupts();
            }

            @Override
            public void dropped(Experiment<?> experiment, Drop reason) {
                faults.strike();
            }

            @Override
            public void failed(Experiment<?> experiment, Operation operation, Throwable failure) {
                faults.strikeWithoutInterrupts();
            }
        }

        /** One call of one form, and what its caller may see. */
        private final class Call {
            private final String label;
            private final Faults struck;
            private final Object value;
            private final Throwable thrown;
            private final AtomicInteger controlRuns = new AtomicInteger();
            private final CompletableFuture<Object> stage;

            Call(String label) {
                this.label = label;
                struck = new Faults(random.nextLong(), random.nextInt(3) * 15);
                faults = struck;
                thrown = switch (random.nextInt(8)) {
                    case 0 -> new IllegalStateException("the control's");
                    case 1 -> new IOException("the control's, checked");
                    case 2 -> new AssertionError("the control's, an error");
                    default -> null;
                };
                value = thrown != null || random.nextInt(10) == 0 ? null : new Object();
                stage = CompletableFuture.completedFuture(value);
            }

            private Object control() throws Throwable {
                controlRuns.incrementAndGet();
                if (thrown != null) {
                    throw thrown;
                }
                return value;
            }

            private Object candidate() {
                struck.strike();
                return struck.orNull(value);
            }

            private CompletionStage<Object> candidateStage() {
                struck.strike();
                return struck.orNull(CompletableFuture.completedFuture(struck.orNull(value)));
            }

            void make(Experiment<Object> experiment) {
                Object returned = null;
                Throwable caught = null;
                Object expected = value;
                int form = random.nextInt(6);
                try {
                    returned = switch (form) {
                        case 0, 1 -> experiment.run(this::control, this::candidate);
                        case 2 -> experiment.run(this, Call::control, Call::candidate);
                        case 3 -> trial(experiment).run();
                        case 4 -> named(experiment).run("new control");
                        default ->
                            experiment.runAsync(
                                    () -> {
                                        control();
                                        return stage;
                                    },
                                    this::candidateStage);
                    };
                    if (form == 5) {
                        expected = stage;
                    }
                } catch (Throwable t) {
                    caught = t;
                }
                boolean interrupted = Thread.interrupted();

                assertThat(caught == thrown)
                        .as("%s, form %s: threw %s", label, form, caught == null ? "nothing" : caught.getClass())
                        .isTrue();
                assertThat(returned == (thrown == null ? expected : null))
                        .as("%s, form %s: returned", label, form)
                        .isTrue();
                assertThat(controlRuns.get())
                        .as("%s, form %s: runs of the control", label, form)
                        .isBetween(1, hasBaseline ? 2 : 1);
                assertThat(interrupted)
                        .as("%s, form %s: interrupted", label, form)
                        .isEqualTo(struck.consumedInterrupt());
            }

            private Trial<Object, Throwable> trial(Experiment<Object> experiment) {
                Trial<Object, Throwable> trial =
                        experiment.control(this::control).context("user", value);
                if (random.nextBoolean()) {
                    trial.runIf(() -> {
                        struck.strike();
                        return true;
                    });
                }
                return withCandidates(trial, random.nextInt(5));
            }

            private Trial<Object, Throwable> named(Experiment<Object> experiment) {
                Trial<Object, Throwable> trial = experiment.candidate("new control", this::control);
                return withCandidates(trial, random.nextInt(4));
            }

            private Trial<Object, Throwable> withCandidates(Trial<Object, Throwable> trial, int candidates) {
                for (int i = 0; i < candidates; i++) {
                    String name = "candidate " + i;
                    if (random.nextBoolean()) {
                        trial.candidate(name, this::candidate);
                    } else {
                        Behavior<String, RuntimeException> other = () -> {
                            struck.strike();
                            return struck.orNull("other type");
                        };
                        trial.candidate(name, other, text -> {
                            struck.strike();
                            return struck.orNull(value);
                        });
                    }
                }
                return trial;
            }
        }
    }
}
