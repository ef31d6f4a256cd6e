package dev.scientist.evidence;

import java.time.Duration;
import java.util.List;

/**
 * Prints what several instances have seen together: {@code java -cp scientist-core.jar:slf4j-api.jar
 * dev.scientist.evidence.Fleet http://one:8790/evidence.json http://two:8790/evidence.json}. See {@link FleetEvidence}.
 */
public final class Fleet {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private Fleet() {}

    /**
     * Prints the report. Ends with status 0 if every instance could be read, 1 if some could not, 2 if none is named.
     *
     * @param instances addresses of {@code evidence.json}, or files
     */
    @SuppressWarnings("SystemOut") // it is a program
    public static void main(String[] instances) {
        if (instances.length == 0) {
            System.err.println("usage: java -cp scientist-core.jar dev.scientist.evidence.Fleet URL-OR-FILE...");
            System.exit(2);
        }
        FleetEvidence fleet = FleetEvidence.read(List.of(instances), TIMEOUT);
        System.out.println(fleet.instances().size() + " of " + instances.length + " instances");
        fleet.missing().forEach((instance, why) -> System.out.println("missing: " + instance + ": " + why));
        System.out.println();
        System.out.print(new EvidenceReport(fleet.experiments(), fleet.tolerance()).text());
        System.exit(fleet.missing().isEmpty() ? 0 : 1);
    }
}
