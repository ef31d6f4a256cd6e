package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraitsTest {

    private final List<Result<?>> results = Collections.synchronizedList(new ArrayList<>());
    private final List<Operation> failures = Collections.synchronizedList(new ArrayList<>());
    private final Scientist scientist = Scientist.builder()
            .publisher(results::add)
            .failureHandler((experiment, operation, failure) -> failures.add(operation))
            .build();

    @AfterEach
    void close() {
        scientist.close();
    }

    private enum Country {
        DE,
        FR {
            @Override
            public String toString() {
                return "La France";
            }
        }
    }

    private record Order(Country country, boolean gift, int lines) {}

    @Test
    void labelsAreThoseOfTheInputAndTheControlsValue() {
        Experiment<Integer> experiment = scientist
                .<Integer>experiment("price")
                .trait("country", Order.class, Order::country)
                .trait("gift", Order.class, Order::gift)
                .trait("lines", Order.class, Order::lines)
                .trait("price", price -> price)
                .build();
        experiment.run(new Order(Country.FR, true, 12), order -> 250, order -> -1);
        experiment.run(new Order(null, false, 0), order -> null, order -> -1);

        assertThat(experiment.traits()).containsExactly("country", "gift", "lines", "price");
        assertThat(results.get(0).traits()).containsExactly("FR", "true", "10 to 99", "100 to 999");
        assertThat(results.get(1).traits()).containsExactly("null", "false", "0", "null");
        assertThat(results.get(0).input()).isEqualTo(new Order(Country.FR, true, 12));
        assertThat(failures).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, 0",
        "0.3, between 0 and 1",
        "-0.3, between -1 and 0",
        "1, 1 to 9",
        "9.99, 1 to 9",
        "10, 10 to 99",
        "-7, -9 to -1",
        "-1234.5, -9999 to -1000",
        "1e300, 1000000000000000000 to 9999999999999999999",
        "NaN, NaN",
        "Infinity, 1000000000000000000 to 9999999999999999999"
    })
    void numbersFallIntoBucketsBySize(double number, String label) {
        assertThat(Label.of(number)).isEqualTo(label);
    }

    @Test
    void textIsCutAndWhatIsNoTextIsMadeToOne() {
        assertThat(Label.of("x".repeat(100))).hasSize(40).endsWith("…");
        assertThat(Label.of(Duration.ofSeconds(3))).isEqualTo("PT3S");
        assertThat(Label.of(Long.MIN_VALUE)).isEqualTo("-9999999999999999999 to -1000000000000000000");
    }

    @Test
    void aTraitThatThrowsIsReportedAndTheCallerDoesNotSeeIt() {
        Experiment<Integer> experiment = scientist
                .<Integer>experiment("price")
                .trait("overflow", String.class, input -> {
                    throw new StackOverflowError();
                })
                .trait("other type", Integer.class, input -> input)
                .trait("value", value -> value)
                .build();

        assertThatThrownBy(() -> experiment.run(
                        "in",
                        input -> {
                            throw new IllegalStateException("control");
                        },
                        input -> 1))
                .hasMessage("control");
        assertThat(results.get(0).traits()).containsExactly("(failed)", "(failed)", "(control threw)");
        assertThat(failures).containsExactly(Operation.TRAIT, Operation.TRAIT);
        assertThat(experiment.run(null, input -> 1, input -> 1)).isEqualTo(1);
        assertThat(results.get(1).traits()).containsExactly("null", "null", "1 to 9");
    }

    @Test
    void itIsAskedOnceForEachRunThatIsComparedOnTheThreadThatComparesIt() throws InterruptedException {
        List<Thread> asked = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch published = new CountDownLatch(2);
        List<Thread> compared = Collections.synchronizedList(new ArrayList<>());
        Experiment<Integer> background = scientist
                .<Integer>experiment("background")
                .trait("input", Integer.class, input -> {
                    asked.add(Thread.currentThread());
                    return input;
                })
                .comparator((control, candidate) -> {
                    compared.add(Thread.currentThread());
                    if (control == 0) {
                        throw new IllegalStateException("cannot compare");
                    }
                    return List.of();
                })
                .execution(Execution.background())
                .publisher(result -> {
                    result.traits();
                    published.countDown();
                })
                .build();

        background.run(1, input -> input, input -> input);
        background.run(0, input -> input, input -> input);
        background.switchOff();
        background.run(2, input -> input, input -> input);

        assertThat(published.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(asked).hasSize(1).doesNotContain(Thread.currentThread()).isSubsetOf(compared);
        assertThat(results.stream().map(Result::traits)).containsExactlyInAnyOrder(List.of("1 to 9"), List.of());
    }

    /** The result of a comparator that hangs is made by a thread that must not hang too. */
    @Test
    void whereNothingIsComparedTheTraitIsNotAsked() throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch published = new CountDownLatch(1);
        Experiment<Integer> hanging = scientist
                .<Integer>experiment("hanging")
                .trait("value", value -> asked.incrementAndGet())
                .comparator((control, candidate) -> {
                    LockSupport.park(); // until it is interrupted
                    throw new IllegalStateException("interrupted");
                })
                .execution(Execution.background().timeLimit(Duration.ofMillis(50)))
                .publisher(result -> published.countDown())
                .build();
        hanging.run(() -> 1, () -> 1);

        assertThat(published.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(results.get(0).comparisons().get(0).outcome()).isEqualTo(Outcome.FAILED);
        assertThat(asked).hasValue(0);
    }

    @Test
    void anExperimentMadeFromAnotherHasItsTraits() {
        Experiment<Integer> first = scientist
                .<Integer>experiment("first")
                .trait("a", value -> value)
                .build();
        Experiment<Integer> second = first.toBuilder("second")
                .trait("a", value -> "new")
                .trait("b", value -> "b")
                .build();
        second.run(() -> 1, () -> 1);

        assertThat(results.get(0).traits()).containsExactly("new", "b");
        try (Scientist other = Scientist.builder().build()) {
            assertThat(second.toBuilder("second", other).build().traits()).containsExactly("a", "b");
        }
    }

    @Test
    void settingsThatCannotBeAreErrors() {
        Experiment.Builder<Integer> builder =
                scientist.<Integer>experiment("price").trait("a", value -> value);
        assertThatThrownBy(() -> builder.trait("a", value -> value))
                .hasMessage("experiment 'price': trait 'a' was already set");
        assertThatThrownBy(() -> builder.trait(" ", value -> value))
                .hasMessage("experiment 'price': name of a trait must not be blank");
        for (int i = 1; i < 10; i++) {
            builder.trait("t" + i, value -> value);
        }
        assertThatThrownBy(() -> builder.trait("one more", value -> value))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("experiment 'price': there are 10 traits already");
    }
}
