package dev.scientist;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rules that let someone see the architecture from the folders. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(new ImportOption.DoNotIncludeJars())
            .importPackages("dev.scientist");

    @Test
    void theRootImportsNoLeaf() {
        noClasses()
                .that()
                .resideInAPackage("dev.scientist")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.scientist.(*).."))
                .check(CLASSES);
    }

    @Test
    void leavesDoNotImportEachOther() {
        slices().matching("dev.scientist.(*)..")
                .should()
                .notDependOnEachOther()
                .ignoreDependency(resideInAPackage("dev.scientist.."), resideInAPackage("dev.scientist.json"))
                .check(CLASSES);
    }

    @Test
    void thereAreNoPackageCycles() {
        slices().matching("dev.(scientist..)").should().beFreeOfCycles().check(CLASSES);
        slices().matching("(dev.scientist)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theCoreUsesTheJdkAndSlf4jAlone() {
        classes()
                .that()
                .doNotHaveSimpleName("JacksonCodec") // for those who have Jackson anyway
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.scientist..",
                        "java..",
                        "com.sun.management",
                        "com.sun.net.httpserver",
                        "org.slf4j..",
                        "org.jspecify..")
                .check(CLASSES);
    }
}
