/**
 * The contracts and the engine. Start at {@link dev.scientist.Scientist}; the way of one run is
 * {@link dev.scientist.Experiment#run(Behavior, Behavior)}.
 */
@NullMarked
package dev.scientist;

import org.jspecify.annotations.NullMarked;
