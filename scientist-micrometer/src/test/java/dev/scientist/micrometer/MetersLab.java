package dev.scientist.micrometer;

import dev.scientist.Experiment;
import dev.scientist.Operation;
import dev.scientist.Publisher;
import dev.scientist.Scientist;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A scientist that publishes to a registry, with a clock that stands still unless told to go on. */
final class MetersLab implements AutoCloseable {

    /** What the failure handler was told. */
    record Failure(Operation operation, Throwable throwable) {}

    static final class ManualClock implements LongSupplier {
        private long now;

        @Override
        public long getAsLong() {
            return now;
        }

        void advanceMillis(long millis) {
            now += millis * 1_000_000;
        }
    }

    final ManualClock clock = new ManualClock();
    final List<Failure> failures = new CopyOnWriteArrayList<>();
    final Scientist scientist;

    MetersLab(Publisher publisher) {
        this(publisher, builder -> builder);
    }

    MetersLab(Publisher publisher, UnaryOperator<Scientist.Builder> settings) {
        scientist = settings.apply(Scientist.builder()
                        .publisher(publisher)
                        .clock(clock)
                        .failureHandler(
                                (experiment, operation, failure) -> failures.add(new Failure(operation, failure))))
                .build();
    }

    Experiment<Integer> experiment() {
        return scientist.<Integer>experiment("test").build();
    }

    /** The meters of a registry by name and the values of their tags: the count of a counter or a timer, 0 of a gauge. */
    static TreeMap<String, Double> meters(MeterRegistry registry) {
        return registry.getMeters().stream()
                .collect(Collectors.toMap(
                        meter -> meter.getId().getName()
                                + meter.getId().getTags().stream()
                                        .map(Tag::getValue)
                                        .toList(),
                        MetersLab::count,
                        Double::sum,
                        TreeMap::new));
    }

    /** Those that are not at zero. */
    static TreeMap<String, Double> counted(MeterRegistry registry) {
        TreeMap<String, Double> all = meters(registry);
        all.values().removeIf(count -> count == 0);
        return all;
    }

    private static double count(Meter meter) {
        return StreamSupport.stream(meter.measure().spliterator(), false)
                .filter(measurement -> measurement.getStatistic().name().equals("COUNT"))
                .findFirst()
                .map(measurement -> measurement.getValue())
                .orElse(0.0); // a gauge
    }

    @Override
    public void close() {
        scientist.close();
    }
}
