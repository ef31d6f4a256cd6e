import org.jspecify.annotations.NullMarked;

/** Scientist for the JVM: experiments as Micrometer meters, and on request as observations. */
@NullMarked
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Micrometer has no module descriptors
module dev.scientist.micrometer {
    requires transitive dev.scientist;
    requires transitive micrometer.core;
    requires transitive micrometer.commons;
    // for ExperimentObservations alone
    requires static micrometer.observation;
    // for SnapshotPropagator alone
    requires static context.propagation;
    requires static org.jspecify;

    exports dev.scientist.micrometer;
}
