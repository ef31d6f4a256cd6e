package dev.scientist.gate;

import dev.scientist.Comparison;
import dev.scientist.Gate;
import dev.scientist.Outcome;
import dev.scientist.Result;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A gate that shuts candidates off which fail, hang, are slow or mismatch too often, and tries them again later. Put together by
 * {@link Gates#circuitBreaker()}.
 *
 * <p>It is CLOSED at first: candidates run. It opens, and candidates do not run, when one of its limits is reached. After
 * a wait it is HALF_OPEN: one run is let through as a trial. A good trial closes it, a bad one opens it for another
 * wait. A trial of which nothing is heard within the wait, since its run was dropped, is followed by another. (Of runs
 * in the background those that were under way when the breaker opened may end in its stead.)
 *
 * <p>A <em>failure</em> is a candidate that threw, or was past its time limit, and was neither matched nor ignored. With
 * several candidates the worst of them counts. Rates are those of windows, each of so many runs, one after the other; a
 * limit that is sure to be passed opens the breaker before its window is full.
 *
 * <p>Its time is the scientist's clock. It keeps one state for each experiment that is given it, which
 * {@link dev.scientist.Experiment#gateStatus()} shows; changes reach {@link dev.scientist.Publisher#gateChanged}.
 * Thread-safe, lock-free.
 */
public final class CircuitBreaker implements Gate {

    /** Whether candidates run. */
    private enum State {
        OPEN,
        HALF_OPEN
    }

    /**
     * A breaker that is not closed.
     *
     * @param since when it opened, or let the trial through
     * @param reason why it opened
     */
    private record Tripped(State state, long since, String reason) {}

    private static final int MAX_WINDOW = 10_000;

    private final Builder limits;
    private final AtomicReference<@Nullable Tripped> tripped = new AtomicReference<>();
    private final AtomicInteger failuresInARow = new AtomicInteger();

    /** The window's runs, failures, mismatches and time limits hit, 16 bits each, so that all change at once. */
    private final AtomicLong window = new AtomicLong();

    private final AtomicLong controlNanos = new AtomicLong();
    private final AtomicLong candidateNanos = new AtomicLong();

    private static final int FAILURES = 16;
    private static final int MISMATCHES = 32;
    private static final int TIME_LIMITS = 48;

    private CircuitBreaker(Builder limits) {
        this.limits = limits;
    }

    @Override
    public boolean admits(Request request, @Nullable Object input) {
        Tripped now = tripped.get();
        if (now == null) {
            return true;
        }
        long time = request.nanoTime();
        return time - now.since >= limits.retryAfterNanos
                && change(request, now, new Tripped(State.HALF_OPEN, time, now.reason));
    }

    @Override
    public void learn(Request request, Result<?> result) {
        boolean failed = false;
        boolean pastLimit = false;
        long slowest = 0;
        for (Comparison<?> comparison : result.comparisons()) {
            Outcome outcome = comparison.outcome();
            pastLimit |= outcome == Outcome.ABANDONED;
            failed |= outcome == Outcome.ABANDONED
                    || (outcome == Outcome.MISMATCHED && comparison.candidate().threw());
            slowest = Math.max(slowest, comparison.candidate().nanos());
        }
        boolean mismatched = result.mismatched();
        long control = result.control().nanos();

        Tripped now = tripped.get();
        if (now == null) {
            String reason = count(failed, mismatched, pastLimit, control, slowest);
            if (reason != null) {
                change(request, null, new Tripped(State.OPEN, request.nanoTime(), reason));
            }
        } else if (now.state == State.HALF_OPEN) {
            boolean bad = failed
                    || (mismatched && limits.mismatchRate > 0)
                    || (limits.slowDown > 0 && slowest > limits.slowDown * control);
            change(request, now, bad ? new Tripped(State.OPEN, request.nanoTime(), now.reason) : null);
        }
    }

    /** Returns whether it was still in the state that was seen, and is in the next one now. */
    private boolean change(Request request, @Nullable Tripped seen, @Nullable Tripped next) {
        if (!tripped.compareAndSet(seen, next)) {
            return false;
        }
        failuresInARow.setPlain(0);
        startWindow();
        request.changed(text(next));
        return true;
    }

    /** Counts a run. Returns why the breaker must open, null if it need not. */
    private @Nullable String count(
            boolean failed, boolean mismatched, boolean pastLimit, long control, long candidate) {
        if (failed) {
            int inARow = failuresInARow.incrementAndGet();
            if (inARow >= limits.failuresInARow) {
                return inARow + " failures in a row";
            }
        } else if (failuresInARow.get() != 0) {
            failuresInARow.set(0);
        }
        if (limits.slowDown > 0) {
            controlNanos.addAndGet(control);
            candidateNanos.addAndGet(candidate);
        }
        long counted = window.addAndGet(1L
                | (failed ? 1L << FAILURES : 0)
                | (mismatched ? 1L << MISMATCHES : 0)
                | (pastLimit ? 1L << TIME_LIMITS : 0));
        int runs = number(counted, 0);
        String reason = tooMany("failures", number(counted, FAILURES), limits.failureRate);
        if (reason == null) {
            reason = tooMany("mismatches", number(counted, MISMATCHES), limits.mismatchRate);
        }
        if (reason == null && limits.timeLimitsHit > 0 && number(counted, TIME_LIMITS) >= limits.timeLimitsHit) {
            reason = number(counted, TIME_LIMITS) + " time limits hit in " + runs + " runs";
        }
        if (reason == null && runs >= limits.window) {
            reason = tooSlow();
            startWindow();
        }
        return reason;
    }

    private @Nullable String tooMany(String what, int number, double limit) {
        return limit > 0 && number >= limit * limits.window
                ? number + " " + what + " in a window of " + limits.window + " runs"
                : null;
    }

    private @Nullable String tooSlow() {
        long control = controlNanos.get();
        long candidate = candidateNanos.get();
        return limits.slowDown > 0 && candidate > limits.slowDown * control
                ? String.format(
                        Locale.ROOT,
                        "candidate took %.3g ms, control %.3g ms, in %d runs",
                        candidate / 1e6,
                        control / 1e6,
                        limits.window)
                : null;
    }

    private void startWindow() {
        window.set(0);
        controlNanos.set(0);
        candidateNanos.set(0);
    }

    private static int number(long counted, int at) {
        return (int) ((counted >>> at) & 0xFFFF);
    }

    @Override
    public Gate forExperiment(String experiment) {
        return new CircuitBreaker(limits);
    }

    @Override
    public String status() {
        return text(tripped.get());
    }

    @Override
    public boolean isShut() {
        return tripped.get() != null;
    }

    private static String text(@Nullable Tripped tripped) {
        return tripped == null
                ? "circuit breaker CLOSED"
                : "circuit breaker " + tripped.state + " (" + tripped.reason + ")";
    }

    /** The limits. Not thread-safe. */
    public static final class Builder {
        // 0 is none
        private int failuresInARow = 5;
        private double failureRate;
        private double mismatchRate;
        private int timeLimitsHit;
        private double slowDown;
        private int window = 100;
        private long retryAfterNanos = Duration.ofMinutes(1).toNanos();

        Builder() {}

        private Builder(Builder other) {
            failuresInARow = other.failuresInARow;
            failureRate = other.failureRate;
            mismatchRate = other.mismatchRate;
            timeLimitsHit = other.timeLimitsHit;
            slowDown = other.slowDown;
            window = other.window;
            retryAfterNanos = other.retryAfterNanos;
        }

        /**
         * Opens after so many failures in a row.
         *
         * @param failures from 1 to 10000; 5 unless told otherwise
         * @return this builder
         */
        public Builder failuresInARow(int failures) {
            failuresInARow = fromOne("failures in a row", failures);
            return this;
        }

        /**
         * Opens when a share of the runs of a window fail.
         *
         * @param share above 0, at most 1, which is all of them; no limit unless given
         * @return this builder
         */
        public Builder failureRate(double share) {
            failureRate = share("failure rate", share);
            return this;
        }

        /**
         * Opens when a share of the runs of a window mismatch; those that were ignored do not count.
         *
         * @param share above 0, at most 1, which is all of them; no limit unless given
         * @return this builder
         */
        public Builder mismatchRate(double share) {
            mismatchRate = share("mismatch rate", share);
            return this;
        }

        /**
         * Opens when so many runs of a window are past their time limit.
         *
         * @param runs from 1 to 10000; no limit unless given
         * @return this builder
         */
        public Builder timeLimitsHit(int runs) {
            timeLimitsHit = fromOne("time limits hit", runs);
            return this;
        }

        /**
         * Opens when the candidate's time over a whole window is more than so many times the control's.
         *
         * @param ratio above 0, such as 2 for twice as slow; no limit unless given
         * @return this builder
         */
        public Builder slowDown(double ratio) {
            if (!(ratio > 0 && ratio < Double.POSITIVE_INFINITY)) {
                throw wrong("slow-down", "a number above 0", ratio);
            }
            slowDown = ratio;
            return this;
        }

        /**
         * How many runs make a window.
         *
         * @param runs from 1 to 10000; 100 unless told otherwise
         * @return this builder
         */
        public Builder window(int runs) {
            window = fromOne("window", runs);
            return this;
        }

        /**
         * How long to wait before a trial.
         *
         * @param wait above zero, at most 365 days; a minute unless told otherwise
         * @return this builder
         */
        public Builder retryAfter(Duration wait) {
            if (wait.isNegative() || wait.isZero() || wait.compareTo(Duration.ofDays(365)) > 0) {
                throw wrong("retry after", "above zero and at most 365 days", wait);
            }
            retryAfterNanos = wait.toNanos();
            return this;
        }

        /**
         * Makes the gate.
         *
         * @return a circuit breaker, closed
         */
        public CircuitBreaker build() {
            return new CircuitBreaker(new Builder(this));
        }

        private static int fromOne(String setting, int number) {
            if (number < 1 || number > MAX_WINDOW) {
                throw wrong(setting, "from 1 to " + MAX_WINDOW, number);
            }
            return number;
        }

        private static double share(String setting, double share) {
            if (!(share > 0 && share <= 1)) {
                throw wrong(setting, "above 0 and at most 1", share);
            }
            return share;
        }

        private static IllegalArgumentException wrong(String setting, String rule, Object given) {
            return new IllegalArgumentException("circuit breaker: " + setting + " must be " + rule + ", not " + given);
        }
    }
}
