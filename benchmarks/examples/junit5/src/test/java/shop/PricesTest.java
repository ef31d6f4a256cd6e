package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.scientist.Scientist;
import dev.scientist.junit.AtLeastRuns;
import dev.scientist.junit.Parity;
import dev.scientist.junit.ParityTest;
import dev.scientist.junit.WithScientist;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.ValueSource;

@WithScientist
class PricesTest {

    @Test
    @AtLeastRuns(value = 2, experiment = "price")
    void smallAndLargeQuantities(Scientist scientist) {
        Prices prices = new Prices(scientist);
        assertEquals(30, prices.price(10));
        assertEquals(700, prices.price(300));
    }

    @ParityTest
    @ValueSource(ints = {0, 99, 100, 101})
    void aroundTheDiscount(Parity<Integer, Integer> parity) {
        parity.run(Prices::oldPrice, Prices::newPrice);
    }

    @ParityTest(inputs = "anyQuantities", together = true)
    void anyQuantity(Parity<Integer, Integer> parity) {
        parity.run(Prices::oldPrice, Prices::newPrice);
    }

    static Stream<Integer> anyQuantities(RandomGenerator random) {
        return random.ints(1_000, 0, 1_000).boxed();
    }
}
