package dev.scientist.benchmarks;

import dev.scientist.Experiment;
import dev.scientist.Gate;
import dev.scientist.Scientist;
import dev.scientist.gate.Gates;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a gate that does not open adds to a call, beside the direct call and resilience4j's circuit breaker. */
@State(Scope.Thread)
public class GateBenchmark extends Measured {

    @Param({
        "direct",
        "switched-off",
        "percent",
        "sticky",
        "rate",
        "all",
        "breaker",
        "resilience4j",
    })
    private String gate;

    private Experiment<Step> experiment;
    private boolean direct;
    private Step seed = Step.FIRST;

    @Setup
    public void setUp() {
        Scientist scientist = Scientist.builder().publisher(result -> {}).build();
        Workload.pollute(scientist, "other-");
        direct = gate.equals("direct");
        experiment =
                scientist.<Step>experiment("widget-permissions").gate(gate()).build();
        if (gate.equals("switched-off")) {
            experiment.switchOff();
        } else if (gate.equals("breaker") || gate.equals("rate")) {
            experiment.run(Step.FIRST, Step::control, input -> {
                throw new IllegalStateException("opens it");
            });
        }
    }

    private Gate gate() {
        return switch (gate) {
            case "percent" -> Gates.percent(0);
            case "sticky" -> Gates.stickyPercent(0, Step.class, input -> "a customer's id");
            case "rate" -> Gates.atMostPerSecond(1e-6);
            case "all" -> Gates.all(Gates.percent(100), Gates.when(() -> false));
            case "breaker" -> Gates.circuitBreaker().failuresInARow(1).build();
            case "resilience4j" -> {
                CircuitBreaker breaker = CircuitBreaker.of("peer", CircuitBreakerConfig.ofDefaults());
                breaker.transitionToForcedOpenState();
                yield (request, input) -> breaker.tryAcquirePermission();
            }
            default -> (request, input) -> true;
        };
    }

    @Benchmark
    public Step call() {
        seed = direct ? Step.control(seed) : experiment.run(seed, Step::control, Step::candidate);
        return seed;
    }
}
