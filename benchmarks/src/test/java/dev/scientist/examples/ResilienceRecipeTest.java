package dev.scientist.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.Comparison;
import dev.scientist.Experiment;
import dev.scientist.Gate;
import dev.scientist.Outcome;
import dev.scientist.Result;
import dev.scientist.Scientist;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The README's recipe: resilience4j's circuit breaker in the place of the library's own. */
class ResilienceRecipeTest {

    // README: resilience
    /** Of resilience4j: a circuit breaker of which each run of a candidate is a call. */
    record Resilience4jGate(CircuitBreaker breaker) implements Gate {

        @Override
        public boolean admits(Request request, Object input) {
            return breaker.tryAcquirePermission();
        }

        @Override
        public void learn(Request request, Result<?> result) {
            Comparison<?> comparison = result.comparisons().get(0);
            long nanos = comparison.candidate().nanos();
            if (comparison.outcome() == Outcome.MISMATCHED || comparison.outcome() == Outcome.ABANDONED) {
                breaker.onError(nanos, TimeUnit.NANOSECONDS, new IllegalStateException("" + comparison.outcome()));
            } else {
                breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
            }
        }

        @Override
        public String status() {
            return breaker.getName() + " " + breaker.getState();
        }
    }
    // README end

    private final CircuitBreaker breaker = CircuitBreaker.of(
            "pricing",
            CircuitBreakerConfig.custom()
                    .slidingWindowSize(10)
                    .minimumNumberOfCalls(10)
                    .failureRateThreshold(50)
                    .permittedNumberOfCallsInHalfOpenState(1)
                    .build());

    @Test
    void itOpensOnMismatchesAndClosesAfterAGoodTrial() {
        try (Scientist scientist = Scientist.builder().publisher(result -> {}).build()) {
            Experiment<Integer> pricing = scientist
                    .<Integer>experiment("pricing")
                    .gate(new Resilience4jGate(breaker))
                    .build();
            for (int i = 0; i < 20; i++) {
                assertThat(pricing.run(() -> 1, () -> 2)).isEqualTo(1);
            }

            assertThat(pricing.counts().started()).isEqualTo(10);
            assertThat(pricing.gateStatus()).isEqualTo("pricing OPEN");

            breaker.transitionToHalfOpenState();
            assertThat(pricing.run(() -> 1, () -> 1)).isEqualTo(1);

            assertThat(pricing.counts().started()).isEqualTo(11);
            assertThat(pricing.gateStatus()).isEqualTo("pricing CLOSED");
        }
    }
}
