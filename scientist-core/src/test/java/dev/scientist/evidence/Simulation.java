package dev.scientist.evidence;

import dev.scientist.Difference;
import dev.scientist.Drop;
import dev.scientist.Experiment;
import dev.scientist.Scientist;
import dev.scientist.evidence.Conclusion.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Plays many teams that run an experiment 100,000 times and look at its evidence again and again, after 1,000 runs, then
 * each time there are 5% more. All is as in production, but for the clocks and the random numbers.
 */
final class Simulation {

    static final int RUNS = 100_000;
    private static final int FIRST_LOOK = 1_000;
    private static final double NEXT_LOOK = 1.05;
    private static final double ALPHA = 0.05;
    private static final double[] PARTS = {0.5, 0.95, 0.99};
    /** The runs may be as quick as they like. */
    private static final Tolerance TOLERANCE = Tolerance.standard().shortestTime(Duration.ZERO);

    /** How long the two take in a run; nanoseconds. */
    interface Times {
        /** @param run counted from 0 */
        long next(boolean candidate, int run);
    }

    /** Times, by how many times slower the candidate is. */
    record TimeRow(String name, double atTolerance, TimesOf times) {}

    interface TimesOf {
        Times of(Random random, double ratio);
    }

    /**
     * What was found.
     *
     * @param missed the part of the repetitions in which an interval ever missed the truth
     * @param falseAt the part in which READY was ever said, though the truth is at the tolerance
     * @param falseTwice the same with the truth at twice the tolerance
     * @param ready the part in which READY was said, of a candidate that is as it should be
     * @param soon the same within 60,000 runs
     * @param median after how many runs it was said in half of the repetitions, the largest long if in less than half
     * @param late the same in 95%
     */
    record Found(
            String name,
            double missed,
            double falseAt,
            double falseTwice,
            double ready,
            double soon,
            long median,
            long late) {

        String line() {
            return String.format(
                    Locale.ROOT,
                    "| %-42s | %6s | %6s | %6s | %6s | %8s | %8s |",
                    name,
                    percent(missed),
                    percent(falseAt),
                    percent(falseTwice),
                    percent(soon),
                    runs(median),
                    runs(late));
        }

        private static String percent(double part) {
            return Double.isNaN(part) ? "" : String.format(Locale.ROOT, "%.1f%%", 100 * part);
        }

        private static String runs(long runs) {
            return runs < 0 ? "" : runs == Long.MAX_VALUE ? "> 100,000" : String.format(Locale.ROOT, "%,d", runs);
        }
    }

    static final String HEADER =
            "| situation | interval misses | false READY at | at twice | READY in 60,000 | half by |"
                    + " 95% by |\n|---|---|---|---|---|---|---|";

    private final long seed;
    private final int repetitions;

    Simulation(long seed, int repetitions) {
        this.seed = seed;
        this.repetitions = repetitions;
    }

    // ---- rates ----

    /** A candidate that mismatches at a rate, where one in a thousand is tolerated. */
    Found rate(double rate) {
        Tolerance tolerance = TOLERANCE.maxSlowDown(Double.POSITIVE_INFINITY);
        int missed = 0;
        List<Long> ready = new ArrayList<>();
        for (int i = 0; i < repetitions; i++) {
            Random random = new Random(seed + i);
            Team team = new Team(
                    random,
                    ANY,
                    (candidate, run) -> new Answer(1, candidate && random.nextDouble() < rate ? 2 : 1),
                    tolerance);
            boolean[] miss = {false};
            ready.add(team.play(0, evidence -> {
                miss[0] |= !evidence.mismatchRate(ALPHA).interval().contains(rate);
                return true;
            }));
            missed += miss[0] ? 1 : 0;
        }
        double isReady = part(ready, Long.MAX_VALUE - 1);
        boolean wrong = rate >= tolerance.maxMismatchRate();
        return new Found(
                String.format(Locale.ROOT, "mismatch rate %s", Words.percent(rate)),
                (double) missed / repetitions,
                rate == tolerance.maxMismatchRate() ? isReady : Double.NaN,
                rate >= 2 * tolerance.maxMismatchRate() ? isReady : Double.NaN,
                wrong ? Double.NaN : isReady,
                wrong ? Double.NaN : part(ready, 60_000),
                wrong ? -1 : at(ready, 0.5),
                wrong ? -1 : at(ready, 0.95));
    }

    // ---- times ----

    static List<TimeRow> timeRows() {
        return List.of(
                scaled("lognormal, sigma 1", random -> (candidate, run) -> lognormal(random, 1)),
                scaled("lognormal, sigma 2", random -> (candidate, run) -> lognormal(random, 2)),
                scaled("Pareto 1.5", random -> (candidate, run) -> pareto(random)),
                scaled(
                        "pauses, 0.2% x 1,000",
                        random -> (candidate, run) -> lognormal(random, 0.5) * (random.nextInt(500) == 0 ? 1_000 : 1)),
                scaled(
                        "pauses, 0.1% x 10,000",
                        random ->
                                (candidate, run) -> lognormal(random, 0.5) * (random.nextInt(1_000) == 0 ? 10_000 : 1)),
                scaled(
                        "drift to 3 times as long",
                        random -> (candidate, run) -> lognormal(random, 1) * (RUNS + 2L * run) / RUNS),
                scaled("shared cache, the first pays 100 us", random -> new Times() {
                    private int filled = -1;

                    @Override
                    public long next(boolean candidate, int run) {
                        boolean pays = filled != run;
                        filled = run;
                        return lognormal(random, 1) + (pays ? 100_000 : 0);
                    }
                }),
                coarse("coarse clock, 2.5 ticks in the median", 4_000),
                coarse("coarse clock, a tick ends at the median", 5_000),
                new TimeRow(
                        "slower in the longest 2% only",
                        2, (random, ratio) -> (candidate, run) -> {
                            double z = random.nextGaussian();
                            return (long) (10_000 * Math.exp(z) * (candidate && z > 2.0537 ? ratio : 1));
                        }),
                scaled(
                        "control cold for 3,000 runs, 10 times",
                        random -> (candidate, run) -> lognormal(random, 1) * (!candidate && run < 3_000 ? 10 : 1)),
                scaled(
                        "candidate cold for 3,000 runs, 10 times",
                        random -> (candidate, run) -> lognormal(random, 1) * (candidate && run < 3_000 ? 10 : 1)),
                scaled(
                        "control cold for 10,000 runs, 10 times",
                        random -> (candidate, run) -> lognormal(random, 1) * (!candidate && run < 10_000 ? 10 : 1)),
                scaled("autocorrelated, 0.99 from run to run", random -> new Times() {
                    private double load;
                    private int last = -1;

                    @Override
                    public long next(boolean candidate, int run) {
                        if (run != last) {
                            last = run;
                            load = 0.99 * load + Math.sqrt(1 - 0.99 * 0.99) * random.nextGaussian();
                        }
                        return (long) (10_000 * Math.exp(load + 0.3 * random.nextGaussian()));
                    }
                }));
    }

    private static TimeRow coarse(String name, long tick) {
        return new TimeRow(
                name,
                1.2,
                (random, ratio) ->
                        (candidate, run) -> (long) (lognormal(random, 1) * (candidate ? ratio : 1) / tick) * tick);
    }

    private static TimeRow scaled(String name, Function<Random, Times> times) {
        return new TimeRow(name, 1.2, (random, ratio) -> {
            Times same = times.apply(random);
            return (candidate, run) -> (long) (same.next(candidate, run) * (candidate ? ratio : 1));
        });
    }

    private static long lognormal(Random random, double sigma) {
        return (long) (10_000 * Math.exp(sigma * random.nextGaussian()));
    }

    private static long pareto(Random random) {
        return (long) (10_000 * Math.pow(1 - random.nextDouble(), -1 / 1.5));
    }

    /** Identical code, then a candidate at the tolerance, then at twice that. */
    Found times(TimeRow row) {
        int missed = 0;
        List<Long> ready = new ArrayList<>();
        for (int i = 0; i < repetitions; i++) {
            Random random = new Random(seed + i);
            Team team = new Team(random, row.times().of(random, 1), RIGHT, TOLERANCE);
            boolean[] miss = {false};
            ready.add(team.play(0, evidence -> {
                for (double part : PARTS) {
                    // identical code has the same quantiles, whatever they are
                    miss[0] |= !evidence.timeRatio(part, ALPHA).interval().contains(1);
                }
                return true;
            }));
            missed += miss[0] ? 1 : 0;
        }
        return new Found(
                row.name(),
                (double) missed / repetitions,
                everReady(row, row.atTolerance()),
                everReady(row, 2 * row.atTolerance()),
                part(ready, Long.MAX_VALUE - 1),
                part(ready, 60_000),
                at(ready, 0.5),
                at(ready, 0.95));
    }

    private double everReady(TimeRow row, double ratio) {
        int wrong = 0;
        for (int i = 0; i < repetitions; i++) {
            Random random = new Random(seed + i);
            Team team = new Team(random, row.times().of(random, ratio), RIGHT, TOLERANCE);
            wrong += team.play(0, evidence -> false) < Long.MAX_VALUE ? 1 : 0;
        }
        return (double) wrong / repetitions;
    }

    private double part(List<Long> ready, long within) {
        return (double) ready.stream().filter(runs -> runs <= within).count() / repetitions;
    }

    private static long at(List<Long> ready, double part) {
        List<Long> sorted = ready.stream().sorted().toList();
        return sorted.get((int) Math.ceil(part * sorted.size()) - 1);
    }

    // ---- situations ----

    record Answer(int id, int price) {}

    interface Answers {
        Answer of(boolean candidate, int run);
    }

    /** What else happens in a run. */
    interface Meanwhile {
        void run(EvidencePublisher evidence, Experiment<?> experiment, int run);
    }

    /**
     * A candidate that nobody should cut over to.
     *
     * @param from the run at which it becomes so
     */
    record Situation(
            String name,
            int from,
            Function<Random, Times> times,
            Function<Random, Answers> answers,
            UnaryOperator<Experiment.Builder<Answer>> settings,
            Meanwhile meanwhile) {

        static Situation wrong(
                String name, Function<Random, Answers> answers, UnaryOperator<Experiment.Builder<Answer>> settings) {
            return new Situation(name, 0, random -> ANY, answers, settings, (evidence, experiment, run) -> {});
        }

        static Situation slow(String name, Function<Random, Times> times) {
            return new Situation(
                    name, 0, times, random -> RIGHT, settings -> settings, (evidence, experiment, run) -> {});
        }
    }

    private static final Times ANY = (candidate, run) -> 10_000;
    private static final Answers RIGHT = (candidate, run) -> new Answer(1, 1);

    static List<Situation> situations() {
        return List.of(
                Situation.wrong(
                        "a random id; the price wrong in 2%",
                        random -> (candidate, run) ->
                                new Answer(random.nextInt(), candidate && random.nextInt(50) == 0 ? 2 : 1),
                        settings -> settings.baseline((request, input) -> true)),
                Situation.wrong(
                        "the same, ignoringNoise()",
                        random -> (candidate, run) ->
                                new Answer(random.nextInt(), candidate && random.nextInt(50) == 0 ? 2 : 1),
                        settings -> settings.baseline((request, input) -> true).ignoringNoise()),
                Situation.wrong(
                        "dropped in the tenth where it is wrong",
                        random -> (candidate, run) -> new Answer(1, run % 10 == 0 ? (candidate ? 2 : -1) : 1),
                        settings -> settings.snapshot(value -> {
                            if (value.price() < 0) {
                                throw new IllegalStateException();
                            }
                            return value;
                        })),
                new Situation(
                        "75% of the runs shed",
                        0, random -> ANY, random -> RIGHT, settings -> settings, (evidence, experiment, run) -> {
                            for (int i = 0; i < 3; i++) {
                                evidence.dropped(experiment, Drop.SHED);
                            }
                        }),
                Situation.wrong(
                        "all ignored by a rule that is too wide",
                        random -> (candidate, run) -> new Answer(1, candidate ? 2 : 1),
                        settings -> settings.ignore("rounding", (control, candidate) -> true)),
                new Situation(
                        "wrong in 1% from run 95,000 on",
                        96_000,
                        random -> ANY,
                        random -> (candidate, run) ->
                                new Answer(1, candidate && run > 95_000 && random.nextInt(100) == 0 ? 2 : 1),
                        settings -> settings,
                        (evidence, experiment, run) -> {}),
                Situation.slow(
                        "10 times as long in 2% of the calls",
                        random -> (candidate, run) ->
                                lognormal(random, 0.5) * (candidate && random.nextInt(50) == 0 ? 10 : 1)),
                Situation.slow(
                        "100 times as long in 2% of the calls",
                        random -> (candidate, run) ->
                                lognormal(random, 0.5) * (candidate && random.nextInt(50) == 0 ? 100 : 1)),
                Situation.slow(
                        "1.5 times, the control cold for 3,000 runs",
                        random -> (candidate, run) ->
                                lognormal(random, 0.5) * (candidate ? 3 : run < 3_000 ? 20 : 2) / 2),
                Situation.slow("1.45 times, a cache warmed by the first", random -> new Times() {
                    private int filled = -1;

                    @Override
                    public long next(boolean candidate, int run) {
                        boolean pays = filled != run;
                        filled = run;
                        return (candidate ? 60_000 : 10_000) + (pays ? 100_000 : 0) + lognormal(random, 0.5) / 10;
                    }
                }));
    }

    Found situation(Situation situation) {
        int wrong = 0;
        for (int i = 0; i < repetitions; i++) {
            Random random = new Random(seed + i);
            Team team = new Team(
                    random,
                    situation.times().apply(random),
                    situation.answers().apply(random),
                    situation.settings(),
                    situation.meanwhile(),
                    TOLERANCE);
            wrong += team.play(situation.from(), evidence -> false) < Long.MAX_VALUE ? 1 : 0;
        }
        return new Found(
                situation.name(), Double.NaN, Double.NaN, (double) wrong / repetitions, Double.NaN, Double.NaN, -1, -1);
    }

    interface Look {
        /** Returns whether to go on once it is READY. */
        boolean at(CandidateEvidence evidence);
    }

    /** One experiment, and whoever looks at it. */
    private static final class Team {
        private final AtomicLong nanos = new AtomicLong();
        private final AtomicLong millis = new AtomicLong(EvidenceLab.START.toEpochMilli());
        private final Random order;
        private final Times times;
        private final Answers answers;
        private final UnaryOperator<Experiment.Builder<Answer>> settings;
        private final Meanwhile meanwhile;
        private final Tolerance tolerance;

        Team(Random random, Times times, Answers answers, Tolerance tolerance) {
            this(random, times, answers, builder -> builder, (evidence, experiment, run) -> {}, tolerance);
        }

        Team(
                Random random,
                Times times,
                Answers answers,
                UnaryOperator<Experiment.Builder<Answer>> settings,
                Meanwhile meanwhile,
                Tolerance tolerance) {
            order = new Random(random.nextLong());
            this.times = times;
            this.answers = answers;
            this.settings = settings;
            this.meanwhile = meanwhile;
            this.tolerance = tolerance;
        }

        private static List<Difference> compare(Answer control, Answer candidate) {
            List<Difference> differences = new ArrayList<>();
            if (control.id() != candidate.id()) {
                differences.add(Difference.of("id", control.id(), candidate.id()));
            }
            if (control.price() != candidate.price()) {
                differences.add(Difference.of("price", control.price(), candidate.price()));
            }
            return differences;
        }

        private Answer answer(boolean candidate, int run) {
            nanos.addAndGet(times.next(candidate, run));
            return answers.of(candidate, run);
        }

        /** Returns after how many runs it was READY first, the largest long if never. */
        long play(int from, Look look) {
            EvidencePublisher evidence = EvidencePublisher.builder()
                    .clock(() -> Instant.ofEpochMilli(millis.get()))
                    .build();
            long ready = Long.MAX_VALUE;
            try (Scientist scientist = Scientist.builder()
                    .publisher(evidence)
                    .clock(nanos::get)
                    .random(order)
                    .failureHandler((experiment, operation, failure) -> {})
                    .build()) {
                Experiment<Answer> experiment = settings.apply(
                                scientist.<Answer>experiment("simulated").comparator(Team::compare))
                        .build();
                double next = FIRST_LOOK;
                for (int i = 0; i < RUNS; i++) {
                    int run = i;
                    experiment.run(() -> answer(false, run), () -> answer(true, run));
                    meanwhile.run(evidence, experiment, run);
                    millis.addAndGet(20);
                    if (run + 1 >= next || run + 1 == RUNS) {
                        next *= NEXT_LOOK;
                        CandidateEvidence seen = evidence.evidence("simulated")
                                .orElseThrow()
                                .candidates()
                                .get(0);
                        boolean goesOn = look.at(seen);
                        if (ready == Long.MAX_VALUE
                                && run >= from
                                && seen.conclusion(tolerance).verdict() == Verdict.READY) {
                            ready = run + 1;
                            if (!goesOn) {
                                break;
                            }
                        }
                    }
                }
            }
            return ready;
        }
    }
}
