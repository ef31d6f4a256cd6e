package dev.scientist.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.Behavior;
import dev.scientist.Experiment;
import dev.scientist.Publisher;
import dev.scientist.Result;
import dev.scientist.Scientist;
import dev.scientist.compare.Comparators;
import dev.scientist.proxy.Arguments;
import dev.scientist.proxy.Implementing;
import dev.scientist.publish.RecordingPublisher;
import dev.scientist.replay.JacksonCodec;
import dev.scientist.replay.MismatchWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README shows of this module. */
class ReadmeJunitTest {

    record Order(int quantity) {}

    /** A shop whose prices are an experiment. */
    static final class Checkout {
        private final Experiment<Integer> price;

        Checkout(Scientist scientist) {
            price = scientist.<Integer>experiment("price").build();
        }

        int total(Order order) {
            return price.run(order, Legacy::price, Rewrite::price);
        }
    }

    static final class Legacy {
        static int price(Order order) {
            return order.quantity() * 3;
        }
    }

    static final class Rewrite {
        static int price(Order order) {
            return order.quantity() > 1_000 ? 0 : order.quantity() * 3;
        }
    }

    static final class Application {
        static final Scientist SCIENTIST =
                Scientist.builder().publisher(result -> {}).build();
        static final Checkout CHECKOUT = new Checkout(SCIENTIST);
        static final Experiment<Integer> PRICE =
                SCIENTIST.<Integer>experiment("price-of-pieces").build();
    }

    // README: junit-extension
    @WithScientist
    static class CheckoutTest {
        @Test
        @AtLeastRuns(value = 1, experiment = "price")
        void totals(Scientist scientist) {
            assertThat(new Checkout(scientist).total(new Order(2))).isEqualTo(6);
        }
    }
    // README end

    // README: junit-application
    @WithScientist
    static class ApplicationTest {
        @Test
        @ExpectMismatch("price") // the rewrite does not know wholesale yet
        void totalsOfWholesale() {
            assertThat(Application.CHECKOUT.total(new Order(2_000))).isEqualTo(6_000);
        }
    }
    // README end

    // README: junit-parity
    static class PriceParityTest {
        @ParityTest
        @ValueSource(ints = {0, 1, 999}) // or any other arguments source of JUnit
        void knownQuantities(Parity<Integer, Integer> parity) {
            parity.run(quantity -> Legacy.price(new Order(quantity)), quantity -> Rewrite.price(new Order(quantity)));
        }

        @ParityTest(inputs = "anyQuantities", together = true)
        void manyQuantities(Parity<Integer, Integer> parity) {
            parity.shrinking(Shrinker.ints())
                    .run(quantity -> Legacy.price(new Order(quantity)), quantity -> Rewrite.price(new Order(quantity)));
        }

        static Stream<Integer> anyQuantities(RandomGenerator random) {
            return random.ints(10_000, 0, 1_100).boxed();
        }
    }
    // README end

    /** Changed by what it is handed to. */
    static final class Basket {
        private final List<String> items;

        Basket(List<String> items) {
            this.items = new ArrayList<>(items);
        }

        Basket copy() {
            return new Basket(items);
        }

        Basket sorted() {
            items.sort(null);
            return this;
        }

        List<String> items() {
            return items;
        }
    }

    // README: junit-using
    static class LikeProductionTest {
        @ParityTest
        @ValueSource(ints = {1, 10, 999})
        void prices(Parity<Integer, Integer> parity) {
            parity.using(Application.PRICE) // its comparators, ignore rules, cleaner and snapshots
                    .run(quantity -> quantity * 3, quantity -> quantity + quantity + quantity);
        }
    }
    // README end

    // README: junit-copying
    static class BasketTest {
        @ParityTest(inputs = "baskets")
        void sorts(Parity<Basket, Basket> parity) {
            parity.copying(Basket::copy)
                    .experiment(experiment -> experiment.comparator(Comparators.by(Basket::items)))
                    .run(
                            Basket::sorted,
                            basket ->
                                    new Basket(basket.items().stream().sorted().toList()));
        }

        static Stream<Basket> baskets() {
            return Stream.of(new Basket(List.of("tea", "milk")), new Basket(List.of()));
        }
    }
    // README end

    private static final String FILE = "target/readme-junit.jsonl";

    /** Priced by two arguments. */
    interface Prices {
        int quote(String product, int quantity);
    }

    // README: junit-arguments
    static class QuotesTest {
        @ParityTest
        @MismatchSource(value = FILE, experiment = "prices.quote")
        void quotes(Parity<Arguments, Integer> parity) {
            parity.run(
                    arguments -> OLD.quote((String) arguments.get(0), (int) arguments.get(1)),
                    arguments -> NEW.quote((String) arguments.get(0), (int) arguments.get(1)));
        }
    }
    // README end

    private static final Prices OLD = (product, quantity) -> product.length() * quantity;
    private static final Prices NEW = (product, quantity) -> quantity * product.length();

    @Test
    void replaysInterfaces() throws Exception {
        Path file = Path.of(FILE);
        Files.deleteIfExists(file);
        try (Scientist scientist = Scientist.builder()
                .publisher(
                        MismatchWriter.builder(file).codec(new JacksonCodec()).open())
                .build()) {
            Implementing.of(scientist, Prices.class)
                    .control(OLD)
                    .candidate((product, quantity) -> 0)
                    .build()
                    .quote("tea", 2);
        }
        Suite.run(QuotesTest.class).assertAllPassed(1);
    }

    @Test
    void examplesRun() {
        Suite.run(LikeProductionTest.class).assertAllPassed(3);
        Suite.run(BasketTest.class).assertAllPassed(2);
        Suite.run(CheckoutTest.class).assertAllPassed(1);
        Suite.run(ApplicationTest.class).assertAllPassed(1);
        Suite.run(PriceParityTest.class, "knownQuantities").assertAllPassed(3);
    }

    @Test
    void parityFindsTheSmallestOrderThatFails() {
        assertThat(Suite.run(Map.of("scientist.seed", "1"), PriceParityTest.class, "manyQuantities")
                        .failure())
                .hasMessageContaining(" of 10000 inputs fail, 19 of them reduced to another that is listed")
                .hasMessageContaining("input: 1001")
                .hasMessageContaining("seed 1: repeat with -Dscientist.seed=1");
    }

    @Test
    void assertions() {
        RecordingPublisher recording = new RecordingPublisher();
        try (Scientist scientist = Scientist.builder().publisher(recording).build()) {
            new Checkout(scientist).total(new Order(2_000));
        }
        // README: junit-assertions
        Result<?> result = recording.results().get(0);
        ResultAssert.assertThat(result)
                .mismatched()
                .controlReturned(6_000)
                .candidateReturned(0)
                .hasInput(new Order(2_000));
        // README end
    }

    @Test
    void kit() throws Exception {
        List<String> slow = new ArrayList<>();
        Publisher publisher = published -> {
            if (published.control().duration().toMillis() > 100) {
                slow.add(published.experiment().name());
            }
        };
        // README: junit-kit
        Fabricated<Integer> price = Fabricated.experiment("price");
        Result<Integer> result = price.result()
                .control(10, Duration.ofMillis(250))
                .candidate("rewrite", 11, Duration.ofMillis(2))
                .candidateThrows("other", new IllegalStateException("down"), Duration.ofMillis(1))
                .order("rewrite", "control", "other")
                .build();

        publisher.publish(result);
        // README end
        assertThat(slow).containsExactly("price");
    }

    // README: junit-faults
    @WithScientist
    static class CheckoutUnderFaultsTest {
        @Test
        @WithFaults(probability = 0.5)
        void noticesNothing(Scientist scientist, Faults faults) {
            Experiment<Integer> price = scientist.<Integer>experiment("price").build();
            Behavior<Integer, RuntimeException> rewrite = faults.candidate(() -> Rewrite.price(new Order(2)));
            for (int i = 0; i < 100; i++) {
                assertThat(price.run(() -> Legacy.price(new Order(2)), rewrite)).isEqualTo(6);
            }
        }
    }
    // README end

    @Test
    void faults() {
        Suite.run(CheckoutUnderFaultsTest.class).assertAllPassed(1);
    }
}
