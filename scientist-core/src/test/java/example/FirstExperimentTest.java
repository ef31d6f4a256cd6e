package example;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.scientist.LoggingPublisher;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The program at the top of the README does what the README says. */
class FirstExperimentTest {

    @Test
    void printsWhatTheControlReturnedAndLogsTheMismatch() {
        Logger logger = (Logger) LoggerFactory.getLogger(LoggingPublisher.LOGGER_NAME);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            FirstExperiment.main(new String[0]);
        } finally {
            System.setOut(before);
            logger.detachAppender(lines);
        }

        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualToIgnoringNewLines("6\n3000\n");
        assertThat(lines.list)
                .singleElement()
                .satisfies(line -> assertThat(line.getFormattedMessage())
                        .matches(
                                "experiment 'price': candidate mismatched: control returned 3000 in .* ms, candidate returned 0"
                                        + " in .* ms; order (control,candidate|candidate,control)"));
    }
}
