package dev.scientist.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How many results a test must see: an experiment that never ran proves nothing. A run whose gate was closed gives no
 * result. Without this annotation a test that defines experiments with the {@link dev.scientist.Scientist} it was
 * handed must see one result of any of them. On a method, or on a class for the methods that have none of their own.
 * Needs {@link ScientistExtension}.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Repeatable(AtLeastRuns.All.class)
public @interface AtLeastRuns {

    /**
     * How many.
     *
     * @return the number of results; 0 asks for nothing
     */
    long value();

    /**
     * Of which experiment.
     *
     * @return its name; empty for all experiments together
     */
    String experiment() default "";

    /** Holds several. */
    @Target({ElementType.TYPE, ElementType.METHOD})
    @Retention(RetentionPolicy.RUNTIME)
    @Documented
    @interface All {

        /**
         * What is asked for.
         *
         * @return each one
         */
        AtLeastRuns[] value();
    }
}
