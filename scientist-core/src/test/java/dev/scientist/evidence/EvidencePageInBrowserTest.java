package dev.scientist.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.scientist.Rendering;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The pages in a real Chromium; the screenshots lie in {@code target/pages}. Skipped where there is none, but not where
 * {@code CI} is set.
 */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EvidencePageInBrowserTest {

    private static final String TOKEN = "0123456789abcdef";
    private static final String HOSTILE = "<img src=x onerror=alert(1)><script>document.title='broken'</script>";
    private static final int ROWS_ON_A_SCREEN = 20;

    @TempDir
    private static Path profile;

    private PageLab shop;
    private EvidenceServer server;
    private Browser browser;
    private final Path pictures = Path.of("target", "pages");

    @BeforeAll
    void open() throws Exception {
        Optional<Path> program = Browser.find();
        if (program.isEmpty()) {
            String message = "no Chromium on the PATH; Debian: apt-get install chromium";
            if (System.getenv("CI") != null) {
                fail(message);
            }
            assumeTrue(false, message);
        }
        shop = new PageLab();
        server = EvidenceServer.builder(shop.page).port(0).switching(TOKEN).start();
        browser = new Browser(program.orElseThrow(), profile);
        Files.createDirectories(pictures);
    }

    @AfterAll
    void close() throws Exception {
        if (browser != null) {
            browser.close();
            server.close();
            shop.close();
        }
    }

    private URI uri(String query) {
        return server.uri().resolve(query);
    }

    @ParameterizedTest
    @CsvSource({
        "overview, /", "pricing, /?experiment=pricing", "inventory, /?experiment=inventory-lookup",
        "several, /?experiment=stock", "broken, /?experiment=checkout-tax", "idle, /?experiment=warehouse",
        "filtered, /?filter=ready&verdict=not-ready", "switch, /?switch=pricing"
    })
    void everyPageIsFitForEveryScreenAndEverybody(String name, String query) throws Exception {
        for (int width : new int[] {1280, 768, 375}) {
            for (boolean dark : new boolean[] {false, true}) {
                browser.open(uri(query), width, 1000, dark);

                String which = name + "-" + width + (dark ? "-dark" : "-light");
                browser.screenshot(pictures.resolve(which + ".png"), true);
                assertThat(browser.evaluate("document.documentElement.scrollWidth")
                                .asInt())
                        .as(which + " is not wider than the window")
                        .isLessThanOrEqualTo(width);
                int ground = browser.evaluate(
                                "Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])")
                        .asInt();
                assertThat(ground).as(which).isBetween(dark ? 0 : 230, dark ? 40 : 254);
                assertThat(browser.violations()).as(which).isEmpty();
                assertThat(browser.complaints()).as(which).isEmpty();
            }
        }
    }

    @Test
    void twentyRowsAreOnOneScreen() throws Exception {
        browser.open(uri("/"), 1280, 1000, false);

        assertThat(browser.evaluate("document.querySelectorAll('tbody tr').length")
                        .asInt())
                .isEqualTo(ROWS_ON_A_SCREEN);
        assertThat(browser.evaluate("[...document.querySelectorAll('tbody tr')].pop().getBoundingClientRect().bottom")
                        .asInt())
                .isLessThanOrEqualTo(1000);
    }

    @Test
    void hostileTextStaysText() throws Exception {
        try (EvidenceLab lab = new EvidenceLab(Rendering.showingValues(), settings -> settings);
                EvidenceServer hostile = EvidenceServer.builder(
                                new EvidencePage(lab.scientist, lab.evidence, Tolerance.standard()))
                        .port(0)
                        .start()) {
            lab.scientist
                    .<String>experiment("name of " + "a-name-without-a-place-to-break-it-".repeat(3) + HOSTILE)
                    .clean(value -> value)
                    .build()
                    .run("input " + HOSTILE, in -> "old", in -> HOSTILE);

            for (String query : new String[] {"/", "/?filter=" + Overview.link(HOSTILE)}) {
                browser.open(hostile.uri().resolve(query), 375, 1000, false);

                assertThat(browser.evaluate("document.title").asText()).isEqualTo("Experiments");
                assertNothingHostile();
            }
            browser.click("tbody a[href*=\"name+of\"]");
            assertNothingHostile();
            assertThat(browser.evaluate("document.body.innerText").asText())
                    .contains("<script>document.title='broken'");
        }
    }

    private void assertNothingHostile() throws Exception {
        assertThat(browser.evaluate("document.querySelectorAll('img, script').length")
                        .asInt())
                .isZero();
        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(375);
    }

    /** What a person does who knows the README alone: find, look, switch off, and see that it is off. */
    @Test
    void anExperimentIsFoundAndSwitchedOff() throws Exception {
        browser.open(uri("/"), 375, 800, false);
        browser.evaluate("document.querySelector('#filter').value = 'mail'; 0");
        browser.click("form[role=search] button");
        browser.click("tbody a");
        assertThat(browser.evaluate("document.querySelector('h1').innerText").asText())
                .isEqualTo("mail-texts");
        browser.click("a.button");
        browser.evaluate("document.querySelector('#token').value = '" + TOKEN + "'; 0");
        browser.click("form button");

        assertThat(browser.evaluate("document.querySelector('h1').innerText").asText())
                .isEqualTo("mail-texts");
        assertThat(browser.evaluate("document.querySelector('.state').innerText")
                        .asText())
                .startsWith("off for");
        shop.lab.scientist.find("mail-texts").orElseThrow().switchOn();
    }
}
