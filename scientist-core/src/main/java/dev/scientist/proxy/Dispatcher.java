package dev.scientist.proxy;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Behind a proxy: finds the call of a method. */
final class Dispatcher implements InvocationHandler {

    /** Not changed any more. A hash map, which finds a method faster than the JDK's unmodifiable ones. */
    private final Map<Method, Call> calls;

    private final Object control;

    Dispatcher(Map<Method, Call> calls, Object control) {
        this.calls = calls;
        this.control = control;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        Call call = calls.get(method);
        if (call == null) {
            throw new AssertionError("a method that the interface did not have: " + method);
        }
        return call.invoke(proxy, arguments);
    }

    Object control() {
        return control;
    }
}
