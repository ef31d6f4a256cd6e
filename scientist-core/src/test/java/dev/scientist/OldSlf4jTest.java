package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application whose class path has SLF4J 1.7, which lacks what results are logged with. */
class OldSlf4jTest {

    @TempDir
    private Path folder;

    /** As far as the library is concerned, SLF4J 1.7 is this. */
    private Path oldSlf4j() throws IOException {
        Path sources = Files.createDirectories(folder.resolve("org/slf4j"));
        Path logger = Files.writeString(sources.resolve("Logger.java"), """
                package org.slf4j;
                public interface Logger {
                    void warn(String text, Object argument);
                }
                """);
        Path factory = Files.writeString(sources.resolve("LoggerFactory.java"), """
                package org.slf4j;
                public final class LoggerFactory {
                    public static Logger getLogger(String name) {
                        return (text, argument) -> {};
                    }
                    public static Logger getLogger(Class<?> type) {
                        return getLogger(type.getName());
                    }
                }
                """);
        Path classes = folder.resolve("classes");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assertThat(compiler.getTask(
                                null,
                                null,
                                null,
                                List.of("-d", classes.toString()),
                                null,
                                compiler.getStandardFileManager(null, null, null)
                                        .getJavaFileObjects(logger, factory))
                        .call())
                .isTrue();
        return classes;
    }

    @Test
    void isNoticedWhenTheScientistIsBuilt() throws Exception {
        URL library = Scientist.class.getProtectionDomain().getCodeSource().getLocation();
        URL[] classPath = {library, oldSlf4j().toUri().toURL()};
        try (URLClassLoader application = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
            Object builder = application
                    .loadClass(Scientist.class.getName())
                    .getMethod("builder")
                    .invoke(null);
            Method build = builder.getClass().getMethod("build");

            assertThatThrownBy(() -> build.invoke(builder))
                    .isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("org.slf4j:slf4j-api on the class path is too old")
                    .hasMessageContaining("2.0 or newer");
        }
    }
}
