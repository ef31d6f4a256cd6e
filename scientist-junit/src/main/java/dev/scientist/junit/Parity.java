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
 * what throws is compared like what returns, and the order is random. Not thread-safe.
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
    private final Supplier<? extends Stream<? extends @Nullable Object>> inputs;
    private final boolean together;
    private final long seed;
    private final Rules rules;
    private UnaryOperator<Experiment.Builder<T>> settings = UnaryOperator.identity();
    private @Nullable Shrinker<I> shrinker;
    private boolean hasRun;

    Parity(
            String name,
            Supplier<? extends Stream<? extends @Nullable Object>> inputs,
            boolean together,
            long seed,
            Rules rules) {
        this.name = name;
        this.inputs = inputs;
        this.together = together;
        this.seed = seed;
        this.rules = rules;
    }

    /**
     * Sets up the experiment: comparator, ignore rules, cleaner, snapshots of inputs that behaviors change, and so on.
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
        Session session = new Session(rules, seed, UnaryOperator.identity(), List.of());
        try (Scientist scientist = session.scientist();
                Stream<? extends @Nullable Object> stream = inputs.get()) {
            Experiment.Builder<T> builder = scientist.experiment(name);
            Check<I, T> check = new Check<>(session, settings.apply(builder).build(), control, candidate);
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

        private Tour(Check<I, T> check) {
            this.check = check;
        }

        @SuppressWarnings({"unchecked", "NullAway"}) // the inputs are what the test says they are
        void over(Iterator<? extends @Nullable Object> iterator) {
            TestAbortedException aborted = null;
            while (iterator.hasNext()) {
                if (Thread.currentThread().isInterrupted()) {
                    told.add(Problem.of("interrupted: the rest of the inputs was not compared"));
                    break;
                }
                I input = (I) iterator.next();
                try {
                    List<Problem> problems = check.of(input);
                    if (problems != null) {
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

        private void note(I input, List<Problem> problems) {
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
                named.add(Problem.text(input));
            }
        }

        private void tell(I input, List<Problem> problems) {
            if (shrinker == null) {
                told.addAll(problems);
                return;
            }
            Shrinking.Found<I> smallest = new Shrinking<>(shrinker, check).reduce(input, problems);
            if (smallestInputs.add(smallest.input())) {
                told.addAll(smallest.problems());
            } else {
                toldAlready++;
            }
        }

        private void judge(@Nullable TestAbortedException aborted) {
            if (told.isEmpty() && compared > 0) {
                return;
            }
            if (compared == 0 && told.isEmpty()) {
                if (aborted != null) {
                    throw aborted;
                }
                throw Problem.of("parity of '" + name
                                + "' compared nothing, so it proves nothing: are there inputs, is the gate open?")
                        .toError();
            }
            String summary = failing + " of " + compared + " inputs fail"
                    + (toldAlready == 0 ? "" : ", " + toldAlready + " of them reduced to another that is listed");
            if (!together) {
                throw Problem.combined("parity of '" + name + "'", told, seed);
            }
            if (failing > MAX_TOLD) {
                told.add(Problem.of(more()));
            }
            throw Problem.combined(
                    "parity of '" + name + "': " + summary + ", by place: " + places,
                    told.size() == 1 ? List.of(told.get(0).with(summary)) : told,
                    seed);
        }

        private String more() {
            long unnamed = failing - MAX_TOLD - named.size();
            return "and " + (failing - MAX_TOLD) + " more inputs:\n  " + String.join("\n  ", named)
                    + (unnamed > 0 ? "\n  … and " + unnamed + " more" : "");
        }
    }
}
