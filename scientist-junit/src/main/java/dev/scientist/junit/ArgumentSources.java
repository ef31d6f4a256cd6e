package dev.scientist.junit;

import java.lang.annotation.Annotation;
import java.lang.annotation.Repeatable;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.AnnotationConsumer;
import org.junit.jupiter.params.support.ParameterDeclaration;
import org.junit.jupiter.params.support.ParameterDeclarations;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.ReflectionSupport;

/** Inputs from the arguments sources of JUnit. Only to be touched where junit-jupiter-params is present. Stateless. */
final class ArgumentSources {

    private ArgumentSources() {}

    static boolean isOn(Method method) {
        return AnnotationSupport.isAnnotated(method, ArgumentsSource.class)
                || !AnnotationSupport.findRepeatableAnnotations(method, ArgumentsSource.class)
                        .isEmpty();
    }

    static Stream<@Nullable Object> inputs(Method method, Parameter parameter, ExtensionContext context) {
        return AnnotationSupport.findRepeatableAnnotations(method, ArgumentsSource.class).stream()
                .map(source -> provider(source.value(), method))
                .flatMap(provider -> arguments(provider, parameter, context))
                .map(arguments -> input(arguments.get()));
    }

    private static @Nullable Object input(@Nullable Object[] arguments) {
        if (arguments.length == 1) {
            return arguments[0];
        }
        List<@Nullable Object> plain =
                Arrays.stream(arguments).<@Nullable Object>map(Inputs::plain).toList();
        return plain;
    }

    @SuppressWarnings("unchecked")
    private static ArgumentsProvider provider(Class<? extends ArgumentsProvider> type, Method method) {
        ArgumentsProvider provider = ReflectionSupport.newInstance(type);
        if (provider instanceof AnnotationConsumer<?> consumer) {
            Class<? extends Annotation> wanted = consumedBy(type);
            List<? extends Annotation> annotations = wanted.isAnnotationPresent(Repeatable.class)
                    ? AnnotationSupport.findRepeatableAnnotations(method, wanted)
                    : AnnotationSupport.findAnnotation(method, wanted).stream().toList();
            annotations.forEach((AnnotationConsumer<Annotation>) consumer);
        }
        return provider;
    }

    /** The annotation that a provider wants to be handed, found where its type says it, as JUnit itself does. */
    private static Class<? extends Annotation> consumedBy(Class<?> provider) {
        for (Class<?> type = provider; type != null; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                Class<?>[] types = method.getParameterTypes();
                boolean takesIt =
                        method.getName().equals("accept") || method.getName().equals("provideArguments");
                if (takesIt && types.length > 0 && types[types.length - 1].isAnnotation()) {
                    return types[types.length - 1].asSubclass(Annotation.class);
                }
            }
        }
        throw new ExtensionConfigurationException(
                "cannot tell which annotation the arguments provider " + provider.getName() + " wants");
    }

    @SuppressWarnings("deprecation") // what came before 5.13
    private static Stream<? extends Arguments> arguments(
            ArgumentsProvider provider, Parameter parameter, ExtensionContext context) {
        try {
            return knowsDeclarations()
                    ? Declared.arguments(provider, parameter, context)
                    : provider.provideArguments(context);
        } catch (Exception e) {
            throw new ExtensionConfigurationException(
                    "the arguments provider " + provider.getClass().getName() + " failed: " + e.getMessage(), e);
        }
    }

    private static boolean knowsDeclarations() {
        try {
            Class.forName(
                    "org.junit.jupiter.params.support.ParameterDeclarations",
                    false,
                    ArgumentsProvider.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /**
     * The input as if it were the method's only parameter: {@code @EnumSource} takes its type from it. Nothing outside
     * uses the interfaces, or JUnit before 5.13 would miss them when it loads the class around this one.
     */
    private record Declared(Parameter parameter) implements ParameterDeclarations, ParameterDeclaration {

        static Stream<? extends Arguments> arguments(
                ArgumentsProvider provider, Parameter parameter, ExtensionContext context) throws Exception {
            return provider.provideArguments(new Declared(parameter), context);
        }

        @Override
        public AnnotatedElement getSourceElement() {
            return parameter.getDeclaringExecutable();
        }

        @Override
        public String getSourceElementDescription() {
            return "method [" + parameter.getDeclaringExecutable().toGenericString() + "]";
        }

        @Override
        public Optional<ParameterDeclaration> getFirst() {
            return Optional.of(this);
        }

        @Override
        public List<ParameterDeclaration> getAll() {
            return List.of(this);
        }

        @Override
        public Optional<ParameterDeclaration> get(int index) {
            return index == 0 ? getFirst() : Optional.empty();
        }

        @Override
        public AnnotatedElement getAnnotatedElement() {
            return parameter;
        }

        @Override
        public Class<?> getParameterType() {
            return parameter.getParameterizedType() instanceof ParameterizedType type
                            && type.getActualTypeArguments()[0] instanceof Class<?> input
                    ? input
                    : Object.class;
        }

        @Override
        public int getParameterIndex() {
            return 0;
        }

        @Override
        public Optional<String> getParameterName() {
            return Optional.of("input");
        }
    }
}
