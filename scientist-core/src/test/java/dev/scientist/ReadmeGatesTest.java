package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.gate.Gates;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The README's chapter on gates. */
class ReadmeGatesTest {

    record Order(long customer) {}

    private final Lab lab = new Lab();
    private final Scientist scientist = lab.scientist;

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void sticky() {
        // README: sticky
        Experiment<Integer> pricing = scientist
                .<Integer>experiment("pricing")
                .gate(Gates.stickyPercent(25, Order.class, Order::customer)) // or by a key of the context
                .build();
        // README end

        int in = 0;
        for (int run = 0; run < 2; run++) {
            for (int customer = 0; customer < 1_000; customer++) {
                pricing.run(new Order(customer), order -> 1, order -> 1);
            }
            if (run == 0) {
                in = (int) pricing.counts().started();
            }
        }
        assertThat(in).isBetween(200, 300);
        assertThat(pricing.counts().started()).isEqualTo(2L * in);
    }

    @Test
    void combined() {
        Flags flags = new Flags();
        // README: gates
        Experiment<Integer> taxes = scientist
                .<Integer>experiment("taxes")
                .gate(Gates.all(
                        Gates.when(() -> flags.isOn("taxes")),
                        Gates.not(Gates.stickyPercent(10, "tenant")),
                        Gates.atMostPerSecond(50)))
                .build();
        // README end

        for (int i = 0; i < 10; i++) {
            taxes.control(() -> 1)
                    .candidate(() -> 1)
                    .context("tenant", "tenant " + i)
                    .run();
        }
        assertThat(taxes.counts().started()).isPositive().isLessThan(10);
        assertThat(lab.failures).isEmpty();
    }

    @Test
    void breaker() {
        // README: breaker
        Experiment<Integer> shipping = scientist
                .<Integer>experiment("shipping")
                .gate(Gates.circuitBreaker()
                        .failuresInARow(5)
                        .mismatchRate(0.2) // of 100 runs
                        .slowDown(3) // over 100 runs, the candidate takes three times as long
                        .retryAfter(Duration.ofMinutes(5))
                        .build())
                .build();
        // README end

        for (int i = 0; i < 10; i++) {
            shipping.run(() -> 1, () -> {
                throw new IllegalStateException("not there");
            });
        }
        assertThat(shipping.counts().started()).isEqualTo(5);
        ReadmeTest.assertAGuideHasLine("WARN experiment 'shipping': " + shipping.gateStatus());
    }

    private static final class Flags {
        boolean isOn(String flag) {
            return !flag.isEmpty();
        }
    }
}
