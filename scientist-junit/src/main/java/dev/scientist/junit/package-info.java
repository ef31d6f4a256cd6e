/** Parity of old and new code in test suites. */
@NullMarked
package dev.scientist.junit;

import org.jspecify.annotations.NullMarked;
