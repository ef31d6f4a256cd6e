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
     * Writes a value, unless its text would be long: what is too long for a record need not be made. The default makes
     * all of it, but for a text that is too long itself.
     *
     * @param value the value, may be null
     * @param maxLength how many characters the text may have
     * @return any text, null if it would have more
     * @throws Exception if it cannot
     */
    default @Nullable String encode(@Nullable Object value, int maxLength) throws Exception {
        if (value instanceof String text && text.length() > maxLength) {
            return null;
        }
        String text = encode(value);
        return text.length() > maxLength ? null : text;
    }

    /**
     * Reads what {@link #encode(Object)} wrote.
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
