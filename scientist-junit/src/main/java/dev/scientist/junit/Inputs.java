package dev.scientist.junit;

import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.random.RandomGenerator;
import java.util.stream.BaseStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/** Where the inputs of a {@link ParityTest} come from. Immutable. */
record Inputs(ExtensionContext context, ParityTest test, Parameter parameter, long seed) {

    /** Opens the inputs anew. */
    Stream<Input> stream() {
        Method method = context.getRequiredTestMethod();
        Optional<MismatchSource> recorded = AnnotationSupport.findAnnotation(method, MismatchSource.class);
        boolean hasSource = isParamsPresent() && ArgumentSources.isOn(method);
        List<String> sources = new ArrayList<>();
        if (hasSource) {
            sources.add("an arguments source");
        }
        if (recorded.isPresent()) {
            sources.add("@MismatchSource");
        }
        if (!test.inputs().isEmpty()) {
            sources.add("the method '" + test.inputs() + "'");
        }
        if (sources.size() != 1) {
            throw new ExtensionConfigurationException("@ParityTest method " + method.getName()
                    + (sources.isEmpty()
                            ? " has no inputs: name a method, @ParityTest(inputs = \"…\"), or add an arguments source"
                                    + " such as @MethodSource, which needs junit-jupiter-params"
                            : " has two sources of inputs: " + String.join(" and ", sources)));
        }
        if (recorded.isPresent()) {
            return new RecordedInputs(recorded.get(), context, parameter).stream();
        }
        Stream<@Nullable Object> inputs = hasSource ? ArgumentSources.inputs(method, parameter, context) : ofMethod();
        return inputs.map(Inputs::input);
    }

    /** Whether the seed makes a difference to them. */
    boolean areRandom() {
        return !test.inputs().isEmpty() && factory().getParameterCount() > 0;
    }

    private static Input input(@Nullable Object given) {
        return given instanceof Named<?> named
                ? new Input(named.getName(), named.getPayload(), null, null)
                : Input.of(given);
    }

    static @Nullable Object plain(@Nullable Object input) {
        return input instanceof Named<?> named ? named.getPayload() : input;
    }

    private static boolean isParamsPresent() {
        try {
            Class.forName("org.junit.jupiter.params.provider.ArgumentsSource", false, Inputs.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private Method factory() {
        Class<?> type = context.getRequiredTestClass();
        List<Method> found = ReflectionSupport.findMethods(
                type,
                candidate -> candidate.getName().equals(test.inputs())
                        && !candidate.isSynthetic()
                        && takesRandomAtMost(candidate),
                HierarchyTraversalMode.BOTTOM_UP);
        if (found.isEmpty()) {
            throw wrong("is not a method of " + type.getName() + " that takes nothing or a RandomGenerator");
        }
        return found.get(0);
    }

    private Stream<@Nullable Object> ofMethod() {
        Method factory = factory();
        Object instance = context.getTestInstance().orElse(null);
        boolean isStatic = Modifier.isStatic(factory.getModifiers());
        if (!isStatic && instance == null) {
            throw wrong("must be static, unless all tests of the class share one instance");
        }
        Object result = ReflectionSupport.invokeMethod(
                factory,
                isStatic ? null : instance,
                factory.getParameterCount() == 0 ? new Object[0] : new Object[] {new Random(seed)});
        return streamOf(result);
    }

    private static boolean takesRandomAtMost(Method method) {
        Class<?>[] types = method.getParameterTypes();
        return types.length == 0 || (types.length == 1 && types[0] == RandomGenerator.class);
    }

    private Stream<@Nullable Object> streamOf(@Nullable Object result) {
        if (result instanceof BaseStream<?, ?> stream) {
            return streamOf(stream.iterator()).onClose(stream::close);
        }
        if (result instanceof Iterable<?> iterable) {
            return streamOf(iterable.iterator());
        }
        if (result instanceof Iterator<?> iterator) {
            return streamOf(iterator);
        }
        if (result != null && result.getClass().isArray()) {
            return IntStream.range(0, Array.getLength(result)).mapToObj(i -> Array.get(result, i));
        }
        throw wrong("must return a stream, an iterable, an iterator or an array, not "
                + (result == null ? "null" : result.getClass().getName()));
    }

    private static Stream<@Nullable Object> streamOf(Iterator<? extends @Nullable Object> iterator) {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator, Spliterator.ORDERED), false);
    }

    private ExtensionConfigurationException wrong(String what) {
        return new ExtensionConfigurationException("@ParityTest method "
                + context.getRequiredTestMethod().getName() + ": '" + test.inputs() + "' " + what);
    }
}
