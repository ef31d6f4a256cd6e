package dev.scientist.replay;

import java.lang.reflect.Type;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Inputs and values as JSON, by Jackson: version 3 ({@code tools.jackson.core:jackson-databind}) where it is there, else
 * version 2 ({@code com.fasterxml.jackson.core:jackson-databind}). Neither is among the dependencies of this library. Both
 * write and read the same text. Thread-safe.
 *
 * <p>Unless a mapper is handed in, it knows what Jackson knows, and the modules found on the class path; {@code
 * java.time} and {@code Optional} with no module; NaN and infinities, which are written as such; and {@link
 * dev.scientist.proxy.Arguments}, of which it writes the class of each argument that is not a text, an {@code int}, a
 * {@code double} or a {@code boolean}. Reading them makes objects of the classes that the text names: read only files that
 * you trust as much as your code.
 */
public final class JacksonCodec implements Codec {

    private final Codec codec;

    /**
     * With a mapper of its own.
     *
     * @throws IllegalStateException if there is no Jackson
     */
    public JacksonCodec() {
        this(ofWhatIsThere());
    }

    private JacksonCodec(Codec codec) {
        this.codec = codec;
    }

    /**
     * With a mapper of Jackson 2.
     *
     * @param mapper writes and reads; {@link dev.scientist.proxy.Arguments} are added to a copy of it
     * @return the codec
     */
    public static JacksonCodec jackson2(com.fasterxml.jackson.databind.ObjectMapper mapper) {
        return new JacksonCodec(new Jackson2(Objects.requireNonNull(mapper, "mapper")));
    }

    /**
     * With a mapper of Jackson 3.
     *
     * @param mapper writes and reads; {@link dev.scientist.proxy.Arguments} are added to a copy of it
     * @return the codec
     */
    public static JacksonCodec jackson3(tools.jackson.databind.ObjectMapper mapper) {
        return new JacksonCodec(new Jackson3(Objects.requireNonNull(mapper, "mapper")));
    }

    private static Codec ofWhatIsThere() {
        try {
            return hasJackson3() ? new Jackson3() : new Jackson2();
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "JacksonCodec needs Jackson, and there is none on the class path: add"
                            + " tools.jackson.core:jackson-databind (Jackson 3) or"
                            + " com.fasterxml.jackson.core:jackson-databind (Jackson 2, from 2.17 on), or write a codec"
                            + " of your own, such as by Codec.of(..)",
                    e);
        }
    }

    private static boolean hasJackson3() {
        try {
            Class.forName("tools.jackson.databind.ObjectMapper", false, JacksonCodec.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    @Override
    public String encode(@Nullable Object value) throws Exception {
        return codec.encode(value);
    }

    @Override
    public @Nullable String encode(@Nullable Object value, int maxLength) throws Exception {
        return codec.encode(value, maxLength);
    }

    @Override
    public @Nullable Object decode(String text, Type type) throws Exception {
        return codec.decode(text, type);
    }
}
