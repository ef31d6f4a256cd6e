package dev.scientist.micrometer;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where this module's files are: Maven runs the tests in the module's directory, an IDE maybe in the project's. */
final class TestFiles {

    private TestFiles() {}

    static Path module() {
        Path here = Path.of("").toAbsolutePath();
        Path inside = here.resolve("scientist-micrometer");
        return Files.isDirectory(inside) ? inside : here;
    }

    static Path resources() {
        return module().resolve("src/main/resources/dev/scientist/micrometer");
    }

    static Path testResources() {
        return module().resolve("src/test/resources/dev/scientist/micrometer");
    }
}
