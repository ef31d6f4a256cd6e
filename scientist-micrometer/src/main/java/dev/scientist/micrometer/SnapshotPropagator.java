package dev.scientist.micrometer;

import dev.scientist.ContextPropagator;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Carries to background and concurrent candidates what {@code io.micrometer:context-propagation} knows of: the current
 * observation or span, security contexts and whatever else has a {@code ThreadLocalAccessor}. Needs that library, which
 * is not among this module's dependencies. Thread-safe.
 */
public final class SnapshotPropagator implements ContextPropagator {

    private final ContextSnapshotFactory snapshots;

    /** Carries all that has a global accessor; what the caller has no value of, is cleared. */
    public SnapshotPropagator() {
        this(ContextSnapshotFactory.builder().clearMissing(true).build());
    }

    /**
     * Carries what snapshots of a user's making hold.
     *
     * @param snapshots makes a snapshot for each run
     */
    public SnapshotPropagator(ContextSnapshotFactory snapshots) {
        this.snapshots = Objects.requireNonNull(snapshots, "snapshots");
    }

    @Override
    public Supplier<? extends AutoCloseable> capture() {
        ContextSnapshot snapshot = snapshots.captureAll();
        return snapshot::setThreadLocals;
    }
}
