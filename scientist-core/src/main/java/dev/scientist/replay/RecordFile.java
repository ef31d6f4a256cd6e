package dev.scientist.replay;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The file that a {@link MismatchWriter} appends to, and the older ones that were renamed from it. Thread-safe.
 *
 * <p>The lock is on a file of its own, which stays where it is while the others are renamed. A lock on the file itself
 * would end with each renaming, and whenever this process closes any other stream of that file.
 *
 * <p>Streams, not channels: an interrupt of the caller's would close a channel.
 */
final class RecordFile implements Closeable {

    /** Files that have a writer in this process. The lock is for other processes. */
    private static final Set<Path> IN_USE = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final long maxBytes;
    private final int maxFiles;
    private final boolean forced;
    private final FileOutputStream lock;

    /** Null while the file could not be opened again. */
    private @Nullable FileOutputStream out;

    /** Up to here all lines are whole. */
    private long length;

    private boolean closed;

    RecordFile(Path named, long maxBytes, int maxFiles, boolean forced) throws IOException {
        file = MismatchReader.real(named);
        this.maxBytes = maxBytes;
        this.maxFiles = maxFiles;
        this.forced = forced;
        if (file.getParent() != null && Files.notExists(file.getParent())) {
            throw new NoSuchFileException(file.toString(), null, "its folder does not exist: create it first");
        }
        if (!IN_USE.add(file)) {
            throw inUse(null);
        }
        try {
            lock = lock();
            try {
                out = open();
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            IN_USE.remove(file);
            throw e;
        }
    }

    /** Writes a line, with the line break at its end. */
    synchronized void append(byte[] line) throws IOException {
        if (closed) {
            throw new IOException(file + " is closed");
        }
        FileOutputStream target = out;
        if (target == null || wasCut()) {
            target = reopen();
        }
        if (length > 0 && length + line.length > maxBytes) {
            closeFile();
            rotate();
            target = reopen();
        }
        try {
            target.write(line);
            if (forced) {
                target.getFD().sync();
            }
            length += line.length;
        } catch (IOException e) {
            cutBack();
            throw new IOException("cannot write to " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            try (lock) {
                closeFile();
            } finally {
                IN_USE.remove(file);
            }
        }
    }

    /** Whether somebody else made the file shorter, or took it away. */
    private boolean wasCut() {
        long now = file.toFile().length();
        return now < length || (now == 0 && Files.notExists(file));
    }

    private FileOutputStream reopen() throws IOException {
        closeFile();
        FileOutputStream opened = open();
        out = opened;
        return opened;
    }

    private void closeFile() throws IOException {
        FileOutputStream open = out;
        out = null;
        if (open != null) {
            open.close();
        }
    }

    private FileOutputStream lock() throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".lock");
        create(beside);
        FileOutputStream opened = new FileOutputStream(beside.toFile(), true);
        try {
            if (opened.getChannel().tryLock() == null) {
                throw inUse(null);
            }
            return opened;
        } catch (IOException e) {
            opened.close();
            throw e;
        } catch (OverlappingFileLockException e) {
            opened.close();
            throw inUse(e);
        }
    }

    private IOException inUse(@Nullable Throwable cause) {
        return new IOException(file + " is being written by another writer: give each one a file of its own", cause);
    }

    /** Only its owner may read it: it has what users of the application sent. */
    private static void create(Path file) throws IOException {
        if (Files.notExists(file)) {
            FileAttribute<?>[] ownersOnly =
                    file.getFileSystem().supportedFileAttributeViews().contains("posix")
                            ? new FileAttribute<?>[] {
                                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                            }
                            : new FileAttribute<?>[0];
            Files.createFile(file, ownersOnly);
        }
    }

    private FileOutputStream open() throws IOException {
        create(file);
        MismatchReader.Extent extent;
        try (InputStream in = new FileInputStream(file.toFile())) {
            extent = MismatchReader.extent(in);
        } catch (MismatchReader.NoRecordException e) {
            throw new IOException(
                    file + " is not written to, since it holds something else than records of mismatches: "
                            + e.getMessage() + "; name another file, or move this one away",
                    e);
        }
        if (extent.torn() > 0) {
            setLength(extent.whole());
        }
        FileOutputStream opened = new FileOutputStream(file.toFile(), true);
        if (extent.lacksLineBreak()) {
            opened.write('\n');
        }
        length = file.toFile().length();
        return opened;
    }

    /** After a write that failed: what it wrote of the line goes. */
    private void cutBack() {
        try {
            closeFile();
            setLength(length);
        } catch (IOException e) {
            // opening it anew looks for its last whole line
        }
    }

    private void setLength(long bytes) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(bytes);
        }
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
}
