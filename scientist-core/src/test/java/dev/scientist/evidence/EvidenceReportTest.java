package dev.scientist.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.scientist.Difference;
import dev.scientist.Experiment;
import dev.scientist.Rendering;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvidenceReportTest {

    private static final Tolerance TOLERANCE = Tolerance.standard();

    /** All that a report can show, from one experiment. */
    private static EvidenceReport report() {
        try (EvidenceLab lab = new EvidenceLab()) {
            Experiment<Integer> experiment = lab.scientist
                    .<Integer>experiment("prices")
                    .comparator((a, b) -> a.equals(b) ? List.of() : List.of(Difference.of("total", a, b)))
                    .ignore("rounding", (a, b) -> Math.abs(a - b) == 1)
                    .baseline((request, input) -> true)
                    .build();
            experiment.run(() -> 1, () -> 1);
            lab.warm();
            for (int i = 0; i < 1_000; i++) {
                int candidate = i < 3 ? 9 : i < 5 ? 2 : 1;
                experiment.run(i, input -> lab.after(1_000, 1), input -> lab.after(1_500, candidate));
            }
            experiment.run(() -> 1, () -> {
                throw new IllegalStateException();
            });
            lab.scientist.<Integer>experiment("untouched").build();
            return new EvidenceReport(lab.evidence.evidence(), TOLERANCE);
        }
    }

    @Test
    void theTextSaysItAll() {
        // how many times there are is left to chance
        assertThat(report().text().replaceAll("\\d+ times, median", "some times, median"))
                .isEqualTo("""
                experiment 'prices': 1,002 results since 2024-03-01T12:00:00Z, seen for 10 min
                  candidate 'candidate': NOT READY
                    Half of the runs take at least 1.47 times as long, 1.2 allowed. Not seen: whether the differences ignored as "rounding" in 2 runs matter.
                    runs 1,002: matched 996, mismatched 4, ignored 2, failed 0, abandoned 0
                    mismatch rate 0.399% (0.0248% to 1.37%)
                    time, candidate / control, of whichever ran first: 1.49 (1.47 to 1.51) at 50%, 1.49 (1.47 to 1.51) at 95%, 1.49 (0 to unlimited) at 99%, 1.49 on the mean
                      control: some times, median 1 µs, 95% 1 µs, 99% 1 µs, mean 1 µs
                      candidate: some times, median 1.5 µs, 95% 1.5 µs, 99% 1.5 µs, mean 1.5 µs
                    ignored because
                              2  rounding
                    the candidate threw
                              1  java.lang.IllegalStateException
                    mismatches by where they differ
                              3  total, from 2024-03-01T12:10:00Z to 2024-03-01T12:10:00Z
                                 - input java.lang.Integer: control returned 1, candidate returned 9
                                 - input java.lang.Integer: control returned 1, candidate returned 9
                                 - input java.lang.Integer: control returned 1, candidate returned 9
                              1  (threw IllegalStateException), from 2024-03-01T12:10:00Z to 2024-03-01T12:10:00Z
                                 - control returned 1, candidate threw java.lang.IllegalStateException
                  noise: the control against itself
                    runs 1,002: matched 1,002, mismatched 0, ignored 0, failed 0, abandoned 0
                    mismatch rate 0% (0% to 0.456%)

                experiment 'untouched': 0 results since 2024-03-01T12:10:00Z, seen for 0 s
                  no candidate has run yet

                Judged by: mismatch rate up to 0.1%, up to 1% not compared, 50% shed, 10% ignored, at least 1,000 compared runs in 1 h, slow-down up to 1.2, 1.5 and 2 times at 50, 95 and 99%, confidence 95%.
                The intervals hold however often one looks. %s
                """.replace("%s", Conclusion.CAVEAT));
    }

    @Test
    void theJsonSaysTheSame() {
        Map<?, ?> json = (Map<?, ?>) Json.parse(report().json());

        assertThat(json.get("caveat")).isEqualTo(Conclusion.CAVEAT);
        List<?> experiments = (List<?>) json.get("experiments");
        assertThat(experiments.stream().map(each -> (Object) ((Map<?, ?>) each).get("experiment")))
                .containsExactly("prices", "untouched");
        Map<?, ?> prices = (Map<?, ?>) experiments.get(0);
        assertThat(prices.get("results")).isEqualTo(1_002.0);
        assertThat(prices.get("since")).isEqualTo("2024-03-01T12:00:00Z");
        Map<?, ?> candidate = (Map<?, ?>) ((List<?>) prices.get("candidates")).get(0);
        assertThat(candidate.get("outcomes"))
                .isEqualTo(
                        Map.of("matched", 996.0, "mismatched", 4.0, "ignored", 2.0, "failed", 0.0, "abandoned", 0.0));
        assertThat(((Map<?, ?>) candidate.get("conclusion")).get("verdict")).isEqualTo("NOT_READY");
        assertThat(((Map<?, ?>) candidate.get("conclusion")).get("cleanRunsToReady"))
                .isNull();
        Map<?, ?> rate = (Map<?, ?>) candidate.get("mismatchRate");
        assertThat((Double) rate.get("lower")).isPositive().isLessThan((Double) rate.get("value"));
        assertThat((Double) rate.get("upper")).isGreaterThan((Double) rate.get("value"));
        List<?> differences = (List<?>) candidate.get("differences");
        Map<?, ?> group = (Map<?, ?>) differences.get(0);
        assertThat(group.get("signature")).isEqualTo("total");
        assertThat(group.get("count")).isEqualTo(3.0);
        Map<?, ?> example = (Map<?, ?>) ((List<?>) group.get("examples")).get(0);
        assertThat(example.get("control")).isEqualTo("returned 1");
        assertThat(example.get("candidate")).isEqualTo("returned 9");
        assertThat(((Map<?, ?>) ((Map<?, ?>) prices.get("baseline")).get("outcomes")).get("matched"))
                .isEqualTo(1_002.0);
        assertThat(((Map<?, ?>) experiments.get(1)).get("baseline")).isNull();
        assertThat(prices.get("drops")).isEqualTo(Map.of());
        assertThat(prices.get("failures")).isEqualTo(Map.of());
        assertThat(candidate.get("ignored")).isEqualTo(Map.of("rounding", 2.0));
        assertThat(candidate.get("controlExceptions")).isEqualTo(Map.of());
        assertThat(candidate.get("candidateExceptions")).isEqualTo(Map.of("java.lang.IllegalStateException", 1.0));
        assertEstimate(candidate.get("notComparedRate"), 0);
        Map<?, ?> ratio = (Map<?, ?>) candidate.get("timeRatio");
        for (String part : List.of("0.5", "0.95", "0.99")) {
            assertThat((Double) ((Map<?, ?>) ratio.get(part)).get("value")).isCloseTo(1.5, within(0.02));
        }
        assertThat((Double) ratio.get("mean")).isCloseTo(1.5, within(0.02));
        Map<?, ?> time = (Map<?, ?>) candidate.get("time");
        assertThat(time.get("unfair")).isNull();
        assertThat((Double) ((Map<?, ?>) time.get("control")).get("count")
                        + (Double) ((Map<?, ?>) time.get("candidate")).get("count"))
                .as("in a third the control's second run came first")
                .isBetween(500.0, 850.0);
        assertThat(((Map<?, ?>) ((Map<?, ?>) time.get("control")).get("buckets")).keySet())
                .hasToString("[1000]");
        List<?> findings = (List<?>) ((Map<?, ?>) candidate.get("conclusion")).get("findings");
        assertThat(findings).hasSize(6);
        assertThat(((Map<?, ?>) findings.get(5)).get("question")).isEqualTo("FAST");
    }

    private static void assertEstimate(Object json, double value) {
        Map<?, ?> estimate = (Map<?, ?>) json;
        assertThat((Double) estimate.get("value")).isCloseTo(value, within(0.01));
        assertThat((Double) estimate.get("lower")).isLessThanOrEqualTo((Double) estimate.get("value"));
        assertThat((Double) estimate.get("upper")).isGreaterThan((Double) estimate.get("value"));
    }

    @Test
    void theJsonNamesDropsAndFailures() {
        try (EvidenceLab lab = new EvidenceLab()) {
            lab.scientist
                    .<Integer>experiment("drops")
                    .snapshot(value -> {
                        throw new IllegalStateException("snapshot");
                    })
                    .build()
                    .run(() -> 1, () -> 1);
            Map<?, ?> json = (Map<?, ?>) Json.parse(new EvidenceReport(lab.evidence.evidence(), TOLERANCE).json());
            Map<?, ?> experiment = (Map<?, ?>) ((List<?>) json.get("experiments")).get(0);

            assertThat(new EvidenceReport(lab.evidence.evidence(), TOLERANCE).text())
                    .contains("dropped runs: snapshot failed 1", "parts: snapshot 1");
            assertThat(experiment.get("drops")).isEqualTo(Map.of("snapshot_failed", 1.0));
            assertThat(experiment.get("failures")).isEqualTo(Map.of("snapshot", 1.0));
        }
    }

    @Test
    void whatUsersSupplyCannotBreakOutOfItsPlace() {
        String evil = "</script>\n\u001b[31m\"\\\u2028\u202e\ud800";
        try (EvidenceLab lab = new EvidenceLab(Rendering.showingValues(), settings -> settings)) {
            Experiment<String> experiment = lab.scientist
                    .<String>experiment("\"quoted\" \\ <b>")
                    .comparator((a, b) -> List.of(Difference.of(evil, a, b)))
                    .build();
            experiment.run(evil, input -> evil, input -> "other");
            EvidenceReport report = new EvidenceReport(lab.evidence.evidence(), TOLERANCE);

            String json = report.json();
            assertThat(json).doesNotContain("<", "\n", "\u001b", "\u2028", "\u202e", "\ud800");
            Map<?, ?> first = (Map<?, ?>) ((List<?>) ((Map<?, ?>) Json.parse(json)).get("experiments")).get(0);
            assertThat(first.get("experiment")).isEqualTo("\"quoted\" \\ <b>");
            assertThat(report.text()).doesNotContain("\u001b", "\u2028", "\u202e", "\ud800", "script>\n");
            assertThat(report.text()).contains("experiment '\"quoted\" \\ <b>'", "</script>\\n\\u001b[31m");
        }
    }

    @Test
    void bothSayThatCorrelatedMismatchesMakeTheBoundsOptimistic() {
        EvidenceReport empty = new EvidenceReport(List.of(), TOLERANCE);

        for (EvidenceReport report : List.of(empty, report())) {
            assertThat(report.text()).contains("correlated").contains("too optimistic");
            assertThat(report.json()).contains("correlated").contains("too optimistic");
        }
    }

    @Test
    void boundsAreRoundedToTheSafeSide() {
        assertThat(Words.percent(0.001)).isEqualTo("0.1%");
        assertThat(Words.percentUp(0.001)).isEqualTo("0.1%");
        assertThat(Words.percentUp(0.0010001)).isEqualTo("0.101%");
        assertThat(Words.percentDown(0.0010099)).isEqualTo("0.1%");
        assertThat(Words.percentDown(-0.0012345)).isEqualTo("-0.124%");
        assertThat(Words.percentUp(-0.0012345)).isEqualTo("-0.123%");
        assertThat(Words.ratioUp(1.2001)).isEqualTo("1.21");
        assertThat(Words.ratioDown(123_456)).isEqualTo("123000");
        assertThat(Words.percent(Double.NaN)).isEqualTo("unknown");
        assertThat(Words.ratioUp(Double.POSITIVE_INFINITY)).isEqualTo("unlimited");
        assertThat(Words.duration(999)).isEqualTo("999 ns");
        assertThat(Words.duration(1_250)).isEqualTo("1.25 µs");
        assertThat(Words.duration(1.5e9)).isEqualTo("1.5 s");
        assertThat(Words.percent(0)).isEqualTo("0%");
    }

    @Test
    void whatCouldNotBeComparedAndWhatIsNoiseIsSaid() {
        try (EvidenceLab lab = new EvidenceLab()) {
            Experiment<Object> failing = lab.scientist
                    .experiment("failing")
                    .comparator((a, b) -> {
                        throw new IllegalStateException();
                    })
                    .build();
            failing.run(() -> 1, () -> 1);
            Experiment<Object> noisy = lab.scientist
                    .experiment("noisy")
                    .baseline((request, input) -> true)
                    .build();
            for (int i = 0; i < 50; i++) {
                noisy.run(Object::new, Object::new);
            }

            String text = new EvidenceReport(lab.evidence.evidence(), TOLERANCE).text();

            assertThat(text)
                    .contains("    not compared ")
                    .contains("what the candidate does in 1 further run (100%), where the comparator failed")
                    .contains("  failures of user-supplied parts: compare 1")
                    .contains("  noise: the control against itself")
                    .contains("(noise: the control differs from itself there)");
        }
    }

    @Test
    void numbersThatAreNotKnownAreWords() {
        assertThat(Words.percent(Double.NaN)).isEqualTo("unknown");
        assertThat(Words.percentUp(Double.POSITIVE_INFINITY)).isEqualTo("unlimited");
        assertThat(Words.percentDown(Double.NaN)).isEqualTo("unknown");
        assertThat(Words.ratio(Double.NaN)).isEqualTo("unknown");
        assertThat(Words.ratioUp(Double.POSITIVE_INFINITY)).isEqualTo("unlimited");
        assertThat(Words.ratioDown(Double.NaN)).isEqualTo("unknown");
        assertThat(Words.duration(Double.POSITIVE_INFINITY)).isEqualTo("unlimited");
        assertThat(Words.onOneLine("a\u2028b\u2029c\u202ed")).isEqualTo("a\\u2028b\\u2029c\\u202ed");
    }

    @Test
    void timesAreNotSaidWhereNoRunsEndedAlike() {
        try (EvidenceLab lab = new EvidenceLab()) {
            Experiment<Integer> experiment =
                    lab.scientist.<Integer>experiment("fails").build();
            experiment.run(() -> lab.after(10, 1), () -> {
                throw new IllegalStateException("new");
            });
            assertThatThrownBy(() -> experiment.run(
                            () -> {
                                throw new IllegalStateException("old");
                            },
                            () -> lab.after(10, 1)))
                    .hasMessage("old");
            assertThat(new EvidenceReport(lab.evidence.evidence(), TOLERANCE).text())
                    .contains("    runs 2: matched 0, mismatched 2")
                    .doesNotContain("time, candidate / control");

            lab.warm();
            for (int i = 0; i < 100; i++) {
                experiment.run(() -> lab.after(10, 1), () -> lab.after(10, 1));
            }
            assertThat(new EvidenceReport(lab.evidence.evidence(), TOLERANCE).text())
                    .contains("time, candidate / control");
        }
    }
}
