package dev.scientist.junit;

import dev.scientist.Comparison;
import dev.scientist.Result;
import java.lang.annotation.Annotation;
import java.lang.annotation.Repeatable;
import java.lang.reflect.AnnotatedElement;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * What the annotations of a test ask for. Immutable and thread-safe.
 *
 * @param expected the mismatches to see
 * @param allowedReasons the only reasons for which differences may be ignored, null for any
 * @param runs how many results to see; empty if nothing was said
 * @param faults what is to misbehave, null for nothing
 */
record Rules(
        List<ExpectMismatch> expected,
        @Nullable Set<String> allowedReasons,
        List<AtLeastRuns> runs,
        @Nullable WithFaults faults) {

    static Rules of(ExtensionContext context) {
        List<AllowIgnored> allowed = closest(context, AllowIgnored.class);
        List<WithFaults> faults = closest(context, WithFaults.class);
        return new Rules(
                closest(context, ExpectMismatch.class),
                allowed.isEmpty() ? null : Set.of(allowed.get(0).value()),
                closest(context, AtLeastRuns.class),
                faults.isEmpty() ? null : faults.get(0));
    }

    /** What applies to each single input. */
    Rules ofParity() {
        return new Rules(List.of(), allowedReasons, List.of(), null);
    }

    /** Those on the method, else on its class, else on the enclosing class, and so on outwards. */
    private static <A extends Annotation> List<A> closest(ExtensionContext context, Class<A> type) {
        AnnotatedElement element = context.getElement().orElse(null);
        List<A> found = element == null ? List.of() : annotations(element, type);
        Class<?> holder = context.getTestClass().orElse(null);
        while (found.isEmpty() && holder != null) {
            found = annotations(holder, type);
            holder = holder.getEnclosingClass();
        }
        return found;
    }

    private static <A extends Annotation> List<A> annotations(AnnotatedElement element, Class<A> type) {
        return type.isAnnotationPresent(Repeatable.class)
                ? AnnotationSupport.findRepeatableAnnotations(element, type)
                : AnnotationSupport.findAnnotation(element, type).map(List::of).orElse(List.of());
    }

    /** The index of the first expectation that a mismatch meets, -1 if it meets none. */
    int expectationMet(Result<?> result, Comparison<?> comparison) {
        for (int i = 0; i < expected.size(); i++) {
            ExpectMismatch expectation = expected.get(i);
            if (isNamed(expectation.value(), result.experiment().name()) && isAt(expectation.at(), comparison)) {
                return i;
            }
        }
        return -1;
    }

    boolean allowsToIgnore(Comparison<?> comparison) {
        String reason = comparison.ignoredBecause();
        return allowedReasons == null || (reason != null && allowedReasons.contains(reason));
    }

    static boolean isNamed(String wanted, String name) {
        return wanted.isEmpty() || wanted.equals(name);
    }

    private static boolean isAt(String[] places, Comparison<?> comparison) {
        Set<String> allowed = Set.of(places);
        return allowed.isEmpty() || allowed.containsAll(comparison.places());
    }
}
