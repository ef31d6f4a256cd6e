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
 * <p>Mismatches that differ in the same way are folded: three inputs are taken of them, the smallest among these. The
 * test's name says how often they occurred and how many inputs were left out. Mismatches without an input are tests that
 * are skipped. Lines that are no records are skipped, and told as report entries and in the log. Each input is read as the
 * type that the method's {@link Parity} takes, {@link dev.scientist.proxy.Arguments} where a method has several
 * parameters.
 *
 * <p>The test fails where the control returned when the mismatch was recorded and throws now, or the other way round: then
 * the mismatch is not replayed.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface MismatchSource {

    /**
     * Where the mismatches are: a resource of the class path, beside the test class or from the root with a slash
     * before; else a file. Older files that a writer renamed, {@code name.1} and so on, are read too.
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
     * How many different inputs to take of mismatches that differ in the same way: the smallest, and the first of the others.
     *
     * @return at least 1
     */
    int inputsPerPlace() default 3;

    /**
     * What reads the inputs; has a constructor without parameters.
     *
     * @return the codec; unless told otherwise {@link dev.scientist.replay.JacksonCodec}, which needs Jackson
     */
    Class<? extends Codec> codec() default Codec.class;
}
