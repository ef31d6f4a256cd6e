package shop

import dev.scientist.junit.Parity
import dev.scientist.junit.ParityTest
import org.junit.jupiter.params.provider.ValueSource

// README: kotlin-parity
class PriceParityTest {
    @ParityTest
    @ValueSource(strings = ["pen", "ink", "paper"])
    fun `short names cost the same`(parity: Parity<String, Price>) {
        parity.run(LegacyPrices()::price, RewrittenPrices()::price)
    }
}
// README end
