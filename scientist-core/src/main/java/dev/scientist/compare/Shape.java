package dev.scientist.compare;

import dev.scientist.Notice;
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
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the objects of one class are made of, and how to read it. Immutable and thread-safe. Kept with the class itself,
 * so that it goes when the class does.
 */
final class Shape {

    /** One thing to read of an object. */
    static final class Property {

        private static final MethodType AS_OBJECT = MethodType.methodType(Object.class, Object.class);

        final String name;
        /** True if it can be compared without a box. */
        final boolean primitive;
        /** It tells of which sort an object is, and not what it holds. */
        final boolean flag;

        private final boolean floating;
        private final MethodHandle object;
        private final MethodHandle number;

        Property(String name, MethodHandle reader) {
            this.name = name;
            Class<?> type = reader.type().returnType();
            primitive = type.isPrimitive();
            flag = type == boolean.class || type == Class.class || type.isEnum();
            floating = type == double.class || type == float.class;
            object = reader.asType(AS_OBJECT);
            MethodType asNumber = AS_OBJECT.changeReturnType(floating ? double.class : long.class);
            number = primitive ? MethodHandles.explicitCastArguments(reader, asNumber) : object;
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

        /** Compares primitives as their boxes do: NaN equals NaN, and 0.0 is not -0.0. */
        boolean same(Object control, Object candidate) {
            try {
                return floating
                        ? Double.compare((double) number.invokeExact(control), (double) number.invokeExact(candidate))
                                == 0
                        : (long) number.invokeExact(control) == (long) number.invokeExact(candidate);
            } catch (Throwable thrown) {
                throw Shape.<RuntimeException>unchecked(thrown);
            }
        }
    }

    /**
     * Of classes that are never unloaded. What a ClassValue has of them would keep this library's class loader alive, and
     * so that of each application that has it among its own jars.
     */
    private static final Map<Class<?>, Shape> OF_JDK = new ConcurrentHashMap<>();

    private static final ClassValue<Shape> SHAPES = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
            return new Shape(type);
        }
    };

    /** Beside the boxes of primitives: classes whose equals looks at their values and cannot go astray. */
    private static final Set<Class<?>> PLAIN = Set.of(String.class, UUID.class, BigDecimal.class, BigInteger.class);

    /** What an object is to the walk; objects of different forms differ in type. */
    enum Form {
        RECORD,
        TEXT,
        MAP,
        ENTRY,
        SET,
        /** Elements without an order that anybody could rely on. */
        BAG,
        SEQUENCE,
        OBJECTS,
        PRIMITIVES,
        /** Holds one value or an array. */
        HOLDER,
        THROWABLE,
        GETTERS,
        FIELDS,
        VALUE
    }

    /** The class that its objects stand for: that of an entity, where a framework made a subclass of it at run time. */
    final Class<?> type;
    /** Without regard to settings: never by getters or fields. */
    final Form form;
    /** How a persistence framework hands it out; null for all other classes. */
    final @Nullable Managed managed;
    /** The record's equals was written by a person. */
    final boolean ownEquals;
    /** The class itself, or the record's equals, looks at nothing but plain values: it is right, and cannot recurse. */
    final boolean plain;
    /** A class of the JDK. */
    final boolean ofJdk;

    /** Its objects are equal to nothing but themselves, or are compared in a way of their own. */
    final boolean byIdentity;

    private final Map<Form, Property[]> properties = new ConcurrentHashMap<>();
    private volatile Property @Nullable [] hidden;

    private Shape(Class<?> type) {
        managed = Managed.of(type);
        this.type = standsFor(type);
        form = form(type);
        ownEquals = type.isRecord() && hasOwnEquals(type);
        byIdentity = equalsOf(type).getDeclaringClass() == Object.class;
        plain = type.isRecord() ? isPlainRecord(type, new HashSet<>()) : isPlain(type);
        ofJdk = type.getName().startsWith("java.");
    }

    static Shape of(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        if (loader != null && loader != ClassLoader.getPlatformClassLoader()) {
            return SHAPES.get(type);
        }
        Shape known = OF_JDK.get(type);
        if (known == null) {
            known = new Shape(type);
            OF_JDK.put(type, known);
        }
        return known;
    }

    private static Form form(Class<?> type) {
        if (type.isRecord()) {
            return Form.RECORD;
        } else if (type.isArray()) {
            return type.getComponentType().isPrimitive() ? Form.PRIMITIVES : Form.OBJECTS;
        } else if (Holders.isHolder(type)) {
            return Form.HOLDER;
        } else if (is(type, CharSequence.class)) {
            return Form.TEXT;
        } else if (is(type, Collection.class)) {
            boolean heap = is(type, PriorityQueue.class)
                    || is(type, PriorityBlockingQueue.class)
                    || is(type, DelayQueue.class);
            return heap ? Form.BAG : is(type, Set.class) ? Form.SET : Form.SEQUENCE;
        } else if (is(type, Map.class)) {
            return Form.MAP;
        }
        return is(type, Map.Entry.class) ? Form.ENTRY : is(type, Throwable.class) ? Form.THROWABLE : Form.VALUE;
    }

    private static boolean is(Class<?> type, Class<?> wanted) {
        return wanted.isAssignableFrom(type);
    }

    /**
     * The superclass of what was generated at run time: its name continues that of the superclass, though it is no member
     * of it and no anonymous or local class.
     */
    private static Class<?> standsFor(Class<?> type) {
        Class<?> superclass = type.getSuperclass();
        boolean generated = superclass != null
                && superclass != Object.class
                && (type.getName().startsWith(superclass.getName() + "$")
                        || type.getName().startsWith(superclass.getName() + "_"))
                && !type.isAnonymousClass()
                && !type.isLocalClass()
                && (type.getSimpleName().contains("$") || type.getSimpleName().endsWith("_ClientProxy"));
        return generated ? standsFor(superclass) : type;
    }

    /** The properties that a walk in this form looks at. */
    Property[] properties(Form way) {
        Property[] known = properties.get(way);
        return known != null ? known : properties.computeIfAbsent(way, this::read);
    }

    private Property[] read(Form way) {
        return switch (way) {
            case RECORD -> record(type);
            case FIELDS -> fields(type, field -> true);
            case ENTRY -> getters(Map.Entry.class);
            case THROWABLE ->
                Arrays.stream(getters(Throwable.class))
                        .filter(property -> property.name.equals("message"))
                        .toArray(Property[]::new);
            default -> getters(type);
        };
    }

    static List<String> names(Property[] properties) {
        return Arrays.stream(properties).map(property -> property.name).toList();
    }

    /** What an object of another class is compared with by name: components, else getters, else fields. */
    Property[] named() {
        if (form != Form.RECORD && (form != Form.VALUE || ofJdk || type.isEnum())) {
            return new Property[0];
        }
        Property[] own = properties(form == Form.RECORD ? form : Form.GETTERS);
        return own.length > 0 ? own : properties(Form.FIELDS);
    }

    /**
     * The fields that getters do not show, of a class that tells by its equals that it holds more than they do, or whose
     * getters are flags alone, such as isEmpty.
     */
    Property[] hidden() {
        Property[] known = hidden;
        if (known == null) {
            Property[] getters = properties(Form.GETTERS);
            boolean hides = getters.length > 0
                    && form == Form.VALUE
                    && !ofJdk
                    && (!byIdentity || Arrays.stream(getters).allMatch(getter -> getter.flag));
            List<String> shown = names(getters);
            known = hides ? fields(type, field -> !isShown(field, shown)) : new Property[0];
            hidden = known;
        }
        return known;
    }

    /** Caches are transient; what a superclass of the JDK's has in it is its own affair. */
    private static boolean isShown(Field field, List<String> shown) {
        String name = field.getName();
        return Modifier.isTransient(field.getModifiers())
                || field.getDeclaringClass().getName().startsWith("java.")
                || shown.stream()
                        .anyMatch(each -> name.equalsIgnoreCase(each)
                                || name.equalsIgnoreCase("_" + each)
                                || name.equalsIgnoreCase("is" + each));
    }

    private static Property[] record(Class<?> type) {
        List<Property> properties = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            properties.add(new Property(component.getName(), reader(type, component.getAccessor(), "components")));
        }
        return properties.toArray(Property[]::new);
    }

    /** The generated equals of a record is final; that of a person hardly ever is. */
    private static boolean hasOwnEquals(Class<?> type) {
        return !Modifier.isFinal(equalsOf(type).getModifiers());
    }

    private static Method equalsOf(Class<?> type) {
        try {
            return type.isPrimitive() ? equalsOf(Object.class) : type.getMethod("equals", Object.class);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("every class has it", e);
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
                || MethodType.methodType(type).unwrap().returnType() != type
                || type.isEnum()
                || (Modifier.isFinal(type.getModifiers()) && type.getName().startsWith("java.time."));
    }

    private static Property[] getters(Class<?> type) {
        Map<String, Method> found = new TreeMap<>();
        for (Method method : type.getMethods()) {
            String name = property(method);
            if (name != null && !method.isBridge() && !Modifier.isStatic(method.getModifiers())) {
                // getX goes before isX, also by the alphabet
                found.merge(name, method, BinaryOperator.minBy(Comparator.comparing(Method::getName)));
            }
        }
        List<Property> properties = new ArrayList<>();
        found.forEach((name, method) -> properties.add(new Property(name, reader(type, method, "getters"))));
        return properties.toArray(Property[]::new);
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

    private static Property[] fields(Class<?> type, Predicate<Field> wanted) {
        List<Property> properties = new ArrayList<>();
        for (Class<?> owner = type; owner != null; owner = owner.getSuperclass()) {
            for (Field field : owner.getDeclaredFields()) {
                int modifiers = field.getModifiers();
                // what a framework wove in is none of the object's own
                if (!Modifier.isStatic(modifiers)
                        && !field.isSynthetic()
                        && !field.getName().startsWith("$$_")
                        && wanted.test(field)) {
                    properties.add(new Property(field.getName(), reader(type, field, "fields")));
                }
            }
        }
        return properties.toArray(Property[]::new);
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
            Notice closedModule =
                    new Notice("cannot read the " + what + " of " + type.getName() + ": module " + closed.getName()
                            + " does not open its package " + owner.getPackageName() + " to " + reader
                            + ". Start Java with --add-opens " + closed.getName() + "/" + owner.getPackageName() + "="
                            + reader + ", open the package in its module-info.java if it is yours,"
                            + " or give the type a comparator: forType(" + type.getSimpleName() + ".class, …)");
            closedModule.initCause(e);
            throw closedModule;
        }
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> X unchecked(Throwable thrown) throws X {
        throw (X) thrown;
    }
}
