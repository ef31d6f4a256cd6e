package dev.scientist.micrometer;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Meters by a name that data may make: the first few names have their own, all further ones share that of
 * {@link #OTHER}. Thread-safe; finding one that is there never blocks.
 */
final class Bounded<M> {

    static final String OTHER = "other";

    private final int limit;
    private final Function<String, M> maker;
    private final Map<String, M> byName = new ConcurrentHashMap<>();

    Bounded(int limit, Function<String, M> maker) {
        this.limit = limit;
        this.maker = maker;
    }

    M get(String name) {
        M known = byName.get(name);
        return known != null ? known : isFull() ? other() : add(name);
    }

    M other() {
        return byName.computeIfAbsent(OTHER, maker);
    }

    private synchronized M add(String name) {
        return isFull() && !byName.containsKey(name) ? other() : byName.computeIfAbsent(name, maker);
    }

    private boolean isFull() {
        return byName.size() - (byName.containsKey(OTHER) ? 1 : 0) >= limit;
    }
}
