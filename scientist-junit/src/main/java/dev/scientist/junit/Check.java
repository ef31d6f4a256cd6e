package dev.scientist.junit;

import dev.scientist.Comparison;
import dev.scientist.Experiment;
import dev.scientist.InputBehavior;
import dev.scientist.Outcome;
import dev.scientist.Result;
import dev.scientist.proxy.Arguments;
import dev.scientist.replay.RecordedMismatch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/** Runs one input at a time, and says what is wrong with it. Not thread-safe. */
final class Check<I extends @Nullable Object, T extends @Nullable Object> {

    private final Session session;
    private final Experiment<T> experiment;
    private final InputBehavior<? super I, ? extends T, ?> control;
    private final InputBehavior<? super I, ? extends T, ?> candidate;
    private final @Nullable UnaryOperator<I> copier;
    private boolean isStuck;

    Check(
            Session session,
            Experiment<T> experiment,
            InputBehavior<? super I, ? extends T, ?> control,
            InputBehavior<? super I, ? extends T, ?> candidate,
            @Nullable UnaryOperator<I> copier) {
        this.session = session;
        this.experiment = experiment;
        this.control = control;
        this.candidate = candidate;
        this.copier = copier;
    }

    /**
     * Runs one input.
     *
     * @return what is wrong, empty if nothing is, null if nothing was compared since the gate was closed
     * @throws TestAbortedException if the control says so
     */
    @Nullable
    List<Problem> of(Input input) {
        long before = experiment.counts().started();
        Throwable thrown = run(input);
        List<Problem> problems = new ArrayList<>();
        session.awaitOwn().forEach(unfinished -> {
            isStuck = true;
            problems.add(Problem.of(unfinished));
        });
        problems.addAll(session.drain());
        if (thrown instanceof TestAbortedException aborted) {
            throw aborted;
        }
        Result<?> result = session.takeLatest();
        if (result != null) {
            addWhatProvesNothing(input, result, problems);
        }
        boolean ran = experiment.counts().started() > before;
        return ran || !problems.isEmpty() ? problems : null;
    }

    /** Whether a run has not ended in time: the next ones would wait for it again. */
    boolean isStuck() {
        return isStuck;
    }

    /** Hands each a copy of its own, where there is one, made before either has touched the input. */
    @SuppressWarnings({"unchecked", "NullAway"}) // the inputs are what the test says they are
    private @Nullable Throwable run(Input input) {
        I value = (I) input.value();
        if (copier == null && input.copy() == null) {
            return thrownBy(() -> experiment.run(value, control, candidate));
        }
        I forControl = copyOf(input);
        I forCandidate = copyOf(input);
        InputBehavior<@Nullable Object, T, Throwable> withItsOwn = any -> control.call(forControl);
        return thrownBy(() -> experiment.run(value, withItsOwn, any -> candidate.call(forCandidate)));
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // a copy of I is one
    private I copyOf(Input input) {
        try {
            Callable<? extends @Nullable Object> copy = input.copy();
            if (copier != null) {
                return copier.apply((I) input.value());
            }
            return copy == null ? (I) input.value() : (I) copy.call();
        } catch (Exception e) {
            throw new IllegalStateException("the input cannot be copied: " + Problem.text(input.value()), e);
        }
    }

    private interface Action {
        @Nullable
        Object run() throws Throwable;
    }

    private static @Nullable Throwable thrownBy(Action action) {
        try {
            action.run();
            return null;
        } catch (Throwable t) {
            return t;
        }
    }

    private void addWhatProvesNothing(Input input, Result<?> result, List<Problem> problems) {
        RecordedMismatch recorded = input.recorded();
        if (recorded != null) {
            String then = RecordedInputs.how(recorded.control());
            Throwable thrown = result.control().throwable();
            String now =
                    thrown == null ? "returned" : "threw " + thrown.getClass().getName();
            if (!now.equals(then)) {
                problems.add(new Problem(
                        "the control " + then + " when this mismatch was recorded, but now it " + now
                                + ", so the mismatch is not replayed. Was the input read back as what it was,"
                                + " and is there what the control needs?\n  input: " + Problem.text(input.value()),
                        null,
                        thrown));
            }
        }
        if (copier != null || input.copy() != null) {
            return;
        }
        for (Comparison<?> comparison : result.comparisons()) {
            Object value = comparison.control().value();
            if (comparison.outcome() == Outcome.MATCHED
                    && value == comparison.candidate().value()
                    && isPartOf(value, result.input())
                    && !Unchangeable.is(value)) {
                problems.add(Problem.of("control and candidate returned the very object that they were handed, so they"
                        + " match whatever they did to it. Hand each its own: parity.copying(input -> a copy), or, if"
                        + " nobody changes it, parity.copying(input -> input)\n  input: "
                        + Problem.text(result.input())));
            }
        }
    }

    private static boolean isPartOf(@Nullable Object value, @Nullable Object input) {
        if (value == input) {
            return true;
        }
        Collection<?> parts = input instanceof Arguments arguments
                ? arguments.values()
                : input instanceof List<?> list ? list : List.of();
        return parts.stream().anyMatch(part -> part == value);
    }
}
