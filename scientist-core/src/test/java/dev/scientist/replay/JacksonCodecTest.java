package dev.scientist.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.scientist.ChildJvm;
import dev.scientist.Experiment;
import dev.scientist.Scientist;
import dev.scientist.proxy.Arguments;
import dev.scientist.proxy.Implementing;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** Both versions of Jackson write and read the same. */
class JacksonCodecTest {

    enum Speed {
        SLOW,
        FAST {
            @Override
            public String toString() {
                return "quick";
            }
        }
    }

    record Ask(
            String sku,
            Speed speed,
            LocalDate day,
            Optional<LocalDate> until,
            @Nullable Instant at,
            Map<LocalDate, Integer> stock,
            BigDecimal price,
            double weight,
            float[] sizes) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Ask ask && toString().equals(ask.toString());
        }

        @Override
        public int hashCode() {
            return sku.hashCode();
        }

        @Override
        public String toString() {
            return sku + speed.name() + day + until + at + stock + price + weight + Arrays.toString(sizes);
        }
    }

    static Ask ask(double weight) {
        return new Ask(
                "pen",
                Speed.FAST,
                LocalDate.of(2024, 2, 29),
                Optional.of(LocalDate.MAX),
                null,
                Map.of(LocalDate.EPOCH, 3),
                new BigDecimal("1.10"),
                weight,
                new float[] {1.5f, Float.NaN, Float.NEGATIVE_INFINITY});
    }

    /** An ordinary class with getters. */
    public static class Customer {
        private String name = "";

        public String getName() {
            return name;
        }

        public void setName(String name) {
            this.name = name;
        }

        public int getLength() {
            return name.length();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Customer customer && name.equals(customer.name);
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }
    }

    /** Has nothing that could be written. */
    static final class Closed {}

    static List<Codec> both() {
        return List.of(new Jackson2(), new Jackson3());
    }

    static final List<Object> VALUES = List.of(
            "text \"with\" all \u2028 sorts \n of 😀",
            1,
            Long.MAX_VALUE,
            -0.0,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            'x',
            true,
            new BigDecimal("12345678901234567890.10"),
            new UUID(1, 2),
            new Date(1),
            Speed.SLOW,
            Speed.FAST,
            DayOfWeek.MONDAY,
            Duration.ofNanos(-1),
            Instant.MIN,
            LocalDate.of(-5, 1, 1),
            LocalDateTime.MAX,
            LocalTime.of(1, 2, 3, 4),
            MonthDay.of(2, 29),
            OffsetDateTime.of(LocalDateTime.MIN, ZoneOffset.ofHoursMinutes(5, 30)),
            OffsetTime.of(LocalTime.NOON, ZoneOffset.ofTotalSeconds(17)),
            Period.of(1, 2, 3),
            Year.of(12_345),
            YearMonth.of(2024, 2),
            ZoneId.of("Europe/Paris"),
            ZoneOffset.MAX,
            ZonedDateTime.of(LocalDateTime.of(2024, 10, 27, 2, 30), ZoneId.of("Europe/Paris"))
                    .withLaterOffsetAtOverlap(),
            Optional.empty(),
            Optional.of("x"),
            ask(Double.NaN));

    private static Type typeOf(Object value) {
        return value instanceof Enum<?> constant
                ? constant.getDeclaringClass()
                : value instanceof ZoneId && !(value instanceof ZoneOffset) ? ZoneId.class : value.getClass();
    }

    @Test
    void whatOneWritesBothReadAsWhatItWas() throws Exception {
        for (Object value : VALUES) {
            for (Codec writer : both()) {
                for (Codec reader : both()) {
                    assertThat(reader.decode(writer.encode(value), typeOf(value)))
                            .as("%s by %s", value, writer.encode(value))
                            .isEqualTo(value);
                }
            }
        }
    }

    static Arguments arguments() {
        Customer customer = new Customer();
        customer.setName("Zoë");
        List<@Nullable Object> all = new ArrayList<>(VALUES);
        all.add(null);
        all.add(customer);
        all.add(List.of("a", "b"));
        all.add(Map.of("k", 1, "x", Double.NaN));
        all.add(Set.of(true));
        return Arguments.of(all.toArray());
    }

    @Test
    void argumentsComeBackAsWhatTheyWere() throws Exception {
        for (Codec writer : both()) {
            for (Codec reader : both()) {
                Arguments read = (Arguments) reader.decode(writer.encode(arguments()), Arguments.class);
                assertThat(read.values()).isEqualTo(arguments().values());
                Arguments arrays = (Arguments) reader.decode(
                        writer.encode(Arguments.of(new int[] {1, 2}, new String[] {"a"})), Arguments.class);
                assertThat(arrays.get(0)).isEqualTo(new int[] {1, 2});
                assertThat(arrays.get(1)).isEqualTo(new String[] {"a"});
            }
        }
        assertThat(new Jackson2().encode(Arguments.of("pen", 3))).isEqualTo("[\"pen\",3]");
        assertThat(new Jackson3().encode(Arguments.of("pen", 3L))).isEqualTo("[\"pen\",{\"java.lang.Long\":3}]");
    }

    @ParameterizedTest
    @MethodSource("both")
    void whatIsNotAnArgumentIsAnError(Codec codec) {
        assertThatThrownBy(() -> codec.decode("[{\"no.such.Type\":1}]", Arguments.class))
                .hasMessageContaining("there is no class no.such.Type");
        assertThatThrownBy(() -> codec.decode("[{\"java.lang.Integer\":\"x\"}]", Arguments.class))
                .hasMessageContaining("java.lang.Integer");
    }

    @ParameterizedTest
    @MethodSource("both")
    void whatCannotBeWrittenIsOneLineThatSaysWhatToDo(Codec codec) {
        assertThatThrownBy(() -> codec.encode(new Closed()))
                .isInstanceOf(CodecException.class)
                .hasNoCause()
                .hasMessageMatching(
                        "No serializer found for class .*JacksonCodecTest\\$Closed and no properties .*\\. Give"
                                + " the JacksonCodec a mapper with a module for it, have redactInput\\(\\.\\.\\) return what can be"
                                + " written, or write a Codec of your own")
                .satisfies(failure -> assertThat(failure.getStackTrace()).isEmpty());
    }

    @Test
    void aMapperOfTheUsersIsUsedAndNotChanged() throws Exception {
        ObjectMapper two = new ObjectMapper();
        assertThatThrownBy(() -> JacksonCodec.jackson2(two).encode(Instant.EPOCH))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("add Module \"com.fasterxml.jackson.datatype:jackson-datatype-jsr310\"");
        assertThat(JacksonCodec.jackson2(two).encode(Arguments.of(1L))).isEqualTo("[{\"java.lang.Long\":1}]");
        assertThat(two.getRegisteredModuleIds()).isEmpty();

        JsonMapper three = JsonMapper.builder().build();
        assertThat(JacksonCodec.jackson3(three).encode(Arguments.of(1L))).isEqualTo("[{\"java.lang.Long\":1}]");
        assertThat(three.registeredModules()).isEmpty();
        assertThatThrownBy(() -> JacksonCodec.jackson2(null)).hasMessage("mapper");
        assertThatThrownBy(() -> JacksonCodec.jackson3(null)).hasMessage("mapper");
    }

    /** A list of a hundred million elements that counts how many are asked for. */
    private static final class Endless extends AbstractList<Integer> {
        private int asked;

        @Override
        public Integer get(int index) {
            asked = Math.max(asked, index);
            return index;
        }

        @Override
        public int size() {
            return 100_000_000;
        }
    }

    /** The caller waits for it: what is too long for a record is not made first. */
    @ParameterizedTest
    @MethodSource("both")
    void writingEndsWhereTheTextWouldBeTooLong(Codec codec) throws Exception {
        Endless endless = new Endless();
        assertThat(codec.encode(endless, 64 * 1024)).isNull();
        assertThat(endless.asked).isLessThan(64 * 1024);
        assertThat(codec.encode("x".repeat(98), 100)).hasSize(100);
        assertThat(codec.encode("x".repeat(99), 100)).isNull();
        assertThat(Codec.of(String::valueOf, text -> text).encode("x".repeat(101), 100))
                .isNull();
        assertThat(Codec.of(String::valueOf, text -> text).encode(10_000, 4)).isNull();
        assertThat(Codec.of(String::valueOf, text -> text).encode(10_000, 5)).isEqualTo("10000");
    }

    /** An interface as users have them: its inputs are the arguments of its methods. */
    public interface Prices {
        int quote(String sku, LocalDate day);
    }

    static final class WithJackson2Alone {

        private WithJackson2Alone() {}

        public static void main(String[] args) throws Exception {
            Path file = Path.of(args[0]);
            List<String> failures = new ArrayList<>();
            try (Scientist scientist = Scientist.builder()
                    .publisher(MismatchWriter.builder(file)
                            .codec(new JacksonCodec())
                            .open())
                    .failureHandler((experiment, operation, failure) -> failures.add(experiment + ": " + failure))
                    .build()) {
                Prices prices = Implementing.of(scientist, Prices.class)
                        .control((sku, day) -> 1)
                        .candidate((sku, day) -> 2)
                        .build();
                prices.quote("pen", LocalDate.of(2024, 2, 29));
                Experiment<Integer> closed =
                        scientist.<Integer>experiment("closed").build();
                closed.run(new Closed(), in -> 1, in -> 2);
                closed.run(new Closed(), in -> 1, in -> 2);
            }
            JacksonCodec codec = new JacksonCodec();
            for (RecordedMismatch mismatch : MismatchReader.read(file).mismatches()) {
                String input = mismatch.input();
                if (input != null) {
                    System.out.println(((Arguments) codec.decode(input, Arguments.class)).values());
                }
            }
            failures.forEach(System.out::println);
        }
    }

    /** A program of an application that has no Jackson. */
    static final class WithoutJackson {
        public static void main(String[] args) {
            try {
                System.out.println(new JacksonCodec());
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    /** What a program prints where parts of the class path are missing. */
    private static List<String> outputWithout(Set<String> parts, Class<?> program, String... args)
            throws IOException, InterruptedException {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = ChildJvm.command(
                program,
                List.of("-XX:TieredStopAtLevel=1", "-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider"),
                args);
        command.replaceAll(part -> part.equals(all)
                ? Arrays.stream(all.split(File.pathSeparator))
                        .filter(entry -> parts.stream().noneMatch(entry.replace(File.separatorChar, '/')::contains))
                        .collect(Collectors.joining(File.pathSeparator))
                : part);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("SLF4J"))
                .toList();
        assertThat(process.waitFor()).isZero();
        return lines;
    }

    @Test
    @Timeout(60)
    void whicheverIsThereIsUsed(@TempDir Path folder) throws IOException, InterruptedException {
        for (String without : List.of("tools/jackson", "com/fasterxml/jackson/core/jackson-databind")) {
            assertThat(outputWithout(
                            Set.of(without),
                            WithJackson2Alone.class,
                            folder.resolve(without.replace('/', '-')).toString()))
                    .as("without %s", without)
                    .hasSize(2)
                    .first()
                    .isEqualTo("[pen, 2024-02-29]");
        }
    }

    @Test
    @Timeout(60)
    void whereThereIsNoneItSaysWhatToAdd() throws IOException, InterruptedException {
        assertThat(outputWithout(Set.of("tools/jackson", "com/fasterxml/jackson"), WithoutJackson.class))
                .singleElement()
                .asString()
                .contains("needs Jackson")
                .contains("tools.jackson.core:jackson-databind")
                .contains("com.fasterxml.jackson.core:jackson-databind");
    }
}
