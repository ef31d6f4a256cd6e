package dev.scientist;

import java.io.InputStream;
import java.io.Reader;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/** Knows values that can be read once, or that are still to come, so that comparing them says nothing. */
final class LiveValue {

    private static final Set<String> REACTIVE = Set.of(
            "org.reactivestreams.Publisher",
            "io.reactivex.rxjava3.core.Single",
            "io.reactivex.rxjava3.core.Maybe",
            "io.reactivex.rxjava3.core.Completable",
            "io.reactivex.rxjava3.core.Observable",
            "io.smallrye.mutiny.Uni",
            "io.smallrye.mutiny.Multi",
            "kotlinx.coroutines.flow.Flow",
            "kotlinx.coroutines.Job");

    private LiveValue() {}

    /** What the value is and what to do about it; null if it is none of these. */
    static @Nullable String advice(@Nullable Object value) {
        if (value instanceof BaseStream<?, ?> || value instanceof Iterator<?> || isKotlinSequence(value)) {
            return "can be read once: collect it into a list before comparing";
        }
        if (value instanceof Reader || value instanceof InputStream) {
            return "can be read once: read it before comparing, and hand behaviors what was read";
        }
        if (value instanceof CompletionStage<?>) {
            return "is still to come: use runAsync";
        }
        if (value instanceof Future<?>) {
            return "is still to come: let the behaviors wait for it, or return a CompletionStage and use runAsync";
        }
        if (value instanceof Flow.Publisher<?> || (value != null && isA(value.getClass(), REACTIVE))) {
            return "is still to come: use runAsync with its toFuture(), of a flow collected into a list";
        }
        return null;
    }

    private static boolean isKotlinSequence(@Nullable Object value) {
        return value != null && isA(value.getClass(), Set.of("kotlin.sequences.Sequence"));
    }

    /** By name, so that none of these libraries is needed. */
    private static boolean isA(@Nullable Class<?> type, Set<String> names) {
        if (type == null) {
            return false;
        }
        for (Class<?> each : type.getInterfaces()) {
            if (isA(each, names)) {
                return true;
            }
        }
        return names.contains(type.getName()) || isA(type.getSuperclass(), names);
    }
}
