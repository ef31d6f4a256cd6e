package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** After close() every run that was started was published or dropped, exactly. */
@Timeout(60)
class CloseTest {

    private static Lab lab(Duration closeLimit) {
        return new Lab(settings -> settings.closeLimit(closeLimit).workers(4));
    }

    private static Experiment<Integer> background(Lab lab, String name) {
        return lab.scientist
                .<Integer>experiment(name)
                .execution(Execution.background())
                .build();
    }

    private static void assertAllAccountedFor(Experiment<?> experiment, long started) {
        Counts counts = experiment.counts();
        assertThat(counts.started()).isEqualTo(started);
        assertThat(counts.published() + counts.droppedInAll()).isEqualTo(started);
    }

    @Test
    void whatIsUnderWayIsFinished() {
        Lab lab = lab(Duration.ofSeconds(20));
        Experiment<Integer> experiment = background(lab, "test");
        for (int i = 0; i < 100; i++) {
            experiment.run(() -> 1, () -> {
                TimeUnit.MICROSECONDS.sleep(10);
                return 1;
            });
        }
        lab.close();

        assertThat(experiment.counts().published()).isEqualTo(100);
        assertThat(lab.results.received()).isEqualTo(100);
    }

    @Test
    void onceClosedRunsGoOnAsTheControlAlone() {
        Lab lab = lab(Duration.ofSeconds(20));
        Experiment<Integer> experiment = background(lab, "test");
        lab.close();

        assertThat(experiment.run(() -> 1, () -> {
                    throw new AssertionError("ran");
                }))
                .isEqualTo(1);
        experiment.switchOn();
        assertThat(experiment.run(() -> 2, () -> {
                    throw new AssertionError("ran");
                }))
                .isEqualTo(2);
        assertAllAccountedFor(experiment, 0);
    }

    @Test
    void pastTheLimitTheRestIsInterruptedAndDroppedByName() throws InterruptedException {
        Lab lab = lab(Duration.ofMillis(20));
        Experiment<Integer> experiment = background(lab, "test");
        CountDownLatch running = new CountDownLatch(2); // all the threads that one experiment can have
        CountDownLatch interrupted = new CountDownLatch(2);
        for (int i = 0; i < 10; i++) {
            experiment.run(() -> 1, () -> {
                running.countDown();
                try {
                    new CountDownLatch(1).await();
                } finally {
                    interrupted.countDown();
                }
                return 1;
            });
        }
        running.await();
        lab.close();

        assertAllAccountedFor(experiment, 10);
        assertThat(experiment.counts().dropped()).containsOnlyKeys(Drop.CLOSED).containsEntry(Drop.CLOSED, 10L);
        assertThat(lab.results.drops()).containsEntry(Drop.CLOSED, 10L);
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
    }

    /**
     * What was seen: a run was taken as ended before its comparison was made. If that hung, closing did not end it, and it
     * was neither published nor dropped; later it was published, to publishers that were closed.
     */
    @Test
    void aComparatorThatHangsIsDroppedByNameAndPublishesNothingAfterwards() throws InterruptedException {
        Lab lab = lab(Duration.ofMillis(20));
        CompletableFuture<Thread> comparing = new CompletableFuture<>();
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch compared = new CountDownLatch(1);
        Experiment<Integer> experiment = lab.scientist
                .<Integer>experiment("test")
                .execution(Execution.background())
                .matching((control, candidate) -> {
                    comparing.complete(Thread.currentThread());
                    boolean interrupted = false;
                    while (end.getCount() > 0) {
                        try {
                            end.await();
                        } catch (InterruptedException e) {
                            interrupted = true;
                        }
                    }
                    compared.countDown();
                    return !interrupted;
                })
                .build();
        experiment.run(() -> 1, () -> 1);
        Thread worker = comparing.join();
        lab.close();

        assertAllAccountedFor(experiment, 1);
        assertThat(lab.results.drops()).containsEntry(Drop.CLOSED, 1L);
        end.countDown();
        compared.await();
        worker.join(20_000);
        assertThat(lab.results.results()).isEmpty();
        assertAllAccountedFor(experiment, 1);
    }

    @Test
    void aCandidateThatIgnoresTheInterruptDoesNotHoldItUp() throws InterruptedException {
        Lab lab = lab(Duration.ofMillis(20));
        Experiment<Integer> experiment = background(lab, "test");
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        experiment.run(() -> 1, () -> {
            running.countDown();
            while (release.getCount() > 0) {
                Thread.onSpinWait();
            }
            return 1;
        });
        running.await();
        lab.close();

        assertAllAccountedFor(experiment, 1);
        release.countDown();
    }

    @Test
    void severalCallsCloseOnceAndAllWaitForIt() throws InterruptedException {
        List<String> events = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Scientist scientist = Scientist.builder()
                .publisher(new Publisher() {
                    @Override
                    public void publish(Result<?> result) {
                        events.add("published");
                    }

                    @Override
                    public void close() {
                        events.add("publisher closed");
                    }
                })
                .closeLimit(Duration.ofSeconds(20))
                .build();
        Experiment<Integer> experiment = scientist
                .<Integer>experiment("test")
                .execution(Execution.background())
                .build();
        experiment.run(() -> 1, () -> {
            running.countDown();
            release.await();
            return 1;
        });
        running.await();
        List<Thread> closers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread closer = new Thread(() -> {
                scientist.close();
                events.add("close returned");
            });
            closers.add(closer);
            closer.start();
        }
        release.countDown();
        for (Thread closer : closers) {
            closer.join();
        }

        assertThat(events)
                .containsExactly(
                        "published",
                        "publisher closed",
                        "close returned",
                        "close returned",
                        "close returned",
                        "close returned");
    }

    @Test
    void aBehaviorOrAPublisherMayClose() throws InterruptedException {
        for (String who : List.of("control", "candidate", "publisher")) {
            Lab lab = lab(Duration.ofMillis(20));
            CountDownLatch closed = new CountDownLatch(1);
            Runnable close = () -> {
                lab.close();
                closed.countDown();
            };
            Experiment<Integer> experiment = lab.<Integer>experiment()
                    .execution(Execution.background())
                    .afterRun(result -> {
                        if (who.equals("publisher")) {
                            close.run();
                        }
                    })
                    .build();

            assertThat(experiment.run(
                            () -> {
                                if (who.equals("control")) {
                                    close.run();
                                }
                                return 1;
                            },
                            () -> {
                                if (who.equals("candidate")) {
                                    close.run();
                                }
                                return 1;
                            }))
                    .isEqualTo(1);

            assertThat(closed.await(20, TimeUnit.SECONDS)).as(who).isTrue();
            lab.close();
            assertAllAccountedFor(experiment, 1);
        }
    }

    @Test
    void anInterruptOfTheClosingThreadEndsTheWaitAndIsKept() throws InterruptedException {
        Lab lab = lab(Duration.ofSeconds(50));
        Experiment<Integer> experiment = background(lab, "test");
        CountDownLatch running = new CountDownLatch(1);
        experiment.run(() -> 1, () -> {
            running.countDown();
            new CountDownLatch(1).await();
            return 1;
        });
        running.await();

        Thread.currentThread().interrupt();
        lab.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(experiment.counts().dropped()).containsEntry(Drop.CLOSED, 1L);
    }

    @Test
    void anExecutorOfTheUsersIsNotShutDownButWhatWaitsThereIsDropped() {
        ExecutorService busy = Executors.newSingleThreadExecutor();
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger candidates = new AtomicInteger();
        try {
            busy.execute(() -> {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            Lab lab = lab(Duration.ofMillis(20));
            Experiment<Integer> experiment = lab.<Integer>experiment()
                    .execution(Execution.background().on(busy))
                    .build();
            experiment.run(() -> 1, candidates::incrementAndGet);
            lab.close();

            assertAllAccountedFor(experiment, 1);
            assertThat(busy.isShutdown()).isFalse();
            release.countDown();
            busy.submit(() -> {}).get(20, TimeUnit.SECONDS);
            assertThat(candidates).hasValue(0);
        } catch (Exception e) {
            throw new AssertionError(e);
        } finally {
            busy.shutdownNow();
        }
    }

    @Test
    void closingTakesItsThreadsAlong() {
        Lab lab = lab(Duration.ofSeconds(20));
        List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
        Experiment<Integer> experiment = background(lab, "test");
        for (int i = 0; i < 50; i++) {
            experiment.run(() -> 1, () -> {
                threads.add(Thread.currentThread());
                return 1;
            });
        }
        lab.close();

        assertThat(threads).hasSize(50).allSatisfy(thread -> {
            thread.join(20_000);
            assertThat(thread.isAlive()).isFalse();
        });
    }

    /** The README's recipe, in a JVM that is told to end in the midst of its work. */
    @Test
    void aJvmThatIsTerminatedAccountsForEveryRun() throws IOException, InterruptedException {
        Process process = ChildJvm.start(Terminated.class, List.of());
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(output.readLine()).isEqualTo("running");
            process.toHandle().destroy(); // SIGTERM; of the process itself, that would close its output too

            // beside what the library logs
            List<String> rest =
                    output.lines().filter(line -> line.startsWith("closed ")).toList();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(rest).hasSize(1);
            String[] numbers = rest.get(0).split(" ", -1);
            long started = Long.parseLong(numbers[1]);
            long published = Long.parseLong(numbers[2]);
            long dropped = Long.parseLong(numbers[3]);
            assertThat(started).isGreaterThan(100);
            assertThat(published).isPositive();
            assertThat(published + dropped).isEqualTo(started);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Runs experiments for as long as it lives. */
    static final class Terminated {
        private static final AtomicReference<Experiment<?>> EXPERIMENT = new AtomicReference<>();

        public static void main(String[] args) {
            Scientist scientist = Scientist.builder()
                    .publisher(new Publisher() {
                        @Override
                        public void publish(Result<?> result) {}

                        @Override
                        public void close() {
                            // told last: every run has ended
                            Counts counts = EXPERIMENT.get().counts();
                            System.out.println("closed " + counts.started() + " " + counts.published() + " "
                                    + counts.droppedInAll());
                            System.out.flush();
                        }
                    })
                    .failureHandler((experiment, operation, failure) -> {})
                    .build();
            Experiment<Integer> experiment = scientist
                    .<Integer>experiment("test")
                    .execution(Execution.background().timeLimit(Duration.ofMillis(5)))
                    .build();
            EXPERIMENT.set(experiment);
            Runtime.getRuntime().addShutdownHook(new Thread(scientist::close));
            for (int i = 0; ; i++) {
                boolean hangs = i % 1_000 == 999;
                experiment.run(() -> 1, () -> {
                    if (hangs) {
                        new CountDownLatch(1).await();
                    }
                    return 1;
                });
                if (i == 10_000) {
                    System.out.println("running");
                }
            }
        }
    }
}
