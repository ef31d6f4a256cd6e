import org.jspecify.annotations.NullMarked;

/** Scientist for the JVM: experiments as Micrometer meters. */
@NullMarked
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Micrometer has no module descriptor
module dev.scientist.micrometer {
    requires transitive dev.scientist;
    requires transitive micrometer.core;
    requires static transitive org.jspecify;

    exports dev.scientist.micrometer;
}
