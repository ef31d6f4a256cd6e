package dev.scientist;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One run being put together. Made by {@link Experiment#control(Behavior)}; not thread-safe.
 *
 * @param <T> the type of the value
 * @param <X> what the control may throw
 */
public final class Trial<T extends @Nullable Object, X extends Throwable> {

    private final Experiment<T> experiment;
    private Run.@Nullable Named control;
    /** By name, in the order of their definition. */
    private final Map<String, Run.Named> behaviors = new LinkedHashMap<>();

    private @Nullable Map<String, @Nullable Object> context;
    private @Nullable BooleanSupplier condition;
    private @Nullable Object input;

    Trial(Experiment<T> experiment) {
        this.experiment = experiment;
    }

    Trial<T, X> control(String name, Behavior<? extends T, X> behavior) {
        control = named("control", name, behavior, null);
        return this;
    }

    /**
     * Adds a candidate named {@code "candidate"}.
     *
     * @param behavior the new code
     * @return this
     */
    public Trial<T, X> candidate(Behavior<? extends T, ?> behavior) {
        return candidate(Experiment.CANDIDATE, behavior);
    }

    /**
     * Adds a candidate.
     *
     * @param name its name, unique within the trial
     * @param behavior the new code
     * @return this
     * @throws IllegalArgumentException if the name is taken, blank, too long, or has control or invisible characters
     */
    public Trial<T, X> candidate(String name, Behavior<? extends T, ?> behavior) {
        named("candidate", name, behavior, null);
        return this;
    }

    /**
     * Adds a candidate of another type. Its value is adapted when its time is not running, so that the adapter's time
     * is not the candidate's. An adapter that throws is the candidate's failure, marked as such:
     * {@link Observation#adapterFailed()}.
     *
     * @param name its name, unique within the trial
     * @param behavior the new code
     * @param adapter makes its value one of the control's type
     * @param <C> the candidate's type
     * @return this
     * @throws IllegalArgumentException if the name is taken, blank, too long, or has control or invisible characters
     */
    @SuppressWarnings("unchecked") // the adapter is handed what the behavior returned
    public <C extends @Nullable Object> Trial<T, X> candidate(
            String name, Behavior<? extends C, ?> behavior, Function<? super C, ? extends T> adapter) {
        if (adapter == null) {
            throw new NullPointerException(setting("adapter of candidate '" + name + "'") + " must not be null");
        }
        named("candidate", name, behavior, (Function<@Nullable Object, ?>) adapter);
        return this;
    }

    /**
     * Adds to the context of this run.
     *
     * @param key the key; one that the experiment's or the scientist's context has too is replaced
     * @param value the value, may be null
     * @return this
     */
    public Trial<T, X> context(String key, @Nullable Object value) {
        experiment.parts.checkContextKey(key);
        if (context == null) {
            context = new LinkedHashMap<>();
        }
        context.put(key, value);
        return this;
    }

    /**
     * Gives the run an input that gates can look at and the result keeps. The behaviors of a trial do not take it.
     *
     * @param input the input, may be null
     * @return this
     */
    public Trial<T, X> input(@Nullable Object input) {
        this.input = input;
        return this;
    }

    /**
     * Runs the candidates of this run only under a condition, asked once the gate is open. One that throws counts as
     * false and is reported.
     *
     * @param condition true to run the candidates
     * @return this
     */
    public Trial<T, X> runIf(BooleanSupplier condition) {
        this.condition = Objects.requireNonNull(condition, setting("condition"));
        return this;
    }

    /**
     * Runs the control and, if gate and condition allow, the candidates. Without a candidate it is a plain call of the
     * control: nothing is compared or published.
     *
     * @return what the control returned
     * @throws X what the control threw, the very same
     * @throws IllegalStateException if there is no control
     */
    public T run() throws X {
        if (control == null) {
            throw new IllegalStateException(
                    setting("there is no control: start with control(…), or name the behavior whose outcome is wanted: "
                            + "run(name)"));
        }
        return run(control);
    }

    /**
     * Runs the behaviors, the named one in the control's place: its outcome is handed back, and all others, the control
     * too if there is one, are compared with it.
     *
     * @param name the name of a behavior of this trial
     * @return what that behavior returned
     * @throws X what that behavior threw, the very same; where it throws a checked exception that the trial does not
     *     declare, that is thrown all the same
     * @throws IllegalArgumentException if no behavior has that name
     */
    public T run(String name) throws X {
        Run.Named reference = behaviors.get(name);
        if (reference == null) {
            throw new IllegalArgumentException(setting("there is no behavior '"
                    + Rendering.escaped(String.valueOf(name)) + "', only " + behaviors.keySet()));
        }
        return run(reference);
    }

    private T run(Run.Named served) throws X {
        List<Run.Named> inOrder = new ArrayList<>(behaviors.values());
        inOrder.removeIf(each -> each == served);
        inOrder.add(0, served);
        return experiment.runTrial(inOrder, input, context, condition);
    }

    private Run.Named named(
            String role,
            String name,
            InputBehavior<?, ?, ?> behavior,
            @Nullable Function<@Nullable Object, ?> adapter) {
        Names.check(setting(role + " name"), name);
        if (behavior == null) {
            throw new NullPointerException(setting(role + " '" + name + "'") + " must not be null");
        }
        if (behaviors.containsKey(name)) {
            throw new IllegalArgumentException(setting(role + " '" + name + "' was already defined"));
        }
        Run.Named named = new Run.Named(name, behavior, adapter);
        behaviors.put(name, named);
        return named;
    }

    private String setting(String text) {
        return experiment + ": " + text;
    }
}
