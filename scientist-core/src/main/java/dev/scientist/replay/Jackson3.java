package dev.scientist.replay;

import dev.scientist.proxy.Arguments;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.deser.std.FromStringDeserializer;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;
import tools.jackson.databind.ser.std.ToStringSerializer;

/** By Jackson 3, so that it writes what {@link Jackson2} writes. Only to be touched where that is there. Thread-safe. */
final class Jackson3 implements Codec {

    private final ObjectMapper mapper;

    Jackson3() {
        this(JsonMapper.builder()
                .findAndAddModules()
                // last, since other modules change offsets
                .addModule(byText())
                .disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING, EnumFeature.READ_ENUMS_USING_TO_STRING)
                .enable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .build());
    }

    Jackson3(ObjectMapper mapper) {
        this.mapper = mapper.rebuild()
                .addModule(new SimpleModule("scientist-arguments")
                        .addSerializer(new ArgumentsSerializer())
                        .addDeserializer(Arguments.class, new ArgumentsDeserializer()))
                .build();
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
        } catch (JacksonException e) {
            if (text.isFull()) {
                return null;
            }
            throw e;
        }
    }

    @Override
    public @Nullable Object decode(String text, Type type) {
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
        private final Function<String, T> reader;

        private TextDeserializer(Class<T> type, Function<String, T> reader) {
            super(type);
            this.reader = reader;
        }

        @Override
        protected T _deserialize(String text, DeserializationContext context) {
            return reader.apply(text);
        }
    }

    /** See {@link JacksonCodec}. */
    private static final class ArgumentsSerializer extends StdSerializer<Arguments> {

        private ArgumentsSerializer() {
            super(Arguments.class);
        }

        @Override
        public void serialize(Arguments arguments, JsonGenerator out, SerializationContext context) {
            out.writeStartArray();
            for (Object argument : arguments.values()) {
                if (argument == null || JacksonValues.isPlain(argument)) {
                    context.writeValue(out, argument);
                } else {
                    out.writeStartObject();
                    context.defaultSerializeProperty(JacksonValues.className(argument), argument, out);
                    out.writeEndObject();
                }
            }
            out.writeEndArray();
        }
    }

    private static final class ArgumentsDeserializer extends StdDeserializer<Arguments> {

        private ArgumentsDeserializer() {
            super(Arguments.class);
        }

        @Override
        public Arguments deserialize(JsonParser in, DeserializationContext context) {
            List<@Nullable Object> values = new ArrayList<>();
            // not by a tree, which would make doubles of all decimals
            while (in.nextToken() != JsonToken.END_ARRAY) {
                Class<?> type = Object.class;
                boolean isNamed = in.currentToken() == JsonToken.START_OBJECT;
                if (isNamed) {
                    String name = in.nextName();
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

        private static @Nullable Object value(JsonParser in, DeserializationContext context, Class<?> type) {
            ValueDeserializer<Object> reader = context.findRootValueDeserializer(context.constructType(type));
            return in.currentToken() == JsonToken.VALUE_NULL
                    ? reader.getNullValue(context)
                    : reader.deserialize(in, context);
        }
    }
}
