package dev.scientist.evidence;

import dev.scientist.Comparison;
import dev.scientist.Drop;
import dev.scientist.Outcome;
import dev.scientist.evidence.Conclusion.Finding;
import dev.scientist.evidence.Conclusion.Question;
import dev.scientist.evidence.Conclusion.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Comes to a {@link Conclusion}, which says how. */
final class Judge {

    /** More runs than this nobody has. */
    private static final long MOST_RUNS = 1L << 50;

    /** So many places or reasons are named in a sentence. */
    private static final int NAMED = 3;

    /** What is less is not told from the ticks of the clock, and from what the JIT makes of our own frames. */
    private static final double CLOCK_NANOS = 100;

    /** Mismatches, runs not compared, shed and ignored ones. */
    private static final int RATES = 4;

    private final CandidateEvidence evidence;
    private final Tolerance tolerance;
    /** The probability of saying READY wrongly, for each question. */
    private final double alpha;

    private final boolean judgesTime;
    /** The probability of saying NOT_READY wrongly, which all questions share. */
    private final double shared;

    Judge(CandidateEvidence evidence, Tolerance tolerance) {
        this.evidence = evidence;
        this.tolerance = tolerance;
        alpha = tolerance.alpha();
        judgesTime = evidence.timesUnfair() == null && !tolerance.isTimeOpen();
        shared = alpha / (RATES + (judgesTime ? tolerance.maxSlowDown().size() : 0));
    }

    Conclusion conclusion() {
        List<Finding> findings = List.of(correct(), compared(), ignored(), enough(), lately(), fast());
        Verdict verdict = findings.stream()
                .map(Finding::verdict)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        String reason = findings.stream()
                .filter(finding -> finding.verdict() == verdict && finding.isJudged())
                .filter(finding ->
                        verdict != Verdict.INCONCLUSIVE || !isTooEarly() || saysMoreThanThat(finding.question()))
                .sorted(Comparator.comparing(finding -> finding.question() != Question.LATELY))
                .map(Finding::sentence)
                .filter(sentence -> !sentence.isEmpty())
                .collect(Collectors.joining("; "));
        List<String> notSeen = Stream.concat(
                        findings.stream().flatMap(finding -> finding.notSeen().stream()),
                        evidence.experiment().facts().missing().stream().map(instance -> "the instance " + instance))
                .toList();
        Duration time = tolerance.shortestTime().minus(evidence.experiment().seen());
        return new Conclusion(
                verdict,
                reason.substring(0, 1).toUpperCase(Locale.ROOT) + reason.substring(1) + "."
                        + (notSeen.isEmpty() ? "" : " Not seen: " + String.join("; ", notSeen) + "."),
                findings,
                moreRuns(findings),
                time.isNegative() ? Duration.ZERO : time);
    }

    private boolean isTooEarly() {
        return evidence.compared() < tolerance.fewestRuns();
    }

    /** That little is known is said once, not for each question. */
    private boolean saysMoreThanThat(Question question) {
        return question == Question.ENOUGH
                || question == Question.LATELY
                || (question == Question.CORRECT && evidence.trueMismatches() > 0);
    }

    // ---- correct ----

    private Finding correct() {
        long mismatches = evidence.trueMismatches();
        Rate rate = new Rate(mismatches, evidence.compared(), tolerance.maxMismatchRate());
        String where = where();
        String counts = " (" + Words.count(mismatches, "mismatch", "mismatches") + " in "
                + Words.count(evidence.compared(), "compared run", "compared runs") + where + ")";
        if (differsMoreThanNoise() && rate.verdict() != Verdict.NOT_READY) {
            return finding(
                    Question.CORRECT,
                    Verdict.INCONCLUSIVE,
                    "where the control differs from itself, the candidate does so in more runs: that is not noise alone",
                    List.of());
        }
        String sentence = rate.sentence("of the compared runs mismatch", "of the compared runs may mismatch");
        return new Finding(
                Question.CORRECT,
                rate.verdict(),
                true,
                sentence + counts,
                where.isEmpty() ? sentence : "mismatches" + where,
                List.of());
    }

    /** Where it mismatches, what cannot be noise first. */
    private String where() {
        Map<String, Long> places = evidence.places();
        if (places.isEmpty()) {
            return "";
        }
        List<String> ofItsOwn = new ArrayList<>();
        List<String> noise = new ArrayList<>();
        boolean several = places.entrySet().stream()
                        .filter(place -> !evidence.isNoise(place.getKey()))
                        .mapToLong(Map.Entry::getValue)
                        .sum()
                > evidence.trueMismatches();
        places.forEach((place, count) -> {
            if (!evidence.isNoise(place)) {
                ofItsOwn.add(Words.number(count) + " at " + place);
            } else if (!evidence.experiment().facts().ignoresNoise()) {
                noise.add(place);
            }
        });
        String text = ofItsOwn.isEmpty() ? "" : ": " + first(ofItsOwn) + (several ? "; some at several places" : "");
        return noise.isEmpty()
                ? text
                : text + (ofItsOwn.isEmpty() ? ": all" : "; also") + " at " + first(noise)
                        + ", where the control differs from itself: ignore or project that, or use ignoringNoise()";
    }

    private static String first(List<String> all) {
        return String.join(", ", all.subList(0, Math.min(NAMED, all.size())))
                + (all.size() > NAMED ? " and " + (all.size() - NAMED) + " more" : "");
    }

    /** Noise is no more frequent in the candidate than in the control against itself. */
    private boolean differsMoreThanNoise() {
        Sums baseline = evidence.experiment().all().baseline();
        long noise = evidence.ignoredNoise();
        return baseline != null
                && noise > 0
                && Intervals.anytimeLower(noise, evidence.compared(), shared)
                        > Intervals.anytimeUpper(baseline.count(Outcome.MISMATCHED), baseline.compared(), shared);
    }

    // ---- compared, ignored ----

    private Finding compared() {
        Rate lost = lost();
        Rate shed = shed();
        List<String> sentences = new ArrayList<>();
        Verdict verdict = worse(lost.verdict(), shed.verdict());
        if (lost.verdict() == verdict) {
            sentences.add(lost.sentence("of the runs were not compared", "of the runs may fail to be compared"));
        }
        if (shed.verdict() == verdict && evidence.shed() > 0) {
            sentences.add(shed.sentence("of the runs were shed", "of the runs may be shed")
                    + (verdict == Verdict.READY ? "" : ": let the gate admit fewer, or raise queueCapacity"));
        }
        List<String> notSeen = new ArrayList<>();
        notSeen(notSeen, evidence.count(Outcome.FAILED), "where the comparator failed");
        notSeen(notSeen, evidence.count(Outcome.ABANDONED), "where it took too long");
        evidence.drops().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(drop -> notSeen(
                        notSeen,
                        drop.getValue(),
                        drop.getKey() == Drop.SHED
                                ? "which were shed, since too many were under way"
                                : "which were dropped: " + Words.name(drop.getKey())));
        return finding(
                Question.COMPARED,
                verdict,
                verdict == Verdict.READY && notSeen.isEmpty() ? "" : String.join("; ", sentences),
                notSeen);
    }

    private void notSeen(List<String> notSeen, long count, String which) {
        if (count > 0) {
            long all = evidence.runs() + evidence.dropped();
            notSeen.add("what the candidate does in " + Words.count(count, "further run", "further runs") + " ("
                    + Words.percent((double) count / all) + "), " + which);
        }
    }

    private Rate lost() {
        return new Rate(
                evidence.notCompared(), evidence.compared() + evidence.notCompared(), tolerance.maxNotCompared());
    }

    private Rate shed() {
        return new Rate(evidence.shed(), evidence.runs() + evidence.dropped(), tolerance.maxShed());
    }

    private Finding ignored() {
        Rate rate = new Rate(evidence.ignoredByRules(), evidence.compared(), tolerance.maxIgnored());
        List<String> notSeen = new ArrayList<>();
        if (evidence.ignoredByRules() > 0) {
            List<String> reasons = evidence.ignored().keySet().stream()
                    .filter(reason -> !reason.equals(Comparison.NOISE) || evidence.ignoredByRules() > others())
                    .map(reason -> '"' + reason + '"')
                    .toList();
            notSeen.add("whether the differences ignored as " + first(reasons) + " in "
                    + Words.count(evidence.ignoredByRules(), "run", "runs") + " matter");
        }
        if (evidence.ignoredNoise() > 0) {
            List<String> noisy = baselinePlaces();
            notSeen.add("what the candidate does at " + (noisy.isEmpty() ? "noisy places" : first(noisy))
                    + ", where the control differs from itself: differences of "
                    + Words.count(evidence.ignoredNoise(), "run", "runs") + " were ignored");
        }
        return finding(
                Question.IGNORED,
                rate.verdict(),
                evidence.ignoredByRules() == 0 && rate.verdict() == Verdict.READY
                        ? ""
                        : rate.sentence(
                                "of the compared runs differed and were ignored",
                                "of the compared runs may differ and be ignored"),
                notSeen);
    }

    /** What was ignored by rules of the user's. */
    private long others() {
        return evidence.count(Outcome.IGNORED) - evidence.ignored().getOrDefault(Comparison.NOISE, 0L);
    }

    private List<String> baselinePlaces() {
        Sums baseline = evidence.experiment().all().baseline();
        return baseline == null
                ? List.of()
                : baseline.places().keySet().stream()
                        .filter(place -> evidence.isNoise(place) && Noise.isPartOfAValue(place))
                        .toList();
    }

    // ---- enough, lately ----

    private Finding enough() {
        Duration seen = evidence.experiment().seen();
        boolean fewRuns = isTooEarly();
        boolean shortTime = seen.compareTo(tolerance.shortestTime()) < 0;
        String sentence = fewRuns
                ? "only " + Words.count(evidence.compared(), "run was", "runs were")
                        + " compared, and a verdict needs at least " + Words.number(tolerance.fewestRuns())
                : "";
        if (shortTime) {
            sentence += (fewRuns ? "; " : "") + "runs were seen for only " + Words.time(seen) + ", and a verdict needs "
                    + Words.time(tolerance.shortestTime());
        }
        long threw = evidence.controlExceptions().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        boolean neverReturned = evidence.runs() > 0 && threw >= evidence.runs();
        if (neverReturned) {
            sentence += (sentence.isEmpty() ? "" : "; ") + "the control threw in every run, so no value was compared";
        }
        List<String> notSeen = new ArrayList<>();
        int inputs = evidence.experiment().facts().inputs();
        if (inputs > 0 && inputs <= ExperimentEvidence.FEW_INPUTS && evidence.compared() > 10L * inputs) {
            notSeen.add("other inputs: all runs had "
                    + (inputs == 1 ? "the same input" : "one of the same " + inputs + " inputs"));
        }
        return finding(
                Question.ENOUGH,
                fewRuns || shortTime || neverReturned ? Verdict.INCONCLUSIVE : Verdict.READY,
                sentence.isEmpty() ? "runs were seen for " + Words.time(seen) : sentence,
                notSeen);
    }

    /** Plain rates: a veto that needs no proof. */
    private Finding lately() {
        String stopped = evidence.experiment().stopped();
        if (stopped != null) { // it may have been stopped before many runs could show what is wrong
            return finding(Question.LATELY, Verdict.INCONCLUSIVE, "the candidate was stopped: " + stopped, List.of());
        }
        Judge judge = new Judge(evidence.lately(), tolerance);
        CandidateEvidence late = judge.evidence;
        if (late.runs() == evidence.runs() && late.dropped() == evidence.dropped()) {
            return notJudged(Question.LATELY, "all runs are of late", List.of());
        }
        List<String> broken = new ArrayList<>();
        long mismatches = late.trueMismatches();
        if (mismatches > tolerance.maxMismatchRate() * late.compared()) {
            broken.add(Words.number(mismatches) + " of the last " + Words.count(late.compared(), "run", "runs")
                    + " mismatched" + judge.where());
        }
        if (judge.lost().isTooHigh()) {
            broken.add(Words.number(late.notCompared()) + " runs were not compared lately");
        }
        if (judge.shed().isTooHigh()) {
            broken.add(Words.number(late.shed()) + " runs were shed lately");
        }
        if (late.ignoredByRules() > tolerance.maxIgnored() * late.compared()) {
            broken.add(Words.number(late.ignoredByRules()) + " runs were ignored lately");
        }
        if (judgesTime && judge.isSurelySlower()) {
            broken.add("the candidate was slower lately");
        }
        if (!broken.isEmpty()) {
            return finding(Question.LATELY, Verdict.INCONCLUSIVE, String.join("; ", broken), List.of());
        }
        List<String> notSeen =
                late.runs() == 0 && evidence.runs() > 0 ? List.of("any run in the last half hour") : List.<String>of();
        return finding(Question.LATELY, Verdict.READY, "", notSeen);
    }

    // ---- fast ----

    /** One-sided: each bound is missed with the probability given, half of it on either side. */
    static Estimate timeRatio(CandidateEvidence evidence, double part, double alpha) {
        Estimate control = evidence.controlTimes().quantileNanos(part, alpha);
        Estimate mine = evidence.candidateTimes().quantileNanos(part, alpha);
        return new Estimate(
                // a coarse clock's zero is less than a nanosecond
                mine.value() / Math.max(1, control.value()),
                new Interval(
                        mine.interval().lower() / Math.max(1, control.interval().upper()),
                        control.interval().lower() < 1
                                ? Double.POSITIVE_INFINITY
                                : mine.interval().upper() / control.interval().lower()));
    }

    /** How much longer the candidate takes at a quantile, in nanoseconds, by the same bounds. */
    private Interval more(double part, double alpha) {
        Interval control = evidence.controlTimes().quantileNanos(part, alpha).interval();
        Interval mine = evidence.candidateTimes().quantileNanos(part, alpha).interval();
        return new Interval(mine.lower() - control.upper(), mine.upper() - control.lower());
    }

    private boolean isSurelySlower() {
        return tolerance.maxSlowDown().entrySet().stream()
                .anyMatch(limit -> isSlower(limit.getKey(), limit.getValue()));
    }

    private boolean isSlower(double part, double max) {
        return timeRatio(evidence, part, shared).interval().lower() > max
                && more(part, shared).lower() >= CLOCK_NANOS;
    }

    private Finding fast() {
        if (!judgesTime) {
            String why = evidence.timesUnfair() == null ? "any slow-down is tolerated" : evidence.timesUnfair();
            return notJudged(
                    Question.FAST, "time was not judged, since " + why, List.of("whether it is as fast, since " + why));
        }
        List<String> slow = new ArrayList<>();
        List<String> slowBriefly = new ArrayList<>();
        List<String> open = new ArrayList<>();
        List<String> good = new ArrayList<>();
        tolerance.maxSlowDown().forEach((part, max) -> {
            String where = " in " + (part == 0.5 ? "half of the runs" : Words.percent(part));
            String who = part == 0.5 ? "half of the runs" : "the slowest " + Words.percent(1 - part);
            String allowed = ", " + Words.ratio(max) + " allowed";
            double upper = timeRatio(evidence, part, alpha).interval().upper();
            if (isSlower(part, max)) {
                double lower = timeRatio(evidence, part, shared).interval().lower();
                String brief = who + " take at least " + Words.ratioDown(lower) + " times as long";
                slow.add(brief + allowed);
                slowBriefly.add(brief);
            } else if (upper <= max) {
                good.add("at most " + Words.ratioUp(upper) + " times as long" + where);
            } else if (more(part, alpha).upper() < CLOCK_NANOS) {
                good.add("less than " + Words.duration(CLOCK_NANOS) + " longer" + where);
            } else {
                open.add(who + " may take "
                        + (upper == Double.POSITIVE_INFINITY
                                ? "any time: too few were seen"
                                : "up to " + Words.ratioUp(upper) + " times as long" + allowed));
            }
        });
        double mean = evidence.meanTimeRatio();
        double max = tolerance.maxMeanSlowDown();
        double meanMore = evidence.candidateTimes().usualMeanNanos()
                - evidence.controlTimes().usualMeanNanos();
        if (mean > max && meanMore >= CLOCK_NANOS) {
            open.add("on the mean it takes " + Words.ratio(mean) + " times as long, " + Words.ratio(max) + " allowed");
        } else {
            good.add(Words.ratio(mean) + " times as long on the mean");
        }
        if (!slow.isEmpty()) {
            return new Finding(
                    Question.FAST,
                    Verdict.NOT_READY,
                    true,
                    String.join("; ", slow),
                    String.join("; ", slowBriefly),
                    List.of());
        }
        if (!open.isEmpty()) {
            return finding(Question.FAST, Verdict.INCONCLUSIVE, String.join("; ", open), List.of());
        }
        return finding(Question.FAST, Verdict.READY, "it takes " + String.join(", ", good), List.of());
    }

    // ---- what they share ----

    private static Finding finding(Question question, Verdict verdict, String sentence, List<String> notSeen) {
        return new Finding(question, verdict, true, sentence, sentence, notSeen);
    }

    private static Finding notJudged(Question question, String sentence, List<String> notSeen) {
        return new Finding(question, Verdict.READY, false, sentence, sentence, notSeen);
    }

    private static Verdict worse(Verdict one, Verdict other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** How often something happened, and may. */
    private final class Rate {
        private final long hits;
        private final long trials;
        private final double max;

        Rate(long hits, long trials, double max) {
            this.hits = hits;
            this.trials = trials;
            this.max = max;
        }

        Verdict verdict() {
            return Intervals.isBelow(max, hits, trials, alpha)
                    ? Verdict.READY
                    : Intervals.isAbove(max, hits, trials, shared) ? Verdict.NOT_READY : Verdict.INCONCLUSIVE;
        }

        boolean isTooHigh() {
            return hits > max * trials;
        }

        /** @param whatMay what it is as long as nobody knows */
        String sentence(String what, String whatMay) {
            String allowed = Words.percent(max);
            return switch (verdict()) {
                case READY ->
                    "at most " + Words.percentUp(Intervals.anytimeUpper(hits, trials, alpha)) + " " + what
                            + ", within the " + allowed + " allowed";
                case NOT_READY ->
                    "at least " + Words.percentDown(Intervals.anytimeLower(hits, trials, shared)) + " " + what
                            + ", above the " + allowed + " allowed";
                case INCONCLUSIVE ->
                    "up to " + Words.percentUp(Intervals.anytimeUpper(hits, trials, alpha)) + " " + whatMay + ", "
                            + allowed + " is allowed";
            };
        }

        OptionalLong more() {
            return fewest(runs -> Intervals.isBelow(max, hits, trials + runs, alpha));
        }
    }

    @SuppressWarnings("EnumOrdinal") // there is one finding for each question, in their order
    private OptionalLong moreRuns(List<Finding> findings) {
        boolean isKnown = findings.get(Question.LATELY.ordinal()).verdict() == Verdict.READY
                && findings.get(Question.FAST.ordinal()).verdict() == Verdict.READY
                && !differsMoreThanNoise();
        if (!isKnown) {
            return OptionalLong.empty();
        }
        long most = Math.max(0, tolerance.fewestRuns() - evidence.compared());
        List<Rate> rates = List.of(
                new Rate(evidence.trueMismatches(), evidence.compared(), tolerance.maxMismatchRate()),
                lost(),
                shed(),
                new Rate(evidence.ignoredByRules(), evidence.compared(), tolerance.maxIgnored()));
        for (Rate rate : rates) {
            OptionalLong more = rate.more();
            if (more.isEmpty()) {
                return OptionalLong.empty();
            }
            most = Math.max(most, more.getAsLong());
        }
        return OptionalLong.of(most);
    }

    /** The fewest further runs that would do, where each one more helps. */
    private static OptionalLong fewest(LongPredicate enough) {
        if (enough.test(0)) {
            return OptionalLong.of(0);
        }
        long few = 0;
        long many = 1;
        while (!enough.test(many)) {
            few = many;
            many *= 2;
            if (many > MOST_RUNS) {
                return OptionalLong.empty();
            }
        }
        while (many - few > 1) {
            long middle = (few + many) >>> 1;
            if (enough.test(middle)) {
                many = middle;
            } else {
                few = middle;
            }
        }
        return OptionalLong.of(many);
    }
}
