package dev.scientist.micrometer;

import dev.scientist.Difference;
import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.ResultComparator;
import dev.scientist.Scientist;
import dev.scientist.evidence.CandidateEvidence;
import dev.scientist.evidence.Conclusion;
import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.evidence.Tolerance;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One JVM of the fleet that {@link FleetOnPrometheusTest} watches: an application with experiments and
 * {@code /metrics}. It counts for itself what it does, and tells that at the end, so that one can compare.
 *
 * <p>Says its port, waits for a line, then works in waves: each lasts until it was scraped. Its clock is made, so that
 * its times are known.
 */
final class FleetMember {

    /** What a run of {@code pricing} is like. */
    private enum Kind {
        MATCH,
        WRONG_TOTAL,
        WRONG_LINES,
        ROUNDING,
        CANDIDATE_THROWS,
        BOTH_THROW,
        COMPARATOR_FAILS
    }

    private record Answer(boolean byCandidate, Kind kind, boolean noisy) {}

    private static final int WAVES = 30;

    private final int runs;
    private final double mismatches;
    private final long controlNanos;
    private final double slowDown;
    private final Random random;

    private final AtomicLong clock = new AtomicLong();
    private final Semaphore scrapes = new Semaphore(0);
    private final Semaphore published = new Semaphore(0);
    private final ExecutorService background = Executors.newSingleThreadExecutor();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final TreeMap<String, Double> truth = new TreeMap<>();
    private final EvidencePublisher evidence = new EvidencePublisher();
    private final Scientist scientist;
    private final Experiment<Answer> pricing;
    private final Experiment<Integer> checkout;

    /** The run under way: there is but one at a time. */
    private int run;

    private FleetMember(int runs, double mismatches, long controlNanos, double slowDown) {
        this.runs = runs;
        this.mismatches = mismatches;
        this.controlNanos = controlNanos;
        this.slowDown = slowDown;
        random = new Random(runs);
        MicrometerPublisher meters = new MicrometerPublisher(registry).histogram();
        scientist = Scientist.builder()
                .clock(clock::get)
                .publisher(meters)
                .publisher(evidence)
                .publisher(new EvidenceMeters(registry, evidence, Tolerance.standard()))
                .failureHandler((experiment, operation, failure) -> {})
                .build();
        pricing = scientist
                .<Answer>experiment("pricing")
                .comparator(comparator())
                .ignore("rounding", (control, candidate) -> candidate != null && candidate.kind == Kind.ROUNDING)
                .baseline((request, input) -> run % 5 == 0)
                .publisher(meters.counting("audit", result -> {
                    if (run % 40 == 0) {
                        throw new IOException("disk full");
                    }
                }))
                .build();
        checkout = scientist
                .<Integer>experiment("checkout")
                .execution(Execution.background().on(command -> {
                    if (run % 10 == 0) {
                        throw new RejectedExecutionException("busy");
                    }
                    background.execute(command);
                }))
                .publisher(result -> published.release())
                .build();
        for (String outcome : List.of("matched", "mismatched", "ignored", "failed", "abandoned")) {
            count("comparisons_total", "experiment=pricing,candidate=candidate,outcome=" + outcome, 0);
            count("comparisons_total", "experiment=checkout,candidate=candidate,outcome=" + outcome, 0);
            count("baseline_comparisons_total", "experiment=pricing,outcome=" + outcome, 0);
        }
    }

    private static ResultComparator<Answer> comparator() {
        return (control, candidate) -> {
            if (!candidate.byCandidate) {
                return candidate.noisy ? List.of(Difference.of("total", 1, 2)) : List.of();
            }
            return switch (candidate.kind) {
                case WRONG_TOTAL -> List.of(Difference.of("total", 1, 2));
                case WRONG_LINES ->
                    List.of(Difference.of("lines[0].price", 1, 2), Difference.of("lines[1].price", 1, 2));
                case ROUNDING -> List.of(Difference.of("tax", 1, 2));
                case COMPARATOR_FAILS -> throw new IllegalArgumentException("cannot compare");
                default -> List.of();
            };
        };
    }

    /** Arguments: runs, probability of a mismatch, nanoseconds of the control, slow-down of the candidate. */
    public static void main(String[] args) throws Exception {
        PrintStream told = System.out;
        System.setOut(System.err); // where logs go
        FleetMember member = new FleetMember(
                Integer.parseInt(args[0]),
                Double.parseDouble(args[1]),
                Long.parseLong(args[2]),
                Double.parseDouble(args[3]));
        told.println("port " + MemberJvm.serve(member.registry, member.scrapes::release));
        System.in.read();
        member.work();
        member.conclude();
        member.truth.forEach((series, value) -> told.println("truth " + series + " " + value));
        told.println("done");
        // until the test is over or gone
        while (System.in.read() >= 0) {}
        System.exit(0);
    }

    private void work() throws InterruptedException {
        awaitScrapes(2);
        for (int wave = 0; wave < WAVES; wave++) {
            for (; run < runs * (wave + 1L) / WAVES; run++) {
                price(run < Kind.values().length ? Kind.values()[run] : anyKind());
                checkOut();
            }
            awaitScrapes(wave < WAVES - 1 ? 1 : 4);
        }
    }

    /** What its evidence says, and its gauges must too. */
    private void conclude() {
        for (String experiment : List.of("pricing", "checkout")) {
            CandidateEvidence found =
                    evidence.evidence(experiment).orElseThrow().candidates().get(0);
            Conclusion conclusion = found.conclusion(Tolerance.standard());
            String labels = "experiment=" + experiment + ",candidate=candidate";
            count(
                    "evidence_conclusion",
                    labels,
                    switch (conclusion.verdict()) {
                        case READY -> 1;
                        case INCONCLUSIVE -> 0;
                        case NOT_READY -> -1;
                    });
            conclusion.cleanRunsToReady().ifPresent(more -> count("evidence_runs_to_ready", labels, more));
            double ratio = found.timeRatio(0.5, 1 - Tolerance.standard().confidence())
                    .interval()
                    .upper();
            if (Double.isFinite(ratio)) { // else it is unknown
                count("evidence_time_ratio", labels, ratio);
            }
            count("switch", "experiment=" + experiment, 1);
        }
    }

    /** That many scrapes that began after now, or one less. */
    private void awaitScrapes(int number) throws InterruptedException {
        scrapes.drainPermits();
        scrapes.acquire(number);
    }

    private Kind anyKind() {
        if (random.nextDouble() < mismatches) {
            return Kind.values()[random.nextInt(1, 3)];
        }
        double other = random.nextDouble();
        return other < 0.02
                ? Kind.ROUNDING
                : other < 0.03
                        ? Kind.CANDIDATE_THROWS
                        : other < 0.06 ? Kind.BOTH_THROW : other < 0.07 ? Kind.COMPARATOR_FAILS : Kind.MATCH;
    }

    private void price(Kind kind) {
        boolean baseline = run % 5 == 0;
        boolean noisy = run % 250 == 0;
        long nanos = controlNanos * (run % 50 == 0 ? 40 : run % 50 < 5 ? 10 : 1);
        long candidateNanos = (long) (nanos * slowDown);
        try {
            pricing.run(
                    () -> {
                        clock.addAndGet(nanos);
                        if (kind == Kind.BOTH_THROW) {
                            throw new NoSuchElementException("no price");
                        }
                        return new Answer(false, kind, noisy);
                    },
                    () -> {
                        clock.addAndGet(candidateNanos);
                        if (kind == Kind.CANDIDATE_THROWS) {
                            throw new IllegalStateException("no such table");
                        }
                        if (kind == Kind.BOTH_THROW) {
                            throw new NoSuchElementException("no price");
                        }
                        return new Answer(true, kind, noisy);
                    });
        } catch (NoSuchElementException e) {
            // as ever
        }
        count("runs_total", "experiment=pricing,decision=sampled", 1);
        count("duration", "experiment=pricing,behavior=control,seconds=" + nanos / 1e9, 1);
        count("duration", "experiment=pricing,behavior=candidate,seconds=" + candidateNanos / 1e9, 1);
        if (baseline) {
            boolean differs = noisy && kind != Kind.BOTH_THROW;
            count(
                    "baseline_comparisons_total",
                    "experiment=pricing,outcome=" + (differs ? "mismatched" : "matched"),
                    1);
        }
        String audited = run % 40 == 0 ? "failure" : "success";
        count("publications_total", "experiment=pricing,publisher=audit,outcome=" + audited, 1);
        if (audited.equals("failure")) {
            count("failures_total", "experiment=pricing,operation=publish", 1);
        }
        String candidate = "experiment=pricing,candidate=candidate,";
        String behavior = "experiment=pricing,behavior=";
        switch (kind) {
            case MATCH -> count("comparisons_total", candidate + "outcome=matched", 1);
            case WRONG_TOTAL -> {
                count("comparisons_total", candidate + "outcome=mismatched", 1);
                count("differences_total", candidate + "path=total", 1);
            }
            case WRONG_LINES -> {
                count("comparisons_total", candidate + "outcome=mismatched", 1);
                count("differences_total", candidate + "path=lines[*].price", 1);
            }
            case ROUNDING -> {
                count("comparisons_total", candidate + "outcome=ignored", 1);
                count("ignored_total", candidate + "reason=rounding", 1);
            }
            case CANDIDATE_THROWS -> {
                count("comparisons_total", candidate + "outcome=mismatched", 1);
                count("differences_total", candidate + "path=(threw IllegalStateException)", 1);
                count("exceptions_total", behavior + "candidate,exception=IllegalStateException", 1);
            }
            case BOTH_THROW -> {
                count("comparisons_total", candidate + "outcome=matched", 1);
                count("exceptions_total", behavior + "control,exception=NoSuchElementException", 1);
                count("exceptions_total", behavior + "candidate,exception=NoSuchElementException", 1);
            }
            case COMPARATOR_FAILS -> {
                count("comparisons_total", candidate + "outcome=failed", 1);
                count("failures_total", "experiment=pricing,operation=compare", 1);
            }
        }
    }

    private void checkOut() throws InterruptedException {
        checkout.run(
                () -> {
                    clock.addAndGet(1_000_000);
                    return 1;
                },
                () -> {
                    clock.addAndGet(1_000_000);
                    return 1;
                });
        if (run % 10 == 0) {
            count("runs_total", "experiment=checkout,decision=rejected", 1);
            count("failures_total", "experiment=checkout,operation=execute", 1);
        } else {
            published.acquire();
            count("runs_total", "experiment=checkout,decision=sampled", 1);
            count("comparisons_total", "experiment=checkout,candidate=candidate,outcome=matched", 1);
            count("duration", "experiment=checkout,behavior=control,seconds=0.001", 1);
            count("duration", "experiment=checkout,behavior=candidate,seconds=0.001", 1);
        }
    }

    private void count(String metric, String labels, double value) {
        truth.merge("scientist_" + metric + "{" + labels + "}", value, Double::sum);
    }
}
