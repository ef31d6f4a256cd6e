package dev.scientist.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.scientist.Result;
import dev.scientist.Scientist;
import dev.scientist.publish.RecordingPublisher;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** How many bytes it takes to count and time a result, once that is compiled. */
class MetersAllocationTest {

    private static final int RESULTS = 50_000;
    private static final int ROUNDS = 8;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** The list of comparisons and its iterator. */
    @Test
    void aResultTakesAtMost56Bytes() {
        RecordingPublisher recording = new RecordingPublisher();
        MicrometerPublisher meters = new MicrometerPublisher(new SimpleMeterRegistry());
        try (Scientist scientist =
                Scientist.builder().publisher(recording).publisher(meters).build()) {
            scientist.<Integer>experiment("price").build().run(() -> 1, () -> 1);
            Result<?> result = recording.results().get(0);

            // the least of several rounds, since a compiler at work or a profiler may add to one
            long least = Long.MAX_VALUE;
            for (int round = 0; round < ROUNDS; round++) {
                long before = THREADS.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < RESULTS; i++) {
                    meters.publish(result);
                }
                least = Math.min(least, (THREADS.getCurrentThreadAllocatedBytes() - before) / RESULTS);
            }

            assertThat(least).isLessThanOrEqualTo(56);
        }
    }
}
