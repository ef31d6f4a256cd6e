package dev.scientist.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that old and new code do the same for every input. The method takes a {@link Parity}, and calls its
 * {@code run} with control and candidate.
 *
 * <p>Inputs come from any arguments source of JUnit, such as {@code @MethodSource}, {@code @ValueSource} or
 * {@code @CsvSource} (needs junit-jupiter-params; a source of several arguments gives a {@code List} of them, and no
 * argument is converted; before JUnit 5.13 {@code @EnumSource} must name its class), or from the method that {@link #inputs} names. By default each input is a test of its own;
 * {@link #together} makes one test of them.
 *
 * <p>Control and candidate take turns in coming first, in an order that is the same each time. Where {@link #inputs} takes
 * random numbers, their seed is reported and told with each failure; the configuration parameter or system property {@code
 * scientist.seed} fixes it.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@TestTemplate
@ExtendWith(ParityTestExtension.class)
@SuppressWarnings("exports") // JUnit alone makes the extension
public @interface ParityTest {

    /**
     * A method of the test class that returns the inputs: a stream, an iterable, an iterator or an array. Static, unless
     * all tests of the class share one instance. It takes nothing, or a {@code RandomGenerator} that has the seed.
     *
     * @return its name; empty if an arguments source gives the inputs
     */
    String inputs() default "";

    /**
     * Whether all inputs are one test, which lists those that fail. For large sets: it needs no memory for those that
     * match, and logs its progress.
     *
     * @return true for one test
     */
    boolean together() default false;

    /**
     * The seed, unless the configuration says otherwise.
     *
     * @return the seed; 0 for another one on each run
     */
    long seed() default 0;
}
