/** Writing and reading JSON, for the other packages alone: it is not exported. */
@org.jspecify.annotations.NullMarked
package dev.scientist.json;
