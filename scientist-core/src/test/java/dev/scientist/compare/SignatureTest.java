package dev.scientist.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.Behavior;
import dev.scientist.Comparison;
import dev.scientist.Difference;
import dev.scientist.Experiment;
import dev.scientist.ResultComparator;
import dev.scientist.Scientist;
import dev.scientist.publish.RecordingPublisher;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What mismatches are grouped by. */
class SignatureTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "lines[2].price            | lines[*].price",
                "order.lines[12][0].price  | order.lines[*][*].price",
                "headers[\"x\"]            | headers[*]",
                "headers[\"a]\\\"[b\"].x[1] | headers[*].x[*]",
                "tags[*]                   | tags[*]",
                "total                     | total",
                "odd[3                     | odd[3",
            })
    void indexesAndKeysBecomeStars(String path, String signature) {
        assertThat(Difference.of(path, 1, 2).signature()).isEqualTo(signature);
    }

    /**
     * A comparator of an application named a place by ten million characters, and one by a line break: they became the
     * label of a metric and the key of a group as they were. What names groups and labels is short and on one line.
     */
    @Test
    void aSignatureIsShortAndOnOneLine() {
        assertThat(Difference.of("x".repeat(10_000_000), 1, 2).signature()).isEqualTo("x".repeat(200) + "…");
        assertThat(Difference.of("a\r\nb\u001b[1]", 1, 2).signature()).isEqualTo("a\\r\\nb\\u001b[*]");
        assertThat(signature(List.of(at("a\nb")))).isEqualTo("a\\nb");
    }

    @Test
    void placesOfOneSortShareASignatureWhateverTheirNumberAndOrder() {
        String one = signature(List.of(at("lines[2].price"), at("lines[3].price"), at("total")));
        String other = signature(List.of(at("total"), at("lines[7].price")));

        assertThat(one).isEqualTo("lines[*].price, total").isEqualTo(other);
    }

    @Test
    void theWholeValueHasASignatureToo() {
        assertThat(signature(List.of(at("")))).isEqualTo("(whole value)");
        assertThat(signature(List.of())).isEmpty();
    }

    @Test
    void aSignatureIsBoundedAndOnOneLine() {
        List<Difference> many =
                IntStream.range(0, 1_000).mapToObj(i -> at("property" + i)).toList();

        assertThat(signature(many)).hasSize(500).endsWith("…");
        assertThat(signature(List.of(at("a\nb")))).isEqualTo("a\\nb");
    }

    @Test
    void aMapsMismatchesShareASignature() {
        Comparison<Object> one = compared(Comparators.structural(), Map.of("x", 1), Map.of("x", 2));
        Comparison<Object> other = compared(Comparators.structural(), Map.of("y", 1), Map.of());

        assertThat(one.signature()).isEqualTo("[*]").isEqualTo(other.signature());
    }

    /** "Threw" and "wrong value" shared a signature: of two bugs one was seen. */
    @Test
    void tellsThrowingFromReturningAndByWhichClass() {
        assertThat(of(() -> 1, () -> thrown(new java.io.IOException()))).isEqualTo("(threw IOException)");
        assertThat(of(() -> thrown(new java.io.IOException()), () -> 1))
                .isEqualTo("(returned, control threw IOException)");
        assertThat(of(() -> thrown(new IllegalStateException()), () -> thrown(new java.io.IOException())))
                .isEqualTo("(threw IOException, control threw IllegalStateException)");
        assertThat(of(() -> thrown(new IllegalStateException("a")), () -> thrown(new IllegalStateException("b"))))
                .isEqualTo("(both threw IllegalStateException).message");
        assertThat(of(() -> 1, () -> thrown(new RuntimeException() {}))).isEqualTo("(threw SignatureTest$1)");
        assertThat(of(() -> 1, () -> 2)).isEqualTo("(whole value)");
    }

    private static Object thrown(Exception exception) throws Exception {
        throw exception;
    }

    private static String of(Behavior<Object, Exception> control, Behavior<Object, Exception> candidate) {
        RecordingPublisher publisher = new RecordingPublisher();
        Experiment<Object> experiment = Scientist.builder()
                .publisher(publisher)
                .build()
                .experiment("signature")
                .build();
        try {
            experiment.run(control, candidate);
        } catch (Exception expected) {
            // the control's
        }
        return publisher.results().get(0).comparisons().get(0).signature();
    }

    private static Difference at(String path) {
        return Difference.of(path, 1, 2);
    }

    private static String signature(List<Difference> differences) {
        return compared((control, candidate) -> differences, 1, 2).signature();
    }

    @SuppressWarnings("unchecked")
    private static Comparison<Object> compared(ResultComparator<Object> comparator, Object control, Object candidate) {
        RecordingPublisher publisher = new RecordingPublisher();
        Experiment<Object> experiment = Scientist.builder()
                .publisher(publisher)
                .build()
                .<Object>experiment("signature")
                .comparator(comparator)
                .build();
        experiment.run(() -> control, () -> candidate);
        return (Comparison<Object>) publisher.results().get(0).comparisons().get(0);
    }

    @Test
    void aDifferenceSeenFromFurtherUpContinuesThePath() {
        Difference price = Difference.of("price", 1, 2);

        assertThat(price.below("")).isSameAs(price);
        assertThat(price.below("lines[2]").path()).isEqualTo("lines[2].price");
        assertThat(Difference.of("[0]", 1, 2).below("lines").path()).isEqualTo("lines[0]");
        assertThat(Difference.of("", 1, 2).below("total").path()).isEqualTo("total");
    }
}
