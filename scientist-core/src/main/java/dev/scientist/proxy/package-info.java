/** Whole interfaces whose methods are experiments: see {@link dev.scientist.proxy.Implementing}. */
@NullMarked
package dev.scientist.proxy;

import org.jspecify.annotations.NullMarked;
