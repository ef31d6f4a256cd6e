package shop

import dev.scientist.Drop
import dev.scientist.Experiment
import dev.scientist.Outcome
import dev.scientist.Scientist
import dev.scientist.gate.Gates
import dev.scientist.proxy.Implementing
import dev.scientist.publish.RecordingPublisher
import java.util.concurrent.CompletableFuture
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.future.await
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout

/** The code of the guide to Kotlin. */
@Timeout(60)
class GuideTest {
    private val results = RecordingPublisher()
    private val scientist: Scientist = Scientist.builder().publisher(results).build()
    private val legacy = LegacyPrices()
    private val rewritten = RewrittenPrices()

    @AfterEach
    fun close() {
        scientist.close()
    }

    /** Closing waits for what is under way. */
    private fun outcomes(): List<Outcome> {
        scientist.close()
        return results.results().map { it.comparisons().first().outcome() }
    }

    @Test
    fun `the first experiment`() {
        val item = "pencil"
        // README: kotlin-first
        val prices: Experiment<Price> = scientist.experiment<Price>("price").build()

        val price = prices.run<RuntimeException>({ legacy.price(item) }, { rewritten.price(item) })
        // README end
        assertThat(price).isEqualTo(Price(600))
        assertThat(outcomes()).containsExactly(Outcome.MISMATCHED)
    }

    @Test
    fun `settings hand over values that are not null`() {
        var isOn = true
        // README: kotlin-settings
        val prices = scientist.experiment<Price>("price")
            .enabled { isOn }
            .gate(Gates.percent(100.0))
            .matching { control, candidate -> control.cents == candidate.cents }
            .ignore("long names are free") { _, candidate -> candidate.cents == 0L }
            .build()
        // README end
        prices.compare({ legacy.price("pencil") }, { rewritten.price("pencil") })
        prices.compare({ legacy.price("pen") }, { rewritten.price("pen") })
        isOn = false
        prices.compare({ legacy.price("pen") }, { rewritten.price("pen") })

        assertThat(outcomes()).containsExactly(Outcome.IGNORED, Outcome.MATCHED)
    }

    @Test
    fun `values may be null where the type says so`() {
        // README: kotlin-null
        val found = scientist.experiment<Price?>("found").build()
        // README end
        assertThat(found.compare({ null }, { Price(1) })).isNull()
        assertThat(outcomes()).containsExactly(Outcome.MISMATCHED)
    }

    @Test
    fun `defined where it is used`() {
        fun price(item: String): Price =
            // README: kotlin-inline
            scientist.experiment<Price>("price") { it.gate(Gates.percent(100.0)) }
                .compare(item, legacy::price, rewritten::price)
        // README end
        assertThat(price("pen")).isEqualTo(Price(300))
        assertThat(price("ink")).isEqualTo(Price(300))
        assertThat(results.results().map { it.input() }).containsExactly("pen", "ink")
    }

    @Test
    fun `the fluent form`() {
        val item = "pen"
        val user = "ada"
        val prices = scientist.experiment<Price>("price").build()
        // README: kotlin-fluent
        val price = prices.control<RuntimeException> { legacy.price(item) }
            .candidate("rewrite") { rewritten.price(item) }
            .candidate("cents", { item.length * 100L }, { Price(it) })
            .context("user", user)
            .run()
        // README end
        assertThat(price).isEqualTo(Price(300))
        assertThat(results.results().single().comparisons().map { it.outcome() })
            .containsExactly(Outcome.MATCHED, Outcome.MATCHED)
    }

    @Test
    fun `what the control throws arrives as it is`() {
        val prices = scientist.experiment<Price>("price").build()
        val thrown = java.io.IOException("checked, which Kotlin need not declare")

        assertThatThrownBy { prices.compare({ throw thrown }, { Price(1) }) }.isSameAs(thrown)
    }

    @Test
    fun `an interface`() {
        // README: kotlin-implementing
        val prices: Prices = Implementing.of(scientist, Prices::class.java)
            .control(legacy)
            .candidate(rewritten)
            .build()
        // README end
        assertThat(prices.price("pencil")).isEqualTo(Price(600))
        assertThat(runBlocking { prices.history("pen") }).containsExactly(Price(300))
        assertThat(outcomes()).containsExactly(Outcome.MISMATCHED)
    }

    /** Its implementation would hand the caller the candidate's value. */
    interface Suspending {
        suspend fun price(item: String): Price
    }

    @Test
    fun `an interface with a suspend function that is an experiment is refused`() {
        class Plain : Suspending {
            override suspend fun price(item: String) = Price(1)
        }
        assertThatThrownBy {
            Implementing.of(scientist, Suspending::class.java).control(Plain()).candidate(Plain()).build()
        }.hasMessageContaining("its method price suspends").hasMessageContaining("@NotExperimented")
    }

    @Test
    fun `suspending functions`() = runBlocking {
        val prices = scientist.experiment<Price>("price").build()
        val legacyPrice: suspend (String) -> Price = { delay(1); legacy.price(it) }
        val rewrittenPrice: suspend (String) -> Price = { delay(1); rewritten.price(it) }
        val item = "pencil"
        // README: kotlin-suspending
        val price = prices.compareSuspending({ legacyPrice(item) }, { rewrittenPrice(item) })
        // README end
        assertThat(price).isEqualTo(Price(600))
        assertThat(outcomes()).containsExactly(Outcome.MISMATCHED)
        Unit
    }

    @Test
    fun `a suspending candidate neither fails nor delays nor replaces what the caller gets`() = runBlocking {
        val prices = scientist.experiment<Price>("price").build()
        val release = CompletableFuture<Unit>()

        assertThat(prices.compareSuspending({ Price(1) }, { error("the rewrite") })).isEqualTo(Price(1))
        assertThat(prices.compareSuspending({ Price(2) }, { release.await(); Price(3) })).isEqualTo(Price(2))
        release.complete(Unit)
        assertThat(prices.compareSuspending({ yield(); Price(4) }, { Price(4) })).isEqualTo(Price(4))
        val thrown = runCatching { prices.compareSuspending({ error("the old code") }, { Price(1) }) }
        assertThat(thrown.exceptionOrNull()).isInstanceOf(IllegalStateException::class.java).hasMessage("the old code")

        assertThat(outcomes()).containsExactlyInAnyOrder(
            Outcome.MISMATCHED, Outcome.MISMATCHED, Outcome.MATCHED, Outcome.MISMATCHED)
        Unit
    }

    @Test
    fun `a caller that is cancelled has no result`() = runBlocking {
        val prices = scientist.experiment<Price>("price").build()
        val begun = CompletableFuture<Unit>()
        val caller = launch {
            prices.compareSuspending({ begun.complete(Unit); awaitCancellation() }, { Price(1) })
        }
        begun.await()
        caller.cancelAndJoin()

        assertThat(outcomes()).isEmpty()
        assertThat(prices.counts().dropped()).containsExactlyEntriesOf(mapOf(Drop.UNFINISHED to 1L))
        Unit
    }

    @Test
    fun `a gate that is closed starts no suspending candidate`() = runBlocking {
        val prices = scientist.experiment<Price>("price").enabled { false }.build()
        var isStarted = false

        assertThat(prices.compareSuspending({ Price(1) }, { isStarted = true; Price(1) })).isEqualTo(Price(1))
        assertThat(isStarted).isFalse()
        Unit
    }
}
