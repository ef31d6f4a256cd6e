package dev.scientist.examples.calendar;

/** The kinds of mismatch that occur: what the two APIs really do. {@link Explainer} tells them apart. */
enum Kind {
    BEFORE_1900(
            "another offset before 1900",
            "java.util.TimeZone has no transitions before 1900: for all the time before, it takes the zone's latest"
                    + " standard offset. java.time has the offsets of that time, mostly local mean time, to the second."),
    BEYOND_TABLE(
            "another offset in 2037",
            "The table of transitions that java.util.TimeZone has ends in 2037. From its last entry on it goes by a yearly"
                    + " rule, which may not hold yet in that year. java.time has the transitions themselves."),
    JULIAN_DATE(
            "Julian date",
            "GregorianCalendar counts the days before 1582-10-15 by the Julian calendar, as people did then. java.time"
                    + " extends the Gregorian calendar into the past."),
    OCCURS_TWICE(
            "local time that occurs twice",
            "Clocks were set back, so that the local time asked for occurs twice. GregorianCalendar takes the second."
                    + " java.time keeps the offset of the moment it started from if that fits, else it takes the first."),
    MIDNIGHT_IN_GAP(
            "midnight inside a gap",
            "Clocks were set forward from before midnight to after it. java.time begins the day with the first time that"
                    + " exists. GregorianCalendar moves 00:00 on by the length of the gap, and so misses the beginning."),
    SHORT_DAY(
            "day of less than 24 hours",
            "Clocks were set forward in between. The old code divides the time from midnight to midnight by 24 hours,"
                    + " which loses the short day. java.time counts dates."),
    SKIPPED_DATE(
            "date that never was",
            "The zone changed sides of the date line and skipped a date. The old code divides the time that went by,"
                    + " java.time counts the skipped date as a day."),
    FRACTION(
            "fraction of a second",
            "The moment lies between two seconds. The pattern of the old code drops the fraction, ISO_OFFSET_DATE_TIME"
                    + " prints it."),
    UNEXPLAINED("unexplained", "None of the known kinds: to be looked into.");

    private final String title;
    private final String explanation;

    Kind(String title, String explanation) {
        this.title = title;
        this.explanation = explanation;
    }

    String title() {
        return title;
    }

    String explanation() {
        return explanation;
    }
}
