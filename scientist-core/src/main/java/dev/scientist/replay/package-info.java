/** Mismatches that were seen in production, written down to be tests one day. */
@org.jspecify.annotations.NullMarked
package dev.scientist.replay;
