package kotlin.coroutines;

/** Stands in for Kotlin's: the compiler adds one to the parameters of a suspend function. */
public interface Continuation<T> {}
