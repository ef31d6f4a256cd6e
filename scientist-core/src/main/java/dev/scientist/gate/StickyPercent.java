package dev.scientist.gate;

import dev.scientist.Gate;
import dev.scientist.Notice;
import java.math.BigInteger;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Admits a share of keys. How a key finds its place is a promise to users: see {@link Gates#stickyPercent}. */
final class StickyPercent implements Gate {

    // FNV-1a, 64 bits: G. Fowler, L. C. Noll, K.-P. Vo, D. Eastlake, "The FNV Non-Cryptographic Hash Algorithm"
    private static final long FNV_OFFSET_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private static final int REPLACEMENT = 0xFFFD;
    private static final double ALL = 100;

    private final ToDoubleFunction<Request> percent;
    /** Finds the key, or throws where there is none. */
    private final BiFunction<Request, @Nullable Object, String> key;
    /** Null until it is an experiment's own: somebody's gate may only pass the questions on. */
    private final @Nullable String experiment;
    /** The salt of that experiment, made once. */
    private final long salt;

    private StickyPercent(
            ToDoubleFunction<Request> percent,
            BiFunction<Request, @Nullable Object, String> key,
            @Nullable String experiment) {
        this.percent = percent;
        this.key = key;
        this.experiment = experiment;
        salt = experiment == null ? 0 : salt(experiment);
    }

    static Gate byContext(ToDoubleFunction<Request> percent, String contextKey) {
        Objects.requireNonNull(contextKey, "contextKey");
        return new StickyPercent(
                percent,
                (request, input) -> {
                    Map<String, @Nullable Object> context = request.context();
                    return text(context.get(contextKey), "the context's '" + contextKey + "'");
                },
                null);
    }

    static <I> Gate byInput(ToDoubleFunction<Request> percent, Class<I> inputType, Function<? super I, ?> key) {
        Objects.requireNonNull(inputType, "inputType");
        Objects.requireNonNull(key, "key");
        return new StickyPercent(
                percent,
                (request, input) -> {
                    if (!inputType.isInstance(input)) {
                        throw new Notice("sticky percent: the input must be a " + inputType.getName()
                                + ", not "
                                + (input == null ? "null" : input.getClass().getName())
                                + "; hand it on with run(input, control, candidate)");
                    }
                    return text(key.apply(inputType.cast(input)), "the key of the input");
                },
                null);
    }

    @Override
    public Gate forExperiment(String experiment) {
        return new StickyPercent(percent, key, experiment);
    }

    /** What the key throws goes on to the experiment, which reports it and does not run the candidates. */
    @Override
    public boolean admits(Request request, @Nullable Object input) {
        long start = experiment == null ? salt(request.experiment()) : salt;
        return place(start, key.apply(request, input)) < percent.applyAsDouble(request);
    }

    /** The hash of the experiment's name and a zero byte, from which that of a key goes on. */
    private static long salt(String experiment) {
        return addByte(add(FNV_OFFSET_BASIS, experiment), 0);
    }

    /** Where a key has its place, from 0 to below 100. */
    static double place(String experiment, String key) {
        return place(salt(experiment), key);
    }

    private static double place(long salt, String key) {
        // FNV-1a alone leaves keys that differ in their last character close together
        return (fmix64(add(salt, key)) >>> 11) * 0x1p-53 * ALL;
    }

    /** The finalizer of MurmurHash3 (A. Appleby, public domain). */
    private static long fmix64(long hash) {
        long mixed = hash;
        mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }

    /** Adds the UTF-8 bytes of a text; encoded here, so that nothing is allocated. */
    private static long add(long hash, String text) {
        long sum = hash;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                c = REPLACEMENT; // one without its other half has no UTF-8
            }
            if (c < 0x80) {
                sum = addByte(sum, c);
            } else if (c < 0x800) {
                sum = addByte(addByte(sum, 0xC0 | c >> 6), tail(c));
            } else if (c < 0x10000) {
                sum = addByte(addByte(addByte(sum, 0xE0 | c >> 12), tail(c >> 6)), tail(c));
            } else {
                sum = addByte(addByte(addByte(addByte(sum, 0xF0 | c >> 18), tail(c >> 12)), tail(c >> 6)), tail(c));
            }
        }
        return sum;
    }

    private static int tail(int bits) {
        return 0x80 | (bits & 0x3F);
    }

    private static long addByte(long hash, int octet) {
        return (hash ^ octet) * FNV_PRIME;
    }

    /** Only of types whose text is the same in every JVM. */
    private static String text(@Nullable Object key, String where) {
        if (key instanceof String text) {
            return text;
        }
        if (key instanceof Enum<?> constant) {
            return constant.name();
        }
        if (key instanceof Long
                || key instanceof Integer
                || key instanceof Short
                || key instanceof Byte
                || key instanceof BigInteger
                || key instanceof Character
                || key instanceof Boolean
                || key instanceof UUID
                || key instanceof CharSequence) {
            return key.toString();
        }
        throw new Notice("sticky percent: " + where
                + " must be text, a whole number, a character, a boolean, a UUID or an enum, but is "
                + (key == null ? "missing" : "a " + key.getClass().getName()));
    }
}
