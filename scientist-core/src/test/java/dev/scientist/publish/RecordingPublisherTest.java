package dev.scientist.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scientist.Drop;
import dev.scientist.Experiment;
import dev.scientist.Result;
import dev.scientist.Scientist;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Keeps the latest results, no more than it was told to. */
class RecordingPublisherTest {

    private static Experiment<Integer> publishingTo(RecordingPublisher publisher) {
        return Scientist.builder()
                .publisher(publisher)
                .failureHandler((experiment, operation, failure) -> {})
                .build()
                .<Integer>experiment("test")
                .snapshot(value -> {
                    if (value < 0) {
                        throw new IllegalStateException();
                    }
                    return value;
                })
                .build();
    }

    private static void run(Experiment<Integer> experiment, int from, int to) {
        for (int i = from; i < to; i++) {
            experiment.run(i, input -> input, input -> input);
        }
    }

    @Test
    void itKeepsTheLatestResultsOldestFirst() {
        RecordingPublisher publisher = new RecordingPublisher(3);
        run(publishingTo(publisher), 0, 5);

        assertThat(publisher.results()).extracting(Result::input).containsExactly(2, 3, 4);
        assertThat(publisher.received()).isEqualTo(5);
    }

    @Test
    void itKeepsAThousandUnlessToldOtherwise() {
        RecordingPublisher publisher = new RecordingPublisher();
        run(publishingTo(publisher), 0, 1_001);

        assertThat(publisher.results())
                .hasSize(RecordingPublisher.DEFAULT_CAPACITY)
                .hasSize(1_000);
        assertThat(publisher.results().get(0).input()).isEqualTo(1);
    }

    @Test
    void itCountsDropsByReason() {
        RecordingPublisher publisher = new RecordingPublisher();
        run(publishingTo(publisher), -2, 1);

        assertThat(publisher.drops()).isEqualTo(Map.of(Drop.SNAPSHOT_FAILED, 2L));
        assertThat(publisher.results()).hasSize(1);
        assertThat(publisher.received()).isEqualTo(1);
    }

    @Test
    void whatItHandsOutIsACopy() {
        RecordingPublisher publisher = new RecordingPublisher();
        Experiment<Integer> experiment = publishingTo(publisher);
        run(experiment, 0, 1);
        List<Result<?>> before = publisher.results();
        Map<Drop, Long> dropsBefore = publisher.drops();

        run(experiment, -1, 1);

        assertThat(before).hasSize(1);
        assertThat(dropsBefore).isEmpty();
        assertThatThrownBy(before::clear).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void itForgetsEverythingWhenCleared() {
        RecordingPublisher publisher = new RecordingPublisher();
        run(publishingTo(publisher), -1, 2);
        publisher.clear();

        assertThat(publisher.results()).isEmpty();
        assertThat(publisher.drops()).isEmpty();
        assertThat(publisher.received()).isZero();
    }

    @Test
    void aCapacityBelowOneIsAnError() {
        assertThatThrownBy(() -> new RecordingPublisher(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("capacity must be at least 1, not 0");
    }
}
