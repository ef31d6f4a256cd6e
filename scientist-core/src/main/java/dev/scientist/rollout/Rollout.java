package dev.scientist.rollout;

import dev.scientist.Behavior;
import dev.scientist.Experiment;
import dev.scientist.Gate;
import dev.scientist.InputBehavior;
import dev.scientist.Notice;
import dev.scientist.Operation;
import dev.scientist.Result;
import dev.scientist.ServedExperiment;
import dev.scientist.Serving;
import dev.scientist.evidence.CandidateEvidence;
import dev.scientist.evidence.Conclusion;
import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.evidence.ExperimentEvidence;
import dev.scientist.evidence.Tolerance;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes an experiment from the shadow to cut-over: by {@link Stage}, the caller is served the control or the candidate.
 * Defined once for an experiment, kept in a field, run from any thread. Thread-safe; never blocks.
 *
 * <p>The caller is served by the behavior that stage and canary gate say, which runs exactly once. Where the candidate is
 * to be served in {@link Stage#CANARY} and throws what the control did not, the control's outcome of that same run is
 * served instead, a <em>rescue</em>: nothing is run a second time, and what the candidate did before it threw stays done.
 *
 * <p>In the canary the candidate takes the control's place: it is handed the input itself and the control what
 * {@code snapshotInput} made of it, and it is the control's value that is disposed of. The experiment compares and
 * publishes as ever, but for the {@code baseline}, which is measured in the shadow alone.
 *
 * <p>Harm beyond the limits of {@link WayBack} makes it fall back to {@link Stage#SHADOW} at once, in this JVM, until
 * {@link #acknowledge()}. A restarted instance asks the flag: as long as that is not moved, it serves the candidate again.
 *
 * <p>While the experiment is switched off, or its or its scientist's {@code enabled} is false, every caller is served the
 * control. Once the scientist is closed, callers are served by the stage, and nothing is compared. Inside a behavior that
 * is not served only that one runs which would be served.
 *
 * @param <T> the type of the value
 */
public final class Rollout<T extends @Nullable Object> {

    private static final Logger LOG = LoggerFactory.getLogger(Rollout.class);

    private final Experiment<T> experiment;
    private final @Nullable Supplier<Stage> source;
    private final Gate canary;
    private final Window window;
    private final Consumer<? super String> listener;
    private final ServedExperiment<T> served;

    // both are read in every run, and written under the lock of the window
    /** The last stage that was set. */
    private volatile Stage set = Stage.CONTROL;
    /** Why it fell back, null if it did not. */
    private volatile @Nullable String fellBack;

    private Rollout(Builder<T> builder) {
        experiment = builder.experiment;
        source = builder.source;
        canary = Objects.requireNonNull(
                builder.canary.forExperiment(experiment.name()), "the canary gate's forExperiment returned null");
        window = new Window(builder.wayBack);
        listener = builder.listener;
        served = experiment.serveBy(new ForEngine());
    }

    /**
     * Starts a rollout of an experiment.
     *
     * @param experiment the experiment; it can have one rollout
     * @param <T> the type of the value
     * @return a builder
     */
    public static <T extends @Nullable Object> Builder<T> of(Experiment<T> experiment) {
        return new Builder<>(experiment);
    }

    // ---- running ----

    /**
     * Runs control, candidate or both, as the stage says.
     *
     * @param control the old code
     * @param candidate the new code
     * @param <X> what either may throw
     * @return what the served behavior returned
     * @throws X what the served behavior threw, the very same
     */
    public <X extends Throwable> T run(
            Behavior<? extends T, ? extends X> control, Behavior<? extends T, ? extends X> candidate) throws X {
        return this.<@Nullable Object, X>run(null, control, candidate);
    }

    /**
     * The same, with an input that is handed to gates, control and candidate and kept by the result.
     *
     * @param input may be null
     * @param control the old code
     * @param candidate the new code
     * @param <I> the input
     * @param <X> what either may throw
     * @return what the served behavior returned
     * @throws X what the served behavior threw, the very same
     */
    public <I extends @Nullable Object, X extends Throwable> T run(
            I input,
            InputBehavior<? super I, ? extends T, ? extends X> control,
            InputBehavior<? super I, ? extends T, ? extends X> candidate)
            throws X {
        requireBehaviors(control, candidate);
        Stage stage = stage();
        if (stage == Stage.CONTROL) {
            return control.call(input);
        }
        if (stage == Stage.CANDIDATE) {
            return served.isEnabled() ? candidate.call(input) : control.call(input);
        }
        return stage == Stage.SHADOW
                ? experiment.run(input, control, candidate)
                : served.<I, X>run(input, control, candidate);
    }

    private void requireBehaviors(@Nullable Object control, @Nullable Object candidate) {
        if (control == null || candidate == null) {
            throw new NullPointerException(experiment + ": "
                    + (control == null ? Experiment.CONTROL : Experiment.CANDIDATE) + " must not be null");
        }
    }

    // ---- stages ----

    /**
     * The stage in force: the one that was set, or {@link Stage#SHADOW} where that would serve the candidate and the
     * rollout has fallen back. Asks the source of the stage, if there is one.
     *
     * @return the stage
     */
    public Stage stage() {
        Stage stage = source == null ? set : ask(source);
        return fellBack != null && stage.servesCandidate() ? Stage.SHADOW : stage;
    }

    private Stage ask(Supplier<Stage> source) {
        try {
            Stage stage = Objects.requireNonNull(source.get(), "the source of the stage returned null");
            set(stage);
            return stage;
        } catch (Throwable failure) {
            experiment.report(Operation.GATE, failure);
            return set;
        }
    }

    private void set(Stage stage) {
        if (stage == set) {
            return;
        }
        synchronized (window) {
            if (stage == set) {
                return;
            }
            set = stage;
            window.clear();
        }
        served.stageChanged();
    }

    /**
     * Sets the stage, for this JVM, from the next run on. It ends no fall-back: see {@link #acknowledge()}.
     *
     * @param stage the stage
     * @throws IllegalStateException if the stage comes from a source: then that is to be changed
     */
    public void moveTo(Stage stage) {
        Objects.requireNonNull(stage, setting(experiment, "stage"));
        if (source != null) {
            throw new IllegalStateException(setting(experiment, "the stage comes from its source: change it there"));
        }
        set(stage);
    }

    /**
     * Why it fell back.
     *
     * @return one line; null if it did not, or that was acknowledged
     */
    public @Nullable String fellBackBecause() {
        return fellBack;
    }

    /** Ends a fall-back: the stage that is set is in force again. To be called by a person, once the cause is known. */
    public void acknowledge() {
        synchronized (window) {
            if (fellBack == null) {
                return;
            }
            fellBack = null;
            window.clear();
        }
        served.stageChanged();
    }

    private void fallBack(String reason) {
        Stage from;
        synchronized (window) {
            from = set;
            if (fellBack != null || !from.servesCandidate()) {
                return;
            }
            fellBack = reason;
        }
        LOG.warn(
                "{}: fell back from {} to {} in this JVM: {}. Move the flag, else a restarted instance serves the"
                        + " candidate again; acknowledge() ends it",
                experiment,
                from,
                Stage.SHADOW,
                reason);
        served.stageChanged();
        listener.accept(reason);
    }

    // ---- advice ----

    /**
     * Says whether the next stage is backed by what was seen.
     *
     * @param evidence one of the publishers of the experiment's scientist
     * @param tolerance what the team can live with
     * @return one sentence
     */
    public String advice(EvidencePublisher evidence, Tolerance tolerance) {
        return advice(evidence.evidence(experiment.name()).orElse(null), tolerance);
    }

    /**
     * The same for evidence from elsewhere, such as that of a whole fleet.
     *
     * @param evidence that of the experiment; null if there is none
     * @param tolerance what the team can live with
     * @return one sentence
     */
    public String advice(@Nullable ExperimentEvidence evidence, Tolerance tolerance) {
        Stage stage = stage();
        String why = fellBack;
        String where = experiment.name() + " is in " + stage;
        if (why != null) {
            return where + ", since it fell back (" + why + "): find the cause before you acknowledge it";
        }
        if (stage == Stage.CONTROL) {
            return where + ": SHADOW serves nobody the candidate, so it needs no evidence";
        }
        if (stage == Stage.CANDIDATE) {
            return where + ", the last stage, in which nothing is compared: control and rollout can be removed";
        }
        String next = where + ": " + (stage == Stage.SHADOW ? Stage.CANARY : Stage.CANDIDATE);
        List<CandidateEvidence> candidates = evidence == null ? List.of() : evidence.candidates();
        CandidateEvidence candidate = candidates.stream()
                .filter(each -> each.candidate().equals(Experiment.CANDIDATE))
                .findFirst()
                .orElse(null);
        if (candidate == null) {
            return next + " is not backed: no run was seen";
        }
        String inCanary = "";
        if (stage == Stage.CANARY) { // those who were served may be few among those who were not
            long served = window.served();
            long bad = window.bad();
            inCanary = String.format(
                    Locale.ROOT,
                    "In the canary of this JVM %,d of %,d runs mismatched or were not compared",
                    bad,
                    served);
            if (served == 0) {
                return next + " is not backed yet: nobody was served the candidate in this JVM";
            }
            if (bad > tolerance.maxMismatchRate() * served) {
                return next + " is not backed, what was seen speaks against it: " + inCanary;
            }
            inCanary = " " + inCanary + ".";
        }
        Conclusion conclusion = candidate.conclusion(tolerance);
        String verdict = switch (conclusion.verdict()) {
            case READY -> " is backed by what was seen: ";
            case INCONCLUSIVE -> " is not backed yet: ";
            case NOT_READY -> " is not backed, what was seen speaks against it: ";
        };
        return next + verdict + conclusion.reason() + inCanary;
    }

    private static String setting(Experiment<?> experiment, String text) {
        return "rollout of " + experiment + ": " + text;
    }

    /** Its experiment's name, its stage and why it fell back, if it did. */
    @Override
    public String toString() {
        String why = fellBack;
        return "rollout of " + experiment + " in " + stage()
                + (why == null ? "" : ", since it fell back (" + why + ")");
    }

    /** What the engine asks and tells. */
    private final class ForEngine implements Serving {
        @Override
        public boolean admits(Request request, @Nullable Object input) {
            return canary.admits(request, input);
        }

        @Override
        public void learn(Request request, Result<?> result) {
            String reason = window.add(result);
            if (reason != null) {
                fallBack(reason);
            }
            canary.learn(request, result);
        }

        @Override
        public String stage() {
            return Rollout.this.stage().name().toLowerCase(Locale.ROOT);
        }

        @Override
        public boolean fellBack() {
            return fellBack != null && set.servesCandidate();
        }

        @Override
        public String status() {
            String why = fellBack;
            return "stage " + Rollout.this.stage()
                    + (why == null ? "" : ", not " + set + ": it fell back (" + why + ")");
        }
    }

    // ---- defining ----

    /**
     * Puts a rollout together. Every part is optional. Not thread-safe.
     *
     * @param <T> the type of the value
     */
    public static final class Builder<T extends @Nullable Object> {

        private final Experiment<T> experiment;
        private @Nullable Supplier<Stage> source;
        private Gate canary = (request, input) -> {
            throw new Notice("CANARY serves nobody the candidate, since there is no canary gate: say who, "
                    + "as by .canary(Gates.stickyPercent(5, Order.class, Order::customer))");
        };
        private WayBack wayBack = WayBack.standard();
        private Consumer<? super String> listener = reason -> {};
        private final Set<String> given = new HashSet<>();

        private Builder(Experiment<T> experiment) {
            this.experiment = Objects.requireNonNull(experiment, "experiment");
        }

        /**
         * Where the stage comes from, such as a flag. Asked on every run, by the page and by metrics, so it should be cheap
         * and must be thread-safe. Where it throws or returns null, that is reported as {@link Operation#GATE}, and the
         * last stage stays in force, at first {@link Stage#CONTROL}. Default: {@link Rollout#moveTo}.
         *
         * @param source returns the stage; {@link Stage#of} makes one of text
         * @return this
         */
        public Builder<T> stage(Supplier<Stage> source) {
            this.source = once("stage", source);
            return this;
        }

        /**
         * Who is served the candidate in {@link Stage#CANARY}. One by key is best, so that a caller is not served the one
         * and then the other. Where it throws, that is reported, and the caller is served the control. Default: nobody.
         *
         * @param gate such as {@code Gates.stickyPercent(5, Order.class, Order::customer)}
         * @return this
         */
        public Builder<T> canary(Gate gate) {
            canary = once("canary", gate);
            return this;
        }

        /**
         * What harm makes it fall back. Default: {@link WayBack#standard()}.
         *
         * @param wayBack the limits
         * @return this
         */
        public Builder<T> wayBack(WayBack wayBack) {
            this.wayBack = once("way back", wayBack);
            return this;
        }

        /**
         * Told when it falls back: to move the flag for the fleet. Called once for each time, on the thread of the caller
         * whose run was too much, so it should not take long; what it throws is reported as {@link Operation#GATE}.
         *
         * @param listener handed the reason, one line
         * @return this
         */
        public Builder<T> onWayBack(Consumer<? super String> listener) {
            this.listener = once("way back's listener", listener);
            return this;
        }

        /**
         * Makes the rollout.
         *
         * @return the rollout, to be kept in a field
         * @throws IllegalStateException if the experiment has a rollout already
         */
        public Rollout<T> build() {
            Rollout<T> rollout = new Rollout<>(this);
            rollout.stage(); // asks the source, so that publishers are told of what it says
            rollout.served.stageChanged();
            return rollout;
        }

        private <S> S once(String setting, S value) {
            Objects.requireNonNull(value, setting(experiment, setting));
            if (!given.add(setting)) {
                throw new IllegalStateException(setting(experiment, setting + " was already set"));
            }
            return value;
        }
    }
}
