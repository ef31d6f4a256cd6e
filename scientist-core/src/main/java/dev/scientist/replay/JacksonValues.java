package dev.scientist.replay;

import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What both versions of Jackson are told alike. */
final class JacksonValues {

    /**
     * Types that are written as their text, and how they are read. Jackson itself would need a module for them, or lose
     * an offset or a zone.
     */
    static final Map<Class<?>, Function<String, ?>> BY_TEXT = Map.ofEntries(
            Map.entry(Duration.class, Duration::parse),
            Map.entry(Instant.class, Instant::parse),
            Map.entry(LocalDate.class, LocalDate::parse),
            Map.entry(LocalDateTime.class, LocalDateTime::parse),
            Map.entry(LocalTime.class, LocalTime::parse),
            Map.entry(MonthDay.class, MonthDay::parse),
            Map.entry(OffsetDateTime.class, OffsetDateTime::parse),
            Map.entry(OffsetTime.class, OffsetTime::parse),
            Map.entry(Period.class, Period::parse),
            Map.entry(Year.class, text -> Year.of(Integer.parseInt(text))),
            Map.entry(YearMonth.class, YearMonth::parse),
            Map.entry(ZoneId.class, ZoneId::of),
            Map.entry(ZoneOffset.class, ZoneOffset::of),
            Map.entry(ZonedDateTime.class, ZonedDateTime::parse));

    private JacksonValues() {}

    /** Whether JSON says by itself what an argument is. */
    static boolean isPlain(@Nullable Object argument) {
        return argument == null
                || argument instanceof String
                || argument instanceof Integer
                || argument instanceof Double
                || argument instanceof Boolean;
    }

    /** The name of the class that an argument is to be read as. */
    static String className(Object argument) {
        if (argument instanceof List) {
            return List.class.getName();
        }
        if (argument instanceof Set) {
            return Set.class.getName();
        }
        if (argument instanceof Map) {
            return Map.class.getName();
        }
        if (argument instanceof Enum<?> constant) {
            return constant.getDeclaringClass().getName();
        }
        if (argument instanceof ZoneId && !(argument instanceof ZoneOffset)) {
            return ZoneId.class.getName();
        }
        return argument.getClass().getName();
    }

    /** Null if there is none. */
    static @Nullable Class<?> classOf(String name) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        try {
            return Class.forName(name, false, loader == null ? JacksonValues.class.getClassLoader() : loader);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    /** What was written without a bound. */
    static String whole(@Nullable String text) {
        if (text == null) {
            throw new OutOfMemoryError("a text of more than " + Integer.MAX_VALUE + " characters");
        }
        return text;
    }

    static CodecException unwritable(String why) {
        return new CodecException(why.lines().findFirst().orElse("")
                + ". Give the JacksonCodec a mapper with a module for it, have redactInput(..) return what can be written, or"
                + " write a Codec of your own");
    }

    /** Holds so much text, and fails at more. */
    static final class Bounded extends Writer {
        private final StringWriter text = new StringWriter();
        private final int max;
        private boolean isFull;

        Bounded(int max) {
            this.max = max;
        }

        /** Whether there was more to write. */
        boolean isFull() {
            return isFull;
        }

        @Override
        public void write(char[] chars, int from, int length) throws IOException {
            if (length > max - text.getBuffer().length()) {
                isFull = true;
                throw new CodecException("longer than " + max + " characters");
            }
            text.write(chars, from, length);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
