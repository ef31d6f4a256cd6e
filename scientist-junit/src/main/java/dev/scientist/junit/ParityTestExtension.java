package dev.scientist.junit;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/** Makes the tests of a {@link ParityTest}. Stateless. */
final class ParityTestExtension implements TestTemplateInvocationContextProvider {

    private static final int MAX_NAME = 100;
    private static final long ORDER = 1;

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return AnnotationSupport.isAnnotated(context.getTestMethod(), ParityTest.class);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        Method method = context.getRequiredTestMethod();
        ParityTest test = AnnotationSupport.findAnnotation(method, ParityTest.class)
                .orElseThrow(() -> new IllegalStateException("asked for what is not supported"));
        Parameter parameter = parityParameter(method);
        long seed = Seeds.of(context, test.seed());
        Inputs inputs = new Inputs(context, test, parameter, seed);
        boolean areRandom = inputs.areRandom();
        String howToRepeat = areRandom ? Seeds.howToRepeat(seed) : null;
        if (areRandom) {
            context.publishReportEntry(Seeds.PARAMETER, Long.toString(seed));
        }
        Rules rules = Rules.of(context).ofParity();
        String name = shortened(method.getName());
        // an order that is the same each time, unless a seed is asked for: then a failure repeats by itself
        long order = areRandom ? seed : Seeds.of(context, test.seed() == 0 ? ORDER : test.seed());
        if (test.together()) {
            return Stream.of(new Invocation(
                    "all inputs",
                    new Parity<@Nullable Object, @Nullable Object>(
                            name, inputs::stream, true, order, howToRepeat, rules)));
        }
        AtomicLong orders = new AtomicLong(order);
        return inputs.stream()
                .map(input -> new Invocation(
                        input.text(),
                        new Parity<@Nullable Object, @Nullable Object>(
                                name, () -> Stream.of(input), false, orders.getAndIncrement(), howToRepeat, rules)));
    }

    private static Parameter parityParameter(Method method) {
        return Stream.of(method.getParameters())
                .filter(parameter -> parameter.getType() == Parity.class)
                .findFirst()
                .orElseThrow(() -> new ExtensionConfigurationException("@ParityTest method " + method.getName()
                        + " must take a Parity<Input, Value> and call its run(control, candidate)"));
    }

    private static String shortened(String name) {
        return name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME);
    }

    /** One test. */
    private record Invocation(String inputs, Parity<?, ?> parity)
            implements TestTemplateInvocationContext, ParameterResolver, AfterTestExecutionCallback {

        @Override
        public String getDisplayName(int index) {
            return "[" + index + "] " + shortened(inputs);
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(this);
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Parity.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return parity;
        }

        @Override
        public void afterTestExecution(ExtensionContext context) {
            if (!parity.hasRun() && context.getExecutionException().isEmpty()) {
                throw Problem.of("the test compared nothing: it must call run(control, candidate) of its Parity")
                        .toError();
            }
        }
    }
}
