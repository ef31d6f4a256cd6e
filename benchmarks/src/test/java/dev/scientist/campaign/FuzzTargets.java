package dev.scientist.campaign;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.scientist.Difference;
import dev.scientist.Experiment;
import dev.scientist.Rendering;
import dev.scientist.ResultComparator;
import dev.scientist.Scientist;
import dev.scientist.compare.Comparators;
import dev.scientist.compare.StructuralComparator;
import dev.scientist.evidence.EvidencePage;
import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.evidence.EvidenceReport;
import dev.scientist.evidence.Tolerance;
import dev.scientist.replay.MismatchReader;
import dev.scientist.replay.MismatchReader.Recording;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What parses or walks foreign data, fed with any bytes: nothing is thrown but what is documented, and no output is more
 * than text. {@link FuzzTest} feeds them with chance, a fuzzer with what reaches code not yet reached.
 */
public final class FuzzTargets {

    private static final Pattern DISTURBING = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    private FuzzTargets() {}

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    /** The reader of mismatches. */
    public static final class JsonLines {

        private JsonLines() {}

        /** One input. */
        public static void fuzzerTestOneInput(byte[] data) {
            try {
                Recording recording = MismatchReader.read(new ByteArrayInputStream(data), "fuzz");
                long lines = 1;
                for (byte b : data) {
                    lines += b == '\n' ? 1 : 0;
                }
                check(
                        recording.mismatches().size() + recording.notes().size() <= lines,
                        "each line is a record or is skipped, not both");
            } catch (IOException e) {
                check(e.getMessage().startsWith("fuzz, line "), "the message names the line: " + e.getMessage());
            }
        }
    }

    /** Patterns of paths, and the paths of differences, each of which is a pattern of itself. */
    public static final class Paths {

        private Paths() {}

        /** One input. */
        public static void fuzzerTestOneInput(byte[] data) {
            String text = new String(data, StandardCharsets.UTF_8);
            Map<String, Object> control = Map.of(text, List.of(1, Map.of("k", 1)));
            Map<String, Object> candidate = Map.of(text, List.of(1, Map.of("k", 2)));
            try {
                Comparators.<Object>structural().ignoring(text).compare(control, candidate);
            } catch (IllegalArgumentException e) {
                check(!DISTURBING.matcher(e.getMessage()).find(), "one harmless line: " + e.getMessage());
            }
            List<Difference> differences = Comparators.<Object>structural().compare(control, candidate);
            check(differences.size() == 1, "one difference, not " + differences);
            String path = differences.get(0).path();
            if (text.length() < 50) { // a longer key is cut, and so no pattern of itself
                check(
                        Comparators.<Object>structural()
                                .ignoring(path)
                                .compare(control, candidate)
                                .isEmpty(),
                        "its own path leaves it out: " + path);
            }
        }
    }

    /** The walk through two structures. */
    public static final class Walk {

        private record Leaf(int number, Object any) {}

        private static final class Fields {
            @SuppressWarnings("unused") // walked
            private Object one;

            @SuppressWarnings("unused") // walked
            private Object other;
        }

        private static final StructuralComparator<Object> PLAIN = Comparators.<Object>structural()
                .byFields(Fields.class)
                .maxDepth(20)
                .maxNodes(2_000);
        private static final List<ResultComparator<Object>> COMPARATORS = List.of(
                PLAIN,
                PLAIN.inAnyOrder("", "one"),
                PLAIN.ignoring("any", "one[*]", "[0]"),
                PLAIN.at("[*].number", Comparators.tolerance(1)),
                PLAIN.forType(String.class, Comparators.ignoringCase()));

        private final byte[] data;
        private int at;
        private final List<Object> made = new ArrayList<>();

        private Walk(byte[] data) {
            this.data = data;
        }

        private int next() {
            return at < data.length ? data[at++] & 0xff : 0;
        }

        private Object value(int depth) {
            int sort = depth > 12 ? next() % 6 : next() % 16;
            return switch (sort) {
                case 0 -> null;
                case 1 -> next();
                case 2 -> (double) next() / next();
                case 3 -> String.valueOf((char) next());
                case 4 -> (long) next();
                case 5 -> made.isEmpty() ? "first" : made.get(next() % made.size());
                case 6 -> new Leaf(next(), value(depth + 1));
                case 7 -> new int[] {next(), next()};
                case 8 -> new Object[] {value(depth + 1), value(depth + 1)};
                case 9 -> Optional.ofNullable(value(depth + 1));
                case 10, 11 -> {
                    Map<Object, Object> map = new LinkedHashMap<>();
                    made.add(map);
                    for (int n = next() % 4; n > 0; n--) {
                        map.put(next() % 5 == 0 ? null : "k" + next() % 3, value(depth + 1));
                    }
                    yield map;
                }
                case 12 -> {
                    Set<Object> set = new HashSet<>();
                    for (int n = next() % 4; n > 0; n--) {
                        set.add(next() % 2 == 0 ? next() : "s" + next());
                    }
                    yield set;
                }
                case 13 -> {
                    Fields fields = new Fields();
                    made.add(fields);
                    fields.one = value(depth + 1);
                    fields.other = value(depth + 1);
                    yield fields;
                }
                default -> {
                    List<Object> list = new ArrayList<>();
                    made.add(list);
                    for (int n = next() % 5; n > 0; n--) {
                        list.add(value(depth + 1));
                    }
                    yield list;
                }
            };
        }

        /** One input. */
        public static void fuzzerTestOneInput(byte[] data) {
            int half = data.length / 2;
            Object one = new Walk(Arrays.copyOf(data, half)).value(0);
            Object same = new Walk(Arrays.copyOf(data, half)).value(0);
            Object other = new Walk(Arrays.copyOfRange(data, half, data.length)).value(0);
            for (ResultComparator<Object> comparator : COMPARATORS) {
                check(compare(comparator, one, one) == Verdict.SAME, "a value matches itself");
                check(compare(comparator, one, same) != Verdict.DIFFERENT, "a value matches one made the same way");
                Verdict there = compare(comparator, one, other);
                Verdict back = compare(comparator, other, one);
                check(
                        there == back || there == Verdict.UNKNOWN || back == Verdict.UNKNOWN,
                        "it is the same from both sides");
            }
        }

        private enum Verdict {
            SAME,
            DIFFERENT,
            /** Cut off at a limit. */
            UNKNOWN
        }

        private static Verdict compare(ResultComparator<Object> comparator, Object one, Object other) {
            List<Difference> differences;
            try {
                differences = comparator.compare(one, other);
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            if (differences == null) {
                throw new AssertionError("no list");
            }
            if (differences.stream().anyMatch(difference -> difference.kind() == Difference.Kind.CUT_OFF)) {
                return Verdict.UNKNOWN;
            }
            return differences.isEmpty() ? Verdict.SAME : Verdict.DIFFERENT;
        }
    }

    /** Text of an application on its way to the page, the reports, one line of a log. */
    public static final class Shown {

        private static final ObjectMapper JSON = new ObjectMapper();
        private static final Pattern TAG = Pattern.compile("<([!/]?[a-zA-Z]+)");
        private static final Set<String> TAGS = tags(new Shown("harmless").page.html());

        private final EvidencePublisher evidence =
                EvidencePublisher.builder().rendering(Rendering.showingValues()).build();
        private final EvidencePage page;

        private Shown(String text) {
            Scientist scientist = Scientist.builder().publisher(evidence).build();
            Experiment<Object> experiment = scientist
                    .experiment("fuzz")
                    .comparator((one, two) -> List.of(Difference.of(text, one, two)))
                    .errorComparator((one, two) -> List.of())
                    .context("key", text)
                    .build();
            experiment.run(text, in -> text, in -> 1);
            try {
                experiment.run(text, in -> fail(text), in -> 1);
            } catch (IllegalStateException expected) {
                check(expected.getMessage().equals(text), "the control's own exception");
            }
            page = new EvidencePage(scientist, evidence, Tolerance.standard());
        }

        private static Object fail(String text) {
            throw new IllegalStateException(text);
        }

        private static Set<String> tags(String html) {
            Set<String> tags = new HashSet<>();
            Matcher matcher = TAG.matcher(html);
            while (matcher.find()) {
                tags.add(matcher.group(1));
            }
            return tags;
        }

        /** One input. */
        public static void fuzzerTestOneInput(byte[] data) {
            // as UTF-16, so that halves of pairs occur
            String text = new String(data, data.length % 2 == 0 ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_8);
            check(!DISTURBING.matcher(Rendering.escaped(text)).find(), "escaped");
            Shown shown = new Shown(text);
            String html = shown.page.html();
            Set<String> foreign = tags(html);
            foreign.removeAll(TAGS);
            check(foreign.isEmpty(), "tags of its own: " + foreign);
            check(
                    html.lines().noneMatch(line -> DISTURBING.matcher(line).find()),
                    "the page has no disturbing characters");
            EvidenceReport report = new EvidenceReport(shown.evidence.evidence(), Tolerance.standard());
            check(
                    report.text()
                            .lines()
                            .noneMatch(line -> DISTURBING.matcher(line).find()),
                    "nor has the text");
            try {
                check(JSON.readTree(shown.page.json()).isObject(), "the page's JSON is an object");
                check(JSON.readTree(report.json()).isObject(), "and the report's");
            } catch (JsonProcessingException e) {
                throw new AssertionError("no JSON", e);
            }
        }
    }
}
