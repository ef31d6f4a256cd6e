package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Control and candidate that change the object that they were handed, and hand it back, always match: each sees what the
 * other did to it. Nobody would notice, so the log says it, once for each experiment.
 */
class InputHandedBackTest {

    private final Scientist scientist =
            Scientist.builder().publisher(result -> {}).build();

    private static List<String> with(List<String> basket, String item) {
        basket.add(item);
        return basket;
    }

    @Test
    void isSaidOnceForEachExperiment() {
        Experiment<List<String>> inline =
                scientist.<List<String>>experiment("inline").build();
        Experiment<List<String>> background = scientist
                .<List<String>>experiment("background")
                .execution(Execution.background())
                .build();
        try (LogLines log = new LogLines(Experiment.class.getName())) {
            for (int i = 0; i < 3; i++) {
                inline.run(new ArrayList<String>(), basket -> with(basket, "old"), basket -> with(basket, "new"));
                background.run(new ArrayList<String>(), basket -> with(basket, "old"), basket -> with(basket, "new"));
            }
            scientist.close(); // waits for what is in the background
            assertThat(log.lines()).containsExactlyInAnyOrder(line("inline"), line("background"));
        }
    }

    private static String line(String experiment) {
        return "WARN experiment '" + experiment
                + "': control and candidate 'candidate' returned the very object that they"
                + " were handed, java.util.ArrayList. If they change it, they match whatever they do: have snapshotInput(..)"
                + " copy it for the candidate. Said once for each experiment.";
    }

    @Test
    void isNotSaidWhereNothingIsShared() {
        try (LogLines log = new LogLines(Experiment.class.getName())) {
            Experiment<Object> experiment = scientist.experiment("any").build();
            for (Object unchangeable : List.of(
                    "text",
                    1,
                    1L,
                    LocalDate.EPOCH,
                    new UUID(1, 2),
                    Drop.SHED,
                    new Difference("", 1, 2, Difference.Kind.VALUE))) {
                experiment.run(unchangeable, in -> in, in -> in);
            }
            experiment.run(null, in -> in, in -> in);
            experiment.run(new ArrayList<>(), in -> in, in -> "another");
            experiment.run(new ArrayList<>(), in -> "another", in -> in);
            scientist
                    .<Object>experiment("copied")
                    .snapshotInput(StringBuilder.class, StringBuilder::new)
                    .build()
                    .run(new StringBuilder(), in -> in, in -> in);
            assertThat(log.lines()).isEmpty();

            experiment.run(new StringBuilder(), in -> in, in -> in);
            assertThat(log.lines()).hasSize(1);
        }
    }
}
