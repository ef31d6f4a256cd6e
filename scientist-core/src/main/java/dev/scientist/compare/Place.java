package dev.scientist.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a walk is, while it lists differences: one step for each property, index or key on the way. Texts are made of it
 * only where there is a difference. Not thread-safe.
 */
final class Place {

    private static final int MAX_KEY_LENGTH = 64;
    private static final String ANY = "[*]";

    /** A key that may be shown; one that is a name is part of the place too. */
    private record Key(String text, boolean name) {}

    /** The keys that are names, told apart up to a bound at each place and for so many places. Thread-safe. */
    static final class Names {

        private static final int MAX_NAMES = 50;
        private static final int MAX_PLACES = 1_000;

        private final Map<String, Set<String>> known = new ConcurrentHashMap<>();

        private boolean isName(String place, String key) {
            Set<String> names = known.get(place);
            if (names == null) {
                if (known.size() >= MAX_PLACES) {
                    return false;
                }
                names = known.computeIfAbsent(place, unknown -> ConcurrentHashMap.newKeySet());
            }
            if (names.contains(key)) {
                return true;
            }
            synchronized (names) {
                return names.size() < MAX_NAMES && names.add(key);
            }
        }
    }

    private final @Nullable Names names;
    private final List<Object> steps = new ArrayList<>();

    Place(@Nullable Names names) {
        this.names = names;
    }

    void property(String name) {
        steps.add(name);
    }

    void index(int index) {
        steps.add(index);
    }

    void anyElement() {
        steps.add(ANY);
    }

    /** A key that was chosen to tell elements apart. */
    void chosenKey(@Nullable Object key) {
        steps.add(new Key(String.valueOf(key), false));
    }

    /** A key of a map: private, unless it is a constant or keys are names. */
    void mapKey(@Nullable Object key) {
        boolean constant = key instanceof Enum<?>;
        boolean name = names != null && (constant || key instanceof CharSequence);
        steps.add(constant || name ? new Key(String.valueOf(key), name) : ANY);
    }

    void back() {
        steps.remove(steps.size() - 1);
    }

    /** The path, such as {@code lines[2].price}. */
    String path() {
        if (steps.size() == 1 && steps.get(0) instanceof String only) {
            return only;
        }
        StringBuilder path = new StringBuilder();
        for (Object step : steps) {
            if (step instanceof Integer index) {
                path.append('[').append((int) index).append(']');
            } else if (step instanceof Key key) {
                path.append(quoted(key.text));
            } else {
                property(path, (String) step);
            }
        }
        return path.toString();
    }

    /** What is the same from run to run; null where that is the path without indexes and keys. */
    @Nullable
    String place() {
        if (names == null) {
            return null;
        }
        StringBuilder place = new StringBuilder();
        for (Object step : steps) {
            if (step instanceof Key key && key.name) {
                String quoted = quoted(key.text);
                place.append(names.isName(place.toString(), quoted) ? quoted : ANY);
            } else if (step instanceof String text) {
                property(place, text);
            } else {
                place.append(ANY);
            }
        }
        return place.toString();
    }

    private static void property(StringBuilder path, String name) {
        path.append(path.length() == 0 || name.equals(ANY) ? "" : ".").append(name);
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
