package dev.scientist.replay;

import dev.scientist.Comparison;
import dev.scientist.Notice;
import dev.scientist.Observation;
import dev.scientist.Operation;
import dev.scientist.Outcome;
import dev.scientist.Publisher;
import dev.scientist.Rendering;
import dev.scientist.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A publisher that writes mismatches to a file, one JSON record a line, to be read by {@link MismatchReader}.
 *
 * <p><b>What is written.</b> Names, differing paths, the top frames of what a candidate threw, and for people what both
 * did and the context, as {@link Rendering#cautious()} shows them unless told otherwise. Only with a {@link Codec} the run's input and the
 * cleaned values, so that the run can be repeated. Values go through the experiment's cleaner; the input through
 * {@link Builder#redactInput}; context keys can be {@linkplain Builder#redact redacted}.
 *
 * <p>What the codec cannot write is left out of the record, and reported once for each type.
 *
 * <p><b>How much.</b> A record of more than {@link Builder#maxRecordBytes} is written without what makes it long, and
 * says so; the codec stops at that length. A file of {@link Builder#maxFileBytes} is renamed to {@code name.1}, that to
 * {@code name.2} and so on, up to {@link Builder#maxFiles}; what is older is deleted.
 *
 * <p><b>How safe.</b> Each record is handed to the operating system by one write before {@link #publish} returns: a
 * process that is killed loses the line that it is writing, at most. It is not forced to the disk unless
 * {@link Builder#forced} says so: a machine that crashes loses what the system had not yet written, seconds in general.
 * Where a write fails, as on a full disk, what was written of the line is cut off again, that record is lost, and an
 * {@link IOException} tells {@link Operation#PUBLISH} of it. The next record is tried anew.
 *
 * Where somebody else cuts the file or takes it away, the next record is written after what is left, or to a new file.
 *
 * <p>One writer for a file: a second one, in this process or another, is an error; for that there is a
 * {@code name.lock} beside it. New files can be read by their owner alone, where the file system knows owners. Writing
 * holds up the caller of an experiment by some microseconds; {@link dev.scientist.publish.BackgroundPublisher} spares it
 * that. Thread-safe.
 */
public final class MismatchWriter implements Publisher {

    /** How many differing paths a record has. */
    public static final int MAX_DIFFERENCES = 20;

    private static final int MAX_UNWRITABLE = 1_000;
    private static final int MAX_PATH_LENGTH = 200;
    private static final int MAX_SIGNATURE_LENGTH = 2_000;
    private static final int MAX_FRAMES = 5;
    private static final int MAX_FRAMES_LENGTH = 2_000;

    private final RecordFile file;
    private final @Nullable Codec codec;
    private final Rendering rendering;
    private final UnaryOperator<@Nullable Object> inputRule;
    private final Set<String> redacted;
    private final int maxRecordBytes;
    private final InstantSource clock;

    /** Types that the codec cannot write, of which it was said. */
    private final Set<String> unwritable = ConcurrentHashMap.newKeySet();

    private MismatchWriter(Builder builder) throws IOException {
        codec = builder.codec;
        rendering = builder.rendering;
        inputRule = builder.inputRule;
        redacted = Set.copyOf(builder.redacted);
        maxRecordBytes = builder.maxRecordBytes;
        clock = builder.clock;
        file = new RecordFile(builder.file, builder.maxFileBytes, builder.maxFiles, builder.forced);
    }

    /**
     * Starts to put a writer together.
     *
     * @param file what to write to; its folder must exist. Records that are there already are kept, but for a torn last
     *     line; a file that holds anything else is an error, and is left as it is
     * @return a builder
     */
    public static Builder builder(Path file) {
        return new Builder(file);
    }

    /** Results with a mismatch alone: they are all that it writes. */
    @Override
    public boolean wants(Result<?> result) {
        return result.mismatched();
    }

    @Override
    public boolean wantsDrops() {
        return false;
    }

    @Override
    public boolean wantsFailures() {
        return false;
    }

    @Override
    public void publish(Result<?> result) throws IOException {
        for (Comparison<?> comparison : result.comparisons()) {
            if (comparison.outcome() == Outcome.MISMATCHED) {
                file.append(line(result, comparison));
            }
        }
    }

    /** Closes the file. What is published afterwards is an error. */
    @Override
    public void close() throws IOException {
        file.close();
    }

    // ---- the record ----

    private byte[] line(Result<?> result, Comparison<?> comparison) {
        List<String> withheld = new ArrayList<>();
        RecordedMismatch whole = record(result, comparison, withheld);
        byte[] line = bytes(whole);
        if (line.length <= maxRecordBytes) {
            return line;
        }
        if (whole.controlValue() != null || whole.candidateValue() != null) {
            withheld.add("values: " + tooLong(whole.controlValue(), whole.candidateValue()));
        }
        line = bytes(without(whole, whole.input(), withheld, whole.context()));
        if (line.length <= maxRecordBytes) {
            return line;
        }
        if (whole.input() != null) {
            withheld.add("input: " + tooLong(whole.input(), null));
        }
        line = bytes(without(whole, null, withheld, whole.context()));
        if (line.length <= maxRecordBytes) {
            return line;
        }
        withheld.add("context: the record would have been too long");
        return bytes(without(whole, null, withheld, Map.of()));
    }

    private static String tooLong(@Nullable String one, @Nullable String other) {
        return (one == null ? 0 : one.length()) + (other == null ? 0 : other.length())
                + " characters, with which the record would have been too long";
    }

    private RecordedMismatch record(Result<?> result, Comparison<?> comparison, List<String> withheld) {
        Object input = result.input();
        Observation<?> control = comparison.control();
        Observation<?> candidate = comparison.candidate();
        return new RecordedMismatch(
                clock.instant(),
                result.experiment().name(),
                candidate.name(),
                bounded(comparison.signature(), MAX_SIGNATURE_LENGTH),
                input == null ? null : encoded(result, "input", () -> inputRule.apply(input), withheld),
                rendering.outcome(control),
                rendering.outcome(candidate),
                framesOf(candidate.throwable()),
                valueOf(result, "control value", control, withheld),
                valueOf(result, "candidate value", candidate, withheld),
                comparison.differences().stream()
                        .limit(MAX_DIFFERENCES)
                        .map(difference -> bounded(difference.path(), MAX_PATH_LENGTH))
                        .toList(),
                contextOf(result, withheld),
                withheld);
    }

    private static @Nullable String framesOf(@Nullable Throwable thrown) {
        return thrown == null ? null : cut(Rendering.frames(thrown, MAX_FRAMES), MAX_FRAMES_LENGTH);
    }

    private @Nullable String valueOf(Result<?> result, String what, Observation<?> observation, List<String> withheld) {
        return observation.returned() ? encoded(result, what, observation::cleaned, withheld) : null;
    }

    private @Nullable String encoded(
            Result<?> result, String what, Supplier<@Nullable Object> value, List<String> withheld) {
        if (codec == null) {
            return null;
        }
        Object toWrite = null;
        try {
            toWrite = value.get();
            String text = codec.encode(toWrite, maxRecordBytes);
            if (text == null) {
                withheld.add(what + ": more than " + maxRecordBytes + " characters, the most that a record may have");
            }
            return text;
        } catch (Throwable failure) {
            withheld.add(
                    failure instanceof CodecException
                            ? what + ": the codec cannot write a " + typeOf(toWrite)
                            : what + ": the codec failed with "
                                    + failure.getClass().getName());
            reportOnce(result, what, toWrite, failure);
            return null;
        }
    }

    /** Once for each type: it is the same with all of them. */
    private void reportOnce(Result<?> result, String what, @Nullable Object value, Throwable failure) {
        String type = typeOf(value);
        if (unwritable.size() < MAX_UNWRITABLE && unwritable.add(type)) {
            boolean isOurs = failure instanceof CodecException; // tells of types, and of no values
            String message = what + " of type " + type
                    + " is not in the file of mismatches, since the codec cannot write it: "
                    + (isOurs ? failure.getMessage() : failure.getClass().getName()) + ". Said once for each type.";
            result.experiment()
                    .report(
                            Operation.PUBLISH,
                            isOurs ? new Notice(message) : new UnwritableException(message, failure));
        }
    }

    private static String typeOf(@Nullable Object value) {
        return value == null ? "null" : value.getClass().getTypeName();
    }

    /** A line for people, without a stack trace of our own. */
    private static final class UnwritableException extends IOException {
        private static final long serialVersionUID = 1;

        private UnwritableException(String message, Throwable failure) {
            super(message, failure);
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    private Map<String, String> contextOf(Result<?> result, List<String> withheld) {
        Map<String, String> shown = new TreeMap<>();
        result.context().forEach((key, value) -> {
            if (redacted.contains(key)) {
                withheld.add("context " + key + ": redacted");
            } else {
                shown.put(key, rendering.text(value));
            }
        });
        return shown;
    }

    private static String bounded(String text, int length) {
        return Rendering.escaped(cut(text, length));
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length) + "…";
    }

    private static RecordedMismatch without(
            RecordedMismatch whole, @Nullable String input, List<String> withheld, Map<String, String> context) {
        return new RecordedMismatch(
                whole.at(),
                whole.experiment(),
                whole.candidate(),
                whole.signature(),
                input,
                whole.control(),
                whole.candidateOutcome(),
                whole.thrown(),
                null,
                null,
                whole.differences(),
                context,
                withheld);
    }

    private static byte[] bytes(RecordedMismatch mismatch) {
        return (Lines.write(mismatch) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Puts a writer together. Not thread-safe. */
    public static final class Builder {

        private static final int FEWEST_RECORD_BYTES = 16 * 1024;
        private static final int MOST_FILES = 1_000;

        private final Path file;
        private @Nullable Codec codec;
        private Rendering rendering = Rendering.cautious();
        private UnaryOperator<@Nullable Object> inputRule = input -> input;
        private final Set<String> redacted = new HashSet<>();
        private int maxRecordBytes = 64 * 1024;
        private long maxFileBytes = 16L << 20;
        private int maxFiles = 4;
        private boolean forced;
        private InstantSource clock = InstantSource.system();

        private Builder(Path file) {
            this.file = Objects.requireNonNull(file, "file");
        }

        /**
         * Has inputs and cleaned values written too, so that the runs can be repeated. Without, neither is.
         *
         * @param codec makes text of them
         * @return this
         */
        public Builder codec(Codec codec) {
            this.codec = Objects.requireNonNull(codec, "codec");
            return this;
        }

        /**
         * A rule for inputs: what is written in place of each, such as a copy without the card number.
         *
         * @param rule takes the input, returns what may be written
         * @return this
         */
        public Builder redactInput(UnaryOperator<@Nullable Object> rule) {
            inputRule = Objects.requireNonNull(rule, "rule");
            return this;
        }

        /**
         * Keys of the context that are left out.
         *
         * @param contextKeys the keys
         * @return this
         */
        public Builder redact(String... contextKeys) {
            redacted.addAll(List.of(contextKeys));
            return this;
        }

        /**
         * How what people read is made. Default: {@link Rendering#cautious()}, which shows nothing private.
         *
         * @param rendering the rendering
         * @return this
         */
        public Builder rendering(Rendering rendering) {
            this.rendering = Objects.requireNonNull(rendering, "rendering");
            return this;
        }

        /**
         * The longest record. Default: 64 KiB.
         *
         * @param bytes at least 16 KiB
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder maxRecordBytes(int bytes) {
            if (bytes < FEWEST_RECORD_BYTES) {
                throw new IllegalArgumentException(
                        "the longest record must be at least " + FEWEST_RECORD_BYTES + " bytes, not " + bytes);
            }
            maxRecordBytes = bytes;
            return this;
        }

        /**
         * How long a file may become. Default: 16 MiB.
         *
         * @param bytes at least as many as the longest record has
         * @return this
         */
        public Builder maxFileBytes(long bytes) {
            maxFileBytes = bytes;
            return this;
        }

        /**
         * How many files there are at most, with the one that is written. Default: 4.
         *
         * @param files from 1 to 1000
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder maxFiles(int files) {
            if (files < 1 || files > MOST_FILES) {
                throw new IllegalArgumentException("files must be from 1 to " + MOST_FILES + ", not " + files);
            }
            maxFiles = files;
            return this;
        }

        /**
         * Whether each record is forced to the disk before the next thing happens: for machines that crash. Costs
         * milliseconds for each. Default: no.
         *
         * @param forced whether
         * @return this
         */
        public Builder forced(boolean forced) {
            this.forced = forced;
            return this;
        }

        /**
         * Tells when mismatches happened. Default: the system's clock.
         *
         * @param clock the clock
         * @return this
         */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Opens the file.
         *
         * @return the writer
         * @throws IOException if the file cannot be opened, holds anything but records, or another writer has it
         * @throws IllegalArgumentException if a file would not hold one record
         */
        public MismatchWriter open() throws IOException {
            if (maxFileBytes < maxRecordBytes) {
                throw new IllegalArgumentException("a file of " + maxFileBytes + " bytes does not hold a record of "
                        + maxRecordBytes + ": raise maxFileBytes or lower maxRecordBytes");
            }
            return new MismatchWriter(this);
        }
    }
}
