package dev.scientist.junit;

import dev.scientist.Comparison;
import dev.scientist.Drop;
import dev.scientist.Experiment;
import dev.scientist.Operation;
import dev.scientist.Outcome;
import dev.scientist.Result;
import dev.scientist.Scientist;
import dev.scientist.publish.RecordingPublisher;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What one test saw of its experiments, and the judgment on it. Keeps only the first few problems and counts the rest.
 * Thread-safe.
 */
final class Session {

    /** How many problems are told in full. */
    static final int MAX_PROBLEMS = 20;

    private static final ThreadLocal<@Nullable Session> CURRENT = new ThreadLocal<>();

    private final Rules rules;
    private final long seed;
    private final Scientist scientist;
    private final Watch watch = new Watch(this);
    private final Seeds.Drawn random;
    private final @Nullable Faults faults;
    private final RecordingPublisher recording = new RecordingPublisher();

    // all guarded by this
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, Long> runs = new TreeMap<>();
    private final BitSet met = new BitSet();
    private long furtherProblems;
    private boolean hasOwnExperiments;
    private @Nullable Result<?> latest;

    /** Of experiments that others have defined. Set at the start. */
    private Map<Experiment<?>, Long> startedBefore = Map.of();

    Session(Rules rules, long seed, UnaryOperator<Scientist.Builder> settings) {
        this.rules = rules;
        this.seed = seed;
        random = new Seeds.Drawn(seed);
        WithFaults wanted = rules.faults();
        faults = wanted == null ? null : Faults.of(seed, wanted.probability(), wanted.value());
        Scientist.Builder builder = settings.apply(Scientist.builder()
                .publisher(watch)
                .failureHandler(this::failed)
                .random(random));
        Faults around = faults == null ? null : faults.withoutHanging();
        scientist = Watch.unseen(around == null ? builder : faulty(builder, around));
    }

    private static Scientist.Builder faulty(Scientist.Builder builder, Faults faults) {
        return builder.publisher(faults.publisher(result -> {}))
                .defaultGate(faults.gate((request, input) -> true))
                .context(() -> {
                    faults.strike();
                    return Map.of();
                });
    }

    /** What misbehaves in this test, null if nothing is to. */
    @Nullable
    Faults faults() {
        return faults;
    }

    /** The session of the test that runs on this thread. */
    static @Nullable Session current() {
        return CURRENT.get();
    }

    /** To be called on the thread of the test, before it. */
    void start() {
        CURRENT.set(this);
        startedBefore = Watch.startedSoFar();
        Watch.add(this);
    }

    Scientist scientist() {
        return scientist;
    }

    RecordingPublisher recording() {
        return recording;
    }

    synchronized void defined() {
        hasOwnExperiments = true;
    }

    /** Whether what it finds arrives here. */
    boolean sees(Experiment<?> experiment) {
        return watch.knows(experiment);
    }

    synchronized void publish(Result<?> result) {
        latest = result;
        recording.publish(result);
        runs.merge(result.experiment().name(), 1L, Long::sum);
        for (Comparison<?> comparison : result.comparisons()) {
            if (isWrong(result, comparison)) {
                add(Problem.of(result, comparison));
            }
        }
        Comparison<?> baseline = result.baseline();
        if (baseline != null && baseline.outcome() == Outcome.FAILED) {
            add(Problem.of(result, baseline));
        }
    }

    private boolean isWrong(Result<?> result, Comparison<?> comparison) {
        return switch (comparison.outcome()) {
            case MATCHED -> false;
            case MISMATCHED -> {
                int expectation = rules.expectationMet(result, comparison);
                if (expectation >= 0) {
                    met.set(expectation);
                }
                yield expectation < 0;
            }
            case IGNORED -> !rules.allowsToIgnore(comparison);
            case FAILED, ABANDONED -> true;
        };
    }

    synchronized void dropped(Experiment<?> experiment, Drop reason) {
        recording.dropped(experiment, reason);
        add(Problem.of("experiment '" + experiment.name() + "': a run was dropped as " + reason
                + ", so nothing was compared"));
    }

    synchronized void failed(String experiment, Operation operation, Throwable failure) {
        // a comparator's failure is told with the comparison that could not be made
        if (operation != Operation.COMPARE) {
            add(new Problem(
                    "experiment '" + experiment + "': " + operation + " failed with " + Problem.throwable(failure),
                    null,
                    failure));
        }
    }

    /** The latest result since the last call. */
    synchronized @Nullable Result<?> takeLatest() {
        Result<?> result = latest;
        latest = null;
        return result;
    }

    /** Waits for the runs of its own scientist. Returns which have not ended. */
    List<String> awaitOwn() {
        return watch.await(Map.of());
    }

    /** The problems since the last call. */
    synchronized List<Problem> drain() {
        List<Problem> drained = List.copyOf(problems);
        problems.clear();
        return drained;
    }

    private void add(Problem problem) {
        if (faults != null) {
            return; // whatever it is, it was asked for
        }
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(problem);
        } else {
            furtherProblems++;
        }
    }

    /**
     * Waits for what is under way in the background, and judges. To be called on the thread of the test, after it.
     *
     * @param testFailed whether the test failed by itself, so that what it did not get to do is no news
     * @throws AssertionError if the test is to fail
     */
    void finish(boolean testFailed) {
        if (faults != null) {
            faults.close();
        }
        List<String> unfinished = new ArrayList<>(awaitOwn());
        unfinished.addAll(Watch.awaitAll(startedBefore));
        CURRENT.remove();
        Watch.remove(this);
        synchronized (this) {
            unfinished.forEach(text -> add(Problem.of(text)));
        }
        scientist.close();
        AssertionError error = judgment(testFailed);
        if (error != null) {
            throw error;
        }
    }

    private synchronized @Nullable AssertionError judgment(boolean testFailed) {
        List<Problem> all = new ArrayList<>(problems);
        if (furtherProblems > 0) {
            all.add(Problem.of("and " + furtherProblems + " more like these"));
        }
        if (!testFailed) {
            addWhatIsMissing(all);
        }
        return all.isEmpty()
                ? null
                : Problem.combined(
                        "what the experiments of this test found",
                        all,
                        seedMatters(all) ? Seeds.howToRepeat(seed) : null);
    }

    /** Whether a run with the same seed could show more: where something was compared in an order that was drawn. */
    private boolean seedMatters(List<Problem> all) {
        return random.isDrawn() && all.stream().anyMatch(problem -> problem.comparison() != null);
    }

    private void addWhatIsMissing(List<Problem> all) {
        for (int i = 0; i < rules.expected().size(); i++) {
            ExpectMismatch expectation = rules.expected().get(i);
            if (!met.get(i)) {
                all.add(Problem.of("expected a mismatch of " + whichOne(expectation.value())
                        + (expectation.at().length == 0 ? "" : " at nothing but " + String.join(", ", expectation.at()))
                        + ", but there was none; " + whatRan()));
            }
        }
        for (AtLeastRuns wanted : rules.runs()) {
            long seen = runs.entrySet().stream()
                    .filter(entry -> Rules.isNamed(wanted.experiment(), entry.getKey()))
                    .mapToLong(Map.Entry::getValue)
                    .sum();
            if (seen < wanted.value()) {
                all.add(Problem.of("expected at least " + wanted.value() + " results of "
                        + whichOne(wanted.experiment()) + ", but there were " + seen + "; " + whatRan()));
            }
        }
        if (faults != null && faults.strikes() == 0) {
            all.add(Problem.of("none of the " + faults + " has struck in " + faults.chances()
                    + " chances, so the test proves nothing"));
        }
        if (rules.runs().isEmpty() && hasOwnExperiments && runs.isEmpty()) {
            all.add(Problem.of("no experiment of this test has run, so it proves nothing: is a gate closed? "
                    + "If that is meant, say @AtLeastRuns(0)"));
        }
    }

    private static String whichOne(String experiment) {
        return experiment.isEmpty() ? "any experiment" : "experiment '" + experiment + "'";
    }

    private String whatRan() {
        return runs.isEmpty() ? "no experiment has run" : "results by experiment: " + runs;
    }
}
