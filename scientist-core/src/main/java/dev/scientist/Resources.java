package dev.scientist;

import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a behavior used on its thread. Loaded only by experiments that measure resources, since the modules behind it are
 * optional.
 */
final class Resources {

    private static final int UNKNOWN = -1;

    private static final java.lang.management.@Nullable ThreadMXBean THREADS = threads();

    private long cpuNanos;
    private long allocatedBytes;

    private Resources() {}

    /** Starts to measure on this thread. */
    static Resources start() {
        Resources used = new Resources();
        used.cpuNanos = readCpuNanos();
        used.allocatedBytes = readAllocatedBytes();
        return used;
    }

    /** Ends on the same thread: from here on both are what was used in between, negative where unknown. */
    void stop() {
        allocatedBytes = since(allocatedBytes, readAllocatedBytes());
        cpuNanos = since(cpuNanos, readCpuNanos());
    }

    long cpuNanos() {
        return cpuNanos;
    }

    long allocatedBytes() {
        return allocatedBytes;
    }

    private static java.lang.management.@Nullable ThreadMXBean threads() {
        try {
            return ManagementFactory.getThreadMXBean();
        } catch (LinkageError modulesAreMissing) {
            return null;
        }
    }

    private static long readCpuNanos() {
        try {
            return THREADS == null ? UNKNOWN : THREADS.getCurrentThreadCpuTime();
        } catch (UnsupportedOperationException e) {
            return UNKNOWN;
        }
    }

    private static long readAllocatedBytes() {
        try {
            return THREADS instanceof com.sun.management.ThreadMXBean threads
                    ? threads.getCurrentThreadAllocatedBytes()
                    : UNKNOWN;
        } catch (UnsupportedOperationException | LinkageError e) {
            return UNKNOWN;
        }
    }

    private static long since(long before, long now) {
        return before < 0 || now < 0 ? UNKNOWN : now - before;
    }
}
