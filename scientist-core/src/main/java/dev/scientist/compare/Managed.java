package dev.scientist.compare;

import dev.scientist.Borrowed;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a persistence framework hands out what it may have yet to load. The frameworks are known by the names of their
 * interfaces, so that none of them need be there. This is the one place that decides what a walk does with such a value:
 * it never makes one load. Immutable and thread-safe.
 */
final class Managed {

    /**
     * Something that was not loaded.
     *
     * @param reference true for a proxy of one row, false for a collection
     * @param of the entity or the collection's role
     * @param key the identifier of the row, or of the collection's owner; null if unknown
     */
    record NotLoaded(
            boolean reference,
            @Nullable Object of,
            @Nullable Object key) {

        /** What is surely the same rows. */
        boolean isSame(Object other) {
            return key != null && equals(other);
        }
    }

    private static final String HIBERNATE_COLLECTION = "org.hibernate.collection.spi.PersistentCollection";
    private static final String HIBERNATE_PROXY = "org.hibernate.proxy.HibernateProxy";
    private static final String HIBERNATE_ENHANCED = "org.hibernate.engine.spi.PersistentAttributeInterceptable";
    private static final Set<String> ECLIPSELINK = Set.of(
            "org.eclipse.persistence.indirection.IndirectContainer",
            "org.eclipse.persistence.indirection.IndirectCollection");

    private final Class<?> framework;

    private Managed(Class<?> framework) {
        this.framework = framework;
    }

    /** How objects of a class are handed out; null for classes that no framework made or changed. */
    static @Nullable Managed of(@Nullable Class<?> type) {
        for (Class<?> owner = type; owner != null; owner = owner.getSuperclass()) {
            for (Class<?> implemented : owner.getInterfaces()) {
                if (isOwn(implemented)) {
                    return new Managed(implemented);
                }
                Managed inherited = of(implemented);
                if (inherited != null) {
                    return inherited;
                }
            }
        }
        return null;
    }

    /** True of an interface whose methods are the framework's business, and no properties of an entity. */
    static boolean isOwn(Class<?> type) {
        String name = type.getName();
        return name.equals(HIBERNATE_COLLECTION)
                || name.equals(HIBERNATE_PROXY)
                || name.equals(HIBERNATE_ENHANCED)
                || ECLIPSELINK.contains(name);
    }

    /**
     * What to walk in place of a value of this framework.
     *
     * @return the value itself, the object behind it, or a {@link NotLoaded}
     * @throws IllegalStateException if the value may be in use by another thread, with what to do
     */
    Object resolved(Object value) {
        return switch (framework.getName()) {
            case HIBERNATE_COLLECTION -> {
                boolean loaded = isTrue(ask(value, "wasInitialized"));
                check(value, !loaded || ask(value.getClass(), value, "getSession") != null);
                yield loaded ? value : new NotLoaded(false, ask(value, "getRole"), ask(value, "getKey"));
            }
            case HIBERNATE_PROXY -> {
                Object initializer = ask(value, "getHibernateLazyInitializer");
                boolean loaded = !isTrue(ask(interfaceOf(initializer), initializer, "isUninitialized"));
                check(value, !loaded || ask(interfaceOf(initializer), initializer, "getSession") != null);
                Object target = loaded ? ask(interfaceOf(initializer), initializer, "getImplementation") : null;
                yield target != null
                        ? target
                        : new NotLoaded(
                                true,
                                ask(interfaceOf(initializer), initializer, "getEntityName"),
                                ask(interfaceOf(initializer), initializer, "getInternalIdentifier"));
            }
            case HIBERNATE_ENHANCED -> {
                Object interceptor = interceptor(value);
                Class<?> lazy = interceptor == null ? null : lazyInterceptor(interceptor.getClass());
                check(value, lazy != null && isTrue(ask(lazy, interceptor, "hasAnyUninitializedAttributes")));
                yield value;
            }
            default -> {
                check(value, true);
                yield isTrue(ask(value, "isInstantiated")) ? value : new NotLoaded(false, null, null);
            }
        };
    }

    /** What stands for one property that is yet to be loaded; null if it can be read. */
    @Nullable
    NotLoaded unread(Object owner, String property) {
        Object interceptor = framework.getName().equals(HIBERNATE_ENHANCED) ? interceptor(owner) : null;
        Class<?> lazy = interceptor == null ? null : lazyInterceptor(interceptor.getClass());
        if (interceptor == null || lazy == null || isTrue(ask(lazy, interceptor, "isAttributeLoaded", property))) {
            return null;
        }
        return new NotLoaded(
                false,
                ask(lazy, interceptor, "getEntityName") + "." + property,
                ask(lazy, interceptor, "getIdentifier"));
    }

    private static void check(Object value, boolean attached) {
        if (attached && Borrowed.here()) {
            throw new IllegalStateException("a " + value.getClass().getName()
                    + " belongs to the caller's persistence session, which other threads must not touch:"
                    + " take a snapshot of the value (snapshot(..) on the experiment's builder), such as a copy as records,"
                    + " or compare on the caller's thread");
        }
    }

    private @Nullable Object interceptor(Object owner) {
        return ask(owner, "$$_hibernate_getInterceptor");
    }

    private static @Nullable Class<?> lazyInterceptor(Class<?> type) {
        return implemented(type, "org.hibernate.bytecode.enhance.spi.interceptor.BytecodeLazyAttributeInterceptor");
    }

    private static Class<?> interfaceOf(@Nullable Object initializer) {
        Class<?> found =
                initializer == null ? null : implemented(initializer.getClass(), "org.hibernate.proxy.LazyInitializer");
        if (found == null) {
            throw new IllegalStateException("a proxy of Hibernate without its LazyInitializer");
        }
        return found;
    }

    private static @Nullable Class<?> implemented(@Nullable Class<?> type, String name) {
        for (Class<?> owner = type; owner != null; owner = owner.getSuperclass()) {
            if (owner.getName().equals(name)) {
                return owner;
            }
            for (Class<?> implemented : owner.getInterfaces()) {
                Class<?> found = implemented(implemented, name);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private @Nullable Object ask(Object value, String method) {
        return ask(framework, value, method);
    }

    private static @Nullable Object ask(Class<?> type, @Nullable Object value, String method, String... arguments) {
        try {
            Method found =
                    type.getMethod(method, arguments.length == 0 ? new Class<?>[0] : new Class<?>[] {String.class});
            return found.invoke(value, (Object[]) arguments);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("a " + type.getName() + " failed in " + method, e.getCause());
        } catch (NoSuchMethodException e) {
            return null; // of another version of the framework
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(type.getName() + "." + method + " cannot be called", e);
        }
    }

    private static boolean isTrue(@Nullable Object answer) {
        return Boolean.TRUE.equals(answer);
    }
}
