package dev.scientist;

import java.lang.reflect.Array;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes text for people out of what a result holds, without giving away what is private: for publishers. Immutable and
 * thread-safe. Never throws, whatever the values do; the text is bounded and has no control characters.
 *
 * <p>Where an experiment has a cleaner, the cleaned value is shown. Where it has none, {@link #cautious()} shows
 * booleans, numbers and enums as they are, and of all else only the type and the size; {@link #showingValues()} shows
 * everything.
 */
public final class Rendering {

    /** How many characters of a value are shown unless told otherwise. */
    public static final int DEFAULT_LENGTH = 200;

    private static final int MAX_DIFFERENCES = 10;
    private static final int MAX_CAUSES = 5;
    private static final int MAX_FRAMES = 15;

    private static final Set<Class<?>> OWN_ELEMENTS = Set.of(
            ArrayList.class,
            LinkedList.class,
            ArrayDeque.class,
            HashSet.class,
            LinkedHashSet.class,
            TreeSet.class,
            HashMap.class,
            LinkedHashMap.class,
            TreeMap.class,
            ConcurrentHashMap.class,
            CopyOnWriteArrayList.class);

    private static final Rendering CAUTIOUS = new Rendering(false, DEFAULT_LENGTH);
    private static final Rendering SHOWING_VALUES = new Rendering(true, DEFAULT_LENGTH);

    private final boolean showsValues;
    private final int length;

    private Rendering(boolean showsValues, int length) {
        this.showsValues = showsValues;
        this.length = length;
    }

    /**
     * Shows cleaned values, else only what cannot be private.
     *
     * @return the rendering
     */
    public static Rendering cautious() {
        return CAUTIOUS;
    }

    /**
     * Shows cleaned values; where there is no cleaner, raw ones, and the messages of throwables.
     *
     * @return the rendering
     */
    public static Rendering showingValues() {
        return SHOWING_VALUES;
    }

    /**
     * The same with another bound.
     *
     * @param characters how many characters of one value are shown, at least 1
     * @return the rendering
     */
    public Rendering truncatedTo(int characters) {
        if (characters < 1) {
            throw new IllegalArgumentException("the length of a shown value must be at least 1, not " + characters);
        }
        return new Rendering(showsValues, characters);
    }

    /**
     * What a behavior did: {@code returned true}, {@code threw java.io.IOException}, {@code was abandoned}.
     *
     * @param observation what it did
     * @return one line
     */
    public String outcome(Observation<?> observation) {
        Throwable thrown = observation.throwable();
        if (thrown != null) {
            return (observation.adapterFailed() ? "returned what its adapter could not take: threw " : "threw ")
                    + throwable(thrown);
        }
        return observation.abandoned() ? "was abandoned" : "returned " + value(observation);
    }

    /**
     * The value that a behavior returned.
     *
     * @param observation what it did
     * @return one line; {@code null} for a null
     */
    public String value(Observation<?> observation) {
        Object value = observation.value();
        if (observation.experiment().settings.cleaner != null) {
            return shown(observation.cleaned());
        }
        return showsValues || isHarmless(value)
                ? shown(value)
                : observation.shown().description();
    }

    /**
     * Any other object: an input, a value from the context. No cleaner applies to it.
     *
     * @param value the object
     * @return one line; with {@link #cautious()} its type and nothing else
     */
    public String text(@Nullable Object value) {
        return showsValues ? shown(value) : description(value);
    }

    /**
     * A throwable: its type, and with {@link #showingValues()} its message.
     *
     * @param throwable the throwable
     * @return one line
     */
    public String throwable(Throwable throwable) {
        String type = throwable.getClass().getName();
        if (!showsValues) {
            return type;
        }
        String message;
        try {
            message = throwable.getMessage();
        } catch (Throwable failure) {
            return type + " (its message failed with " + failure.getClass().getName() + ")";
        }
        return message == null ? type : type + ": " + bounded(message);
    }

    /**
     * Where control and candidate differ: the paths, and with {@link #showingValues()}, unless a cleaner says what may
     * be shown, both sides.
     *
     * @param comparison control and candidate
     * @return one line with the first few differences; empty if there are none or only the whole value differs
     */
    public String differences(Comparison<?> comparison) {
        List<Difference> differences = comparison.differences();
        boolean showSides = showsValues && comparison.control().experiment().settings.cleaner == null;
        String text = differences.stream()
                .filter(difference -> !difference.path().isEmpty())
                .limit(MAX_DIFFERENCES)
                .map(difference -> bounded(difference.path())
                        + (difference.kind() == Difference.Kind.CUT_OFF
                                ? " (not compared: a limit, or not loaded)"
                                : "")
                        + (showSides
                                ? " (" + shown(difference.control()) + " against " + shown(difference.candidate()) + ")"
                                : ""))
                .collect(Collectors.joining(", "));
        int more = differences.size() - MAX_DIFFERENCES;
        return more > 0 ? text + " and " + more + " more" : text;
    }

    /**
     * Why two values that look alike differ: their classes, or that their class has no {@code equals}.
     *
     * @param comparison control and candidate
     * @return one line, empty if there is nothing to say
     */
    public String hint(Comparison<?> comparison) {
        Object control = comparison.control().value();
        Object candidate = comparison.candidate().value();
        if (comparison.outcome() != Outcome.MISMATCHED || control == null || candidate == null) {
            return "";
        }
        if (control.getClass() != candidate.getClass()) {
            return control.getClass().getTypeName() + " against "
                    + candidate.getClass().getTypeName();
        }
        boolean byEquals = comparison.control().experiment().settings.comparator == Settings.BY_EQUALS;
        return byEquals && !hasEquals(control.getClass())
                ? control.getClass().getTypeName()
                        + " has no equals: compare by what it holds, with Comparators.structural().byGetters() or by(..)"
                : "";
    }

    private static boolean hasEquals(Class<?> type) {
        try {
            return type.isArray() || type.getMethod("equals", Object.class).getDeclaringClass() != Object.class;
        } catch (NoSuchMethodException | LinkageError e) {
            return true;
        }
    }

    /**
     * Where a throwable was thrown: its class, those of its causes, and the first frames of each. Frames are not private,
     * since without them nobody could repair what threw; messages are left out.
     *
     * @param throwable the throwable
     * @return one line; of 5 classes at most, with 15 frames each
     */
    public static String frames(Throwable throwable) {
        return frames(throwable, MAX_FRAMES);
    }

    /**
     * The same with fewer frames, for where they are kept.
     *
     * @param throwable the throwable
     * @param most how many frames of each class are shown
     * @return one line
     */
    public static String frames(Throwable throwable, int most) {
        StringBuilder text = new StringBuilder();
        Throwable cause = throwable;
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            text.append(depth == 0 ? "" : "; caused by ")
                    .append(escaped(cause.getClass().getName()));
            try { // a throwable of the user's own may do anything here
                StackTraceElement[] frames = cause.getStackTrace();
                for (int i = 0; i < Math.min(frames.length, most); i++) {
                    text.append(" at ").append(escaped(frames[i].toString()));
                }
                cause = cause.getCause() == cause ? null : cause.getCause();
            } catch (RuntimeException unwilling) {
                cause = null;
            }
        }
        return text.toString();
    }

    private static boolean isHarmless(@Nullable Object value) {
        return value == null
                || value instanceof Boolean
                || value instanceof Enum<?>
                // a number of the user's own could say anything
                || (value instanceof Number && value.getClass().getName().startsWith("java."));
    }

    private String shown(@Nullable Object value) {
        String text;
        try {
            text = value instanceof CharSequence chars
                    ? chars.subSequence(0, Math.min(chars.length(), length + 1)).toString()
                    : String.valueOf(value);
            if (text == null) {
                return "null";
            }
            int hidden = value instanceof CharSequence chars ? chars.length() - length : text.length() - length;
            return hidden > 0 ? escaped(text.substring(0, length)) + "…(" + hidden + " more)" : escaped(text);
        } catch (Throwable failure) {
            return description(value) + " (its toString failed with "
                    + failure.getClass().getName() + ")";
        }
    }

    /** The text on one line, cut where it is too long. */
    String bounded(String text) {
        return text.length() <= length
                ? escaped(text)
                : escaped(text.substring(0, length)) + "…(" + (text.length() - length) + " more)";
    }

    /** The type and, of the JDK's own classes, the size. A value of any other class is asked for nothing. */
    static String description(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        String type = escaped(value.getClass().getTypeName());
        if (value instanceof String text) {
            return type + " of length " + text.length();
        }
        if (value.getClass().isArray()) {
            return type + " of length " + Array.getLength(value);
        }
        if (value instanceof Optional<?> optional) {
            return type + (optional.isPresent() ? " with a value" : " without a value");
        }
        if (!hasOwnElements(value.getClass())) {
            return type;
        }
        try {
            int size = value instanceof Collection<?> collection ? collection.size() : ((Map<?, ?>) value).size();
            return type + " of size " + size;
        } catch (RuntimeException changedMeanwhile) {
            return type;
        }
    }

    /** Whether it is one of the JDK's collections and maps that hold their elements: views might ask whatever they show. */
    private static boolean hasOwnElements(Class<?> type) {
        return OWN_ELEMENTS.contains(type) || type.getName().startsWith("java.util.ImmutableCollections$");
    }

    /**
     * Replaces what could disturb a terminal, a log or a reader: control characters, line separators, invisible format
     * characters (which can turn the direction of text) and halves of surrogate pairs become an escape as in Java
     * source, such as {@code \n}; a backslash is doubled.
     *
     * @param text any text
     * @return the text on one line
     */
    public static String escaped(String text) {
        StringBuilder out = null;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int width = Character.charCount(c);
            String replacement = replacement(c);
            if (replacement != null && out == null) {
                out = new StringBuilder(text.length() + 16).append(text, 0, i);
            }
            if (out != null) {
                if (replacement == null) {
                    out.appendCodePoint(c);
                } else {
                    out.append(replacement);
                }
            }
            i += width;
        }
        return out == null ? text : out.toString();
    }

    private static @Nullable String replacement(int c) {
        if (c == '\\') {
            return "\\\\";
        }
        if (c == '\n') {
            return "\\n";
        }
        if (c == '\r') {
            return "\\r";
        }
        if (c == '\t') {
            return "\\t";
        }
        return isDisturbing(c) ? String.format("\\u%04x", c) : null;
    }

    /** Whether a character could disturb a terminal, a log or a reader; such as a control character, or half a pair. */
    static boolean isDisturbing(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> isInvisible(c);
        };
    }

    /** Letters, marks and symbols that show nothing (Unicode's Default_Ignorable_Code_Point, and the blank Braille cell). */
    private static boolean isInvisible(int c) {
        return c == 0x034F
                || c == 0x115F
                || c == 0x1160
                || c == 0x17B4
                || c == 0x17B5
                || (c >= 0x180B && c <= 0x180F)
                || c == 0x2800
                || c == 0x3164
                || (c >= 0xFE00 && c <= 0xFE0F)
                || c == 0xFFA0
                || (c >= 0xE0000 && c <= 0xE0FFF);
    }
}
