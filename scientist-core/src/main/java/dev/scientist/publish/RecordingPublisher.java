package dev.scientist.publish;

import dev.scientist.Drop;
import dev.scientist.Experiment;
import dev.scientist.Publisher;
import dev.scientist.Result;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps the latest results, for tests and for a look at a running system. Keeps raw values alive with them. Thread-safe.
 */
public final class RecordingPublisher implements Publisher {

    /** How many results are kept unless told otherwise. */
    public static final int DEFAULT_CAPACITY = 1_000;

    private final int capacity;
    private final Deque<Result<?>> results = new ArrayDeque<>();
    private final Map<Drop, Long> drops = new EnumMap<>(Drop.class);
    private long received;

    /** A publisher that keeps the latest {@value #DEFAULT_CAPACITY} results. */
    public RecordingPublisher() {
        this(DEFAULT_CAPACITY);
    }

    /**
     * A publisher with a capacity of its own.
     *
     * @param capacity how many results are kept; for each further one the oldest is forgotten
     * @throws IllegalArgumentException if the capacity is less than 1
     */
    public RecordingPublisher(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1, not " + capacity);
        }
        this.capacity = capacity;
    }

    @Override
    public synchronized void publish(Result<?> result) {
        if (results.size() == capacity) {
            results.removeFirst();
        }
        results.addLast(result);
        received++;
    }

    @Override
    public synchronized void dropped(Experiment<?> experiment, Drop reason) {
        drops.merge(reason, 1L, Long::sum);
    }

    /**
     * The results that are kept.
     *
     * @return a copy, oldest first
     */
    public synchronized List<Result<?>> results() {
        return List.copyOf(results);
    }

    /**
     * How many results there were, those forgotten included.
     *
     * @return the number
     */
    public synchronized long received() {
        return received;
    }

    /**
     * How many runs were dropped, by reason.
     *
     * @return a copy; reasons that never occurred are absent
     */
    public synchronized Map<Drop, Long> drops() {
        return Map.copyOf(drops);
    }

    /** Forgets everything. */
    public synchronized void clear() {
        results.clear();
        drops.clear();
        received = 0;
    }
}
