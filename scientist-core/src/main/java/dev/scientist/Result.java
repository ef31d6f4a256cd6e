package dev.scientist;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    /** The input; with its traits where the experiment has some, since most have none. */
    private final @Nullable Object input;

    private final Map<String, @Nullable Object> context;
    private final Observation<T> control;
    /** A single comparison as it is, of several the array: the common case shall not pay for an array. */
    private final Object comparisons;
    /** In which order a pair was started, or {@link Several}. */
    private final Object order;

    private static final Object CONTROL_FIRST = new Object();
    private static final Object CANDIDATE_FIRST = new Object();

    private record WithTraits(@Nullable Object input, List<String> traits) {}

    /** The order of two stages, which overlap. */
    private record Stages(boolean candidateFirst) {}

    /**
     * What only the less common runs have.
     *
     * @param order the behaviors by index as they were started: 0 is the control, i the i-th candidate, the baseline
     *     last
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared nor handed out
    private record Several(int[] order, @Nullable Comparison<?> baseline) {}

    private Result(
            @Nullable Object input,
            Map<String, @Nullable Object> context,
            Observation<T> control,
            Object comparisons,
            Object order) {
        this.context = context;
        this.control = control;
        this.comparisons = comparisons;
        this.order = order;
        Experiment<T> experiment = control.experiment();
        // elsewhere what is not compared may be made by a thread that runs no code of users
        this.input = experiment.settings.traits.isEmpty() || !isCompared()
                ? input
                : new WithTraits(input, experiment.parts.traits(input, control));
    }

    static <T extends @Nullable Object> Result<T> ofPair(
            @Nullable Object input,
            Map<String, @Nullable Object> context,
            Comparison<T> comparison,
            boolean candidateFirst) {
        return new Result<>(
                input, context, comparison.control(), comparison, candidateFirst ? CANDIDATE_FIRST : CONTROL_FIRST);
    }

    static <T extends @Nullable Object> Result<T> ofStages(
            @Nullable Object input,
            Map<String, @Nullable Object> context,
            Comparison<T> comparison,
            boolean candidateFirst) {
        return new Result<>(input, context, comparison.control(), comparison, new Stages(candidateFirst));
    }

    /**
     * Takes over the array.
     *
     * @param comparisons the last one is the baseline's, if there is one
     */
    @SuppressWarnings({"unchecked", "rawtypes"}) // arrays of generic types
    static <T extends @Nullable Object> Result<T> ofSeveral(
            @Nullable Object input,
            Map<String, @Nullable Object> context,
            Observation<T> control,
            List<Comparison<T>> comparisons,
            boolean hasBaseline,
            int[] order) {
        int candidates = comparisons.size() - (hasBaseline ? 1 : 0);
        return new Result<>(
                input,
                context,
                control,
                comparisons.subList(0, candidates).toArray(new Comparison[0]),
                new Several(order, hasBaseline ? comparisons.get(candidates) : null));
    }

    /**
     * The experiment that was run.
     *
     * @return the experiment
     */
    public Experiment<T> experiment() {
        return control.experiment();
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
        return control;
    }

    /**
     * One comparison for each candidate.
     *
     * @return the comparisons in the order in which the candidates were defined, unmodifiable, never empty
     */
    @SuppressWarnings("unchecked")
    public List<Comparison<T>> comparisons() {
        return comparisons instanceof Comparison<?> one
                ? List.of((Comparison<T>) one)
                : List.of((Comparison<T>[]) comparisons);
    }

    /**
     * The control compared with itself: its outcome with that of its second run, on the runs that the experiment's
     * baseline gate admits. Not one of the {@link #comparisons()}, and without part in {@link #matched()} and the like.
     *
     * @return the comparison, whose candidate is the control's second run; null if there was none
     */
    @SuppressWarnings("unchecked")
    public @Nullable Comparison<T> baseline() {
        return order instanceof Several several ? (Comparison<T>) several.baseline() : null;
    }

    /**
     * In which order the behaviors were started.
     *
     * @return the names of all behaviors, unmodifiable; the control's stands there twice if it was run for a baseline
     */
    public List<String> order() {
        List<Comparison<T>> all = comparisons();
        if (order instanceof Several several) {
            List<String> names = new ArrayList<>(several.order().length);
            for (int i : several.order()) {
                names.add(
                        i == 0 || i > all.size()
                                ? control.name()
                                : all.get(i - 1).candidate().name());
            }
            return List.copyOf(names);
        }
        String candidate = all.get(0).candidate().name();
        return isCandidateFirst() ? List.of(candidate, control.name()) : List.of(control.name(), candidate);
    }

    private boolean isCandidateFirst() {
        return order == CANDIDATE_FIRST || (order instanceof Stages stages && stages.candidateFirst());
    }

    /**
     * Whether the behaviors returned stages, as with {@code runAsync}, so that they ran at the same time.
     *
     * @return true if they overlap
     */
    public boolean isOfStages() {
        return order instanceof Stages;
    }

    /**
     * Which behavior was started first: only its time has not profited from what another one has put into caches.
     *
     * @return {@link #control()}, the candidate of one of the {@link #comparisons()}, or that of {@link #baseline()}
     */
    @SuppressWarnings("unchecked")
    public Observation<T> startedFirst() {
        if (comparisons instanceof Comparison<?> one && !(order instanceof Several)) {
            return isCandidateFirst() ? ((Comparison<T>) one).candidate() : control;
        }
        int first = ((Several) order).order()[0];
        List<Comparison<T>> all = comparisons();
        Comparison<T> again = baseline();
        if (first == 0) {
            return control;
        }
        return first <= all.size() || again == null ? all.get(first - 1).candidate() : again.candidate();
    }

    /**
     * Whether every candidate matched; a difference that was ignored is none.
     *
     * @return true if all outcomes are {@link Outcome#MATCHED}
     */
    public boolean matched() {
        return comparisons().stream().allMatch(comparison -> comparison.outcome() == Outcome.MATCHED);
    }

    /**
     * Whether at least one candidate mismatched and no ignore rule held.
     *
     * @return true if any outcome is {@link Outcome#MISMATCHED}
     */
    public boolean mismatched() {
        return any(Outcome.MISMATCHED);
    }

    /**
     * Whether at least one candidate's differences were ignored.
     *
     * @return true if any outcome is {@link Outcome#IGNORED}
     */
    public boolean ignored() {
        return any(Outcome.IGNORED);
    }

    /** Whether a caller who asked for raising is to see it: nothing is known where comparing failed either. */
    boolean isToBeRaised() {
        return mismatched() || any(Outcome.FAILED) || any(Outcome.ABANDONED);
    }

    private boolean isCompared() {
        for (Comparison<T> comparison : comparisons()) {
            if (comparison.outcome() != Outcome.FAILED && comparison.outcome() != Outcome.ABANDONED) {
                return true;
            }
        }
        return false;
    }

    private boolean any(Outcome outcome) {
        return comparisons().stream().anyMatch(comparison -> comparison.outcome() == outcome);
    }

    /**
     * Makes what is shown of the values: cleaned ones, or descriptions. For publishers that hand results to another
     * thread, where the values may be somebody else's by then. To be called on the thread on which the result was
     * published.
     */
    public void keepShown() {
        control.shown();
        comparisons().forEach(comparison -> comparison.candidate().shown());
    }

    /** Names no value: it may be private. */
    @Override
    public String toString() {
        return experiment().name() + " " + comparisons();
    }
}
