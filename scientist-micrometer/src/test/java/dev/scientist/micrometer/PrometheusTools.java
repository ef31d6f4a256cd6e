package dev.scientist.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The real prometheus and promtool, where they are installed. */
final class PrometheusTools {

    private PrometheusTools() {}

    /** Skips the test that asks, with a reason, where they are missing; fails it where that must not be. */
    static void assumeInstalled() {
        for (String tool : List.of("prometheus", "promtool")) {
            boolean there = find(tool).isPresent();
            String reason = tool + " is not on the PATH (Debian: apt-get install prometheus)";
            if (System.getenv("CI") != null) {
                assertThat(there).as(reason).isTrue();
            }
            assumeTrue(there, reason);
        }
    }

    static String path(String tool) {
        return find(tool).orElseThrow().toString();
    }

    private static Optional<Path> find(String tool) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, tool))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Runs promtool in a folder; fails with what it says if it does. */
    static String promtool(Path folder, String... arguments) {
        List<String> command = new ArrayList<>(List.of(path("promtool")));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as("%s%n%s", command, output).isZero();
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
