package dev.scientist;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.scientist.proxy.Arguments;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
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
                // whether the next stage is backed is told by evidence
                .ignoreDependency(
                        resideInAPackage("dev.scientist.rollout"),
                        resideInAnyPackage("dev.scientist.evidence", "dev.scientist.gate"))
                // what a method with several parameters was called with is an input to be written like any other
                .ignoreDependency(nameMatching("dev\\.scientist\\.replay\\.Jackson[23].*"), type(Arguments.class))
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
                .haveNameNotMatching(
                        "dev\\.scientist\\.replay\\.Jackson(Codec|[23].*)") // for those who have Jackson anyway
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

    /** So that a native image needs no configuration for the rest, and nothing is looked up while an experiment runs. */
    @Test
    void onlyWhatIsAboutTypesOfTheUsersReflects() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.scientist.compare", "dev.scientist.proxy")
                .and()
                .doNotBelongToAnyOf(
                        Rendering.class, // looks for equals; where that is not found it says nothing
                        Borrowed.class) // asks a persistence framework's values; where they cannot answer, it touches
                // none
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Constructor.class, Field.class, Method.class, Proxy.class, RecordComponent.class)
                .check(CLASSES);
    }
}
