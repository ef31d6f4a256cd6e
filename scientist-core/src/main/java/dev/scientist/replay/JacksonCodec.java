package dev.scientist.replay;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.Type;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Inputs and values as JSON, by Jackson. Needs {@code com.fasterxml.jackson.core:jackson-databind}, which is not among
 * the dependencies of this library. Thread-safe.
 */
public final class JacksonCodec implements Codec {

    private final ObjectMapper mapper;

    /** With a mapper that has the modules found on the class path. */
    public JacksonCodec() {
        this(new ObjectMapper().findAndRegisterModules());
    }

    /**
     * With a mapper of the user's.
     *
     * @param mapper writes and reads
     */
    public JacksonCodec(ObjectMapper mapper) {
        this.mapper = Objects.requireNonNull(mapper, "mapper");
    }

    @Override
    public String encode(@Nullable Object value) throws Exception {
        return mapper.writeValueAsString(value);
    }

    @Override
    public @Nullable Object decode(String text, Type type) throws Exception {
        return mapper.readValue(text, mapper.constructType(type));
    }
}
