package dev.scientist.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.evidence.Simulation.Found;
import dev.scientist.evidence.Simulation.TimeRow;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How often a verdict is wrong, and how many runs it takes. The long form is that of the campaign, whose table the
 * package's documentation quotes: {@code ./mvnw -pl scientist-core test -Dtest=SimulationTest
 * -Dscientist.simulation=200}, which takes an hour.
 */
@Tag("campaign")
class SimulationTest {

    private static final long SEED = Long.getLong("scientist.seed", 20_261_127L);
    private static final int REPETITIONS = Integer.getInteger("scientist.simulation", 1);

    /** Whose bounds are known to be too optimistic: the caveat names them. */
    private static final List<String> CAVEATS = List.of("cold for 10,000", "autocorrelated");

    private final Simulation simulation = new Simulation(SEED, REPETITIONS);

    @Test
    void verdictsAreRarelyWrong() {
        List<Found> table = new ArrayList<>();
        System.out.println("simulation, " + REPETITIONS + " repetitions, seed " + SEED + "\n" + Simulation.HEADER);
        for (double rate : new double[] {0, 1e-4, 1e-3, 2e-3, 0.05}) {
            add(table, simulation.rate(rate));
        }
        for (TimeRow row : Simulation.timeRows()) {
            add(table, simulation.times(row));
        }
        for (Simulation.Situation situation : Simulation.situations()) {
            add(table, simulation.situation(situation));
        }

        for (Found found : table) {
            String what = found + ", seed " + SEED;
            if (CAVEATS.stream().noneMatch(found.name()::contains)) {
                assertRarely(found.missed(), 0.05, what);
                assertRarely(found.falseAt(), 0.05, what);
                assertRarely(found.falseTwice(), 0.005, what);
            }
        }
        Found clean = table.get(0);
        assertThat(clean.late()).isBetween(3_700L, 4_000L);
        Found usual = table.get(5);
        assertThat(usual.name()).isEqualTo("lognormal, sigma 1");
        assertThat(usual.soon()).isGreaterThanOrEqualTo(0.95 - 3 * Math.sqrt(0.05 * 0.95 / REPETITIONS));
    }

    private static void add(List<Found> table, Found found) {
        System.out.println(found.line());
        table.add(found);
    }

    /** Three standard deviations more, so that another seed does as well. Where nothing was measured it is NaN. */
    private static void assertRarely(double found, double allowed, String what) {
        double most = allowed + 3 * Math.sqrt(allowed * (1 - allowed) / REPETITIONS);
        assertThat(Double.isNaN(found) ? 0 : found).as(what).isLessThanOrEqualTo(most);
    }
}
