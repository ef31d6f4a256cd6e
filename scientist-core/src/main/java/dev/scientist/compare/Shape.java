package dev.scientist.compare;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the objects of one class are made of, and how to read it. Immutable and thread-safe. Kept with the class itself,
 * so that it goes when the class does.
 */
final class Shape {

    /** One thing to read of an object. */
    static final class Property {

        private static final MethodType AS_OBJECT = MethodType.methodType(Object.class, Object.class);
        private static final MethodType AS_LONG = MethodType.methodType(long.class, Object.class);
        private static final MethodHandle DOUBLE_BITS = doubleBits();

        final String name;
        /** True if it can be read as bits, without a box. */
        final boolean primitive;

        private final MethodHandle object;
        private final MethodHandle bits;

        Property(String name, MethodHandle reader) {
            this.name = name;
            Class<?> type = reader.type().returnType();
            primitive = type.isPrimitive();
            object = reader.asType(AS_OBJECT);
            bits = !primitive
                    ? object
                    : type == double.class || type == float.class
                            ? MethodHandles.filterReturnValue(
                                            reader.asType(reader.type().changeReturnType(double.class)), DOUBLE_BITS)
                                    .asType(AS_LONG)
                            : MethodHandles.explicitCastArguments(reader, AS_LONG);
        }

        /** What the getter throws comes out as it is. */
        @Nullable
        Object of(Object owner) {
            try {
                return (Object) object.invokeExact(owner);
            } catch (Throwable thrown) {
                throw Shape.<RuntimeException>unchecked(thrown);
            }
        }

        /** True if both owners' bits are the same: NaN equals NaN, and 0.0 is not -0.0, as boxes have it. */
        boolean sameBits(Object control, Object candidate) {
            try {
                return (long) bits.invokeExact(control) == (long) bits.invokeExact(candidate);
            } catch (Throwable thrown) {
                throw Shape.<RuntimeException>unchecked(thrown);
            }
        }

        private static MethodHandle doubleBits() {
            try {
                return MethodHandles.publicLookup()
                        .findStatic(Double.class, "doubleToLongBits", MethodType.methodType(long.class, double.class));
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }

    private static final ClassValue<Shape> OF_RECORD = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
            return record(type);
        }
    };
    private static final ClassValue<Shape> OF_GETTERS = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
            return getters(type);
        }
    };
    private static final ClassValue<Shape> OF_FIELDS = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
            return fields(type);
        }
    };

    /** Final classes whose equals looks at their values and cannot go astray. */
    private static final Set<Class<?>> PLAIN = Set.of(
            Boolean.class,
            Byte.class,
            Character.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            String.class,
            UUID.class,
            BigDecimal.class,
            BigInteger.class);

    final Property[] properties;
    /** The record's equals was written by a person. */
    final boolean ownEquals;
    /** The record's equals was generated, and of nothing but plain values: it is right, and cannot recurse. */
    final boolean plain;

    private Shape(List<Property> properties, boolean ownEquals, boolean plain) {
        this.properties = properties.toArray(Property[]::new);
        this.ownEquals = ownEquals;
        this.plain = plain;
    }

    static Shape ofRecord(Class<?> type) {
        return OF_RECORD.get(type);
    }

    static Shape ofGetters(Class<?> type) {
        return OF_GETTERS.get(type);
    }

    static Shape ofFields(Class<?> type) {
        return OF_FIELDS.get(type);
    }

    private static Shape record(Class<?> type) {
        List<Property> properties = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            Method accessor = component.getAccessor();
            properties.add(new Property(component.getName(), reader(type, accessor, "components")));
        }
        return new Shape(properties, hasOwnEquals(type), isPlainRecord(type, new HashSet<>()));
    }

    /** The generated equals of a record is final; that of a person hardly ever is. */
    private static boolean hasOwnEquals(Class<?> type) {
        try {
            return !Modifier.isFinal(
                    type.getDeclaredMethod("equals", Object.class).getModifiers());
        } catch (NoSuchMethodException e) {
            return true;
        }
    }

    private static boolean isPlainRecord(Class<?> type, Set<Class<?>> within) {
        if (!within.add(type) || hasOwnEquals(type)) {
            return false;
        }
        for (RecordComponent component : type.getRecordComponents()) {
            Class<?> part = component.getType();
            // overridden accessors may show something else than what equals looks at, but hardly something worse
            if (!part.isPrimitive() && !isPlain(part) && !(part.isRecord() && isPlainRecord(part, within))) {
                return false;
            }
        }
        within.remove(type);
        return true;
    }

    /** True of types whose equals looks at values, has a hash code to match, and cannot go astray. */
    static boolean isPlain(Class<?> type) {
        return PLAIN.contains(type)
                || type.isEnum()
                || (Modifier.isFinal(type.getModifiers()) && type.getName().startsWith("java.time."));
    }

    private static Shape getters(Class<?> type) {
        Map<String, Method> found = new TreeMap<>();
        for (Method method : type.getMethods()) {
            String name = property(method);
            if (name != null && !method.isBridge() && !Modifier.isStatic(method.getModifiers())) {
                // getX goes before isX, also by the alphabet
                found.merge(name, method, BinaryOperator.minBy(Comparator.comparing(Method::getName)));
            }
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException(type.getName() + " has no public getters to compare it by");
        }
        List<Property> properties = new ArrayList<>();
        found.forEach((name, method) -> properties.add(new Property(name, reader(type, method, "getters"))));
        return new Shape(properties, false, false);
    }

    /** The name of the property that a method gets, by the rules of JavaBeans; null if it is no getter. */
    private static @Nullable String property(Method method) {
        String name = method.getName();
        int prefix = name.startsWith("get")
                ? 3
                : name.startsWith("is") && method.getReturnType() == boolean.class ? 2 : name.length();
        if (prefix >= name.length()
                || method.getParameterCount() > 0
                || method.getReturnType() == void.class
                || method.getDeclaringClass() == Object.class) {
            return null;
        }
        String rest = name.substring(prefix);
        boolean acronym =
                rest.length() > 1 && Character.isUpperCase(rest.charAt(0)) && Character.isUpperCase(rest.charAt(1));
        return acronym ? rest : Character.toLowerCase(rest.charAt(0)) + rest.substring(1);
    }

    private static Shape fields(Class<?> type) {
        List<Property> properties = new ArrayList<>();
        for (Class<?> owner = type; owner != null; owner = owner.getSuperclass()) {
            for (Field field : owner.getDeclaredFields()) {
                int modifiers = field.getModifiers();
                if (!Modifier.isStatic(modifiers) && !field.isSynthetic()) {
                    properties.add(new Property(field.getName(), reader(type, field, "fields")));
                }
            }
        }
        return new Shape(properties, false, false);
    }

    private static <M extends AccessibleObject & Member> MethodHandle reader(Class<?> type, M member, String what) {
        try {
            member.trySetAccessible();
            return member instanceof Method method
                    ? MethodHandles.lookup().unreflect(method)
                    : MethodHandles.lookup().unreflectGetter((Field) (Member) member);
        } catch (IllegalAccessException e) {
            Class<?> owner = member.getDeclaringClass();
            Module closed = owner.getModule();
            Module own = Shape.class.getModule();
            String reader = own.isNamed() ? own.getName() : "ALL-UNNAMED";
            throw new IllegalStateException(
                    "cannot read the " + what + " of " + type.getName() + ": module " + closed.getName()
                            + " does not open its package " + owner.getPackageName() + " to " + reader
                            + ". Start Java with --add-opens " + closed.getName() + "/" + owner.getPackageName() + "="
                            + reader + ", open the package in its module-info.java if it is yours,"
                            + " or give the type a comparator: forType(" + type.getSimpleName() + ".class, …)",
                    e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> X unchecked(Throwable thrown) throws X {
        throw (X) thrown;
    }
}
