package dev.scientist.evidence;

import dev.scientist.Scientist;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The evidence as a page for people: the worst experiment first, with its conclusion, counts, interval, times and
 * mismatches. It needs no script, loads nothing, and all text on it is escaped. To be handed out by any framework, with
 * {@link #headers()}, to people who may see what {@link EvidencePublisher} keeps; {@link EvidenceServer} does that by
 * itself.
 *
 * <p>Thread-safe. Each call shows what is known at that moment.
 */
public final class EvidencePage {

    private static final String STYLE = style();

    private static final String POLICY = "default-src 'none'; style-src 'sha256-" + sha256(STYLE)
            + "'; base-uri 'none'; frame-ancestors 'none'; form-action ";

    private final Scientist scientist;
    private final EvidencePublisher evidence;
    private final Tolerance tolerance;

    /**
     * A page about the experiments of a scientist.
     *
     * @param scientist whose experiments' settings are shown
     * @param evidence what they have shown; one of the scientist's publishers
     * @param tolerance what the team can live with
     */
    public EvidencePage(Scientist scientist, EvidencePublisher evidence, Tolerance tolerance) {
        this.scientist = Objects.requireNonNull(scientist, "scientist");
        this.evidence = Objects.requireNonNull(evidence, "evidence");
        this.tolerance = Objects.requireNonNull(tolerance, "tolerance");
    }

    /**
     * The page.
     *
     * @return an HTML document, to be sent as UTF-8
     */
    public String html() {
        return html(false, null);
    }

    String html(boolean switching, @Nullable Integer refreshSeconds) {
        return new HtmlReport(scientist, tolerance, switching)
                .of(evidence.evidence(), Instant.now(), STYLE, refreshSeconds);
    }

    /**
     * The same for programs.
     *
     * @return JSON, as of {@link EvidenceReport#json()}
     */
    public String json() {
        return new EvidenceReport(evidence.evidence(), tolerance).json();
    }

    /**
     * Headers that the page should be sent with. They forbid the browser to load or run anything, to keep the page, and
     * to show it in a frame.
     *
     * @return values by name
     */
    public Map<String, String> headers() {
        return headers(false);
    }

    static Map<String, String> headers(boolean switching) {
        return Map.of(
                "Content-Security-Policy",
                POLICY + (switching ? "'self'" : "'none'"),
                "X-Content-Type-Options",
                "nosniff",
                "Referrer-Policy",
                "no-referrer",
                "Cache-Control",
                "no-store");
    }

    Scientist scientist() {
        return scientist;
    }

    private static String style() {
        try (InputStream in = EvidencePage.class.getResourceAsStream("page.css")) {
            return new String(Objects.requireNonNull(in, "page.css").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
