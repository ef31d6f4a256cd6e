package dev.scientist.benchmarks;

import java.util.stream.IntStream;

/**
 * What the code under experiment is handed and returns: objects that are there already, so that no benchmark measures
 * the boxing of numbers. Each call is handed what the last returned, so calls cannot overlap.
 */
record Step(int number) {

    private static final int COUNT = 1024;
    private static final Step[] ALL =
            IntStream.range(0, COUNT).mapToObj(Step::new).toArray(Step[]::new);

    static final Step FIRST = ALL[42];

    /** The old code. */
    static Step control(Step step) {
        return ALL[Workload.control(step.number) & (COUNT - 1)];
    }

    /** The new code: the same, so that it matches. */
    static Step candidate(Step step) {
        return ALL[Workload.candidate(step.number) & (COUNT - 1)];
    }

    /** New code that is wrong. */
    static Step wrong(Step step) {
        return ALL[Workload.wrong(step.number) & (COUNT - 1)];
    }

    /** New code that throws. */
    static Step broken(Step step) {
        return ALL[Workload.broken(step.number)];
    }
}
