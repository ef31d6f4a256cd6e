package dev.scientist.evidence;

import static dev.scientist.evidence.Template.model;

import dev.scientist.Experiment;
import dev.scientist.Scientist;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The evidence as pages for people: an overview with a row for each experiment, what needs a person first, and a page for
 * each of them. They need no script, load nothing, and all text on them is escaped. To be handed out by any framework,
 * with {@link #headers()}, to people who may see what {@link EvidencePublisher} keeps; {@link EvidenceServer} does that
 * by itself.
 *
 * <p>All pages are at one address and differ in the query alone, such as {@code ?experiment=pricing}: see {@link
 * #html(Map)}. Verdicts of the overview are up to 10 seconds old; the page of an experiment shows what is known at that
 * moment.
 *
 * <p>Thread-safe.
 */
public final class EvidencePage {

    private static final Duration OVERVIEW_AGE = Duration.ofSeconds(10);
    private static final int SHORTEST_REFRESH_SECONDS = 5;
    private static final int MAX_NOT_COUNTED = 20;
    private static final int LONGEST_REFRESH_SECONDS = 3600;

    private static final String POLICY = "default-src 'none'; style-src 'sha256-"
            + sha256(Template.resource("page.css")) + "'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

    private static final Template SWITCH = Template.of("switch.html");

    private final Scientist scientist;
    private final EvidencePublisher evidence;
    private final Tolerance tolerance;
    private volatile @Nullable Overview overview;

    /**
     * Pages about the experiments of a scientist.
     *
     * @param scientist whose experiments can be switched
     * @param evidence what they have shown; one of the scientist's publishers
     * @param tolerance what the team can live with
     */
    public EvidencePage(Scientist scientist, EvidencePublisher evidence, Tolerance tolerance) {
        this.scientist = Objects.requireNonNull(scientist, "scientist");
        this.evidence = Objects.requireNonNull(evidence, "evidence");
        this.tolerance = Objects.requireNonNull(tolerance, "tolerance");
    }

    /**
     * The overview.
     *
     * @return an HTML document, to be sent as UTF-8
     */
    public String html() {
        return html(Map.of());
    }

    /**
     * The page that a query asks for: {@code experiment} the page of one; else the overview, of which {@code filter}
     * shows those that have a text, {@code verdict} those with one, and {@code page} the next hundred. {@code refresh}
     * has it loaded anew every so many seconds.
     *
     * @param query the parameters of the address, decoded; others are passed over
     * @return an HTML document, to be sent as UTF-8; the overview where there is no such experiment
     */
    public String html(Map<String, String> query) {
        return html(query, false);
    }

    String html(Map<String, String> query, boolean switching) {
        Optional<Experiment<?>> toSwitch =
                switching ? scientist.find(query.getOrDefault("switch", "")) : Optional.empty();
        if (toSwitch.isPresent()) {
            return switchPage(toSwitch.get());
        }
        String name = query.getOrDefault("experiment", "");
        ExperimentEvidence experiment = evidence.evidence(name).orElse(null);
        String self = experiment == null ? "?" + query(query) : "?experiment=" + Overview.link(name);
        Map<String, @Nullable Object> common = model(
                "self",
                self,
                "query",
                self.length() > 1,
                "notCounted",
                notCounted(),
                "refresh",
                query.containsKey("refresh")
                        ? String.valueOf(
                                Words.whole(query.get("refresh"), SHORTEST_REFRESH_SECONDS, LONGEST_REFRESH_SECONDS))
                        : null);
        return experiment == null
                ? overview().html(query, common)
                : new ExperimentView(experiment, tolerance, experiment.at())
                        .html(switching && scientist.find(name).isPresent(), common);
    }

    /** Experiments that are run and not counted, lest one wait for them in vain. */
    private String notCounted() {
        List<String> names = scientist.experiments().stream()
                .map(Experiment::name)
                .filter(name -> !evidence.knows(name))
                .sorted()
                .toList();
        return String.join(", ", names.subList(0, Math.min(MAX_NOT_COUNTED, names.size())))
                + (names.size() > MAX_NOT_COUNTED ? ", and more" : "");
    }

    private static String query(Map<String, String> query) {
        StringBuilder text = new StringBuilder();
        for (String key : new String[] {"filter", "verdict", "page"}) {
            String value = query.getOrDefault(key, "");
            if (!value.isEmpty()) {
                text.append(text.isEmpty() ? "" : "&").append(key).append('=').append(Overview.link(value));
            }
        }
        return text.toString();
    }

    private Overview overview() {
        Overview known = overview;
        Instant now = evidence.now();
        if (known == null || Duration.between(known.at(), now).compareTo(OVERVIEW_AGE) >= 0) {
            known = new Overview(evidence.evidence(), tolerance, now);
            overview = known;
        }
        return known;
    }

    /** Judges all experiments anew, so that whoever looks next need not wait for that. */
    void renewOverview() {
        overview = new Overview(evidence.evidence(), tolerance, evidence.now());
    }

    private static String switchPage(Experiment<?> experiment) {
        boolean isOn = experiment.isOn();
        return SWITCH.render(model(
                "title",
                experiment.name(),
                "name",
                experiment.name(),
                "link",
                Overview.link(experiment.name()),
                "refresh",
                null,
                "on",
                !isOn,
                "turn",
                isOn ? "Switch off" : "Switch on",
                "what",
                isOn
                        ? "From then on each run is a plain call of the control, in this process, until it is switched on"
                                + " again or the process ends."
                        : "From then on its gate decides which runs have a candidate."));
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
     * Headers that the pages should be sent with. They forbid the browser to load or run anything, to keep the page, and
     * to show it in a frame.
     *
     * @return values by name
     */
    public Map<String, String> headers() {
        return Map.of(
                "Content-Security-Policy",
                POLICY,
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

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
