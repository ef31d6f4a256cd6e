package dev.scientist.evidence;

import static dev.scientist.evidence.Template.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The numbers of the plots, which the templates draw. Pure functions. */
final class Plots {

    /** Height of a sparkline; its width is one for each point. */
    private static final int SPARK = 16;

    private static final int WIDTH = 460;
    private static final int LEFT = 12;
    private static final int PLOT = WIDTH - 2 * LEFT;
    private static final int BINS = 109;
    private static final int TOP = 46;
    private static final int BOTTOM = 150;

    private static final double[] MARKED = {0.5, 0.95, 0.99};

    private Plots() {}

    /** The mismatch rate as small bars: the square root, so that a few per cent are seen. */
    static Map<String, @Nullable Object> sparkline(List<History.Point> points, String when) {
        StringBuilder mismatches = new StringBuilder();
        StringBuilder runs = new StringBuilder();
        long allRuns = 0;
        long allMismatches = 0;
        for (int i = 0; i < points.size(); i++) {
            History.Point point = points.get(i);
            allRuns += point.runs();
            allMismatches += point.mismatches();
            if (point.mismatches() > 0) {
                long height = Math.max(3, Math.round(SPARK * Math.sqrt((double) point.mismatches() / point.runs())));
                mismatches
                        .append('M')
                        .append(i)
                        .append(' ')
                        .append(SPARK)
                        .append('v')
                        .append(-height)
                        .append("h1v")
                        .append(height);
            } else if (point.runs() > 0) {
                runs.append('M').append(i).append(' ').append(SPARK).append("v-1h1v1");
            }
        }
        return model(
                "width", Math.max(1, points.size()),
                "mismatches", mismatches.toString(),
                "runs", runs.toString(),
                "label",
                        when + ": " + Words.count(allMismatches, "mismatch", "mismatches") + " in "
                                + Words.count(allRuns, "run", "runs"));
    }

    // ---- how mismatches come over time ----

    /** The mismatch rate as bars, with the rate that is allowed as a line. */
    static Map<String, @Nullable Object> overTime(
            List<History.Point> points, double allowed, String when, String each) {
        double most = points.stream()
                .mapToDouble(point -> (double) point.mismatches() / Math.max(1, point.runs()))
                .max()
                .orElse(0);
        double top = niceRate(Math.max(most, 2 * allowed));
        double step = (double) PLOT / Math.max(1, points.size());
        StringBuilder bars = new StringBuilder();
        StringBuilder lost = new StringBuilder();
        StringBuilder quiet = new StringBuilder();
        long runs = 0;
        long mismatches = 0;
        long notCompared = 0;
        for (int i = 0; i < points.size(); i++) {
            History.Point point = points.get(i);
            runs += point.runs();
            mismatches += point.mismatches();
            notCompared += point.notCompared();
            String x = tidy(LEFT + i * step);
            String width = tidy(step * 0.8);
            if (point.mismatches() > 0) {
                double height = Math.max(2, (BOTTOM - TOP) * (double) point.mismatches() / point.runs() / top);
                bars.append('M')
                        .append(x)
                        .append(' ')
                        .append(BOTTOM)
                        .append('v')
                        .append(tidy(-height))
                        .append('h')
                        .append(width)
                        .append('v')
                        .append(tidy(height))
                        .append('z');
            }
            if (point.runs() > 0) {
                (point.notCompared() > 0 ? lost : quiet)
                        .append('M')
                        .append(x)
                        .append(' ')
                        .append(BOTTOM + 2)
                        .append('h')
                        .append(width)
                        .append("v3h-")
                        .append(width)
                        .append('z');
            }
        }
        return model(
                "bars", bars.toString(),
                "lost", lost.toString(),
                "quiet", quiet.toString(),
                "top", Words.percent(top),
                "allowed", Words.percent(allowed),
                "allowedY", tidy(BOTTOM - (BOTTOM - TOP) * Math.min(1, allowed / top)),
                "from", points.isEmpty() ? "" : Words.minute(points.get(0).from()),
                "until",
                        points.isEmpty()
                                ? ""
                                : Words.minute(points.get(points.size() - 1).from()),
                "title", when,
                "hasLost", notCompared > 0,
                "label",
                        "By the " + each + ": "
                                + Words.count(mismatches, "mismatch", "mismatches") + " in "
                                + Words.count(runs, "run", "runs")
                                + (notCompared == 0 ? "" : ", " + Words.number(notCompared) + " not compared"));
    }

    /** The next of 1, 2 and 5 times a power of ten, 1 at most. */
    private static double niceRate(double rate) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(rate, 1e-6))));
        for (double factor : new double[] {1, 2, 5}) {
            if (factor * power >= rate * (1 - 1e-9)) {
                return Math.min(1, factor * power);
            }
        }
        return Math.min(1, 10 * power);
    }

    // ---- how long both took ----

    /** Both distributions on a logarithmic axis; null if there is nothing to show. */
    static @Nullable Map<String, @Nullable Object> times(Times control, Times candidate) {
        if (control.count() == 0 || candidate.count() == 0) {
            return null;
        }
        double least = Math.max(1, Math.min(control.quantileNanos(0.001), candidate.quantileNanos(0.001)));
        double most = Math.max(control.quantileNanos(0.998), candidate.quantileNanos(0.998));
        double from = Math.log(least) - 0.2;
        double to = Math.max(Math.log(most) + 0.2, from + 2);
        double[] mine = density(candidate, from, to);
        double[] theirs = density(control, from, to);
        double highest = Math.max(max(mine), max(theirs));
        return model(
                "control", area(theirs, highest),
                "candidate", area(mine, highest),
                "ticks", ticks(from, to),
                "controlMarks", marks(control, from, to),
                "candidateMarks", marks(candidate, from, to),
                "label",
                        "times on a logarithmic axis: control " + quantiles(control) + "; candidate "
                                + quantiles(candidate));
    }

    private static String quantiles(Times times) {
        return "median " + Words.duration(times.quantileNanos(0.5)) + ", 95% "
                + Words.duration(times.quantileNanos(0.95)) + ", 99% " + Words.duration(times.quantileNanos(0.99));
    }

    /** The share of the times in each of the bins, which are of the same width on the axis. */
    private static double[] density(Times times, double from, double to) {
        double[] bins = new double[BINS];
        double width = (to - from) / BINS;
        times.forEach((nanos, count) -> {
            // a bucket may cover several bins
            double left = (Math.log(Math.max(nanos, 0.5)) - from) / width;
            double end = (Math.log(TimeHistogram.upperEdge(TimeHistogram.bucket(nanos)) + 1) - from) / width;
            double right = Double.isFinite(end) ? Math.max(end, left + 1e-9) : left + 1;
            for (int i = (int) Math.max(0, Math.floor(left)); i < BINS && i < right; i++) {
                double overlap = Math.min(i + 1, right) - Math.max(i, left);
                bins[i] += count * Math.max(0, overlap) / (right - left) / times.count();
            }
        });
        double[] smooth = new double[BINS];
        for (int i = 0; i < BINS; i++) {
            smooth[i] = (at(bins, i - 1) + 2 * bins[i] + at(bins, i + 1)) / 4;
        }
        return smooth;
    }

    private static double at(double[] bins, int i) {
        return i < 0 || i >= bins.length ? 0 : bins[i];
    }

    private static double max(double[] values) {
        return Arrays.stream(values).max().orElse(0);
    }

    private static String area(double[] bins, double highest) {
        StringBuilder path = new StringBuilder("M" + LEFT + " " + BOTTOM);
        for (int i = 0; i < bins.length; i++) {
            path.append('L')
                    .append(tidy(LEFT + (i + 0.5) * PLOT / BINS))
                    .append(' ')
                    .append(tidy(BOTTOM - (BOTTOM - TOP) * bins[i] / highest));
        }
        return path.append('L')
                .append(LEFT + PLOT)
                .append(' ')
                .append(BOTTOM)
                .append('z')
                .toString();
    }

    private static double x(double nanos, double from, double to) {
        return LEFT + PLOT * (Math.log(Math.max(nanos, 1)) - from) / (to - from);
    }

    private static List<Map<String, @Nullable Object>> ticks(double from, double to) {
        double[] factors = to - from > Math.log(10) * 3.5 ? new double[] {1} : new double[] {1, 2, 5};
        List<Map<String, @Nullable Object>> ticks = new ArrayList<>();
        double last = Double.NEGATIVE_INFINITY;
        for (double power = 1; power < 1e14; power *= 10) {
            for (double factor : factors) {
                double x = x(factor * power, from, to);
                if (x >= LEFT + 12 && x <= LEFT + PLOT - 12 && x - last > 44) {
                    ticks.add(model("x", tidy(x), "text", Words.duration(factor * power)));
                    last = x;
                }
            }
        }
        return ticks;
    }

    private static List<Map<String, @Nullable Object>> marks(Times times, double from, double to) {
        List<Map<String, @Nullable Object>> marks = new ArrayList<>();
        double last = Double.NEGATIVE_INFINITY;
        for (double part : MARKED) {
            double x = Math.min(LEFT + PLOT, x(times.quantileNanos(part), from, to));
            boolean isClose = x - last < 26;
            marks.add(model("x", tidy(x), "text", isClose ? "" : part == 0.5 ? "50%" : part == 0.95 ? "95%" : "99%"));
            last = isClose ? last : x;
        }
        return marks;
    }

    private static String tidy(double number) {
        String text = String.valueOf(Math.round(10 * number) / 10.0);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
