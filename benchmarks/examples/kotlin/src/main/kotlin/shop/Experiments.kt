package shop

// README: kotlin-extensions
import dev.scientist.Experiment
import java.util.concurrent.CompletableFuture
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.future.future

/** Runs both, and returns or throws what the control does. */
fun <T> Experiment<T>.compare(control: () -> T, candidate: () -> T): T = run<Throwable>(control, candidate)

/** The same for functions of an input. */
fun <I, T> Experiment<T>.compare(input: I, control: (I) -> T, candidate: (I) -> T): T =
    run<I, Throwable>(input, control, candidate)

/** Where suspending candidates run. No caller waits for them, and one that fails leaves the others alone. */
private val candidates = CoroutineScope(SupervisorJob() + Dispatchers.Default)

/** The same for suspending functions: the control runs in the caller's coroutine, the candidate beside it. */
suspend fun <T> Experiment<T>.compareSuspending(control: suspend () -> T, candidate: suspend () -> T): T {
    val served = CompletableFuture<T>()
    runAsync<CompletableFuture<T>, Throwable>({ served }, { candidates.future { candidate() } })
    try {
        return control().also { served.complete(it) }
    } catch (thrown: Throwable) { // also that the caller was cancelled
        served.completeExceptionally(thrown)
        throw thrown
    }
}
// README end
