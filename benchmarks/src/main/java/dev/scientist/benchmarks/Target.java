package dev.scientist.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a figure, or a ratio of figures of the same run, should be at most.
 *
 * @param what is measured
 * @param atMost what it should be
 * @param measured what it was
 * @param met whether it was
 */
record Target(String what, double atMost, double measured, boolean met) {

    Target(String what, double atMost, double measured) {
        this(what, atMost, measured, measured <= atMost);
    }

    /** What is measured within each round, and of that the median. */
    static List<Target> medians(List<List<Figure>> rounds) {
        List<List<Target>> all = rounds.stream().map(Target::all).toList();
        List<Target> medians = new ArrayList<>();
        for (int i = 0; i < all.get(0).size(); i++) {
            int index = i;
            Target first = all.get(0).get(i);
            medians.add(new Target(
                    first.what(),
                    first.atMost(),
                    Figure.median(all, targets -> targets.get(index).measured())));
        }
        return medians;
    }

    private static List<Target> all(List<Figure> round) {
        Map<String, Figure> figures = round.stream().collect(Collectors.toMap(Figure::name, Function.identity()));
        List<Target> targets = new ArrayList<>();
        if (!figures.containsKey("Experiment.on (22ns)") || !figures.containsKey("Peer.scientist4j")) {
            return targets;
        }
        double direct = time(figures, "Experiment.direct (22ns)");
        double nanoTime = time(figures, "Experiment.nanoTime (22ns)");
        double on = time(figures, "Experiment.on (22ns)");
        targets.add(new Target("off − direct, ns", 2, time(figures, "Experiment.off (22ns)") - direct));
        targets.add(new Target("off, B/op", 0.05, bytes(figures, "Experiment.off (22ns)")));
        targets.add(new Target("off capturing, B/op", 64, bytes(figures, "Experiment.offCapturing (22ns)")));
        targets.add(new Target("1 % / direct", 1.10, time(figures, "Experiment.onePercent (22ns)") / direct));
        targets.add(new Target(
                "(on − control − candidate) / nanoTime",
                4,
                (on - time(figures, "Experiment.controlAndCandidate (22ns)")) / nanoTime));
        targets.add(new Target(
                "aim: (on − control − candidate − 10 ns) / nanoTime",
                3,
                (on - time(figures, "Experiment.controlAndCandidate (22ns)") - 10) / nanoTime));
        targets.add(new Target("on / hand-written", 1.15, on / time(figures, "Experiment.handWrittenOn (22ns)")));
        targets.add(new Target("on, B/op", 120, bytes(figures, "Experiment.on (22ns)")));
        targets.add(new Target(
                "mismatch / Scientist4J's",
                0.15,
                time(figures, "Experiment.mismatch (22ns)") / time(figures, "Peer.scientist4jMismatch")));
        targets.add(new Target(
                "candidate throws / Scientist4J's",
                0.15,
                time(figures, "Experiment.candidateThrows (22ns)") / time(figures, "Peer.scientist4jCandidateThrows")));
        targets.add(new Target(
                "background − direct, idle worker, median, ns",
                100,
                time(figures, "Background.background") - time(figures, "Background.direct")));
        targets.add(new Target(
                "background − direct, in a burst, median, ns",
                100,
                time(figures, "Background.burst") - time(figures, "Background.directBurst")));
        targets.add(new Target("shed − direct, ns", 60, time(figures, "Background.shed") - direct));
        targets.add(new Target("shed, B/op", 0.05, bytes(figures, "Background.shed")));
        targets.add(new Target(
                "two threads / one", 1.10, time(figures, "Threads.twoThreads") / time(figures, "Threads.oneThread")));
        targets.add(new Target(
                "two threads / one, over the direct call's",
                1.10,
                time(figures, "Threads.twoThreads")
                        / time(figures, "Threads.oneThread")
                        / (time(figures, "Threads.directTwoThreads") / time(figures, "Threads.directOneThread"))));
        for (String method : List.of("oneArgument", "twoArguments")) {
            targets.add(new Target(
                    "interface − lambda, closed, " + method + ", ns",
                    10,
                    time(figures, "Interface." + method + " (closed, proxy)")
                            - time(figures, "Interface." + method + " (closed, lambda)")));
        }
        return targets;
    }

    private static double time(Map<String, Figure> figures, String name) {
        Figure figure = figures.get(name);
        return figure == null ? Double.NaN : figure.time();
    }

    private static double bytes(Map<String, Figure> figures, String name) {
        Figure figure = figures.get(name);
        return figure == null ? Double.NaN : figure.bytes();
    }
}
