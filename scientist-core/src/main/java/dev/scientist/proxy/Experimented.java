package dev.scientist.proxy;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes an experiment also of a method that returns nothing: its side effects happen twice, once by the control and
 * once by the candidate. Methods that return something are experiments without it.
 *
 * @see Implementing
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Experimented {}
