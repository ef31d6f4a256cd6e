package dev.scientist.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.common.docs.KeyName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * METERS.md is made from the enums. After a change of those:
 * {@code ./mvnw -pl scientist-micrometer -am test -Dtest=DocumentationTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dscientist.docs.write=true}.
 */
class DocumentationTest {

    private static final Path FILE = TestFiles.module().resolve("METERS.md");

    @Test
    void theTablesAreThoseOfTheEnums() throws IOException {
        if (Boolean.getBoolean("scientist.docs.write")) {
            Files.writeString(FILE, document());
        }
        assertThat(Files.readString(FILE)).isEqualTo(document());
    }

    @Test
    void observationsHaveOtherNamesThanMeters() {
        assertThat(Arrays.stream(ScientistObservation.values()).map(ScientistObservation::getName))
                .doesNotContainAnyElementsOf(Arrays.stream(ScientistMeter.values())
                        .map(ScientistMeter::getName)
                        .toList());
    }

    private static String document() {
        StringBuilder text = new StringBuilder();
        text.append("# Meters\n\n")
                .append("Made from `ScientistMeter`, `ScientistTag` and `ScientistObservation`; a test checks it.\n\n")
                .append("| meter | in Prometheus | type | tags | |\n|---|---|---|---|---|\n");
        for (ScientistMeter meter : ScientistMeter.values()) {
            text.append("| `%s` | `%s` | %s | %s | %s |\n"
                    .formatted(
                            meter.getName(),
                            prometheusName(meter),
                            meter.getType().name().toLowerCase(Locale.ROOT),
                            keys(meter.getKeyNames()),
                            meter.description()));
        }
        text.append("\n## Tags\n\n| tag | of | values |\n|---|---|---|\n");
        for (ScientistTag tag : ScientistTag.values()) {
            text.append("| `%s` | %s | %s |\n".formatted(tag.asString(), metersWith(tag), tag.description()));
        }
        text.append("\n## Observations\n\nOnly with `ExperimentObservations`.\n\n")
                .append("| observation | low cardinality | high cardinality | events |\n|---|---|---|---|\n");
        for (ScientistObservation observation : ScientistObservation.values()) {
            text.append("| `%s` | %s | %s | %s |\n"
                    .formatted(
                            observation.getName(),
                            keys(observation.getLowCardinalityKeyNames()),
                            keys(observation.getHighCardinalityKeyNames()),
                            Arrays.stream(observation.getEvents())
                                    .map(event -> "`" + event.getName() + "`")
                                    .collect(Collectors.joining(", "))));
        }
        return text.toString().replace("|  |", "| |");
    }

    private static String keys(KeyName[] keys) {
        return Arrays.stream(keys).map(key -> "`" + key.asString() + "`").collect(Collectors.joining(", "));
    }

    private static String metersWith(ScientistTag tag) {
        return Arrays.stream(ScientistMeter.values())
                .filter(meter -> Arrays.asList(meter.getKeyNames()).contains(tag))
                .map(meter -> "`" + meter.getName() + "`")
                .collect(Collectors.joining(", "));
    }

    static String prometheusName(ScientistMeter meter) {
        return io.micrometer.core.instrument.config.NamingConvention.snakeCase.name(
                        meter.getName(), meter.getType(), meter.getBaseUnit())
                + switch (meter.getType()) {
                    case TIMER -> "_seconds";
                    case COUNTER -> "_total";
                    default -> "";
                };
    }
}
