package dev.scientist.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.Rendering;
import dev.scientist.gate.Gates;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class EvidencePageTest {

    private static final String HOSTILE = "</td><script>alert(1)</script>\" onload='x' &amp; \u001b[31m\u202e\r\n";

    private final EvidenceLab lab = new EvidenceLab(Rendering.showingValues(), settings -> settings);
    private final Tolerance tolerance = Tolerance.standard()
            .maxMismatchRate(0.05)
            .maxSlowDown(Double.POSITIVE_INFINITY)
            .fewestRuns(10)
            .shortestTime(Duration.ZERO);

    @AfterEach
    void close() {
        lab.close();
    }

    private String html() {
        return new EvidencePage(lab.scientist, lab.evidence, tolerance).html();
    }

    private void run(Experiment<Object> experiment, int times, Object control, Object candidate) {
        for (int i = 0; i < times; i++) {
            experiment.run(() -> lab.after(100, control), () -> lab.after(100, candidate));
        }
    }

    private static List<String> found(String html, String pattern) {
        List<String> found = new ArrayList<>();
        Matcher matcher = Pattern.compile(pattern).matcher(html);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    @Test
    void theWorstComesFirst() {
        run(lab.scientist.experiment("a-ready").build(), 2000, 1, 1);
        run(lab.scientist.experiment("b-inconclusive").build(), 5, 1, 1);
        lab.scientist.experiment("c-never-ran").build();
        Experiment<Object> bad = lab.scientist.experiment("d-bad").build();
        run(bad, 500, 1, 1);
        run(bad, 500, 1, 2);
        run(lab.scientist.experiment("e-worst").build(), 1000, 1, 2);

        String html = html();

        assertThat(found(html, "<h2>(.*?)</h2>"))
                .containsExactly("e-worst", "d-bad", "b-inconclusive", "c-never-ran", "a-ready");
        assertThat(found(html, "<span class=\"verdict [a-z-]+\">(.*?)</span>"))
                .containsExactly("NOT READY", "NOT READY", "INCONCLUSIVE", "NO RUNS YET", "READY");
        assertThat(html)
                .contains("<b>2</b>not ready")
                .contains("<b>1</b>inconclusive")
                .contains("<b>1</b>ready")
                .contains("<b>1</b>no runs yet");
    }

    @Test
    void theConclusionAndTheNumbersAreThoseOfTheEvidence() {
        Experiment<Object> price = lab.scientist.experiment("price").build();
        run(price, 990, 1, 1);
        run(price, 10, 1, 2);

        String html = html();

        CandidateEvidence candidate = lab.candidate("price");
        assertThat(html)
                .contains(candidate.conclusion(tolerance).reason().replace("'", "&#39;"))
                .contains("<dd>matched 990, mismatched 10</dd>")
                .contains("<dd>" + Words.percent(candidate.mismatchRate(0.05)) + "</dd>")
                .contains("<b>10</b> (whole value)")
                .contains("<span>control</span>returned 1</div>")
                .contains("<span>candidate</span>returned 2</div>")
                .contains("<dd>inline, random order</dd>")
                .contains(Conclusion.CAVEAT.replace("'", "&#39;"));
    }

    @Test
    void whatAnExperimentIsSetToAndWhatBecameOfItsRunsIsShown() {
        Experiment<Object> price = lab.scientist
                .experiment("price")
                .gate(Gates.circuitBreaker().build())
                .execution(Execution.background().timeLimit(Duration.ofSeconds(2)))
                .snapshot(value -> {
                    throw new IllegalStateException();
                })
                .ignore("known <difference>", (control, candidate) -> true)
                .build();
        run(price, 3, 1, 2);
        price.switchOff();

        assertThat(html())
                .contains("<dd>background, time limit 2 s</dd>")
                .contains("<dd>off</dd>")
                .contains("<dt>gate</dt><dd>circuit breaker CLOSED</dd>")
                .contains("<dt>dropped runs</dt><dd>snapshot failed 3</dd>")
                .contains("<dt>failures of user-supplied parts</dt><dd>snapshot 3</dd>");
    }

    @Test
    void noiseIsShownBesideTheMismatches() {
        Experiment<Object> price =
                lab.scientist.experiment("price").baseline(Gates.percent(100)).build();
        for (int i = 0; i < 100; i++) {
            price.run(Object::new, Object::new);
        }

        assertThat(html())
                .contains("<rect class=\"noise\"")
                .contains("<dt>noise: control against itself</dt>")
                .contains("noise: the control differs from itself there");
    }

    @Test
    void nothingThatUsersSupplyBecomesMarkup() throws Exception {
        Experiment<Object> price = lab.scientist
                .experiment("<i>'price'</i> & \"co\"")
                .clean(value -> value)
                .ignore("<b>reason</b>", (control, candidate) -> candidate.equals("ignored"))
                .build();
        price.run("in" + HOSTILE, in -> "old" + HOSTILE, in -> "new" + HOSTILE);
        price.run("in", in -> "old", in -> "ignored");
        price.<RuntimeException>control(() -> "old")
                .candidate("<u>candidate</u>", () -> {
                    throw new IllegalStateException("<p>" + HOSTILE);
                })
                .run();

        String html = html();

        assertThat(html)
                .contains("&lt;script&gt;")
                .contains("&lt;b&gt;reason&lt;/b&gt;")
                .contains("candidate &lt;u&gt;candidate&lt;/u&gt;")
                .doesNotContain("<script", "<i>", "<u>", "onload='", "\u001b", "\u202e", "\r");
        // had anything broken out of its place, elements would not be nested any more
        assertThat(parsed(html).getElementsByTagName("script").getLength()).isZero();
    }

    /** HTML in general is no XML; what we write is, but for the head, which has no text of users. */
    private static Document parsed(String html) throws Exception {
        String body = html.substring(html.indexOf("<body>"), html.indexOf("</html>"))
                .replaceAll("<input([^>]*)>", "<input/>")
                .replace("<details open>", "<details>");
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new java.io.StringReader(body)));
    }

    @Test
    void thePolicyAllowsThePagesOwnStyleAndNothingElse() throws Exception {
        EvidencePage page = new EvidencePage(lab.scientist, lab.evidence, tolerance);
        String html = page.html();
        String style = html.substring(html.indexOf("<style>") + 7, html.indexOf("</style>"));
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));

        assertThat(page.headers())
                .containsEntry(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'sha256-"
                                + Base64.getEncoder().encodeToString(hash)
                                + "'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'")
                .containsEntry("X-Content-Type-Options", "nosniff")
                .containsEntry("Cache-Control", "no-store");
        assertThat(html).doesNotContain("style=", "<script", "href=", "src=", "<form");
    }

    @Test
    void anEmptyPageSaysSo() {
        assertThat(html()).contains("No experiment is defined yet.");
    }

    @Test
    void programsGetTheReportAsJson() {
        run(lab.scientist.experiment("price").build(), 3, 1, 1);

        assertThat(new EvidencePage(lab.scientist, lab.evidence, tolerance).json())
                .isEqualTo(new EvidenceReport(lab.evidence.evidence(), tolerance).json());
    }

    @Test
    void everyExecutionIsDescribed() {
        lab.scientist.experiment("a").execution(Execution.controlFirst()).build();
        lab.scientist
                .experiment("c")
                .execution(Execution.concurrent(Duration.ofMillis(20)))
                .build();

        assertThat(html()).contains("<dd>inline, control first</dd>").contains("<dd>concurrent, time limit 20 ms</dd>");
    }

    @Test
    void whatCouldNotBeComparedIsSaid() {
        Experiment<Object> failing = lab.scientist
                .experiment("failing")
                .comparator((control, candidate) -> {
                    throw new IllegalStateException();
                })
                .build();
        run(failing, 2, 1, 1);

        assertThat(html())
                .contains("<dt>not compared</dt>")
                .contains("2 runs (100%) whose comparator failed")
                .doesNotContain("class=\"axis\"");
    }

    @Test
    void everyOneOfSeveralCandidatesHasItsVerdict() {
        Experiment<Object> several = lab.scientist.experiment("several").build();
        for (int i = 0; i < 2000; i++) {
            several.<RuntimeException>control(() -> lab.after(10, 1))
                    .candidate("good", () -> lab.after(10, 1))
                    .candidate("bad", () -> lab.after(10, 2))
                    .run();
        }

        assertThat(found(html(), "<h3>candidate (.*?)</h3>")).containsExactlyInAnyOrder("bad", "good");
        assertThat(found(html(), "<span class=\"verdict [a-z-]+\">(.*?)</span>"))
                .contains("NOT READY", "READY");
    }

    @Test
    void evidenceOfAnExperimentOfAnotherScientistIsShownWithoutItsState() {
        run(lab.scientist.experiment("price").build(), 20, 1, 2);
        try (EvidenceLab other = new EvidenceLab()) {
            String html = new EvidencePage(other.scientist, lab.evidence, tolerance).html(true, null);

            assertThat(html).contains("<h2>price</h2>").doesNotContain("<dt>execution</dt>", "<form");
        }
        assertThat(new EvidencePage(lab.scientist, lab.evidence, tolerance).html(true, null))
                .contains("<dt>execution</dt>", "<form");
    }

    @Test
    void onlyTheFirstGroupsOfAnUnfoldedExperimentAreOpen() {
        Experiment<Object> price = lab.scientist
                .experiment("price")
                .comparator((control, candidate) ->
                        List.of(dev.scientist.Difference.of("place" + candidate, control, candidate)))
                .build();
        for (int i = 0; i < 20; i++) {
            run(price, 1, -1, i);
        }

        assertThat(found(html(), "(<details open>)")).isNotEmpty().hasSizeLessThan(20);
        assertThat(found(html(), "(<details>)")).isNotEmpty();
    }

    @Test
    void aSingleCandidateIsNamedWhereItsNameSaysSomething() {
        Experiment<Object> price = lab.scientist.experiment("price").build();
        price.<RuntimeException>control(() -> 1).candidate("rewrite", () -> 1).run();
        run(lab.scientist.experiment("tax").build(), 1, 1, 1);

        assertThat(found(html(), "<h3>candidate (.*?)</h3>")).containsExactly("rewrite");
        assertThat(found(html(), "<span class=\"verdict [a-z-]+\">(.*?)</span>"))
                .as("one for each experiment")
                .containsExactly("INCONCLUSIVE", "INCONCLUSIVE");
    }

    @Test
    void noiseThatCouldNotBeComparedIsOnNoScale() {
        Experiment<Object> price = lab.scientist
                .experiment("price")
                .comparator((control, candidate) -> {
                    if (control.equals(candidate)) {
                        throw new IllegalStateException("the control against itself");
                    }
                    return List.of(dev.scientist.Difference.of("", control, candidate));
                })
                .baseline(Gates.percent(100))
                .build();
        run(price, 3, "old", "new");

        assertThat(lab.of("price").baseline().compared()).isZero();
        assertThat(html())
                .contains("<rect class=\"range\"", "<dt>noise: control against itself</dt>")
                .doesNotContain("<rect class=\"noise\"");
    }

    @Test
    void ofTheExperimentsTooOnlyTheFirstAreUnfolded() {
        for (int i = 0; i < 5; i++) {
            run(lab.scientist.experiment("experiment " + i).build(), 1, 1, 2);
        }

        assertThat(found(html(), "(<details open>)")).hasSize(3);
        assertThat(found(html(), "(<details>)")).hasSize(2);
    }

    @Test
    void whereTheExamplesDifferIsNotSaidTwice() {
        try (EvidenceLab cautious = new EvidenceLab()) {
            cautious.scientist
                    .<Integer>experiment("price")
                    .comparator((control, candidate) ->
                            List.of(dev.scientist.Difference.of("lines[" + candidate + "].total", control, candidate)))
                    .build()
                    .run(() -> 1, () -> 2);
            cautious.scientist
                    .<Integer>experiment("tax")
                    .comparator(
                            (control, candidate) -> List.of(dev.scientist.Difference.of("rate", control, candidate)))
                    .build()
                    .run(() -> 1, () -> 2);
            String html = new EvidencePage(cautious.scientist, cautious.evidence, tolerance).html();

            assertThat(html).contains("<b>1</b> lines[*].total", "<b>1</b> rate");
            assertThat(found(html, "<p class=\"soft small\">((?:lines|rate).*?)</p>"))
                    .containsExactly("lines[2].total");
        }
    }
}
