package dev.scientist.compare;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The key of an element that is one of its properties. */
record NamedKey(String property) implements Function<Object, @Nullable Object> {

    @Override
    public @Nullable Object apply(Object element) {
        Shape shape = Shape.of(element.getClass());
        if (shape.managed != null) {
            Object resolved = shape.managed.resolved(element);
            if (resolved != element) {
                // two references that were not loaded have the same key if they are to the same row
                return resolved instanceof Managed.NotLoaded ? resolved : apply(resolved);
            }
        }
        if (element instanceof Map<?, ?> map && map.containsKey(property)) {
            return map.get(property);
        }
        Shape.Property[] named = shape.named();
        if (named != null) {
            for (Shape.Property candidate : named) {
                if (candidate.name.equals(property)) {
                    return candidate.of(element);
                }
            }
        }
        if (named == null || shape.form != Shape.Form.RECORD) {
            for (Shape.Property field : shape.ofJdk ? new Shape.Property[0] : shape.properties(Shape.Form.FIELDS)) {
                if (field.name.equals(property)) {
                    return field.of(element);
                }
            }
        }
        throw new IllegalArgumentException("pairing by '" + property + "': a "
                + element.getClass().getName()
                + " has no such property"
                + (named == null
                        ? ""
                        : "; there are "
                                + String.join(
                                        ", ",
                                        Arrays.stream(named)
                                                .map(one -> one.name)
                                                .toList())));
    }
}
