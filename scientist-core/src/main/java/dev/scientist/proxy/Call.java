package dev.scientist.proxy;

import dev.scientist.Experiment;
import dev.scientist.InputBehavior;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a call of one method of the proxy does: bound once, so that a call looks nothing up by reflection. */
@FunctionalInterface
interface Call {

    @Nullable
    Object invoke(Object proxy, @Nullable Object @Nullable [] arguments) throws Throwable;

    /** The control alone. */
    static Call alone(Method method, Object control) {
        InputBehavior<@Nullable Object, @Nullable Object, Throwable> behavior = behavior(method, control);
        return input(method, behavior);
    }

    static Call experiment(Method method, Object control, Object candidate, Experiment<@Nullable Object> experiment) {
        InputBehavior<@Nullable Object, @Nullable Object, Throwable> old = behavior(method, control);
        InputBehavior<@Nullable Object, @Nullable Object, Throwable> rewritten = behavior(method, candidate);
        return input(method, input -> experiment.run(input, old, rewritten));
    }

    /** An experiment on what completes the stages. */
    static Call asyncExperiment(
            Method method, Object control, Object candidate, Experiment<@Nullable Object> experiment) {
        InputBehavior<@Nullable Object, CompletionStage<?>, Throwable> old = behavior(method, control);
        InputBehavior<@Nullable Object, CompletionStage<?>, Throwable> rewritten = behavior(method, candidate);
        return input(method, input -> experiment.runAsync(input, old, rewritten));
    }

    /** Equal is what the controls say, also where the other one is a proxy too. */
    static Call equality(Object control) {
        return (proxy, arguments) -> {
            Object other = given(arguments)[0];
            return control.equals(
                    other != null
                                    && Proxy.isProxyClass(other.getClass())
                                    && Proxy.getInvocationHandler(other) instanceof Dispatcher dispatcher
                            ? dispatcher.control()
                            : other);
        };
    }

    private static Call input(Method method, InputBehavior<@Nullable Object, @Nullable Object, Throwable> call) {
        return switch (method.getParameterCount()) {
            case 0 -> (proxy, arguments) -> call.call(null);
            case 1 -> (proxy, arguments) -> call.call(given(arguments)[0]);
            // the proxy made the array for this call
            default -> (proxy, arguments) -> call.call(new Arguments(given(arguments)));
        };
    }

    /** A proxy hands an array on wherever there are parameters. */
    private static @Nullable Object[] given(@Nullable Object @Nullable [] arguments) {
        return Objects.requireNonNull(arguments, "arguments");
    }

    /** The method of one implementation, handed the input that {@link #input} makes. */
    @SuppressWarnings({"unchecked", "NullAway"}) // the handle returns what the method does; the input fits its arity
    private static <R extends @Nullable Object> InputBehavior<@Nullable Object, R, Throwable> behavior(
            Method method, Object implementation) {
        int count = method.getParameterCount();
        // not bound to the implementation: each call would go through one handle more
        MethodHandle exact = handle(method).asType(MethodType.genericMethodType(1 + count));
        if (count == 0) {
            return input -> (R) (Object) exact.invokeExact(implementation);
        }
        if (count == 1) {
            return input -> (R) (Object) exact.invokeExact(implementation, input);
        }
        if (count == 2) {
            // by far the most common of them, and spreading an array costs as much as the rest of the call
            return input -> {
                Object[] values = ((Arguments) input).array(2);
                return (R) (Object) exact.invokeExact(implementation, values[0], values[1]);
            };
        }
        MethodHandle spreading = exact.asSpreader(Object[].class, count);
        return input -> (R) (Object) spreading.invokeExact(implementation, ((Arguments) input).array(count));
    }

    private static MethodHandle handle(Method method) {
        try {
            // a method with a variable number of arguments gets its array as it is
            return MethodHandles.lookup().unreflect(method).asFixedArity();
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException("it was made accessible before", impossible);
        }
    }
}
