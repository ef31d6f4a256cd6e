package dev.scientist.examples.calendar;

import dev.scientist.evidence.EvidenceServer;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for. Immutable.
 *
 * @param zones the ids of the zones, in order of the alphabet, at least one
 * @param inputs at most so many inputs, at least one
 * @param seed decides on what is left to chance
 * @param port where to serve the page, empty for not at all
 * @param mismatches where to write mismatches to, null for nowhere
 */
record Options(
        List<String> zones,
        long inputs,
        long seed,
        OptionalInt port,
        @Nullable Path mismatches) {

    static final String HELP = """
            Compares calendar code written with java.util.GregorianCalendar with its java.time rewrite.

            Options:
              --zones=ZONES  ids and patterns, separated by commas: Europe/Paris,America/*
                             or how many zones to draw; default: all that both APIs know
              --inputs=N     draw N inputs; default: all
              --seed=N       decides on what is drawn and which examples are shown; default: 1
              --serve[=PORT] serve a page of what is found, while it runs and until Ctrl-C, and /metrics for
                             Prometheus; default port: 8790
              --mismatches=F write the mismatches to the file F, for tests that replay them
              --help         print this
            """;

    private static final String ZONES = "--zones";
    private static final String INPUTS = "--inputs";
    private static final String SEED = "--seed";
    private static final String SERVE = "--serve";
    private static final String MISMATCHES = "--mismatches";
    private static final int HIGHEST_PORT = 65_535;
    private static final long DEFAULT_SEED = 1;

    /** Says what is wrong with the command line, in words for its author. */
    static final class InvalidException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidException(String message) {
            super(message);
        }
    }

    static Options parse(String... args) throws InvalidException {
        String zones = null;
        long inputs = Long.MAX_VALUE;
        long seed = DEFAULT_SEED;
        OptionalInt port = OptionalInt.empty();
        Path mismatches = null;
        Set<String> given = new HashSet<>();
        for (String arg : args) {
            int equals = arg.indexOf('=');
            String name = equals < 0 ? arg : arg.substring(0, equals);
            String value = equals < 0 ? "" : arg.substring(equals + 1);
            if (!given.add(name)) {
                throw new InvalidException(name + " is given twice");
            }
            switch (name) {
                case ZONES -> zones = value;
                case INPUTS -> inputs = number(INPUTS, value, 1, Long.MAX_VALUE);
                case MISMATCHES -> mismatches = file(value);
                case SEED -> seed = number(SEED, value, Long.MIN_VALUE, Long.MAX_VALUE);
                case SERVE ->
                    port = OptionalInt.of(
                            equals < 0 ? EvidenceServer.DEFAULT_PORT : (int) number(SERVE, value, 0, HIGHEST_PORT));
                default ->
                    throw new InvalidException("there is no option '" + arg
                            + "'; there are --zones=, --inputs=, --seed=, --serve, --mismatches=" + " and --help");
            }
        }
        return new Options(zones(zones, seed), inputs, seed, port, mismatches);
    }

    private static Path file(String value) throws InvalidException {
        try {
            if (!value.isEmpty()) {
                return Path.of(value);
            }
        } catch (InvalidPathException e) {
            // said below
        }
        throw new InvalidException(MISMATCHES + "=" + value + ": must be the name of a file");
    }

    /** The zones that both APIs know. */
    static List<String> allZones() {
        Set<String> zones = new TreeSet<>(ZoneId.getAvailableZoneIds());
        zones.retainAll(Set.of(TimeZone.getAvailableIDs()));
        return List.copyOf(zones);
    }

    private static List<String> zones(@Nullable String choice, long seed) throws InvalidException {
        List<String> all = allZones();
        if (choice == null) {
            return all;
        }
        if (choice.matches("[+-]?\\d+")) {
            int count = (int) number(ZONES, choice, 1, all.size());
            List<String> shuffled = new ArrayList<>(all);
            Collections.shuffle(shuffled, new Random(seed));
            return shuffled.stream().limit(count).sorted().toList();
        }
        Set<String> chosen = new TreeSet<>();
        for (String part : choice.split(",", -1)) {
            Pattern pattern = glob(part.trim());
            List<String> matching =
                    all.stream().filter(pattern.asMatchPredicate()).toList();
            if (matching.isEmpty()) {
                throw new InvalidException(ZONES + "=" + choice + ": there is no zone '" + part.trim()
                        + "'; allowed are ids such as Europe/Paris, patterns such as Europe/*, or a number from 1 to "
                        + all.size());
            }
            chosen.addAll(matching);
        }
        return List.copyOf(chosen);
    }

    private static Pattern glob(String text) {
        return Pattern.compile(
                Arrays.stream(text.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
    }

    private static long number(String option, String value, long min, long max) throws InvalidException {
        try {
            long number = Long.parseLong(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        String range = min == Long.MIN_VALUE
                ? "a whole number"
                : max == Long.MAX_VALUE
                        ? "a whole number from " + min + " on"
                        : "a whole number from " + min + " to " + max;
        throw new InvalidException(option + "=" + value + ": must be " + range);
    }
}
