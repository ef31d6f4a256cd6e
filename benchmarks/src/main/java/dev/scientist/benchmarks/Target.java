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
        targets.add(new Target("off − direct, ns", 2, time(figures, "Experiment.off (22ns)") - direct));
        targets.add(new Target("off, B/op", 0.05, bytes(figures, "Experiment.off (22ns)")));
        targets.add(new Target("off capturing, B/op", 64, bytes(figures, "Experiment.offCapturing (22ns)")));
        targets.add(ofPeer(figures, "on", 0.5, "Experiment.on (22ns)", "Peer.scientist4j"));
        targets.add(new Target("on, B/op", 200, bytes(figures, "Experiment.on (22ns)")));
        targets.add(ofPeer(figures, "mismatch", 0.25, "Experiment.mismatch (22ns)", "Peer.scientist4jMismatch"));
        targets.add(ofPeer(
                figures,
                "candidate throws",
                0.25,
                "Experiment.candidateThrows (22ns)",
                "Peer.scientist4jCandidateThrows"));
        targets.add(added(figures, "background adds, calls 20 µs apart, median, ns", "background", "direct"));
        targets.add(added(figures, "background adds, in a burst, median, ns", "burst", "directBurst"));
        targets.add(
                added(figures, "background adds, once a millisecond, median, ns", "backgroundRarely", "directRarely"));
        targets.add(
                ofPeer(figures, "background, in a burst", 1, "Background.burst", "Background.scientist4jAsyncBurst"));
        targets.add(ofPeer(
                figures,
                "background, once a millisecond",
                1,
                "Background.backgroundRarely",
                "Background.scientist4jAsyncRarely"));
        targets.add(new Target("shed − direct, ns", 60, time(figures, "Background.shed") - direct));
        targets.add(new Target("shed, B/op", 0.05, bytes(figures, "Background.shed")));
        targets.add(new Target(
                "two threads / one", 1.35, time(figures, "Threads.twoThreads") / time(figures, "Threads.oneThread")));
        for (String method : List.of("oneArgument", "twoArguments")) {
            targets.add(new Target(
                    "interface − lambda, closed, " + method + ", ns",
                    10,
                    time(figures, "Interface." + method + " (closed, proxy)")
                            - time(figures, "Interface." + method + " (closed, lambda)")));
        }
        double call = time(figures, "Rollout.call (direct)");
        targets.add(new Target("rollout, control − direct, ns", 3, time(figures, "Rollout.call (control)") - call));
        targets.add(new Target("rollout, candidate − direct, ns", 3, time(figures, "Rollout.call (candidate)") - call));
        targets.add(new Target(
                "rollout, canary − experiment, ns",
                10,
                time(figures, "Rollout.call (canary)") - time(figures, "Rollout.call (experiment)")));
        return targets;
    }

    private static Target ofPeer(Map<String, Figure> figures, String what, double atMost, String ours, String peer) {
        return new Target(what + " / Scientist4J's", atMost, time(figures, ours) / time(figures, peer));
    }

    private static Target added(Map<String, Figure> figures, String what, String ours, String direct) {
        return new Target(what, 5_000, time(figures, "Background." + ours) - time(figures, "Background." + direct));
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
