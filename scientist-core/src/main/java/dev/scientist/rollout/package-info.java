/**
 * From shadow to cut-over, and back by itself. {@link dev.scientist.rollout.Rollout} runs an experiment by the
 * {@link dev.scientist.rollout.Stage} that a flag or a call sets: first in the shadow, then for few callers the candidate
 * is served, then for more, then for all; {@link dev.scientist.rollout.WayBack} says what harm ends that at once.
 */
@NullMarked
package dev.scientist.rollout;

import org.jspecify.annotations.NullMarked;
