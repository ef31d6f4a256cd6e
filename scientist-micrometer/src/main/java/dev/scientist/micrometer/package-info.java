/** Experiments as Micrometer meters. */
@NullMarked
package dev.scientist.micrometer;

import org.jspecify.annotations.NullMarked;
