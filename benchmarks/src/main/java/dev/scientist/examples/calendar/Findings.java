package dev.scientist.examples.calendar;

import dev.scientist.Comparison;
import dev.scientist.Observation;
import dev.scientist.Rendering;
import dev.scientist.Result;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** What one experiment found out. Not thread-safe. */
final class Findings {

    private static final int EXAMPLES = 3;
    private static final Rendering RENDERING = Rendering.cautious();

    /** The mismatches of one kind: how many, and some of them, each as likely as any other. */
    static final class Group {
        private final List<String> examples = new ArrayList<>();
        private long count;

        private void add(Result<?> result, Random random) {
            count++;
            if (examples.size() < EXAMPLES) {
                examples.add(describe(result));
            } else {
                long place = random.nextLong(count);
                if (place < EXAMPLES) {
                    examples.set((int) place, describe(result));
                }
            }
        }

        private static String describe(Result<?> result) {
            Comparison<?> comparison = result.comparisons().get(0);
            return result.input() + ": control " + describe(comparison.control()) + ", candidate "
                    + describe(comparison.candidate());
        }

        private static String describe(Observation<?> observation) {
            return observation.returned() ? RENDERING.value(observation) : RENDERING.outcome(observation);
        }

        long count() {
            return count;
        }

        List<String> examples() {
            return examples.stream().sorted().toList();
        }
    }

    private final String experiment;
    private final Random random;
    private final Map<Kind, Group> mismatches = new EnumMap<>(Kind.class);
    private final Map<String, Long> places = new TreeMap<>();
    private final Map<String, Long> ignored = new TreeMap<>();
    private long runs;
    private long matched;
    private long notCompared;
    private long controlExceptions;
    private long candidateExceptions;
    private long drops;
    private long failures;

    /**
     * Nothing found yet.
     *
     * @param seed decides which mismatches become examples
     */
    Findings(String experiment, long seed) {
        this.experiment = experiment;
        random = new Random(seed);
    }

    void add(Result<?> result) {
        Comparison<?> comparison = result.comparisons().get(0);
        runs++;
        if (comparison.control().threw()) {
            controlExceptions++;
        }
        if (comparison.candidate().threw()) {
            candidateExceptions++;
        }
        switch (comparison.outcome()) {
            case MATCHED -> matched++;
            case MISMATCHED -> {
                places.merge(comparison.signature(), 1L, Long::sum);
                mismatches
                        .computeIfAbsent(Explainer.kindOf(result), kind -> new Group())
                        .add(result, random);
            }
            case IGNORED -> ignored.merge(String.valueOf(comparison.ignoredBecause()), 1L, Long::sum);
            case FAILED, ABANDONED -> notCompared++;
        }
    }

    void addDrop() {
        drops++;
    }

    void addFailure() {
        failures++;
    }

    String experiment() {
        return experiment;
    }

    long runs() {
        return runs;
    }

    long matched() {
        return matched;
    }

    long mismatched() {
        return mismatches.values().stream().mapToLong(Group::count).sum();
    }

    long mismatched(Kind kind) {
        Group group = mismatches.get(kind);
        return group == null ? 0 : group.count();
    }

    /** The mismatches by kind, in the order of the kinds. */
    Map<Kind, Group> mismatches() {
        return Collections.unmodifiableMap(mismatches);
    }

    /** How many mismatches there are of each signature: of each set of places that differ. */
    Map<String, Long> places() {
        return Collections.unmodifiableMap(places);
    }

    /** How many differences were ignored, by reason. */
    Map<String, Long> ignored() {
        return Collections.unmodifiableMap(ignored);
    }

    long ignoredInAll() {
        return ignored.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Runs whose comparison failed or whose candidate was given up. */
    long notCompared() {
        return notCompared;
    }

    long controlExceptions() {
        return controlExceptions;
    }

    long candidateExceptions() {
        return candidateExceptions;
    }

    /** Runs that ended without a result. */
    long drops() {
        return drops;
    }

    /** Failures of comparators, rules, cleaners and publishers. */
    long failures() {
        return failures;
    }
}
