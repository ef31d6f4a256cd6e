package dev.scientist.junit;

import dev.scientist.replay.Codec;
import dev.scientist.replay.JacksonCodec;
import dev.scientist.replay.MismatchReader;
import dev.scientist.replay.MismatchReader.Recording;
import dev.scientist.replay.RecordedMismatch;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.ReflectionSupport;

/** The inputs of a {@link MismatchSource}. Immutable. */
record RecordedInputs(MismatchSource source, ExtensionContext context, Parameter parameter) {

    /** Those that differ in the same places. */
    private static final class Place {
        private final Set<String> inputs = new LinkedHashSet<>();
        private long occurrences;
    }

    Stream<Named<?>> stream() {
        if (source.inputsPerPlace() < 1) {
            throw wrong("inputsPerPlace must be at least 1, not " + source.inputsPerPlace(), null);
        }
        Recording recording = read();
        recording.notes().forEach(note -> context.publishReportEntry("skipped", note));
        Map<String, Place> places = new LinkedHashMap<>();
        int withoutInput = 0;
        for (RecordedMismatch mismatch : recording.mismatches()) {
            if (source.experiment().isEmpty() || source.experiment().equals(mismatch.experiment())) {
                Place place = places.computeIfAbsent(
                        mismatch.experiment() + "/" + mismatch.candidate() + ": " + mismatch.signature(),
                        key -> new Place());
                place.occurrences++;
                String input = mismatch.input();
                if (input == null) {
                    withoutInput++;
                } else if (place.inputs.size() < source.inputsPerPlace()) {
                    place.inputs.add(input);
                }
            }
        }
        if (withoutInput > 0) {
            context.publishReportEntry("skipped", withoutInput + " mismatches have no input");
        }
        List<Named<?>> inputs = decoded(places);
        if (inputs.isEmpty()) {
            throw wrong(
                    "has no input to replay: " + recording.mismatches().size() + " mismatches"
                            + (source.experiment().isEmpty() ? "" : ", of '" + source.experiment() + "' and others")
                            + ", " + withoutInput + " without an input; give the MismatchWriter a codec, and the"
                            + " experiment's run the input",
                    null);
        }
        return inputs.stream();
    }

    private List<Named<?>> decoded(Map<String, Place> places) {
        Codec codec = codec();
        Type type = parameter.getParameterizedType() instanceof ParameterizedType parity
                ? parity.getActualTypeArguments()[0]
                : Object.class;
        List<Named<?>> inputs = new ArrayList<>();
        places.forEach((name, place) -> {
            for (String input : place.inputs) {
                try {
                    inputs.add(Named.of(
                            name + ", " + place.occurrences + (place.occurrences == 1 ? " time" : " times"),
                            codec.decode(input, type)));
                } catch (Exception e) {
                    throw wrong("has an input that cannot be read as " + type.getTypeName() + ": " + e.getMessage(), e);
                }
            }
        });
        return inputs;
    }

    private Codec codec() {
        if (source.codec() != Codec.class) {
            return ReflectionSupport.newInstance(source.codec());
        }
        try {
            return new JacksonCodec();
        } catch (NoClassDefFoundError e) {
            throw wrong("needs Jackson (com.fasterxml.jackson.core:jackson-databind), or a codec that you name", e);
        }
    }

    private Recording read() {
        Class<?> test = context.getRequiredTestClass();
        try (InputStream resource = test.getResourceAsStream(source.value())) {
            return resource != null
                    ? MismatchReader.read(resource, source.value())
                    : MismatchReader.read(Path.of(source.value()));
        } catch (NoSuchFileException e) {
            throw wrong(
                    "is neither a resource beside " + test.getName() + " nor a file: looked at "
                            + Path.of(source.value()).toAbsolutePath(),
                    e);
        } catch (IOException e) {
            throw wrong("cannot be read: " + e.getMessage(), e);
        }
    }

    private ExtensionConfigurationException wrong(String what, @Nullable Throwable cause) {
        return new ExtensionConfigurationException("@MismatchSource(\"" + source.value() + "\") " + what, cause);
    }
}
