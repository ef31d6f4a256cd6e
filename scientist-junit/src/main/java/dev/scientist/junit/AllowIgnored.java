package dev.scientist.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the only reasons for which differences may be ignored in a test: one that is ignored for another reason fails
 * it. With none, nothing may be ignored. Without this annotation every ignore rule of the experiment is respected. On a
 * method, or on a class for the methods that have none of their own. Needs {@link ScientistExtension}.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface AllowIgnored {

    /**
     * The allowed reasons.
     *
     * @return reasons as they were given to the experiment's ignore rules
     */
    String[] value() default {};
}
