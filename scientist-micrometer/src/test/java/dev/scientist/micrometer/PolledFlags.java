package dev.scientist.micrometer;

import dev.scientist.rollout.Stage;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// README: rollout-polled
/** Stage and percentage of one rollout, from a properties file that is read again and again. Thread-safe. */
final class PolledFlags implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PolledFlags.class);

    private record Flags(Stage stage, double percent) {}

    private final Path file;
    private final String name;
    private final ScheduledExecutorService poller = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "flags");
        thread.setDaemon(true);
        return thread;
    });
    private volatile Flags flags;

    PolledFlags(Path file, String name, Duration interval) throws IOException {
        this.file = file;
        this.name = name;
        flags = read(); // a file that is wrong when the application starts is an error
        poller.scheduleWithFixedDelay(this::poll, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    Stage stage() {
        return flags.stage();
    }

    double percent() {
        return flags.percent();
    }

    private void poll() {
        try {
            flags = read();
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} cannot be used, {} stays in {}", file, name, flags.stage(), e);
        }
    }

    private Flags read() throws IOException {
        Properties read = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            read.load(reader);
        }
        return new Flags(
                Stage.of(read.getProperty(name + ".stage", "")),
                Double.parseDouble(read.getProperty(name + ".percent", "")));
    }

    @Override
    public void close() {
        poller.shutdownNow();
    }
}
// README end
