package dev.scientist.junit;

import dev.scientist.replay.Codec;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The inputs of a {@link ParityTest}: those of mismatches that a {@link dev.scientist.replay.MismatchWriter} wrote down
 * with a codec. So what was seen in production is a regression test.
 *
 * <p>Mismatches that differ in the same places are folded into one, the first of them; the test's name says how often
 * they occurred. A last line that is torn is skipped, and told as a report entry. Each input is read as the type that the
 * method's {@link Parity} takes.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface MismatchSource {

    /**
     * Where the mismatches are: a resource of the class path, beside the test class or from the root with a slash
     * before; else a file.
     *
     * @return its name
     */
    String value();

    /**
     * Takes the mismatches of one experiment alone.
     *
     * @return its name; empty for those of all
     */
    String experiment() default "";

    /**
     * How many different inputs to take of mismatches that differ in the same places.
     *
     * @return at least 1
     */
    int inputsPerPlace() default 1;

    /**
     * What reads the inputs; has a constructor without parameters.
     *
     * @return the codec; unless told otherwise {@link dev.scientist.replay.JacksonCodec}, which needs Jackson
     */
    Class<? extends Codec> codec() default Codec.class;
}
