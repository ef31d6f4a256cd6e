/** Ready-made publishers. */
@NullMarked
package dev.scientist.publish;

import org.jspecify.annotations.NullMarked;
