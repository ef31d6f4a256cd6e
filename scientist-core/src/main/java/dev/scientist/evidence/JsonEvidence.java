package dev.scientist.evidence;

import dev.scientist.Drop;
import dev.scientist.Operation;
import dev.scientist.Outcome;
import dev.scientist.json.JsonReader;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link JsonReport} writes: the counts; what follows from them is not read. Fields that are not known are
 * passed over, so that another build of the same version may have more of them.
 */
final class JsonEvidence {

    private final List<ExperimentEvidence> experiments = new ArrayList<>();
    private @Nullable Tolerance tolerance;

    private JsonEvidence() {}

    /**
     * Reads all.
     *
     * @throws IllegalArgumentException if it is no evidence, or that of another version; the message says why
     */
    static JsonEvidence read(String text) {
        Object json = JsonReader.read(text);
        if (!(json instanceof Map<?, ?> fields) || !JsonReport.FORMAT.equals(fields.get("format"))) {
            throw new IllegalArgumentException(
                    "this is not evidence: it has no \"format\":\"" + JsonReport.FORMAT + "\"");
        }
        if (!Long.valueOf(JsonReport.VERSION).equals(fields.get("version"))) {
            throw new IllegalArgumentException("this is evidence of version " + fields.get("version")
                    + ", and only that of version " + JsonReport.VERSION + " is understood");
        }
        try {
            return new JsonEvidence().readAll(fields);
        } catch (ClassCastException | DateTimeException | NullPointerException e) {
            throw new IllegalArgumentException("this evidence is damaged: " + e.getMessage(), e);
        }
    }

    List<ExperimentEvidence> experiments() {
        return experiments;
    }

    /** By which its conclusions were found, null if there are none. */
    @Nullable
    Tolerance tolerance() {
        return tolerance;
    }

    private JsonEvidence readAll(Map<?, ?> fields) {
        if (fields.get("tolerance") != null) {
            tolerance = tolerance(object(fields, "tolerance"));
        }
        for (Object experiment : array(fields, "experiments")) {
            experiments.add(experiment((Map<?, ?>) experiment));
        }
        return this;
    }

    private static Tolerance tolerance(Map<?, ?> fields) {
        Map<?, ?> slowDown = object(fields, "maxSlowDown");
        return Tolerance.standard()
                .maxMismatchRate(decimal(fields, "maxMismatchRate"))
                .maxNotCompared(decimal(fields, "maxNotCompared"))
                .maxShed(decimal(fields, "maxShed"))
                .maxIgnored(decimal(fields, "maxIgnored"))
                .fewestRuns(number(fields, "fewestRuns"))
                .shortestTime(Duration.ofMillis(number(fields, "shortestTimeMillis")))
                .maxSlowDown(decimal(slowDown, "0.5"), decimal(slowDown, "0.95"), decimal(slowDown, "0.99"))
                .confidence(decimal(fields, "confidence"));
    }

    private static ExperimentEvidence experiment(Map<?, ?> fields) {
        Map<Operation, Long> failures = new EnumMap<>(Operation.class);
        counts(fields, "failures").forEach((name, count) -> {
            Operation operation = constant(Operation.class, name, null);
            if (operation != null) {
                failures.put(operation, count);
            }
        });
        ExperimentEvidence.Facts facts = new ExperimentEvidence.Facts(
                text(fields, "version"),
                Instant.parse(text(fields, "at")),
                Duration.ofMillis(number(fields, "seenMillis")),
                (int) number(fields, "inputs"),
                Boolean.TRUE.equals(fields.get("ignoresNoise")),
                texts(fields, "missing"),
                fields.get("state") instanceof Map<?, ?> state ? (String) state.get("stopped") : null);
        return new ExperimentEvidence(
                text(fields, "experiment"), facts, failures, period(fields), period(object(fields, "lately")));
    }

    private static Period period(Map<?, ?> fields) {
        Map<Drop, Long> drops = new EnumMap<>(Drop.class);
        // a reason that only a newer build knows is one that nobody here can tolerate more of
        counts(fields, "drops")
                .forEach((name, count) -> drops.merge(constant(Drop.class, name, Drop.BROKEN), count, Long::sum));
        Map<String, Sums> candidates = new HashMap<>();
        for (Object candidate : array(fields, "candidates")) {
            candidates.put(text((Map<?, ?>) candidate, "candidate"), sums((Map<?, ?>) candidate));
        }
        return new Period(
                Instant.parse(text(fields, "since")),
                number(fields, "results"),
                drops,
                candidates,
                fields.get("baseline") == null ? null : sums(object(fields, "baseline")));
    }

    private static Sums sums(Map<?, ?> fields) {
        Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
        counts(fields, "outcomes")
                .forEach((name, count) ->
                        outcomes.merge(constant(Outcome.class, name, Outcome.FAILED), count, Long::sum));
        List<DifferenceEvidence> differences = new ArrayList<>();
        for (Object group : array(fields, "differences")) {
            differences.add(difference((Map<?, ?>) group));
        }
        Map<?, ?> time = object(fields, "time");
        return new Sums(
                outcomes,
                number(fields, "noise"),
                counts(fields, "controlExceptions"),
                counts(fields, "candidateExceptions"),
                counts(fields, "ignored"),
                counts(fields, "places"),
                differences,
                times(object(time, "control")),
                times(object(time, "candidate")),
                (String) time.get("unfair"),
                number(fields, "comparingNanos"),
                traits(fields.get("traits") instanceof Map<?, ?> traits ? traits : Map.of()));
    }

    private static Map<String, Map<String, TraitCount>> traits(Map<?, ?> fields) {
        Map<String, Map<String, TraitCount>> traits = new LinkedHashMap<>();
        fields.forEach((trait, values) -> {
            Map<String, TraitCount> counts = new HashMap<>();
            ((Map<?, ?>) values).forEach((value, count) -> counts.put((String) value, traitCount((Map<?, ?>) count)));
            traits.put((String) trait, counts);
        });
        return traits;
    }

    private static TraitCount traitCount(Map<?, ?> fields) {
        return new TraitCount(number(fields, "compared"), number(fields, "mismatched"), counts(fields, "places"));
    }

    private static Times times(Map<?, ?> fields) {
        Map<Integer, Long> buckets = new TreeMap<>();
        counts(fields, "buckets")
                .forEach(
                        (nanos, count) -> buckets.merge(TimeHistogram.bucket(Long.parseLong(nanos)), count, Long::sum));
        Times.Builder times = new Times.Builder();
        buckets.forEach(times::add);
        return times.build();
    }

    private static DifferenceEvidence difference(Map<?, ?> fields) {
        List<DifferenceEvidence.Example> examples = new ArrayList<>();
        for (Object each : array(fields, "examples")) {
            Map<?, ?> example = (Map<?, ?>) each;
            examples.add(new DifferenceEvidence.Example(
                    Instant.parse(text(example, "at")),
                    (String) example.get("input"),
                    text(example, "control"),
                    text(example, "candidate"),
                    (String) example.get("thrown"),
                    text(example, "differences")));
        }
        return new DifferenceEvidence(
                text(fields, "signature"),
                texts(fields, "places"),
                number(fields, "count"),
                Instant.parse(text(fields, "firstSeen")),
                Instant.parse(text(fields, "lastSeen")),
                examples);
    }

    // ---- fields ----

    private static Object field(Map<?, ?> fields, String name) {
        Object value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("this evidence is damaged: \"" + name + "\" is missing");
        }
        return value;
    }

    private static String text(Map<?, ?> fields, String name) {
        return (String) field(fields, name);
    }

    private static long number(Map<?, ?> fields, String name) {
        return count((Long) field(fields, name), name);
    }

    private static long count(Long number, String name) {
        if (number < 0) {
            throw new IllegalArgumentException("this evidence is damaged: \"" + name + "\" is " + number);
        }
        return number;
    }

    /** JSON has no infinity: null stands for it. */
    private static double decimal(Map<?, ?> fields, String name) {
        return fields.get(name) instanceof Number number ? number.doubleValue() : Double.POSITIVE_INFINITY;
    }

    private static Map<?, ?> object(Map<?, ?> fields, String name) {
        return (Map<?, ?>) field(fields, name);
    }

    private static List<?> array(Map<?, ?> fields, String name) {
        return (List<?>) field(fields, name);
    }

    private static List<String> texts(Map<?, ?> fields, String name) {
        List<String> texts = new ArrayList<>();
        for (Object text : array(fields, name)) {
            texts.add((String) text);
        }
        return texts;
    }

    private static Map<String, Long> counts(Map<?, ?> fields, String name) {
        Map<String, Long> counts = new LinkedHashMap<>();
        object(fields, name).forEach((key, count) -> counts.put((String) key, count((Long) count, (String) key)));
        return counts;
    }

    private static <E extends Enum<E>> @Nullable E constant(Class<E> type, String name, @Nullable E unknown) {
        try {
            return Enum.valueOf(type, name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return unknown;
        }
    }
}
