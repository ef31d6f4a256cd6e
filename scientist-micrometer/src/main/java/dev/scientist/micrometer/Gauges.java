package dev.scientist.micrometer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * The gauges of one publisher. One that another publisher has registered before, as before a redeployment, is replaced:
 * else it would be read for ever. Thread-safe.
 */
final class Gauges {

    private final MeterRegistry registry;
    private final Queue<Gauge> gauges = new ConcurrentLinkedQueue<>();

    Gauges(MeterRegistry registry) {
        this.registry = registry;
    }

    void add(ScientistMeter meter, Supplier<Number> value, String... tags) {
        gauges.add(meter.gauge(registry, value, tags));
    }

    /** Removes them from the registry, but for those that another publisher has replaced. */
    void close() {
        Set<Meter> own = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Gauge gauge = gauges.poll(); gauge != null; gauge = gauges.poll()) {
            own.add(gauge);
        }
        registry.getMeters().stream().filter(own::contains).forEach(registry::remove);
    }
}
