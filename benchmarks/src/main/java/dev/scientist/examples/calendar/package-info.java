/**
 * A migration from start to end: the calendar code of an old application, written with {@link java.util.Calendar}, and
 * its rewrite with {@code java.time}, each operation of it in an experiment, over all that the JDK's own time-zone
 * database knows. Begin with {@link dev.scientist.examples.calendar.CalendarMigration}.
 */
@NullMarked
package dev.scientist.examples.calendar;

import org.jspecify.annotations.NullMarked;
