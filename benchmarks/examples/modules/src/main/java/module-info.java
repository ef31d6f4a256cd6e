/** A user's module that names each of the library's. It is a suite of tests, so it is open to JUnit. */
open module shop {
    requires dev.scientist;
    requires dev.scientist.junit;
    requires dev.scientist.micrometer;
    requires org.junit.jupiter.params;
}
