package dev.scientist.junit;

import dev.scientist.replay.RecordedMismatch;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * One input of a {@link ParityTest}. Immutable.
 *
 * @param label how its source names it, empty if it does not
 * @param value the input itself
 * @param copy makes the input anew, null if its source cannot
 * @param recorded the mismatch whose input it was, null if it was none
 */
record Input(
        String label,
        @Nullable Object value,
        @Nullable Callable<? extends @Nullable Object> copy,
        @Nullable RecordedMismatch recorded) {

    static Input of(@Nullable Object value) {
        return new Input("", value, null, null);
    }

    /** A mismatch that was recorded without its input. */
    static Input missing(String label, RecordedMismatch recorded) {
        return new Input(label, null, null, recorded);
    }

    boolean isMissing() {
        return recorded != null && recorded.input() == null;
    }

    /** What tests are named by. */
    String text() {
        String shown = isMissing() ? "(recorded without its input)" : Problem.text(value);
        return label.isEmpty() ? shown : label + ": " + shown;
    }
}
