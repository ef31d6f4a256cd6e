package dev.scientist;

/** Stands in the place of a value that must not be shown. */
enum Withheld {
    CLEANER_FAILED;

    @Override
    public String toString() {
        return "(withheld: the cleaner failed)";
    }
}
