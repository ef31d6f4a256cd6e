package dev.scientist.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Draws what a call of 22 ns costs with and without an experiment around it, as bars on a logarithmic scale. */
final class Chart {

    private static final List<String> SHOWN = List.of(
            "Experiment.direct (22ns)",
            "Experiment.off (22ns)",
            "Experiment.onePercent (22ns)",
            "Experiment.controlAndCandidate (22ns)",
            "Experiment.handWrittenOn (22ns)",
            "Experiment.on (22ns)",
            "Experiment.mismatch (22ns)",
            "Experiment.candidateThrows (22ns)",
            "Experiment.onWithEvidence (22ns)",
            "Experiment.onWithMicrometer (22ns)",
            "Peer.resilience4jCircuitBreaker",
            "Peer.failsafeFallback",
            "Peer.launchDarklyShadow",
            "Peer.scientist4j",
            "Peer.scientist4jMismatch");

    private static final int LABELS = 260;
    private static final int WIDTH = 380;
    private static final int ROW = 22;
    private static final double DECADES = 4;

    private Chart() {}

    static String of(Measurements all) {
        Map<String, Figure> figures = new HashMap<>();
        all.figures().forEach(figure -> figures.put(figure.name(), figure));
        List<Figure> shown =
                SHOWN.stream().filter(figures::containsKey).map(figures::get).toList();
        int height = ROW * (shown.size() + 3);
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 %d\" font-family=\"sans-serif\" font-size=\"12\">"
                        + "<rect width=\"760\" height=\"%d\" fill=\"#fff\"/>"
                        + "<text x=\"8\" y=\"16\" font-weight=\"bold\">Nanoseconds a call, logarithmic; less is better</text>%n",
                height,
                height));
        for (int i = 0; i < shown.size(); i++) {
            Figure figure = shown.get(i);
            int y = ROW * (i + 1) + 6;
            double length = Math.max(2, Math.log10(Math.max(1, figure.time())) / DECADES * WIDTH);
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>"
                            + "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"14\" fill=\"%s\"/>"
                            + "<text x=\"%.1f\" y=\"%d\">%.1f ns, %.0f B</text>%n",
                    LABELS - 8,
                    y + 12,
                    figure.name().replace(" (22ns)", ""),
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
