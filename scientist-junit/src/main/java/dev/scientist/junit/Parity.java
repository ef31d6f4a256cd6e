package dev.scientist.junit;

import dev.scientist.Experiment;
import dev.scientist.InputBehavior;
import dev.scientist.Scientist;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * What a {@link ParityTest} takes: its inputs, to run control and candidate with. Each run is one of an experiment, so
 * what throws is compared like what returns, and either comes first. Not thread-safe.
 *
 * @param <I> the input
 * @param <T> the type of the value
 */
public final class Parity<I extends @Nullable Object, T extends @Nullable Object> {

    /** How many failing inputs are told in full, and reduced. */
    static final int MAX_TOLD = 20;
    /** How many more are named. */
    static final int MAX_NAMED = 500;

    private static final int MAX_PLACES = 100;

    private final String name;
    private final Supplier<Stream<Input>> inputs;
    private final boolean together;
    private final long seed;
    private final @Nullable String howToRepeat;
    private final Rules rules;
    private @Nullable Experiment<T> production;
    private UnaryOperator<Experiment.Builder<T>> settings = UnaryOperator.identity();
    private @Nullable Shrinker<I> shrinker;
    private @Nullable UnaryOperator<I> copier;
    private boolean hasRun;

    /**
     * @param seed for the order of the behaviors
     * @param howToRepeat names the seed, null if the inputs do not depend on it
     */
    Parity(
            String name,
            Supplier<Stream<Input>> inputs,
            boolean together,
            long seed,
            @Nullable String howToRepeat,
            Rules rules) {
        this.name = name;
        this.inputs = inputs;
        this.together = together;
        this.seed = seed;
        this.howToRepeat = howToRepeat;
        this.rules = rules;
    }

    /**
     * Compares as an experiment of the application does: by its comparators, ignore rules, cleaner and snapshots. Its
     * gate, execution, publishers and hooks stay where they are, and nothing is published there.
     *
     * @param experiment an experiment of the application
     * @return this
     */
    public Parity<I, T> using(Experiment<T> experiment) {
        production = Objects.requireNonNull(experiment, "experiment");
        return this;
    }

    /**
     * Hands control and candidate a copy of the input each, for inputs that they change. Inputs of a {@link MismatchSource}
     * are read twice anyway. Without, both are handed the same object; where both return it, the test fails, since it
     * cannot tell what either did to it.
     *
     * @param copier returns a copy that shares nothing that can be changed; or the input itself, if nobody changes it
     * @return this
     */
    public Parity<I, T> copying(UnaryOperator<I> copier) {
        this.copier = Objects.requireNonNull(copier, "copier");
        return this;
    }

    /**
     * Sets up the experiment: comparator, ignore rules, cleaner, and so on; with {@link #using}, further ones.
     *
     * @param settings handed the experiment's builder, returns it
     * @return this
     */
    public Parity<I, T> experiment(UnaryOperator<Experiment.Builder<T>> settings) {
        this.settings = Objects.requireNonNull(settings, "settings");
        return this;
    }

    /**
     * Reduces inputs that fail: by at most 1,000 tries and about 10 seconds for each of the first 20.
     *
     * @param shrinker gives simpler inputs
     * @return this
     */
    public Parity<I, T> shrinking(Shrinker<I> shrinker) {
        this.shrinker = Objects.requireNonNull(shrinker, "shrinker");
        return this;
    }

    /**
     * Runs both with each input. An input for which the control throws JUnit's {@code TestAbortedException}, as a failed
     * assumption does, is left out.
     *
     * @param control the old code
     * @param candidate the new code
     * @throws AssertionError if they did not do the same for every input, if a user-supplied part failed, or if nothing
     *     was compared
     */
    public void run(
            InputBehavior<? super I, ? extends T, ?> control, InputBehavior<? super I, ? extends T, ?> candidate) {
        Objects.requireNonNull(control, "control");
        Objects.requireNonNull(candidate, "candidate");
        hasRun = true;
        Session session = new Session(rules, seed, UnaryOperator.identity());
        try (Scientist scientist = session.scientist();
                Stream<Input> stream = inputs.get()) {
            Experiment.Builder<T> builder =
                    production == null ? scientist.experiment(name) : production.toBuilder(name, scientist);
            Experiment<T> experiment = settings.apply(builder).build();
            if (!session.sees(experiment)) {
                throw Problem.of("parity of '" + name + "': " + experiment + " belongs to another Scientist, so what it"
                                + " finds does not reach the test. Return the builder that experiment(..) is handed; to"
                                + " compare as an experiment of the application does, use parity.using(experiment)")
                        .toError();
            }
            Check<I, T> check = new Check<>(session, experiment, control, candidate, copier);
            new Tour(check).over(stream.iterator());
        }
    }

    boolean hasRun() {
        return hasRun;
    }

    /** The way through all inputs. */
    private final class Tour {
        private final Check<I, T> check;
        private final Progress progress = new Progress(name, System::nanoTime);
        private final List<Problem> told = new ArrayList<>();
        private final List<String> named = new ArrayList<>();
        private final Map<String, Long> places = new TreeMap<>();
        /** Many failing inputs can be reduced to the same: it is told once. */
        private final Set<I> smallestInputs = new HashSet<>();

        private long toldAlready;
        private long compared;
        private long failing;
        private long notCompared;
        private long missing;

        private Tour(Check<I, T> check) {
            this.check = check;
        }

        void over(Iterator<Input> iterator) {
            TestAbortedException aborted = null;
            while (iterator.hasNext()) {
                if (Thread.currentThread().isInterrupted() || check.isStuck()) {
                    told.add(Problem.of((check.isStuck() ? "a run had not ended" : "interrupted")
                            + ": the rest of the inputs was not compared"));
                    break;
                }
                Input input = iterator.next();
                if (input.isMissing()) {
                    missing++;
                    continue;
                }
                try {
                    List<Problem> problems = check.of(input);
                    if (problems == null) {
                        notCompared++;
                    } else {
                        compared++;
                        note(input, problems);
                    }
                } catch (TestAbortedException assumption) {
                    aborted = assumption;
                }
                progress.step(compared, failing);
            }
            judge(aborted);
        }

        private void note(Input input, List<Problem> problems) {
            if (problems.isEmpty()) {
                return;
            }
            failing++;
            String place = problems.get(0).place();
            if (places.size() < MAX_PLACES || places.containsKey(place)) {
                places.merge(place, 1L, Long::sum);
            }
            if (failing <= MAX_TOLD) {
                tell(input, problems);
            } else if (named.size() < MAX_NAMED) {
                named.add(Problem.text(input.value()));
            }
        }

        @SuppressWarnings({"unchecked", "NullAway"}) // the inputs are what the test says they are
        private void tell(Input input, List<Problem> problems) {
            if (shrinker == null) {
                told.addAll(problems);
                return;
            }
            Shrinking.Found<I> smallest = new Shrinking<>(shrinker, check).reduce((I) input.value(), problems);
            if (smallestInputs.add(smallest.input())) {
                told.addAll(smallest.problems());
            } else {
                toldAlready++;
            }
        }

        private void judge(@Nullable TestAbortedException aborted) {
            if (notCompared > 0 && compared > 0) {
                told.add(Problem.of("the gate of parity of '" + name + "' was closed for " + notCompared + " of "
                        + (compared + notCompared) + " inputs, so nothing was compared there: leave the gate open"));
            }
            if (told.isEmpty() && compared > 0) {
                return;
            }
            if (compared == 0 && told.isEmpty()) {
                if (aborted != null) {
                    throw aborted;
                }
                if (missing > 0 && notCompared == 0) {
                    throw new TestAbortedException("recorded without its input, so it cannot be replayed");
                }
                throw Problem.of("parity of '" + name
                                + "' compared nothing, so it proves nothing: are there inputs, is the gate open?")
                        .toError();
            }
            String summary = failing + " of " + compared + " inputs fail"
                    + (toldAlready == 0 ? "" : ", " + toldAlready + " of them reduced to another that is listed");
            if (!together) {
                throw Problem.combined("parity of '" + name + "'", told, howToRepeat);
            }
            if (failing > MAX_TOLD) {
                told.add(Problem.of(more()));
            }
            throw Problem.combined(
                    "parity of '" + name + "': " + summary + ", by place: " + places,
                    told.size() == 1 ? List.of(told.get(0).with(summary)) : told,
                    howToRepeat);
        }

        private String more() {
            long unnamed = failing - MAX_TOLD - named.size();
            return "and " + (failing - MAX_TOLD) + " more inputs:\n  " + String.join("\n  ", named)
                    + (unnamed > 0 ? "\n  … and " + unnamed + " more" : "");
        }
    }
}
