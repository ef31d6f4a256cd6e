package dev.scientist.replay;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.scientist.proxy.Arguments;
import java.io.IOException;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** By Jackson 2. Only to be touched where that is there. Thread-safe. */
final class Jackson2 implements Codec {

    private final ObjectMapper mapper;

    Jackson2() {
        this(JsonMapper.builder()
                // first, so that a module of the user's class path comes before it
                .addModule(new SimpleModule("scientist-optional")
                        .addSerializer(new OptionalSerializer())
                        .addDeserializer(Optional.class, new OptionalDeserializer(null)))
                .findAndAddModules()
                // last, since other modules change offsets
                .addModule(byText())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .build());
    }

    Jackson2(ObjectMapper mapper) {
        this.mapper = mapper.copy()
                .registerModule(new SimpleModule("scientist-arguments")
                        .addSerializer(new ArgumentsSerializer())
                        .addDeserializer(Arguments.class, new ArgumentsDeserializer()));
    }

    @Override
    public String encode(@Nullable Object value) throws Exception {
        return JacksonValues.whole(encode(value, Integer.MAX_VALUE));
    }

    @Override
    public @Nullable String encode(@Nullable Object value, int maxLength) throws Exception {
        JacksonValues.Bounded text = new JacksonValues.Bounded(maxLength);
        try {
            mapper.writeValue(text, value);
            return text.toString();
        } catch (InvalidDefinitionException e) {
            throw JacksonValues.unwritable(e.getOriginalMessage());
        } catch (IOException e) {
            if (text.isFull()) {
                return null;
            }
            throw e;
        }
    }

    @Override
    public @Nullable Object decode(String text, Type type) throws Exception {
        return mapper.readValue(text, mapper.constructType(type));
    }

    private static SimpleModule byText() {
        SimpleModule module = new SimpleModule("scientist-by-text");
        JacksonValues.BY_TEXT.forEach((type, reader) -> {
            module.addSerializer(type, ToStringSerializer.instance);
            addDeserializer(module, type, reader);
            module.addKeyDeserializer(type, new KeyDeserializer() {
                @Override
                public @Nullable Object deserializeKey(String key, DeserializationContext context) {
                    return reader.apply(key);
                }
            });
        });
        return module;
    }

    @SuppressWarnings("unchecked") // the reader is that of the type
    private static <T> void addDeserializer(SimpleModule module, Class<T> type, Function<String, ?> reader) {
        module.addDeserializer(type, new TextDeserializer<>(type, (Function<String, T>) reader));
    }

    private static final class TextDeserializer<T> extends FromStringDeserializer<T> {
        private static final long serialVersionUID = 1;
        private final transient Function<String, T> reader;

        private TextDeserializer(Class<T> type, Function<String, T> reader) {
            super(type);
            this.reader = reader;
        }

        @Override
        protected T _deserialize(String text, DeserializationContext context) {
            return reader.apply(text);
        }
    }

    private static final class OptionalSerializer extends StdSerializer<Optional<?>> {
        private static final long serialVersionUID = 1;

        private OptionalSerializer() {
            super(Optional.class, false);
        }

        @Override
        public void serialize(Optional<?> value, JsonGenerator out, SerializerProvider provider) throws IOException {
            provider.defaultSerializeValue(value.orElse(null), out);
        }
    }

    /** Of what the optional holds, once it is known. */
    private static final class OptionalDeserializer extends StdDeserializer<Optional<?>>
            implements ContextualDeserializer {
        private static final long serialVersionUID = 1;
        private final @Nullable JavaType content;

        private OptionalDeserializer(@Nullable JavaType content) {
            super(Optional.class);
            this.content = content;
        }

        @Override
        public JsonDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
            return new OptionalDeserializer(context.getContextualType().containedTypeOrUnknown(0));
        }

        @Override
        public Optional<?> deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return Optional.ofNullable(
                    content == null ? context.readValue(in, Object.class) : context.readValue(in, content));
        }

        @Override
        public Optional<?> getNullValue(DeserializationContext context) {
            return Optional.empty();
        }
    }

    /** See {@link JacksonCodec}. */
    private static final class ArgumentsSerializer extends StdSerializer<Arguments> {
        private static final long serialVersionUID = 1;

        private ArgumentsSerializer() {
            super(Arguments.class);
        }

        @Override
        public void serialize(Arguments arguments, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeStartArray();
            for (Object argument : arguments.values()) {
                if (argument == null || JacksonValues.isPlain(argument)) {
                    provider.defaultSerializeValue(argument, out);
                } else {
                    out.writeStartObject();
                    provider.defaultSerializeField(JacksonValues.className(argument), argument, out);
                    out.writeEndObject();
                }
            }
            out.writeEndArray();
        }
    }

    private static final class ArgumentsDeserializer extends StdDeserializer<Arguments> {
        private static final long serialVersionUID = 1;

        private ArgumentsDeserializer() {
            super(Arguments.class);
        }

        @Override
        public Arguments deserialize(JsonParser in, DeserializationContext context) throws IOException {
            List<@Nullable Object> values = new ArrayList<>();
            // not by a tree, which would make doubles of all decimals
            while (in.nextToken() != JsonToken.END_ARRAY) {
                Class<?> type = Object.class;
                boolean isNamed = in.currentToken() == JsonToken.START_OBJECT;
                if (isNamed) {
                    String name = in.nextFieldName();
                    type = name == null ? null : JacksonValues.classOf(name);
                    if (type == null) {
                        return context.reportInputMismatch(this, "there is no class %s", name);
                    }
                    in.nextToken();
                }
                values.add(value(in, context, type));
                if (isNamed && in.nextToken() != JsonToken.END_OBJECT) {
                    return context.reportInputMismatch(this, "an argument of %s goes on after its value", type);
                }
            }
            return Arguments.of(values.toArray());
        }

        private static @Nullable Object value(JsonParser in, DeserializationContext context, Class<?> type)
                throws IOException {
            JsonDeserializer<Object> reader = context.findRootValueDeserializer(context.constructType(type));
            return in.currentToken() == JsonToken.VALUE_NULL
                    ? reader.getNullValue(context)
                    : reader.deserialize(in, context);
        }
    }
}
