/**
 * Ready-made comparators: see {@link dev.scientist.compare.Comparators}; the one that walks whole object graphs is
 * {@link dev.scientist.compare.StructuralComparator}.
 */
@NullMarked
package dev.scientist.compare;

import org.jspecify.annotations.NullMarked;
