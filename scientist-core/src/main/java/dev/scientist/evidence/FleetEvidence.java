package dev.scientist.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What several instances of an application have seen together: their counts added up, and judged by the same code as
 * those of one. Immutable and thread-safe. {@link Fleet} is the same as a program.
 *
 * <p>Counts of one experiment are added up if they are of one {@linkplain
 * dev.scientist.Experiment.Builder#evidenceVersion version}; during a rolling deployment there may be one for each. Runs
 * count once: name each instance once, by its address or its file.
 */
public final class FleetEvidence {

    /** How much of one instance is read. */
    private static final int MAX_BYTES = 100_000_000;

    private final List<ExperimentEvidence> experiments;
    private final List<String> read;
    private final Map<String, String> missing;
    private final @Nullable Tolerance tolerance;

    private FleetEvidence(
            List<ExperimentEvidence> experiments,
            List<String> read,
            Map<String, String> missing,
            @Nullable Tolerance tolerance) {
        this.experiments = List.copyOf(experiments);
        this.read = List.copyOf(read);
        this.missing = Collections.unmodifiableMap(missing);
        this.tolerance = tolerance;
    }

    /**
     * Reads the evidence of some instances, one after another.
     *
     * @param instances for each the address of its {@code evidence.json} (http or https), or a file: what a page serves,
     *     or an {@link EvidencePublisher} has {@linkplain EvidencePublisher.Builder#file saved}
     * @param timeout how long to wait for each address to answer, and then for what it says to come
     * @return the sums; of what could not be read, {@link #missing()} says why
     * @throws IllegalArgumentException if there are no instances, one is named twice, or the timeout is not at least a
     *     millisecond
     */
    public static FleetEvidence read(List<String> instances, Duration timeout) {
        if (instances.isEmpty()) {
            throw new IllegalArgumentException("instances: at least one is needed");
        }
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("timeout must be at least a millisecond, not " + timeout);
        }
        Map<String, String> missing = new LinkedHashMap<>();
        List<String> read = new ArrayList<>();
        Map<List<String>, ExperimentEvidence> sums = new TreeMap<>((one, other) -> {
            int byName = one.get(0).compareTo(other.get(0));
            return byName != 0 ? byName : one.get(1).compareTo(other.get(1));
        });
        Tolerance tolerance = null;
        for (String instance : instances) {
            if (read.contains(instance) || missing.containsKey(instance)) {
                throw new IllegalArgumentException("instances: " + instance + " is there twice");
            }
            try {
                JsonEvidence evidence = JsonEvidence.read(text(instance, timeout));
                evidence.experiments()
                        .forEach(each -> sums.merge(
                                List.of(each.experiment(), each.version()), each, ExperimentEvidence::besides));
                tolerance = tolerance == null ? evidence.tolerance() : tolerance;
                read.add(instance);
            } catch (NoSuchFileException e) {
                missing.put(instance, "there is no such file");
            } catch (IOException | IllegalArgumentException e) {
                missing.put(
                        instance,
                        Objects.requireNonNullElse(e.getMessage(), e.getClass().getName()));
            }
        }
        List<String> named = missing.entrySet().stream()
                .map(each -> each.getKey() + " (" + each.getValue() + ")")
                .toList();
        return new FleetEvidence(
                sums.values().stream().map(each -> each.missing(named)).toList(), read, missing, tolerance);
    }

    private static String text(String instance, Duration timeout) throws IOException {
        if (!instance.startsWith("http://") && !instance.startsWith("https://")) {
            try {
                return Files.readString(Path.of(instance), StandardCharsets.UTF_8);
            } catch (InvalidPathException e) {
                throw new IOException("neither an address nor a file", e);
            }
        }
        URLConnection connection = URI.create(instance).toURL().openConnection();
        int millis = (int) Math.min(timeout.toMillis(), Integer.MAX_VALUE);
        connection.setConnectTimeout(millis);
        connection.setReadTimeout(millis);
        if (connection instanceof HttpURLConnection http && http.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new IOException("it answers " + http.getResponseCode());
        }
        try (InputStream in = connection.getInputStream()) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException("it says more than " + MAX_BYTES + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /**
     * The sums.
     *
     * @return one for each experiment and version, by name; their conclusions name the missing instances
     */
    public List<ExperimentEvidence> experiments() {
        return experiments;
    }

    /**
     * Which instances are in the sums.
     *
     * @return as they were named
     */
    public List<String> instances() {
        return read;
    }

    /**
     * Which instances are not in the sums.
     *
     * @return as they were named, with the reason
     */
    public Map<String, String> missing() {
        return missing;
    }

    /**
     * By what to judge: as the first instance does that has a tolerance.
     *
     * @return its tolerance, the {@linkplain Tolerance#standard() standard} if none has one, as in saved files
     */
    public Tolerance tolerance() {
        return tolerance == null ? Tolerance.standard() : tolerance;
    }
}
