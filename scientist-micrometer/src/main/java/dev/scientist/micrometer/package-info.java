/** Experiments as Micrometer meters, and on request as observations; dashboards and alerts are among the resources. */
@NullMarked
package dev.scientist.micrometer;

import org.jspecify.annotations.NullMarked;
