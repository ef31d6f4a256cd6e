package dev.scientist.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says that a test is to see a mismatch: it fails when there is none, and the expected mismatches do not fail it. On a
 * method, or on a class for the methods that have none of their own. Needs {@link ScientistExtension}.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Repeatable(ExpectMismatch.All.class)
public @interface ExpectMismatch {

    /**
     * Which experiment mismatches.
     *
     * @return its name; empty for any
     */
    String value() default "";

    /**
     * Where it may differ. A mismatch with a difference anywhere else is not the expected one.
     *
     * @return places as in {@link dev.scientist.Comparison#places()}, such as {@code lines[*].price}, {@code (whole
     *     value)} or {@code (threw IOException)}; none for anywhere
     */
    String[] at() default {};

    /** Holds several. */
    @Target({ElementType.TYPE, ElementType.METHOD})
    @Retention(RetentionPolicy.RUNTIME)
    @Documented
    @interface All {

        /**
         * What is expected.
         *
         * @return each one
         */
        ExpectMismatch[] value();
    }
}
