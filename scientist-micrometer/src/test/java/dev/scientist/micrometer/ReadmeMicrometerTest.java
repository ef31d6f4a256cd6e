package dev.scientist.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.Experiment;
import dev.scientist.Gate;
import dev.scientist.Scientist;
import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.evidence.Tolerance;
import dev.scientist.gate.Gates;
import dev.scientist.publish.RecordingPublisher;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of the README about metrics. */
class ReadmeMicrometerTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private double count(String meter, String... tags) {
        return registry.get(meter).tags(tags).counter().count();
    }

    @Test
    void meters() {
        // README: meters
        MicrometerPublisher meters = new MicrometerPublisher(registry).histogram();
        Scientist scientist = Scientist.builder().publisher(meters).build();
        // README end

        scientist.<Integer>experiment("pricing").build().run(() -> 1, () -> 2);
        assertThat(count("scientist.comparisons", "outcome", "mismatched")).isEqualTo(1);
        scientist.close();
    }

    @Test
    void onRequest() {
        MicrometerPublisher meters = new MicrometerPublisher(registry);
        RecordingPublisher archive = new RecordingPublisher();
        // README: meters-more
        EvidencePublisher evidence = new EvidencePublisher();
        Scientist scientist = Scientist.builder()
                .publisher(meters)
                .publisher(meters.counting("archive", archive)) // scientist.publications
                .publisher(evidence)
                .publisher(new EvidenceMeters(registry, evidence, Tolerance.standard())) // scientist.evidence.*
                .build();
        Gate gate = meters.countingSkipped(Gates.percent(10)); // scientist.runs{decision="skipped"}
        // README end

        Experiment<Integer> pricing =
                scientist.<Integer>experiment("pricing").gate(gate).build();
        for (int i = 0; i < 1000; i++) {
            pricing.run(() -> 1, () -> 1);
        }
        double sampled = count("scientist.runs", "decision", "sampled");
        assertThat(sampled).isBetween(20.0, 250.0).isEqualTo(archive.results().size());
        assertThat(count("scientist.runs", "decision", "skipped")).isEqualTo(1000 - sampled);
        assertThat(count("scientist.publications", "outcome", "success")).isEqualTo(sampled);
        assertThat(registry.get("scientist.evidence.conclusion").gauge().value())
                .isZero();
        scientist.close();
    }

    @Test
    void spans() {
        ObservationRegistry observations = ObservationRegistry.create();
        List<String> seen = new ArrayList<>();
        observations.observationConfig().observationHandler(new io.micrometer.observation.ObservationHandler<>() {
            @Override
            public void onStart(io.micrometer.observation.Observation.Context context) {
                seen.add(String.valueOf(context.getContextualName()));
            }

            @Override
            public boolean supportsContext(io.micrometer.observation.Observation.Context context) {
                return true;
            }
        });
        // README: observations
        ExperimentObservations spans = new ExperimentObservations(observations);
        Scientist scientist = Scientist.builder()
                .publisher(spans) // mismatches
                .propagator(new SnapshotPropagator()) // candidates in the background belong to the caller's trace
                .build();
        Experiment<Integer> pricing = scientist.<Integer>experiment("pricing").build();

        pricing.run(spans.observe(pricing, "control", () -> 1), spans.observe(pricing, "candidate", () -> 2));
        // README end

        assertThat(seen).containsExactlyInAnyOrder("pricing control", "pricing candidate", "pricing mismatch");
        scientist.close();
    }
}
