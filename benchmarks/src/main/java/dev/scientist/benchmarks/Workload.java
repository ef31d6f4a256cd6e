package dev.scientist.benchmarks;

import dev.scientist.Experiment;
import dev.scientist.Scientist;

/** The code under experiment, and what makes the JVM's profiles as mixed as in production. */
final class Workload {

    /** How many other experiments run before the measured one. */
    private static final int OTHERS = 8;

    /** How long the code under experiment takes: rounds of about a nanosecond each. Set once, before anything runs. */
    private static int rounds = 26;

    private Workload() {}

    /** About 22 ns, or about a microsecond. */
    static void take(String work) {
        rounds = work.equals("1us") ? 1_200 : 26;
    }

    /** The old code: a short computation whose calls cannot overlap, since each is handed what the last returned. */
    static int control(int seed) {
        int x = seed;
        for (int i = 0; i < rounds; i++) {
            x = x * 31 + (x >>> 7);
        }
        return x;
    }

    /** The new code: the same, so that it matches. */
    static int candidate(int seed) {
        int x = seed;
        for (int i = 0; i < rounds; i++) {
            x = (x << 5) - x + (x >>> 7);
        }
        return x;
    }

    /** New code that is wrong. */
    static int wrong(int seed) {
        return candidate(seed) + 1;
    }

    /** New code that throws. Without a stack trace: what is measured is not how long it takes to fill one. */
    @SuppressWarnings("DoNotCallSuggester")
    static int broken(int seed) {
        throw BrokenException.INSTANCE;
    }

    /** Made once. */
    private static final class BrokenException extends RuntimeException {
        private static final long serialVersionUID = 1;

        @SuppressWarnings("StaticAssignmentOfThrowable") // it has no stack trace that could mislead
        private static final BrokenException INSTANCE = new BrokenException();

        private BrokenException() {
            super("broken", null, false, false);
        }
    }

    /**
     * Runs other experiments with other behaviors, so that no call site of the library knows but one behavior.
     */
    static int pollute(Scientist scientist, String prefix) {
        int x = 1;
        for (int i = 0; i < OTHERS; i++) {
            int number = i;
            Experiment<Integer> other = scientist
                    .<Integer>experiment(prefix + i)
                    .enabled(() -> number % 2 == 0)
                    .build();
            for (int run = 0; run < 5_000; run++) {
                x = other.run(() -> number, () -> number + 1);
                x += other.run(run, input -> input + number, input -> input - number);
                x += other.run(run, Workload::wrong, Workload::control);
            }
        }
        return x;
    }
}
