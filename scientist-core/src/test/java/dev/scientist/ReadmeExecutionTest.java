package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.publish.RecordingPublisher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The code of the README's chapter on execution, compiled and run. */
class ReadmeExecutionTest {

    private final RecordingPublisher published = new RecordingPublisher();
    private final Scientist scientist = Scientist.builder().publisher(published).build();

    static final class OldIndex {
        static List<String> find(String query) {
            return new ArrayList<>(List.of(query));
        }
    }

    static final class NewIndex {
        static List<String> find(String query) {
            return new ArrayList<>(List.of(query));
        }
    }

    record Quote(int cents) {}

    interface Client {
        CompletableFuture<Quote> fetch(String id);
    }

    @Test
    void searchesInTheBackground() {
        String query = "x";
        // README: background
        Experiment<List<String>> search = scientist
                .<List<String>>experiment("search")
                .execution(Execution.background().timeLimit(Duration.ofSeconds(2)))
                .snapshot(ArrayList::new) // the caller may change its list afterwards
                .build();

        List<String> hits = search.run(query, OldIndex::find, NewIndex::find);
        // README end
        hits.clear();
        scientist.close();

        assertThat(published.results()).hasSize(1);
        assertThat(published.results().get(0).matched()).isTrue();
    }

    @Test
    void fetchesStages() throws Exception {
        Client oldClient = id -> CompletableFuture.completedFuture(new Quote(5));
        Client newClient = id -> CompletableFuture.completedFuture(new Quote(6));
        String id = "x";
        // README: async
        Experiment<Quote> quotes = scientist.<Quote>experiment("quotes").build();

        CompletableFuture<Quote> quote = quotes.runAsync(() -> oldClient.fetch(id), () -> newClient.fetch(id));
        // README end
        assertThat(quote.get(10, TimeUnit.SECONDS)).isEqualTo(new Quote(5));
        scientist.close();

        assertThat(published.results()).hasSize(1);
        assertThat(published.results().get(0).mismatched()).isTrue();
    }

    @Test
    void closesOnShutdown() {
        Thread hook = new Thread(scientist::close);
        // README: shutdown
        Runtime.getRuntime().addShutdownHook(new Thread(scientist::close));
        // README end
        hook.run();

        assertThat(scientist.isClosed()).isTrue();
    }
}
