package dev.scientist;

import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a behavior used on its thread. Loaded only by experiments that measure resources, since the modules behind it are
 * optional.
 */
final class Resources {

    /** What is said where the JVM cannot tell. */
    static final int UNKNOWN = -1;

    private static final java.lang.management.@Nullable ThreadMXBean THREADS = threads();

    private Resources() {}

    private static java.lang.management.@Nullable ThreadMXBean threads() {
        try {
            return ManagementFactory.getThreadMXBean();
        } catch (LinkageError modulesAreMissing) {
            return null;
        }
    }

    /** The processor time of this thread up to now. */
    static long cpuNanos() {
        try {
            return THREADS == null ? UNKNOWN : THREADS.getCurrentThreadCpuTime();
        } catch (UnsupportedOperationException e) {
            return UNKNOWN;
        }
    }

    /** What this thread has allocated up to now. */
    static long allocatedBytes() {
        try {
            return THREADS instanceof com.sun.management.ThreadMXBean threads
                    ? threads.getCurrentThreadAllocatedBytes()
                    : UNKNOWN;
        } catch (UnsupportedOperationException | LinkageError e) {
            return UNKNOWN;
        }
    }

    static long since(long before, long now) {
        return before < 0 || now < 0 ? UNKNOWN : now - before;
    }
}
