package dev.scientist.proxy;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the experiments are named. Depends on the interface alone, so that names outlive restarts and settings. */
final class MethodNames {

    /** Between {@code Price} and {@code Service}, and between {@code HTTP} and {@code Client}. */
    private static final Pattern WORD_START =
            Pattern.compile("(?<=[\\p{Ll}\\d])(?=\\p{Lu})|(?<=\\p{Lu})(?=\\p{Lu}\\p{Ll})");

    private MethodNames() {}

    /** Such as {@code price-service}. */
    static String of(Class<?> type) {
        return WORD_START.matcher(type.getSimpleName()).replaceAll("-").toLowerCase(Locale.ROOT);
    }

    /** Such as {@code quote}; of overloads {@code quote(String,int)}, with full names where those are the same. */
    static Map<Signature, String> of(Set<Signature> signatures) {
        Map<String, Integer> overloads = new HashMap<>();
        Map<String, Integer> sameSimple = new HashMap<>();
        for (Signature signature : signatures) {
            overloads.merge(signature.name(), 1, Integer::sum);
            sameSimple.merge(signature.text(Class::getSimpleName), 1, Integer::sum);
        }
        Map<Signature, String> names = new LinkedHashMap<>();
        for (Signature signature : signatures) {
            String simple = signature.text(Class::getSimpleName);
            boolean isOverload = overloads.getOrDefault(signature.name(), 0) > 1;
            boolean isUnclear = sameSimple.getOrDefault(simple, 0) > 1;
            names.put(
                    signature,
                    !isOverload ? signature.name() : isUnclear ? signature.text(Class::getTypeName) : simple);
        }
        return names;
    }

    /** What an implementation implements once, whatever the return types that its interfaces say. */
    record Signature(String name, List<Class<?>> parameters) {

        private static final Set<Signature> OF_OBJECT = new HashSet<>(
                Arrays.stream(Object.class.getMethods()).map(Signature::of).toList());

        static Signature of(Method method) {
            return new Signature(method.getName(), List.of(method.getParameterTypes()));
        }

        /** Whether it may be what a bridge of the other signature leads to. */
        boolean isNarrowerThan(Signature other) {
            return name.equals(other.name)
                    && parameters.size() == other.parameters.size()
                    && IntStream.range(0, parameters.size())
                            .allMatch(i -> other.parameters.get(i).isAssignableFrom(parameters.get(i)));
        }

        boolean isOfObject() {
            return OF_OBJECT.contains(this);
        }

        String text(Function<Class<?>, String> typeName) {
            return parameters.stream().map(typeName).collect(Collectors.joining(",", name + "(", ")"));
        }
    }
}
