package dev.scientist.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Runs test classes from within a test, and tells what they reported. */
final class Suite {

    private final EngineExecutionResults results;

    private Suite(EngineExecutionResults results) {
        this.results = results;
    }

    static Suite run(Class<?> type) {
        return run(Map.of(), selectClass(type));
    }

    static Suite run(Class<?> type, String method) {
        return run(Map.of(), method(type, method));
    }

    static Suite run(Map<String, String> parameters, Class<?> type, String method) {
        return run(parameters, method(type, method));
    }

    static Suite run(Map<String, String> parameters, DiscoverySelector... selectors) {
        return new Suite(EngineTestKit.engine("junit-jupiter")
                .configurationParameters(parameters)
                .selectors(selectors)
                .execute());
    }

    /** The test of that name. */
    private static DiscoverySelector method(Class<?> type, String name) {
        return Stream.of(type.getDeclaredMethods())
                .filter(method ->
                        method.getName().equals(name) && AnnotationSupport.isAnnotated(method, Testable.class))
                .findFirst()
                .map(method -> selectMethod(type, method))
                .orElseThrow(() -> new AssertionError(type + " has no method " + name));
    }

    /** By display name, null for those that succeeded. */
    Map<String, Throwable> outcomes() {
        Map<String, Throwable> outcomes = new TreeMap<>();
        results.testEvents().finished().stream()
                .forEach(event -> outcomes.put(
                        event.getTestDescriptor().getDisplayName(),
                        event.getRequiredPayload(TestExecutionResult.class)
                                .getThrowable()
                                .orElse(null)));
        return outcomes;
    }

    List<String> passed() {
        return outcomes().entrySet().stream()
                .filter(entry -> entry.getValue() == null)
                .map(Map.Entry::getKey)
                .toList();
    }

    List<String> failed() {
        return outcomes().entrySet().stream()
                .filter(entry -> entry.getValue() != null)
                .map(Map.Entry::getKey)
                .toList();
    }

    List<String> aborted() {
        return results.testEvents().aborted().stream()
                .map(event -> event.getTestDescriptor().getDisplayName())
                .toList();
    }

    void assertAllPassed(int tests) {
        assertThat(failures()).isEmpty();
        assertThat(results.testEvents().succeeded().count()).isEqualTo(tests);
    }

    /** Why tests or containers failed, in order. */
    List<Throwable> failures() {
        List<Throwable> failures = new ArrayList<>();
        results.allEvents().finished().stream()
                .map(event -> event.getRequiredPayload(TestExecutionResult.class))
                .forEach(result -> result.getThrowable().ifPresent(failures::add));
        return failures;
    }

    /** Why the only failing test failed. */
    Throwable failure() {
        assertThat(failures()).hasSize(1);
        return failures().get(0);
    }

    /** What was reported while the tests ran: keys and values. */
    List<Map<String, String>> reports() {
        return results.allEvents().reportingEntryPublished().stream()
                .map(Suite::entry)
                .toList();
    }

    private static Map<String, String> entry(Event event) {
        return event.getRequiredPayload(org.junit.platform.engine.reporting.ReportEntry.class)
                .getKeyValuePairs();
    }
}
