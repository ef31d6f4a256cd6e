package dev.scientist.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scientist.Experiment;
import dev.scientist.Scientist;
import dev.scientist.gate.Gates;
import dev.scientist.rollout.Rollout;
import dev.scientist.rollout.Stage;
import dev.scientist.rollout.WayBack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipe of the guide for a properties file. */
class PolledFlagsTest {

    @TempDir
    private Path folder;

    /** As a whole, so that no half of it is read. */
    static void write(Path file, String text) throws IOException {
        Path made = Files.writeString(file.resolveSibling("flags.new"), text);
        Files.move(made, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void theStageAndThePercentageFollowTheFile() throws IOException {
        Path file = folder.resolve("flags.properties");
        write(file, "pricing.stage = canary\npricing.percent = 0\n");
        try (Scientist scientist = Scientist.builder().publisher(result -> {}).build()) {
            Experiment<String> experiment =
                    scientist.<String>experiment("pricing").build();
            // README: rollout-polled-use
            PolledFlags flags = new PolledFlags(file, "pricing", Duration.ofSeconds(1));
            Rollout<String> pricing = Rollout.of(experiment)
                    .stage(flags::stage)
                    .canary(Gates.stickyPercent(flags::percent, Integer.class, customer -> customer))
                    .wayBack(WayBack.standard())
                    .build();
            // README end
            assertThat(pricing.stage()).isEqualTo(Stage.CANARY);
            assertThat(run(pricing)).isEqualTo("control");
            write(file, "pricing.stage = canary\npricing.percent = 100\n");
            PrometheusServer.await("the percentage is read", () -> run(pricing).equals("candidate"));
            write(file, "pricing.stage = candidate\npricing.percent = 100\n");
            PrometheusServer.await("the stage is read", () -> pricing.stage() == Stage.CANDIDATE);

            write(file, "pricing.stage = everybody\n"); // wrong: the last ones stay
            write(file, "pricing.stage = shadow\npricing.percent = 1\n");
            PrometheusServer.await("the stage is read", () -> pricing.stage() == Stage.SHADOW);
            flags.close();
        }
    }

    private static String run(Rollout<String> rollout) {
        return rollout.run(7, customer -> "control", customer -> "candidate");
    }

    @Test
    void aFileThatIsWrongAtTheStartIsAnError() throws IOException {
        Path file = folder.resolve("flags.properties");
        write(file, "pricing.percent = 5\n");
        assertThatThrownBy(() -> new PolledFlags(file, "pricing", Duration.ofSeconds(1)).close())
                .hasMessage("there is no stage '', only [control, shadow, canary, candidate]");
    }
}
