package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What the README and the guides show is code that compiles and runs. Each of their blocks of Java and Kotlin follows a
 * comment with a name, {@code <!-- name -->}, and is the same as the region of that name in a source of some module or
 * example, between {@code // README: name} and {@code // README end}, but for the indentation. The guides are {@code README.md} and
 * {@code docs/*.md} of each module.
 */
class ReadmeTest {

    private static final Path ROOT = root();

    private static final Pattern BLOCK_NAME = Pattern.compile("<!-- ([a-z][a-z-]*) -->");
    private static final Pattern REGION_NAME = Pattern.compile("\\s*// README: ([a-z][a-z-]*)");
    private static final Set<String> BLOCK_STARTS = Set.of("```java", "```kotlin");
    private static final String BLOCK_END = "```";
    private static final String REGION_END = "// README end";

    @TestFactory
    Stream<DynamicTest> showsCodeThatIsCompiled() {
        Map<String, String> regions = regions();
        return guides().flatMap(guide -> {
            Map<String, String> blocks = blocks(lines(guide));
            return blocks.keySet().stream()
                    .map(name -> DynamicTest.dynamicTest(ROOT.relativize(guide) + " " + name, () -> {
                        assertThat(regions)
                                .as("no source has '// README: %s'", name)
                                .containsKey(name);
                        assertThat(blocks.get(name))
                                .as("the block '%s' of %s and the source's region", name, guide)
                                .isEqualTo(regions.get(name));
                    }));
        });
    }

    /** The README, and those of the modules that have guides. */
    private static Stream<Path> guides() {
        Stream<Path> ofModules = list(ROOT).stream()
                .filter(module -> Files.exists(module.resolve("pom.xml")))
                .flatMap(module -> Stream.concat(
                        Stream.of(module.resolve("README.md")).filter(Files::exists),
                        Stream.of(module.resolve("docs")).filter(Files::exists).flatMap(docs -> list(docs).stream())))
                .filter(guide -> guide.toString().endsWith(".md"));
        return Stream.concat(Stream.of(readme()), ofModules);
    }

    @Test
    void saysWhatBecomesOfEveryFailure() {
        assertThat(lines(ROOT.resolve("scientist-core/docs/failures.md")).stream()
                        .filter(line -> line.startsWith("| `"))
                        .map(line -> line.substring(3, line.indexOf('`', 3))))
                .contains(Arrays.stream(Operation.values()).map(Enum::name).toArray(String[]::new));
    }

    @TestFactory
    Stream<DynamicTest> linksToWhatIsThere() {
        return guides().map(guide ->
                DynamicTest.dynamicTest(ROOT.relativize(guide).toString(), () -> linksOfToWhatIsThere(guide)));
    }

    private static void linksOfToWhatIsThere(Path guide) {
        Matcher links = Pattern.compile("]\\(([^)#]*)(#[^)]+)?\\)").matcher(String.join("\n", lines(guide)));
        List<String> headings = lines(guide).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> "#"
                        + line.replaceFirst("#+ ", "")
                                .toLowerCase(Locale.ROOT)
                                .replaceAll("[^a-z0-9 -]", "")
                                .replace(' ', '-'))
                .toList();
        while (links.find()) {
            String target = links.group(1);
            if (target.isEmpty()) {
                assertThat(headings).as("headings of %s", guide).contains(links.group(2));
            } else if (!target.startsWith("https://")) {
                assertThat(guide.resolveSibling(target)).exists();
            }
        }
    }

    @Test
    void noticesABlockWithoutAName() {
        assertThatThrownBy(() -> blocks(List.of("text", "```java", "code();", "```")))
                .hasMessageContaining("line 2");
    }

    @Test
    void noticesABlockWithoutAnEnd() {
        assertThatThrownBy(() -> blocks(List.of("<!-- a -->", "```java", "code();")))
                .hasMessageContaining("'a'");
    }

    @Test
    void noticesANameThatIsUsedTwice() {
        List<String> twice = List.of("<!-- a -->", "```java", "```", "<!-- a -->", "```java", "```");
        assertThatThrownBy(() -> blocks(twice)).hasMessageContaining("'a'");
    }

    @Test
    void takesIndentationOffRegions() {
        Map<String, String> found = new TreeMap<>();
        addRegions(List.of("  // README: a", "  if (x) {", "    y();", "", "  }", "  // README end", "z();"), found);
        assertThat(found).containsExactly(Map.entry("a", "if (x) {\n  y();\n\n}"));
    }

    @Test
    void noticesARegionWithoutAnEnd() {
        assertThatThrownBy(() -> addRegions(List.of("// README: a", "x();", "// README: b"), new TreeMap<>()))
                .hasMessageContaining("'a'");
    }

    /** For examples of what the library prints. */
    static void assertAGuideHasLine(String line) {
        assertThat(guides().flatMap(guide -> lines(guide).stream()))
                .as("README.md and the guides")
                .contains(line);
    }

    private static Path root() {
        // Maven runs the tests in the module's directory, an IDE maybe in the project's
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("scientist-core")) ? here : here.getParent();
    }

    private static Path readme() {
        return ROOT.resolve("README.md");
    }

    private static Map<String, String> blocks(List<String> lines) {
        Map<String, String> blocks = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!BLOCK_STARTS.contains(lines.get(i))) {
                continue;
            }
            Matcher name = BLOCK_NAME.matcher(i == 0 ? "" : lines.get(i - 1));
            assertThat(name.matches())
                    .as("line %d: before a block of code must stand <!-- name -->", i + 1)
                    .isTrue();
            List<String> rest = lines.subList(i + 1, lines.size());
            int end = rest.indexOf(BLOCK_END);
            assertThat(end).as("the end of block '%s'", name.group(1)).isNotNegative();
            String before = blocks.put(name.group(1), String.join("\n", rest.subList(0, end)));
            assertThat(before).as("another block '%s'", name.group(1)).isNull();
            i += end + 1;
        }
        return blocks;
    }

    private static Map<String, String> regions() {
        Map<String, String> regions = new TreeMap<>();
        Stream.concat(list(ROOT).stream(), list(ROOT.resolve("benchmarks/examples")).stream())
                .map(module -> module.resolve("src"))
                .filter(Files::isDirectory)
                .flatMap(sources -> sources(sources).stream())
                .forEach(file -> addRegions(lines(file), regions));
        return regions;
    }

    private static void addRegions(List<String> lines, Map<String, String> regions) {
        for (int i = 0; i < lines.size(); i++) {
            Matcher start = REGION_NAME.matcher(lines.get(i));
            if (!start.matches()) {
                continue;
            }
            String name = start.group(1);
            StringBuilder code = new StringBuilder();
            for (i++; i < lines.size() && !lines.get(i).strip().equals(REGION_END); i++) {
                code.append(lines.get(i)).append('\n');
            }
            assertThat(i).as("the end of region '%s'", name).isLessThan(lines.size());
            String before = regions.put(name, code.toString().stripTrailing().stripIndent());
            assertThat(before).as("another region '%s'", name).isNull();
        }
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> sources(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(path -> path.toString().matches(".*\\.(java|kt)"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
