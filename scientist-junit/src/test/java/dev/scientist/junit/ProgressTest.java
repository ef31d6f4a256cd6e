package dev.scientist.junit;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ProgressTest {

    @Test
    void saysHowFarItIsEveryTwoSeconds() {
        Logger logger = (Logger) LoggerFactory.getLogger("dev.scientist.parity");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        logger.setLevel(Level.INFO);
        try {
            AtomicLong clock = new AtomicLong();
            Progress progress = new Progress("prices", clock::get);
            progress.step(1, 0);
            clock.addAndGet(Progress.INTERVAL_NANOS);
            progress.step(2, 1);
            progress.step(3, 1);
            clock.addAndGet(Progress.INTERVAL_NANOS);
            progress.step(4, 2);
        } finally {
            logger.setLevel(null);
            logger.detachAppender(lines);
        }
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "parity of 'prices': 2 inputs so far, 1 fail", "parity of 'prices': 4 inputs so far, 2 fail");
    }
}
