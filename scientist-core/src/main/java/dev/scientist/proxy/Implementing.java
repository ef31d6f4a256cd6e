package dev.scientist.proxy;

import dev.scientist.Experiment;
import dev.scientist.Scientist;
import dev.scientist.proxy.MethodNames.Signature;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Implements an interface so that each of its methods is an experiment: an old implementation is the control, a new one
 * the candidate, and the caller gets what the old one did.
 *
 * <p>The experiments are named by interface and method, such as {@code price-service.quote}; overloads by their
 * parameters too, such as {@code price-service.quote(String,int)}. A second overload in the interface thus renames the
 * first. The input of a result is the argument, or {@link Arguments} if there are several, or null if there is none.
 *
 * <p>A default method is an experiment on what both implementations make of it. Where the return type is a
 * {@link CompletionStage}, the experiment is on what completes it. Methods that return nothing, also as
 * {@code CompletionStage<Void>}, are left to the control alone unless they are {@link Experimented}; so are methods
 * that are {@link NotExperimented}. What can be read only once, such as a {@code Stream} or an {@code Iterator}, cannot
 * be compared by reading it: leave such methods out. {@code equals}, {@code hashCode} and {@code toString} are the
 * control's; two proxies are equal if their controls are.
 *
 * <p>The caller gets the very throwable of the control. One limit is the JDK's: a checked exception that the method does
 * not declare, which code can throw only by a trick, arrives in an
 * {@link java.lang.reflect.UndeclaredThrowableException}.
 *
 * <p>Not thread-safe; what it builds is as thread-safe as the control and the candidate are.
 *
 * @param <S> the interface
 */
public final class Implementing<S> {

    private static final Logger LOGGER = LoggerFactory.getLogger(Implementing.class);

    /** By name, so that none of these libraries is needed. */
    private static final List<String> REACTIVE_PACKAGES = List.of(
            "reactor.core.", "org.reactivestreams.", "io.reactivex.", "io.smallrye.mutiny.", "kotlinx.coroutines.");

    private static final Set<Class<?>> CALLBACKS =
            Set.of(Runnable.class, Callable.class, Consumer.class, BiConsumer.class);

    private final Scientist scientist;
    private final Class<S> type;
    private final Map<Method, Signature> methods;
    private @Nullable S control;
    private @Nullable S candidate;
    private @Nullable String name;
    private @Nullable Predicate<? super Method> isExperimented;
    private @Nullable BiConsumer<? super Method, ? super Experiment.Builder<@Nullable Object>> settings;

    private Implementing(Scientist scientist, Class<S> type) {
        this.scientist = scientist;
        this.type = type;
        methods = accessibleMethods(type);
    }

    /**
     * Starts an implementation.
     *
     * @param scientist whose experiments the methods become
     * @param type the interface
     * @param <S> the interface
     * @return a builder that needs a control and a candidate
     * @throws IllegalArgumentException if the type is no interface, is an annotation, sealed or hidden, or if this
     *     library has no access to it
     */
    public static <S> Implementing<S> of(Scientist scientist, Class<S> type) {
        Objects.requireNonNull(scientist, "scientist");
        Objects.requireNonNull(type, "interface");
        String why = type.isAnnotation()
                ? "an annotation"
                : !type.isInterface()
                        ? "not an interface: extract one, and let callers use that"
                        : type.isSealed()
                                ? "sealed: only the types that it permits can implement it"
                                : type.isHidden() ? "hidden: nothing can implement it by name" : null;
        if (why != null) {
            throw new IllegalArgumentException("cannot implement " + type.getTypeName() + ": it is " + why);
        }
        return new Implementing<>(scientist, type);
    }

    /**
     * The old implementation: callers get what it does.
     *
     * @param control the control
     * @return this
     */
    public Implementing<S> control(S control) {
        this.control = once("control", this.control, implementation("control", control));
        return this;
    }

    /**
     * The new implementation: callers do not see what it does.
     *
     * @param candidate the candidate
     * @return this
     */
    public Implementing<S> candidate(S candidate) {
        this.candidate = once("candidate", this.candidate, implementation("candidate", candidate));
        return this;
    }

    /**
     * What the names of the experiments begin with, before the dot. Default: the interface's simple name, such as
     * {@code price-service} for {@code PriceService}. A second implementation of an interface needs another one.
     *
     * @param name the beginning
     * @return this
     */
    public Implementing<S> named(String name) {
        this.name = once("name", this.name, name);
        return this;
    }

    /**
     * Which methods are experiments. Default: see the class. This decides in place of the default, and of the
     * annotations.
     *
     * @param isExperimented true to run the candidate too, false to leave the method to the control alone; asked once
     *     for each method, when the implementation is built
     * @return this
     */
    public Implementing<S> methods(Predicate<? super Method> isExperimented) {
        this.isExperimented = once("methods", this.isExperimented, isExperimented);
        return this;
    }

    /**
     * Settings of the experiments, each by its method: gate, comparator, execution and so on.
     *
     * @param settings is handed each method that is an experiment and the builder of that, once, when the
     *     implementation is built; must not build it
     * @return this
     */
    public Implementing<S> settings(BiConsumer<? super Method, ? super Experiment.Builder<@Nullable Object>> settings) {
        this.settings = once("settings", this.settings, settings);
        return this;
    }

    /**
     * Defines the experiments and makes the implementation. Do it once, and keep it.
     *
     * @return an implementation of the interface
     * @throws IllegalStateException if control or candidate is missing, if no method is an experiment, or if an
     *     experiment of the name was already defined, or if one of a method that returns a {@link CompletionStage} is to
     *     raise on mismatch
     * @throws IllegalArgumentException if control and candidate are the same object
     */
    public S build() {
        S control = given("control", this.control);
        S candidate = given("candidate", this.candidate);
        if (control == candidate) {
            throw new IllegalArgumentException(about("control and candidate are the same object"));
        }
        Map<Signature, Method> chosen = chosenMethods();
        Map<Signature, Experiment<@Nullable Object>> experiments = experiments(chosen);
        Map<Method, Call> calls = new HashMap<>();
        methods.forEach((method, signature) -> {
            Signature answering = method.isBridge() ? bridged(signature, chosen.keySet()) : signature;
            Experiment<@Nullable Object> experiment = experiments.get(answering);
            // an implementation answers all methods of a signature by the same code
            Method target = chosen.getOrDefault(answering, method);
            Call call;
            if (experiment == null) {
                call = Call.alone(target, control);
            } else if (returnsStage(target)) {
                call = Call.asyncExperiment(target, control, candidate, experiment);
            } else {
                call = Call.experiment(target, control, candidate, experiment);
            }
            calls.put(method, call);
        });
        for (Method method : Object.class.getMethods()) {
            switch (method.getName()) {
                case "equals" -> calls.put(method, Call.equality(control));
                case "hashCode" -> calls.put(method, (proxy, arguments) -> control.hashCode());
                case "toString" -> calls.put(method, (proxy, arguments) -> control.toString());
                default -> {
                    // the others are final
                }
            }
        }
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, new Dispatcher(calls, control)));
    }

    /** One method for each signature: the one with the narrowest return type, which is also the one asked about. */
    private Map<Signature, Method> chosenMethods() {
        Map<Signature, Method> chosen = new LinkedHashMap<>();
        methods.forEach((method, signature) -> {
            if (!method.isBridge()) {
                chosen.merge(
                        signature,
                        method,
                        (one, other) -> one.getReturnType().isAssignableFrom(other.getReturnType()) ? other : one);
            }
        });
        return chosen;
    }

    /** The signature that the compiler's own bridge to a method with narrower types leads to. */
    private static Signature bridged(Signature own, Set<Signature> all) {
        if (all.contains(own)) {
            return own; // only the return type is narrower
        }
        List<Signature> narrower =
                all.stream().filter(signature -> signature.isNarrowerThan(own)).toList();
        // of several, none can be told to be the one: the implementations have bridges of their own
        return narrower.size() == 1 ? narrower.get(0) : own;
    }

    /** One for each signature that is experimented on. All are set up before the first is defined. */
    private Map<Signature, Experiment<@Nullable Object>> experiments(Map<Signature, Method> chosen) {
        String prefix = name == null ? MethodNames.of(type) : name;
        Map<Signature, String> names = MethodNames.of(chosen.keySet());
        Map<Signature, Experiment.Builder<@Nullable Object>> builders = new LinkedHashMap<>();
        chosen.forEach((signature, method) -> {
            if (isExperimented(method)) {
                requireComparable(method);
                warnOfCallbacks(method);
                Experiment.Builder<@Nullable Object> builder =
                        scientist.experiment(prefix + "." + names.get(signature));
                if (settings != null) {
                    settings.accept(method, builder);
                }
                builders.put(signature, builder);
            }
        });
        if (builders.isEmpty()) {
            throw new IllegalStateException(about("none of its methods is an experiment"));
        }
        Map<Signature, Experiment<@Nullable Object>> experiments = new HashMap<>();
        builders.forEach((signature, builder) -> experiments.put(signature, builder.build()));
        experiments.forEach(
                (signature, experiment) -> requireNoRaising(Objects.requireNonNull(chosen.get(signature)), experiment));
        return experiments;
    }

    /** Calls that have not happened when the method returns cannot be compared by what it returns. */
    private void requireComparable(Method method) {
        Class<?>[] parameters = method.getParameterTypes();
        boolean isSuspend = parameters.length > 0
                && parameters[parameters.length - 1].getName().equals("kotlin.coroutines.Continuation");
        if (isSuspend || isReactive(method.getReturnType())) {
            throw new IllegalArgumentException(about("its method " + method.getName() + " "
                    + (isSuspend
                            ? "suspends"
                            : "returns a " + method.getReturnType().getTypeName())
                    + ", so that there is nothing to compare when it returns. Leave it out, with @NotExperimented or"
                    + " methods(..), or let the interface return a CompletionStage (CompletableFuture), which is run as"
                    + " runAsync does"));
        }
    }

    private void requireNoRaising(Method method, Experiment<?> experiment) {
        if (experiment.raisesOnMismatch() && returnsStage(method)) {
            throw new IllegalStateException(about("its method " + method.getName() + " returns a "
                    + method.getReturnType().getSimpleName() + ", and " + experiment
                    + " raises on mismatch, which needs"
                    + " a caller who waits. Say raiseOnMismatch(false) for it, in settings(..), or leave the method out,"
                    + " with @NotExperimented or methods(..)"));
        }
    }

    private static boolean returnsStage(Method method) {
        return CompletionStage.class.isAssignableFrom(method.getReturnType());
    }

    private static boolean isReactive(Class<?> returned) {
        return Flow.Publisher.class.isAssignableFrom(returned)
                || REACTIVE_PACKAGES.stream()
                        .anyMatch(prefix -> returned.getName().startsWith(prefix));
    }

    private void warnOfCallbacks(Method method) {
        for (Class<?> parameter : method.getParameterTypes()) {
            if (CALLBACKS.contains(parameter)) {
                LOGGER.warn(about("control and candidate would both call the " + parameter.getSimpleName()
                        + " that its method " + method.getName() + " is handed. Leave it out, with @NotExperimented or"
                        + " methods(..), if that may not happen twice"));
            }
        }
    }

    private boolean isExperimented(Method method) {
        if (isExperimented != null) {
            return isExperimented.test(method);
        }
        boolean isIn = method.isAnnotationPresent(Experimented.class);
        boolean isOut = method.isAnnotationPresent(NotExperimented.class);
        if (isIn && isOut) {
            throw new IllegalStateException(
                    about("its method " + method.getName() + " is both @Experimented and @NotExperimented"));
        }
        return isIn || (!isOut && !returnsNothing(method));
    }

    private static boolean returnsNothing(Method method) {
        Type returned = method.getGenericReturnType();
        return returned == void.class
                || returned == Void.class
                || (returned instanceof ParameterizedType stage
                        && CompletionStage.class.isAssignableFrom(method.getReturnType())
                        && stage.getActualTypeArguments().length == 1
                        && stage.getActualTypeArguments()[0] == Void.class);
    }

    /** What a proxy must answer, in the order of their texts since the JDK's is any. */
    private static Map<Method, Signature> accessibleMethods(Class<?> type) {
        List<Method> all = new ArrayList<>(List.of(type.getMethods()));
        all.sort((one, other) -> one.toString().compareTo(other.toString()));
        Map<Method, Signature> methods = new LinkedHashMap<>();
        for (Method method : all) {
            Signature signature = Signature.of(method);
            if (Modifier.isStatic(method.getModifiers()) || signature.isOfObject()) {
                continue;
            }
            try {
                // and so callable without the checks of each call, also where the interface is not public
                method.setAccessible(true);
            } catch (InaccessibleObjectException inaccessible) {
                Class<?> owner = method.getDeclaringClass();
                throw new IllegalArgumentException(
                        "cannot implement " + type.getTypeName() + ": no access to " + owner.getTypeName() + "; module "
                                + owner.getModule().getName() + " must "
                                + (Modifier.isPublic(owner.getModifiers()) ? "export" : "open") + " package "
                                + owner.getPackageName() + " to dev.scientist",
                        inaccessible);
            }
            methods.put(method, signature);
        }
        return methods;
    }

    private S implementation(String role, S implementation) {
        Objects.requireNonNull(implementation, about(role + " must not be null"));
        if (!type.isInstance(implementation)) {
            throw new IllegalArgumentException(
                    about(role + " is a " + implementation.getClass().getTypeName() + ", which does not implement it"));
        }
        return implementation;
    }

    private <V> V once(String setting, @Nullable V before, V value) {
        Objects.requireNonNull(value, about(setting + " must not be null"));
        if (before != null) {
            throw new IllegalStateException(about(setting + " was already set"));
        }
        return value;
    }

    private S given(String setting, @Nullable S value) {
        if (value == null) {
            throw new IllegalStateException(about(setting + " is missing"));
        }
        return value;
    }

    private String about(String what) {
        return "implementing " + type.getTypeName() + ": " + what;
    }
}
