/** Ready-made gates: see {@link dev.scientist.gate.Gates}. */
@NullMarked
package dev.scientist.gate;

import org.jspecify.annotations.NullMarked;
