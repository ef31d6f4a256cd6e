package dev.scientist.replay;

import java.lang.reflect.Type;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns inputs and values into text and back. What it writes stands in a file for everybody who may read that: a codec is
 * the user's word that this is all right. Must be thread-safe.
 *
 * <p>{@link JacksonCodec} is one for those who have Jackson.
 */
public interface Codec {

    /**
     * Writes a value.
     *
     * @param value the value, may be null
     * @return any text
     * @throws Exception if it cannot; the record is then written without, and the failure reported
     */
    String encode(@Nullable Object value) throws Exception;

    /**
     * Reads what {@link #encode} wrote.
     *
     * @param text the text
     * @param type what is wanted
     * @return the value
     * @throws Exception if it cannot
     */
    @Nullable
    Object decode(String text, Type type) throws Exception;

    /**
     * A codec made of two functions.
     *
     * @param encoder writes a value
     * @param decoder reads it
     * @return the codec
     */
    static Codec of(Function<@Nullable Object, String> encoder, Function<String, ? extends @Nullable Object> decoder) {
        Objects.requireNonNull(encoder, "encoder");
        Objects.requireNonNull(decoder, "decoder");
        return new Codec() {
            @Override
            public String encode(@Nullable Object value) {
                return encoder.apply(value);
            }

            @Override
            public @Nullable Object decode(String text, Type type) {
                return decoder.apply(text);
            }
        };
    }
}
