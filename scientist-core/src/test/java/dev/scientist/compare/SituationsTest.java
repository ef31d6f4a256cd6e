package dev.scientist.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.Difference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What "equal" means in situations that users of comparison libraries report, each with the right answer and why. Both
 * directions give the same verdict.
 */
class SituationsTest {

    private static final StructuralComparator<Object> PLAIN = Comparators.structural();
    private static final StructuralComparator<Object> ACROSS = PLAIN.acrossTypes();

    private final List<DynamicTest> rows = new ArrayList<>();

    record Box(Object content) {}

    record Point(int x, int y) {}

    record Reading(double value, float error) {}

    record Samples(int[] values, List<String> tags) {}

    record Money(BigDecimal amount) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Money money && money.amount.compareTo(amount) == 0;
        }

        @Override
        public int hashCode() {
            return 0;
        }
    }

    record Person(String name, int age) {}

    record PersonRow(long age, String name) {}

    enum Level {
        LOW,
        HIGH {
            @Override
            public String toString() {
                return "high";
            }
        }
    }

    /** As the Kotlin compiler makes a data class. */
    public static final class KotlinPoint {
        private final int x;
        private final List<String> labels;

        public KotlinPoint(int x, List<String> labels) {
            this.x = x;
            this.labels = labels;
        }

        public int getX() {
            return x;
        }

        public List<String> getLabels() {
            return labels;
        }

        public int component1() {
            return x;
        }

        public List<String> component2() {
            return labels;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof KotlinPoint point && point.x == x && point.labels.equals(labels);
        }

        @Override
        public int hashCode() {
            return Objects.hash(x, labels);
        }
    }

    /** A bean without equals. */
    public static class PersonBean {
        private final String name;
        private final int age;

        public PersonBean(String name, int age) {
            this.name = name;
            this.age = age;
        }

        public String getName() {
            return name;
        }

        public int getAge() {
            return age;
        }
    }

    public static class Parent {
        final String name;
        final List<Child> children = new ArrayList<>();

        Parent(String name, String... children) {
            this.name = name;
            for (String child : children) {
                this.children.add(new Child(this, child));
            }
        }
    }

    public static class Child {
        final Parent parent;
        final String name;

        Child(Parent parent, String name) {
            this.parent = parent;
            this.name = name;
        }
    }

    private static final class OnlyEquals {
        private final int value;

        OnlyEquals(int value) {
            this.value = value;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof OnlyEquals only && only.value == value;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this); // breaks the rule of hashCode
        }
    }

    private void same(String why, StructuralComparator<Object> how, Object control, Object candidate) {
        row(why, how, control, candidate);
    }

    private void row(
            String why, StructuralComparator<Object> how, Object control, Object candidate, String... differences) {
        rows.add(DynamicTest.dynamicTest(why, () -> {
            assertThat(how.compare(control, candidate))
                    .extracting(Difference::toString)
                    .containsExactlyInAnyOrder(differences);
            assertThat(how.compare(candidate, control).isEmpty())
                    .as("the other way round")
                    .isEqualTo(differences.length == 0);
        }));
    }

    private static <T> T made(T value, java.util.function.Consumer<T> fill) {
        fill.accept(value);
        return value;
    }

    private static Object nested(int depth, Supplier<Object> innermost) {
        Object value = innermost.get();
        for (int i = 0; i < depth; i++) {
            value = new ArrayList<>(List.of(value));
        }
        return value;
    }

    @TestFactory
    Stream<DynamicTest> situations() {
        numbers();
        text();
        timesAndValues();
        optionalsAndHolders();
        lists();
        setsAndMaps();
        objects();
        otherTypes();
        return rows.stream();
    }

    @Test
    void thereAreAtLeastSixtyOfThem() {
        assertThat(situations()).hasSizeGreaterThanOrEqualTo(60);
    }

    private void numbers() {
        String whole = "(whole value)";
        same("NaN equals itself, as its box does", PLAIN, Double.NaN, Double.NaN);
        same(
                "NaN of a record's primitive too",
                PLAIN,
                new Reading(Double.NaN, Float.NaN),
                new Reading(0.0 / 0, 0f / 0));
        row("0.0 is not -0.0, as the boxes have it", PLAIN, 0.0, -0.0, whole + ": VALUE");
        row("nor as a primitive", PLAIN, new Reading(0.0, 0f), new Reading(-0.0, 0f), "value: VALUE");
        same("0.0 is -0.0 by numeric value", PLAIN.forType(Double.class, Comparators.numericValue()), 0.0, -0.0);
        row(
                "the scale of a BigDecimal counts, as its equals has it",
                PLAIN,
                dec("1.0"),
                dec("1.00"),
                whole + ": VALUE");
        same(
                "but not by numeric value",
                PLAIN.forType(BigDecimal.class, Comparators.numericValue()),
                dec("1.0"),
                dec("1.00"));
        row("an Integer is no Long", PLAIN, 1, 1L, whole + ": TYPE");
        same("unless numbers count by value", PLAIN.forType(Number.class, Comparators.numericValue()), 1, 1L);
        row(
                "a large long is not its rounded double",
                ACROSS,
                Long.MAX_VALUE,
                (double) Long.MAX_VALUE,
                whole + ": VALUE");
        same(
                "BigIntegers by their digits",
                PLAIN,
                new BigInteger("12345678901234567890"),
                new BigInteger("12345678901234567890"));
        same(
                "0.1f against 0.1 by value, as they are written",
                PLAIN.forType(Number.class, Comparators.numericValue()),
                0.1f,
                0.1);
        same("boxes beyond the cache", PLAIN, List.of(1000), List.of(Integer.valueOf("1000")));
        row("a character is no number", PLAIN, 'a', 97, whole + ": TYPE");
    }

    private static BigDecimal dec(String text) {
        return new BigDecimal(text);
    }

    private void text() {
        same("any text is its characters", PLAIN, "abc", new StringBuilder("abc"));
        row(
                "StringBuilders have no equals of their own",
                PLAIN,
                new StringBuilder("a"),
                new StringBuilder("b"),
                "(whole value): VALUE");
        row("upper case is other text", PLAIN, "a", "A", "(whole value): VALUE");
        same(
                "composed and decomposed letters differ only if asked",
                PLAIN.forType(String.class, ignoringAccents()),
                "\u00e9",
                "e\u0301");
        row("empty is not null", PLAIN, new Box(""), new Box(null), "content: VALUE");
        same("null is null", PLAIN, null, null);
        same(
                "patterns by text and flags",
                PLAIN,
                Pattern.compile("a+", Pattern.CASE_INSENSITIVE),
                Pattern.compile("a+", Pattern.CASE_INSENSITIVE));
        row(
                "other flags are another pattern",
                PLAIN,
                Pattern.compile("a+"),
                Pattern.compile("a+", Pattern.DOTALL),
                "(whole value): VALUE");
    }

    private static dev.scientist.ResultComparator<String> ignoringAccents() {
        return dev.scientist.ResultComparator.matching(
                (a, b) -> java.text.Normalizer.normalize(a, java.text.Normalizer.Form.NFC)
                        .equals(java.text.Normalizer.normalize(b, java.text.Normalizer.Form.NFC)));
    }

    private void timesAndValues() {
        same("dates by value", PLAIN, LocalDate.of(2024, 2, 29), LocalDate.parse("2024-02-29"));
        row(
                "the same instant in other zones is another value",
                PLAIN,
                ZonedDateTime.parse("2024-01-01T00:00Z[UTC]"),
                ZonedDateTime.parse("2024-01-01T01:00+01:00[Europe/Paris]"),
                "(whole value): VALUE");
        row(
                "nor is another offset the same",
                PLAIN,
                OffsetDateTime.parse("2024-01-01T00:00Z"),
                OffsetDateTime.parse("2024-01-01T01:00+01:00"),
                "(whole value): VALUE");
        row(
                "a Date equals its Timestamp, but not the reverse: another type",
                PLAIN,
                new Date(5),
                new Timestamp(5),
                "(whole value): TYPE");
        same("across types they are the same time", ACROSS, new Date(5), new Timestamp(5));
        row(
                "but for nanoseconds that only one has",
                ACROSS,
                new Date(5),
                made(new Timestamp(5), t -> t.setNanos(5_000_001)),
                "(whole value): VALUE");
        same("a date of SQL too", ACROSS, new Date(86_400_000), new java.sql.Date(86_400_000));
        same(
                "UUIDs, URIs, currencies, locales, durations, bit sets by value",
                PLAIN,
                List.of(
                        new UUID(1, 2),
                        URI.create("a:b"),
                        Currency.getInstance("EUR"),
                        new Locale("de"),
                        Duration.ofHours(1),
                        BitSet.valueOf(new long[] {5})),
                List.of(
                        new UUID(1, 2),
                        URI.create("a:b"),
                        Currency.getInstance("EUR"),
                        new Locale("de"),
                        Duration.ofMinutes(60),
                        BitSet.valueOf(new long[] {5})));
        row("enum constants with bodies are of one type", PLAIN, Level.LOW, Level.HIGH, "(whole value): VALUE");
        row("an enum constant is not its name", PLAIN, Level.LOW, "LOW", "(whole value): TYPE");
    }

    private void optionalsAndHolders() {
        same("nested optionals", PLAIN, Optional.of(Optional.of(1)), Optional.of(Optional.of(1)));
        row(
                "an optional that is empty inside",
                PLAIN,
                Optional.of(Optional.of(1)),
                Optional.of(Optional.empty()),
                "(whole value): MISSING");
        row("an empty optional is not null", PLAIN, new Box(Optional.empty()), new Box(null), "content: VALUE");
        same(
                "OptionalInt, OptionalLong, OptionalDouble by what they hold",
                PLAIN,
                List.of(OptionalInt.of(1000), OptionalLong.of(7), OptionalDouble.empty()),
                List.of(OptionalInt.of(1000), OptionalLong.of(7), OptionalDouble.empty()));
        row(
                "an OptionalInt that is empty is missing",
                PLAIN,
                new Box(OptionalInt.of(1)),
                new Box(OptionalInt.empty()),
                "content: MISSING");
        same(
                "a tolerance reaches into OptionalDouble",
                PLAIN.at("content", Comparators.tolerance(0.1)),
                new Box(OptionalDouble.of(1)),
                new Box(OptionalDouble.of(1.05)));
        same("arrays in optionals", PLAIN, Optional.of(new int[] {1}), Optional.of(new int[] {1}));
        same(
                "atomic values by what they hold",
                PLAIN,
                List.of(
                        new AtomicInteger(1),
                        new AtomicLong(2),
                        new AtomicBoolean(true),
                        new AtomicReference<>(new int[] {3})),
                List.of(
                        new AtomicInteger(1),
                        new AtomicLong(2),
                        new AtomicBoolean(true),
                        new AtomicReference<>(new int[] {3})));
        row(
                "an AtomicInteger that differs",
                PLAIN,
                new Box(new AtomicInteger(1)),
                new Box(new AtomicInteger(2)),
                "content: VALUE");
        LongAdder inTwoSteps = made(new LongAdder(), LongAdder::increment);
        inTwoSteps.add(2);
        same(
                "adders by their sum",
                PLAIN,
                new Object[] {
                    made(new LongAdder(), adder -> adder.add(3)), made(new DoubleAdder(), adder -> adder.add(1))
                },
                new Object[] {inTwoSteps, made(new DoubleAdder(), adder -> adder.add(1))});
        row(
                "atomic arrays element by element",
                PLAIN,
                List.of(
                        new AtomicIntegerArray(new int[] {1}),
                        new AtomicLongArray(new long[] {2}),
                        new AtomicReferenceArray<>(new String[] {"a"})),
                List.of(
                        new AtomicIntegerArray(new int[] {1}),
                        new AtomicLongArray(new long[] {3}),
                        new AtomicReferenceArray<>(new String[] {"b"})),
                "[1][0]: VALUE",
                "[2][0]: VALUE");
        row("an AtomicInteger is no AtomicLong", PLAIN, new AtomicInteger(1), new AtomicLong(1), "(whole value): TYPE");
    }

    private void lists() {
        same("lists whatever their classes", PLAIN, List.of(1, 2), new LinkedList<>(new Vector<>(List.of(1, 2))));
        same(
                "unmodifiable and copied on write",
                PLAIN,
                Collections.unmodifiableList(Arrays.asList(1, null)),
                new CopyOnWriteArrayList<>(Arrays.asList(1, null)));
        row("an inserted element is one difference", PLAIN, List.of(1, 2, 3), List.of(1, 9, 2, 3), "[1]: EXTRA");
        row("another order is one difference", PLAIN, List.of(1, 2, 3), List.of(3, 2, 1), "(whole value): ORDER");
        row("duplicates count", PLAIN.inAnyOrder(""), List.of(1, 1, 2), List.of(1, 2, 2), "[1]: MISSING", "[1]: EXTRA");
        same("duplicates in any order", PLAIN.inAnyOrder(""), List.of("a", "b", "a"), List.of("a", "a", "b"));
        same("queues in order", PLAIN, new ArrayDeque<>(List.of(1, 2)), new ArrayDeque<>(List.of(1, 2)));
        same(
                "a heap's layout is not its contents",
                PLAIN,
                new PriorityQueue<>(List.of(3, 1, 2)),
                made(new PriorityQueue<Integer>(Comparator.reverseOrder()), q -> q.addAll(List.of(1, 2, 3))));
        row(
                "a blocking heap lacks one",
                PLAIN,
                new PriorityBlockingQueue<>(List.of(1, 2)),
                new PriorityBlockingQueue<>(List.of(1)),
                "[*]: MISSING");
        row("a list is no array", PLAIN, List.of(1), new Object[] {1}, "(whole value): TYPE");
        row("an empty list is not null", PLAIN, new Box(List.of()), new Box(null), "content: VALUE");
        same("arrays in arrays", PLAIN, new int[][] {{1}, {}}, new int[][] {{1}, {}});
        same(
                "arrays of arrays as elements of a set",
                PLAIN,
                Set.of(List.of(new byte[] {1})),
                Set.of(List.of(new byte[] {1})));
        same(
                "elements whose hashCode is broken are found",
                PLAIN.inAnyOrder(""),
                List.of(new OnlyEquals(1), new OnlyEquals(2)),
                List.of(new OnlyEquals(2), new OnlyEquals(1)));
        same(
                "a tolerance pairs all that can be paired",
                PLAIN.inAnyOrder("").at("[*]", Comparators.tolerance(1)),
                List.of(1.0, 2.0, 3.0),
                List.of(2.0, 3.0, 1.9));
        row(
                "five thousand levels are cut off",
                PLAIN,
                nested(5_000, () -> "a"),
                nested(5_000, () -> "a"),
                "[0]".repeat(200) + ": CUT_OFF");
        same(
                "a list in itself",
                PLAIN,
                made(new ArrayList<>(), list -> list.add(list)),
                made(new ArrayList<>(), list -> list.add(list)));
    }

    private void setsAndMaps() {
        same("sets whatever their classes", PLAIN, new TreeSet<>(Set.of("a", "b")), new HashSet<>(Set.of("b", "a")));
        same("sets of enum constants", PLAIN, EnumSet.of(Level.LOW), Set.of(Level.LOW));
        same(
                "sets of records that hold arrays",
                PLAIN,
                Set.of(new Samples(new int[] {1}, List.of())),
                Set.of(new Samples(new int[] {1}, List.of())));
        same("null in a set", PLAIN, Collections.singleton(null), made(new HashSet<>(), set -> set.add(null)));
        same(
                "null keys and null values",
                PLAIN,
                made(new HashMap<>(), m -> m.put(null, null)),
                made(new LinkedHashMap<>(), m -> m.put(null, null)));
        row(
                "a null value is not a missing key",
                PLAIN,
                made(new HashMap<>(), m -> m.put("a", null)),
                Map.of(),
                "[*]: MISSING");
        same(
                "maps whatever their classes",
                PLAIN,
                new TreeMap<>(Map.of("a", 1)),
                new ConcurrentHashMap<>(Map.of("a", 1)));
        row(
                "keys may be private, enum constants are not",
                PLAIN,
                Map.of("secret", 1, Level.LOW, 1),
                Map.of("secret", 2, Level.LOW, 2),
                "[*]: VALUE",
                "[\"LOW\"]: VALUE");
        same("enum maps", PLAIN, new EnumMap<>(Map.of(Level.LOW, 1)), Map.of(Level.LOW, 1));
        row(
                "keys by the equals of the keys",
                PLAIN,
                Map.of(dec("1.0"), "a"),
                Map.of(dec("1.00"), "a"),
                "[*]: MISSING",
                "[*]: EXTRA");
        same(
                "or by the comparator for their type",
                PLAIN.forType(BigDecimal.class, Comparators.numericValue()),
                Map.of(dec("1.0"), "a", dec("2"), "b"),
                Map.of(dec("2.0"), "b", dec("1.00"), "a"));
        row(
                "and then their values are compared",
                PLAIN.forType(BigDecimal.class, Comparators.numericValue()),
                Map.of(dec("1.0"), "a"),
                Map.of(dec("1.00"), "b"),
                "[*]: VALUE");
        same(
                "arrays as keys by what they hold",
                PLAIN,
                Map.of(List.of(new int[] {1}), "a"),
                Map.of(List.of(new int[] {1}), "a"));
        same(
                "identity maps by what keys hold",
                PLAIN,
                made(new IdentityHashMap<>(), m -> m.put(new String("a"), 1)),
                made(new IdentityHashMap<>(), m -> m.put(new String("a"), 1)));
        row(
                "a sorted map that takes two keys as one",
                PLAIN,
                Map.of("a", 1, "A", 1),
                made(new TreeMap<String, Integer>(String.CASE_INSENSITIVE_ORDER), m -> {
                    m.put("a", 1);
                    m.put("z", 1);
                }),
                "[*]: EXTRA");
        same("entries by key and value", PLAIN, Map.entry("a", 1), new AbstractMap.SimpleEntry<>("a", 1));
        row(
                "entries name what differs",
                PLAIN,
                List.of(Map.entry("a", new int[] {1})),
                List.of(Map.entry("a", new int[] {2})),
                "[0].value[0]: VALUE");
    }

    private void objects() {
        same(
                "records that hold arrays",
                PLAIN,
                new Samples(new int[] {1, 2}, List.of("a")),
                new Samples(new int[] {1, 2}, List.of("a")));
        same("a record's own equals is asked first", PLAIN, new Money(dec("1.0")), new Money(dec("1.00")));
        row(
                "records of different classes differ, whatever they hold",
                PLAIN,
                new Person("a", 1),
                new PersonRow(1, "a"),
                "(whole value): TYPE");
        same(
                "Kotlin's data classes by their equals",
                PLAIN,
                new KotlinPoint(1, List.of("a")),
                new KotlinPoint(1, List.of("a")));
        row(
                "or by their properties, which says where",
                PLAIN.byGetters(KotlinPoint.class),
                new KotlinPoint(1, List.of("a")),
                new KotlinPoint(1, List.of("b")),
                "labels[0]: VALUE");
        row(
                "objects without equals are equal to themselves alone",
                PLAIN,
                new PersonBean("a", 1),
                new PersonBean("a", 1),
                "(whole value): VALUE");
        same(
                "unless they are compared by getters",
                PLAIN.byGetters(PersonBean.class),
                new PersonBean("a", 1),
                new PersonBean("a", 1));
        row(
                "a subclass is another type",
                PLAIN.byGetters(PersonBean.class),
                new PersonBean("a", 1),
                new PersonBean("a", 1) {},
                "(whole value): TYPE");
        same(
                "parents and children that know each other",
                PLAIN.byFields(Parent.class, Child.class),
                new Parent("p", "a", "b"),
                new Parent("p", "a", "b"));
        row(
                "a child that differs is named once",
                PLAIN.byFields(Parent.class, Child.class),
                new Parent("p", "a", "b"),
                new Parent("p", "a", "c"),
                "children[1].name: VALUE");
        row(
                "a child too many, though all know their parent",
                PLAIN.byFields(Parent.class, Child.class),
                new Parent("p", "a", "b"),
                new Parent("p", "x", "a", "b"),
                "children[0]: EXTRA");
        same(
                "what a rule leaves out at the root is left out on the way back too",
                PLAIN.byFields(Parent.class, Child.class).ignoring("children[*].name"),
                new Parent("p", "a"),
                new Parent("p", "b"));
        same(
                "throwables by class and message",
                PLAIN,
                new Box(new IOException("disk")),
                new Box(new IOException("disk")));
        row(
                "another message is named",
                PLAIN,
                new Box(new IOException("disk 1")),
                new Box(new IOException("disk 2")),
                "content.message: VALUE");
        row(
                "another class is another type",
                PLAIN,
                new Box(new IOException("disk")),
                new Box(new UncheckedIOException("disk", new IOException())),
                "content: TYPE");
        same("the same object is equal to itself without a look", PLAIN, rows, rows);
    }

    private void otherTypes() {
        same("a record and a bean", ACROSS, new Person("Ann", 30), new PersonBean("Ann", 30));
        same("a record and a record, numbers by value", ACROSS, new Person("Ann", 30), new PersonRow(30, "Ann"));
        same("a bean and a map", ACROSS, new PersonBean("Ann", 30), Map.of("name", "Ann", "age", 30L));
        row("what differs is named", ACROSS, new Person("Ann", 30), Map.of("name", "Bob", "age", 30), "name: VALUE");
        row("what one side lacks is missing", ACROSS, new Person("Ann", 30), Map.of("name", "Ann"), "age: MISSING");
        row(
                "what one side has more is extra",
                ACROSS,
                new Person("Ann", 30),
                Map.of("name", "Ann", "age", 30, "nick", "A"),
                "nick: EXTRA");
        same("also within lists, and lists against arrays", ACROSS, List.of(new Person("Ann", 30)), new Object[] {
            Map.of("name", "Ann", "age", 30)
        });
        same("an array of primitives and a list", ACROSS, new int[] {1, 2}, List.of(1, 2));
        same("arrays of different primitives", ACROSS, new int[] {1, 2}, new long[] {1, 2});
        same(
                "in any order too",
                ACROSS.inAnyOrder(""),
                List.of(new Person("Ann", 30), new Person("Bob", 5)),
                List.of(Map.of("name", "Bob", "age", 5L), new PersonBean("Ann", 30)));
        same("beans of one class without equals", ACROSS, new PersonBean("Ann", 30), new PersonBean("Ann", 30));
        same("an optional and its value", ACROSS, new Box(Optional.of("a")), new Box("a"));
        row("an empty optional and a value", ACROSS, new Box(Optional.empty()), new Box("a"), "content: EXTRA");
        row("text is no number", ACROSS, "1", 1, "(whole value): TYPE");
        row("a set is no list", ACROSS, Set.of(1), List.of(1), "(whole value): TYPE");
        same(
                "an ignored property may be missing",
                ACROSS.ignoring("age"),
                new Person("Ann", 30),
                Map.of("name", "Ann"));
        same("instants are what they are", ACROSS, Instant.EPOCH, Instant.ofEpochMilli(0));
    }
}
