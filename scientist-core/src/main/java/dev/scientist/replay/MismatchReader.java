package dev.scientist.replay;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what a {@link MismatchWriter} wrote. Stateless. */
public final class MismatchReader {

    /** How many notes a recording has at most. */
    private static final int MAX_NOTES = 100;

    /** No writer writes a longer line. */
    private static final int MAX_LINE_BYTES = 64 << 20;

    private static final int MAX_ROTATED = 1_000;

    /**
     * What was read.
     *
     * @param mismatches the mismatches, oldest first
     * @param notes what had to be skipped, with file and line: a line that is no whole record, since its writer was
     *     stopped in the middle of it, or somebody else cut the file; at most 100 notes
     */
    public record Recording(List<RecordedMismatch> mismatches, List<String> notes) {

        /** Copies the lists. */
        public Recording {
            mismatches = List.copyOf(mismatches);
            notes = List.copyOf(notes);
        }
    }

    /** Says why a line is no record. */
    static final class NoRecordException extends IOException {
        private static final long serialVersionUID = 1;

        private NoRecordException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * How far a file is whole.
     *
     * @param whole the bytes of whole records
     * @param torn the bytes after those
     * @param lacksLineBreak whether the last record is whole but for its line break
     */
    record Extent(long whole, long torn, boolean lacksLineBreak) {}

    private MismatchReader() {}

    /**
     * Reads a file and, before it, the older ones that were renamed from it. It may still be written to, but should not
     * be renamed meanwhile.
     *
     * @param file the file as it was named to the writer
     * @return all whole records
     * @throws IOException if a file cannot be read, or has lines but no record; the message names file and line
     */
    public static Recording read(Path file) throws IOException {
        Collector all = new Collector();
        Path real = real(file);
        boolean found = false;
        for (int i = MAX_ROTATED; i >= 0; i--) {
            Path each = rotated(real, i);
            if (Files.exists(each)) {
                found = true;
                try (InputStream in = Files.newInputStream(each)) {
                    all.add(in, rotated(file, i).toString());
                }
            }
        }
        if (!found) {
            throw new NoSuchFileException(file.toString());
        }
        return all.recording();
    }

    /**
     * Reads a stream, such as that of a resource on the class path. Does not close it.
     *
     * @param in UTF-8
     * @param name what errors and notes call it
     * @return all whole records
     * @throws IOException if it cannot be read, or has lines but no record; the message names the line
     */
    public static Recording read(InputStream in, String name) throws IOException {
        Collector all = new Collector();
        all.add(in, name);
        return all.recording();
    }

    /**
     * Reads all of a file, to find out whether it is one of ours.
     *
     * @throws NoRecordException if there is anything else in it than records and a part of one at its end
     */
    static Extent extent(InputStream in) throws IOException {
        long whole = 0;
        boolean isUnended = false;
        LineReader lines = new LineReader(in, "the file");
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            try {
                parse(line);
            } catch (NoRecordException e) {
                if (!lines.isUnended || !Lines.mayBegin(line)) {
                    throw new NoRecordException("line " + lines.number + ": " + e.getMessage(), e);
                }
                return new Extent(whole, line.length, false);
            }
            isUnended = lines.isUnended;
            whole += line.length + (isUnended ? 0 : 1);
        }
        return new Extent(whole, 0, isUnended);
    }

    /** Null for a line without anything, as editors like to leave at the end. */
    private static @Nullable RecordedMismatch parse(byte[] line) throws NoRecordException {
        // what stands there where a file was cut while it was written to
        int start = 0;
        while (start < line.length && line[start] == 0) {
            start++;
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line, start, line.length - start))
                    .toString();
            return text.isBlank() && start == 0 ? null : Lines.read(text);
        } catch (CharacterCodingException e) {
            throw new NoRecordException("not UTF-8", e);
        } catch (IllegalArgumentException e) {
            throw new NoRecordException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The file that a name leads to, through links; it need not be there. */
    static Path real(Path file) throws IOException {
        if (Files.exists(file)) {
            return file.toRealPath();
        }
        Path whole = file.toAbsolutePath().normalize();
        Path folder = whole.getParent();
        return folder != null && Files.exists(folder) ? folder.toRealPath().resolve(whole.getFileName()) : whole;
    }

    /** The name of an older file: 0 for the one that is written, 1 for the one before it. */
    static Path rotated(Path file, int age) {
        return age == 0 ? file : file.resolveSibling(file.getFileName() + "." + age);
    }

    /** Puts a recording together. */
    private static final class Collector {
        private final List<RecordedMismatch> mismatches = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private @Nullable IOException firstFailure;

        void add(InputStream in, String name) throws IOException {
            LineReader lines = new LineReader(in, name);
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                try {
                    RecordedMismatch mismatch = parse(line);
                    if (mismatch != null) {
                        mismatches.add(mismatch);
                    }
                } catch (NoRecordException e) {
                    String where = name + ", line " + lines.number + ": ";
                    if (lines.isUnended) {
                        note(where + "skipped, since it does not end: its writer was stopped in the middle of it, or"
                                + " is at it");
                    } else {
                        note(where + "skipped: " + e.getMessage());
                        if (firstFailure == null) {
                            firstFailure = new IOException(where + e.getMessage(), e);
                        }
                    }
                }
            }
        }

        private void note(String note) {
            if (notes.size() < MAX_NOTES) {
                notes.add(note);
            }
        }

        Recording recording() throws IOException {
            if (firstFailure != null && mismatches.isEmpty()) {
                throw firstFailure;
            }
            return new Recording(mismatches, notes);
        }
    }

    /** Takes a stream apart at its line breaks. Not thread-safe. */
    private static final class LineReader {
        private final InputStream in;
        private final String name;
        private int number;
        /** Whether the line has no line break: the last one. */
        private boolean isUnended;

        LineReader(InputStream in, String name) {
            this.in = new BufferedInputStream(in);
            this.name = name;
        }

        /** The next line without its line break, null after the last. */
        byte @Nullable [] next() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            number++;
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (b == '\n') {
                    return line.toByteArray();
                }
                if (line.size() == MAX_LINE_BYTES) {
                    throw new NoRecordException(
                            name + ", line " + number + ": longer than " + MAX_LINE_BYTES + " bytes", null);
                }
                line.write(b);
            }
            isUnended = line.size() > 0;
            return isUnended ? line.toByteArray() : null;
        }
    }
}
