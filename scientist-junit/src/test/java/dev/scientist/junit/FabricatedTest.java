package dev.scientist.junit;

import static dev.scientist.junit.ResultAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scientist.Outcome;
import dev.scientist.Result;
import dev.scientist.Scientist;
import dev.scientist.publish.RecordingPublisher;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class FabricatedTest {

    private static Duration ms(int millis) {
        return Duration.ofMillis(millis);
    }

    @Test
    void makesAResultToOrder() {
        IOException thrown = new IOException("down");
        Fabricated<Integer> price = Fabricated.experiment("price");
        Result<Integer> result = price.result()
                .control(10, ms(3))
                .candidate("same", 10, ms(2))
                .candidate("other", 11, Duration.ZERO)
                .candidateThrows("broken", thrown, ms(1))
                .input("order 7")
                .context("user", "ann")
                .order("other", "control", "broken", "same")
                .build();
        assertThat(result)
                .controlReturned(10)
                .hasInput("order 7")
                .hasContext("user", "ann")
                .ranInOrder("other", "control", "broken", "same");
        assertThat(result).candidate("same").matched().candidateReturned(10);
        assertThat(result).candidate("other").mismatched();
        assertThat(result.comparisons().get(2).candidate().throwable()).isSameAs(thrown);
        assertThat(result.control().duration()).isEqualTo(ms(3));
        assertThat(result.comparisons())
                .extracting(comparison -> comparison.candidate().duration())
                .containsExactly(ms(2), ms(0), ms(1));
        assertThat(result.experiment()).isSameAs(price.experiment());
    }

    @Test
    void runsInEveryOrder() {
        long seed = Long.getLong("scientist.seed", new Random().nextLong());
        Random random = new Random(seed);
        Fabricated<Integer> fabricated = Fabricated.experiment("orders");
        for (int i = 0; i < 500; i++) {
            List<String> names = new ArrayList<>(List.of("control"));
            Fabricated.Draft<Integer> draft = fabricated.result().control(1, ms(1));
            for (int c = random.nextInt(1, 6); c > 0; c--) {
                draft.candidate("c" + c, 1, ms(1));
                names.add("c" + c);
            }
            assertThat(draft.build().order()).as("seed %s", seed).isEqualTo(names);
            Collections.shuffle(names, random);
            Result<Integer> result = draft.order(names.toArray(String[]::new)).build();
            assertThat(result.order()).as("seed %s", seed).isEqualTo(names);
        }
    }

    @Test
    void hasTheOutcomesOfItsExperiment() {
        Fabricated<Integer> fabricated = Fabricated.experiment(
                "price",
                builder -> builder.matching((a, b) -> {
                            if (b == 0) {
                                throw new IllegalStateException("cannot compare");
                            }
                            return a.equals(b);
                        })
                        .ignore("rounding", (a, b) -> b - a == 1));
        Result<Integer> result = fabricated
                .result()
                .control(10, ms(1))
                .candidate("rounded", 11, ms(1))
                .candidate("failed", 0, ms(1))
                .build();
        assertThat(result).candidate("rounded").ignoredBecause("rounding");
        assertThat(result).candidate("failed").has(Outcome.FAILED);
    }

    @Test
    void letsTheControlThrow() {
        IOException thrown = new IOException("down");
        Result<Integer> result = Fabricated.<Integer>experiment("price")
                .result()
                .controlThrows(thrown, ms(5))
                .candidate("candidate", 1, ms(1))
                .build();
        assertThat(result.control().throwable()).isSameAs(thrown);
        assertThat(result).controlThrew(IOException.class).mismatched();
        assertThat(result.control().duration()).isEqualTo(ms(5));
    }

    @RepeatedTest(50)
    void abandonsCandidatesWithoutWaiting() {
        Fabricated<Integer> fabricated = Fabricated.concurrentExperiment("price", builder -> builder);
        Result<Integer> result = fabricated
                .result()
                .control(10, ms(3))
                .candidate("quick", 10, ms(2))
                .abandoned("slow", Duration.ofSeconds(30))
                .candidateThrows("broken", new IOException("down"), ms(1))
                .abandoned("slower", Duration.ofSeconds(31))
                .build();
        assertThat(result.comparisons())
                .extracting(comparison -> comparison.outcome())
                .containsExactly(Outcome.MATCHED, Outcome.ABANDONED, Outcome.MISMATCHED, Outcome.ABANDONED);
        assertThat(result.control().duration()).isEqualTo(ms(3));
        assertThat(result.comparisons())
                .extracting(comparison -> comparison.candidate().duration())
                .containsExactly(ms(2), Duration.ofSeconds(30), ms(1), Duration.ofSeconds(31));
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(fabricated
                        .result()
                        .control(1, ms(1))
                        .candidate("c", 1, ms(4))
                        .build())
                .matched();
    }

    @Test
    void keepsAnInterrupt() {
        Fabricated<Integer> fabricated = Fabricated.concurrentExperiment("price", builder -> builder);
        Thread.currentThread().interrupt();
        Result<Integer> result = fabricated
                .result()
                .control(10, ms(3))
                .candidate("quick", 10, ms(2))
                .build();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(result).matched();
    }

    @Test
    void saysWhatItCannotMake() {
        Fabricated<Integer> inline = Fabricated.experiment("price");
        assertThatThrownBy(() -> inline.result().control(1, ms(1)).build())
                .hasMessage("a result needs a control and at least one candidate");
        assertThatThrownBy(() -> inline.result()
                        .control(1, ms(1))
                        .abandoned("slow", ms(1))
                        .build())
                .hasMessageContaining("'slow' cannot be abandoned on the caller's thread");
        for (String[] wrong :
                List.of(new String[] {"control"}, new String[] {"control", "x"}, new String[] {"c", "c"}, new String[] {
                    "control", "c", "c"
                })) {
            assertThatThrownBy(() -> inline.result()
                            .control(1, ms(1))
                            .candidate("c", 1, ms(1))
                            .order(wrong)
                            .build())
                    .hasMessageStartingWith("the order must have each of [control, c] once, but was [c");
        }
        assertThatThrownBy(() -> Fabricated.<Integer>concurrentExperiment("price", builder -> builder)
                        .result()
                        .control(1, ms(1))
                        .candidate("c", 1, ms(1))
                        .order("c", "control")
                        .build())
                .hasMessageContaining("order cannot be chosen");
        assertThatThrownBy(() -> inline.result().control(1, ms(-1)))
                .hasMessage("'control' must take a duration that is not negative, not PT-0.001S");
        assertThatThrownBy(() -> Fabricated.<Integer>experiment("price", builder -> builder.enabled(() -> false))
                        .result()
                        .control(1, ms(1))
                        .candidate("c", 1, ms(1))
                        .build())
                .hasMessageContaining("the run has no result: is a gate closed");
    }

    @Test
    void measuresByAManualClock() {
        ManualClock clock = new ManualClock();
        RecordingPublisher results = new RecordingPublisher();
        try (Scientist scientist =
                Scientist.builder().publisher(results).clock(clock).build()) {
            scientist
                    .<Integer>experiment("price")
                    .build()
                    .run(
                            () -> {
                                clock.advance(ms(3));
                                return 1;
                            },
                            () -> {
                                clock.advance(ms(5));
                                return 1;
                            });
        }
        Result<?> result = results.results().get(0);
        assertThat(result.control().duration()).isEqualTo(ms(3));
        assertThat(result.comparisons().get(0).candidate().duration()).isEqualTo(ms(5));
        assertThat(clock.getAsLong()).isEqualTo(ms(8).toNanos());
    }
}
