package dev.scientist.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scientist.Difference;
import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.Rendering;
import dev.scientist.Scientist;
import dev.scientist.gate.Gates;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

    private final EvidencePage page = new EvidencePage(lab.scientist, lab.evidence, tolerance);

    private String html() {
        return page.html();
    }

    private String html(String experiment) {
        return page.html(Map.of("experiment", experiment));
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
    void whatNeedsAPersonComesFirst() {
        run(lab.scientist.experiment("a-inconclusive").build(), 5, 1, 1);
        run(lab.scientist.experiment("b-ready").build(), 2000, 1, 1);
        lab.scientist.experiment("c-never-ran").build();
        Experiment<Object> bad = lab.scientist.experiment("d-bad").build();
        run(bad, 500, 1, 1);
        run(bad, 500, 1, 2);
        run(lab.scientist.experiment("e-worst").build(), 1000, 1, 2);
        Experiment<Object> shut = lab.scientist
                .experiment("f-shut")
                .gate(Gates.circuitBreaker().failuresInARow(3).build())
                .build();
        for (int i = 0; i < 3; i++) {
            shut.run(() -> 1, () -> {
                throw new IllegalStateException();
            });
        }
        Experiment<Object> late = lab.scientist.experiment("g-broke-lately").build();
        run(late, 11_000, 1, 1);
        lab.millis.addAndGet(Duration.ofHours(2).toMillis());
        run(late, 100, 1, 2);

        String html = html();

        assertThat(found(html, "<a href=\"[?]experiment=[^\"]*\">(.*?)</a>"))
                .containsExactly(
                        "f-shut", "e-worst", "d-bad", "g-broke-lately", "b-ready", "a-inconclusive", "c-never-ran");
        assertThat(found(html, "<span class=\"verdict [a-z-]+\">(.*?)</span>"))
                .containsExactly(
                        "NOT READY", "NOT READY", "NOT READY", "INCONCLUSIVE", "READY", "INCONCLUSIVE", "NO RUNS YET");
        assertThat(html)
                .contains("<b>3</b> not ready", "<b>2</b> inconclusive", "<b>1</b> ready", "<b>1</b> no runs yet")
                .contains("title=\"3 failures in a row\">breaker open for 2 h: no candidate runs</span>")
                .contains(
                        "No mismatch in 2,000 runs over 0 s; not seen: any run in the last half hour; whether it is as fast, since any slow-down is tolerated</span>");
    }

    /** After half an hour without runs nothing was wrong of late, and 3 mismatches in 5,003 runs were within what is allowed. */
    @Test
    void whatABreakerStoppedIsNotReady(@TempDir Path folder) throws IOException {
        Experiment<Object> tax = lab.scientist
                .experiment("tax")
                .gate(Gates.circuitBreaker().failuresInARow(3).build())
                .build();
        run(tax, 5_000, 1, 1);
        assertThat(html("tax")).contains("<span class=\"verdict ready\">READY</span>");
        for (int i = 0; i < 3; i++) {
            tax.run(() -> 1, () -> {
                throw new IllegalStateException();
            });
        }
        lab.millis.addAndGet(Duration.ofHours(2).toMillis());

        assertThat(html())
                .contains("<b>1</b> inconclusive", "<b>0</b> ready")
                .contains(
                        "The candidate was stopped: circuit breaker OPEN (3 failures in a row), first 2 h ago</span>");
        assertThat(html("tax"))
                .contains("<li>Correct? <b class=\"ready\">yes</b></li>")
                .contains("<li>Good lately? <b class=\"inconclusive\">no</b></li>")
                .contains("<b>Next:</b> find what changed when it broke.");
        assertThat(lab.candidate("tax").conclusion(tolerance).verdict()).isEqualTo(Conclusion.Verdict.INCONCLUSIVE);

        Path json = Files.writeString(folder.resolve("evidence.json"), page.json());
        CandidateEvidence inFleet = FleetEvidence.read(List.of(json.toString()), Duration.ofSeconds(1))
                .experiments()
                .get(0)
                .candidates()
                .get(0);
        assertThat(inFleet.conclusion(tolerance).reason())
                .startsWith("The candidate was stopped: circuit breaker OPEN (3 failures in a row)");
        tax.switchOff(); // does not make it better
        assertThat(html("tax")).doesNotContain("READY</span>");
    }

    @Test
    void howLongReadyWouldTakeIsSaidByTheRateSoFar() {
        Experiment<Object> price = lab.scientist.experiment("price").build();
        run(price, 1, 1, 1);
        lab.millis.addAndGet(Duration.ofHours(2).toMillis());
        run(price, 4, 1, 1);

        assertThat(html("price"))
                .containsPattern("READY would take [\\d,]+ more clean runs[.] At the rate so far that is \\d+ d[.]");
    }

    @Test
    void rowsHaveTheNumbersTheReasonAndWhatHappenedOfLate() {
        Experiment<Object> price =
                lab.scientist.experiment("price").evidenceVersion("7").build();
        run(price, 990, 1, 1);
        run(price, 10, 1, 2);
        lab.millis.addAndGet(90_000);

        assertThat(html())
                .contains("<td class=\"number\" data-label=\"mismatches\">1%</td>")
                .contains("<td class=\"number\" data-label=\"runs\">1,000</td>")
                .contains("aria-label=\"last hour: 10 mismatches in 1,000 runs\"")
                .contains("aria-label=\"last day: 10 mismatches in 1,000 runs\"")
                .contains("<td data-label=\"last run\">1 min ago</td>")
                .contains("<span class=\"state on\">on</span>")
                .contains("version 7");
        price.switchOff();
        lab.millis.addAndGet(Duration.ofHours(3).toMillis());
        assertThat(html()).contains("<span class=\"state off\">off for 3 h</span>");
    }

    @Test
    void verdictsOfTheOverviewAreAtMostTenSecondsOldAndThoseOfAnExperimentNew() {
        Experiment<Object> price = lab.scientist.experiment("price").build();
        run(price, 5, 1, 1);
        assertThat(html()).contains("data-label=\"runs\">5<");
        run(price, 5, 1, 1);
        lab.millis.addAndGet(9_999);
        assertThat(html()).contains("data-label=\"runs\">5<");
        assertThat(html("price")).contains("<dt>runs</dt><dd>10</dd>");
        lab.millis.addAndGet(1);
        assertThat(html()).contains("data-label=\"runs\">10<");
    }

    @Test
    void theOverviewIsFilteredByTextAndVerdict() {
        run(lab.scientist.experiment("price a").build(), 1000, 1, 1);
        run(lab.scientist.experiment("price b").build(), 1000, 1, 2);
        run(lab.scientist.experiment("tax").build(), 1000, 1, 2);

        assertThat(names(Map.of("filter", "PRICE"))).containsExactly("price b", "price a");
        assertThat(names(Map.of("verdict", "not-ready"))).containsExactly("price b", "tax");
        assertThat(names(Map.of("verdict", "not-ready", "filter", "tax"))).containsExactly("tax");
        assertThat(page.html(Map.of("filter", "<nothing>")))
                .contains("No experiment is like that.", "value=\"&lt;nothing&gt;\"");
        assertThat(page.html(Map.of("verdict", "READY\" x=\"", "page", "no number", "other", "y")))
                .doesNotContain("x=\"\"", "x=\" ");
    }

    private List<String> names(Map<String, String> query) {
        return found(page.html(query), "<a href=\"[?]experiment=[^\"]*\">(.*?)</a>");
    }

    @Test
    void aPageHasOneHundredRows() {
        for (int i = 1000; i < 1250; i++) {
            lab.scientist.experiment("experiment " + i).build();
        }
        assertThat(names(Map.of())).hasSize(100).startsWith("experiment 1000");
        assertThat(page.html(Map.of("page", "2", "filter", "experiment 1")))
                .contains("101 to 200 of 250")
                .contains("href=\"?page=1&amp;filter=experiment+1\" rel=\"prev\"")
                .contains("href=\"?page=3&amp;filter=experiment+1\" rel=\"next\"");
        assertThat(names(Map.of("page", "3"))).hasSize(50).endsWith("experiment 1249");
        assertThat(names(Map.of("page", "99"))).hasSize(50);
        assertThat(names(Map.of("page", "0"))).hasSize(100);
    }

    @Test
    void itReloadsByItselfOnlyOnRequest() {
        assertThat(html()).doesNotContain("http-equiv").contains("href=\"?refresh=30\"");
        assertThat(page.html(Map.of("filter", "a&b", "refresh", "60")))
                .contains("<meta http-equiv=\"refresh\" content=\"60\">")
                .contains("<a href=\"?filter=a%26b\">Stop</a>");
        assertThat(page.html(Map.of("filter", "a"))).contains("href=\"?filter=a&amp;refresh=30\"");
    }

    @Test
    void whereTheEvidenceIsNoPublisherOfTheScientistItSaysSo() {
        try (Scientist other = Scientist.builder().publisher(result -> {}).build()) {
            EvidencePublisher forgotten = new EvidencePublisher();
            EvidencePage page = new EvidencePage(other, forgotten, tolerance);
            assertThat(page.html()).contains("No experiment is defined yet.");

            other.<Integer>experiment("price").build().run(() -> 1, () -> 2);
            other.<Integer>experiment("counted").publisher(forgotten).build();
            assertThat(page.html())
                    .contains("Not counted here: price. ")
                    .contains("hand it to Scientist.builder().publisher(..)")
                    .doesNotContain("No experiment is defined yet.");
        }
        lab.scientist.experiment("price").build();
        assertThat(html()).doesNotContain("Not counted here");
    }

    @Test
    void theConclusionAndTheNumbersAreThoseOfTheEvidence() {
        Experiment<Object> price = lab.scientist.experiment("price").build();
        run(price, 990, 1, 1);
        run(price, 10, 1, 2);

        String html = html("price");

        CandidateEvidence candidate = lab.candidate("price");
        assertThat(html)
                .contains("<p class=\"sentence\">10 mismatches in 1,000 runs over 0 s.</p>")
                .contains(
                        "<b>Next:</b> decide whether what was not seen matters, then cut over, best in the stages of a")
                .contains("<p class=\"soft small\">"
                        + candidate.conclusion(tolerance).reason().replaceFirst(" Not seen.*", ""))
                .contains("<b>Not seen:</b> whether it is as fast, since any slow-down is tolerated")
                .contains("<dd>matched 990, mismatched 10</dd>")
                .contains("<dt>mismatch rate</dt><dd>1%</dd>")
                .contains("<b>10</b> (whole value)")
                .contains("<span>control</span>returned <mark>1</mark></div>")
                .contains("<span>candidate</span>returned <mark>2</mark></div>")
                .contains("<dd>inline, random order</dd>")
                .contains("<li>Correct? <b class=\"ready\">yes</b></li>")
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
                .trait("country", value -> value)
                .build();
        run(price, 3, 1, 2);
        price.switchOff();

        assertThat(html("price"))
                .contains("<dd>background, time limit 2 s</dd>")
                .contains("<span class=\"state off\">off for 0 s</span>")
                .contains("<dt>gate</dt><dd>circuit breaker CLOSED</dd>")
                .contains("<dt>traits</dt><dd>country</dd>")
                .contains("<dt>dropped runs</dt><dd>snapshot failed 3</dd>")
                .contains("<dt>failures of user-supplied parts</dt><dd>snapshot 3</dd>")
                .contains("<th scope=\"row\">2024-03-01 12:00 UTC</th><td>switched off</td>");
    }

    @Test
    void placesAreATreeBesideTheControlsOwnRate() {
        Experiment<Object> price = lab.scientist
                .experiment("price")
                .comparator((control, candidate) -> List.of(
                        Difference.of("lines[3].price.net", control, candidate),
                        Difference.of("lines[4].price.tax", control, candidate),
                        Difference.of("id", control, candidate)))
                .baseline(Gates.percent(100))
                .build();
        run(price, 60, 1, 2);

        String tree =
                html("price").replaceFirst("(?s).*<table class=\"places\">", "").replaceFirst("(?s)</table>.*", "");
        assertThat(found(tree, "<th scope=\"row\" class=\"(depth\\d\">.*?)</th>"))
                .containsExactly("depth0\">id", "depth0\">lines[*].price", "depth1\">.net", "depth1\">.tax");
        assertThat(tree)
                .contains("<td class=\"number\">60</td><td class=\"number\">100%</td><td class=\"number\">100%</td>");
        assertThat(html("price"))
                .contains("noise: the control differs from itself there")
                .doesNotContain("mend the candidate") // which does what the control does
                .contains("<dt>control against itself</dt><dd>100%");
    }

    @Test
    void timesAreAPlotAndATable() {
        Experiment<Object> price = lab.scientist.experiment("price").build();
        lab.warm();
        for (int i = 0; i < 2_000; i++) {
            price.run(() -> lab.after(1_000, 1), () -> lab.after(2_000, 1));
            lab.warm();
        }
        String html =
                new EvidencePage(lab.scientist, lab.evidence, Tolerance.standard()).html(Map.of("experiment", "price"));

        assertThat(html)
                .contains("aria-label=\"times on a logarithmic axis: control median 1 µs, 95% 1 µs, 99% 1 µs; candidate"
                        + " median 2")
                .contains("<path class=\"control area\" d=\"M12 150L")
                .contains("<th scope=\"row\">median</th><td class=\"number\">1 µs</td><td class=\"number\">2")
                .contains("<td class=\"number\">1.2</td>");
    }

    private String cells(String experiment, EvidencePage of, String quantile) {
        List<String> rows = found(
                of.html(Map.of("experiment", experiment)), "<tr>(<th scope=\"row\">" + quantile + "</th>.*?)</tr>");
        assertThat(rows).hasSize(1);
        return rows.get(0).replaceFirst("<th.*?</th>", "").replaceAll("<td class=\"number\">(.*?)</td>", "$1;");
    }

    /** What runs second finds the caches warm, so a fixed order is not fair. */
    @Test
    void timesThatAreNotJudgedAreShownAllTheSame() {
        Experiment<Object> price = lab.scientist
                .experiment("price")
                .execution(Execution.controlFirst())
                .build();
        run(price, 1, 1, 1);
        lab.warm();
        run(price, 100, 1, 1);

        for (String row : List.of("median", "99%", "mean")) {
            assertThat(cells("price", new EvidencePage(lab.scientist, lab.evidence, Tolerance.standard()), row))
                    .isEqualTo("100 ns;100 ns;not judged;–;");
        }
        assertThat(html("price")).contains("Times do not tell who is faster, since ");
        assertThat(html()).contains("data-label=\"time ÷ control's\">not judged</td>");
    }

    @Test
    void whereAnySlowDownIsToleratedNoneIsShownAsAllowed() {
        Experiment<Object> price = lab.scientist.experiment("price").build();
        run(price, 1, 1, 1);
        lab.warm();
        run(price, 2_000, 1, 1);

        assertThat(cells("price", page, "median")).startsWith("100 ns;100 ns;").endsWith(";–;");
        assertThat(cells("price", page, "mean")).startsWith("100 ns;100 ns;1;");
    }

    @Test
    void whatIsKnownOfTheRunsStandsThere() {
        Experiment<Object> price = lab.scientist
                .experiment("price")
                .comparator((control, candidate) -> lab.after(1_500, List.of()))
                .baseline(Gates.percent(100))
                .ignoringNoise()
                .build();
        price.<RuntimeException>control(() -> 1).candidate("rewrite", () -> 2).run();
        assertThatThrownBy(() -> price.<RuntimeException>control(() -> {
                            throw new IllegalStateException();
                        })
                        .candidate("rewrite", () -> 2)
                        .run())
                .isInstanceOf(IllegalStateException.class);

        assertThat(html("price"))
                .contains("<dt>noise</dt><dd>ignored</dd>")
                .contains("<dt>comparing, mean</dt><dd>750 ns</dd>")
                .contains("<h2>The control threw</h2><table><tbody><tr><th scope=\"row\">"
                        + "java.lang.IllegalStateException</th><td class=\"number\">1</td>");
        assertThat(html()).contains("price</a> <span class=\"soft\">rewrite</span>");
    }

    @Test
    void whereNothingWasComparedThereIsNoRate() {
        Experiment<Object> failing = lab.scientist
                .experiment("failing")
                .comparator((control, candidate) -> {
                    throw new IllegalStateException();
                })
                .build();
        run(failing, 2, 1, 1);

        assertThat(html()).contains("<td class=\"number\" data-label=\"mismatches\">–</td>");
    }

    private Experiment<Object> priceByCountry() {
        return lab.scientist
                .experiment("price")
                .trait("country", String.class, country -> country)
                .build();
    }

    @Test
    void forWhomIsSaidByHowMuchALabelExplains() {
        Experiment<Object> price = priceByCountry();
        for (int i = 0; i < 2_000; i++) {
            boolean isRare = i % 20 == 0;
            boolean isWrong = isRare || i % 40 == 1;
            price.run(isRare ? "XK" : "DE", in -> 1, in -> isWrong ? 2 : 1);
        }

        assertThat(html()).contains("Mismatches, mostly country = XK, first 0 s ago: 150 at (whole value)</span>");
    }

    @Test
    void whichInputsMismatchIsSaid() {
        Experiment<Object> price = priceByCountry();
        for (int i = 0; i < 1_000; i++) {
            price.run(i % 10 == 0 ? "X<K" : "DE", in -> 1, in -> in.startsWith("X") ? 2 : 1);
        }
        assertThat(html("price"))
                .contains(
                        "<b>Hint:</b> 100% of the mismatches are at country = X&lt;K, which is 10% of the runs: 100 of its 100 runs mismatch")
                .contains("<details open><summary>Mismatches by country</summary>")
                .contains("<b>Next:</b> mend the candidate and give it another evidenceVersion");
        assertThat(html()).contains("Mismatches, only country = X&lt;K, first 0 s ago: 100 at (whole value)</span>");
    }

    @Test
    void nothingThatUsersSupplyBecomesMarkup() throws Exception {
        Experiment<Object> price = lab.scientist
                .experiment("<i>'price'</i> & \"co\"")
                .clean(value -> value)
                .trait("<s>trait</s>", value -> HOSTILE)
                .ignore("<b>reason</b>", (control, candidate) -> candidate.equals("ignored"))
                .build();
        price.run("in" + HOSTILE, in -> "old" + HOSTILE, in -> "new" + HOSTILE);
        price.run("in", in -> "old", in -> "ignored");
        price.<RuntimeException>control(() -> "old")
                .candidate("<u>candidate</u>", () -> {
                    throw new IllegalStateException("<p>" + HOSTILE);
                })
                .run();

        for (String html : List.of(html(), html(price.name()), page.html(Map.of("switch", price.name()), true))) {
            assertThat(html)
                    .contains("&lt;i&gt;&#39;price&#39;&lt;/i&gt; &amp; &quot;co&quot;")
                    .doesNotContain("<script", "<i>", "<u>", "<s>", "onload='", "\u001b", "\u202e", "\r");
            // had anything broken out of its place, elements would not be nested any more
            assertThat(parsed(html).getElementsByTagName("script").getLength()).isZero();
        }
        assertThat(html(price.name()))
                .contains("&lt;b&gt;reason&lt;/b&gt;")
                .contains("Candidate &lt;u&gt;candidate&lt;/u&gt;");
    }

    /** HTML in general is no XML; what we write is, but for the head, which has no text of users but the title. */
    private static Document parsed(String html) throws Exception {
        String body = html.substring(html.indexOf("<body>"), html.indexOf("</html>"))
                .replaceAll("<(input|br)([^>]*)>", "<$1/>")
                .replace("<details open>", "<details>");
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(body)));
    }

    @Test
    void thePolicyAllowsThePagesOwnStyleAndNothingElse() throws Exception {
        lab.scientist.experiment("price").build();
        for (String html : List.of(html(), html("price"), page.html(Map.of("switch", "price"), true))) {
            String style = html.substring(html.indexOf("<style>") + 7, html.indexOf("</style>"));
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));

            assertThat(page.headers())
                    .containsEntry(
                            "Content-Security-Policy",
                            "default-src 'none'; style-src 'sha256-"
                                    + Base64.getEncoder().encodeToString(hash)
                                    + "'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'")
                    .containsEntry("X-Content-Type-Options", "nosniff")
                    .containsEntry("Cache-Control", "no-store");
            assertThat(html).doesNotContain("style=", "<script", "src=");
            assertThat(found(html, "href=\"(.)")).containsOnly("?");
        }
    }

    @Test
    void whoMayNotSwitchSeesNoWayTo() {
        lab.scientist.experiment("price").build();

        assertThat(html("price")).doesNotContain("Switch");
        assertThat(page.html(Map.of("switch", "price"))).doesNotContain("method=\"post\"");
        assertThat(page.html(Map.of("experiment", "price"), true)).contains("href=\"?switch=price\">Switch off…</a>");
        // of another scientist's
        try (EvidenceLab other = new EvidenceLab()) {
            assertThat(new EvidencePage(other.scientist, lab.evidence, tolerance)
                            .html(Map.of("experiment", "price"), true))
                    .contains("<h1>price</h1>")
                    .doesNotContain("Switch");
        }
    }

    @Test
    void anEmptyPageSaysSo() {
        assertThat(html()).contains("No experiment is defined yet.");
    }

    @Test
    void programsGetTheReportAsJson() {
        run(lab.scientist.experiment("price").build(), 3, 1, 1);

        assertThat(page.json()).isEqualTo(new EvidenceReport(lab.evidence.evidence(), tolerance).json());
    }

    @Test
    void everyExecutionIsDescribed() {
        lab.scientist.experiment("a").execution(Execution.controlFirst()).build();
        lab.scientist
                .experiment("c")
                .execution(Execution.concurrent(Duration.ofMillis(20)))
                .build();

        assertThat(html("a")).contains("<dd>inline, control first</dd>");
        assertThat(html("c")).contains("<dd>concurrent, time limit 20 ms</dd>");
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

        assertThat(html("failing"))
                .contains("<dt>not compared</dt>")
                .contains("what the candidate does in 2 further runs (100%), where the comparator failed")
                .contains("0 mismatches in 2 runs, 2 not compared", "dark where some were not compared");
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

        assertThat(found(html("several"), "<article.*\\s.*<h2>Candidate (.*?)</h2>"))
                .containsExactly("bad", "good");
        assertThat(found(html("several"), "<span class=\"verdict [a-z-]+\">(.*?)</span>"))
                .containsExactly("NOT READY", "NOT READY", "READY");
        assertThat(found(html(), "<span class=\"verdict [a-z-]+\">(.*?)</span>"))
                .containsExactly("NOT READY");
        assertThat(html()).contains("several</a> <span class=\"soft\">bad</span>");
    }

    @Test
    void onlyTheFirstGroupsAreOpen() {
        Experiment<Object> price = lab.scientist
                .experiment("price")
                .comparator((control, candidate) -> List.of(Difference.of("place" + candidate, control, candidate)))
                .build();
        for (int i = 0; i < 20; i++) {
            run(price, 1, -1, i);
        }

        assertThat(found(html("price"), "(<details open>)")).hasSize(2);
        assertThat(found(html("price"), "(<details>)")).hasSize(18);
    }

    @Test
    void whereTheExamplesDifferIsNotSaidTwice() {
        try (EvidenceLab cautious = new EvidenceLab()) {
            cautious.scientist
                    .<Integer>experiment("price")
                    .comparator((control, candidate) -> candidate == 2
                            ? List.of(Difference.of("lines[2].total", control, candidate))
                            : List.of(Difference.of("rate", control, candidate)))
                    .build();
            Experiment<?> price = cautious.scientist.find("price").orElseThrow();
            @SuppressWarnings("unchecked")
            Experiment<Integer> typed = (Experiment<Integer>) price;
            typed.run(() -> 1, () -> 2);
            typed.run(() -> 1, () -> 3);
            String html = new EvidencePage(cautious.scientist, cautious.evidence, tolerance)
                    .html(Map.of("experiment", "price"));

            assertThat(html).contains("<b>1</b> lines[*].total", "<b>1</b> rate");
            assertThat(found(html, "<p class=\"soft small\">((?:lines|rate).*?)</p>"))
                    .containsExactly("lines[2].total");
        }
    }

    @Test
    void aTemplateCannotHaveValuesWhereTheyWouldNotBeText() {
        assertThatThrownBy(() -> Template.of("template-unquoted.html")).hasMessageContaining("not in quotes");
        assertThatThrownBy(() -> Template.of("template-open.html")).hasMessageContaining("a is not ended");
        assertThatThrownBy(() -> Template.of("template-ended.html")).hasMessageContaining("b is ended, but not begun");
        assertThatThrownBy(() -> Template.of("switch.html").render(Map.of()))
                .hasMessageContaining("has no value for {{");
    }
}
