package dev.scientist.evidence;

import dev.scientist.Drop;
import dev.scientist.Experiment;
import dev.scientist.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the runs of one experiment have shown so far: of one JVM, over its restarts too if it {@linkplain
 * EvidencePublisher.Builder#file keeps} them, or of a {@linkplain FleetEvidence fleet}. Immutable. A snapshot: where runs
 * are under way while it is taken, its numbers need not add up to the last run.
 */
public final class ExperimentEvidence {

    /** Up to so many different inputs are told; more are many. */
    static final int FEW_INPUTS = 20;

    private final String experiment;
    private final Facts facts;
    private final Map<Operation, Long> failures;
    private final Period all;
    private final Period lately;
    /** Null where it is not that of this process: of a saved file or a fleet. */
    private final @Nullable State state;

    private final History history;

    /**
     * What is not counted by runs.
     *
     * @param version the version of the candidates
     * @param at when the snapshot was taken
     * @param seen the time between first and last runs
     * @param inputs how many different inputs there were at most: 0 if that is not known, one more than
     *     {@link #FEW_INPUTS} if many
     * @param ignoresNoise whether differences at noisy places are to be ignored
     * @param missing what this is not about, though it should be: instances that could not be read
     * @param stopped what stopped the candidate in another process because of what it did, null if nothing is known
     */
    record Facts(
            String version,
            Instant at,
            Duration seen,
            int inputs,
            boolean ignoresNoise,
            List<String> missing,
            @Nullable String stopped) {

        Facts {
            missing = List.copyOf(missing);
        }
    }

    ExperimentEvidence(String experiment, Facts facts, Map<Operation, Long> failures, Period all, Period lately) {
        this(experiment, facts, failures, all, lately, null, History.NONE);
    }

    private ExperimentEvidence(
            String experiment,
            Facts facts,
            Map<Operation, Long> failures,
            Period all,
            Period lately,
            @Nullable State state,
            History history) {
        this.experiment = experiment;
        this.facts = facts;
        this.failures = Map.copyOf(failures);
        this.all = all;
        this.lately = lately;
        this.state = state;
        this.history = history;
    }

    ExperimentEvidence with(State state, History history) {
        return new ExperimentEvidence(experiment, facts, failures, all, lately, state, history);
    }

    /** What a later process of the same instance has seen, added to this. */
    ExperimentEvidence continuedBy(ExperimentEvidence later, Period latelyOfBoth) {
        return plus(later, facts.seen.plus(later.facts.seen), latelyOfBoth);
    }

    /** What another instance has seen meanwhile, added to this. */
    ExperimentEvidence besides(ExperimentEvidence other) {
        Duration longer = facts.seen.compareTo(other.facts.seen) > 0 ? facts.seen : other.facts.seen;
        return plus(other, longer, lately.plus(other.lately));
    }

    private ExperimentEvidence plus(ExperimentEvidence other, Duration seen, Period latelyOfBoth) {
        Facts sum = new Facts(
                facts.version,
                facts.at.isAfter(other.facts.at) ? facts.at : other.facts.at,
                seen,
                inputs(other),
                facts.ignoresNoise || other.facts.ignoresNoise,
                Stream.concat(facts.missing.stream(), other.facts.missing.stream())
                        .distinct()
                        .toList(),
                facts.stopped == null ? other.facts.stopped : facts.stopped);
        return new ExperimentEvidence(
                experiment, sum, Sums.sum(failures, other.failures), all.plus(other.all), latelyOfBoth);
    }

    private int inputs(ExperimentEvidence other) {
        if (all.results() == 0) {
            return other.facts.inputs;
        }
        if (other.all.results() == 0) {
            return facts.inputs;
        }
        return facts.inputs == 0 || other.facts.inputs == 0
                ? 0
                : Math.min(facts.inputs + other.facts.inputs, FEW_INPUTS + 1);
    }

    ExperimentEvidence missing(List<String> instances) {
        Facts changed = new Facts(
                facts.version, facts.at, facts.seen, facts.inputs, facts.ignoresNoise, instances, facts.stopped);
        return new ExperimentEvidence(experiment, changed, failures, all, lately);
    }

    /**
     * The experiment's name.
     *
     * @return the name
     */
    public String experiment() {
        return experiment;
    }

    /**
     * Which version of the candidates this is about.
     *
     * @return as given by {@link dev.scientist.Experiment.Builder#evidenceVersion}, else the empty string
     */
    public String version() {
        return facts.version;
    }

    /**
     * When counting began.
     *
     * @return the moment
     */
    public Instant since() {
        return all.since();
    }

    /**
     * When the snapshot was taken.
     *
     * @return the moment
     */
    public Instant at() {
        return facts.at;
    }

    /**
     * For how long runs were seen: from the first to the last of each process, one process after another added up; of
     * several instances the longest.
     *
     * @return the time
     */
    public Duration seen() {
        return facts.seen;
    }

    /**
     * How many results were published.
     *
     * @return the number
     */
    public long results() {
        return all.results();
    }

    /**
     * How many runs ended without a result.
     *
     * @return counts by reason; reasons that never occurred are absent
     */
    public Map<Drop, Long> drops() {
        return all.drops();
    }

    /**
     * How many user-supplied parts failed.
     *
     * @return counts by what they were doing; what never failed is absent
     */
    public Map<Operation, Long> failures() {
        return failures;
    }

    /**
     * The candidates that were seen.
     *
     * @return by name
     */
    public List<CandidateEvidence> candidates() {
        return new TreeSet<>(all.candidates().keySet())
                .stream()
                        .map(name -> new CandidateEvidence(this, name, all, lately))
                        .toList();
    }

    /**
     * The control against itself.
     *
     * @return its counts, null if it was never run twice; see {@link dev.scientist.Experiment.Builder#baseline}
     */
    public @Nullable CandidateEvidence baseline() {
        Sums baseline = all.baseline();
        if (baseline == null) {
            return null;
        }
        Period alone = new Period(
                all.since(), baseline.compared(), Map.of(), new TreeMap<>(Map.of(Experiment.CONTROL, baseline)), null);
        return new CandidateEvidence(this, Experiment.CONTROL, alone, alone);
    }

    /** What stopped the candidate because of what it did, here or in an instance of the fleet; null if nothing did. */
    @Nullable
    String stopped() {
        return state == null ? facts.stopped : state.stopped();
    }

    @Nullable
    State state() {
        return state;
    }

    History history() {
        return history;
    }

    Facts facts() {
        return facts;
    }

    Period all() {
        return all;
    }

    Period lately() {
        return lately;
    }
}
