package dev.scientist.junit;

import dev.scientist.proxy.Arguments;
import dev.scientist.replay.Codec;
import dev.scientist.replay.JacksonCodec;
import dev.scientist.replay.MismatchReader;
import dev.scientist.replay.MismatchReader.Recording;
import dev.scientist.replay.RecordedMismatch;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.ReflectionSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The inputs of a {@link MismatchSource}. Immutable. */
record RecordedInputs(MismatchSource source, ExtensionContext context, Parameter parameter) {

    private static final Logger LOGGER = LoggerFactory.getLogger("dev.scientist.parity");
    private static final int MAX_NAMES = 20;

    /** Mismatches that differ in the same way. */
    private static final class Kind {
        private final Map<String, RecordedMismatch> byInput = new LinkedHashMap<>();
        private final RecordedMismatch first;
        private long occurrences;

        private Kind(RecordedMismatch first) {
            this.first = first;
        }

        private void add(RecordedMismatch mismatch) {
            occurrences++;
            String input = mismatch.input();
            if (input != null) {
                byInput.putIfAbsent(input, mismatch);
            }
        }

        /** The smallest, then the first ones of the others. */
        private List<RecordedMismatch> some(int number) {
            Set<RecordedMismatch> some = new LinkedHashSet<>();
            byInput.values().stream()
                    .min((one, other) -> Integer.compare(length(one), length(other)))
                    .ifPresent(some::add);
            byInput.values().stream().limit(number).forEach(some::add);
            return some.stream().limit(number).toList();
        }

        private static int length(RecordedMismatch mismatch) {
            String input = mismatch.input();
            return input == null ? 0 : input.length();
        }
    }

    /** What a behavior did, by the text that was recorded of it: without values and messages. */
    static String how(String outcome) {
        if (!outcome.startsWith("threw ")) {
            return "returned";
        }
        int end = "threw ".length();
        while (end < outcome.length() && outcome.charAt(end) != ':' && outcome.charAt(end) != ' ') {
            end++;
        }
        return outcome.substring(0, end);
    }

    Stream<Input> stream() {
        if (source.inputsPerPlace() < 1) {
            throw wrong("inputsPerPlace must be at least 1, not " + source.inputsPerPlace(), null);
        }
        Recording recording = read();
        recording.notes().forEach(note -> say("skipped", note));
        Map<String, Kind> kinds = new LinkedHashMap<>();
        for (RecordedMismatch mismatch : recording.mismatches()) {
            if (source.experiment().isEmpty() || source.experiment().equals(mismatch.experiment())) {
                kinds.computeIfAbsent(
                                mismatch.experiment() + "/" + mismatch.candidate() + ": " + mismatch.signature(),
                                key -> new Kind(mismatch))
                        .add(mismatch);
            }
        }
        if (kinds.isEmpty() && !recording.mismatches().isEmpty()) {
            throw wrong(
                    "has no mismatch of an experiment '" + source.experiment()
                            + "'; is the name mistyped? It has those of "
                            + recording.mismatches().stream()
                                    .map(mismatch -> "'" + mismatch.experiment() + "'")
                                    .distinct()
                                    .sorted()
                                    .limit(MAX_NAMES)
                                    .collect(Collectors.joining(", ")),
                    null);
        }
        if (kinds.values().stream().allMatch(kind -> kind.byInput.isEmpty())) {
            long withoutInput =
                    kinds.values().stream().mapToLong(kind -> kind.occurrences).sum();
            throw wrong(
                    "has no input to replay: " + recording.mismatches().size() + " mismatches"
                            + ", " + withoutInput + " without an input; give the MismatchWriter a codec, and the"
                            + " experiment's run the input",
                    null);
        }
        return inputs(kinds).stream();
    }

    private List<Input> inputs(Map<String, Kind> kinds) {
        Codec codec = codec();
        Type type = parameter.getParameterizedType() instanceof ParameterizedType parity
                ? parity.getActualTypeArguments()[0]
                : Object.class;
        List<Input> inputs = new ArrayList<>();
        kinds.forEach((name, kind) -> {
            List<RecordedMismatch> some = kind.some(source.inputsPerPlace());
            int leftOut = kind.byInput.size() - some.size();
            String label = name + ", " + kind.occurrences + (kind.occurrences == 1 ? " time" : " times")
                    + (leftOut == 0 ? "" : ", " + leftOut + (leftOut == 1 ? " input" : " inputs") + " left out");
            if (leftOut > 0) {
                say("left out", name + ": " + leftOut + " of " + kind.byInput.size() + " inputs");
            }
            if (some.isEmpty()) {
                say("not replayed", label + ": recorded without its input");
                inputs.add(Input.missing(label, kind.first));
            }
            some.forEach(mismatch -> inputs.add(input(label, mismatch, codec, type)));
        });
        return inputs;
    }

    private Input input(String label, RecordedMismatch mismatch, Codec codec, Type type) {
        String text = String.valueOf(mismatch.input());
        try {
            return new Input(label, codec.decode(text, type), () -> codec.decode(text, type), mismatch);
        } catch (Exception e) {
            throw wrong(
                    "has an input of '" + mismatch.experiment() + "' that cannot be read as " + type.getTypeName()
                            + ": " + e.getMessage()
                            + (type == Arguments.class
                                    ? ""
                                    : "; the inputs of methods with several parameters are read as "
                                            + Arguments.class.getName()),
                    e);
        }
    }

    /** Where people who read reports see it, and where those who read the log do. */
    private void say(String key, String text) {
        context.publishReportEntry(key, text);
        LOGGER.warn("@MismatchSource(\"{}\"), {}: {}", source.value(), key, text);
    }

    private Codec codec() {
        if (source.codec() != Codec.class) {
            return ReflectionSupport.newInstance(source.codec());
        }
        try {
            return new JacksonCodec();
        } catch (IllegalStateException e) {
            throw wrong("needs a codec, and none is named: " + e.getMessage(), e);
        }
    }

    private Recording read() {
        Class<?> test = context.getRequiredTestClass();
        try {
            URL resource = test.getResource(source.value());
            if (resource == null) {
                return MismatchReader.read(Path.of(source.value()));
            }
            return resource.getProtocol().equals("file")
                    ? MismatchReader.read(Path.of(resource.toURI()))
                    : MismatchReader.read(
                            new SequenceInputStream(Collections.enumeration(older(test))), source.value());
        } catch (NoSuchFileException e) {
            throw wrong(
                    "is neither a resource beside " + test.getName() + " nor a file: looked at "
                            + Path.of(source.value()).toAbsolutePath(),
                    e);
        } catch (IOException | URISyntaxException e) {
            throw wrong("cannot be read: " + e.getMessage(), e);
        }
    }

    /** The resource in a jar and, before it, those that were renamed from it. */
    private List<InputStream> older(Class<?> test) {
        List<InputStream> streams = new ArrayList<>();
        int age = 0;
        for (InputStream in = test.getResourceAsStream(source.value());
                in != null;
                in = test.getResourceAsStream(source.value() + "." + ++age)) {
            streams.add(0, in);
        }
        return streams;
    }

    private ExtensionConfigurationException wrong(String what, @Nullable Throwable cause) {
        return new ExtensionConfigurationException("@MismatchSource(\"" + source.value() + "\") " + what, cause);
    }
}
