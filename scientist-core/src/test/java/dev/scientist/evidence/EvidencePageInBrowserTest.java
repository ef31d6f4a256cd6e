package dev.scientist.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.scientist.Experiment;
import dev.scientist.Rendering;
import dev.scientist.gate.Gates;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real Chromium. Skipped where there is none, but not where {@code CI} is set. */
@Timeout(180)
class EvidencePageInBrowserTest {

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    private static final String HOSTILE = "<img src=x onerror=alert(1)><script>document.title='broken'</script>";
    private static final int PHONE = 390;

    @TempDir
    private Path folder;

    private String chromium = "";
    private final EvidenceLab lab = new EvidenceLab(Rendering.showingValues(), settings -> settings);
    private final EvidencePage page = new EvidencePage(lab.scientist, lab.evidence, Tolerance.standard());

    @BeforeEach
    void fill() {
        Optional<String> found = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(path -> NAMES.stream().map(name -> path + File.separator + name))
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst();
        if (found.isEmpty()) {
            String message = "no Chromium on the PATH; Debian: apt-get install chromium";
            if (System.getenv("CI") != null) {
                fail(message);
            }
            assumeTrue(false, message);
        }
        chromium = found.orElseThrow();

        Experiment<String> price = lab.scientist
                .<String>experiment("price of " + "a-name-without-a-place-to-break-it-".repeat(4))
                .clean(value -> value)
                .baseline(Gates.percent(100))
                .build();
        for (int i = 0; i < 600; i++) {
            int run = i;
            price.run("input " + HOSTILE, in -> lab.after(1000, "old"), in -> {
                return lab.after(1500, run % 20 == 0 ? HOSTILE : "old");
            });
        }
        lab.scientist.experiment("idle").build();
    }

    @AfterEach
    void close() {
        lab.close();
    }

    /** What Chromium printed; its screenshot, where one was asked for, lies in the folder. */
    private String open(EvidenceServer server, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                chromium,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--no-first-run",
                "--enable-logging=stderr",
                "--user-data-dir=" + folder.resolve("profile")));
        command.addAll(List.of(options));
        command.add(server.uri().toString());
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            fail("Chromium did not end: " + Files.readString(output));
        }
        String printed = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(printed).isZero();
        return printed;
    }

    private BufferedImage screenshot(EvidenceServer server, int width, int height, String... options)
            throws IOException, InterruptedException {
        Path image = folder.resolve("page.png");
        List<String> all = new ArrayList<>(List.of(options));
        all.add("--screenshot=" + image);
        all.add("--window-size=" + width + "," + height);
        String printed = open(server, all.toArray(String[]::new));
        assertThat(printed).doesNotContain("CONSOLE");
        return ImageIO.read(image.toFile());
    }

    private static int brightness(BufferedImage image, int x, int y) {
        int rgb = image.getRGB(x, y);
        return ((rgb >> 16 & 0xff) + (rgb >> 8 & 0xff) + (rgb & 0xff)) / 3;
    }

    @Test
    void theBrowserShowsItAndHasNothingToComplainOf() throws Exception {
        try (EvidenceServer server = EvidenceServer.builder(page).port(0).start()) {
            String dom = open(server, "--dump-dom");

            assertThat(dom)
                    .doesNotContain("CONSOLE", "<script", "<img", "broken</title>")
                    .contains("<title>Experiments</title>")
                    .contains("NOT READY")
                    .contains("&lt;img src=x onerror=alert(1)&gt;");
        }
    }

    @Test
    void itIsLightByDayAndDarkWhereThatIsPreferred() throws Exception {
        try (EvidenceServer server = EvidenceServer.builder(page).port(0).start()) {
            // the page's own style is in force, or the ground would be white in both
            assertThat(brightness(screenshot(server, 1200, 900, "--blink-settings=preferredColorScheme=1"), 3, 3))
                    .isBetween(230, 254);
            assertThat(brightness(screenshot(server, 1200, 900, "--blink-settings=preferredColorScheme=0"), 3, 3))
                    .isLessThan(40);
        }
    }

    @Test
    void onAPhoneNothingRunsOutOfTheScreen() throws Exception {
        try (EvidenceServer server = EvidenceServer.builder(page).port(0).start()) {
            // were the page wider than the window, its ground would not end at the card's right margin
            BufferedImage image = screenshot(server, PHONE, 2000, "--blink-settings=preferredColorScheme=1");
            assertThat(image.getWidth()).isEqualTo(PHONE);
            int ground = image.getRGB(2, 2);
            for (int y = 0; y < image.getHeight(); y++) {
                assertThat(image.getRGB(PHONE - 3, y))
                        .as("right margin at %d", y)
                        .isEqualTo(ground);
            }
        }
    }
}
