package dev.scientist.micrometer;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Meters by a name that data may make: the first few names have their own, all further ones share that of
 * {@link #OTHER}. Thread-safe; finding one that is there never blocks.
 */
final class Bounded<M> {

    static final String OTHER = "other";

    private final int limit;
    private final Function<String, M> maker;
    private final Map<String, M> byName = new ConcurrentHashMap<>();
    private volatile @Nullable M others;

    Bounded(int limit, Function<String, M> maker) {
        this.limit = limit;
        this.maker = maker;
    }

    M get(String name) {
        M known = byName.get(name);
        if (known != null) {
            return known;
        }
        return name.equals(OTHER) || byName.size() >= limit ? other() : add(name);
    }

    /** So that the name has its place no more. */
    Optional<M> remove(String name) {
        return Optional.ofNullable(byName.remove(name));
    }

    M other() {
        M made = others;
        return made != null ? made : makeOther();
    }

    private synchronized M makeOther() {
        M made = others;
        if (made == null) {
            made = maker.apply(OTHER);
            others = made;
        }
        return made;
    }

    private synchronized M add(String name) {
        return byName.size() >= limit && !byName.containsKey(name) ? makeOther() : byName.computeIfAbsent(name, maker);
    }
}
