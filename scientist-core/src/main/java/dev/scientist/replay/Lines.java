package dev.scientist.replay;

import dev.scientist.json.JsonReader;
import dev.scientist.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A mismatch as one line of JSON, and back. */
final class Lines {

    /** Raised when a reader of the older one would misunderstand a line. */
    static final int SCHEMA = 1;

    /** How each line begins. */
    private static final byte[] BEGINNING =
            ("{\"schema\":" + SCHEMA + ",\"at\":\"").getBytes(StandardCharsets.US_ASCII);

    private Lines() {}

    /** Whether it could be the first part of a line of ours. Nothing but zeros is what a machine that crashed leaves. */
    static boolean mayBegin(byte[] part) {
        int start = 0;
        while (start < part.length && part[start] == 0) {
            start++;
        }
        int length = Math.min(part.length - start, BEGINNING.length);
        return Arrays.equals(part, start, start + length, BEGINNING, 0, length);
    }

    static String write(RecordedMismatch mismatch) {
        JsonWriter json = new JsonWriter();
        json.object(() -> {
            json.field("schema", SCHEMA)
                    .field("at", mismatch.at().toString())
                    .field("experiment", mismatch.experiment())
                    .field("candidate", mismatch.candidate())
                    .field("signature", mismatch.signature())
                    .field("input", mismatch.input())
                    .field("control", mismatch.control())
                    .field("candidateOutcome", mismatch.candidateOutcome())
                    .field("thrown", mismatch.thrown())
                    .field("controlValue", mismatch.controlValue())
                    .field("candidateValue", mismatch.candidateValue());
            json.name("differences").array(mismatch.differences(), json::value);
            json.name("context").object(() -> new TreeMap<>(mismatch.context()).forEach(json::field));
            json.name("withheld").array(mismatch.withheld(), json::value);
        });
        return json.toString();
    }

    /** @throws IllegalArgumentException if the line is none of ours; says what is wrong with it */
    static RecordedMismatch read(String line) {
        if (!(JsonReader.read(line) instanceof Map<?, ?> fields)) {
            throw new IllegalArgumentException("a record must be a JSON object");
        }
        if (!(fields.get("schema") instanceof Long schema)) {
            throw new IllegalArgumentException("the field 'schema' must be a whole number");
        }
        if (schema != SCHEMA) {
            throw new IllegalArgumentException("schema " + schema + " is not known here, only " + SCHEMA
                    + ": use the version that wrote it, or newer");
        }
        try {
            return new RecordedMismatch(
                    Instant.parse(text(fields, "at")),
                    text(fields, "experiment"),
                    text(fields, "candidate"),
                    text(fields, "signature"),
                    textOrNull(fields, "input"),
                    text(fields, "control"),
                    text(fields, "candidateOutcome"),
                    textOrNull(fields, "thrown"),
                    textOrNull(fields, "controlValue"),
                    textOrNull(fields, "candidateValue"),
                    texts(fields, "differences"),
                    textByKey(fields, "context"),
                    texts(fields, "withheld"));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("the field 'at' must be a moment such as 2024-03-01T12:00:00Z", e);
        }
    }

    private static String text(Map<?, ?> fields, String name) {
        String text = textOrNull(fields, name);
        if (text == null) {
            throw wrong(name, "text");
        }
        return text;
    }

    private static @Nullable String textOrNull(Map<?, ?> fields, String name) {
        Object value = fields.get(name);
        if (value != null && !(value instanceof String)) {
            throw wrong(name, "text");
        }
        return (String) value;
    }

    private static List<String> texts(Map<?, ?> fields, String name) {
        if (!(fields.get(name) instanceof List<?> list)) {
            throw wrong(name, "an array of texts");
        }
        List<String> texts = new ArrayList<>();
        for (Object element : list) {
            if (!(element instanceof String text)) {
                throw wrong(name, "an array of texts");
            }
            texts.add(text);
        }
        return texts;
    }

    private static Map<String, String> textByKey(Map<?, ?> fields, String name) {
        if (!(fields.get(name) instanceof Map<?, ?> map)) {
            throw wrong(name, "an object of texts");
        }
        Map<String, String> texts = new TreeMap<>();
        map.forEach((key, value) -> {
            if (!(value instanceof String text)) {
                throw wrong(name, "an object of texts");
            }
            texts.put((String) key, text);
        });
        return texts;
    }

    private static IllegalArgumentException wrong(String name, String wanted) {
        return new IllegalArgumentException("the field '" + name + "' must be " + wanted);
    }
}
