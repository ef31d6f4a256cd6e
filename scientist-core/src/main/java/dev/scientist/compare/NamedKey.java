package dev.scientist.compare;

import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The key of an element that is one of its properties. */
record NamedKey(String property) implements Function<Object, @Nullable Object> {

    @Override
    public @Nullable Object apply(Object element) {
        Shape shape = Shape.of(element.getClass());
        Object resolved = Managed.resolved(shape, element);
        if (resolved != element) {
            // two references that were not loaded have the same key if they are to the same row
            return resolved instanceof Managed.NotLoaded ? resolved : apply(resolved);
        }
        if (element instanceof Map<?, ?> map && map.containsKey(property)) {
            return map.get(property);
        }
        Shape.Property[] known = shape.named();
        for (Shape.Property candidate : known) {
            if (candidate.name.equals(property)) {
                return candidate.of(element);
            }
        }
        throw new IllegalArgumentException("pairing by '" + property + "': a "
                + element.getClass().getName() + " has no such property"
                + (known.length == 0 ? "" : "; there are " + String.join(", ", Shape.names(known))));
    }
}
