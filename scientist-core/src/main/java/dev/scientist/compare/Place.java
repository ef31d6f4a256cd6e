package dev.scientist.compare;

import dev.scientist.Difference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a walk is, while it lists differences: one step for each property (its name), index or key on the way. Texts are
 * made of it only where there is a difference. Not thread-safe.
 */
final class Place {

    /** The step to any element or value. */
    static final String ANY = "[*]";

    private static final int MAX_KEY_LENGTH = 64;

    /** A key that may be shown; one that is a name is part of the place too. */
    private record Key(String quoted, boolean name) {}

    /** The keys that are names, told apart up to a bound at each place and for so many places. Thread-safe. */
    static final class Names {

        private static final int MAX_NAMES = 50;
        private static final int MAX_PLACES = 1_000;

        private final Map<String, Set<String>> known = new HashMap<>();

        private synchronized boolean isName(String place, String key) {
            if (known.size() >= MAX_PLACES && !known.containsKey(place)) {
                return false;
            }
            Set<String> names = known.computeIfAbsent(place, unknown -> new HashSet<>());
            return names.contains(key) || (names.size() < MAX_NAMES && names.add(key));
        }
    }

    private final @Nullable Names names;
    private List<Object> steps = List.of();

    Place(@Nullable Names names) {
        this.names = names;
    }

    void add(Object step) {
        if (steps.isEmpty()) {
            steps = new ArrayList<>();
        }
        steps.add(step);
    }

    void back() {
        steps.remove(steps.size() - 1);
    }

    /** The step to what a key tells apart that was chosen for it. */
    static Object chosenKey(@Nullable Object key) {
        return new Key(quoted(String.valueOf(key)), false);
    }

    /** The step to the value under a map's key, which is private, unless it is a constant or keys are names. */
    Object key(@Nullable Object key) {
        boolean name = names != null && (key instanceof Enum<?> || key instanceof CharSequence);
        return name || key instanceof Enum<?> ? new Key(quoted(String.valueOf(key)), name) : ANY;
    }

    Difference difference(@Nullable Object control, @Nullable Object candidate, Difference.Kind kind) {
        return new Difference(path(), control, candidate, kind, place());
    }

    /** A difference that was found below. */
    Difference of(Difference below) {
        Difference placed = below.below(path());
        String place = place();
        if (place == null) {
            return placed;
        }
        String joined = Difference.of(below.place(), null, null).below(place).path();
        return new Difference(placed.path(), placed.control(), placed.candidate(), placed.kind(), joined);
    }

    private String path() {
        StringBuilder path = new StringBuilder(32);
        for (Object step : steps) {
            if (step instanceof Integer index) {
                path.append('[').append((int) index).append(']');
            } else {
                add(path, step instanceof Key key ? key.quoted : step.toString());
            }
        }
        return path.toString();
    }

    /** What is the same from run to run; null where that is the path without indexes and keys. */
    private @Nullable String place() {
        if (names == null) {
            return null;
        }
        StringBuilder place = new StringBuilder();
        for (Object step : steps) {
            boolean name = step instanceof Key key && key.name && names.isName(place.toString(), key.quoted);
            add(place, name ? ((Key) step).quoted : step instanceof String text ? text : ANY);
        }
        return place.toString();
    }

    private static void add(StringBuilder path, String step) {
        path.append(path.length() == 0 || step.startsWith("[") ? "" : ".").append(step);
    }

    /** A key as it stands in a pattern, in quotes; one that is very long is cut. */
    static String quoted(String key) {
        StringBuilder quoted = new StringBuilder("[\"");
        for (int i = 0; i < Math.min(key.length(), MAX_KEY_LENGTH); i++) {
            char c = key.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\');
            }
            quoted.append(c);
        }
        return quoted.append(key.length() > MAX_KEY_LENGTH ? "…\"]" : "\"]").toString();
    }
}
