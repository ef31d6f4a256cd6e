package dev.scientist.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.scientist.Experiment;
import dev.scientist.Scientist;
import dev.scientist.Trial;
import dev.scientist.evidence.CandidateEvidence;
import dev.scientist.evidence.Estimate;
import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.evidence.Tolerance;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EvidenceMetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicLong millis = new AtomicLong();
    private final EvidencePublisher evidence = EvidencePublisher.builder()
            .clock(() -> Instant.ofEpochMilli(millis.get()))
            .build();
    private final Tolerance tolerance = Tolerance.standard()
            .maxMismatchRate(0.05)
            .maxSlowDown(Double.POSITIVE_INFINITY)
            .fewestRuns(1)
            .shortestTime(Duration.ZERO);
    private final Scientist scientist = Scientist.builder()
            .publisher(evidence)
            .publisher(new EvidenceMeters(registry, evidence, tolerance))
            .build();

    @AfterEach
    void close() {
        scientist.close();
    }

    private double gauge(String name, String... tags) {
        Gauge gauge = registry.get(name)
                .tag("experiment", "price")
                .tag("candidate", "candidate")
                .tags(tags)
                .gauge();
        return gauge.value();
    }

    private static void run(Experiment<Integer> experiment, int times, int candidate) {
        for (int i = 0; i < times; i++) {
            experiment.run(() -> 1, () -> candidate);
        }
    }

    @Test
    void theBoundsAreThoseOfTheEvidence() {
        Experiment<Integer> price = scientist.<Integer>experiment("price").build();
        run(price, 990, 1);
        run(price, 10, 2);
        // times of the first ten minutes are left out
        millis.addAndGet(Duration.ofMinutes(10).toMillis());
        run(price, 1_000, 1);

        CandidateEvidence shown =
                evidence.evidence("price").orElseThrow().candidates().get(0);
        Estimate rate = shown.mismatchRate(0.05);
        assertThat(gauge("scientist.evidence.mismatch.rate", "bound", "lower"))
                .isEqualTo(rate.interval().lower(), within(1e-12))
                .isGreaterThan(0.001);
        assertThat(gauge("scientist.evidence.mismatch.rate", "bound", "upper"))
                .isEqualTo(rate.interval().upper(), within(1e-12))
                .isBetween(0.005, 0.05);
        Estimate ratio = shown.timeRatio(0.5, 0.05);
        assertThat(gauge("scientist.evidence.time.ratio", "bound", "lower"))
                .isEqualTo(ratio.interval().lower(), within(1e-12));
        assertThat(gauge("scientist.evidence.time.ratio", "bound", "upper"))
                .isEqualTo(ratio.interval().upper(), within(1e-12))
                .isFinite();
    }

    @Test
    void theConclusionIsANumber() {
        Experiment<Integer> price = scientist.<Integer>experiment("price").build();
        run(price, 1, 1);
        assertThat(gauge("scientist.evidence.conclusion")).isZero();
        assertThat(gauge("scientist.evidence.runs.to.ready")).isGreaterThan(50);

        run(price, 999, 1);
        assertThat(gauge("scientist.evidence.conclusion")).isEqualTo(1);
        assertThat(gauge("scientist.evidence.runs.to.ready")).isZero();

        run(price, 1000, 2);
        assertThat(gauge("scientist.evidence.conclusion")).isEqualTo(-1);
    }

    @Test
    void thereAreGaugesOfCandidatesThatRanAlone() {
        Experiment<Integer> price = scientist.<Integer>experiment("price").build();
        assertThat(registry.getMeters()).isEmpty();

        price.control(() -> 1).candidate("sql", () -> 1).run();
        assertThat(registry.getMeters())
                .hasSize(6)
                .allSatisfy(
                        meter -> assertThat(meter.getId().getTag("candidate")).isEqualTo("sql"));
    }

    /** After a redeployment the gauges read the evidence of the first scientist for ever. */
    @Test
    void theGaugesOfASecondScientistTakeOver() {
        run(scientist.<Integer>experiment("price").build(), 1_000, 1);
        assertThat(gauge("scientist.evidence.conclusion")).isEqualTo(1);

        EvidencePublisher second = new EvidencePublisher();
        Scientist next = Scientist.builder()
                .publisher(second)
                .publisher(new EvidenceMeters(registry, second, tolerance))
                .build();
        run(next.<Integer>experiment("price").build(), 1, 1);
        assertThat(gauge("scientist.evidence.conclusion")).isZero();

        scientist.close();
        assertThat(gauge("scientist.evidence.conclusion"))
                .as("the first one's are gone already")
                .isZero();
        next.close();
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void candidatesHaveGaugesOfTheirOwnButNotWithoutEnd() {
        Experiment<Integer> price = scientist.<Integer>experiment("price").build();
        for (int i = 0; i < 30; i++) {
            Trial<Integer, RuntimeException> trial = price.control(() -> 1);
            trial.candidate("candidate-" + i, () -> 1).run();
        }

        Set<String> candidates = registry.getMeters().stream()
                .map(Meter::getId)
                .map(id -> id.getTag("candidate"))
                .collect(Collectors.toSet());
        assertThat(candidates).hasSize(11).contains("candidate-0", "candidate-10");
        assertThat(registry.getMeters()).hasSize(11 * 6);
    }
}
