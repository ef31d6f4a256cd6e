package dev.scientist.benchmarks;

import java.util.List;
import java.util.Locale;

/** Draws what a call of 22 ns costs with and without an experiment around it, as bars on a logarithmic scale. */
final class Chart {

    /** What is drawn, and how it is called. */
    private record Bar(String name, String words) {}

    private record Row(String words, Figure figure) {}

    private static final List<Bar> BARS = List.of(
            new Bar("Experiment.direct (22ns)", "the control alone"),
            new Bar("Experiment.off (22ns)", "experiment, off"),
            new Bar("Experiment.onePercent (22ns)", "experiment, 1 % of calls"),
            new Bar("Experiment.controlAndCandidate (22ns)", "control and candidate, no more"),
            new Bar("Experiment.handWrittenOn (22ns)", "shadow code by hand"),
            new Bar("Experiment.on (22ns)", "experiment, all calls"),
            new Bar("Experiment.mismatch (22ns)", "experiment, mismatch"),
            new Bar("Experiment.candidateThrows (22ns)", "experiment, candidate throws"),
            new Bar("Experiment.onWithEvidence (22ns)", "experiment with evidence"),
            new Bar("Experiment.onWithMicrometer (22ns)", "experiment with Micrometer"),
            new Bar("Peer.resilience4jCircuitBreaker", "control in resilience4j's circuit breaker"),
            new Bar("Peer.failsafeFallback", "control in Failsafe's fallback"),
            new Bar("Peer.launchDarklyShadow", "LaunchDarkly migration, shadow"),
            new Bar("Peer.scientist4j", "Scientist4J"),
            new Bar("Peer.scientist4jMismatch", "Scientist4J, mismatch"),
            new Bar("Peer.scientist4jCandidateThrows", "Scientist4J, candidate throws"));

    private static final int LABELS = 260;
    private static final int WIDTH = 380;
    private static final int ROW = 22;
    private static final double DECADES = 4;

    private Chart() {}

    static String of(Measurements all) {
        List<Row> shown = BARS.stream()
                .flatMap(bar -> all.figures().stream()
                        .filter(figure -> figure.name().equals(bar.name()))
                        .map(figure -> new Row(bar.words(), figure)))
                .toList();
        int height = ROW * (shown.size() + 3);
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 %d\" font-family=\"sans-serif\" font-size=\"12\">"
                        + "<rect width=\"760\" height=\"%d\" fill=\"#fff\"/>"
                        + "<text x=\"8\" y=\"16\" font-weight=\"bold\">What a call of the control, some 22 ns, takes. Logarithmic; less is better</text>%n",
                height,
                height));
        for (int i = 0; i < shown.size(); i++) {
            Figure figure = shown.get(i).figure();
            int y = ROW * (i + 1) + 6;
            double length = Math.max(2, Math.log10(Math.max(1, figure.time())) / DECADES * WIDTH);
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>"
                            + "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"14\" fill=\"%s\"/>"
                            + "<text x=\"%.1f\" y=\"%d\">%.1f ns, %.0f B</text>%n",
                    LABELS - 8,
                    y + 12,
                    shown.get(i).words(),
                    LABELS,
                    y,
                    length,
                    figure.name().startsWith("Peer") ? "#b5651d" : "#2458b3",
                    LABELS + length + 6,
                    y + 12,
                    figure.time(),
                    figure.bytes()));
        }
        return svg.append(String.format(
                        Locale.ROOT,
                        "<text x=\"8\" y=\"%d\" fill=\"#555\" font-size=\"10\">%s</text>%n</svg>%n",
                        height - 10,
                        all.machine().replace("&", "&amp;").replace("<", "&lt;")))
                .toString();
    }
}
