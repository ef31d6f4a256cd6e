package dev.scientist.gate;

import dev.scientist.Gate;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/**
 * Ready-made gates. All are thread-safe and never block. Those that keep a state, {@link #atMostPerSecond} and
 * {@link #circuitBreaker}, keep one for each experiment that is given them.
 */
public final class Gates {

    private static final double ALL = 100;

    private Gates() {}

    /**
     * Opens for a share of the runs, each decided by chance.
     *
     * @param percent from 0 (never) to 100 (always)
     * @return the gate
     * @throws IllegalArgumentException if the percentage is not within 0 and 100
     */
    public static Gate percent(double percent) {
        checkPercent(percent);
        long below = below(percent);
        return (request, input) -> isDrawn(request, below);
    }

    /**
     * Opens for a share of the runs that can change while running, such as one that a flag system drives. A percentage
     * below 0 counts as 0, one above 100 as 100, one that is no number as 0; each is reported.
     *
     * @param percent asked on every run
     * @return the gate
     */
    public static Gate percent(DoubleSupplier percent) {
        Objects.requireNonNull(percent, "percent");
        return (request, input) -> isDrawn(request, below(live(percent, request)));
    }

    /** How many of 2<sup>53</sup> numbers are in: as many as {@code nextDouble()} has. */
    private static long below(double percent) {
        return (long) Math.ceil(percent / ALL * 0x1p53);
    }

    /** One number and one comparison, since all calls pay for it, also those that run the control alone. */
    private static boolean isDrawn(Gate.Request request, long below) {
        return request.random().nextLong() >>> 11 < below;
    }

    /**
     * Opens for a share of the users, or whatever a key from the context stands for: the same key is always in or always
     * out, whichever JVM asks. Growing the percentage keeps in everyone who was in. Different experiments pick different
     * keys.
     *
     * <p>A key is in if its place is below the percentage. The place is 100 × h / 2<sup>53</sup>, where h is the upper 53
     * bits of a hash: 64-bit FNV-1a over the UTF-8 bytes of the experiment's name, a zero byte and the bytes of the key as
     * text, mixed by the finalizer of MurmurHash3 ({@code fmix64}). This will not change.
     *
     * <p>Keys are text, whole numbers, characters, booleans, UUIDs and enums (by name); equal text is the same key, so
     * that 7 and "7" are. A run without such a key is not admitted, and that is reported.
     *
     * @param percent from 0 (nobody) to 100 (everybody)
     * @param contextKey where in the context the key is found
     * @return the gate
     * @throws IllegalArgumentException if the percentage is not within 0 and 100
     */
    public static Gate stickyPercent(double percent, String contextKey) {
        checkPercent(percent);
        return StickyPercent.byContext(request -> percent, contextKey);
    }

    /**
     * The same with a share that can change while running; wrong ones are treated as by {@link #percent(DoubleSupplier)}.
     *
     * @param percent asked on every run
     * @param contextKey where in the context the key is found
     * @return the gate
     */
    public static Gate stickyPercent(DoubleSupplier percent, String contextKey) {
        Objects.requireNonNull(percent, "percent");
        return StickyPercent.byContext(request -> live(percent, request), contextKey);
    }

    /**
     * The same with a key that is taken from the input of the run.
     *
     * @param percent from 0 (nobody) to 100 (everybody)
     * @param inputType the type of the input; a run with another input is not admitted, and that is reported
     * @param key what to take from the input
     * @param <I> the input
     * @return the gate
     * @throws IllegalArgumentException if the percentage is not within 0 and 100
     */
    public static <I> Gate stickyPercent(double percent, Class<I> inputType, Function<? super I, ?> key) {
        checkPercent(percent);
        return StickyPercent.byInput(request -> percent, inputType, key);
    }

    /**
     * The same with a key that is taken from the input of the run, and a share that can change while running.
     *
     * @param percent asked on every run; wrong ones are treated as by {@link #percent(DoubleSupplier)}
     * @param inputType the type of the input; a run with another input is not admitted, and that is reported
     * @param key what to take from the input
     * @param <I> the input
     * @return the gate
     */
    public static <I> Gate stickyPercent(DoubleSupplier percent, Class<I> inputType, Function<? super I, ?> key) {
        Objects.requireNonNull(percent, "percent");
        return StickyPercent.byInput(request -> live(percent, request), inputType, key);
    }

    /**
     * Opens for at most so many runs in a second, evenly spaced: one each 1/n s, none of them saved up for later.
     *
     * @param runs how many; less than 1 for one in several seconds
     * @return the gate
     * @throws IllegalArgumentException if it is not above 0 and at most 10<sup>9</sup>
     */
    public static Gate atMostPerSecond(double runs) {
        return atMostPerSecond(runs, 1);
    }

    /**
     * Opens for at most so many runs in a second on average. After a pause some more may come at once: in any t seconds
     * at most t × runs + burst.
     *
     * @param runs how many in a second; less than 1 for one in several seconds
     * @param burst how many may come at once, at least 1
     * @return the gate
     * @throws IllegalArgumentException if runs is not above 0 and at most 10<sup>9</sup>, or burst is below 1
     */
    public static Gate atMostPerSecond(double runs, int burst) {
        return new RateLimit(runs, burst);
    }

    /**
     * Opens while a condition holds, such as a flag or a switch of your own. Alone it needs no gate, since
     * {@code Experiment.Builder.enabled} takes the condition itself.
     *
     * @param condition asked on every run
     * @return the gate
     */
    public static Gate when(BooleanSupplier condition) {
        Objects.requireNonNull(condition, "condition");
        return (request, input) -> condition.getAsBoolean();
    }

    /**
     * Opens if all of the gates do. They are asked in order, until one does not; so put those that count what they let
     * through ({@link #atMostPerSecond}, {@link #circuitBreaker}) last.
     *
     * @param gates the gates
     * @return the gate; open if there are none
     */
    public static Gate all(Gate... gates) {
        return new Combined(gates, true);
    }

    /**
     * Opens if any of the gates does. They are asked in order, until one does.
     *
     * @param gates the gates
     * @return the gate; closed if there are none
     */
    public static Gate any(Gate... gates) {
        return new Combined(gates, false);
    }

    /**
     * Opens if the gate does not.
     *
     * @param gate the gate
     * @return its opposite
     */
    public static Gate not(Gate gate) {
        return new Opposite(Objects.requireNonNull(gate, "gate"));
    }

    /**
     * Shuts candidates off that fail, hang, are slow or mismatch too often, and tries them again later. Unless told
     * otherwise: after five failures in a row, for a minute.
     *
     * @return a builder with the limits
     */
    public static CircuitBreaker.Builder circuitBreaker() {
        return new CircuitBreaker.Builder();
    }

    private static void checkPercent(double percent) {
        if (!(percent >= 0 && percent <= ALL)) {
            throw notAPercentage(percent);
        }
    }

    private static double live(DoubleSupplier percent, Gate.Request request) {
        double wanted = percent.getAsDouble();
        if (!(wanted >= 0 && wanted <= ALL)) {
            // as it is: a number below 0 and NaN admit nothing, one above 100 everything
            request.report(notAPercentage(wanted));
        }
        return wanted;
    }

    private static IllegalArgumentException notAPercentage(double percent) {
        return new IllegalArgumentException("percent must be from 0 to 100, not " + percent);
    }
}
