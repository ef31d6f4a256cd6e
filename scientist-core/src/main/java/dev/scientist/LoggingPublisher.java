package dev.scientist;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs results through SLF4J to {@code dev.scientist.results}: one line for a person and key-value pairs for a machine.
 * Mismatches, failed comparisons and abandoned candidates at WARN, ignored ones at INFO, matches at DEBUG; drops, and
 * gates and switches that change, at WARN; stages of a rollout at INFO, one that fell back at WARN; a baseline that did
 * not match at INFO, one that did at DEBUG. At most {@value #DEFAULT_LINES_PER_SECOND} lines a second for each experiment
 * and kind, except switches and stages; the next line says how many were held back. Values are shown as
 * {@link Rendering#cautious()} does. Thread-safe.
 *
 * <p>The keys: {@code event.name} ({@code scientist.comparison}, {@code scientist.baseline}, {@code scientist.drop},
 * {@code scientist.gate}, {@code scientist.switch}, {@code scientist.stage}), {@code scientist.experiment.name},
 * {@code scientist.candidate.name}, {@code scientist.outcome}, {@code scientist.control.duration} and
 * {@code scientist.candidate.duration} (seconds), {@code scientist.order}, {@code scientist.difference.paths},
 * {@code scientist.signature} (as {@link Comparison#signature()}), {@code scientist.control.error.type},
 * {@code scientist.candidate.error.type}, {@code scientist.ignored.reason}, {@code scientist.drop.reason},
 * {@code scientist.gate.status}, {@code scientist.switch}, {@code scientist.stage}, {@code scientist.served} (where a
 * rollout serves the candidate), {@code scientist.held_back}.
 */
public final class LoggingPublisher implements Publisher {

    /** The name of the logger. */
    public static final String LOGGER_NAME = "dev.scientist.results";

    private static final int DEFAULT_LINES_PER_SECOND = 10;
    private static final int MAX_PATHS = 20;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int MAX_PLACES = 1_000;
    private static final long HOUR = TimeUnit.HOURS.toNanos(1);

    private static final Logger LOGGER = LoggerFactory.getLogger(LOGGER_NAME);

    private final Rendering rendering;
    private final int linesPerSecond;
    /** When the frames of a throwable were logged last, by its class and place. */
    private final Map<String, Long> framesLogged = new ConcurrentHashMap<>();

    /**
     * By experiment and kind of line; bounded by the experiments of the scientists that it serves. Not by a record of the
     * two: the JDK keeps the class of a record whose equals was called for ever, and with it the application's loader.
     */
    private final Map<String, Map<String, FloodLimit>> limits = new ConcurrentHashMap<>();

    /** A publisher with the defaults. */
    public LoggingPublisher() {
        this(Rendering.cautious(), DEFAULT_LINES_PER_SECOND);
    }

    private LoggingPublisher(Rendering rendering, int linesPerSecond) {
        this.rendering = rendering;
        this.linesPerSecond = linesPerSecond;
    }

    /**
     * The same, but how values are shown is up to the caller; {@link Rendering#showingValues()} shows all.
     *
     * @param rendering what to show
     * @return another publisher
     */
    public LoggingPublisher rendering(Rendering rendering) {
        return new LoggingPublisher(rendering, linesPerSecond);
    }

    /**
     * The same with another limit.
     *
     * @param linesPerSecond how many lines a second may be logged for each experiment and outcome, at least 1
     * @return another publisher
     */
    public LoggingPublisher linesPerSecond(int linesPerSecond) {
        if (linesPerSecond < 1) {
            throw new IllegalArgumentException("lines per second must be at least 1, not " + linesPerSecond);
        }
        return new LoggingPublisher(rendering, linesPerSecond);
    }

    @Override
    public void publish(Result<?> result) {
        for (Comparison<?> comparison : result.comparisons()) {
            Outcome outcome = comparison.outcome();
            Level level = level(outcome);
            if (LOGGER.isEnabledForLevel(level)) {
                log(level, text(outcome), "scientist.comparison", result, comparison);
            }
        }
        Comparison<?> baseline = result.baseline();
        if (baseline != null) {
            // noise is worth knowing of, and nobody's fault
            Level level = baseline.outcome() == Outcome.MATCHED ? Level.DEBUG : Level.INFO;
            if (LOGGER.isEnabledForLevel(level)) {
                String kind = "control run again " + text(baseline.outcome());
                log(level, kind, "scientist.baseline", result, baseline);
            }
        }
    }

    @Override
    public void dropped(Experiment<?> experiment, Drop reason) {
        long heldBack = pass(experiment, "run dropped: " + text(reason));
        if (heldBack != FloodLimit.HOLD_BACK) {
            LOGGER.atWarn()
                    .addKeyValue("event.name", "scientist.drop")
                    .addKeyValue("scientist.experiment.name", experiment.name())
                    .addKeyValue("scientist.drop.reason", text(reason))
                    .addKeyValue("scientist.held_back", heldBack)
                    .log("experiment '{}': run dropped: {}{}", experiment.name(), text(reason), more(heldBack));
        }
    }

    /** Logs at WARN. */
    @Override
    public void switched(Experiment<?> experiment, boolean on) {
        LOGGER.atWarn()
                .addKeyValue("event.name", "scientist.switch")
                .addKeyValue("scientist.experiment.name", experiment.name())
                .addKeyValue("scientist.switch", on)
                .log("experiment '{}': switched {}", experiment.name(), on ? "on" : "off");
    }

    /** Logs the new state at WARN. */
    @Override
    public void gateChanged(Experiment<?> experiment, String status) {
        long heldBack = pass(experiment, "gate changed");
        if (heldBack != FloodLimit.HOLD_BACK) {
            String shown = Rendering.escaped(status);
            LOGGER.atWarn()
                    .addKeyValue("event.name", "scientist.gate")
                    .addKeyValue("scientist.experiment.name", experiment.name())
                    .addKeyValue("scientist.gate.status", shown)
                    .addKeyValue("scientist.held_back", heldBack)
                    .log("experiment '{}': {}{}", experiment.name(), shown, more(heldBack));
        }
    }

    /** Logs the stage at INFO, one that fell back at WARN. */
    @Override
    public void stageChanged(Experiment<?> experiment, Serving serving) {
        LOGGER.atLevel(serving.fellBack() ? Level.WARN : Level.INFO)
                .addKeyValue("event.name", "scientist.stage")
                .addKeyValue("scientist.experiment.name", experiment.name())
                .addKeyValue("scientist.stage", serving.stage())
                .log("experiment '{}': {}", experiment.name(), Rendering.escaped(serving.status()));
    }

    /** Says what was held back since the last line, lest it be lost. */
    @Override
    public void close() {
        limits.forEach((experiment, kinds) -> kinds.forEach((kind, limit) -> {
            long heldBack = limit.takeHeldBack();
            if (heldBack > 0) {
                LOGGER.atInfo()
                        .addKeyValue("event.name", "scientist.held_back")
                        .addKeyValue("scientist.experiment.name", experiment)
                        .addKeyValue("scientist.held_back", heldBack)
                        .log("experiment '{}': {} more lines were held back: {}", experiment, heldBack, kind);
            }
        }));
    }

    private long pass(Experiment<?> experiment, String what) {
        return limits.computeIfAbsent(experiment.name(), any -> new ConcurrentHashMap<>())
                .computeIfAbsent(what, any -> new FloodLimit(linesPerSecond))
                .pass(experiment.parts.nanoTime());
    }

    private static Level level(Outcome outcome) {
        return switch (outcome) {
            case MATCHED -> Level.DEBUG;
            case IGNORED -> Level.INFO;
            case MISMATCHED, FAILED, ABANDONED -> Level.WARN;
        };
    }

    private void log(Level level, String kind, String event, Result<?> result, Comparison<?> comparison) {
        long heldBack = pass(result.experiment(), kind);
        if (heldBack != FloodLimit.HOLD_BACK) {
            log(level, event, result, comparison, heldBack);
        }
    }

    private void log(Level level, String name, Result<?> result, Comparison<?> comparison, long heldBack) {
        Observation<?> control = comparison.control();
        Observation<?> candidate = comparison.candidate();
        String order = String.join(",", result.order());
        LoggingEventBuilder event = LOGGER.atLevel(level)
                .addKeyValue("event.name", name)
                .addKeyValue("scientist.experiment.name", result.experiment().name())
                .addKeyValue("scientist.candidate.name", candidate.name())
                .addKeyValue("scientist.outcome", text(comparison.outcome()))
                .addKeyValue("scientist.control.duration", control.nanos() / NANOS_PER_SECOND)
                .addKeyValue("scientist.candidate.duration", candidate.nanos() / NANOS_PER_SECOND)
                .addKeyValue("scientist.order", order);
        if (!served(result).isEmpty()) {
            event = event.addKeyValue("scientist.served", result.served().name());
        }
        if (!comparison.differences().isEmpty()) {
            event = event.addKeyValue(
                            "scientist.difference.paths",
                            comparison.differences().stream()
                                    .limit(MAX_PATHS)
                                    .map(difference -> rendering.bounded(difference.path()))
                                    .collect(Collectors.joining(",")))
                    .addKeyValue("scientist.signature", comparison.signature());
        }
        event = errorType(event, "scientist.control.error.type", control);
        event = errorType(event, "scientist.candidate.error.type", candidate);
        if (comparison.ignoredBecause() != null) {
            event = event.addKeyValue("scientist.ignored.reason", comparison.ignoredBecause());
        }
        if (heldBack > 0) {
            event = event.addKeyValue("scientist.held_back", heldBack);
        }
        event.log(line(result, comparison, order) + more(heldBack));
    }

    private static LoggingEventBuilder errorType(LoggingEventBuilder event, String key, Observation<?> observation) {
        Throwable thrown = observation.throwable();
        return thrown == null ? event : event.addKeyValue(key, thrown.getClass().getName());
    }

    private String line(Result<?> result, Comparison<?> comparison, String order) {
        StringBuilder line = new StringBuilder("experiment '")
                .append(result.experiment().name())
                .append("': ")
                .append(
                        comparison == result.baseline()
                                ? "control run again"
                                : comparison.candidate().name())
                .append(' ')
                .append(text(comparison.outcome()));
        if (comparison.ignoredBecause() != null) {
            line.append(" (").append(comparison.ignoredBecause()).append(')');
        }
        Throwable failure = comparison.comparatorFailure();
        if (failure != null) {
            line.append(" (the comparator threw ")
                    .append(rendering.throwable(failure))
                    .append(')');
        }
        append(line.append(": "), comparison.control());
        append(line.append(", "), comparison.candidate());
        String where = rendering.differences(comparison);
        if (!where.isEmpty()) {
            line.append("; differs at ").append(where);
        }
        String hint = rendering.hint(comparison);
        if (!hint.isEmpty()) {
            line.append("; ").append(hint);
        }
        line.append("; order ").append(order).append(served(result));
        Throwable thrown = comparison.candidate().throwable();
        if (thrown != null && comparison.outcome() == Outcome.MISMATCHED && isNews(thrown)) {
            line.append("; thrown: ").append(Rendering.frames(thrown));
        }
        return line.toString();
    }

    /** Said where a rollout had the candidate served. */
    private static String served(Result<?> result) {
        return result.rescued()
                ? "; served control, to the rescue"
                : result.served() == result.control()
                        ? ""
                        : "; served " + result.served().name();
    }

    /** Whether a throwable of its class and place was not logged with its frames in the last hour. */
    private boolean isNews(Throwable thrown) {
        StackTraceElement[] frames = thrown.getStackTrace();
        String place = thrown.getClass().getName() + (frames.length == 0 ? "" : frames[0]);
        long now = System.nanoTime();
        if (framesLogged.size() >= MAX_PLACES) {
            framesLogged.values().removeIf(at -> now - at > HOUR);
        }
        Long before = framesLogged.get(place);
        boolean isNews = before == null ? framesLogged.size() < MAX_PLACES : now - before > HOUR;
        if (isNews) {
            framesLogged.put(place, now);
        }
        return isNews;
    }

    private void append(StringBuilder line, Observation<?> observation) {
        line.append(observation.name())
                .append(' ')
                .append(rendering.outcome(observation))
                .append(String.format(Locale.ROOT, " in %.3f ms", observation.nanos() / 1e6));
    }

    static String more(long heldBack) {
        return heldBack == 0 ? "" : " (and " + heldBack + " more like it held back)";
    }

    private static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
