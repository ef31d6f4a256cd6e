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

    /** No writer writes a longer line. */
    private static final int MAX_LINE_BYTES = 64 << 20;

    private static final int MAX_ROTATED = 1_000;

    /**
     * What was read.
     *
     * @param mismatches the mismatches, oldest first
     * @param notes what had to be skipped: the last line of a file, where its writer was stopped in the middle of it
     */
    public record Recording(List<RecordedMismatch> mismatches, List<String> notes) {

        /** Copies the lists. */
        public Recording {
            mismatches = List.copyOf(mismatches);
            notes = List.copyOf(notes);
        }
    }

    private MismatchReader() {}

    /**
     * Reads a file and, before it, the older ones that were renamed from it. It may still be written to.
     *
     * @param file the file as it was named to the writer
     * @return all whole lines
     * @throws IOException if a file cannot be read, or a whole line is no record; the message names file and line
     */
    public static Recording read(Path file) throws IOException {
        List<RecordedMismatch> mismatches = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        boolean found = false;
        for (int i = MAX_ROTATED; i >= 0; i--) {
            Path each = rotated(file, i);
            if (Files.exists(each)) {
                found = true;
                try (InputStream in = Files.newInputStream(each)) {
                    read(in, each.toString(), mismatches, notes);
                }
            }
        }
        if (!found) {
            throw new NoSuchFileException(file.toString());
        }
        return new Recording(mismatches, notes);
    }

    /**
     * Reads a stream, such as that of a resource on the class path. Does not close it.
     *
     * @param in UTF-8
     * @param name what errors and notes call it
     * @return all whole lines
     * @throws IOException if it cannot be read, or a whole line is no record; the message names the line
     */
    public static Recording read(InputStream in, String name) throws IOException {
        List<RecordedMismatch> mismatches = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        read(in, name, mismatches, notes);
        return new Recording(mismatches, notes);
    }

    private static void read(InputStream in, String name, List<RecordedMismatch> mismatches, List<String> notes)
            throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int number = 1;
        for (int b = buffered.read(); b >= 0; b = buffered.read()) {
            if (b == '\n') {
                RecordedMismatch mismatch = parse(line.toByteArray(), name, number);
                if (mismatch != null) {
                    mismatches.add(mismatch);
                }
                line.reset();
                number++;
            } else if (line.size() < MAX_LINE_BYTES) {
                line.write(b);
            } else {
                throw new IOException(name + ", line " + number + ": longer than " + MAX_LINE_BYTES + " bytes");
            }
        }
        if (line.size() > 0) {
            notes.add(name + ", line " + number + ": skipped, since it does not end: its writer was stopped in the"
                    + " middle of it, or is at it");
        }
    }

    /** Null for a line without anything, as editors like to leave at the end. */
    private static @Nullable RecordedMismatch parse(byte[] line, String name, int number) throws IOException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
            return text.isBlank() ? null : Lines.read(text);
        } catch (CharacterCodingException e) {
            throw new IOException(name + ", line " + number + ": not UTF-8", e);
        } catch (IllegalArgumentException e) {
            throw new IOException(name + ", line " + number + ": " + e.getMessage(), e);
        }
    }

    /** The name of an older file: 0 for the one that is written, 1 for the one before it. */
    static Path rotated(Path file, int age) {
        return age == 0 ? file : file.resolveSibling(file.getFileName() + "." + age);
    }
}
