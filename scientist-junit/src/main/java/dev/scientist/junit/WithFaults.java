package dev.scientist.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes the parts around a test's experiments misbehave, for tests that the code under test does not notice. Needs
 * {@link ScientistExtension}; on a method, or on a class for the methods that have none of their own.
 *
 * <p>The {@link dev.scientist.Scientist} that the test is handed has one more publisher, one more supplier of context
 * and a default gate, all with faults, but none that hangs: they may run on the thread of the test. Candidates and comparators cannot be reached from there: the test takes the
 * {@link Faults} as a parameter and wraps them. What the experiments find is then no reason to fail: mismatches,
 * failures and drops are what the faults cause. The test fails by its own assertions, or if no fault struck, since that
 * proves nothing.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface WithFaults {

    /**
     * What can happen.
     *
     * @return the kinds; none for all but {@link Fault#HANG}
     */
    Fault[] value() default {};

    /**
     * How likely each call of a part is struck.
     *
     * @return from 0 to 1
     */
    double probability() default 0.2;

    /**
     * The seed, unless the configuration parameter or system property {@code scientist.seed} says otherwise.
     *
     * @return the seed; 0 for another one on each run
     */
    long seed() default 0;
}
