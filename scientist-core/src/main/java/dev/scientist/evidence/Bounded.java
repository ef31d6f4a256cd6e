package dev.scientist.evidence;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Counters by name, of which there is a limit: what comes later shares one. Lock-free once a name is known. */
final class Bounded<V> {

    private final Map<String, V> counters = new ConcurrentHashMap<>();
    private final AtomicInteger room;
    private final String rest;
    private final Function<String, V> maker;

    /**
     * Nothing yet.
     *
     * @param limit how many names are told apart
     * @param rest the name of what all others share
     */
    Bounded(int limit, String rest, Function<String, V> maker) {
        room = new AtomicInteger(limit);
        this.rest = rest;
        this.maker = maker;
    }

    V of(String name) {
        V known = counters.get(name);
        if (known == null && room.get() > 0) {
            // the room is taken while the map bars others from the same name, so that no name takes it twice
            known = counters.computeIfAbsent(
                    name, key -> room.getAndUpdate(left -> Math.max(left - 1, 0)) > 0 ? maker.apply(key) : null);
        }
        return known == null ? counters.computeIfAbsent(rest, maker) : known;
    }

    void forEach(BiConsumer<String, V> action) {
        counters.forEach(action);
    }
}
