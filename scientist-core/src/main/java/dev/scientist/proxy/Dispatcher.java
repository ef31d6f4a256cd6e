package dev.scientist.proxy;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Behind a proxy: finds the call of a method. */
final class Dispatcher implements InvocationHandler {

    /** Not changed any more. */
    private final Map<Method, Call> calls;

    /**
     * The same by the proxy's own method objects, which are the same for each call, so that none is compared by name and
     * types. Learned as they come, since a proxy does not tell them beforehand; replaced, never changed.
     */
    private volatile IdentityHashMap<Method, Call> seen = new IdentityHashMap<>();

    private final Object control;

    Dispatcher(Map<Method, Call> calls, Object control) {
        this.calls = calls;
        this.control = control;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        Call call = seen.get(method);
        if (call == null) {
            call = learn(method);
        }
        return call.invoke(proxy, arguments);
    }

    private synchronized Call learn(Method method) {
        Call call = calls.get(method);
        if (call == null) {
            throw new AssertionError("a method that the interface did not have: " + method);
        }
        // whoever asks the handler itself may do so with any number of equal method objects
        if (seen.size() < calls.size()) {
            IdentityHashMap<Method, Call> more = new IdentityHashMap<>(seen);
            more.put(method, call);
            seen = more;
        }
        return call;
    }

    Object control() {
        return control;
    }
}
