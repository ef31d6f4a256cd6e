package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/**
 * A user with modules, who has the library and slf4j-api and nothing else. It once required jspecify and Jackson of such
 * users: {@code requires static transitive} asks for a module wherever one compiles against it.
 */
class ModularUserTest {

    @Test
    @Timeout(120)
    void theLibraryAndSlf4jAreEnough(@TempDir Path folder) throws IOException, InterruptedException {
        Path module = Files.writeString(folder.resolve("module-info.java"), """
                module user {
                    requires dev.scientist;
                }
                """);
        Path program = Files.createDirectory(folder.resolve("user")).resolve("Main.java");
        Files.writeString(program, """
                package user;

                import dev.scientist.Experiment;
                import dev.scientist.Scientist;
                import dev.scientist.publish.RecordingPublisher;

                public class Main {
                    public static void main(String[] args) {
                        RecordingPublisher results = new RecordingPublisher();
                        Scientist scientist = Scientist.builder().publisher(results).build();
                        Experiment<String> greeting = scientist.<String>experiment("greeting").build();
                        System.out.println(greeting.run(() -> "old", () -> "new"));
                        System.out.println(results.results().get(0).mismatched());
                    }
                }
                """);
        String modules = location(Experiment.class) + java.io.File.pathSeparator + location(Logger.class);
        Path classes = folder.resolve("classes");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        boolean compiled = compiler.getTask(
                        messages,
                        null,
                        null,
                        List.of("--module-path", modules, "-d", classes.toString()),
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(module, program))
                .call();
        assertThat(compiled).as(messages.toString()).isTrue();

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--module-path",
                        classes + java.io.File.pathSeparator + modules,
                        "--module",
                        "user/user.Main")
                .start();
        assertThat(ChildJvm.output(process)).containsExactly("old", "true");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private static Path location(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    }
}
