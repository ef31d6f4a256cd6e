package dev.scientist;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one run found. Immutable, as far as input, context and values are.
 *
 * <p>Kept small, since there is one for every sampled run: with one candidate, 128 bytes with all that it points to on
 * a 64-bit JVM with compressed references (values, input and context not counted).
 *
 * @param <T> the type of the value
 */
public final class Result<T extends @Nullable Object> {

    private record WithTraits(@Nullable Object input, List<String> traits) {}

    /** What is said of a run besides. */
    enum Kind {
        USUAL,
        /** The behaviors returned stages. */
        STAGES,
        /** Of a rollout: the caller was served the candidate. */
        CANDIDATE_SERVED,
        /** Of a rollout: the caller was served the control, since the candidate threw what the control did not. */
        RESCUED
    }

    /** The order of a pair whose control was started first. */
    private static final int[] CONTROL_FIRST = {0, 1};

    private static final int[] CANDIDATE_FIRST = {1, 0};

    /** The input; with its traits where the experiment has some, since most have none, and shall not pay for them. */
    private final @Nullable Object input;

    private final Map<String, @Nullable Object> context;
    private final Comparison<T> first;
    /** All comparisons; null if there is one, which shall not pay for a list. */
    private final @Nullable List<Comparison<T>> several;

    private final @Nullable Comparison<T> baseline;
    private final int[] order;
    private final Kind kind;

    /**
     * Makes a result.
     *
     * @param first the first candidate's
     * @param several all of them, unmodifiable; null if there is one
     * @param order the behaviors by index as they were started: 0 is the control, i the i-th candidate, the baseline
     *     last; taken over
     */
    private Result(
            @Nullable Object input,
            Map<String, @Nullable Object> context,
            Comparison<T> first,
            @Nullable List<Comparison<T>> several,
            @Nullable Comparison<T> baseline,
            int[] order,
            Kind kind) {
        Experiment<T> experiment = first.control().experiment();
        // elsewhere what is not compared may be made by a thread that runs no code of users
        this.input = experiment.settings.traits.isEmpty() || !isCompared(first, several)
                ? input
                : new WithTraits(input, experiment.parts.traits(input, first.control()));
        this.context = context;
        this.first = first;
        this.several = several;
        this.baseline = baseline;
        this.order = order;
        this.kind = kind;
    }

    /** The result of a run with one candidate. */
    static <T extends @Nullable Object> Result<T> ofPair(
            @Nullable Object input,
            Map<String, @Nullable Object> context,
            Comparison<T> comparison,
            boolean candidateFirst,
            Kind kind) {
        int[] order = candidateFirst ? CANDIDATE_FIRST : CONTROL_FIRST;
        return new Result<>(input, context, comparison, null, null, order, kind);
    }

    /**
     * The result of a run of several.
     *
     * @param compared the last one is the baseline's, if there is one
     */
    static <T extends @Nullable Object> Result<T> ofSeveral(
            @Nullable Object input,
            Map<String, @Nullable Object> context,
            List<Comparison<T>> compared,
            boolean hasBaseline,
            int[] order) {
        int candidates = compared.size() - (hasBaseline ? 1 : 0);
        return new Result<>(
                input,
                context,
                compared.get(0),
                candidates == 1 ? null : List.copyOf(compared.subList(0, candidates)),
                hasBaseline ? compared.get(candidates) : null,
                order,
                Kind.USUAL);
    }

    /**
     * The experiment that was run.
     *
     * @return the experiment
     */
    public Experiment<T> experiment() {
        return control().experiment();
    }

    /**
     * The input that was handed to the behaviors.
     *
     * @return the input, null if it was null or the run had none
     */
    public @Nullable Object input() {
        return input instanceof WithTraits more ? more.input() : input;
    }

    /**
     * Of which kind the run is: what its {@linkplain Experiment.Builder#trait traits} say.
     *
     * @return a label for each of {@link Experiment#traits()}, in their order; empty if nothing was compared
     */
    public List<String> traits() {
        return input instanceof WithTraits more ? more.traits() : List.of();
    }

    /**
     * The context of the run: that of the scientist, the experiment and the trial, the later one winning.
     *
     * @return an unmodifiable map, maybe empty
     */
    public Map<String, @Nullable Object> context() {
        return context;
    }

    /**
     * What the control did.
     *
     * @return the control's observation
     */
    public Observation<T> control() {
        return first.control();
    }

    /**
     * One comparison for each candidate.
     *
     * @return the comparisons in the order in which the candidates were defined, unmodifiable, never empty
     */
    public List<Comparison<T>> comparisons() {
        return several == null ? List.of(first) : several;
    }

    /**
     * The control compared with itself: its outcome with that of its second run, on the runs that the experiment's
     * baseline gate admits. Not one of the {@link #comparisons()}, and without part in {@link #matched()} and the like.
     *
     * @return the comparison, whose candidate is the control's second run; null if there was none
     */
    public @Nullable Comparison<T> baseline() {
        return baseline;
    }

    /**
     * In which order the behaviors were started.
     *
     * @return the names of all behaviors, unmodifiable; the control's stands there twice if it was run for a baseline
     */
    public List<String> order() {
        return Arrays.stream(order).mapToObj(i -> started(i).name()).toList();
    }

    private Observation<T> started(int behavior) {
        if (behavior == 0) {
            return control();
        }
        List<Comparison<T>> all = comparisons();
        return (behavior <= all.size() ? all.get(behavior - 1) : Objects.requireNonNull(baseline)).candidate();
    }

    /**
     * What the caller got: that of the control but for those who are served the candidate by a rollout.
     *
     * @return {@link #control()}, or the candidate of the only one of the {@link #comparisons()}
     */
    public Observation<T> served() {
        return kind == Kind.CANDIDATE_SERVED ? first.candidate() : control();
    }

    /**
     * Whether the candidate was to be served, but threw what the control did not, so that the control was served.
     *
     * @return true only in the canary of a rollout
     */
    public boolean rescued() {
        return kind == Kind.RESCUED;
    }

    /**
     * Whether the behaviors returned stages, as with {@code runAsync}, so that they ran at the same time.
     *
     * @return true if they overlap
     */
    public boolean isOfStages() {
        return kind == Kind.STAGES;
    }

    /**
     * Which behavior was started first: only its time has not profited from what another one has put into caches.
     *
     * @return {@link #control()}, the candidate of one of the {@link #comparisons()}, or that of {@link #baseline()}
     */
    public Observation<T> startedFirst() {
        return started(order[0]);
    }

    /**
     * Whether every candidate matched; a difference that was ignored is none.
     *
     * @return true if all outcomes are {@link Outcome#MATCHED}
     */
    public boolean matched() {
        return count(Outcome.MATCHED) == comparisons().size();
    }

    /**
     * Whether at least one candidate mismatched and no ignore rule held.
     *
     * @return true if any outcome is {@link Outcome#MISMATCHED}
     */
    public boolean mismatched() {
        return count(Outcome.MISMATCHED) > 0;
    }

    /**
     * Whether at least one candidate's differences were ignored.
     *
     * @return true if any outcome is {@link Outcome#IGNORED}
     */
    public boolean ignored() {
        return count(Outcome.IGNORED) > 0;
    }

    boolean isToBeRaised() {
        return comparisons().stream().anyMatch(Comparison::isToBeRaised);
    }

    private static <T extends @Nullable Object> boolean isCompared(
            Comparison<T> first, @Nullable List<Comparison<T>> several) {
        return several == null
                ? first.outcome().isCompared()
                : several.stream().anyMatch(each -> each.outcome().isCompared());
    }

    private int count(Outcome outcome) {
        if (several == null) {
            return first.outcome() == outcome ? 1 : 0;
        }
        return (int) several.stream().filter(each -> each.outcome() == outcome).count();
    }

    /**
     * Makes what is shown of the values: cleaned ones, or descriptions. For publishers that hand results to another
     * thread, where the values may be somebody else's by then. To be called on the thread on which the result was
     * published.
     */
    public void keepShown() {
        control().shown();
        comparisons().forEach(comparison -> comparison.candidate().shown());
    }

    /** Names no value: it may be private. */
    @Override
    public String toString() {
        return experiment().name() + " " + comparisons();
    }
}
