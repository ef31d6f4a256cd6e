package dev.scientist.proxy;

import dev.scientist.Experiment;
import dev.scientist.InputBehavior;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
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
        if (count == 1) {
            InputBehavior<@Nullable Object, R, Throwable> made =
                    reference(InputBehavior.class, "call", method, implementation);
            if (made != null) {
                return made;
            }
        } else if (count == 2) {
            BiFunction<@Nullable Object, @Nullable Object, R> made =
                    reference(BiFunction.class, "apply", method, implementation);
            if (made != null) {
                return input -> {
                    Object[] values = ((Arguments) input).array(2);
                    return made.apply(values[0], values[1]);
                };
            }
        }
        MethodHandle bound = handle(MethodHandles.lookup(), method).bindTo(implementation);
        if (count == 0) {
            MethodHandle exact = bound.asType(MethodType.genericMethodType(0));
            return input -> (R) (Object) exact.invokeExact();
        }
        if (count == 1) {
            MethodHandle exact = bound.asType(MethodType.genericMethodType(1));
            return input -> (R) (Object) exact.invokeExact(input);
        }
        MethodHandle exact = bound.asType(MethodType.genericMethodType(count)).asSpreader(Object[].class, count);
        return input -> (R) (Object) exact.invokeExact(((Arguments) input).array(count));
    }

    /**
     * What the compiler makes of {@code implementation::method}: a class of its own, which calls the method as code
     * would. A handle that is no constant of the class that calls it costs several times that. Null where that class
     * may not be made in the package of the interface (its module does not open it to us, its class loader does not see
     * us) or the method returns nothing.
     */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the caller names the function twice
    private static <F> @Nullable F reference(Class<?> function, String name, Method method, Object implementation) {
        Class<?> type = method.getDeclaringClass();
        try {
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
            MethodHandle target = handle(lookup, method);
            MethodType boxed = target.type().dropParameterTypes(0, 1).wrap();
            return (F) LambdaMetafactory.metafactory(
                            lookup,
                            name,
                            MethodType.methodType(function, type),
                            MethodType.genericMethodType(boxed.parameterCount()),
                            target,
                            boxed)
                    .getTarget()
                    .invoke(implementation);
        } catch (Throwable impossible) {
            return null;
        }
    }

    private static MethodHandle handle(MethodHandles.Lookup lookup, Method method) {
        try {
            // a method with a variable number of arguments gets its array as it is
            return lookup.unreflect(method).asFixedArity();
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException("it was made accessible before", impossible);
        }
    }
}
