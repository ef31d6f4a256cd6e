import org.jspecify.annotations.NullMarked;

/** Scientist for the JVM: parity of old and new code in test suites. */
@NullMarked
module dev.scientist.junit {
    requires transitive dev.scientist;
    requires transitive org.assertj.core;
    requires static org.jspecify;
    requires transitive org.junit.jupiter.api;
    requires org.junit.platform.commons;
    requires org.opentest4j;
    requires static org.junit.jupiter.params;
    // for JacksonCodec alone
    requires static com.fasterxml.jackson.databind;
    requires static tools.jackson.databind;

    exports dev.scientist.junit;

    provides dev.scientist.Publisher with
            dev.scientist.junit.Watch;

    // extensions that are not public are made by JUnit
    opens dev.scientist.junit to
            org.junit.platform.commons;
}
