package dev.scientist.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** The numbers that Python's libraries found for the same questions: see {@code tables.py} beside them. */
final class Tables {

    private Tables() {}

    /** The lines of a table without its header, as numbers. */
    static List<double[]> read(String name) {
        try (InputStream in = Objects.requireNonNull(Tables.class.getResourceAsStream(name), name)) {
            List<double[]> rows = new ArrayList<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .toList()) {
                rows.add(Arrays.stream(line.split(",", -1))
                        .mapToDouble(Double::parseDouble)
                        .toArray());
            }
            return rows;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
