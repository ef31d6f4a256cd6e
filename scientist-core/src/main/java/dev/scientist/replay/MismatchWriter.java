package dev.scientist.replay;

import dev.scientist.Comparison;
import dev.scientist.Observation;
import dev.scientist.Operation;
import dev.scientist.Outcome;
import dev.scientist.Publisher;
import dev.scientist.Rendering;
import dev.scientist.Result;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A publisher that writes mismatches to a file, one JSON record a line, to be read by {@link MismatchReader}.
 *
 * <p><b>What is written.</b> Names, differing paths, and for people what both did and the context, as
 * {@link Rendering#cautious()} shows them unless told otherwise. Only with a {@link Codec} the run's input and the
 * cleaned values, so that the run can be repeated. Values go through the experiment's cleaner; the input through
 * {@link Builder#redactInput}; context keys can be {@linkplain Builder#redact redacted}.
 *
 * <p><b>How much.</b> A record of more than {@link Builder#maxRecordBytes} is written without what makes it long, and
 * says so. A file of {@link Builder#maxFileBytes} is renamed to {@code name.1}, that to {@code name.2} and so on, up to
 * {@link Builder#maxFiles}; what is older is deleted.
 *
 * <p><b>How safe.</b> Each record is handed to the operating system by one write before {@link #publish} returns: a
 * process that is killed loses the line that it is writing, at most. It is not forced to the disk unless
 * {@link Builder#forced} says so: a machine that crashes loses what the system had not yet written, seconds in general.
 * Where a write fails, as on a full disk, what was written of the line is cut off again, that record is lost, and an
 * {@link IOException} tells {@link Operation#PUBLISH} of it. The next record is tried anew.
 *
 * <p>One writer for a file: a second one, in this process or another, is an error. Writing holds up the caller of an
 * experiment by some microseconds; {@link dev.scientist.publish.BackgroundPublisher} spares it that. Thread-safe.
 */
public final class MismatchWriter implements Publisher {

    /** How many differing paths a record has. */
    public static final int MAX_DIFFERENCES = 20;

    private static final int MAX_PATH_LENGTH = 200;
    private static final int MAX_SIGNATURE_LENGTH = 2_000;

    private final Path file;
    private final @Nullable Codec codec;
    private final Rendering rendering;
    private final UnaryOperator<@Nullable Object> inputRule;
    private final Set<String> redacted;
    private final int maxRecordBytes;
    private final long maxFileBytes;
    private final int maxFiles;
    private final boolean forced;
    private final InstantSource clock;

    /** Not a channel: an interrupt of the caller's would close that. Null while the file could not be opened again. */
    private @Nullable RandomAccessFile out;

    /** Up to here all lines are whole. */
    private long length;

    private boolean closed;

    private MismatchWriter(Builder builder) throws IOException {
        file = builder.file;
        codec = builder.codec;
        rendering = builder.rendering;
        inputRule = builder.inputRule;
        redacted = Set.copyOf(builder.redacted);
        maxRecordBytes = builder.maxRecordBytes;
        maxFileBytes = builder.maxFileBytes;
        maxFiles = builder.maxFiles;
        forced = builder.forced;
        clock = builder.clock;
        open();
    }

    /**
     * Starts to put a writer together.
     *
     * @param file what to write to; its folder must exist. What is there already is kept, but for a torn last line
     * @return a builder
     */
    public static Builder builder(Path file) {
        return new Builder(file);
    }

    @Override
    public void publish(Result<?> result) throws IOException {
        for (Comparison<?> comparison : result.comparisons()) {
            if (comparison.outcome() == Outcome.MISMATCHED) {
                append(line(result, comparison));
            }
        }
    }

    /** Closes the file. What is published afterwards is an error. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (out != null) {
            out.close();
            out = null;
        }
    }

    // ---- the record ----

    private byte[] line(Result<?> result, Comparison<?> comparison) {
        List<String> withheld = new ArrayList<>();
        RecordedMismatch whole = record(result, comparison, withheld);
        byte[] line = bytes(whole);
        if (line.length <= maxRecordBytes) {
            return line;
        }
        withheld.add("values: " + tooLong(whole.controlValue(), whole.candidateValue()));
        line = bytes(without(whole, whole.input(), withheld, whole.context()));
        if (line.length <= maxRecordBytes) {
            return line;
        }
        withheld.add("input: " + tooLong(whole.input(), null));
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
                valueOf(result, "control value", control, withheld),
                valueOf(result, "candidate value", candidate, withheld),
                comparison.differences().stream()
                        .limit(MAX_DIFFERENCES)
                        .map(difference -> bounded(difference.path(), MAX_PATH_LENGTH))
                        .toList(),
                contextOf(result, withheld),
                withheld);
    }

    private @Nullable String valueOf(Result<?> result, String what, Observation<?> observation, List<String> withheld) {
        return observation.returned() ? encoded(result, what, observation::cleaned, withheld) : null;
    }

    private @Nullable String encoded(
            Result<?> result, String what, Supplier<@Nullable Object> value, List<String> withheld) {
        if (codec == null) {
            return null;
        }
        try {
            return Objects.requireNonNull(codec.encode(value.get()), "the codec returned null");
        } catch (Throwable failure) {
            withheld.add(what + ": the codec failed with " + failure.getClass().getName());
            result.experiment().report(Operation.PUBLISH, failure);
            return null;
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
        return Rendering.escaped(text.length() <= length ? text : text.substring(0, length) + "…");
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
                null,
                null,
                whole.differences(),
                context,
                withheld);
    }

    private static byte[] bytes(RecordedMismatch mismatch) {
        return (Lines.write(mismatch) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    // ---- the file ----

    private synchronized void append(byte[] line) throws IOException {
        if (closed) {
            throw new IOException(file + " is closed");
        }
        RandomAccessFile target = out == null ? open() : out;
        if (length > 0 && length + line.length > maxFileBytes) {
            out = null;
            target.close();
            rotate();
            target = open();
        }
        try {
            target.write(line);
            if (forced) {
                target.getFD().sync();
            }
            length += line.length;
        } catch (IOException e) {
            cutBack(target);
            throw new IOException("cannot write to " + file + ": " + e.getMessage(), e);
        }
    }

    private void cutBack(RandomAccessFile target) {
        try {
            target.setLength(length);
            target.seek(length);
        } catch (IOException e) {
            // opening it anew looks for its last whole line
            out = null;
            try {
                target.close();
            } catch (IOException ignored) {
                // there is nothing left to do with it
            }
        }
    }

    private RandomAccessFile open() throws IOException {
        RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw");
        try {
            FileLock lock = opened.getChannel().tryLock();
            if (lock == null) {
                throw new IOException(inUse());
            }
            length = endOfLastLine(opened);
            opened.setLength(length);
            opened.seek(length);
        } catch (OverlappingFileLockException e) {
            opened.close();
            throw new IOException(inUse(), e);
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
        out = opened;
        return opened;
    }

    private String inUse() {
        return file + " is being written by another writer: give each one a file of its own";
    }

    /** Just after the last line break, 0 if there is none. */
    private static long endOfLastLine(RandomAccessFile file) throws IOException {
        byte[] block = new byte[8192];
        for (long end = file.length(); end > 0; end -= block.length) {
            long start = Math.max(0, end - block.length);
            int size = (int) (end - start);
            file.seek(start);
            file.readFully(block, 0, size);
            for (int i = size - 1; i >= 0; i--) {
                if (block[i] == '\n') {
                    return start + i + 1;
                }
            }
        }
        return 0;
    }

    private void rotate() throws IOException {
        if (maxFiles == 1) {
            Files.deleteIfExists(file);
            return;
        }
        for (int i = maxFiles - 2; i >= 0; i--) {
            Path from = MismatchReader.rotated(file, i);
            if (Files.exists(from)) {
                Files.move(from, MismatchReader.rotated(file, i + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
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
         * @throws IOException if the file cannot be opened, or another writer has it
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
