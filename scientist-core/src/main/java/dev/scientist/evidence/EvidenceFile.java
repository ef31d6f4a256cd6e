package dev.scientist.evidence;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where one process leaves its counts for the next. Thread-safe. */
final class EvidenceFile {

    private static final Logger LOG = LoggerFactory.getLogger(EvidencePublisher.class);

    private final Path file;
    /** What an earlier process has left, by experiment. Guarded by this. */
    private final Map<String, ExperimentEvidence> earlier = new HashMap<>();
    /** What there is was not written by us, or is damaged: somebody has to look at it. */
    private final boolean isLeftAlone;
    /** What the file was when we last had to do with it. Guarded by this. */
    private @Nullable Stamp last;
    /** Guarded by this. */
    private boolean isShared;

    /** Tells what we have written from what another process has. */
    private record Stamp(@Nullable Object key, FileTime modified) {

        static @Nullable Stamp of(Path file) throws IOException {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(attributes.fileKey(), attributes.lastModifiedTime());
            } catch (NoSuchFileException e) {
                return null;
            }
        }
    }

    EvidenceFile(Path file) {
        this.file = file.toAbsolutePath();
        boolean unreadable = false;
        try {
            last = Stamp.of(this.file);
            JsonEvidence.read(Files.readString(this.file, StandardCharsets.UTF_8))
                    .experiments()
                    .forEach(experiment -> earlier.put(experiment.experiment(), experiment));
        } catch (NoSuchFileException e) {
            LOG.info("evidence begins anew: there is no {} yet", this.file);
            Path folder = this.file.getParent();
            if (folder != null && !Files.isDirectory(folder)) {
                LOG.warn("evidence cannot be saved: there is no folder {}; create it", folder);
            }
        } catch (IOException | IllegalArgumentException e) {
            unreadable = true;
            LOG.warn(
                    "evidence begins anew, and is not kept: {} is left alone, since it could not be read ({}); move it away",
                    this.file,
                    e.getMessage());
        }
        isLeftAlone = unreadable;
    }

    /** What is known of an experiment from before, null if nothing, or only of another version. */
    synchronized @Nullable ExperimentEvidence earlier(String experiment, String version) {
        ExperimentEvidence known = earlier.get(experiment);
        if (known != null && !known.version().equals(version)) {
            LOG.info(
                    "evidence of experiment '{}' begins anew: what {} has is of version '{}', not '{}'",
                    experiment,
                    file,
                    known.version(),
                    version);
            return null;
        }
        return known;
    }

    synchronized void forget(String experiment) {
        earlier.remove(experiment);
    }

    /**
     * Replaces the file as a whole, so that it is either the old one or the new one.
     *
     * @param now the experiments of this process; those that it has not defined are kept as they were
     */
    synchronized void save(List<ExperimentEvidence> now) throws IOException {
        if (isLeftAlone) {
            return;
        }
        Stamp found = Stamp.of(file);
        if (found != null && !found.equals(last) && !isShared) {
            isShared = true;
            LOG.warn(
                    "another process writes to {} too: each replaces what the other has counted; give each a file of its own",
                    file);
        }
        List<ExperimentEvidence> all = new ArrayList<>(now);
        Set<String> defined = new HashSet<>();
        now.forEach(experiment -> defined.add(experiment.experiment()));
        earlier.forEach((name, experiment) -> {
            if (!defined.contains(name)) {
                all.add(experiment);
            }
        });
        Path written = file.resolveSibling(file.getFileName() + ".tmp");
        // not a channel, which an interrupt of whoever closes would close
        try (OutputStream out = new FileOutputStream(written.toFile())) {
            out.write(new JsonReport(null).of(all).getBytes(StandardCharsets.UTF_8));
        }
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        last = Stamp.of(file);
    }
}
