package dev.scientist;

import java.io.InputStream;
import java.io.Reader;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.Set;
import java.util.Spliterator;
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

    private static final Set<String> ITERATED = Set.of("kotlin.sequences.Sequence", "java.sql.ResultSet");

    private LiveValue() {}

    /** What to do about a value that can be read once or is still to come; empty for any other. */
    static String advice(@Nullable Object value) {
        return value == null ? "" : advice(value.getClass());
    }

    private static String advice(Class<?> type) {
        if (isA(type, BaseStream.class, Iterator.class, Spliterator.class, Enumeration.class)
                || isNamed(type, ITERATED)) {
            return "can be read once, by a comparator or snapshot too: hand behaviors a list, and let them return one";
        }
        if (isA(type, Reader.class, InputStream.class, ReadableByteChannel.class)) {
            return "can be read once, by a comparator or snapshot too: hand behaviors what was read, and let them return that";
        }
        if (isA(type, CompletionStage.class)) {
            return "is still to come: use runAsync";
        }
        if (isA(type, Future.class)) {
            return "is still to come: let the behaviors wait for it, or return a CompletionStage and use runAsync";
        }
        if (isA(type, Flow.Publisher.class) || isNamed(type, REACTIVE)) {
            return "is still to come: use runAsync with its toFuture(), of a flow collected into a list";
        }
        return "";
    }

    private static boolean isA(Class<?> type, Class<?>... any) {
        return Arrays.stream(any).anyMatch(each -> each.isAssignableFrom(type));
    }

    /** By name, so that none of these libraries is needed. */
    private static boolean isNamed(@Nullable Class<?> type, Set<String> names) {
        return type != null
                && (names.contains(type.getName())
                        || isNamed(type.getSuperclass(), names)
                        || Arrays.stream(type.getInterfaces()).anyMatch(each -> isNamed(each, names)));
    }
}
