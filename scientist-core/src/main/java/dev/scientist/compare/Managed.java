package dev.scientist.compare;

import dev.scientist.Borrowed;
import dev.scientist.Difference.Kind;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a persistence framework hands out what it may have yet to load. The frameworks are known by the names of their
 * interfaces, so that none of them need be there. This is the one place that decides what becomes of such a value: it is
 * never made to load, and not touched on a thread that it does not belong to.
 */
enum Managed {
    /** A collection of Hibernate's. */
    COLLECTION("org.hibernate.collection.spi.PersistentCollection"),
    /** A reference to an entity, by Hibernate. */
    PROXY("org.hibernate.proxy.HibernateProxy"),
    /** An entity that Hibernate's bytecode enhancement changed. */
    ENHANCED("org.hibernate.engine.spi.PersistentAttributeInterceptable"),
    /** A collection of EclipseLink's. */
    INDIRECT("org.eclipse.persistence.indirection.IndirectContainer"),
    /** Our own {@link NotLoaded}. */
    NONE(NotLoaded.class.getName());

    /**
     * Something that was not loaded.
     *
     * @param reference true for a reference to a row, false for a collection or a property
     * @param of the entity, the collection's role or the property
     * @param key the identifier of the row, or of the owner; null if unknown
     */
    record NotLoaded(
            boolean reference,
            @Nullable Object of,
            @Nullable Object key) {

        /** Surely the same rows. */
        static boolean same(Object one, Object other) {
            return one instanceof NotLoaded a && a.key != null && a.equals(other);
        }

        /** References to different rows differ; else what was not loaded could be anything. */
        static Kind kind(Object one, Object other) {
            return one instanceof NotLoaded a && other instanceof NotLoaded b && a.reference && b.reference
                    ? Kind.VALUE
                    : Kind.CUT_OFF;
        }
    }

    private static final String ATTACHED = "org.hibernate.collection.spi.AbstractPersistentCollection";
    private static final String INITIALIZER = "org.hibernate.proxy.LazyInitializer";
    private static final String INTERCEPTOR =
            "org.hibernate.bytecode.enhance.spi.interceptor.BytecodeLazyAttributeInterceptor";

    private final String framework;

    Managed(String framework) {
        this.framework = framework;
    }

    /** How objects of a class are handed out; null for classes that no framework made or changed. */
    static @Nullable Managed of(Class<?> type) {
        return Arrays.stream(values())
                .filter(managed -> find(type, managed.framework) != null)
                .findFirst()
                .orElse(null);
    }

    /**
     * What to walk in place of a value.
     *
     * @return the value itself, the object behind it, or a {@link NotLoaded}
     * @throws IllegalStateException if it belongs to another thread's session, with what to do
     */
    static Object resolved(Shape shape, Object value) {
        Managed managed = shape.managed;
        if (managed == null || managed == NONE) {
            return value;
        }
        String framework = managed.framework;
        switch (managed) {
            case COLLECTION -> {
                boolean loaded = Boolean.TRUE.equals(ask(value, framework, "wasInitialized"));
                Borrowed.check(value, !loaded || ask(value, ATTACHED, "getSession") != null);
                return loaded
                        ? value
                        : new NotLoaded(false, ask(value, framework, "getRole"), ask(value, framework, "getKey"));
            }
            case PROXY -> {
                Object lazy = ask(value, framework, "getHibernateLazyInitializer");
                boolean loaded = !Boolean.TRUE.equals(ask(lazy, INITIALIZER, "isUninitialized"));
                Borrowed.check(value, !loaded || ask(lazy, INITIALIZER, "getSession") != null);
                Object target = loaded ? ask(lazy, INITIALIZER, "getImplementation") : null;
                return target != null
                        ? target
                        : new NotLoaded(
                                true,
                                ask(lazy, INITIALIZER, "getEntityName"),
                                ask(lazy, INITIALIZER, "getInternalIdentifier"));
            }
            case ENHANCED -> {
                Object lazy = ask(value, framework, "$$_hibernate_getInterceptor");
                Borrowed.check(value, Boolean.TRUE.equals(ask(lazy, INTERCEPTOR, "hasAnyUninitializedAttributes")));
                return value;
            }
            default -> {
                Borrowed.check(value, true);
                return Boolean.TRUE.equals(ask(value, framework, "isInstantiated"))
                        ? value
                        : new NotLoaded(false, null, null);
            }
        }
    }

    /** What a property holds, or that it is yet to be loaded. */
    static @Nullable Object read(Shape.Property property, Object owner) {
        if (Shape.of(owner.getClass()).managed == ENHANCED) {
            Object lazy = ask(owner, ENHANCED.framework, "$$_hibernate_getInterceptor");
            if (Boolean.FALSE.equals(ask(lazy, INTERCEPTOR, "isAttributeLoaded", property.name))) {
                String of = ask(lazy, INTERCEPTOR, "getEntityName") + "." + property.name;
                return new NotLoaded(false, of, ask(lazy, INTERCEPTOR, "getIdentifier"));
            }
        }
        return property.of(owner);
    }

    /** Asks a method of an interface or class; null if the value is none of these, or that has no such method. */
    private static @Nullable Object ask(@Nullable Object value, String type, String method, Object... arguments) {
        Class<?> owner = value == null ? null : find(value.getClass(), type);
        if (owner == null) {
            return null;
        }
        Class<?>[] types = Arrays.stream(arguments).map(Object::getClass).toArray(Class<?>[]::new);
        try {
            return owner.getMethod(method, types).invoke(value, arguments);
        } catch (NoSuchMethodException e) {
            return null;
        } catch (InvocationTargetException | IllegalAccessException e) {
            throw new IllegalStateException("asking a " + owner.getName() + " for its " + method + " failed", e);
        }
    }

    private static @Nullable Class<?> find(@Nullable Class<?> type, String name) {
        if (type == null || type.getName().equals(name)) {
            return type;
        }
        for (Class<?> implemented : List.of(type.getInterfaces())) {
            Class<?> found = find(implemented, name);
            if (found != null) {
                return found;
            }
        }
        return find(type.getSuperclass(), name);
    }
}
