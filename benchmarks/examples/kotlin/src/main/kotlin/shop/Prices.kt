package shop

import dev.scientist.proxy.NotExperimented

data class Price(val cents: Long)

/** What callers use. */
// README: kotlin-interface
interface Prices {
    fun price(item: String): Price

    @NotExperimented // it suspends
    suspend fun history(item: String): List<Price>
}
// README end

/** The old code: the control. */
class LegacyPrices : Prices {
    override fun price(item: String) = Price(100L * item.length)

    override suspend fun history(item: String) = listOf(price(item))
}

/** The new code: the candidate. Wrong for long names. */
class RewrittenPrices : Prices {
    override fun price(item: String) = if (item.length > 5) Price(0) else Price(item.length * 100L)

    override suspend fun history(item: String) = error("is not to be called")
}
