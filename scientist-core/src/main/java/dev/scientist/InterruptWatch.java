package dev.scientist;

import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that an interrupt that arrives while foreign code runs on the caller's thread is still pending afterwards,
 * even if that code swallows it.
 *
 * <p>A thread's interrupt flag does not tell that it was set and cleared in between. What does is the hook by which
 * {@link Thread#interrupt()} closes the channel that a thread is blocked on; so this is a channel, of which only that
 * hook is used. It misses an interrupt that is swallowed after the foreign code blocked on a channel of its own, or
 * after it ran another experiment: each thread has one such hook. Since JDK 21 it also misses one that is swallowed, and
 * the foreign code left, before {@link Thread#interrupt()} has come from setting the flag to calling the hook. And it cannot tell who interrupted: a candidate whose
 * own timer interrupts it and then clears the flag leaves an interrupt behind, and belongs in the background.
 */
final class InterruptWatch extends AbstractInterruptibleChannel {

    private volatile boolean arrived;

    static InterruptWatch start() {
        InterruptWatch watch = new InterruptWatch();
        watch.begin();
        return watch;
    }

    /** Ends the watch. Returns whether an interrupt arrived since it started. */
    boolean stop() {
        try {
            end(true);
        } catch (AsynchronousCloseException e) {
            // this is how a channel says that an interrupt arrived; the flag below says it to us
        }
        return arrived;
    }

    @Override
    protected void implCloseChannel() {
        arrived = true;
    }

    /** Whether the throwable, or one that it stands for, says that an interrupt was consumed. */
    static boolean tells(@Nullable Throwable thrown) {
        // bounded, since a chain of causes may be a cycle
        for (int depth = 0; thrown != null && depth < 16; depth++) {
            if (thrown instanceof InterruptedException) {
                return true;
            }
            if (thrown instanceof ExecutionException || thrown instanceof CompletionException) {
                return false; // what it stands for happened to another thread
            }
            try {
                thrown = thrown.getCause();
            } catch (Throwable unwilling) {
                return false;
            }
        }
        return false;
    }
}
