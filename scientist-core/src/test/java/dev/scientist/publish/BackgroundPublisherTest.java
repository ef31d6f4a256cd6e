package dev.scientist.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scientist.Drop;
import dev.scientist.Experiment;
import dev.scientist.Gate;
import dev.scientist.Operation;
import dev.scientist.Publisher;
import dev.scientist.Result;
import dev.scientist.Scientist;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

@Timeout(30)
class BackgroundPublisherTest {

    /** Notes what reaches it, and on what thread. Waits before each result until it is let go. */
    private static final class Slow implements Publisher {
        private final List<String> events = Collections.synchronizedList(new ArrayList<>());
        private final List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);

        @Override
        public void publish(Result<?> result) throws InterruptedException {
            entered.countDown();
            go.await();
            note("result " + result.input());
        }

        @Override
        public void defined(Experiment<?> experiment) {
            note("defined");
        }

        @Override
        public void dropped(Experiment<?> experiment, Drop reason) {
            note("dropped " + reason);
        }

        @Override
        public void failed(Experiment<?> experiment, Operation operation, Throwable failure) {
            note("failed " + operation);
        }

        @Override
        public void gateChanged(Experiment<?> experiment, String status) {
            note(status);
        }

        @Override
        public void close() {
            note("closed");
        }

        private void note(String event) {
            threads.add(Thread.currentThread());
            events.add(event);
        }
    }

    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    private Scientist.Builder scientist(Publisher publisher) {
        return Scientist.builder()
                .publisher(publisher)
                .failureHandler(
                        (experiment, operation, failure) -> failures.add(operation + ": " + failure.getMessage()));
    }

    private static void run(Experiment<Integer> experiment, int from, int to) {
        for (int i = from; i < to; i++) {
            experiment.run(i, input -> input, input -> input);
        }
    }

    @Test
    void everythingIsHandedOnInOrderOnOneThreadOfItsOwn() {
        Slow slow = new Slow();
        BackgroundPublisher publisher = new BackgroundPublisher(slow);
        try (Scientist scientist = scientist(publisher).build()) {
            Experiment<Integer> experiment = scientist
                    .<Integer>experiment("test")
                    .gate(new Gate() {
                        @Override
                        public boolean admits(Request request, @Nullable Object input) {
                            if (Integer.valueOf(2).equals(input)) {
                                request.changed("gate changed");
                            }
                            return true;
                        }
                    })
                    .snapshot(value -> {
                        if (value == 4) {
                            throw new IllegalStateException("snapshot");
                        }
                        return value;
                    })
                    .build();
            run(experiment, 1, 6);
            // the caller is through, though the publisher has not taken one yet
            assertThat(slow.events).containsExactly("defined");
            slow.go.countDown();
        }

        assertThat(slow.events)
                .containsExactly(
                        "defined",
                        "result 1",
                        "gate changed",
                        "result 2",
                        "result 3",
                        "failed SNAPSHOT",
                        "dropped SNAPSHOT_FAILED",
                        "result 5",
                        "closed");
        assertThat(slow.threads.subList(1, 8)).doesNotContain(Thread.currentThread());
        assertThat(slow.threads.get(1).isDaemon()).isTrue();
        assertThat(slow.threads.get(1).getName()).startsWith("scientist-publisher");
        assertThat(slow.threads.subList(1, 8)).containsOnly(slow.threads.get(1));
        assertThat(publisher.lost()).isZero();
    }

    @Test
    void whatComesWhenTheQueueIsFullIsCountedAndReported() throws InterruptedException {
        Slow slow = new Slow();
        BackgroundPublisher publisher = new BackgroundPublisher(slow, 3, Duration.ofSeconds(20));
        try (Scientist scientist = scientist(publisher).build()) {
            Experiment<Integer> experiment =
                    scientist.<Integer>experiment("test").build();
            run(experiment, 1, 2);
            slow.entered.await(); // and so it waits no more
            run(experiment, 2, 7);

            assertThat(publisher.lost()).isEqualTo(2);
            assertThat(failures)
                    .containsExactly(
                            "PUBLISH: a result did not reach " + Slow.class.getName()
                                    + ": 3 events are waiting for it already",
                            "PUBLISH: a result did not reach " + Slow.class.getName()
                                    + ": 3 events are waiting for it already");
            slow.go.countDown();
        }

        assertThat(slow.events).containsExactly("defined", "result 1", "result 2", "result 3", "result 4", "closed");
    }

    /** Wants mismatches alone. */
    private static final class Mismatches implements Publisher {
        private final List<Object> inputs = Collections.synchronizedList(new ArrayList<>());
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);

        @Override
        public void publish(Result<?> result) throws InterruptedException {
            entered.countDown();
            go.await();
            inputs.add(result.input());
        }

        @Override
        public boolean wants(Result<?> result) {
            return result.mismatched();
        }

        @Override
        public boolean wantsDrops() {
            return false;
        }

        @Override
        public boolean wantsFailures() {
            return false;
        }

        @Override
        public void dropped(Experiment<?> experiment, Drop reason) {
            throw new AssertionError("told of a drop");
        }

        @Override
        public void failed(Experiment<?> experiment, Operation operation, Throwable failure) {
            throw new AssertionError("told of a failure");
        }
    }

    /** A burst of matches, runs without a result and failures pushes no mismatch out of the queue. */
    @Test
    void whatIsNotWantedTakesNoPlace() throws InterruptedException {
        Mismatches mismatches = new Mismatches();
        BackgroundPublisher publisher = new BackgroundPublisher(mismatches, 10, Duration.ofSeconds(20));
        try (Scientist scientist = scientist(publisher).build()) {
            Experiment<Integer> experiment =
                    scientist.<Integer>experiment("test").build();
            experiment.run(-1, input -> input, input -> 0);
            mismatches.entered.await();
            for (int i = 0; i < 1_000; i++) {
                boolean matches = i % 100 != 0;
                experiment.run(i, input -> 1, input -> matches ? 1 : 2);
                publisher.dropped(experiment, Drop.SHED);
                experiment.report(Operation.GATE, new IllegalStateException("gate"));
            }

            assertThat(publisher.lost()).isZero();
            mismatches.go.countDown();
        }

        assertThat(mismatches.inputs).containsExactly(-1, 0, 100, 200, 300, 400, 500, 600, 700, 800, 900);
        assertThat(publisher.lost()).isZero();
    }

    @Test
    void itWantsWhatTheOtherPublisherWants() {
        Publisher other = new Mismatches();
        assertThat(new BackgroundPublisher(other).wantsDrops()).isFalse();
        assertThat(new BackgroundPublisher(other).wantsFailures()).isFalse();
        Publisher all = result -> {};
        assertThat(new BackgroundPublisher(all).wantsDrops()).isTrue();
        assertThat(new BackgroundPublisher(all).wantsFailures()).isTrue();
        assertThat(all.wants(null)).isTrue();
    }

    /** Two in a row: the one in front asks the one behind. */
    @Test
    void whatIsWantedIsAskedThroughOthers() throws InterruptedException {
        Mismatches mismatches = new Mismatches();
        mismatches.go.countDown();
        BackgroundPublisher inner = new BackgroundPublisher(mismatches);
        try (Scientist scientist = scientist(new BackgroundPublisher(inner)).build()) {
            Experiment<Integer> experiment =
                    scientist.<Integer>experiment("test").build();
            experiment.run(1, input -> 1, input -> 1);
            experiment.run(2, input -> 1, input -> 2);
            mismatches.entered.await();
        }

        assertThat(mismatches.inputs).containsExactly(2);
    }

    @Test
    void closingHandsOnWhatWaits() {
        List<Object> inputs = Collections.synchronizedList(new ArrayList<>());
        BackgroundPublisher publisher = new BackgroundPublisher(result -> inputs.add(result.input()));
        try (Scientist scientist = scientist(publisher).build()) {
            run(scientist.<Integer>experiment("test").build(), 0, 5_000);
        }

        assertThat(inputs)
                .containsExactlyElementsOf(IntStream.range(0, 5_000).boxed().toList());
        assertThat(failures).isEmpty();
    }

    @Test
    void closingWaitsNoLongerThanItsLimit() throws InterruptedException {
        Slow slow = new Slow();
        CountDownLatch interrupted = new CountDownLatch(1);
        BackgroundPublisher hanging = new BackgroundPublisher(
                result -> {
                    try {
                        slow.publish(result);
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                },
                100,
                Duration.ofMillis(20));
        Scientist scientist = scientist(hanging).build();
        Experiment<Integer> experiment = scientist.<Integer>experiment("test").build();
        run(experiment, 0, 5);
        slow.entered.await();
        scientist.close();

        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        // the four that waited; that the interrupted one failed is news that may come too late as well
        assertThat(hanging.lost()).isBetween(4L, 5L);
    }

    /** Keeps its thread until that is interrupted, and says nothing of it. */
    private static final class Stuck implements Publisher {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch interrupted = new CountDownLatch(1);

        @Override
        public void publish(Result<?> result) {
            entered.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        }
    }

    @Test
    void whatIsNoResultIsCountedWhenItIsLostAndNoFailure() throws Exception {
        Stuck stuck = new Stuck();
        BackgroundPublisher publisher = new BackgroundPublisher(stuck, 100, Duration.ZERO);
        try (Scientist scientist = scientist(publisher).build()) {
            Experiment<Integer> experiment =
                    scientist.<Integer>experiment("test").build();
            run(experiment, 0, 1);
            stuck.entered.await();
            publisher.dropped(experiment, Drop.SHED);
            publisher.gateChanged(experiment, "gate changed");
            publisher.close();

            assertThat(publisher.lost()).isEqualTo(2);
            assertThat(failures).isEmpty();
            assertThat(stuck.interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void whoIsInterruptedWhileClosingWaitsNoLongerAndIsInterruptedStill() throws Exception {
        Stuck stuck = new Stuck();
        BackgroundPublisher publisher = new BackgroundPublisher(stuck, 100, Duration.ofDays(1));
        try (Scientist scientist = scientist(publisher).build()) {
            run(scientist.<Integer>experiment("test").build(), 0, 1);
            stuck.entered.await();
            run(scientist.<Integer>experiment("another").build(), 0, 1);
            Thread.currentThread().interrupt();
            publisher.close();

            assertThat(Thread.interrupted()).isTrue();
            assertThat(publisher.lost()).isEqualTo(1);
            assertThat(failures).singleElement().asString().endsWith("the publisher is closed");
        }
    }

    /** What is carried along is captured after it was seen to be open and before the result waits. */
    @Test
    void whatIsPublishedWhileItClosesIsLostAndSaysSo() {
        Slow slow = new Slow();
        BackgroundPublisher publisher = new BackgroundPublisher(slow, 100, Duration.ZERO);
        try (Scientist scientist = scientist(publisher)
                .propagator(() -> {
                    assertThatCode(publisher::close).doesNotThrowAnyException();
                    return () -> () -> {};
                })
                .build()) {
            run(scientist.<Integer>experiment("test").build(), 0, 1);

            assertThat(publisher.lost()).isEqualTo(1);
            assertThat(failures).singleElement().asString().endsWith("the publisher is closed");
            assertThat(slow.events).containsExactly("defined", "closed");
        }
    }

    @Test
    void whatFailsElsewhereWhileNewsOfAFailureIsHandedOnIsNewsToo() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        List<String> news = Collections.synchronizedList(new ArrayList<>());
        BackgroundPublisher publisher = new BackgroundPublisher(new Publisher() {
            @Override
            public void publish(Result<?> result) {}

            @Override
            public void failed(Experiment<?> experiment, Operation operation, Throwable failure) {
                entered.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                news.add(failure.getMessage());
            }
        });
        try (Scientist scientist = scientist(publisher).build()) {
            Experiment<Integer> experiment = scientist
                    .<Integer>experiment("test")
                    .snapshot(value -> {
                        throw new IllegalStateException("snapshot " + value);
                    })
                    .build();
            run(experiment, 1, 2);
            entered.await();
            run(experiment, 2, 3);
            go.countDown();
        }

        assertThat(news).containsExactly("snapshot 1", "snapshot 2");
    }

    @Test
    void onceClosedItTakesNoMoreAndSaysSo() throws Exception {
        AtomicInteger closes = new AtomicInteger();
        BackgroundPublisher publisher = new BackgroundPublisher(new Publisher() {
            @Override
            public void publish(Result<?> result) {
                throw new AssertionError("published");
            }

            @Override
            public void close() {
                closes.incrementAndGet();
            }
        });
        try (Scientist scientist = scientist(publisher).build()) {
            publisher.close();
            run(scientist.<Integer>experiment("test").build(), 0, 1);
        }

        assertThat(closes).hasValue(1);
        assertThat(failures).singleElement().asString().endsWith("the publisher is closed");
        assertThat(publisher.lost()).isPositive();
    }

    @Test
    void whatThePublisherThrowsIsReportedAndTheNextIsHandedOn() {
        List<Object> inputs = Collections.synchronizedList(new ArrayList<>());
        BackgroundPublisher publisher = new BackgroundPublisher(result -> {
            inputs.add(result.input());
            throw new StackOverflowError("at " + result.input());
        });
        try (Scientist scientist = scientist(publisher).build()) {
            run(scientist.<Integer>experiment("test").build(), 0, 3);
        }

        assertThat(inputs).containsExactly(0, 1, 2);
        assertThat(failures).containsExactly("PUBLISH: at 0", "PUBLISH: at 1", "PUBLISH: at 2");
    }

    /** The news of a failure fails: were that news again, it would never end. */
    @Test
    void aPublisherThatFailsAtHearingOfFailuresIsToldOncePerFailure() throws InterruptedException {
        AtomicInteger told = new AtomicInteger();
        CountDownLatch allTold = new CountDownLatch(3);
        BackgroundPublisher publisher = new BackgroundPublisher(new Publisher() {
            @Override
            public void publish(Result<?> result) {
                throw new IllegalStateException("publish");
            }

            @Override
            public void failed(Experiment<?> experiment, Operation operation, Throwable failure) {
                told.incrementAndGet();
                allTold.countDown();
                throw new IllegalStateException("failed");
            }
        });
        try (Scientist scientist = scientist(publisher).build()) {
            run(scientist.<Integer>experiment("test").build(), 0, 3);
            allTold.await(); // once it is being closed it takes no more
        }

        assertThat(told).hasValue(3);
        assertThat(failures)
                .containsExactlyInAnyOrder(
                        "PUBLISH: publish",
                        "PUBLISH: publish",
                        "PUBLISH: publish",
                        "NOTIFY: failed",
                        "NOTIFY: failed",
                        "NOTIFY: failed");
    }

    @Test
    void theMdcOfTheRunGoesAlong() {
        List<String> users = Collections.synchronizedList(new ArrayList<>());
        try (Scientist scientist = scientist(new BackgroundPublisher(result -> users.add(MDC.get("user"))))
                .build()) {
            Experiment<Integer> experiment =
                    scientist.<Integer>experiment("test").build();
            for (String user : List.of("alice", "bob")) {
                MDC.put("user", user);
                run(experiment, 0, 1);
            }
            MDC.clear();
            run(experiment, 0, 1);
        }

        assertThat(users).containsExactly("alice", "bob", null);
    }

    /** Many threads publish while it is closed: each event is handed on or lost, and counted once. */
    @Test
    void underContentionNothingIsLostInSilence() throws InterruptedException {
        for (int round = 0; round < 50; round++) {
            AtomicInteger handedOn = new AtomicInteger();
            BackgroundPublisher publisher =
                    new BackgroundPublisher(result -> handedOn.incrementAndGet(), 50, Duration.ofMillis(round % 3));
            Scientist scientist = Scientist.builder()
                    .publisher(publisher)
                    .failureHandler((experiment, operation, failure) -> failures.add(operation.name()))
                    .build();
            Experiment<Integer> experiment =
                    scientist.<Integer>experiment("test").build();
            failures.clear();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Thread thread = new Thread(() -> run(experiment, 0, 500));
                threads.add(thread);
                thread.start();
            }
            if (round % 2 == 0) {
                threads.get(0).join();
            }
            scientist.close();
            for (Thread thread : threads) {
                thread.join();
            }

            // the one that closing found on its way is not waited for beyond the limit
            long published = experiment.counts().published();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (handedOn.get() + failures.size() < published && deadline - System.nanoTime() > 0) {
                Thread.onSpinWait();
            }
            assertThat((long) handedOn.get() + failures.size())
                    .as("round %d", round)
                    .isEqualTo(published);
        }
    }

    @Test
    void limitsThatCannotBeAreErrors() {
        assertThatThrownBy(() -> new BackgroundPublisher(result -> {}, 0, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("capacity must be at least 1, not 0");
        assertThatThrownBy(() -> new BackgroundPublisher(result -> {}, 1, Duration.ofMillis(-1)))
                .hasMessageContaining("close limit");
        assertThatThrownBy(() -> new BackgroundPublisher(
                        result -> {}, 1, Duration.ofDays(1).plusNanos(1)))
                .hasMessageContaining("from zero to a day");
        assertThatThrownBy(() -> new BackgroundPublisher(null)).hasMessage("publisher");
        assertThatCode(() -> new BackgroundPublisher(result -> {}, 1, Duration.ofDays(1)))
                .doesNotThrowAnyException();
    }
}
